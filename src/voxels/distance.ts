// Exact Euclidean distance in mm from every voxel of a box to a mask, in three separable passes.
//
// Lower envelopes of parabolas along j, then k (Felzenszwalb & Huttenlocher, Theory of Computing 8, 2012); along i the
// runs give the distance directly. Distances are between voxel centres and use `spacingMm(grid)`: mean slice spacing,
// slices taken as stacked along their normal. On tilted or uneven stacks (`isRegular` is false) they are approximate.
import type { VoxelGrid } from "#core/space";
import { spacingMm } from "#core/space";
import { boundingBox, boxVoxels, growBox, intersectBoxes, isEmptyBox, wholeBox } from "./box.ts";
import type { RunMask, VoxelBox } from "./mask.ts";
import { requireSameShape } from "./mask.ts";
import { complementInBox } from "./set-operations.ts";

export interface DistanceMap {
  /** The part of the asked-for box that lies in the grid. */
  readonly box: VoxelBox;
  /** mm, `[k - k0][j - j0][i - i0]`, i fastest. Infinity everywhere for an empty mask. */
  readonly mm: Float32Array;
}

/** Distance at voxel (i, j, k) of the grid; NaN outside the map's box. */
export function distanceAt(map: DistanceMap, i: number, j: number, k: number): number {
  const { i0, j0, k0, i1, j1, k1 } = map.box;
  if (i < i0 || j < j0 || k < k0 || i >= i1 || j >= j1 || k >= k1) return NaN;
  return map.mm[((k - k0) * (j1 - j0) + (j - j0)) * (i1 - i0) + (i - i0)];
}

/**
 * Distance in mm from each voxel of `box` to the nearest voxel of the mask, 0 inside it. Mask voxels outside the box count
 * too (clip the mask first where they should not). Exact to the rounding of Float32.
 */
export function distanceToMaskMm(mask: RunMask, grid: VoxelGrid, box: VoxelBox): DistanceMap {
  requireSameShape(mask, grid);
  const inside = intersectBoxes(box, wholeBox(mask));
  if (isEmptyBox(inside)) return { box: inside, mm: new Float32Array(0) };
  const sites = boundingBox(mask);
  if (!sites) return { box: inside, mm: new Float32Array(boxVoxels(inside)).fill(Infinity) };
  const [si, sj, sk] = spacingMm(grid);
  const width = inside.i1 - inside.i0;
  const height = inside.j1 - inside.j0;
  const depth = inside.k1 - inside.k0;

  // Pass 1 and 2, slice by slice: squared distance within each slice that holds mask voxels.
  const siteSlices: number[] = [];
  for (let k = sites.k0; k < sites.k1; k++) {
    if (mask.rowStart[k * mask.rows] < mask.rowStart[(k + 1) * mask.rows]) siteSlices.push(k);
  }
  const planes = new Float32Array(siteSlices.length * height * width);
  const rowLimit = sites.j1 - sites.j0;
  const inRow = new Float64Array(rowLimit * width);
  const alongJ = new Envelope(sj, Math.max(rowLimit, siteSlices.length) + 1, mask.rows);
  const siteRows = new Int32Array(rowLimit);
  siteSlices.forEach((k, n) => {
    let count = 0;
    for (let j = sites.j0; j < sites.j1; j++) {
      const row = k * mask.rows + j;
      if (mask.rowStart[row] === mask.rowStart[row + 1]) continue;
      siteRows[count] = j - inside.j0;
      squaresInRow(mask, row, inside, si, inRow, count, rowLimit);
      count++;
    }
    for (let i = 0; i < width; i++) {
      alongJ.build(siteRows, inRow, i * rowLimit, count);
      alongJ.writeSquares(planes, n * height * width + i, width, height);
    }
  });

  // Pass 3: across slices, a row of columns at a time so that reads stay in order.
  const mm = new Float32Array(depth * height * width);
  const count = siteSlices.length;
  const positions = Int32Array.from(siteSlices, (k) => k - inside.k0);
  const columns = new Float64Array(count * width);
  const alongK = new Envelope(sk, count + 1, mask.slices);
  for (let j = 0; j < height; j++) {
    for (let n = 0; n < count; n++) {
      const read = (n * height + j) * width;
      for (let i = 0; i < width; i++) columns[i * count + n] = planes[read + i];
    }
    for (let i = 0; i < width; i++) {
      alongK.build(positions, columns, i * count, count);
      alongK.writeRoots(mm, j * width + i, height * width, depth);
    }
  }
  return { box: inside, mm };
}

/**
 * Positive outside the mask: mm to the nearest mask voxel. Negative inside: minus the mm to the nearest voxel of the grid
 * outside it. Never 0: neighbours across the surface differ by one voxel each way. -Infinity where the mask fills the grid
 * (what lies beyond the scan is unknown, so the scan's edge is not a surface), Infinity for an empty mask.
 */
export function signedDistance(mask: RunMask, grid: VoxelGrid, box: VoxelBox): DistanceMap {
  const outside = distanceToMaskMm(mask, grid, box);
  const around = boundingBox(mask);
  if (!around) return outside;
  const shared = intersectBoxes(outside.box, around);
  if (isEmptyBox(shared)) return outside;
  // The nearest background of a voxel inside is never farther out than one voxel beyond the mask's box.
  const inner = distanceToMaskMm(complementInBox(mask, growBox(around, 1, mask)), grid, shared);
  const { i0, j0, k0, i1, j1 } = outside.box;
  let read = 0;
  for (let k = shared.k0; k < shared.k1; k++) {
    for (let j = shared.j0; j < shared.j1; j++) {
      let write = ((k - k0) * (j1 - j0) + (j - j0)) * (i1 - i0) + (shared.i0 - i0);
      for (let i = shared.i0; i < shared.i1; i++, read++, write++) {
        if (outside.mm[write] === 0) outside.mm[write] = -inner.mm[read];
      }
    }
  }
  return outside;
}

/** Squared distance along one row to its own runs, written to out[i * stride + at] for the columns of the box. */
function squaresInRow(
  mask: RunMask,
  row: number,
  box: VoxelBox,
  spacing: number,
  out: Float64Array,
  at: number,
  stride: number,
): void {
  const last = mask.rowStart[row + 1];
  let n = mask.rowStart[row];
  let before = -Infinity;
  for (let i = box.i0; i < box.i1; i++) {
    while (n < last && mask.end[n] <= i) before = mask.end[n++] - 1;
    const after = n < last ? mask.start[n] : Infinity;
    const steps = after <= i ? 0 : Math.min(i - before, after - i);
    out[(i - box.i0) * stride + at] = steps * steps * spacing * spacing;
  }
}

/** Lower envelope of the parabolas value[n] + (spacing * (x - position[n]))^2; reused for every line of one direction. */
class Envelope {
  readonly #square: number;
  /** 1 / (2 square n): multiplying is cheaper than the division in the inner loop. */
  readonly #inverse: Float64Array;
  readonly #position: Float64Array;
  readonly #value: Float64Array;
  /** Where parabola n of the envelope takes over from n - 1. */
  readonly #begin: Float64Array;
  #count = 0;

  constructor(spacing: number, most: number, farthest: number) {
    this.#square = spacing * spacing;
    this.#inverse = Float64Array.from({ length: farthest + 1 }, (_, n) => 1 / (2 * this.#square * n));
    this.#position = new Float64Array(most);
    this.#value = new Float64Array(most);
    this.#begin = new Float64Array(most);
  }

  /** Positions ascend; values are read from `values[from + n]`. */
  build(positions: Int32Array, values: Float64Array, from: number, count: number): void {
    const square = this.#square;
    const inverse = this.#inverse;
    const position = this.#position;
    const value = this.#value;
    const begin = this.#begin;
    let top = -1;
    for (let n = 0; n < count; n++) {
      const x = positions[n];
      const f = values[from + n];
      const height = f + square * x * x;
      let start = -Infinity;
      while (top >= 0) {
        const p = position[top];
        start = (height - value[top] - square * p * p) * inverse[x - p];
        if (start > begin[top]) break;
        top--;
        start = -Infinity;
      }
      top++;
      position[top] = x;
      value[top] = f;
      begin[top] = start;
    }
    this.#count = top + 1;
  }

  /** Values of the envelope at x = 0 .. steps - 1, to out[at + x * stride]. */
  writeSquares(out: Float32Array, at: number, stride: number, steps: number): void {
    const position = this.#position;
    const value = this.#value;
    const begin = this.#begin;
    const last = this.#count - 1;
    const square = this.#square;
    let n = 0;
    for (let x = 0; x < steps; x++, at += stride) {
      while (n < last && begin[n + 1] < x) n++;
      const d = x - position[n];
      out[at] = value[n] + square * d * d;
    }
  }

  /** The same with the square root taken: mm. */
  writeRoots(out: Float32Array, at: number, stride: number, steps: number): void {
    const position = this.#position;
    const value = this.#value;
    const begin = this.#begin;
    const last = this.#count - 1;
    const square = this.#square;
    let n = 0;
    for (let x = 0; x < steps; x++, at += stride) {
      while (n < last && begin[n + 1] < x) n++;
      const d = x - position[n];
      out[at] = Math.sqrt(value[n] + square * d * d);
    }
  }
}
