// Undo deltas: there and back again, holding only what changed.
import fc from "fast-check";
import { expect, it } from "vitest";
import { recordEdit } from "#host/edit-history";
import { emptyMask, type RunMask } from "#voxels/mask";
import { capsuleMask } from "#voxels/paint";
import { applyDelta, deltaBetween, deltaBytes, isEmptyDelta } from "#voxels/run-delta";
import { boxMask, equalMasks, union } from "#voxels/set-operations";
import { densePairs, regularGrid, runsOf } from "./dense-reference.ts";

it("goes from before to after and back, also after structured clone", () => {
  fc.assert(
    fc.property(densePairs(), ({ shape, a, b }) => {
      const [before, after] = [runsOf(a, shape), runsOf(b, shape)];
      const delta = structuredClone(deltaBetween(before, after));
      expect(applyDelta(before, delta, "forward")).toEqual(after);
      expect(applyDelta(after, delta, "backward")).toEqual(before);
      expect(isEmptyDelta(delta)).toBe(equalMasks(before, after));
      const rows = new Set<number>();
      a.forEach((v, n) => v !== b[n] && rows.add(Math.floor(n / shape.columns)));
      expect([...delta.changedRows]).toEqual([...rows]);
    }),
    { seed: 61, numRuns: 300 },
  );
});

it("finds a few changed voxels wherever they are, whether slices are told or not", () => {
  fc.assert(
    fc.property(densePairs(10), fc.array(fc.nat(), { maxLength: 3 }), ({ shape, a }, places) => {
      const b = a.slice();
      for (const place of places) b[place % b.length] ^= 1;
      const rows = [
        ...new Set([...a.keys()].filter((n) => a[n] !== b[n]).map((n) => Math.floor(n / shape.columns))),
      ];
      const [before, after] = [runsOf(a, shape), runsOf(b, shape)];
      const delta = deltaBetween(before, after);
      expect([...delta.changedRows]).toEqual(rows);
      expect(applyDelta(before, delta, "forward")).toEqual(after);
      const slices = rows.map((row) => Math.floor(row / shape.rows));
      const told = deltaBetween(before, after, [Math.min(...slices), Math.max(...slices) + 1]);
      if (rows.length > 0) expect(told).toEqual(delta);
    }),
    { seed: 63, numRuns: 300 },
  );
});

it("refuses a mask that it does not start from, instead of corrupting it", () => {
  fc.assert(
    fc.property(densePairs(), ({ shape, a, b }) => {
      const [before, after] = [runsOf(a, shape), runsOf(b, shape)];
      const delta = deltaBetween(before, after);
      if (isEmptyDelta(delta)) return;
      expect(() => applyDelta(after, delta, "forward")).toThrow("does not start from this mask");
      expect(() => applyDelta(before, delta, "backward")).toThrow("does not start from this mask");
    }),
    { seed: 62, numRuns: 100 },
  );
});

it("keeps an edit elsewhere in the mask when an older one in other rows is undone", () => {
  const shape = { columns: 9, rows: 9, slices: 3 };
  const first = boxMask(shape, { i0: 1, j0: 1, k0: 0, i1: 4, j1: 3, k1: 1 });
  const second = union(first, boxMask(shape, { i0: 2, j0: 5, k0: 2, i1: 8, j1: 7, k1: 3 }));
  const undone = applyDelta(second, deltaBetween(emptyMask(shape), first), "backward");
  expect(equalMasks(undone, boxMask(shape, { i0: 2, j0: 5, k0: 2, i1: 8, j1: 7, k1: 3 }))).toBe(true);
});

it("a brush stroke in a large mask stores its own rows only", () => {
  const shape = { columns: 256, rows: 256, slices: 100 };
  const grid = regularGrid(shape, [0.7, 0.7, 1]);
  const before = boxMask(shape, { i0: 10, j0: 10, k0: 10, i1: 200, j1: 200, k1: 90 });
  const stroke = capsuleMask(grid, [100, 165, -50], [110, 165, -50], 5);
  const after = union(before, stroke);
  const delta = deltaBetween(before, after);
  const rows = stroke.rowStart.reduce(
    (count, at, row) => count + (row > 0 && at > stroke.rowStart[row - 1] ? 1 : 0),
    0,
  );
  expect(delta.changedRows.length).toBeGreaterThan(0);
  expect(delta.changedRows.length).toBeLessThanOrEqual(rows);
  expect(deltaBytes(delta)).toBeLessThan(rows * 24);
});

it("compares the told slices only, however large the mask is", () => {
  const shape = { columns: 64, rows: 100, slices: 200 };
  const before = boxMask(shape, { i0: 2, j0: 0, k0: 0, i1: 40, j1: 100, k1: 200 });
  const after = union(before, boxMask(shape, { i0: 30, j0: 40, k0: 90, i1: 60, j1: 50, k1: 93 }));
  let reads = 0;
  const counting = (mask: RunMask): RunMask => ({
    ...mask,
    rowStart: counted(mask.rowStart, () => reads++),
    start: counted(mask.start, () => reads++),
    end: counted(mask.end, () => reads++),
  });
  const told = deltaBetween(counting(before), counting(after), [90, 93]);
  expect(told).toEqual(deltaBetween(before, after));
  expect(told.changedRows.length).toBe(30);
  // Three slices of 100 rows with one run each: both row tables, both ends of both runs, a few times over; not 20,000 rows.
  expect(reads).toBeGreaterThan(300);
  expect(reads).toBeLessThan(3 * 100 * 20);
  expect(() => deltaBetween(before, emptyMask(shape), [90, 93])).toThrow("changed outside slices 90 to 92");
});

it("an edit that tells its slices costs them alone, and one that sets a mask twice costs both", () => {
  const shape = { columns: 64, rows: 100, slices: 200 };
  const before = boxMask(shape, { i0: 2, j0: 0, k0: 0, i1: 40, j1: 100, k1: 200 });
  const first = union(before, boxMask(shape, { i0: 50, j0: 40, k0: 90, i1: 60, j1: 50, k1: 93 }));
  const second = union(first, boxMask(shape, { i0: 50, j0: 40, k0: 95, i1: 60, j1: 50, k1: 96 }));
  let reads = 0;
  const state = {
    masks: new Map([["m", { ...before, rowStart: counted(before.rowStart, () => reads++) }]]),
    documents: {},
  };
  const step = recordEdit(state, shape, { en: "paint", zh: "绘制" }, (draft) => {
    draft.setMask("m", first, [90, 93]);
    draft.setMask("m", second, [95, 96]);
  });
  expect(step?.masks[0].delta).toEqual(deltaBetween(before, second));
  expect(reads).toBeLessThan(6 * 100 * 10);
  reads = 0;
  recordEdit(state, shape, { en: "paint", zh: "绘制" }, (draft) => {
    draft.setMask("m", first, [90, 93]);
    draft.setMask("m", second);
  });
  expect(reads).toBeGreaterThan(200 * 100);
});

/** The array, telling each element that is read. */
function counted<A extends Uint32Array | Uint16Array>(array: A, told: () => void): A {
  return new Proxy(array, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value === "function")
        return (...args: unknown[]): unknown => Reflect.apply(value, target, args);
      if (typeof name === "string" && /^\d+$/.test(name)) told();
      return value;
    },
  });
}
