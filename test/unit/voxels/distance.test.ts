// Distances against the nearest of all mask voxels, tried one by one.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { spacingMm } from "#core/space";
import { distanceAt, distanceToMaskMm, signedDistance } from "#voxels/distance";
import { emptyMask } from "#voxels/mask";
import { boxMask } from "#voxels/set-operations";
import {
  boxesNear,
  denseCases,
  everyVoxel,
  insideGrid,
  regularGrid,
  regularGrids,
  runsOf,
} from "./dense-reference.ts";

const cases = denseCases(10).chain(({ shape, dense }) =>
  fc.record({ dense: fc.constant(dense), grid: regularGrids(shape), box: boxesNear(shape) }),
);

describe("distance to a mask", () => {
  it("is that of the nearest voxel centre, also when it lies outside the box", () => {
    fc.assert(
      fc.property(cases, ({ dense, grid, box }) => {
        const [si, sj, sk] = spacingMm(grid);
        const set: number[][] = [];
        const clear: number[][] = [];
        everyVoxel(grid, (i, j, k, at) => (dense[at] === 1 ? set : clear).push([i, j, k]));
        const nearest = (i: number, j: number, k: number, points: number[][]) =>
          points.reduce(
            (d, p) => Math.min(d, Math.hypot((p[0] - i) * si, (p[1] - j) * sj, (p[2] - k) * sk)),
            Infinity,
          );
        const mask = runsOf(dense, grid);
        const map = distanceToMaskMm(mask, grid, box);
        const signed = signedDistance(mask, grid, box);
        expect(signed.box).toEqual(map.box);
        let read = 0;
        for (let k = box.k0; k < box.k1; k++) {
          for (let j = box.j0; j < box.j1; j++) {
            for (let i = box.i0; i < box.i1; i++) {
              if (!insideGrid(grid, i, j, k)) {
                expect(distanceAt(map, i, j, k)).toBeNaN();
                continue;
              }
              const expected = nearest(i, j, k, set);
              if (distanceAt(map, i, j, k) !== map.mm[read++]) expect.fail("order of mm");
              expect(distanceAt(map, i, j, k)).toBeCloseTo(expected, 4);
              expect(distanceAt(signed, i, j, k)).toBeCloseTo(
                expected > 0 ? expected : -nearest(i, j, k, clear),
                4,
              );
            }
          }
        }
        expect(map.mm).toHaveLength(read);
      }),
      { seed: 81, numRuns: 200 },
    );
  });

  it("is infinite without a mask, and minus infinity inside one that fills the scan", () => {
    const shape = { columns: 4, rows: 3, slices: 2 };
    const grid = regularGrid(shape, [1, 1, 1]);
    const all = { i0: 0, j0: 0, k0: 0, i1: 4, j1: 3, k1: 2 };
    expect(distanceToMaskMm(emptyMask(shape), grid, all).mm.every((d) => d === Infinity)).toBe(true);
    expect(signedDistance(boxMask(shape, all), grid, all).mm.every((d) => d === -Infinity)).toBe(true);
    expect(distanceToMaskMm(emptyMask(shape), grid, { ...all, i0: 4, i1: 9 }).mm).toHaveLength(0);
  });
});
