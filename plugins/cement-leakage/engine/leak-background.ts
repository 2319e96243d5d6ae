// What lies behind a leak where cement hides it: the same tissue at the same depth beside it, weighted by nearness.
import type { VoxelGrid } from "#core/space";
import { spacingMm } from "#core/space";
import { boxVoxels } from "#voxels/box";
import type { VoxelBox } from "#voxels/mask";

/** Nearer to cement than this its blur shows. */
export const BLUR_MM = 2.2;
/** Tissue is looked at this far from the voxel that it stands behind. */
const REACH_MM = 8;
/** Weight falls off with distance and with the difference in depth, standard deviations in mm. */
const BESIDE_MM = 3;
const DEPTH_MM = 0.5;
/** How far the difference in depth counts at all, mm. */
const SAME_DEPTH_MM = 3 * DEPTH_MM;
/** Soft tissue farther out than this is all alike. */
const OUT_MM = 4;
/** What the whole surroundings say at this depth weighs as little as this much of a voxel next door. */
const EVERYWHERE = 0.3;
const DEPTH_BIN_MM = 0.4;
const FEWEST = 12;
/** Gas and bone beside a leak do not stand behind it in free space, HU. */
const SOFT_HU = [-200, 250] as const;

/** Values of a box of voxels, `[k][j][i]`, i fastest. */
export interface AroundLeak {
  readonly grid: VoxelGrid;
  readonly box: VoxelBox;
  readonly hu: Int16Array;
  /** mm outside bone (positive) or inside it. */
  readonly depth: Float32Array;
  /** mm to the part, and to any cement. */
  readonly toPart: Float32Array;
  readonly toCement: Float32Array;
}

export interface LeakBackground {
  /** HU of the free tissue that cement took the place of at a voxel of the box. */
  soft(at: number): number;
  /** HU that would stand at a voxel of the box without cement: soft tissue, cortex, or the mouth of a foramen. */
  behind(at: number): number;
}

/**
 * Tissue is uneven: fat and muscle differ by 150 HU, which is a tenth of a vein's volume over its halo, and the bone's envelope counts
 * foramina as bone. So each voxel is compared with clean voxels near it and at its own depth, not with one HU for all.
 */
export function leakBackground(around: AroundLeak, softHu: number, freeFromMm: number): LeakBackground {
  const { grid, box, hu, depth, toPart, toCement } = around;
  const [nx, ny, nz] = [box.i1 - box.i0, box.j1 - box.j0, box.k1 - box.k0];
  const clean = hu.map((value, at) => (toCement[at] >= BLUR_MM && value > SOFT_HU[0] ? 1 : 0));
  const everywhere = byDepth(around, freeFromMm, softHu);
  const offsets = offsetsWithin(grid, box);
  const nearDepth = Float32Array.from({ length: Math.ceil(SAME_DEPTH_MM * 100) + 1 }, (_, n) =>
    Math.exp(-0.5 * (n / 100 / DEPTH_MM) ** 2),
  );
  const known = new Float32Array(boxVoxels(box)).fill(NaN);
  const weighted = (at: number, free: boolean): number => {
    const i0 = at % nx;
    const j0 = Math.floor(at / nx) % ny;
    const k0 = Math.floor(at / (nx * ny));
    const d = Math.min(depth[at], OUT_MM);
    let weight = EVERYWHERE;
    let sum = EVERYWHERE * (free ? softHu : everywhere(depth[at]));
    for (const { di, dj, dk, step, near } of offsets) {
      const [i, j, k] = [i0 + di, j0 + dj, k0 + dk];
      if (i < 0 || j < 0 || k < 0 || i >= nx || j >= ny || k >= nz) continue;
      const there = at + step;
      if (clean[there] === 0) continue;
      let w = near;
      if (free) {
        if (depth[there] <= freeFromMm || hu[there] >= SOFT_HU[1]) continue;
      } else {
        const off = Math.abs(Math.min(depth[there], OUT_MM) - d);
        if (off > SAME_DEPTH_MM) continue;
        w *= nearDepth[Math.floor(off * 100)];
      }
      weight += w;
      sum += w * hu[there];
    }
    return sum / weight;
  };
  const softAt = new Float32Array(boxVoxels(box)).fill(NaN);
  const soft = (at: number): number => {
    if (Number.isNaN(softAt[at])) softAt[at] = weighted(at, true);
    return softAt[at];
  };
  return {
    soft,
    behind: (at) => {
      if (depth[at] > freeFromMm || toPart[at] > REACH_MM) return soft(at);
      if (Number.isNaN(known[at])) known[at] = weighted(at, false);
      return known[at];
    },
  };
}

interface Offset {
  readonly di: number;
  readonly dj: number;
  readonly dk: number;
  /** In voxels of the box. */
  readonly step: number;
  readonly near: number;
}

/** Every other voxel of a ball, as on a chessboard: half the work, the same mean. */
function offsetsWithin(grid: VoxelGrid, box: VoxelBox): Offset[] {
  const [sx, sy, sz] = spacingMm(grid);
  const [nx, ny] = [box.i1 - box.i0, box.j1 - box.j0];
  const [ri, rj, rk] = [sx, sy, sz].map((s) => Math.floor(REACH_MM / s));
  const offsets: Offset[] = [];
  for (let dk = -rk; dk <= rk; dk++)
    for (let dj = -rj; dj <= rj; dj++)
      for (let di = -ri; di <= ri; di++) {
        const mm = Math.hypot(di * sx, dj * sy, dk * sz);
        // the nearest lie in the cement's own blur
        if (mm > REACH_MM || mm < 1.5 || (di + dj + dk) % 2 !== 0) continue;
        const near = Math.exp(-0.5 * (mm / BESIDE_MM) ** 2);
        offsets.push({ di, dj, dk, step: (dk * ny + dj) * nx + di, near });
      }
  return offsets;
}

/** Median HU at each depth round the part; between and beyond the bins the nearest. */
function byDepth({ hu, depth, toPart, toCement }: AroundLeak, freeFromMm: number, softHu: number) {
  const bins = new Map<number, number[]>();
  for (let at = 0; at < hu.length; at++) {
    if (toPart[at] > REACH_MM || toCement[at] < BLUR_MM || depth[at] > freeFromMm) continue;
    const bin = Math.max(-10, Math.round(depth[at] / DEPTH_BIN_MM));
    const own = bins.get(bin);
    if (own) own.push(hu[at]);
    else bins.set(bin, [hu[at]]);
  }
  const middle = new Map<number, number>();
  for (const [bin, values] of bins)
    if (values.length >= FEWEST) middle.set(bin, values.toSorted((a, b) => a - b)[values.length >> 1]);
  return (mm: number): number => {
    if (mm > freeFromMm) return softHu;
    const bin = Math.max(-10, Math.round(mm / DEPTH_BIN_MM));
    for (let off = 0; off < 12; off++) {
      const found = middle.get(bin - off) ?? middle.get(bin + off);
      if (found !== undefined) return found;
    }
    return softHu;
  };
}
