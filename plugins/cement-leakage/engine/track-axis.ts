// The line a needle took: the straight line from the outer end of the column of cement that stays in cement longest, into the cast.
import type { Vec3, VoxelGrid } from "#core/space";
import {
  add,
  cross,
  distance,
  dot,
  length,
  normalize,
  scale,
  spacingMm,
  subtract,
  voxelFromPatient,
} from "#core/space";
import type { RunMask } from "#voxels/mask";
import { maskHas } from "#voxels/mask";
import { union } from "#voxels/set-operations";
import { principalAxes } from "./part-features.ts";
import type { Shape } from "./shape.ts";
import { lineToPoints, pointsOf, shapeOf } from "./shape.ts";

export interface TrackAxis {
  /** Unit vector, patient; out of the cast where it was fitted to one. */
  readonly axis: Vec3;
  /** A point on it: where the column is nearest to the cast, patient mm. */
  readonly entryMm: Vec3;
  /** Whether it was fitted to column and cast; else the axis is just the part's own longest one. */
  readonly fitted: boolean;
}

const ramp = (value: number, from: number, to: number): number =>
  Math.max(0, Math.min(1, (value - from) / (to - from)));

/** 0 to 1: longer than wide, straight, and its line runs back to the cement inside bone (`inBone`, patient mm). */
export const straightInLine = (shape: Shape, inBone: readonly Vec3[]): number =>
  ramp(shape.elongation, 1.8, 3.4) *
  ramp(shape.straightness, 0.25, 0.6) *
  ramp(-lineToPoints(shape.centroidMm, shape.axis, inBone), -9, -4);

/** From here on it is taken for what a needle left. */
const LEAST_IN_LINE = 0.3;
/** The outer end: voxels within this of the farthest one. */
const END_MM = 2;
/** Nearer than this to the outer end, voxels say little of the direction. */
const LEAST_ARM_MM = 6;
/** A needle's path is followed this far into bone from the outer end. */
const REACH_MM = 70;
const STEP_MM = 0.75;
/** Cement this far beside the line shows that the line runs through its middle: half a needle's bore. */
const BESIDE_MM = 0.8;
const MOST_TRIED = 160;

/**
 * The axis of a column of cement (`column`) that came out of `cast`, both on `grid`. Rims of cortex and other cement may hang on the
 * column: not the voxels' own axis counts but the line through them. Without a straight column in line with the cast (unless `known` as
 * a puncture path), or without a cast, it is the column's own longest axis.
 */
export function trackAxis(column: RunMask, cast: RunMask | null, grid: VoxelGrid, known: boolean): TrackAxis {
  const shape = shapeOf(column, grid);
  const inBone = cast ? pointsOf(cast, grid, 2500) : [];
  if (!cast || inBone.length === 0 || !(known || straightInLine(shape, inBone) >= LEAST_IN_LINE))
    return { axis: shape.axis, entryMm: shape.centroidMm, fitted: false };
  const middle = middleOf(inBone);
  const points = pointsOf(column, grid, 1500);
  const farthest = Math.max(...points.map((p) => distance(p, middle)));
  const end = middleOf(points.filter((p) => distance(p, middle) >= farthest - END_MM));
  const cement = union(column, cast);
  const tried = [...thinned(points, MOST_TRIED), ...thinned(inBone, MOST_TRIED)]
    .filter((p) => distance(p, end) >= LEAST_ARM_MM)
    .map((p) => normalize(subtract(p, end)));
  const inwards = dot(shape.axis, subtract(middle, end)) < 0 ? scale(shape.axis, -1) : shape.axis;
  let best = { through: end, inwards, score: cementAlong(cement, grid, end, inwards) };
  const take = (through: Vec3, direction: Vec3): void => {
    const score = cementAlong(cement, grid, through, direction);
    if (score > best.score + 1e-9) best = { through, inwards: direction, score };
  };
  for (const direction of tried) take(end, direction);
  // The end's own place is as uncertain as a voxel: the line is turned and shifted a little as long as that helps.
  for (const by of [0.06, 0.03, 0.015, 0.06, 0.03, 0.015]) {
    const from = best;
    const [a, b] = acrossOf(from.inwards);
    for (const side of [a, scale(a, -1), b, scale(b, -1)]) {
      take(from.through, normalize(add(from.inwards, scale(side, by))));
      take(add(from.through, scale(side, 10 * by)), from.inwards);
      take(add(from.through, scale(side, 10 * by)), normalize(add(from.inwards, scale(side, -by))));
    }
  }
  const axis = straightened(scale(best.inwards, -1), best.through, points, grid);
  const nearest = Math.max(...points.map((p) => dot(subtract(p, best.through), best.inwards)));
  return {
    axis,
    entryMm: add(best.through, scale(best.inwards, Math.min(REACH_MM, nearest) / 2)),
    fitted: true,
  };
}

/** Voxels of the column within this of the line belong to it: a wide bore, blurred. */
const NEAR_LINE_MM = 2.5;
/** They tell the direction better than the search where they stretch this far and say nearly the same. */
const LEAST_STRETCH_MM = 7;
const LEAST_ALIKE = Math.cos((6 * Math.PI) / 180);

/** The longest axis of the column's voxels near the line, where they are a column themselves; else the line as it was found. */
function straightened(axis: Vec3, through: Vec3, points: readonly Vec3[], grid: VoxelGrid): Vec3 {
  const reach = Math.max(NEAR_LINE_MM, 0.7 * Math.max(...spacingMm(grid)));
  const near = points.filter((p) => {
    const v = subtract(p, through);
    return length(subtract(v, scale(axis, dot(v, axis)))) <= reach;
  });
  const along = near.map((p) => dot(p, axis));
  if (Math.max(...along) - Math.min(...along) < LEAST_STRETCH_MM) return axis;
  const middle = middleOf(near);
  const m = [0, 0, 0, 0, 0, 0];
  for (const p of near) {
    const [x, y, z] = subtract(p, middle);
    [x * x, y * y, z * z, x * y, x * z, y * z].forEach((value, n) => (m[n] += value));
  }
  const own = principalAxes(m).axes[0];
  const alike = dot(own, axis);
  return Math.abs(alike) < LEAST_ALIKE ? axis : scale(own, Math.sign(alike));
}

/** Steps from `through` on that lie in cement; cement beside the line counts a little, so that it keeps to the middle. */
function cementAlong(cement: RunMask, grid: VoxelGrid, through: Vec3, direction: Vec3): number {
  const [a, b] = acrossOf(direction);
  const has = (p: Vec3): boolean => {
    const [i, j, k] = voxelFromPatient(grid, p);
    return maskHas(cement, Math.round(i), Math.round(j), Math.round(k));
  };
  const beside = Math.max(BESIDE_MM, 0.3 * Math.max(...spacingMm(grid)));
  const around = [a, scale(a, -1), b, scale(b, -1)].map((side) => scale(side, beside));
  let score = 0;
  for (let mm = 0; mm <= REACH_MM; mm += STEP_MM) {
    const p = add(through, scale(direction, mm));
    if (!has(p)) continue;
    score += 1;
    for (const side of around) if (has(add(p, side))) score += 0.15;
  }
  return score;
}

/** Two unit vectors across a direction. */
function acrossOf(direction: Vec3): readonly [Vec3, Vec3] {
  const a = normalize(cross(direction, Math.abs(direction[2]) < 0.8 ? [0, 0, 1] : [1, 0, 0]));
  return [a, cross(direction, a)];
}

const thinned = (points: readonly Vec3[], most: number): readonly Vec3[] =>
  points.filter((_, n) => n % Math.ceil(points.length / most) === 0);

function middleOf(points: readonly Vec3[]): Vec3 {
  return scale(points.reduce<Vec3>(add, [0, 0, 0]), 1 / Math.max(1, points.length));
}
