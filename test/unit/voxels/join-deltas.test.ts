// Two edits of one mask as one: the same as the delta between the first state and the last, without reading either.
import fc from "fast-check";
import { expect, it } from "vitest";
import { joinDeltas } from "#voxels/join-deltas";
import { applyDelta, deltaBetween, isEmptyDelta } from "#voxels/run-delta";
import { boxMask } from "#voxels/set-operations";
import { densePairs, runsOf } from "./dense-reference.ts";

it("is what lies between the first state and the last", () => {
  fc.assert(
    fc.property(densePairs(), fc.array(fc.nat(), { maxLength: 6 }), ({ shape, a, b }, places) => {
      const c = b.slice();
      for (const place of places) c[place % c.length] ^= 1;
      const [first, middle, last] = [runsOf(a, shape), runsOf(b, shape), runsOf(c, shape)];
      const joined = joinDeltas(deltaBetween(first, middle), deltaBetween(middle, last));
      expect(joined).toEqual(deltaBetween(first, last));
      expect(applyDelta(last, joined, "backward")).toEqual(first);
    }),
    { seed: 64, numRuns: 300 },
  );
});

it("is empty where the second edit takes back the first", () => {
  fc.assert(
    fc.property(densePairs(), ({ shape, a, b }) => {
      const [before, after] = [runsOf(a, shape), runsOf(b, shape)];
      expect(isEmptyDelta(joinDeltas(deltaBetween(before, after), deltaBetween(after, before)))).toBe(true);
    }),
    { seed: 65, numRuns: 100 },
  );
});

it("refuses edits of masks on different grids", () => {
  const box = { i0: 0, i1: 2, j0: 0, j1: 2, k0: 0, k1: 1 };
  const [a, b] = [4, 5].map((columns) => boxMask({ columns, rows: 4, slices: 4 }, box));
  expect(() => joinDeltas(deltaBetween(a, a), deltaBetween(b, b))).toThrow("different grids");
});
