// Pan and zoom of the planes; their depth is the focus's. Pure.
import type { Vec3, VoxelGrid } from "#core/space";
import { add, dot, scale, subtract } from "#core/space";
import type { Plane } from "#host/contract";
import {
  centerOn,
  fittingMmPerPx,
  gridCenter,
  type PlaneAxes,
  type PlaneFrame,
  screenFromPatient,
} from "./planes.ts";

export interface PlaneCamera {
  readonly center: Vec3;
  /** mm across the shorter side of the view, whatever its size; null fits the whole volume. */
  readonly fieldMm: number | null;
}

export type PlaneCameras = Readonly<Record<Plane, PlaneCamera>>;

const smallestFieldMm = 8;
const largestFieldMm = 1500;

export function fittingCameras(grid: VoxelGrid): PlaneCameras {
  const camera: PlaneCamera = { center: gridCenter(grid), fieldMm: null };
  return { axial: camera, sagittal: camera, coronal: camera };
}

/** The picture of a view of this size at the focus's depth. `grid` is the regular grid that is shown. */
export function planeFrame(
  grid: VoxelGrid,
  axes: PlaneAxes,
  { center, fieldMm }: PlaneCamera,
  focus: Vec3,
  widthPx: number,
  heightPx: number,
): PlaneFrame {
  return {
    axes,
    widthPx,
    heightPx,
    center: add(center, scale(axes.forward, dot(subtract(focus, center), axes.forward))),
    mmPerPx:
      fieldMm === null
        ? fittingMmPerPx(grid, axes, widthPx, heightPx)
        : fieldMm / Math.min(widthPx, heightPx),
  };
}

export function panned(frame: PlaneFrame, camera: PlaneCamera, dxPx: number, dyPx: number): PlaneCamera {
  const { right, down } = frame.axes;
  const shift = add(scale(right, -dxPx * frame.mmPerPx), scale(down, -dyPx * frame.mmPerPx));
  return { ...camera, center: add(camera.center, shift) };
}

/** Zoomed in by `factor` with what is under the pixel (x, y) kept there. */
export function zoomed(frame: PlaneFrame, factor: number, x: number, y: number): PlaneCamera {
  const field = frame.mmPerPx * Math.min(frame.widthPx, frame.heightPx);
  const fieldMm = Math.max(smallestFieldMm, Math.min(largestFieldMm, field / factor));
  return { center: centerOn(frame, x, y, field / fieldMm), fieldMm };
}

/** Whether a point lies well inside the picture (4 % from its edges). */
export function inSight(frame: PlaneFrame, point: Vec3): boolean {
  const [x, y] = screenFromPatient(frame, point);
  const marginX = frame.widthPx * 0.04;
  const marginY = frame.heightPx * 0.04;
  return x >= marginX && y >= marginY && x <= frame.widthPx - marginX && y <= frame.heightPx - marginY;
}
