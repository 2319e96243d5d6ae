// The picture of one slice: where its pixels fall on the screen, and their grey.
import { describe, expect, it } from "vitest";
import type { VoxelGrid } from "#core/space";
import { fittingCameras, planeFrame } from "../../../src/viewport/plane-cameras.ts";
import { gridCenter, planeAxes, screenFromPatient } from "../../../src/viewport/planes.ts";
import { paintGrey, screenFromSlice } from "../../../src/viewport/slice-picture.ts";
import { patientFromVoxel } from "#core/space";

const grid: VoxelGrid = {
  columns: 30,
  rows: 20,
  slices: 1,
  columnSpacingMm: 0.5,
  rowSpacingMm: 0.8,
  rowDirection: [1, 0, 0],
  columnDirection: [0, 1, 0],
  slicePositions: [[-10, -20, 30]],
};
/** Prone, feet first: rows and columns run against the screen. */
const prone: VoxelGrid = { ...grid, rowDirection: [-1, 0, 0], columnDirection: [0, -1, 0] };

describe("the picture of one slice", () => {
  it.each([grid, prone])("has each voxel where the case's views have it", (one) => {
    const frame = planeFrame(one, planeAxes(one).axial, fittingCameras(one).axial, gridCenter(one), 300, 200);
    const [a, b, c, d, e, f] = screenFromSlice(
      { grid: one, hu: new Int16Array(0), resampled: false },
      frame,
      2,
    );
    for (const [i, j] of [
      [0, 0],
      [29, 0],
      [3, 19],
    ]) {
      const [x, y] = screenFromPatient(frame, patientFromVoxel(one, i, j, 0));
      const [u, v] = [i + 0.5, j + 0.5];
      expect(a * u + c * v + e).toBeCloseTo(2 * x);
      expect(b * u + d * v + f).toBeCloseTo(2 * y);
    }
  });

  it("is black below the window and white above it, opaque everywhere", () => {
    const pixels = new Uint32Array(5);
    paintGrey(pixels, Int16Array.of(-32768, -500, 1000, 2500, 32767), { widthHu: 3000, levelHu: 1000 });
    expect([...pixels].map((pixel) => pixel.toString(16))).toEqual([
      "ff000000",
      "ff000000",
      "ff808080",
      "ffffffff",
      "ffffffff",
    ]);
  });
});
