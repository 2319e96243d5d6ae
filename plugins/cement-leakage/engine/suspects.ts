// Dense tissue on the treated side that the other side does not have: thin leaks are no brighter than cortex and would pass for bone.
import type { Vec3 } from "#core/space";
import { sampleField } from "#voxels/resample";
import type { BoneEnvelope, OtherSide } from "./bone-envelope.ts";
import { tightSurface } from "./bone-envelope.ts";
import { centreErrorMm, ON_CORTEX_EXCESS_HU } from "./leak-region.ts";
import type { Mirror } from "./mirror.ts";
import type { WorkingVolume } from "./working-volume.ts";

const CELL_MM = 9;
const LEAST_HU = 230;

/** How far each surface point of bone stands out against the matched other side, as a smooth local mean: bones are never quite symmetric. */
function localDifference(
  { grid, hidden }: WorkingVolume,
  surface: Float32Array,
  mirror: Mirror,
): (p: Vec3) => number {
  const first = grid.slicePositions[0];
  const step = grid.columnSpacingMm;
  const size = [grid.columns, grid.rows, grid.slices].map((n) => Math.ceil((n * step) / CELL_MM) + 1);
  const cells = new Map<number, number[]>();
  const cellOf = (p: Vec3, di = 0, dj = 0, dk = 0) => {
    const i = Math.floor((p[0] - first[0]) / CELL_MM) + di;
    const j = Math.floor((p[1] - first[1]) / CELL_MM) + dj;
    const k = Math.floor((p[2] - first[2]) / CELL_MM) + dk;
    return (k * size[1] + j) * size[0] + i;
  };
  let n = 0;
  for (let at = 0; at < surface.length; at++) {
    // under cement the surface is a guess and must not be what it is compared with
    if (Math.abs(surface[at]) > 0.6 || hidden[at] === 1 || n++ % 3 !== 0) continue;
    const i = at % grid.columns;
    const j = Math.floor(at / grid.columns) % grid.rows;
    const k = Math.floor(at / (grid.columns * grid.rows));
    const p: Vec3 = [first[0] + i * step, first[1] + j * step, first[2] + k * step];
    const value = sampleField(surface, grid, mirror.opposite(p));
    if (Math.abs(value) > 4) continue;
    const cell = cellOf(p);
    const list = cells.get(cell);
    if (list) list.push(value);
    else cells.set(cell, [value]);
  }
  const known = new Map<number, number>();
  return (p) => {
    const cell = cellOf(p);
    const before = known.get(cell);
    if (before !== undefined) return before;
    const values: number[] = [];
    for (let dk = -1; dk <= 1; dk++)
      for (let dj = -1; dj <= 1; dj++)
        for (let di = -1; di <= 1; di++) values.push(...(cells.get(cellOf(p, di, dj, dk)) ?? []));
    values.sort((a, b) => a - b);
    const median = values.length < 12 ? 0 : Math.max(-1.8, Math.min(1.8, values[values.length >> 1]));
    known.set(cell, median);
    return median;
  };
}

export interface SuspectMeasure {
  /** mm outside the mirrored bone, the local mean difference taken off. */
  readonly outsideMm: number;
  /** HU above the brightest place within 2 mm of the mirrored one. */
  readonly excessHu: number;
}

/** Measures a patient point against the other side; null where that side is outside the scan. */
export type AgainstOtherSide = (p: Vec3) => SuspectMeasure | null;

/** Measures places of the working volume against the matched other side. */
export function againstOtherSide(
  work: WorkingVolume,
  surface: Float32Array,
  mirror: Mirror,
): AgainstOtherSide {
  const { grid, hu, hidden } = work;
  const difference = localDifference(work, surface, mirror);
  const first = grid.slicePositions[0];
  const step = grid.columnSpacingMm;
  const reach = Math.max(1, Math.round(2 / step));
  return (p) => {
    const q = mirror.opposite(p);
    const i = Math.round((q[0] - first[0]) / step);
    const j = Math.round((q[1] - first[1]) / step);
    const k = Math.round((q[2] - first[2]) / step);
    if (
      i < reach ||
      j < reach ||
      k < reach ||
      i >= grid.columns - reach ||
      j >= grid.rows - reach ||
      k >= grid.slices - reach
    )
      return null;
    // under cement or metal the other side is a guess itself
    if (hidden[(k * grid.rows + j) * grid.columns + i] === 1) return null;
    let brightest = -2000;
    for (let dk = -reach; dk <= reach; dk++)
      for (let dj = -reach; dj <= reach; dj++)
        for (let di = -reach; di <= reach; di++) {
          if (di * di + dj * dj + dk * dk > reach * reach) continue;
          brightest = Math.max(brightest, hu[((k + dk) * grid.rows + j + dj) * grid.columns + i + di]);
        }
    const at =
      (Math.round((p[2] - first[2]) / step) * grid.rows + Math.round((p[1] - first[1]) / step)) *
        grid.columns +
      Math.round((p[0] - first[0]) / step);
    return { outsideMm: sampleField(surface, grid, q) - difference(p), excessHu: hu[at] - brightest };
  };
}

/** So deep in the other side's bone nothing of this side is open, unless it is the gutter between two bones. */
const DEEP_MM = 3;

/**
 * The surface as the matched other side has it. Where this side is open though the other one is filled deep in, and no sure cement lies, by
 * the tighter closing: the gutter between sacrum and iliac bone stays open, and a gap in the cortex is filled all the same.
 */
export function surfaceOfOtherSide(
  work: WorkingVolume,
  against: AgainstOtherSide,
  mirror: Mirror,
): OtherSide {
  const { grid, hidden } = work;
  const tight = againstOtherSide(work, tightSurface(work), mirror);
  const first = grid.slicePositions[0];
  return (p, open) => {
    const mm = against(p)?.outsideMm ?? null;
    if (!open || mm === null || mm > -DEEP_MM) return mm;
    const [i, j, k] = p.map((value, axis) => Math.round((value - first[axis]) / grid.columnSpacingMm));
    return hidden[(k * grid.rows + j) * grid.columns + i] === 1 ? mm : (tight(p)?.outsideMm ?? mm);
  };
}

/** Farther than this from any sure cement nothing is suspected. */
const NEAR_MM = 45;
const SEED = { outsideMm: 0.7, excessHu: 100 } as const;
const SMALLEST_MM3 = 10;
const SURE_EXCESS_HU = 180;
/** No bone within 2 mm is brighter than this: sac, fat, muscle, marrow. */
const SOFT_HU = 170;

/**
 * Marks what passes for bone but is denser than the other side and stands out of the other side's outline: seeds at least 0.7 mm out and
 * 100 HU brighter, grown through their neighbours while these are brighter than the other side too, with the blur around them.
 * Returns one byte per working voxel; `cement` are points of sure cement.
 */
export function findSuspects(
  work: WorkingVolume,
  envelope: BoneEnvelope,
  measureAt: AgainstOtherSide,
  cement: readonly Vec3[],
): Uint8Array {
  const { grid, hu, hidden } = work;
  const { columns: nx, rows: ny, slices: nz } = grid;
  const first = grid.slicePositions[0];
  const step = grid.columnSpacingMm;
  const pointOf = (at: number): Vec3 => [
    first[0] + (at % nx) * step,
    first[1] + (Math.floor(at / nx) % ny) * step,
    first[2] + Math.floor(at / (nx * ny)) * step,
  ];
  // where a trace on the cortex has its voxel centres in it, only its brightness tells
  const onCortex = centreErrorMm(work.pixelMm ?? step) > 0.5;
  const isNear = (p: Vec3) => cement.some((q) => Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]) < NEAR_MM);
  // 1 seed, 2 may be grown into
  const kind = new Uint8Array(hu.length);
  for (let at = 0; at < hu.length; at++) {
    if (hidden[at] === 1 || hu[at] < LEAST_HU || envelope.bone[at] === 0) continue;
    const p = pointOf(at);
    const against = measureAt(p);
    if (!against || against.excessHu < 60) continue;
    // in a canal or foramen the other side is soft tissue though it lies deep inside the outline
    const softThere = hu[at] - against.excessHu < SOFT_HU;
    if ((against.outsideMm < -0.8 && !softThere) || !isNear(p)) continue;
    const seed =
      against.outsideMm >= SEED.outsideMm
        ? against.excessHu >= SEED.excessHu
        : (softThere && against.excessHu >= SURE_EXCESS_HU) ||
          (onCortex && against.excessHu >= ON_CORTEX_EXCESS_HU);
    kind[at] = seed ? 1 : 2;
  }
  const out = new Uint8Array(hu.length);
  const neighbours: number[] = [];
  for (let dk = -1; dk <= 1; dk++)
    for (let dj = -1; dj <= 1; dj++)
      for (let di = -1; di <= 1; di++)
        if (di !== 0 || dj !== 0 || dk !== 0) neighbours.push((dk * ny + dj) * nx + di);
  const border = (at: number) => {
    const i = at % nx;
    const j = Math.floor(at / nx) % ny;
    const k = Math.floor(at / (nx * ny));
    return i < 1 || j < 1 || k < 1 || i >= nx - 1 || j >= ny - 1 || k >= nz - 1;
  };
  const seen = new Uint8Array(hu.length);
  for (let seed = 0; seed < hu.length; seed++) {
    if (kind[seed] !== 1 || seen[seed] === 1) continue;
    const part = [seed];
    seen[seed] = 1;
    let most = 0;
    let seeds = 0;
    for (let n = 0; n < part.length; n++) {
      const at = part[n];
      if (kind[at] === 1) {
        seeds++;
        most = Math.max(most, measureAt(pointOf(at))?.excessHu ?? 0);
      }
      if (border(at)) continue;
      for (const d of neighbours) {
        const there = at + d;
        if (kind[there] === 0 || seen[there] === 1) continue;
        seen[there] = 1;
        part.push(there);
      }
    }
    if (seeds * step ** 3 < SMALLEST_MM3 || most < SURE_EXCESS_HU) continue;
    for (const at of part) out[at] = 1;
  }
  // the blur around: downhill, two steps
  for (let round = 0; round < 2; round++) {
    const grown: number[] = [];
    for (let at = 0; at < out.length; at++) {
      if (out[at] !== 1 || border(at)) continue;
      for (const d of neighbours) {
        const there = at + d;
        if (out[there] === 0 && hu[there] <= hu[at] + 20 && hu[there] > 60) grown.push(there);
      }
    }
    for (const at of grown) out[at] = 1;
  }
  return out;
}
