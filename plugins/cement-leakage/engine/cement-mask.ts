// Cement as voxels of the acquired grid: seeds far above bone, grown to half maximum, and the halo that its blur hides.
import type { VoxelGrid } from "#core/space";
import { spacingMm, voxelVolumeMm3 } from "#core/space";
import type { CtVolume } from "#core/volume";
import { componentMasks, components, seededComponents } from "#voxels/components";
import { boundingBox, growBox } from "#voxels/box";
import type { RunMask } from "#voxels/mask";
import { forEachRun, isEmpty } from "#voxels/mask";
import { dilate } from "#voxels/morphology";
import { intersection } from "#voxels/set-operations";
import { thresholdMask } from "#voxels/threshold";
import type { CementFloor } from "./cement-floor.ts";
import { cementFloor, looksLikeMetal } from "./cement-floor.ts";
import { emptyCrop, maskOfCrop, paintMask } from "./dense-crop.ts";
import type { PartFeatures } from "./part-features.ts";
import { partFeatures } from "./part-features.ts";

export interface DensePart {
  readonly mask: RunMask;
  readonly features: PartFeatures;
}

export interface DenseParts {
  readonly floor: CementFloor;
  /** HU that only cement, metal and rare bone reach. */
  readonly seedHu: number;
  /** HU down to which parts with a seed were grown. */
  readonly growHu: number;
  /** Lumps far denser than bone: cement that was meant, largest first. */
  readonly main: readonly DensePart[];
  /** Other seeded parts: traces, calcifications, very dense bone. */
  readonly other: readonly DensePart[];
  /** Parts that are metal by brightness and streaks or by shape. */
  readonly metal: readonly DensePart[];
}

const DENSE_BONE_SHARE = 1.05;
/** From the seed's HU down to half maximum the blur of a scanner takes about a millimetre. */
const EDGE_MM = 1.6;
/** A lump of the meant cement is about as bright as the rest of it. */
const LEAST_OF_PLATEAU = 0.65;
/** What is thin is dimmed by the blur: a thin part brighter than the plateau of the thick cement is no cement but metal. */
const BRIGHTER_THAN_CEMENT = 1.3;
const LEAST_FRAGMENT_HU = 2300;

/** In voxels as coarse as this an inner voxel, and with it a thickness, is there only in lumps of 9 mm. */
const COARSE_MM = 2;
const COARSE_LUMP_MM3 = 400;

/** A lump of coarse voxels without an inner one: more than a voxel wide on either side of its middle in every direction. */
const isCoarseLump = ({ volumeMm3, halfLengthsMm }: PartFeatures, finestMm: number): boolean =>
  finestMm >= COARSE_MM && volumeMm3 >= COARSE_LUMP_MM3 && halfLengthsMm[2] >= finestMm;

/** All seeded parts at half maximum, metal apart. Parts of a single dim voxel are left out as noise. */
export function denseParts(volume: CtVolume): DenseParts {
  const floor = cementFloor(volume);
  const { denseBoneHu, plateauHu } = floor;
  const seedHu = Math.max(1.12 * denseBoneHu, Math.min(1300, 0.6 * plateauHu), 1000);
  const lowHu = plateauHu === 0 ? seedHu : Math.min(seedHu, floor.proposedFloorHu);
  const at = (floorHu: number) => {
    const mask = thresholdMask(volume.hu, volume.grid, floorHu);
    return { mask, labels: components(mask) };
  };
  const low = at(lowHu);
  const seeds = at(seedHu);
  // Cortex as dense as half of this cement joins it to whole bones: then only what is surely cement is taken.
  const floods = (low.labels.voxels[1] ?? 0) > 2.5 * (seeds.labels.voxels[1] ?? 0) && lowHu < seedHu;
  const growHu = floods ? seedHu : lowHu;
  const { mask, labels } = floods ? seeds : low;
  const wanted = seededComponents(mask, labels, volume.hu, seedHu);
  const finestMm = Math.min(...spacingMm(volume.grid));
  const main: DensePart[] = [];
  const other: DensePart[] = [];
  const metal: DensePart[] = [];
  // Grown below what dense bone reaches, cement takes cortex along: its blurred edge is all that may be added there.
  const near = growHu < DENSE_BONE_SHARE * denseBoneHu ? dilate(seeds.mask, volume.grid, EDGE_MM) : null;
  for (const grown of componentMasks(mask, labels, wanted.slice(0, 400))) {
    const part = near ? intersection(grown, near) : grown;
    const features = partFeatures(volume, part);
    if (features.voxels < 2 && features.huMax < 1.3 * seedHu) continue;
    const lump =
      features.plateauHu >= Math.max(1.15 * denseBoneHu, LEAST_OF_PLATEAU * floor.plateauHu) &&
      features.volumeMm3 >= 150 &&
      features.voxels >= 10 &&
      (features.thicknessMm >= 1.8 || isCoarseLump(features, finestMm));
    const isMetal =
      looksLikeMetal(features, volume.clippedAtHu) ||
      (features.huMax >= LEAST_FRAGMENT_HU &&
        floor.plateauHu > 0 &&
        features.plateauHu > BRIGHTER_THAN_CEMENT * floor.plateauHu &&
        features.thicknessMm < 2.5);
    const kind = isMetal ? metal : lump ? main : other;
    kind.push({ mask: part, features });
  }
  return { floor, seedHu, growHu, main, other, metal };
}

/**
 * A mask with everything that the scanner's blur makes brighter around it. First downhill: neighbours no brighter than where one comes
 * from (30 HU for noise) and at least `leastHu`, at most 3 mm away in the slice and one slice up or down; then about one voxel more.
 */
export function withHalo(mask: RunMask, volume: CtVolume, leastHu: number): RunMask {
  const { grid, hu } = volume;
  const around = boundingBox(mask);
  if (!around) return mask;
  const [sx, sy, sz] = spacingMm(grid);
  const steps = Math.max(1, Math.round(3 / Math.max(sx, sy)));
  const rim = 1.3;
  const rk = Math.max(1, Math.round(1.3 / sz));
  const box = growBox(
    around,
    [Math.ceil((3 + rim) / sx) + 2, Math.ceil((3 + rim) / sy) + 2, 2 * rk + 1],
    mask,
  );
  const crop = emptyCrop(box);
  const { nx, ny, nz, bytes } = crop;
  paintMask(crop, mask, 1);
  const huAt = (at: number) => {
    const i = at % nx;
    const j = Math.floor(at / nx) % ny;
    const k = Math.floor(at / (nx * ny));
    return hu[((k + box.k0) * grid.rows + j + box.j0) * grid.columns + i + box.i0];
  };
  const spread = (
    from: readonly number[],
    moves: readonly (readonly [number, number, number])[],
    downhill: boolean,
  ) => {
    const reached: number[] = [];
    for (const at of from) {
      const i = at % nx;
      const j = Math.floor(at / nx) % ny;
      const k = Math.floor(at / (nx * ny));
      const own = downhill ? huAt(at) : 0;
      for (const [di, dj, dk] of moves) {
        const [x, y, z] = [i + di, j + dj, k + dk];
        if (x < 0 || y < 0 || z < 0 || x >= nx || y >= ny || z >= nz) continue;
        const there = (z * ny + y) * nx + x;
        if (bytes[there] === 1) continue;
        if (downhill) {
          const value = huAt(there);
          if (value < leastHu || value > own + 30) continue;
        }
        bytes[there] = 1;
        reached.push(there);
      }
    }
    return reached;
  };
  const all = () => {
    const list: number[] = [];
    for (let at = 0; at < bytes.length; at++) if (bytes[at] === 1) list.push(at);
    return list;
  };
  const flat: [number, number, number][] = [];
  for (let dj = -1; dj <= 1; dj++)
    for (let di = -1; di <= 1; di++) if (di !== 0 || dj !== 0) flat.push([di, dj, 0]);
  const upDown: [number, number, number][] = [
    [0, 0, 1],
    [0, 0, -1],
  ];
  for (let step = 0; step < rk; step++) spread(all(), upDown, true);
  let front = all();
  for (let step = 0; step < steps; step++) front = spread(front, flat, true);
  const disc: [number, number, number][] = [];
  const [ri, rj] = [Math.max(1, Math.floor(rim / sx)), Math.max(1, Math.floor(rim / sy))];
  for (let dk = -rk; dk <= rk; dk++)
    for (let dj = -rj; dj <= rj; dj++)
      for (let di = -ri; di <= ri; di++)
        if (
          dk === 0
            ? Math.hypot(di * sx, dj * sy) <= rim + 1e-6 || Math.abs(di) + Math.abs(dj) <= 1
            : di === 0 && dj === 0
        )
          disc.push([di, dj, dk]);
  spread(all(), disc, false);
  return maskOfCrop(mask, crop, (value) => value === 1);
}

/** The parts of a mask of at least `leastMm3`, as separate masks, largest first. */
export function partsOf(mask: RunMask, grid: VoxelGrid, leastMm3: number): RunMask[] {
  if (isEmpty(mask)) return [];
  const labels = components(mask);
  const volumes = new Float64Array(labels.count + 1);
  forEachRun(mask, (_j, k, start, end, run) => {
    volumes[labels.labelOfRun[run]] += (end - start) * voxelVolumeMm3(grid, k);
  });
  const wanted: number[] = [];
  for (let label = 1; label <= labels.count; label++) if (volumes[label] >= leastMm3) wanted.push(label);
  return componentMasks(mask, labels, wanted);
}
