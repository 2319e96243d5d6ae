// Masks to and from dense bytes, and the voxels under a brush stroke.
import type { Vec3, VoxelGrid } from "#core/space";
import { add, dot, normalize, patientFromVoxel, scale, sliceNormal, subtract } from "#core/space";
import type { MaskShape, RunMask } from "./mask.ts";
import { emptyMask, forEachRun, RunBuilder } from "./mask.ts";

function requireDense(bytes: { readonly length: number }, shape: MaskShape): void {
  const voxels = shape.columns * shape.rows * shape.slices;
  if (bytes.length !== voxels) throw new RangeError(`${bytes.length} bytes for a grid of ${voxels} voxels`);
}

/** Writes `value` at every voxel of the mask into `target` (`[k][j][i]`); others keep what they hold. */
export function paintDense(mask: RunMask, target: Uint8Array, value: number): void {
  requireDense(target, mask);
  forEachRun(mask, (j, k, start, end) => {
    const offset = (k * mask.rows + j) * mask.columns;
    target.fill(value, offset + start, offset + end);
  });
}

/** Voxels of `bytes` (`[k][j][i]`) that equal `value`, or that are not 0 when no value is given. */
export function maskFromDense(bytes: Uint8Array, shape: MaskShape, value?: number): RunMask {
  requireDense(bytes, shape);
  const builder = new RunBuilder(shape);
  const { columns } = shape;
  for (let at = nextSet(bytes, 0, value); at < bytes.length; at = nextSet(bytes, at, value)) {
    const row = Math.floor(at / columns);
    const offset = row * columns;
    const first = at - offset;
    const wanted = bytes[at];
    const last = offset + columns;
    if (value === undefined) while (at < last && bytes[at] !== 0) at++;
    else while (at < last && bytes[at] === wanted) at++;
    builder.add(row, first, at - offset);
  }
  return builder.finish();
}

/** Index of the next voxel at or after `at` that belongs to the mask, or the length of `bytes`. */
function nextSet(bytes: Uint8Array, at: number, value: number | undefined): number {
  if (value !== undefined) {
    const found = bytes.indexOf(value, at);
    return found < 0 ? bytes.length : found;
  }
  const last = bytes.length;
  while (
    at + 8 <= last &&
    (bytes[at] |
      bytes[at + 1] |
      bytes[at + 2] |
      bytes[at + 3] |
      bytes[at + 4] |
      bytes[at + 5] |
      bytes[at + 6] |
      bytes[at + 7]) ===
      0
  ) {
    at += 8;
  }
  while (at < last && bytes[at] === 0) at++;
  return at;
}

/** A plane in patient space, and how far from it a flat brush reaches. `normal` need not have length 1. */
export interface BrushPlane {
  readonly point: Vec3;
  readonly normal: Vec3;
  readonly halfThicknessMm: number;
}

export interface CapsuleOptions {
  /** Makes the brush flat: a disc swept in this plane, instead of a ball swept through space. */
  readonly plane?: BrushPlane;
}

/** Voxels whose centre lies within radiusMm of `centrePatient` (mm, LPS). */
export const ballMask = (grid: VoxelGrid, centrePatient: Vec3, radiusMm: number): RunMask =>
  capsuleMask(grid, centrePatient, centrePatient, radiusMm);

/** Voxels within `plane.halfThicknessMm` of the plane and, measured along it, within radiusMm of the centre. */
export const discMask = (
  grid: VoxelGrid,
  centrePatient: Vec3,
  radiusMm: number,
  plane: BrushPlane,
): RunMask => capsuleMask(grid, centrePatient, centrePatient, radiusMm, { plane });

/**
 * Voxels under one straight piece of a brush stroke from one patient point (mm, LPS) to another: centres within radiusMm
 * of the segment; with a plane, centres within halfThicknessMm of it whose distance to the segment, both projected
 * onto the plane, is within radiusMm. Works on the true position of each slice, tilted and uneven stacks included.
 */
export function capsuleMask(
  grid: VoxelGrid,
  fromPatient: Vec3,
  toPatient: Vec3,
  radiusMm: number,
  options: CapsuleOptions = {},
): RunMask {
  if (!(radiusMm >= 0)) return emptyMask(grid);
  const builder = new RunBuilder(grid);
  const brush = brushOf(fromPatient, toPatient, radiusMm, options.plane);
  forEachBrushRun(grid, brush, (row, start, end) => builder.add(row, start, end));
  return builder.finish();
}

/**
 * Voxels under a whole stroke: the union of the capsules between neighbouring points of the pointer's path (mm, LPS);
 * one point makes a single dab, none an empty mask.
 */
export function strokeMask(
  grid: VoxelGrid,
  pathPatient: readonly Vec3[],
  radiusMm: number,
  options: CapsuleOptions = {},
): RunMask {
  if (pathPatient.length === 0 || !(radiusMm >= 0)) return emptyMask(grid);
  const runs: { row: number; start: number; end: number }[] = [];
  for (let n = 0; n < Math.max(1, pathPatient.length - 1); n++) {
    const to = pathPatient[Math.min(n + 1, pathPatient.length - 1)];
    const brush = brushOf(pathPatient[n], to, radiusMm, options.plane);
    forEachBrushRun(grid, brush, (row, start, end) => runs.push({ row, start, end }));
  }
  runs.sort((a, b) => a.row - b.row || a.start - b.start);
  const builder = new RunBuilder(grid);
  for (const { row, start, end } of runs) builder.add(row, start, end);
  return builder.finish();
}

/** Calls `visit` for each row under the brush, in ascending order, with its columns start .. end - 1. */
function forEachBrushRun(
  grid: VoxelGrid,
  brush: Brush,
  visit: (row: number, start: number, end: number) => void,
): void {
  const alongRow = scale(grid.rowDirection, grid.columnSpacingMm);
  const normal = sliceNormal(grid);
  const [shallow, deep] = reachAlong(brush, normal);
  const [top, bottom] = reachAlong(brush, grid.columnDirection);
  for (let k = 0; k < grid.slices; k++) {
    const origin = grid.slicePositions[k];
    const depth = dot(origin, normal);
    if (depth < shallow || depth > deep) continue;
    const base = dot(origin, grid.columnDirection);
    const j0 = Math.max(0, Math.floor((top - base) / grid.rowSpacingMm) - 1);
    const j1 = Math.min(grid.rows, Math.ceil((bottom - base) / grid.rowSpacingMm) + 2);
    for (let j = j0; j < j1; j++) {
      const run = runInside(brush, patientFromVoxel(grid, 0, j, k), alongRow, grid.columns);
      if (run) visit(k * grid.rows + j, run[0], run[1]);
    }
  }
}

interface Brush {
  readonly from: Vec3;
  readonly segment: Vec3;
  readonly radiusMm: number;
  readonly plane: BrushPlane | null;
}

function brushOf(from: Vec3, to: Vec3, radiusMm: number, plane: BrushPlane | undefined): Brush {
  if (!plane) return { from, segment: subtract(to, from), radiusMm, plane: null };
  const normal = normalize(plane.normal);
  const onPlane = subtract(from, scale(normal, dot(subtract(from, plane.point), normal)));
  return {
    from: onPlane,
    segment: flatten(subtract(to, from), normal),
    radiusMm,
    plane: { point: plane.point, normal, halfThicknessMm: plane.halfThicknessMm },
  };
}

const flatten = (v: Vec3, normal: Vec3): Vec3 => subtract(v, scale(normal, dot(v, normal)));

/** Lowest and highest coordinate along a unit direction that any point under the brush can have, mm. */
function reachAlong(brush: Brush, direction: Vec3): readonly [number, number] {
  const reach =
    (brush.plane ? Math.hypot(brush.radiusMm, brush.plane.halfThicknessMm) : brush.radiusMm) + 1e-6;
  const a = dot(brush.from, direction);
  const b = a + dot(brush.segment, direction);
  return [Math.min(a, b) - reach, Math.max(a, b) + reach];
}

/** The rule itself, for one voxel centre. */
function isUnderBrush(brush: Brush, point: Vec3): boolean {
  let offset = subtract(point, brush.from);
  if (brush.plane) {
    const { point: on, normal, halfThicknessMm } = brush.plane;
    if (Math.abs(dot(subtract(point, on), normal)) > halfThicknessMm) return false;
    offset = flatten(offset, normal);
  }
  const square = dot(brush.segment, brush.segment);
  const t = square > 0 ? Math.max(0, Math.min(1, dot(offset, brush.segment) / square)) : 0;
  const away = subtract(offset, scale(brush.segment, t));
  return dot(away, away) <= brush.radiusMm * brush.radiusMm;
}

/**
 * Columns [start, end) of one row under the brush, or null. A brush is convex, so a row meets it in one piece: the hull of
 * what it meets of both end caps and of the body between, cut by the plane's slab; the rule then settles both ends.
 */
function runInside(brush: Brush, first: Vec3, step: Vec3, columns: number): readonly [number, number] | null {
  let offset = subtract(first, brush.from);
  let along = step;
  let low = -Infinity;
  let high = Infinity;
  if (brush.plane) {
    const { point, normal, halfThicknessMm } = brush.plane;
    const range = within(
      dot(subtract(first, point), normal),
      dot(step, normal),
      -halfThicknessMm,
      halfThicknessMm,
    );
    if (!range) return null;
    [low, high] = range;
    offset = flatten(offset, normal);
    along = flatten(step, normal);
  }
  const pieces = [
    nearPoint(offset, along, brush.radiusMm),
    nearPoint(subtract(offset, brush.segment), along, brush.radiusMm),
    nearBody(offset, along, brush),
  ].filter((piece) => piece !== null);
  if (pieces.length === 0) return null;
  low = Math.max(low, Math.min(...pieces.map((piece) => piece[0])), -1);
  high = Math.min(high, Math.max(...pieces.map((piece) => piece[1])), columns);
  if (high < low - 2) return null;
  const inside = (i: number) => isUnderBrush(brush, add(first, scale(step, i)));
  // Rounding may move an end by one voxel at most; step out one and come back to the first voxel that obeys the rule.
  let start = Math.max(0, Math.ceil(low) - 1);
  let last = Math.min(columns - 1, Math.floor(high) + 1);
  while (start <= last && !inside(start)) start++;
  while (last >= start && !inside(last)) last--;
  return last >= start ? [start, last + 1] : null;
}

type Range = readonly [number, number];

/** Where low <= a + t b <= high. */
function within(a: number, b: number, low: number, high: number): Range | null {
  if (Math.abs(b) < 1e-12) return a >= low - 1e-9 && a <= high + 1e-9 ? [-Infinity, Infinity] : null;
  const t0 = (low - a) / b;
  const t1 = (high - a) / b;
  return t0 < t1 ? [t0, t1] : [t1, t0];
}

/** Where the line offset + t along is within radius of the origin. */
function nearPoint(offset: Vec3, along: Vec3, radius: number): Range | null {
  const a = dot(along, along);
  const c = dot(offset, offset) - radius * radius;
  if (a < 1e-12) return c <= 1e-9 ? [-Infinity, Infinity] : null;
  const b = dot(offset, along);
  const root = b * b - a * c;
  if (root < -1e-9 * a) return null;
  const half = Math.sqrt(Math.max(0, root));
  return [(-b - half) / a, (-b + half) / a];
}

/** Where the line is beside the segment (not beyond its ends) and within the radius of its axis. */
function nearBody(offset: Vec3, along: Vec3, brush: Brush): Range | null {
  const square = dot(brush.segment, brush.segment);
  if (square === 0) return null;
  const beside = within(dot(offset, brush.segment) / square, dot(along, brush.segment) / square, 0, 1);
  if (!beside) return null;
  const off = (v: Vec3) => subtract(v, scale(brush.segment, dot(v, brush.segment) / square));
  const near = nearPoint(off(offset), off(along), brush.radiusMm);
  if (!near) return null;
  const range: Range = [Math.max(beside[0], near[0]), Math.min(beside[1], near[1])];
  return range[0] <= range[1] ? range : null;
}
