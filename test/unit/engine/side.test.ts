// Left and right come from the bones: the same patient lying or scanned otherwise gives the same sides.
import { expect, it } from "vitest";
import type { Vec3, VoxelGrid } from "#core/space";
import { leftOfMidlineMm, patientMidline, sideOf } from "../../../plugins/cement-leakage/engine/side.ts";
import type { Solid } from "./painted-volume.ts";
import { ball, paintVolume, regularGrid, rod } from "./painted-volume.ts";

/** Two iliac-like rods and a middle block, symmetric about x = offset + slope * z. */
const pelvis = (offset: number, slope: number): Solid[] => {
  const x = (left: number, z: number) => offset + slope * z + left;
  return [
    rod([x(55, -40), -20, -40], [x(70, 40), 15, 40], 8),
    rod([x(-55, -40), -20, -40], [x(-70, 40), 15, 40], 8),
    rod([x(0, -40), 20, -40], [x(0, 40), 5, 40], 15),
    rod([x(20, 0), 10, 0], [x(-20, 0), 10, 0], 10),
  ];
};
const paint = (grid: VoxelGrid, solids: Solid[]) =>
  paintVolume(
    grid,
    40,
    solids.map((solid) => ({ solid, hu: 500 })),
    { noiseHu: 15, seed: 4 },
  );
const grid = regularGrid([110, 60, 50], [2, 2, 2]);

it.each([
  [0, 0],
  [14, 0],
  [-11, 0.12],
])("finds the plane of a pelvis shifted by %d mm and turned by %d", (offset, slope) => {
  const midline = patientMidline(paint(grid, pelvis(offset, slope)))!;
  for (const z of [-30, 0, 30])
    expect(Math.abs(leftOfMidlineMm(midline, [offset + slope * z, 0, z]))).toBeLessThan(3);
  expect(sideOf(midline, [offset + 40, 0, 0])).toBe("left");
  expect(sideOf(midline, [offset - 40, 0, 0])).toBe("right");
  expect(sideOf(midline, [offset + 2, 0, 0])).toBe("midline");
});

it("is the same for rows and columns that run the other way (prone, feet first)", () => {
  const turned: VoxelGrid = {
    ...grid,
    rowDirection: [-1, 0, 0],
    columnDirection: [0, -1, 0],
    slicePositions: grid.slicePositions.map((p): Vec3 => [-p[0], -p[1], p[2]]),
  };
  const midline = patientMidline(paint(turned, pelvis(9, 0)))!;
  expect(Math.abs(leftOfMidlineMm(midline, [9, 0, 0]))).toBeLessThan(3);
  expect(sideOf(midline, [50, 0, 0])).toBe("left");
});

it("is not pulled over by dense cement on one side", () => {
  const solids = pelvis(0, 0);
  const volume = paintVolume(
    grid,
    40,
    [...solids.map((solid) => ({ solid, hu: 450 })), { solid: ball([30, 5, 0], 12), hu: 2500 }],
    { noiseHu: 10 },
  );
  expect(Math.abs(leftOfMidlineMm(patientMidline(volume)!, [0, 0, 0]))).toBeLessThan(3);
});

it("is null where there is no bone", () => {
  expect(patientMidline(paint(grid, []))).toBeNull();
});
