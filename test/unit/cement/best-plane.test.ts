// The plane that shows most of a leak: areas in mm2 against boxes counted by hand, in any orientation of the series.
import { describe, expect, it } from "vitest";
import { crossSections } from "#cement/exports/best-plane";
import { distance, patientFromVoxel, type VoxelGrid } from "#core/space";
import { RunBuilder, type RunMask } from "#voxels/mask";
import { smallSeries, type SmallSeriesOptions } from "../dicom/small-series.ts";

const gridOf = (options: SmallSeriesOptions = {}): VoxelGrid => smallSeries(options).grid;

/** All voxels of [i0, i1) x [j0, j1) x [k0, k1). */
function box(grid: VoxelGrid, [i0, i1]: number[], [j0, j1]: number[], [k0, k1]: number[]): RunMask {
  const builder = new RunBuilder(grid);
  for (let k = k0; k < k1; k++) for (let j = j0; j < j1; j++) builder.add(k * grid.rows + j, i0, i1);
  return builder.finish();
}

// Voxels of 0.7 x 0.8 x 1.25 mm.
describe("the best plane", () => {
  it("is the one with the largest cross-section in mm2, centred on it", () => {
    const grid = gridOf();
    // 2 columns, 10 rows, 6 slices: sagittal 10 x 0.8 x 6 x 1.25 = 60 mm2.
    const sections = crossSections(box(grid, [5, 7], [4, 14], [2, 8]), grid);
    expect(sections.map(({ plane }) => plane)).toEqual(["sagittal", "axial", "coronal"]);
    expect(sections[0].areaMm2).toBeCloseTo(60, 6);
    expect(sections[1].areaMm2).toBeCloseTo(2 * 0.7 * 10 * 0.8, 6);
    expect(sections[2].areaMm2).toBeCloseTo(2 * 0.7 * 6 * 1.25, 6);
    expect(distance(sections[0].at, patientFromVoxel(grid, 5, 8.5, 4.5))).toBeLessThan(1e-6);
  });

  it("takes millimetres, not voxels: thick slices count for what they are", () => {
    const grid = gridOf({ spacingMm: 5 });
    // 9 x 9 voxels of a slice are 45 mm2; 9 columns by 3 slices are 94.5 mm2.
    const [best] = crossSections(box(grid, [5, 14], [5, 14], [2, 5]), grid);
    expect(best.plane).toBe("sagittal");
    expect(best.areaMm2).toBeCloseTo(9 * 0.8 * 3 * 5, 6);
  });

  it("counts uneven slices by their own thickness", () => {
    const grid = gridOf({ spacingMm: [1, 3], slices: 6 });
    // Slices at 0, 1, 4, 5, 8, 9: those at 1 and 4 stand for 2 mm each.
    const sections = crossSections(box(grid, [5, 6], [4, 9], [1, 3]), grid);
    expect(sections.find(({ plane }) => plane === "sagittal")?.areaMm2).toBeCloseTo(5 * 0.8 * 4, 6);
  });

  it("goes to the widest place of a part that is not the same all along", () => {
    const grid = gridOf();
    const builder = new RunBuilder(grid);
    for (let k = 0; k < 9; k++)
      for (let j = 10; j < 11 + k; j++) builder.add(k * grid.rows + j, 8, k === 8 ? 28 : 9);
    const sections = crossSections(builder.finish(), grid);
    const axial = sections.find(({ plane }) => plane === "axial");
    expect(axial?.areaMm2).toBeCloseTo(9 * 20 * 0.7 * 0.8, 6);
    expect(distance(axial?.at ?? [0, 0, 0], patientFromVoxel(grid, 17.5, 14, 8))).toBeLessThan(1e-6);
  });

  it("names the planes of the patient, whatever the slices are", () => {
    const wide = (grid: VoxelGrid) => crossSections(box(grid, [5, 15], [4, 14], [2, 4]), grid)[0].plane;
    expect(wide(gridOf())).toBe("axial");
    expect(wide(gridOf({ rowDirection: [-1, 0, 0], columnDirection: [0, -1, 0] }))).toBe("axial"); // prone
    expect(wide(gridOf({ columnDirection: [0, 0, -1] }))).toBe("coronal");
    expect(wide(gridOf({ rowDirection: [0, 1, 0], columnDirection: [0, 0, -1] }))).toBe("sagittal");
    const tilted = gridOf({ columnDirection: [0, Math.cos(0.3), Math.sin(0.3)] });
    expect(wide(tilted)).toBe("axial");
    const all = crossSections(box(tilted, [5, 15], [4, 14], [2, 4]), tilted).map(({ plane }) => plane);
    expect(new Set(all)).toEqual(new Set(["axial", "sagittal", "coronal"]));
  });

  it("prefers acquired slices where all show the same, and has nothing for nothing", () => {
    const grid: VoxelGrid = { ...gridOf({ spacingMm: 1 }), columnSpacingMm: 1, rowSpacingMm: 1 };
    expect(crossSections(box(grid, [5, 8], [5, 8], [5, 8]), grid).map(({ plane }) => plane)).toEqual([
      "axial",
      "sagittal",
      "coronal",
    ]);
    expect(crossSections(new RunBuilder(grid).finish(), grid)).toEqual([]);
  });
});
