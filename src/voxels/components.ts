// Connected parts of a mask: union-find over runs, labels that live on runs, and hysteresis on top of it.
import { labelRunsByKernel } from "./kernels/labelling-kernels.ts";
import type { MaskShape, RunMask, VoxelBox } from "./mask.ts";
import { RunBuilder, runAt } from "./mask.ts";
import type { BlockMaximum } from "./threshold.ts";
import { thresholdMask, thresholdWithBlocks } from "./threshold.ts";

/** Parts of one mask, numbered 1 .. count: largest first, equal sizes by their first voxel in `[k][j][i]` order. */
export interface ComponentLabels {
  readonly count: number;
  /** Label (1 .. count) of each run of the mask that was labelled. */
  readonly labelOfRun: Uint32Array;
  /** Number of voxels of each label; entry 0 is unused, so that `voxels[label]` reads directly. */
  readonly voxels: Uint32Array;
}

/** Which voxels are neighbours: 6 share a face; 26 share a face, an edge or a corner. */
export type Connectivity = 6 | 26;

/** Rows that come before a row and may hold its neighbours. */
const earlierRows = {
  6: [
    { dj: -1, dk: 0 },
    { dj: 0, dk: -1 },
  ],
  26: [
    { dj: -1, dk: 0 },
    { dj: -1, dk: -1 },
    { dj: 0, dk: -1 },
    { dj: 1, dk: -1 },
  ],
} as const;

function rootOf(parent: Uint32Array, n: number): number {
  while (parent[n] !== n) {
    parent[n] = parent[parent[n]];
    n = parent[n];
  }
  return n;
}

/** Joins the runs of rows a and b that touch; `reach` is 1 where diagonal neighbours count. */
function joinRows(mask: RunMask, rowA: number, rowB: number, reach: number, parent: Uint32Array): void {
  const { rowStart, start, end } = mask;
  let a = rowStart[rowA];
  let b = rowStart[rowB];
  const lastA = rowStart[rowA + 1];
  const lastB = rowStart[rowB + 1];
  while (a < lastA && b < lastB) {
    if (start[a] < end[b] + reach && start[b] < end[a] + reach) {
      const rootA = rootOf(parent, a);
      const rootB = rootOf(parent, b);
      // The earlier run leads, so that parents never point forward and one pass settles all labels.
      if (rootA < rootB) parent[rootB] = rootA;
      else parent[rootA] = rootB;
    }
    if (end[a] < end[b]) a++;
    else b++;
  }
}

/**
 * Labels the connected parts of a mask (26-connected unless told otherwise: thin leaks run diagonally). In WebAssembly where
 * the engine has SIMD, else by the twin; both give the same labels.
 */
export function components(mask: RunMask, connectivity: Connectivity = 26): ComponentLabels {
  let voxels = new Uint32Array(1);
  const labelOfRun = labelRunsByKernel(mask, connectivity, (sizes) => {
    const ranked = rankParts(sizes);
    voxels = ranked.voxels;
    return ranked.labelOf;
  });
  return labelOfRun ? { count: voxels.length - 1, labelOfRun, voxels } : componentsTwin(mask, connectivity);
}

/** The same in plain TypeScript: what runs without kernels, and what tests compare them with. */
export function componentsTwin(mask: RunMask, connectivity: Connectivity = 26): ComponentLabels {
  const { rowStart, start, end, rows, slices } = mask;
  const runs = start.length;
  const parent = new Uint32Array(runs);
  for (let n = 0; n < runs; n++) parent[n] = n;
  const reach = connectivity === 26 ? 1 : 0;
  const neighbours = earlierRows[connectivity];
  for (let k = 0; k < slices; k++) {
    if (rowStart[k * rows] === rowStart[(k + 1) * rows]) continue;
    for (let j = 0; j < rows; j++) {
      const row = k * rows + j;
      if (rowStart[row] === rowStart[row + 1]) continue;
      for (const { dj, dk } of neighbours) {
        if (j + dj < 0 || j + dj >= rows || k + dk < 0) continue;
        joinRows(mask, row, row + dk * rows + dj, reach, parent);
      }
    }
  }
  // Provisional labels in the order of first runs, written over the parents (a parent is never later than its child).
  const sizes: number[] = [];
  for (let n = 0; n < runs; n++) {
    const label = parent[n] === n ? sizes.push(0) - 1 : parent[parent[n]];
    parent[n] = label;
    sizes[label] += end[n] - start[n];
  }
  const { labelOf, voxels } = rankParts(sizes);
  for (let n = 0; n < runs; n++) parent[n] = labelOf[parent[n]];
  return { count: sizes.length, labelOfRun: parent, voxels };
}

/** Labels (from 1) of parts with these sizes, and the sizes by label. */
function rankParts(sizes: ArrayLike<number>): {
  labelOf: Uint32Array<ArrayBuffer>;
  voxels: Uint32Array<ArrayBuffer>;
} {
  const order = largestFirst(sizes);
  const count = sizes.length;
  const labelOf = new Uint32Array(count);
  const voxels = new Uint32Array(count + 1);
  for (let rank = 0; rank < count; rank++) {
    labelOf[order[rank]] = rank + 1;
    voxels[rank + 1] = sizes[order[rank]];
  }
  return { labelOf, voxels };
}

/** Indices of `sizes`, largest size first, equal sizes in ascending index. */
function largestFirst(sizes: ArrayLike<number>): ArrayLike<number> {
  const count = sizes.length;
  let largest = 0;
  for (let n = 0; n < count; n++) if (sizes[n] > largest) largest = sizes[n];
  if (largest * count > Number.MAX_SAFE_INTEGER) {
    return Array.from({ length: count }, (_, n) => n).sort((a, b) => sizes[b] - sizes[a] || a - b);
  }
  // One exact number per part sorts without a comparator, which matters when noise makes a million parts.
  const keys = new Float64Array(count);
  for (let n = 0; n < count; n++) keys[n] = (largest - sizes[n]) * count + n;
  keys.sort();
  const order = new Uint32Array(count);
  for (let n = 0; n < count; n++) order[n] = keys[n] % count;
  return order;
}

/** The voxels whose label `keep` accepts, as one mask. */
export function selectComponents(
  mask: RunMask,
  labels: ComponentLabels,
  keep: (label: number) => boolean,
): RunMask {
  const wanted = new Uint8Array(labels.count + 1);
  for (let label = 1; label <= labels.count; label++) wanted[label] = keep(label) ? 1 : 0;
  const builder = new RunBuilder(mask);
  const rowCount = mask.rows * mask.slices;
  for (let row = 0; row < rowCount; row++) {
    const last = mask.rowStart[row + 1];
    for (let n = mask.rowStart[row]; n < last; n++) {
      if (wanted[labels.labelOfRun[n]] === 1) builder.add(row, mask.start[n], mask.end[n]);
    }
  }
  return builder.finish();
}

/** Part `label` alone, on the same grid. */
export const componentMask = (mask: RunMask, labels: ComponentLabels, label: number): RunMask =>
  selectComponents(mask, labels, (each) => each === label);

/**
 * Several parts in one pass, in the order asked for. Each mask costs 4 bytes per row of the grid (0.8 MB for 512 x 400),
 * so ask for the parts that are needed rather than for all of a noisy volume.
 */
export function componentMasks(mask: RunMask, labels: ComponentLabels, wanted: readonly number[]): RunMask[] {
  const builders = new Map(wanted.map((label) => [label, new RunBuilder(mask)]));
  const rowCount = mask.rows * mask.slices;
  for (let row = 0; row < rowCount; row++) {
    const last = mask.rowStart[row + 1];
    for (let n = mask.rowStart[row]; n < last; n++) {
      builders.get(labels.labelOfRun[n])?.add(row, mask.start[n], mask.end[n]);
    }
  }
  const finished = new Map([...builders].map(([label, builder]) => [label, builder.finish()]));
  return wanted.flatMap((label) => finished.get(label) ?? []);
}

/** Label of the part that holds voxel (i, j, k), or 0 where the voxel is not set. */
export function componentAt(mask: RunMask, labels: ComponentLabels, i: number, j: number, k: number): number {
  const run = runAt(mask, i, j, k);
  return run < 0 ? 0 : labels.labelOfRun[run];
}

/** The box of each part, by label; entry 0 is an empty box. */
export function componentBoxes(mask: RunMask, labels: ComponentLabels): VoxelBox[] {
  const boxes = Array.from({ length: labels.count + 1 }, () => ({
    i0: mask.columns,
    j0: mask.rows,
    k0: mask.slices,
    i1: 0,
    j1: 0,
    k1: 0,
  }));
  const rowCount = mask.rows * mask.slices;
  for (let row = 0; row < rowCount; row++) {
    const last = mask.rowStart[row + 1];
    if (mask.rowStart[row] === last) continue;
    const k = Math.floor(row / mask.rows);
    const j = row - k * mask.rows;
    for (let n = mask.rowStart[row]; n < last; n++) {
      const box = boxes[labels.labelOfRun[n]];
      if (mask.start[n] < box.i0) box.i0 = mask.start[n];
      if (mask.end[n] > box.i1) box.i1 = mask.end[n];
      if (j < box.j0) box.j0 = j;
      if (j >= box.j1) box.j1 = j + 1;
      if (k < box.k0) box.k0 = k;
      box.k1 = k + 1;
    }
  }
  boxes[0] = { i0: 0, j0: 0, k0: 0, i1: 0, j1: 0, k1: 0 };
  return boxes;
}

/** Parts of a mask (labels, ascending) that hold at least one voxel with HU >= seedHu. */
export function seededComponents(
  mask: RunMask,
  labels: ComponentLabels,
  hu: Int16Array,
  seedHu: number,
): number[] {
  const seeded = new Uint8Array(labels.count + 1);
  const rowCount = mask.rows * mask.slices;
  for (let row = 0; row < rowCount; row++) {
    const last = mask.rowStart[row + 1];
    for (let n = mask.rowStart[row]; n < last; n++) {
      const label = labels.labelOfRun[n];
      if (seeded[label] === 1) continue;
      const stop = row * mask.columns + mask.end[n];
      for (let at = row * mask.columns + mask.start[n]; at < stop; at++) {
        if (hu[at] >= seedHu) {
          seeded[label] = 1;
          break;
        }
      }
    }
  }
  const found: number[] = [];
  for (let label = 1; label <= labels.count; label++) if (seeded[label] === 1) found.push(label);
  return found;
}

export interface HysteresisOptions {
  /** The volume's table, so that only blocks that reach `lowHu` are read. */
  readonly blocks?: BlockMaximum;
  readonly box?: VoxelBox;
}

/** Voxels at or above `lowHu` in 26-connected parts that hold a voxel at or above `seedHu`. `hu` is `[k][j][i]`. */
export function hysteresis(
  hu: Int16Array,
  shape: MaskShape,
  lowHu: number,
  seedHu: number,
  options: HysteresisOptions = {},
): RunMask {
  const low = options.blocks
    ? thresholdWithBlocks(hu, options.blocks, lowHu, Infinity, options.box)
    : thresholdMask(hu, shape, lowHu, Infinity, options.box);
  const labels = components(low);
  const seeded = new Set(seededComponents(low, labels, hu, seedHu));
  return selectComponents(low, labels, (label) => seeded.has(label));
}
