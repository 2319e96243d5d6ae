// A screw in the slices of a leak is seen; dense clumps of its own cement and a needle's tip are not taken for one.
import { expect, it } from "vitest";
import type { CtVolume } from "#core/volume";
import { RunBuilder } from "#voxels/mask";
import { shareAmidMetal } from "../../../plugins/cement-leakage/engine/metal-near.ts";
import { regularGrid } from "./painted-volume.ts";

const grid = regularGrid([40, 40, 6], [1, 1, 1]);

/** A part of 5 x 5 voxels in each of the slices 1 to 4, and a square of 3071 HU beside it. */
function scan(sideMm: number, slices: readonly number[]) {
  const hu = new Int16Array(40 * 40 * 6).fill(40);
  const part = new RunBuilder(grid);
  for (let k = 1; k <= 4; k++) for (let j = 5; j < 10; j++) part.add(k * 40 + j, 5, 10);
  const dense = new RunBuilder(grid);
  for (const k of slices)
    for (let j = 20; j < 20 + sideMm; j++) {
      dense.add(k * 40 + j, 20, 20 + sideMm);
      hu.fill(3071, (k * 40 + j) * 40 + 20, (k * 40 + j) * 40 + 20 + sideMm);
    }
  const volume: CtVolume = { grid, hu, storableHu: [-1024, 3071], clippedAtHu: 3071 };
  return { volume, part: part.finish(), dense: dense.finish() };
}

it("says which share of the part lies in slices with metal", () => {
  const { volume, part, dense } = scan(6, [0, 1, 2, 5]);
  expect(shareAmidMetal(volume, part, [part])).toBe(0.5);
  expect(shareAmidMetal(volume, part, [part, dense])).toBe(0);
});

it("passes over what is no larger than a needle", () => {
  const { volume, part } = scan(4, [1, 2, 3, 4]);
  expect(shareAmidMetal(volume, part, [part])).toBe(0);
});
