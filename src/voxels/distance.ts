// Exact Euclidean distance in mm from every voxel of a box to a mask, in three separable passes.
//
// Lower envelopes of parabolas along j, then k (Felzenszwalb & Huttenlocher, Theory of Computing 8, 2012); along i the
// runs give the distance directly. Distances are between voxel centres and use `spacingMm(grid)`: mean slice spacing,
// slices taken as stacked along their normal. On tilted or uneven stacks (`isRegular` is false) they are approximate.
import type { VoxelGrid } from "#core/space";
import { spacingMm } from "#core/space";
import { boundingBox, boxVoxels, growBox, intersectBoxes, isEmptyBox, wholeBox } from "./box.ts";
import type { EnvelopePlane } from "./kernels/distance-kernels.ts";
import { envelopePlane } from "./kernels/distance-kernels.ts";
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
 * too (clip the mask first where they should not). Exact to the rounding of Float32. In WebAssembly where there is any; the
 * twin gives the same bits.
 */
export const distanceToMaskMm = (mask: RunMask, grid: VoxelGrid, box: VoxelBox): DistanceMap =>
  distanceMap(mask, grid, box, envelopePlane);

/** The same in plain TypeScript: what runs without kernels, and what tests compare them with. */
export const distanceToMaskMmTwin = (mask: RunMask, grid: VoxelGrid, box: VoxelBox): DistanceMap =>
  distanceMap(mask, grid, box, () => null);

function distanceMap(
  mask: RunMask,
  grid: VoxelGrid,
  box: VoxelBox,
  planeOf: (...room: Parameters<typeof envelopePlane>) => EnvelopePlane | null,
): DistanceMap {
  requireSameShape(mask, grid);
  const inside = intersectBoxes(box, wholeBox(mask));
  if (isEmptyBox(inside)) return { box: inside, mm: new Float32Array(0) };
  const sites = boundingBox(mask);
  if (!sites) return { box: inside, mm: new Float32Array(boxVoxels(inside)).fill(Infinity) };
  const [si, sj, sk] = spacingMm(grid);
  const width = inside.i1 - inside.i0;
  const height = inside.j1 - inside.j0;
  const depth = inside.k1 - inside.k0;
  const area = height * width;

  // Pass 1 and 2, slice by slice: squared distance within each slice that holds mask voxels.
  const siteSlices: number[] = [];
  for (let k = sites.k0; k < sites.k1; k++) {
    if (mask.rowStart[k * mask.rows] < mask.rowStart[(k + 1) * mask.rows]) siteSlices.push(k);
  }
  const mm = new Float32Array(depth * area);
  // A slice of the box keeps its squares where its distances will be; only slices beyond the box need room of their own.
  const beyond = siteSlices.filter((k) => k < inside.k0 || k >= inside.k1);
  const spare = new Float32Array(beyond.length * area);
  const planes = siteSlices.map((k) => {
    const outside = beyond.indexOf(k);
    const [home, at] = outside < 0 ? [mm, k - inside.k0] : [spare, outside];
    return home.subarray(at * area, (at + 1) * area);
  });
  const rowLimit = sites.j1 - sites.j0;
  const siteRows = new Int32Array(rowLimit);
  const alongJ =
    planeOf(sj, width, rowLimit, mask.rows, height) ?? new Envelope(sj, width, rowLimit, mask.rows, height);
  siteSlices.forEach((k, n) => {
    let count = 0;
    for (let j = sites.j0; j < sites.j1; j++) {
      const row = k * mask.rows + j;
      if (mask.rowStart[row] === mask.rowStart[row + 1]) continue;
      siteRows[count] = j - inside.j0;
      squaresInRow(mask, row, inside, si, alongJ.values, count * alongJ.stride);
      count++;
    }
    const squares = alongJ.lower(siteRows, count, width, false);
    for (let j = 0; j < height; j++) {
      planes[n].set(squares.subarray(j * alongJ.stride, j * alongJ.stride + width), j * width);
    }
  });

  // Pass 3: across slices, for some columns at a time.
  const count = siteSlices.length;
  const positions = Int32Array.from(siteSlices, (k) => k - inside.k0);
  const alongK =
    planeOf(sk, columnsAtOnce, count, mask.slices, depth) ??
    new Envelope(sk, columnsAtOnce, count, mask.slices, depth);
  for (let first = 0; first < area; first += columnsAtOnce) {
    const some = Math.min(columnsAtOnce, area - first);
    for (let n = 0; n < count; n++)
      alongK.values.set(planes[n].subarray(first, first + some), n * alongK.stride);
    const distances = alongK.lower(positions, count, some, true);
    for (let k = 0; k < depth; k++) {
      mm.set(distances.subarray(k * alongK.stride, k * alongK.stride + some), k * area + first);
    }
  }
  return { box: inside, mm };
}

/** Columns whose lines across the slices fit a processor's second cache together, reading and writing. */
const columnsAtOnce = 128;

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

/** Squared distance along one row to its own runs, written to out[at + i - i0] for the columns of the box. */
function squaresInRow(
  mask: RunMask,
  row: number,
  box: VoxelBox,
  spacing: number,
  out: Float32Array,
  at: number,
): void {
  const { i0, i1 } = box;
  const square = spacing * spacing;
  const last = mask.rowStart[row + 1];
  let i = i0;
  let before = -Infinity;
  let write = at;
  for (let n = mask.rowStart[row]; n <= last && i < i1; n++) {
    // The gap before run n (after the last run: up to the end of the box), nearer to what precedes it, then to the run.
    const start = n < last ? mask.start[n] : Infinity;
    const stop = n < last ? mask.end[n] : i1;
    const middle = Math.min(i1, before === -Infinity ? i : Math.floor((before + start) / 2) + 1);
    for (let d = i - before; i < middle; i++, d++, write++) out[write] = square * d * d;
    const gapEnd = Math.min(i1, start);
    for (let d = start - i; i < gapEnd; i++, d--, write++) out[write] = square * d * d;
    const runEnd = Math.min(i1, stop);
    for (; i < runEnd; i++, write++) out[write] = 0;
    before = stop - 1;
  }
}

/** The kernel's twin: the same planes, line by line in pieces that lie in one. */
class Envelope implements EnvelopePlane {
  readonly stride: number;
  readonly values: Float32Array;
  readonly #steps: number;
  readonly #found: Float32Array;
  readonly #line: Float32Array;
  readonly #lowest: Float32Array;
  readonly #square: number;
  /** 1 / (2 square n): multiplying is cheaper than the division in the inner loop. */
  readonly #inverse: Float64Array;
  readonly #position: Int32Array;
  readonly #value: Float64Array;
  /** value + square * position^2, the part of a parabola that decides where two of them cross. */
  readonly #height: Float64Array;
  /** First whole x at which a parabola of the envelope is the lowest. */
  readonly #begin: Int32Array;

  constructor(spacing: number, lines: number, most: number, farthest: number, steps: number) {
    // Odd, so that the values of a line do not all want the same few places of the cache.
    this.stride = lines | 1;
    this.values = new Float32Array(most * this.stride);
    this.#steps = steps;
    this.#found = new Float32Array(steps * this.stride);
    this.#line = new Float32Array(most);
    this.#lowest = new Float32Array(steps);
    this.#square = spacing * spacing;
    this.#inverse = Float64Array.from({ length: farthest + 1 }, (_, n) => 1 / (2 * this.#square * n));
    this.#position = new Int32Array(most + 1);
    this.#value = new Float64Array(most + 1);
    this.#height = new Float64Array(most + 1);
    this.#begin = new Int32Array(most + 1);
  }

  lower(positions: Int32Array, count: number, width: number, root: boolean): Float32Array {
    const { values, stride } = this;
    const found = this.#found;
    const line = this.#line;
    const lowest = this.#lowest;
    const steps = this.#steps;
    for (let i = 0; i < width; i++) {
      for (let n = 0, read = i; n < count; n++, read += stride) line[n] = values[read];
      this.#lowerLine(positions, count, line, lowest, steps);
      for (let x = 0, write = i; x < steps; x++, write += stride)
        found[write] = root ? Math.sqrt(lowest[x]) : lowest[x];
    }
    return found;
  }

  /** out[x] = the lowest parabola at x = 0 .. steps - 1; count >= 1, positions ascend. */
  #lowerLine(
    positions: Int32Array,
    count: number,
    values: Float32Array,
    out: Float32Array,
    steps: number,
  ): void {
    const square = this.#square;
    const inverse = this.#inverse;
    const position = this.#position;
    const value = this.#value;
    const height = this.#height;
    const begin = this.#begin;
    // The last parabola of the envelope so far is kept in variables: most new ones are compared with it alone.
    let top = 0;
    let lastX = positions[0];
    let lastHeight = values[0] + square * lastX * lastX;
    let lastBegin = 0;
    position[0] = lastX;
    value[0] = values[0];
    height[0] = lastHeight;
    begin[0] = 0;
    let skipped = false;
    for (let n = 1; n < count; n++) {
      const x = positions[n];
      const f = values[n];
      // Between two zeros next to it, a zero reaches nothing but itself: its 0 is written at the end.
      if (f === 0 && n + 1 < count && values[n + 1] === 0 && values[n - 1] === 0) {
        if (positions[n + 1] - positions[n - 1] === 2) {
          skipped = true;
          continue;
        }
      }
      const h = f + square * x * x;
      // Parabolas have one shape, so the later one is lower everywhere beyond the crossing and nowhere before it.
      let crossing = (h - lastHeight) * inverse[x - lastX];
      if (crossing >= steps - 1) continue;
      while (crossing < lastBegin) {
        top--;
        if (top < 0) break;
        lastX = position[top];
        lastHeight = height[top];
        lastBegin = begin[top];
        crossing = (h - lastHeight) * inverse[x - lastX];
      }
      lastBegin = top < 0 || crossing < 0 ? 0 : Math.floor(crossing) + 1;
      lastX = x;
      lastHeight = h;
      top++;
      position[top] = x;
      value[top] = f;
      height[top] = h;
      begin[top] = lastBegin;
    }
    for (let n = 0; n <= top; n++) {
      const stop = n < top ? begin[n + 1] : steps;
      const f = value[n];
      for (let x = begin[n], d = x - position[n]; x < stop; x++, d++) out[x] = f + square * d * d;
    }
    if (!skipped) return;
    for (let n = 1; n < count; n++) {
      const x = positions[n];
      if (values[n] === 0 && x >= 0 && x < steps) out[x] = 0;
    }
  }
}
