// Thresholds against one comparison per voxel.
import fc from "fast-check";
import { expect, it } from "vitest";
import { hasLabellingKernels } from "#voxels/kernels/labelling-kernels";
import {
  blockMaximum,
  emptyBlockMaximum,
  fillBlockMaximum,
  keptBlockMaximum,
  thresholdMask,
  thresholdWithBlocks,
  thresholdWithBlocksTwin,
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

it("reads only rows whose maximum reaches the threshold, and within them only such blocks", () => {
  const shape = { columns: 200, rows: 30, slices: 20 };
  const hu = new Int16Array(200 * 30 * 20).fill(40);
  const dense = [
    [3, 4, 1],
    [64, 4, 1],
    [199, 17, 9],
    [130, 29, 19],
  ];
  for (const [i, j, k] of dense) hu[(k * 30 + j) * 200 + i] = 1500;
  const table = keptBlockMaximum(hu, shape);
  expect(keptBlockMaximum(hu, shape)).toBe(table);
  let blocksRead = 0;
  const counting = counted(table.maximumHu, () => blocksRead++);
  const rowsCopied: number[] = [];
  const watched = counted(hu, (name, from, to) => {
    if (name === "subarray") rowsCopied.push((to - from) / shape.columns);
  });
  const expected = thresholdMask(hu, shape, 900);
  expect(thresholdWithBlocksTwin(hu, { ...table, maximumHu: counting }, 900)).toEqual(expected);
  // Three rows of four blocks; each is looked at once more where a stretch of dense blocks ends.
  expect(blocksRead).toBeLessThanOrEqual(3 * (4 + dense.length));
  expect(thresholdWithBlocks(watched, table, 900)).toEqual(expected);
  if (hasLabellingKernels()) expect(rowsCopied).toEqual([1, 1, 1]);
});

/** The array, telling each read of an element and each call of a method with two numbers. */
function counted(array: Int16Array, told: (name: string, from: number, to: number) => void): Int16Array {
  return new Proxy(array, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value === "function")
        return (from: number, to: number): unknown => {
          told(String(name), from, to);
          return Reflect.apply(value, target, [from, to]);
        };
      if (typeof name === "string" && /^\d+$/.test(name)) told(name, Number(name), Number(name) + 1);
      return value;
    },
  });
}
