// Where bone ends in a scan before anything is implanted: fatty marrow behind a foramen is bone, a wide gap between bones is not.
import { expect, it } from "vitest";
import type { Vec3 } from "#core/space";
import { cleanBone } from "#sample-data/clean-bone";
import { paintVolume, regularGrid } from "../engine/painted-volume.ts";

/** A block of cortex round marrow of fat, with a round opening in front, in soft tissue. Negative inside. */
const block = (openingMm: number) => {
  const outer = ([x, y, z]: Vec3) => Math.max(Math.abs(x) - 32, Math.abs(y) - 26, Math.abs(z) - 32);
  return paintVolume(regularGrid([80, 70, 80], [3, 3, 3]), 50, [
    { solid: outer, hu: 500 },
    { solid: (p) => outer(p) + 5, hu: -60 },
    { solid: ([x, y, z]) => Math.max(Math.hypot(x, z) - openingMm / 2, y + 19), hu: 40 },
  ]);
};
const marrow: Vec3 = [0, 8, 0];

it("fatty marrow behind a foramen is inside", () => {
  expect(cleanBone(block(21), [0, 0, 0]).surfaceMm(marrow)).toBeLessThan(-2);
});

it("what lies behind a wide opening is outside", () => {
  expect(cleanBone(block(34), [0, 0, 0]).surfaceMm(marrow)).toBeGreaterThan(2);
});
