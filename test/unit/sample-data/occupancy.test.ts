// Volumes of known shapes: what is called exact must be, and shares of voxels must add up to it.
import { expect, it } from "vitest";
import type { Vec3 } from "#core/space";
import { measure, occupy } from "../../../sample-data/occupancy.ts";
import type { AxialGrid } from "../../../sample-data/render.ts";
import type { Solid } from "../../../sample-data/shapes.ts";
import { tube } from "../../../sample-data/shapes.ts";

const sphere = (at: Vec3, radius: number): Solid => ({
  distance: (x, y, z) => Math.hypot(x - at[0], y - at[1], z - at[2]) - radius,
  box: {
    min: [at[0] - radius, at[1] - radius, at[2] - radius],
    max: [at[0] + radius, at[1] + radius, at[2] + radius],
  },
});

const grid = (spacing: Vec3): AxialGrid => ({
  spacing,
  origin: [-20, -20, -20],
  grid: {
    columns: Math.round(40 / spacing[0]),
    rows: Math.round(40 / spacing[1]),
    slices: Math.round(40 / spacing[2]),
    columnSpacingMm: spacing[0],
    rowSpacingMm: spacing[1],
    rowDirection: [1, 0, 0],
    columnDirection: [0, 1, 0],
    slicePositions: Array.from({ length: Math.round(40 / spacing[2]) }, (_, k): Vec3 => [
      -20,
      -20,
      -20 + k * spacing[2],
    ]),
  },
});

it("measures a sphere of 3 mm and a tube of 1 mm within 0.3 %", () => {
  const ball = measure(sphere([0.3, -0.2, 0.4], 3), 0.125);
  expect(Math.abs(ball.volumeMm3 / ((4 / 3) * Math.PI * 27) - 1)).toBeLessThan(0.003);
  expect(
    Math.hypot(ball.centroidMm[0] - 0.3, ball.centroidMm[1] + 0.2, ball.centroidMm[2] - 0.4),
  ).toBeLessThan(0.01);
  const ends: [Vec3, Vec3] = [
    [-7, -3, 2],
    [5, 6, -4],
  ];
  const thin = measure(tube(ends.map((at) => ({ at, radiusMm: 1 }))), 0.125);
  const exact = Math.PI * Math.hypot(12, 9, 6) + (4 / 3) * Math.PI;
  expect(Math.abs(thin.volumeMm3 / exact - 1)).toBeLessThan(0.003);
});

it.each([[[0.7, 0.7, 1]], [[0.7, 0.7, 5]], [[0.5, 0.5, 0.6]]] as readonly (readonly [Vec3])[])(
  "adds the shares of %j mm voxels up to the exact volume",
  (spacing) => {
    const solid = sphere([0.31, -0.17, 0.43], 4);
    const { share } = occupy(solid, grid(spacing));
    const sum = share.reduce((total, part) => total + part, 0) * spacing[0] * spacing[1] * spacing[2];
    expect(Math.abs(sum / ((4 / 3) * Math.PI * 64) - 1)).toBeLessThan(0.01);
  },
);
