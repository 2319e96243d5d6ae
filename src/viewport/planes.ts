// Where a pixel of a view lies in the patient: the three planes' axes, pan, zoom, slices and edge letters. Pure.
import type { Vec3, VoxelGrid } from "#core/space";
import {
  add,
  cross,
  dot,
  patientFromVoxel,
  scale,
  sliceNormal,
  spacingMm,
  subtract,
  voxelFromPatient,
} from "#core/space";
import type { Plane } from "#host/contract";

/** The axes of one view as unit vectors in patient space (LPS), parallel to the axes of the regular grid it shows. */
export interface PlaneAxes {
  readonly plane: Plane;
  /** Towards the right edge of the screen. */
  readonly right: Vec3;
  /** Towards the lower edge of the screen. */
  readonly down: Vec3;
  /** Slices count along it: towards the feet, to posterior, to the patient's right. */
  readonly forward: Vec3;
  /** mm between slices along `forward`. */
  readonly stepMm: number;
  /** Grid index (0 i, 1 j, 2 k) that changes along `forward`, and whether it grows. */
  readonly index: 0 | 1 | 2;
  readonly ascending: boolean;
  /** Degrees between this plane and the grid's own one; 0 shows acquired slices. `index` and the slices belong to 0 only. */
  readonly tiltDegrees: number;
  /** Degrees by which a layout or the reader turned this plane from where it is usually shown. */
  readonly turnedDegrees: number;
}

/** A view's picture: what lies at its middle, and how much a pixel is worth. Pixels are CSS pixels from the top left. */
export interface ScreenFrame {
  readonly axes: Pick<PlaneAxes, "right" | "down">;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Patient point in the middle of the view. */
  readonly center: Vec3;
  readonly mmPerPx: number;
}

/** The picture of one plane; its centre lies on the plane. */
export interface PlaneFrame extends ScreenFrame {
  readonly axes: PlaneAxes;
}

type Frame3 = readonly [Vec3, Vec3, Vec3];

/**
 * The grid's own axes as (left, posterior, head), signed and permuted so that they come closest to the patient's:
 * an oblique series is shown along its own slices, and never mirrored (only rotations are considered).
 */
function patientLikeAxes(grid: VoxelGrid): Frame3 {
  const own: Frame3 = [grid.rowDirection, grid.columnDirection, sliceNormal(grid)];
  let best: Frame3 = own;
  let bestTrace = -Infinity;
  for (const [a, b] of [
    [0, 1],
    [0, 2],
    [1, 0],
    [1, 2],
    [2, 0],
    [2, 1],
  ]) {
    for (const leftSign of [1, -1]) {
      for (const posteriorSign of [1, -1]) {
        const left = scale(own[a], leftSign);
        const posterior = scale(own[b], posteriorSign);
        const head = cross(left, posterior);
        const trace = left[0] + posterior[1] + head[2];
        if (trace > bestTrace + 1e-9) {
          bestTrace = trace;
          best = [left, posterior, head];
        }
      }
    }
  }
  return best;
}

/**
 * Axes of the three views over a regular grid, whatever the position in the scanner: anterior up in axial, head up in
 * sagittal and coronal, the patient's left on screen right, anterior on screen left in sagittal.
 */
export function planeAxes(grid: VoxelGrid): Readonly<Record<Plane, PlaneAxes>> {
  const [left, posterior, head] = patientLikeAxes(grid);
  const own: Frame3 = [grid.rowDirection, grid.columnDirection, sliceNormal(grid)];
  const spacing = spacingMm(grid);
  const axes = (plane: Plane, right: Vec3, down: Vec3, forward: Vec3): PlaneAxes => {
    const along = own.map((axis) => dot(axis, forward));
    const index = Math.abs(along[0]) > 0.5 ? 0 : Math.abs(along[1]) > 0.5 ? 1 : 2;
    return {
      plane,
      right,
      down,
      forward,
      stepMm: spacing[index],
      index,
      ascending: along[index] > 0,
      tiltDegrees: 0,
      turnedDegrees: 0,
    };
  };
  return {
    axial: axes("axial", left, posterior, scale(head, -1)),
    coronal: axes("coronal", left, scale(head, -1), posterior),
    sagittal: axes("sagittal", posterior, scale(head, -1), scale(left, -1)),
  };
}

export function patientFromScreen(frame: ScreenFrame, x: number, y: number): Vec3 {
  const { right, down } = frame.axes;
  const u = (x - frame.widthPx / 2) * frame.mmPerPx;
  const v = (y - frame.heightPx / 2) * frame.mmPerPx;
  const c = frame.center;
  return [
    c[0] + u * right[0] + v * down[0],
    c[1] + u * right[1] + v * down[1],
    c[2] + u * right[2] + v * down[2],
  ];
}

/** Where a patient point falls when it is projected onto the view. */
export function screenFromPatient(frame: ScreenFrame, point: Vec3): readonly [number, number] {
  const d = subtract(point, frame.center);
  return [
    frame.widthPx / 2 + dot(d, frame.axes.right) / frame.mmPerPx,
    frame.heightPx / 2 + dot(d, frame.axes.down) / frame.mmPerPx,
  ];
}

/** mm from the view's plane, positive in the direction in which slices count. */
export const depthMm = (frame: PlaneFrame, point: Vec3): number =>
  dot(subtract(point, frame.center), frame.axes.forward);

/** Unit vector from the plane to the eye. */
export const towardsViewer = (axes: PlaneAxes): Vec3 => cross(axes.down, axes.right);

/** Centre of the voxel nearest to a point, inside the grid; views move between voxel centres so that slices stay sharp. */
export function nearestVoxelCenter(grid: VoxelGrid, point: Vec3): Vec3 {
  const [i, j, k] = voxelFromPatient(grid, point);
  const within = (v: number, count: number) => Math.max(0, Math.min(count - 1, Math.round(v)));
  return patientFromVoxel(grid, within(i, grid.columns), within(j, grid.rows), within(k, grid.slices));
}

export const gridCenter = (grid: VoxelGrid): Vec3 =>
  patientFromVoxel(grid, (grid.columns - 1) / 2, (grid.rows - 1) / 2, (grid.slices - 1) / 2);

/** Slices of a grid along `forward`. */
export const sliceCount = (grid: VoxelGrid, { index }: PlaneAxes): number =>
  [grid.columns, grid.rows, grid.slices][index];

/** Number of the slice through a point, from 1, counted along `forward`. */
export function sliceNumber(grid: VoxelGrid, axes: PlaneAxes, point: Vec3): number {
  const index = Math.round(voxelFromPatient(grid, point)[axes.index]);
  return axes.ascending ? index + 1 : sliceCount(grid, axes) - index;
}

/** mm per pixel at which the whole grid just fits, with a margin for the letters at the edges. */
export function fittingMmPerPx(grid: VoxelGrid, axes: PlaneAxes, widthPx: number, heightPx: number): number {
  const spacing = spacingMm(grid);
  const counts = [grid.columns, grid.rows, grid.slices];
  const own = [grid.rowDirection, grid.columnDirection, sliceNormal(grid)];
  const extent = (along: Vec3) =>
    own.reduce((sum, axis, n) => sum + Math.abs(dot(axis, along)) * spacing[n] * counts[n], 0);
  const margin = 0.97;
  return Math.max(
    extent(axes.right) / Math.max(1, widthPx * margin),
    extent(axes.down) / Math.max(1, heightPx * margin),
  );
}

/** Letters of a direction, strongest first: "A", or "AH" where it leans more than about 10 degrees. LPS. */
export function directionLetters(direction: Vec3): string {
  const letters: readonly (readonly [string, string])[] = [
    ["L", "R"],
    ["P", "A"],
    ["H", "F"],
  ];
  return [0, 1, 2]
    .filter((n) => Math.abs(direction[n]) > 0.17)
    .sort((a, b) => Math.abs(direction[b]) - Math.abs(direction[a]))
    .map((n) => letters[n][direction[n] > 0 ? 0 : 1])
    .join("");
}

/** "z +12.3 mm": where the plane lies along the patient axis that is closest to its normal. */
export function positionText(axes: PlaneAxes, point: Vec3): string {
  const size = axes.forward.map(Math.abs);
  const n = size.indexOf(Math.max(...size));
  const digits = Math.abs(point[n]).toFixed(1);
  const sign = digits === "0.0" ? "" : point[n] < 0 ? "−" : "+";
  return `${"xyz"[n]} ${sign}${digits} mm`;
}

/** The centre of the picture after zooming in by `factor`, with the point under the pixel (x, y) kept where it is. */
export function centerOn(frame: ScreenFrame, x: number, y: number, factor: number): Vec3 {
  const under = patientFromScreen(frame, x, y);
  return add(under, scale(subtract(frame.center, under), 1 / factor));
}
