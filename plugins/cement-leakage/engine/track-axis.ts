// The line a needle took: fitted to the straight column of cement outside bone and to the cast that it was injected into.
import type { Vec3, VoxelGrid } from "#core/space";
import { add, distance, dot, scale, subtract } from "#core/space";
import type { RunMask } from "#voxels/mask";
import { principalAxes } from "./part-features.ts";
import type { Shape } from "./shape.ts";
import { lineToPoints, pointsOf, shapeOf } from "./shape.ts";

export interface TrackAxis {
  /** Unit vector, patient; out of the cast where it was fitted to one. */
  readonly axis: Vec3;
  /** A point on it: where the column begins on the cast's side, patient mm. */
  readonly entryMm: Vec3;
  /** Whether the column is straight and in line with the cast; else the axis is just the part's own longest one. */
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
/** The cast near the entry: what was injected there lies about the needle's tip. */
const CAST_NEAR_MM = 25;
/**
 * mm by which an end of the column and the middle of the cast miss the needle's line: blur of the voxels, spread of the cement. A long
 * column decides by itself; of a stub of a few mm, whose own axis can be 30 degrees off, the cast decides most.
 */
const END_MISS_MM = 0.7;
const CAST_MISS_MM = 5;

/**
 * The axis of a column of cement (`column`, on `grid`): the line with the least squared distances from the column's two ends and from the
 * middle of the cast near it, each weighed by how well it tells the needle's line. Without a straight column in line with the cast
 * (unless `known` as a puncture path), or without a cast, the column's own longest axis.
 */
export function trackAxis(column: RunMask, cast: RunMask | null, grid: VoxelGrid, known: boolean): TrackAxis {
  const shape = shapeOf(column, grid);
  const points = pointsOf(column, grid, 1500);
  const inBone = cast ? pointsOf(cast, grid, 2500) : [];
  if (inBone.length === 0 || !(known || straightInLine(shape, inBone) >= LEAST_IN_LINE))
    return { axis: shape.axis, entryMm: shape.centroidMm, fitted: false };
  const middle = middleOf(inBone);
  const outward =
    dot(shape.axis, subtract(shape.centroidMm, middle)) < 0 ? scale(shape.axis, -1) : shape.axis;
  const along = points.map((p) => dot(subtract(p, shape.centroidMm), outward));
  const entry = add(shape.centroidMm, scale(outward, Math.min(...along)));
  const tail = add(shape.centroidMm, scale(outward, Math.max(...along)));
  const near = inBone.filter((p) => distance(p, entry) <= CAST_NEAR_MM);
  const target = middleOf(near.length > 0 ? near : inBone);
  const axis = lineThrough([
    { at: entry, missMm: END_MISS_MM },
    { at: tail, missMm: END_MISS_MM },
    { at: target, missMm: CAST_MISS_MM },
  ]);
  return {
    axis: dot(axis, subtract(tail, target)) < 0 ? scale(axis, -1) : axis,
    entryMm: entry,
    fitted: true,
  };
}

/** Direction of the line with the least weighed squared distances from the points. */
function lineThrough(points: readonly { readonly at: Vec3; readonly missMm: number }[]): Vec3 {
  const weights = points.map(({ missMm }) => 1 / missMm ** 2);
  const sum = weights.reduce((a, b) => a + b, 0);
  const middle = points.reduce<Vec3>((m, { at }, n) => add(m, scale(at, weights[n] / sum)), [0, 0, 0]);
  const m = [0, 0, 0, 0, 0, 0];
  points.forEach(({ at }, n) => {
    const [x, y, z] = subtract(at, middle);
    [x * x, y * y, z * z, x * y, x * z, y * z].forEach((value, at6) => (m[at6] += weights[n] * value));
  });
  return principalAxes(m).axes[0];
}

function middleOf(points: readonly Vec3[]): Vec3 {
  return scale(points.reduce<Vec3>(add, [0, 0, 0]), 1 / Math.max(1, points.length));
}
