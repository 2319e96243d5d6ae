// Thresholds against one comparison per voxel.
import fc from "fast-check";
import { expect, it } from "vitest";
import {
  blockMaximum,
  emptyBlockMaximum,
  fillBlockMaximum,
  thresholdMask,
  thresholdWithBlocks,
} from "#voxels/threshold";
import { boxesNear, denseWhere, firstDifference, huVolume, shapes } from "./dense-reference.ts";

const cases = fc
  .record({
    columns: fc.integer({ min: 1, max: 200 }),
    rows: fc.integer({ min: 1, max: 6 }),
    slices: fc.integer({ min: 1, max: 5 }),
  })
  .chain((shape) =>
    fc.record({
      shape: fc.constant(shape),
      seed: fc.integer(),
      fullRange: fc.boolean(),
      lowHu: fc.oneof(
        fc.integer({ min: -1100, max: 3200 }),
        fc.constantFrom(-40000, -32768, 32767, 40000, 899.5, NaN),
      ),
      highHu: fc.oneof(
        fc.constant(Infinity),
        fc.integer({ min: -1100, max: 3200 }),
        fc.constantFrom(-32768, 32767, 1200.5),
      ),
      box: fc.option(boxesNear(shape), { nil: undefined }),
    }),
  );

it("keeps exactly the voxels of a closed HU range inside a box, with and without the block table", () => {
  fc.assert(
    fc.property(cases, ({ shape, seed, fullRange, lowHu, highHu, box }) => {
      const hu = huVolume(shape, seed, fullRange);
      const expected = denseWhere(shape, (i, j, k, at) => {
        if (box && !(i >= box.i0 && i < box.i1 && j >= box.j0 && j < box.j1 && k >= box.k0 && k < box.k1))
          return false;
        return hu[at] >= lowHu && hu[at] <= highHu;
      });
      expect(firstDifference(thresholdMask(hu, shape, lowHu, highHu, box), expected)).toBeNull();
      expect(
        firstDifference(thresholdWithBlocks(hu, blockMaximum(hu, shape), lowHu, highHu, box), expected),
      ).toBeNull();
    }),
    { seed: 11, numRuns: 300 },
  );
});

it("fills the block table slice by slice with the same result as at once", () => {
  fc.assert(
    fc.property(shapes(70), fc.integer(), (shape, seed) => {
      const hu = huVolume(shape, seed, true);
      const table = emptyBlockMaximum(shape);
      for (let k = shape.slices - 1; k >= 0; k--) fillBlockMaximum(table, hu, k, k + 1);
      expect(table).toEqual(blockMaximum(hu, shape));
    }),
    { seed: 12, numRuns: 20 },
  );
});

it("refuses a volume that does not fit the grid", () => {
  expect(() => thresholdMask(new Int16Array(7), { columns: 2, rows: 2, slices: 2 }, 0)).toThrow(
    /7 HU values/,
  );
});
