// Set operations and boxes against bitwise operations on dense arrays.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { boundingBox, boxVoxels, growBox, growBoxMm, isEmptyBox } from "#voxels/box";
import { emptyMask, forEachRun, isEmpty, maskHas, RunBuilder, voxelCount } from "#voxels/mask";
import {
  boxMask,
  clipToBox,
  complementInBox,
  difference,
  equalMasks,
  intersection,
  overlapCount,
  union,
  unionAll,
} from "#voxels/set-operations";
import {
  boxesNear,
  denseCases,
  densePairs,
  denseWhere,
  everyVoxel,
  firstDifference,
  regularGrid,
  runsOf,
} from "./dense-reference.ts";

const runs = { seed: 31, numRuns: 200 };

describe("a mask", () => {
  it("holds the voxels that were built into it, and its runs say so", () => {
    fc.assert(
      fc.property(denseCases(), ({ shape, dense }) => {
        const mask = runsOf(dense, shape);
        expect(firstDifference(mask, dense)).toBeNull();
        expect(voxelCount(mask)).toBe(dense.reduce((sum, v) => sum + v, 0));
        everyVoxel(shape, (i, j, k, at) => {
          if (maskHas(mask, i, j, k) !== (dense[at] === 1)) expect.fail(`voxel ${i} ${j} ${k}`);
        });
        for (const [i, j, k] of [
          [-1, 0, 0],
          [shape.columns, 0, 0],
          [0, -1, 0],
          [0, shape.rows, 0],
          [0, 0, -1],
          [0, 0, shape.slices],
        ]) {
          expect(maskHas(mask, i, j, k)).toBe(false);
        }
        const again = new RunBuilder(shape);
        forEachRun(mask, (j, k, start, end) => again.add(k * shape.rows + j, start, end));
        expect(equalMasks(again.finish(), mask)).toBe(true);
      }),
      runs,
    );
  });
});

describe("set operations", () => {
  it("are those of the voxels", () => {
    fc.assert(
      fc.property(densePairs(), ({ shape, a, b }) => {
        const [x, y] = [runsOf(a, shape), runsOf(b, shape)];
        expect(
          firstDifference(
            union(x, y),
            a.map((v, n) => v | b[n]),
          ),
        ).toBeNull();
        expect(
          firstDifference(
            intersection(x, y),
            a.map((v, n) => v & b[n]),
          ),
        ).toBeNull();
        expect(
          firstDifference(
            difference(x, y),
            a.map((v, n) => v & ~b[n]),
          ),
        ).toBeNull();
        expect(overlapCount(x, y)).toBe(a.reduce((sum, v, n) => sum + (v & b[n]), 0));
        expect(equalMasks(x, y)).toBe(a.every((v, n) => v === b[n]));
        expect(equalMasks(unionAll(shape, [x, y, x]), union(y, x))).toBe(true);
      }),
      runs,
    );
  });

  it("equal masks have equal arrays, however they were made", () => {
    fc.assert(
      fc.property(densePairs(), ({ shape, a, b }) => {
        const [x, y] = [runsOf(a, shape), runsOf(b, shape)];
        expect(union(difference(x, y), intersection(x, y))).toEqual(x);
      }),
      runs,
    );
  });

  it("clipping and complements keep to the box, also where it leaves the grid", () => {
    const cases = denseCases().chain(({ shape, dense }) =>
      fc.record({ shape: fc.constant(shape), dense: fc.constant(dense), box: boxesNear(shape) }),
    );
    fc.assert(
      fc.property(cases, ({ shape, dense, box }) => {
        const inBox = denseWhere(
          shape,
          (i, j, k) => i >= box.i0 && i < box.i1 && j >= box.j0 && j < box.j1 && k >= box.k0 && k < box.k1,
        );
        const mask = runsOf(dense, shape);
        expect(
          firstDifference(
            clipToBox(mask, box),
            dense.map((v, n) => v & inBox[n]),
          ),
        ).toBeNull();
        expect(
          firstDifference(
            complementInBox(mask, box),
            dense.map((v, n) => inBox[n] & ~v),
          ),
        ).toBeNull();
        expect(firstDifference(boxMask(shape, box), inBox)).toBeNull();
      }),
      runs,
    );
  });

  it("refuse masks of different grids", () => {
    const a = emptyMask({ columns: 4, rows: 4, slices: 4 });
    const b = emptyMask({ columns: 4, rows: 4, slices: 5 });
    for (const operation of [union, intersection, difference, overlapCount]) {
      expect(() => operation(a, b)).toThrow("4x4x4 and 4x4x5");
    }
    expect(equalMasks(a, b)).toBe(false);
  });
});

describe("boxes", () => {
  it("the bounding box is the smallest that holds every voxel", () => {
    fc.assert(
      fc.property(denseCases(), ({ shape, dense }) => {
        const mask = runsOf(dense, shape);
        const box = boundingBox(mask);
        if (!box) {
          expect(isEmpty(mask)).toBe(true);
          return;
        }
        const seen: number[][] = [[], [], []];
        everyVoxel(shape, (i, j, k, at) => {
          if (dense[at] === 1) [i, j, k].forEach((v, axis) => seen[axis].push(v));
        });
        const [i, j, k] = seen;
        expect(box).toEqual({
          i0: Math.min(...i),
          j0: Math.min(...j),
          k0: Math.min(...k),
          i1: Math.max(...i) + 1,
          j1: Math.max(...j) + 1,
          k1: Math.max(...k) + 1,
        });
      }),
      runs,
    );
  });

  it("grow by voxels or by at least so many mm, and stop at the grid", () => {
    const shape = { columns: 40, rows: 30, slices: 20 };
    const box = { i0: 10, j0: 10, k0: 10, i1: 12, j1: 12, k1: 12 };
    expect(growBox(box, 3, shape)).toEqual({ i0: 7, j0: 7, k0: 7, i1: 15, j1: 15, k1: 15 });
    expect(growBox(box, [50, 1, 9], shape)).toEqual({ i0: 0, j0: 9, k0: 1, i1: 40, j1: 13, k1: 20 });
    expect(growBoxMm(box, 2.1, regularGrid(shape, [0.7, 1, 3]))).toEqual({
      i0: 7,
      j0: 7,
      k0: 9,
      i1: 15,
      j1: 15,
      k1: 13,
    });
    const gone = growBox(box, -1, shape);
    expect(isEmptyBox(gone)).toBe(true);
    expect(boxVoxels(gone)).toBe(0);
  });
});
