// Where pixels lie in the patient: the same picture for every position in the scanner, and nothing mirrored.
import { describe, expect, it } from "vitest";
import { cross, dot, patientFromVoxel, type Vec3 } from "#core/space";
import type { Plane } from "#host/contract";
import {
  centerOn,
  directionLetters,
  fittingMmPerPx,
  gridCenter,
  nearestVoxelCenter,
  patientFromScreen,
  planeAxes,
  type PlaneFrame,
  positionText,
  screenFromPatient,
  sliceCount,
  sliceNumber,
  towardsViewer,
} from "#viewport/planes";
import { makeGrid, positions } from "./grids.ts";

const planes: readonly Plane[] = ["axial", "sagittal", "coronal"];

function frameOf(plane: Plane, shape: Parameters<typeof makeGrid>[0]): PlaneFrame {
  const grid = makeGrid(shape);
  const axes = planeAxes(grid)[plane];
  const [widthPx, heightPx] = [300, 200];
  return {
    axes,
    widthPx,
    heightPx,
    center: gridCenter(grid),
    mmPerPx: fittingMmPerPx(grid, axes, widthPx, heightPx),
  };
}

describe("planes", () => {
  it.each(Object.entries(positions))("puts the patient's sides on the same edges for %s", (_, shape) => {
    const at = (plane: Plane, offset: Vec3) => {
      const frame = frameOf(plane, shape);
      const point: Vec3 = [
        frame.center[0] + offset[0],
        frame.center[1] + offset[1],
        frame.center[2] + offset[2],
      ];
      const [x, y] = screenFromPatient(frame, point);
      return [Math.sign(Math.round(x - 150)), Math.sign(Math.round(y - 100))];
    };
    expect(at("axial", [9, 0, 0]), "left is on screen right").toEqual([1, 0]);
    expect(at("axial", [0, -9, 0]), "anterior is up").toEqual([0, -1]);
    expect(at("coronal", [9, 0, 0]), "left is on screen right").toEqual([1, 0]);
    expect(at("coronal", [0, 0, 9]), "head is up").toEqual([0, -1]);
    expect(at("sagittal", [0, -9, 0]), "anterior is on screen left").toEqual([-1, 0]);
    expect(at("sagittal", [0, 0, 9]), "head is up").toEqual([0, -1]);
  });

  it("counts slices towards the feet, to posterior and to the right", () => {
    for (const shape of Object.values(positions)) {
      const axes = planeAxes(makeGrid(shape));
      expect(axes.axial.forward[2]).toBe(-1);
      expect(axes.coronal.forward[1]).toBe(1);
      expect(axes.sagittal.forward[0]).toBe(-1);
    }
  });

  it("numbers the slice nearest the head 1, whichever way the files ascend", () => {
    for (const shape of Object.values(positions)) {
      const grid = makeGrid(shape);
      const { axial } = planeAxes(grid);
      const ends = [0, grid.slices - 1].map((k) => patientFromVoxel(grid, 5, 5, k));
      ends.sort((a, b) => b[2] - a[2]);
      expect(ends.map((end) => sliceNumber(grid, axial, end))).toEqual([1, grid.slices]);
      expect(sliceCount(grid, axial)).toBe(grid.slices);
    }
  });

  it("never mirrors, even for a steeply oblique grid", () => {
    const a = 0.9;
    const b = 0.7;
    const rowDirection: Vec3 = [Math.cos(a), Math.sin(a), 0];
    const columnDirection: Vec3 = [-Math.sin(a) * Math.cos(b), Math.cos(a) * Math.cos(b), Math.sin(b)];
    const axes = planeAxes(makeGrid({ rowDirection, columnDirection }));
    for (const plane of planes) {
      const { right, down } = axes[plane];
      expect(dot(cross(right, down), towardsViewer(axes[plane]))).toBeCloseTo(-1);
    }
    const { axial, coronal } = axes;
    expect(dot(cross(axial.right, axial.down), coronal.down), "left x posterior is head").toBeCloseTo(-1);
  });

  it("shows a coronal acquisition with the same sides", () => {
    const axes = planeAxes(makeGrid({ rowDirection: [1, 0, 0], columnDirection: [0, 0, -1] }));
    expect(axes.axial.right).toEqual([1, 0, 0]);
    expect(axes.axial.down.map((v) => v + 0)).toEqual([0, 1, 0]);
    expect(axes.axial.index).toBe(1);
    expect(axes.coronal.index).toBe(2);
    expect(axes.coronal.stepMm).toBeCloseTo(2.5);
  });

  it("goes from screen to patient and back", () => {
    for (const plane of planes) {
      const frame = frameOf(plane, positions.FFP);
      const [x, y] = screenFromPatient(frame, patientFromScreen(frame, 37.25, 181.5));
      expect(x).toBeCloseTo(37.25);
      expect(y).toBeCloseTo(181.5);
    }
  });

  it("fits the whole grid into the view", () => {
    const grid = makeGrid(positions.HFS);
    for (const plane of planes) {
      const frame = frameOf(plane, positions.HFS);
      for (const i of [-0.5, grid.columns - 0.5])
        for (const j of [-0.5, grid.rows - 0.5])
          for (const k of [-0.5, grid.slices - 0.5]) {
            const [x, y] = screenFromPatient(frame, patientFromVoxel(grid, i, j, k));
            expect(x).toBeGreaterThanOrEqual(0);
            expect(x).toBeLessThanOrEqual(frame.widthPx);
            expect(y).toBeGreaterThanOrEqual(0);
            expect(y).toBeLessThanOrEqual(frame.heightPx);
          }
    }
  });

  it("moves to voxel centres inside the grid", () => {
    const grid = makeGrid(positions.HFP);
    const inside = patientFromVoxel(grid, 4.3, 7.6, 2.4);
    expect(nearestVoxelCenter(grid, inside)).toEqual(patientFromVoxel(grid, 4, 8, 2));
    expect(nearestVoxelCenter(grid, [500, 500, 500])).toEqual(patientFromVoxel(grid, 0, 0, grid.slices - 1));
  });

  it("names a leaning edge by its two directions, the stronger first", () => {
    expect(directionLetters([0, -1, 0])).toBe("A");
    expect(directionLetters([0, Math.cos(0.1), Math.sin(0.1)])).toBe("P");
    expect(directionLetters([0, -Math.cos(0.4), Math.sin(0.4)])).toBe("AH");
  });

  it("says where the plane lies with its sign", () => {
    const { axial, sagittal } = planeAxes(makeGrid(positions.HFS));
    expect(positionText(axial, [1, 2, 12.34])).toBe("z +12.3 mm");
    expect(positionText(sagittal, [-7.06, 0, 0])).toBe("x −7.1 mm");
    expect(positionText(sagittal, [-0.04, 0, 0])).toBe("x 0.0 mm");
  });

  it("keeps the point under the pointer while zooming", () => {
    const frame = frameOf("coronal", positions.HFS);
    const under = patientFromScreen(frame, 220, 40);
    const zoomed = { ...frame, mmPerPx: frame.mmPerPx / 3, center: centerOn(frame, 220, 40, 3) };
    const [x, y] = screenFromPatient(zoomed, under);
    expect([x, y].map((v) => Number(v.toFixed(6)))).toEqual([220, 40]);
  });
});
