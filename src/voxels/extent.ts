// The longest straight distance inside a mask, exact, in milliseconds for large masks.
import type { Vec3, VoxelGrid } from "#core/space";
import { distance, patientFromVoxel } from "#core/space";
import type { RunMask } from "./mask.ts";
import { requireSameShape } from "./mask.ts";

/** Largest distance between the centres of two voxels of a mask, with both ends. */
export interface LongestExtent {
  /** 0 for an empty mask and for a single voxel. */
  readonly mm: number;
  /** Patient points (mm, LPS) of the two voxel centres; null for an empty mask. */
  readonly endsPatient: readonly [Vec3, Vec3] | null;
  /** The same two voxels as (i, j, k). */
  readonly endsVoxel: readonly [Vec3, Vec3] | null;
}

/** The outermost voxels of one slice, and the patient box around them. */
interface SliceRim {
  readonly k: number;
  readonly i: number[];
  readonly j: number[];
  readonly points: Float64Array;
  readonly low: Vec3;
  readonly high: Vec3;
}

interface Pair {
  square: number;
  a: SliceRim;
  atA: number;
  b: SliceRim;
  atB: number;
}

/**
 * Largest voxel-centre to voxel-centre distance in mm (a single voxel measures 0; half a voxel at each end is not added).
 * Exact for tilted and uneven stacks: the ends of a longest line are corners of the convex hull, and a slice is a flat,
 * affine picture, so only corners of each slice's hull compete; pairs of slices that cannot beat the best are skipped.
 */
export function longestExtentMm(mask: RunMask, grid: VoxelGrid): LongestExtent {
  requireSameShape(mask, grid);
  const rims = sliceRims(mask, grid);
  if (rims.length === 0) return { mm: 0, endsPatient: null, endsVoxel: null };
  const best = walkFrom(rims);
  const pairs: { a: SliceRim; b: SliceRim; bound: number }[] = [];
  for (let m = 0; m < rims.length; m++) {
    for (let n = m; n < rims.length; n++) {
      const bound = squareBound(rims[m].low, rims[m].high, rims[n].low, rims[n].high);
      if (bound > best.square) pairs.push({ a: rims[m], b: rims[n], bound });
    }
  }
  pairs.sort((p, q) => q.bound - p.bound);
  for (const { a, b, bound } of pairs) {
    if (bound <= best.square) break;
    comparePair(a, b, best);
  }
  const voxelOf = (rim: SliceRim, at: number): Vec3 => [rim.i[at], rim.j[at], rim.k];
  const from = voxelOf(best.a, best.atA);
  const to = voxelOf(best.b, best.atB);
  const ends = [patientFromVoxel(grid, ...from), patientFromVoxel(grid, ...to)] as const;
  return { mm: distance(...ends), endsPatient: ends, endsVoxel: [from, to] };
}

/** Corners of the convex hull of each slice that holds voxels. */
function sliceRims(mask: RunMask, grid: VoxelGrid): SliceRim[] {
  const { rows, rowStart, start, end } = mask;
  const rims: SliceRim[] = [];
  for (let k = 0; k < mask.slices; k++) {
    if (rowStart[k * rows] === rowStart[(k + 1) * rows]) continue;
    const left: { i: number; j: number }[] = [];
    const right: { i: number; j: number }[] = [];
    for (let j = 0; j < rows; j++) {
      const first = rowStart[k * rows + j];
      const last = rowStart[k * rows + j + 1];
      if (first === last) continue;
      pushCorner(left, { i: start[first], j }, 1);
      pushCorner(right, { i: end[last - 1] - 1, j }, -1);
    }
    const corners = [...left, ...right.filter(({ i, j }) => !left.some((p) => p.i === i && p.j === j))];
    const points = new Float64Array(corners.length * 3);
    const low: [number, number, number] = [Infinity, Infinity, Infinity];
    const high: [number, number, number] = [-Infinity, -Infinity, -Infinity];
    corners.forEach(({ i, j }, n) => {
      const p = patientFromVoxel(grid, i, j, k);
      for (let axis = 0; axis < 3; axis++) {
        points[3 * n + axis] = p[axis];
        low[axis] = Math.min(low[axis], p[axis]);
        high[axis] = Math.max(high[axis], p[axis]);
      }
    });
    rims.push({ k, i: corners.map((c) => c.i), j: corners.map((c) => c.j), points, low, high });
  }
  return rims;
}

/** Monotone chain in whole numbers: drops earlier corners that the new one leaves on or inside the outline. */
function pushCorner(chain: { i: number; j: number }[], next: { i: number; j: number }, side: 1 | -1): void {
  while (chain.length >= 2) {
    const a = chain[chain.length - 2];
    const b = chain[chain.length - 1];
    const turn = (b.i - a.i) * (next.j - a.j) - (next.i - a.i) * (b.j - a.j);
    if (turn * side < 0) break;
    chain.pop();
  }
  chain.push(next);
}

/** A start close to the best: from any corner to the farthest one, and on from there while it grows. */
function walkFrom(rims: readonly SliceRim[]): Pair {
  const best: Pair = { square: 0, a: rims[0], atA: 0, b: rims[0], atB: 0 };
  let from: { rim: SliceRim; at: number } = { rim: rims[0], at: 0 };
  for (let grew = true; grew;) {
    grew = false;
    const { rim, at } = from;
    const [x, y, z] = rim.points.subarray(3 * at, 3 * at + 3);
    for (const other of rims) {
      for (let n = 0; n < other.i.length; n++) {
        const square =
          (other.points[3 * n] - x) ** 2 +
          (other.points[3 * n + 1] - y) ** 2 +
          (other.points[3 * n + 2] - z) ** 2;
        if (square <= best.square) continue;
        Object.assign(best, { square, a: rim, atA: at, b: other, atB: n });
        from = { rim: other, at: n };
        grew = true;
      }
    }
  }
  return best;
}

/** Square of the largest distance between any point of one box and any of the other. */
function squareBound(lowA: Vec3, highA: Vec3, lowB: Vec3, highB: Vec3): number {
  let square = 0;
  for (let axis = 0; axis < 3; axis++) {
    square += Math.max(highA[axis] - lowB[axis], highB[axis] - lowA[axis]) ** 2;
  }
  return square;
}

function comparePair(a: SliceRim, b: SliceRim, best: Pair): void {
  for (let m = 0; m < a.i.length; m++) {
    const x = a.points[3 * m];
    const y = a.points[3 * m + 1];
    const z = a.points[3 * m + 2];
    if (squareBound([x, y, z], [x, y, z], b.low, b.high) <= best.square) continue;
    for (let n = 0; n < b.i.length; n++) {
      const dx = b.points[3 * n] - x;
      const dy = b.points[3 * n + 1] - y;
      const dz = b.points[3 * n + 2] - z;
      const square = dx * dx + dy * dy + dz * dz;
      if (square <= best.square) continue;
      best.square = square;
      best.a = a;
      best.atA = m;
      best.b = b;
      best.atB = n;
    }
  }
}
