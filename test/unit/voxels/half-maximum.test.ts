// Medians, plateau and midpoint on lists that can be sorted by hand, and on blurred balls of known size.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { spacingMm } from "#core/space";
import type { CtVolume } from "#core/volume";
import { halfMaximum, medianHu, plateauHu, ringMask } from "#voxels/half-maximum";
import { emptyMask, voxelCount } from "#voxels/mask";
import { boxMask } from "#voxels/set-operations";
import { thresholdMask } from "#voxels/threshold";
import {
  denseCases,
  denseWhere,
  everyVoxel,
  firstDifference,
  huVolume,
  regularGrid,
  regularGrids,
  runsOf,
} from "./dense-reference.ts";

const ct = (grid: CtVolume["grid"], hu: Int16Array, clippedAtHu: number | null = null): CtVolume => ({
  grid,
  hu,
  storableHu: [-1024, 3071],
  clippedAtHu,
});
const middle = (sorted: number[]) => (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;

describe("medians", () => {
  it("of a mask and of its densest quarter are those of the sorted list", () => {
    fc.assert(
      fc.property(denseCases(9), fc.integer(), fc.boolean(), ({ shape, dense }, seed, fullRange) => {
        const hu = huVolume(shape, seed, fullRange);
        const volume = ct(regularGrid(shape, [1, 1, 1]), hu);
        const mask = runsOf(dense, shape);
        const values = [...hu].filter((_, n) => dense[n] === 1).sort((a, b) => a - b);
        if (values.length === 0) {
          expect([medianHu(mask, volume), plateauHu(mask, volume)]).toEqual([null, null]);
          return;
        }
        expect(medianHu(mask, volume)).toBe(middle(values));
        expect(plateauHu(mask, volume)).toBe(middle(values.slice(-Math.ceil(values.length / 4))));
        expect(plateauHu(mask, volume, 1)).toBe(middle(values));
      }),
      { seed: 91, numRuns: 150 },
    );
  });
});

describe("the ring", () => {
  it("holds the voxels between two distances from the mask", () => {
    const cases = denseCases(8).chain(({ shape, dense }) =>
      fc.record({ dense: fc.constant(dense), grid: regularGrids(shape) }),
    );
    fc.assert(
      fc.property(cases, ({ dense, grid }) => {
        const [si, sj, sk] = spacingMm(grid);
        const set: number[][] = [];
        everyVoxel(grid, (i, j, k, at) => dense[at] === 1 && set.push([i, j, k]));
        const expected = denseWhere(grid, (i, j, k) => {
          const d = set.reduce(
            (least, p) => Math.min(least, Math.hypot((p[0] - i) * si, (p[1] - j) * sj, (p[2] - k) * sk)),
            Infinity,
          );
          return d > 1.23 && d <= 3.21;
        });
        expect(firstDifference(ringMask(runsOf(dense, grid), grid, 1.23, 3.21), expected)).toBeNull();
      }),
      { seed: 92, numRuns: 80 },
    );
  });
});

describe("half maximum", () => {
  /** A ball of `inside` HU in `outside` HU whose edge is blurred to a straight ramp of 2 mm about the true radius. */
  const blurredBall = (radiusMm: number, inside: number, outside: number) => {
    const shape = { columns: 60, rows: 60, slices: 40 };
    const grid = regularGrid(shape, [0.5, 0.5, 0.75]);
    const hu = new Int16Array(60 * 60 * 40);
    everyVoxel(shape, (i, j, k, at) => {
      const d = Math.hypot((i - 30) * 0.5, (j - 30) * 0.5, (k - 20) * 0.75) - radiusMm;
      hu[at] = Math.round(outside + (inside - outside) * Math.max(0, Math.min(1, 0.5 - d / 2)));
    });
    return { shape, grid, hu, trueMm3: (4 / 3) * Math.PI * radiusMm ** 3 };
  };

  it.each([
    [5, 1800, 50],
    [6, 2600, 300],
    [4, 1200, -80],
  ])(
    "finds plateau, background and the size of a ball of %f mm, %i HU in %i HU",
    (radiusMm, inside, outside) => {
      const { shape, grid, hu, trueMm3 } = blurredBall(radiusMm, inside, outside);
      const part = thresholdMask(hu, shape, inside * 0.7);
      const found = halfMaximum(part, ct(grid, hu), { innerMm: 2.5 });
      expect(found?.plateauHu).toBe(inside);
      expect(found?.backgroundHu).toBe(outside);
      expect(found?.halfMaximumHu).toBe((inside + outside) / 2);
      const atHalf = thresholdMask(hu, shape, found?.halfMaximumHu ?? NaN);
      expect(Math.abs(voxelCount(atHalf) * 0.5 * 0.5 * 0.75 - trueMm3) / trueMm3).toBeLessThan(0.05);
    },
  );

  it("leaves excluded voxels out of the background, and says when the plateau is clipped", () => {
    const { shape, grid, hu } = blurredBall(5, 3071, 100);
    const bright = boxMask(shape, { i0: 0, j0: 0, k0: 0, i1: 60, j1: 60, k1: 20 });
    const withBright = hu.map((v, n) => (n < 60 * 60 * 20 && v < 110 ? 2000 : v));
    const part = thresholdMask(hu, shape, 2000);
    expect(halfMaximum(part, ct(grid, withBright, 3071), { innerMm: 3, exclude: bright })).toMatchObject({
      backgroundHu: 100,
      plateauClipped: true,
    });
    expect(halfMaximum(part, ct(grid, withBright), { innerMm: 3 })?.plateauClipped).toBe(false);
  });

  it("has no answer for an empty part or where everything around is excluded", () => {
    const { shape, grid, hu } = blurredBall(5, 1800, 50);
    const all = boxMask(shape, { i0: 0, j0: 0, k0: 0, i1: 60, j1: 60, k1: 40 });
    expect(halfMaximum(emptyMask(shape), ct(grid, hu))).toBeNull();
    expect(halfMaximum(thresholdMask(hu, shape, 1000), ct(grid, hu), { exclude: all })).toBeNull();
    expect(halfMaximum(all, ct(grid, hu))).toBeNull();
  });
});
