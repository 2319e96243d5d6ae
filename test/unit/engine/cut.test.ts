// Cutting parts: the piece beyond the neck comes free, nothing is lost, and the wall stays where it was drawn.
import { expect, it } from "vitest";
import type { Vec3 } from "#core/space";
import { voxelFromPatient } from "#core/space";
import { equalMasks, unionAll } from "#voxels/set-operations";
import { maskHas, voxelCount } from "#voxels/mask";
import { cutByContour, cutByLine } from "../../../plugins/cement-leakage/engine/cut.ts";
import { ball, either, regularGrid, rod, solidMask } from "./painted-volume.ts";

const grid = regularGrid([60, 50, 40], [0.8, 0.8, 1]);
const inside = ball([-8, 0, 0], 9);
const outside = ball([12, 0, 0], 5);
const dumbbell = solidMask(grid, either(inside, outside, rod([-8, 0, 0], [12, 0, 0], 1.6)));
const has = (mask: Parameters<typeof maskHas>[0], p: Vec3) => {
  const [i, j, k] = voxelFromPatient(grid, p).map(Math.round);
  return maskHas(mask, i, j, k);
};

it("frees the piece beyond the neck, keeps every voxel, and returns the larger piece first", () => {
  const pieces = cutByLine(dumbbell, grid, { from: [4, -4, 0], to: [4, 4, 0], normal: [0, 0, 1] });
  expect(pieces).toHaveLength(2);
  expect(has(pieces[0], [-8, 0, 0])).toBe(true);
  expect(has(pieces[1], [12, 0, 0])).toBe(true);
  expect(equalMasks(unionAll(grid, pieces), dumbbell)).toBe(true);
  expect(voxelCount(pieces[0]) + voxelCount(pieces[1])).toBe(voxelCount(dumbbell));
});

it.each([
  { from: [3, -1, 3], to: [5, 1, 3], normal: [0, 0, 1] },
  { from: [6, 0.5, -5], to: [2, 0.5, 5], normal: [0, 1, 0] },
  { from: [4, -1, 0], to: [4, 1, 0], normal: [0, 0, 1] },
] as const)("separates although the line is short, slanted or off the middle: %j", (line) => {
  const pieces = cutByLine(dumbbell, grid, line);
  expect(pieces).toHaveLength(2);
  expect(has(pieces[1], [12, 0, 0])).toBe(true);
});

it("does not cut far from the drawn line: a second neck in the line's plane stays whole", () => {
  // Two legs cross the same plane; the line is drawn over one of them only, so nothing can come free.
  const ring = solidMask(
    grid,
    either(inside, ball([12, 0, 0], 6), rod([-8, 7, 0], [12, 5, 0], 1.5), rod([-8, -7, 0], [12, -5, 0], 1.5)),
  );
  const pieces = cutByLine(ring, grid, { from: [4, 3, 0], to: [4, 8, 0], normal: [0, 0, 1] });
  expect(pieces).toHaveLength(1);
  expect(equalMasks(pieces[0], ring)).toBe(true);
});

it("leaves a part whole when the line misses it", () => {
  expect(cutByLine(dumbbell, grid, { from: [-20, 15, 0], to: [-10, 17, 0], normal: [0, 0, 1] })).toHaveLength(
    1,
  );
});

it("keeps loose islands with the larger piece", () => {
  const withIsland = solidMask(
    grid,
    either(inside, outside, rod([-8, 0, 0], [12, 0, 0], 1.6), ball([20, 15, 0], 2)),
  );
  const pieces = cutByLine(withIsland, grid, { from: [4, -4, 0], to: [4, 4, 0], normal: [0, 0, 1] });
  expect(pieces).toHaveLength(2);
  expect(has(pieces[0], [20, 15, 0])).toBe(true);
});

it("splits by a contour along the view's normal, through every slice", () => {
  const polygon: Vec3[] = [
    [5, -10, 0],
    [20, -10, 0],
    [20, 10, 0],
    [5, 10, 0],
  ];
  const { inside: within, outside: rest } = cutByContour(dumbbell, grid, { polygon, normal: [0, 0, 1] });
  expect(has(within, [12, 0, 4])).toBe(true);
  expect(has(within, [12, 0, -4])).toBe(true);
  expect(has(rest, [-8, 0, 0])).toBe(true);
  expect(voxelCount(within) + voxelCount(rest)).toBe(voxelCount(dumbbell));
});
