// Moving the floor keeps the reader's decisions: earlier parts grow or shrink with the voxels, strangers become new parts.
import { expect, it } from "vitest";
import { difference, equalMasks, intersection, unionAll } from "#voxels/set-operations";
import { isEmpty, voxelCount } from "#voxels/mask";
import { regrow } from "../../../plugins/cement-leakage/engine/regrow.ts";
import { ball, either, regularGrid, solidMask } from "./painted-volume.ts";

const grid = regularGrid([60, 40, 30], [0.7, 0.7, 1.5]);
const left = ball([-8, 0, 0], 5);
const right = ball([8, 0, 0], 5);
const island = ball([0, 12, 10], 1.8);

it("gives each new voxel to the nearest connected part and names what no part reaches as new", () => {
  const previous = new Map([
    ["a", solidMask(grid, left)],
    ["b", solidMask(grid, right)],
  ]);
  const found = solidMask(grid, either(ball([-8, 0, 0], 8.5), ball([8, 0, 0], 8.5), island));
  const { carried, fresh } = regrow(previous, found, grid);
  const a = carried.get("a")!;
  const b = carried.get("b")!;
  expect(fresh).toHaveLength(1);
  expect(equalMasks(fresh[0], solidMask(grid, island))).toBe(true);
  expect(equalMasks(unionAll(grid, [a, b, fresh[0]]), found)).toBe(true);
  expect(isEmpty(intersection(a, b))).toBe(true);
  expect(Math.abs(voxelCount(a) - voxelCount(b)) / voxelCount(a)).toBeLessThan(0.05);
});

it("shrinks parts when the floor rises and keeps an emptied part's key", () => {
  const previous = new Map([
    ["big", solidMask(grid, left)],
    ["gone", solidMask(grid, island)],
  ]);
  const found = solidMask(grid, ball([-8, 0, 0], 3));
  const { carried, fresh } = regrow(previous, found);
  expect(equalMasks(carried.get("big")!, found)).toBe(true);
  expect(isEmpty(carried.get("gone")!)).toBe(true);
  expect(fresh).toHaveLength(0);
});

it("keeps a cut: two halves of one part do not swallow each other", () => {
  const whole = solidMask(grid, ball([0, 0, 0], 8));
  const half = solidMask(grid, (p) => Math.max(ball([0, 0, 0], 8)(p), p[0]));
  const { carried } = regrow(
    new Map([
      ["in", half],
      ["out", difference(whole, half)],
    ]),
    solidMask(grid, ball([0, 0, 0], 9)),
    grid,
  );
  const ratio = voxelCount(carried.get("in")!) / voxelCount(carried.get("out")!);
  expect(ratio).toBeGreaterThan(0.8);
  expect(ratio).toBeLessThan(1.3);
});
