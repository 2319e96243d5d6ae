// Dense bytes and brush strokes against the rule applied to each voxel centre.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Vec3 } from "#core/space";
import { dot, normalize, patientFromVoxel, scale, subtract } from "#core/space";
import { emptyMask } from "#voxels/mask";
import { ballMask, capsuleMask, discMask, maskFromDense, paintDense, strokeMask } from "#voxels/paint";
import { equalMasks, unionAll } from "#voxels/set-operations";
import {
  acquiredGrids,
  denseCases,
  denseOf,
  densePairs,
  denseWhere,
  firstDifference,
  runsOf,
  shapes,
} from "./dense-reference.ts";

describe("dense bytes", () => {
  it("paint only the mask's voxels and read back as the same mask", () => {
    fc.assert(
      fc.property(densePairs(), ({ shape, a, b }) => {
        const target = new Uint8Array(a.length);
        paintDense(runsOf(a, shape), target, 7);
        expect(target).toEqual(a.map((v) => v * 7));
        paintDense(runsOf(b, shape), target, 9);
        expect(target).toEqual(a.map((v, n) => (b[n] === 1 ? 9 : v * 7)));
        expect(firstDifference(maskFromDense(target, shape, 9), b)).toBeNull();
        expect(
          firstDifference(
            maskFromDense(target, shape),
            a.map((v, n) => v | b[n]),
          ),
        ).toBeNull();
      }),
      { seed: 51, numRuns: 200 },
    );
  });

  it("of the wrong length are refused", () => {
    const shape = { columns: 2, rows: 3, slices: 4 };
    expect(() => paintDense(emptyMask(shape), new Uint8Array(23), 1)).toThrow("23 bytes");
    expect(() => maskFromDense(new Uint8Array(25), shape)).toThrow("25 bytes");
  });

  it("survive structured clone", () => {
    fc.assert(
      fc.property(denseCases(6), ({ shape, dense }) => {
        const mask = runsOf(dense, shape);
        expect(equalMasks(structuredClone(mask), mask)).toBe(true);
      }),
      { seed: 52, numRuns: 20 },
    );
  });
});

/** Distance from a point to a segment, by its definition. */
function toSegment(p: Vec3, a: Vec3, b: Vec3): number {
  const along = subtract(b, a);
  const t =
    dot(along, along) === 0 ? 0 : Math.max(0, Math.min(1, dot(subtract(p, a), along) / dot(along, along)));
  return Math.hypot(...subtract(subtract(p, a), scale(along, t)));
}

const strokes = shapes(12).chain((shape) =>
  acquiredGrids(shape).chain((grid) => {
    const point = fc
      .tuple(
        fc.double({ min: -3, max: shape.columns + 3, noNaN: true }),
        fc.double({ min: -3, max: shape.rows + 3, noNaN: true }),
        fc.double({ min: -2, max: shape.slices + 2, noNaN: true }),
      )
      .map(([i, j, k]) => patientFromVoxel(grid, i, j, k));
    const whole = fc
      .tuple(
        fc.nat({ max: shape.columns - 1 }),
        fc.nat({ max: shape.rows - 1 }),
        fc.nat({ max: shape.slices - 1 }),
      )
      .map(([i, j, k]) => patientFromVoxel(grid, i, j, k));
    return fc.record({
      grid: fc.constant(grid),
      from: fc.oneof(point, whole),
      to: fc.oneof(point, whole),
      radiusMm: fc.constantFrom(0.4, 1, 2.3, 5, 11),
      normal: fc.oneof(
        fc.constantFrom<Vec3>([1, 0, 0], [0, 0, 2], [1, 1, 0], grid.rowDirection, grid.columnDirection),
        fc
          .tuple(fc.double({ min: -1, max: 1, noNaN: true }), fc.double({ min: -1, max: 1, noNaN: true }))
          .map(([x, y]): Vec3 => [x, y, 0.7]),
      ),
      halfThicknessMm: fc.constantFrom(0.3, 0.5, 1.5),
    });
  }),
);

describe("brush strokes", () => {
  // Voxels within a billionth of a mm of the rim may fall to either side.
  const agrees = (found: Uint8Array, margin: Float64Array) =>
    found.every((v, n) => Math.abs(margin[n]) < 1e-9 || (v === 1) === margin[n] < 0);

  it("a ball drawn along a segment takes the voxel centres within the radius, on any grid", () => {
    fc.assert(
      fc.property(strokes, ({ grid, from, to, radiusMm }) => {
        const margin = new Float64Array(grid.columns * grid.rows * grid.slices);
        denseWhere(grid, (i, j, k, at) => {
          margin[at] = toSegment(patientFromVoxel(grid, i, j, k), from, to) - radiusMm;
          return false;
        });
        expect(agrees(denseOf(capsuleMask(grid, from, to, radiusMm)), margin)).toBe(true);
        expect(equalMasks(ballMask(grid, from, radiusMm), capsuleMask(grid, from, from, radiusMm))).toBe(
          true,
        );
      }),
      { seed: 53, numRuns: 400 },
    );
  });

  it("a stroke is the union of the pieces between its points", () => {
    fc.assert(
      fc.property(strokes, strokes, ({ grid, from, to, radiusMm, normal, halfThicknessMm }, other) => {
        const path = [from, to, other.from, from, to];
        const plane = { point: from, normal, halfThicknessMm };
        for (const options of [{}, { plane }]) {
          const pieces = path.slice(1).map((p, n) => capsuleMask(grid, path[n], p, radiusMm, options));
          expect(equalMasks(strokeMask(grid, path, radiusMm, options), unionAll(grid, pieces))).toBe(true);
          const dab = capsuleMask(grid, to, to, radiusMm, options);
          expect(equalMasks(strokeMask(grid, [to], radiusMm, options), dab)).toBe(true);
        }
        expect(strokeMask(grid, [], radiusMm).start).toHaveLength(0);
      }),
      { seed: 55, numRuns: 150 },
    );
  });

  it("a disc drawn in a plane takes the voxel centres near the plane whose projection is within the radius", () => {
    fc.assert(
      fc.property(strokes, ({ grid, from, to, radiusMm, normal, halfThicknessMm }) => {
        const n = normalize(normal);
        const flat = (p: Vec3) => subtract(p, scale(n, dot(subtract(p, from), n)));
        const margin = new Float64Array(grid.columns * grid.rows * grid.slices);
        denseWhere(grid, (i, j, k, at) => {
          const p = patientFromVoxel(grid, i, j, k);
          const off = Math.abs(dot(subtract(p, from), n)) - halfThicknessMm;
          margin[at] = Math.max(off, toSegment(flat(p), flat(from), flat(to)) - radiusMm);
          return false;
        });
        const plane = { point: from, normal, halfThicknessMm };
        expect(agrees(denseOf(capsuleMask(grid, from, to, radiusMm, { plane })), margin)).toBe(true);
        expect(
          equalMasks(
            discMask(grid, from, radiusMm, plane),
            capsuleMask(grid, from, from, radiusMm, { plane }),
          ),
        ).toBe(true);
      }),
      { seed: 54, numRuns: 400 },
    );
  });
});
