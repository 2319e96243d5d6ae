// Left, right or midline, told by the symmetry of the bones and not by how the patient lay or was scanned.
import type { Vec3 } from "#core/space";
import { dot, normalize, patientFromVoxel, spacingMm } from "#core/space";
import type { CtVolume } from "#core/volume";

export type PointSide = "left" | "right" | "midline";

/** The patient's median plane: points p with dot(p, leftward) = offsetMm; `leftward` is a unit vector towards the patient's left. */
export interface Midline {
  readonly leftward: Vec3;
  readonly offsetMm: number;
  /** Overlap of the bones with their mirror image, 0 to 1; below about 0.35 the plane is a guess. */
  readonly symmetry: number;
}

const CELL_MM = 4;
const BONE_HU = 180;
/** Metal and cement must not outweigh bone, so that one treated side does not pull the plane. */
const CAP_HU = 500;

/** Signed distance in mm from the midline; positive to the patient's left. */
export const leftOfMidlineMm = (midline: Midline, point: Vec3): number =>
  dot(point, midline.leftward) - midline.offsetMm;

/** Side of a patient point; within `toleranceMm` of the plane it is the midline. */
export function sideOf(midline: Midline, point: Vec3, toleranceMm = 5): PointSide {
  const left = leftOfMidlineMm(midline, point);
  return Math.abs(left) <= toleranceMm ? "midline" : left > 0 ? "left" : "right";
}

/** Sides of points of one CT, its midline looked for when the first one is asked for; null where there is none. */
export function sidesOf(volume: CtVolume): (point: Vec3) => PointSide | null {
  let midline: Midline | null | undefined;
  return (point) => {
    if (midline === undefined) midline = patientMidline(volume);
    return midline && sideOf(midline, point);
  };
}

interface BoneCells {
  readonly points: Float64Array;
  readonly weights: Float64Array;
  readonly field: Float32Array;
  readonly size: readonly [number, number, number];
  readonly origin: Vec3;
}

/** Bone mass on a coarse patient-space lattice; rotated, prone or tilted scans all end up in the same LPS axes. */
function boneCells(volume: CtVolume): BoneCells | null {
  const { grid, hu } = volume;
  const [sx, sy, sz] = spacingMm(grid);
  const stepI = Math.max(1, Math.floor(2 / sx));
  const stepJ = Math.max(1, Math.floor(2 / sy));
  const stepK = Math.max(1, Math.floor(2 / sz));
  const found: number[] = [];
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  for (let k = 0; k < grid.slices; k += stepK)
    for (let j = 0; j < grid.rows; j += stepJ) {
      const base = (k * grid.rows + j) * grid.columns;
      for (let i = 0; i < grid.columns; i += stepI) {
        const value = hu[base + i];
        if (value < BONE_HU) continue;
        const p = patientFromVoxel(grid, i, j, k);
        found.push(p[0], p[1], p[2], Math.min(value, CAP_HU) - BONE_HU + 60);
        for (let axis = 0; axis < 3; axis++) {
          if (p[axis] < low[axis]) low[axis] = p[axis];
          if (p[axis] > high[axis]) high[axis] = p[axis];
        }
      }
    }
  if (found.length < 4 * 50) return null;
  const cells = (axis: number) => Math.floor((high[axis] - low[axis]) / CELL_MM) + 1;
  const size: [number, number, number] = [cells(0), cells(1), cells(2)];
  const field = new Float32Array(size[0] * size[1] * size[2]);
  for (let n = 0; n < found.length; n += 4) {
    const x = Math.floor((found[n] - low[0]) / CELL_MM);
    const y = Math.floor((found[n + 1] - low[1]) / CELL_MM);
    const z = Math.floor((found[n + 2] - low[2]) / CELL_MM);
    field[(z * size[1] + y) * size[0] + x] += found[n + 3];
  }
  const points: number[] = [];
  const weights: number[] = [];
  for (let z = 0; z < size[2]; z++)
    for (let y = 0; y < size[1]; y++)
      for (let x = 0; x < size[0]; x++) {
        const weight = field[(z * size[1] + y) * size[0] + x];
        if (weight <= 0) continue;
        // the square root keeps thick cortex from outvoting everything else
        field[(z * size[1] + y) * size[0] + x] = Math.sqrt(weight);
        points.push(low[0] + (x + 0.5) * CELL_MM, low[1] + (y + 0.5) * CELL_MM, low[2] + (z + 0.5) * CELL_MM);
        weights.push(Math.sqrt(weight));
      }
  return {
    points: Float64Array.from(points),
    weights: Float64Array.from(weights),
    field,
    size,
    origin: [low[0], low[1], low[2]],
  };
}

/** How well the bones match their mirror image in a plane, 0 to 1, and the share of bone that has a mirror place at all. */
function mirrorScore(cells: BoneCells, leftward: Vec3, offsetMm: number): number {
  const { points, weights, field, size, origin } = cells;
  let both = 0;
  let own = 0;
  let mirrored = 0;
  let all = 0;
  for (let n = 0; n < weights.length; n++) {
    const px = points[3 * n];
    const py = points[3 * n + 1];
    const pz = points[3 * n + 2];
    const twice = 2 * (px * leftward[0] + py * leftward[1] + pz * leftward[2] - offsetMm);
    const x = (px - twice * leftward[0] - origin[0]) / CELL_MM - 0.5;
    const y = (py - twice * leftward[1] - origin[1]) / CELL_MM - 0.5;
    const z = (pz - twice * leftward[2] - origin[2]) / CELL_MM - 0.5;
    const w = weights[n] * weights[n];
    all += w;
    const x0 = Math.floor(x);
    const y0 = Math.round(y);
    const z0 = Math.round(z);
    if (x0 < 0 || y0 < 0 || z0 < 0 || x0 + 1 >= size[0] || y0 >= size[1] || z0 >= size[2]) continue;
    const at = (z0 * size[1] + y0) * size[0] + x0;
    const f = x - x0;
    const there = field[at] * (1 - f) + field[at + 1] * f;
    both += weights[n] * there;
    own += w;
    mirrored += there * there;
  }
  if (all === 0 || own < 0.3 * all) return 0;
  const share = own / all;
  return (both / Math.sqrt(own * mirrored + 1e-9)) * Math.sqrt(share);
}

/**
 * The median plane from the mirror symmetry of bone (HU >= 180): a plane near the sagittal one, turned by at most 15 degrees
 * about the body's long and front-to-back axes. Null when there is too little bone. Independent of the scan position, because it
 * works in patient space.
 */
export function patientMidline(volume: CtVolume): Midline | null {
  const cells = boneCells(volume);
  if (!cells) return null;
  const middleOf = (axis: number) => cells.origin[axis] + (cells.size[axis] * CELL_MM) / 2;
  const middle: Vec3 = [middleOf(0), middleOf(1), middleOf(2)];
  const planeOf = (offset: number, turn: number, tilt: number) => {
    const leftward = normalize([1, turn, tilt]);
    return { leftward, offsetMm: dot(leftward, [middle[0] + offset, middle[1], middle[2]]) };
  };
  let best = { offset: 0, turn: 0, tilt: 0, score: -1 };
  const consider = (offset: number, turn: number, tilt: number) => {
    const { leftward, offsetMm } = planeOf(offset, turn, tilt);
    const score = mirrorScore(cells, leftward, offsetMm);
    if (score > best.score + 1e-9) best = { offset, turn, tilt, score };
  };
  const reach = Math.min(160, (cells.size[0] * CELL_MM) / 2);
  for (let offset = -reach; offset <= reach; offset += CELL_MM) consider(offset, 0, 0);
  for (const [stepMm, stepTurn, rounds] of [
    [3, 0.06, 3],
    [1.5, 0.025, 3],
    [0.75, 0.01, 3],
  ] as const) {
    for (let round = 0; round < rounds; round++) {
      const { offset, turn, tilt, score } = best;
      for (const d of [-1, 1]) {
        consider(offset + d * stepMm, turn, tilt);
        if (Math.abs(turn + d * stepTurn) < 0.27) consider(offset, turn + d * stepTurn, tilt);
        if (Math.abs(tilt + d * stepTurn) < 0.27) consider(offset, turn, tilt + d * stepTurn);
      }
      if (best.score === score) break;
    }
  }
  return { ...planeOf(best.offset, best.turn, best.tilt), symmetry: best.score };
}
