// Pan and zoom: what is under the pointer stays there, a field in mm survives a resize, and the focus gives the depth.
import { describe, expect, it } from "vitest";
import { dot, patientFromVoxel, subtract } from "#core/space";
import { fittingCameras, inSight, panned, planeFrame, zoomed } from "#viewport/plane-cameras";
import { patientFromScreen, planeAxes, screenFromPatient } from "#viewport/planes";
import { makeGrid, positions } from "./grids.ts";

const grid = makeGrid(positions.FFS);
const axes = planeAxes(grid).sagittal;
const focus = patientFromVoxel(grid, 3, 9, 5);
const frame = planeFrame(grid, axes, fittingCameras(grid).sagittal, focus, 320, 240);

describe("plane cameras", () => {
  it("lie at the focus's depth, wherever they are panned to", () => {
    const moved = planeFrame(
      grid,
      axes,
      panned(frame, fittingCameras(grid).sagittal, 40, -25),
      focus,
      320,
      240,
    );
    for (const { center } of [frame, moved]) {
      expect(dot(subtract(center, focus), axes.forward)).toBeCloseTo(0);
    }
  });

  it("move the picture with the pointer", () => {
    const point = patientFromScreen(frame, 100, 90);
    const moved = planeFrame(
      grid,
      axes,
      panned(frame, fittingCameras(grid).sagittal, 40, -25),
      focus,
      320,
      240,
    );
    const [x, y] = screenFromPatient(moved, point);
    expect(x).toBeCloseTo(140);
    expect(y).toBeCloseTo(65);
  });

  it("zoom around the pointer, within bounds", () => {
    const point = patientFromScreen(frame, 250, 60);
    for (const factor of [2.5, 0.4, 1e6]) {
      const next = planeFrame(grid, axes, zoomed(frame, factor, 250, 60), focus, 320, 240);
      const [x, y] = screenFromPatient(next, point);
      expect(x).toBeCloseTo(250);
      expect(y).toBeCloseTo(60);
      expect(next.mmPerPx * 240).toBeGreaterThanOrEqual(8 - 1e-9);
    }
  });

  it("show the same mm after the view has been enlarged", () => {
    const camera = zoomed(frame, 3, 160, 120);
    const small = planeFrame(grid, axes, camera, focus, 320, 240);
    const large = planeFrame(grid, axes, camera, focus, 960, 720);
    expect(large.mmPerPx * 720).toBeCloseTo(small.mmPerPx * 240);
  });

  it("know whether a point is well inside the picture", () => {
    expect(inSight(frame, patientFromScreen(frame, 160, 120))).toBe(true);
    expect(inSight(frame, patientFromScreen(frame, 5, 120))).toBe(false);
    expect(inSight(frame, patientFromScreen(frame, 160, 300))).toBe(false);
  });
});
