// Planes turned away from the grid's own: along the sacrum, along a puncture path; their lines and handles in the others. Pure.
import type { Vec3, VoxelGrid } from "#core/space";
import {
  add,
  cross,
  dot,
  length,
  normalize,
  patientFromVoxel,
  scale,
  spacingMm,
  subtract,
  tiltDegrees as gantryTilt,
  voxelFromPatient,
} from "#core/space";
import type { ObliquePlanes, Plane } from "#host/contract";
import { planeAxes, type PlaneAxes, type PlaneFrame, screenFromPatient } from "./planes.ts";

type AllAxes = Readonly<Record<Plane, PlaneAxes>>;

/** Less than this is no tilt: the grid's own slices stay sharp. */
const LEAST_TILT_DEGREES = 0.5;

/** The grid's own axes with the planes in `normals` turned; each picture stays as upright as its plane allows. */
export function turnedAxes(own: AllAxes, grid: VoxelGrid, normals: ObliquePlanes): AllAxes {
  const turned = (plane: Plane): PlaneAxes => {
    const normal = normals[plane];
    return normal ? obliqueAxes(own[plane], grid, normal) : own[plane];
  };
  return { axial: turned("axial"), sagittal: turned("sagittal"), coronal: turned("coronal") };
}

/** LPS, signed as the views count: towards the feet, to posterior, to the patient's right. */
const patientForward: Readonly<Record<Plane, Vec3>> = {
  axial: [0, 0, -1],
  coronal: [0, 1, 0],
  sagittal: [-1, 0, 0],
};
/** Where the edges of the screen lie when the patient is shown upright. */
const patientDown: Readonly<Record<Plane, Vec3>> = {
  axial: [0, 1, 0],
  coronal: [0, 0, -1],
  sagittal: [0, 0, -1],
};
/** Slices that lean farther than this against the patient's axes were meant to: nothing is set straight. */
const MOST_TILT_DEGREES = 35;

/**
 * The planes in which a volume is usually shown. `shown` is the regular grid of the display, `acquired` that of the scan. A scan with
 * gantry tilt keeps its slices in their own plane, voxel by voxel; the two planes across them are the patient's own, upright,
 * and the line of the slices runs through them as it lay in the gantry. Every other scan is shown along its own axes.
 */
export function shownAxes(shown: VoxelGrid, acquired: VoxelGrid): AllAxes {
  const own = planeAxes(shown);
  if (gantryTilt(acquired) < LEAST_TILT_DEGREES) return own;
  const upright = (plane: Plane): PlaneAxes => {
    const before = own[plane];
    const lean = degreesBetween(patientForward[plane], before.forward);
    if (before.index === 2 || lean > MOST_TILT_DEGREES) return before;
    const turned = { ...obliqueAxes(before, shown, patientForward[plane]), turnedDegrees: 0 };
    const handed = Math.sign(dot(cross(before.right, before.down), before.forward));
    const { forward } = turned;
    const along = scale(forward, dot(patientDown[plane], forward));
    const down = normalize(subtract(patientDown[plane], along));
    return { ...turned, down, right: cross(down, scale(forward, handed)) };
  };
  return { axial: upright("axial"), sagittal: upright("sagittal"), coronal: upright("coronal") };
}

/** `normal` counts in the direction of `own.forward`; one that points the other way is turned round. */
function obliqueAxes(own: PlaneAxes, grid: VoxelGrid, normal: Vec3): PlaneAxes {
  const unit = normalize(normal);
  const forward = dot(unit, own.forward) < 0 ? scale(unit, -1) : unit;
  const turnedDegrees = degreesBetween(forward, own.forward);
  if (turnedDegrees < LEAST_TILT_DEGREES) return own;
  const handed = Math.sign(dot(cross(own.right, own.down), own.forward));
  const inPlane = (v: Vec3): Vec3 => subtract(v, scale(forward, dot(v, forward)));
  const downwards = inPlane(own.down);
  const down =
    length(downwards) > 0.2
      ? normalize(downwards)
      : normalize(cross(scale(forward, handed), inPlane(own.right)));
  const axes = [grid.rowDirection, grid.columnDirection, cross(grid.rowDirection, grid.columnDirection)];
  const spacing = spacingMm(grid);
  const stepMm = Math.hypot(...axes.map((axis, n) => dot(axis, forward) * spacing[n]));
  const axis = axes[own.index];
  const tiltDegrees = degreesBetween(forward, dot(axis, forward) < 0 ? scale(axis, -1) : axis);
  const right = cross(down, scale(forward, handed));
  return { ...own, right, down, forward, stepMm, tiltDegrees, turnedDegrees };
}

export const degreesBetween = (a: Vec3, b: Vec3): number =>
  (Math.acos(Math.max(-1, Math.min(1, dot(a, b)))) * 180) / Math.PI;

/** A vector turned around a unit axis, right-handed. */
export function turnedAbout(v: Vec3, axis: Vec3, radians: number): Vec3 {
  const cos = Math.cos(radians);
  return add(
    add(scale(v, cos), scale(cross(axis, v), Math.sin(radians))),
    scale(axis, dot(axis, v) * (1 - cos)),
  );
}

/**
 * The point moved inside the grid, and onto the slices of the planes that are not turned: those stay sharp. Turned planes have no slices
 * of voxels to keep to.
 */
export function placedInGrid(grid: VoxelGrid, axes: AllAxes, point: Vec3): Vec3 {
  const counts = [grid.columns, grid.rows, grid.slices];
  const kept = Object.values(axes).flatMap((one) => (one.tiltDegrees > 0 ? [] : [one.index]));
  const place = (value: number, n: 0 | 1 | 2): number =>
    Math.max(0, Math.min(counts[n] - 1, kept.includes(n) ? Math.round(value) : value));
  const [i, j, k] = voxelFromPatient(grid, point);
  return patientFromVoxel(grid, place(i, 0), place(j, 1), place(k, 2));
}

/** Screen direction (unit, CSS pixels) of another plane's line in a frame; null where the two are nearly parallel. */
export function lineDirection(frame: PlaneFrame, other: PlaneAxes): readonly [number, number] | null {
  const along = cross(frame.axes.forward, other.forward);
  if (length(along) < 0.1) return null;
  const unit = normalize(along);
  return [dot(unit, frame.axes.right), dot(unit, frame.axes.down)];
}

export interface LineHandle {
  /** The plane whose line it turns. */
  readonly plane: Plane;
  readonly x: number;
  readonly y: number;
}

/** Where the lines of the other planes are taken hold of: two places each, CSS pixels. */
export function lineHandles(frame: PlaneFrame, axes: AllAxes, focus: Vec3): LineHandle[] {
  const [x, y] = screenFromPatient(frame, focus);
  const reach = 0.34 * Math.min(frame.widthPx, frame.heightPx);
  return Object.values(axes).flatMap((other) => {
    const direction = other.plane === frame.axes.plane ? null : lineDirection(frame, other);
    if (!direction) return [];
    return [1, -1].map((sign) => ({
      plane: other.plane,
      x: x + sign * reach * direction[0],
      y: y + sign * reach * direction[1],
    }));
  });
}

/** The handle under a pixel, or null. */
export const handleAt = (handles: readonly LineHandle[], x: number, y: number): LineHandle | null =>
  handles.find((handle) => Math.hypot(handle.x - x, handle.y - y) <= 12) ?? null;

/** The normal of the other plane after its line was dragged around the focus from one pixel to another. */
export function turnedByDrag(
  frame: PlaneFrame,
  normal: Vec3,
  focus: Vec3,
  from: readonly [number, number],
  to: readonly [number, number],
): Vec3 {
  const [x, y] = screenFromPatient(frame, focus);
  const angle = Math.atan2(to[1] - y, to[0] - x) - Math.atan2(from[1] - y, from[0] - x);
  // On the screen x runs along `right` and y along `down`: that turn is right-handed around right x down.
  return normalize(turnedAbout(normal, cross(frame.axes.right, frame.axes.down), angle));
}
