// Resampling keeps places: a linear ramp in patient space stays the same ramp on any grid.
import { expect, it } from "vitest";
import type { Vec3, VoxelGrid } from "#core/space";
import { patientFromVoxel } from "#core/space";
import type { CtVolume } from "#core/volume";
import { evenGrid, patientBounds, resampleVolume, sampleField } from "#voxels/resample";

const ramp = (p: Vec3) => 3 * p[0] - 2 * p[1] + 5 * p[2];

function rampVolume(grid: VoxelGrid): CtVolume {
  const hu = new Int16Array(grid.columns * grid.rows * grid.slices);
  let at = 0;
  for (let k = 0; k < grid.slices; k++)
    for (let j = 0; j < grid.rows; j++)
      for (let i = 0; i < grid.columns; i++) hu[at++] = Math.round(ramp(patientFromVoxel(grid, i, j, k)));
  return { grid, hu, storableHu: [-32768, 32767], clippedAtHu: null };
}

const supine: VoxelGrid = {
  columns: 30,
  rows: 28,
  slices: 12,
  columnSpacingMm: 1.3,
  rowSpacingMm: 1.1,
  rowDirection: [1, 0, 0],
  columnDirection: [0, 1, 0],
  slicePositions: Array.from({ length: 12 }, (_, k): Vec3 => [-19, -15, -14 + 2.5 * k]),
};

it.each([
  ["supine", supine],
  [
    "prone",
    {
      ...supine,
      rowDirection: [-1, 0, 0] as const,
      columnDirection: [0, -1, 0] as const,
      slicePositions: supine.slicePositions.map((p): Vec3 => [-p[0], -p[1], p[2]]),
    },
  ],
  [
    "unevenly spaced",
    {
      ...supine,
      slicePositions: supine.slicePositions.map((p, k): Vec3 => [p[0], p[1], p[2] + 0.05 * k * k]),
    },
  ],
  [
    "tilted",
    { ...supine, slicePositions: supine.slicePositions.map((p, k): Vec3 => [p[0], p[1] + 0.4 * k, p[2]]) },
  ],
])("keeps a ramp in place from a %s scan", (_name, grid) => {
  const target = evenGrid([-8, -8, -8], [8, 8, 8], 1);
  const { hu } = resampleVolume(rampVolume(grid), target);
  let worst = 0;
  let at = 0;
  for (let k = 0; k < target.slices; k++)
    for (let j = 0; j < target.rows; j++)
      for (let i = 0; i < target.columns; i++)
        worst = Math.max(worst, Math.abs(hu[at++] - ramp(patientFromVoxel(target, i, j, k))));
  // half a HU from rounding the source, one from truncating the result
  expect(worst).toBeLessThan(2);
});

it("marks what lies outside the scan", () => {
  const target = evenGrid([100, 100, 100], [104, 104, 104], 2);
  expect(new Set(resampleVolume(rampVolume(supine), target, -777).hu)).toEqual(new Set([-777]));
});

it("bounds a grid by its voxel centres whatever its directions", () => {
  const { minMm, maxMm } = patientBounds(supine);
  expect(minMm).toEqual([-19, -15, -14]);
  expect(maxMm[0]).toBeCloseTo(-19 + 29 * 1.3, 9);
  expect(maxMm[2]).toBeCloseTo(-14 + 11 * 2.5, 9);
});

it("reads a field between its points", () => {
  const grid = evenGrid([0, 0, 0], [4, 4, 4], 1);
  const field = Float32Array.from({ length: 125 }, (_, n) => (n % 5) + 10 * Math.floor(n / 25));
  expect(sampleField(field, grid, [1.5, 2, 2.25])).toBeCloseTo(1.5 + 22.5, 5);
});
