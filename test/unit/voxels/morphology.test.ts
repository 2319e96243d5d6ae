// Morphology by balls in mm against every offset of the ball tried at every voxel.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Vec3, VoxelGrid } from "#core/space";
import { spacingMm } from "#core/space";
import { ballRows, isInBall } from "#voxels/ball";
import { emptyMask } from "#voxels/mask";
import { close, dilate, erode, fillHoles3d, open } from "#voxels/morphology";
import { boxMask, difference, equalMasks } from "#voxels/set-operations";
import type { Dense } from "./dense-reference.ts";
import {
  denseCases,
  denseIndex,
  denseWhere,
  everyVoxel,
  firstDifference,
  insideGrid,
  regularGrid,
  regularGrids,
  runsOf,
} from "./dense-reference.ts";

const casesOf = (most: number, ...radiiMm: number[]) =>
  denseCases(most).chain(({ shape, dense }) =>
    fc.record({
      dense: fc.constant(dense),
      grid: regularGrids(shape),
      radiusMm: fc.constantFrom(...radiiMm),
    }),
  );

function offsetsOf(spacing: Vec3, radiusMm: number): Vec3[] {
  const found: Vec3[] = [];
  const n = Math.ceil(radiusMm / Math.min(...spacing)) + 1;
  for (let dk = -n; dk <= n; dk++) {
    for (let dj = -n; dj <= n; dj++) {
      for (let di = -n; di <= n; di++) if (isInBall(spacing, radiusMm, di, dj, dk)) found.push([di, dj, dk]);
    }
  }
  return found;
}

/** A voxel is set when any offset of the ball finds a set voxel; `beyond` is what lies outside the grid. */
const anyInBall = (dense: Dense, grid: VoxelGrid, ball: Vec3[], beyond: boolean): Dense =>
  denseWhere(grid, (i, j, k) =>
    ball.some(([di, dj, dk]) =>
      insideGrid(grid, i + di, j + dj, k + dk)
        ? dense[denseIndex(grid, i + di, j + dj, k + dk)] === 1
        : beyond,
    ),
  );
const inverse = (dense: Dense): Dense => dense.map((v) => 1 - v);
const erosion = (dense: Dense, grid: VoxelGrid, ball: Vec3[], beyond: boolean): Dense =>
  inverse(anyInBall(inverse(dense), grid, ball, beyond));

describe("a ball in mm", () => {
  it("counts a centre at exactly the radius, whatever binary fractions say", () => {
    expect(isInBall([0.7, 0.7, 1], 2.1, 3, 0, 0)).toBe(true);
    expect(isInBall([0.1, 0.1, 0.1], 0.3, 0, 3, 0)).toBe(true);
    expect(isInBall([1, 1, 1], 4.999, 3, 4, 0)).toBe(false);
    expect(ballRows([1, 1, 2], 1)).toEqual([
      { dj: -1, dk: 0, halfWidth: 0 },
      { dj: 0, dk: 0, halfWidth: 1 },
      { dj: 1, dk: 0, halfWidth: 0 },
    ]);
  });
});

describe("dilation, erosion, opening and closing", () => {
  it("dilation and erosion are those of every offset in the ball", () => {
    fc.assert(
      fc.property(casesOf(10, 0.3, 0.7, 1, 1.5, 2.1, 3), ({ dense, grid, radiusMm }) => {
        const ball = offsetsOf(spacingMm(grid), radiusMm);
        const mask = runsOf(dense, grid);
        expect(firstDifference(dilate(mask, grid, radiusMm), anyInBall(dense, grid, ball, false))).toBeNull();
        expect(firstDifference(erode(mask, grid, radiusMm), erosion(dense, grid, ball, true))).toBeNull();
        expect(
          firstDifference(
            erode(mask, grid, radiusMm, { beyondGrid: "mask" }),
            erosion(dense, grid, ball, false),
          ),
        ).toBeNull();
      }),
      { seed: 71, numRuns: 150 },
    );
  });

  it("opening only removes and closing only adds, as on a grid without edges", () => {
    fc.assert(
      fc.property(casesOf(8, 0.7, 1, 1.5, 2.1), ({ dense, grid, radiusMm }) => {
        const ball = offsetsOf(spacingMm(grid), radiusMm);
        const mask = runsOf(dense, grid);
        const opened = anyInBall(erosion(dense, grid, ball, true), grid, ball, false);
        expect(firstDifference(open(mask, grid, radiusMm), opened)).toBeNull();
        const openedOn = anyInBall(erosion(dense, grid, ball, false), grid, ball, false);
        expect(firstDifference(open(mask, grid, radiusMm, { beyondGrid: "mask" }), openedOn)).toBeNull();
        expect(openedOn.every((v, n) => v <= dense[n])).toBe(true);

        // The reference closes on a grid padded beyond the ball's reach, so that no edge takes part.
        const pad = Math.ceil(radiusMm / Math.min(...spacingMm(grid))) + 1;
        const padded = regularGrid(
          { columns: grid.columns + 2 * pad, rows: grid.rows + 2 * pad, slices: grid.slices + 2 * pad },
          spacingMm(grid),
        );
        const inPad = denseWhere(
          padded,
          (i, j, k) =>
            insideGrid(grid, i - pad, j - pad, k - pad) &&
            dense[denseIndex(grid, i - pad, j - pad, k - pad)] === 1,
        );
        const closed = erosion(anyInBall(inPad, padded, ball, false), padded, ball, true);
        const expected = denseWhere(
          grid,
          (i, j, k) => closed[denseIndex(padded, i + pad, j + pad, k + pad)] === 1,
        );
        expect(firstDifference(close(mask, grid, radiusMm), expected)).toBeNull();
        expect(difference(mask, close(mask, grid, radiusMm)).start).toHaveLength(0);
      }),
      { seed: 72, numRuns: 60 },
    );
  });

  it("hold across words of 32 voxels and for half-widths beyond one word", () => {
    const shape = { columns: 150, rows: 5, slices: 3 };
    const grid = regularGrid(shape, [0.1, 1, 1]);
    const dense = denseWhere(
      shape,
      (i, j, k) => (i === 31 && j === 2 && k === 1) || (i > 95 && i < 129 && j === 3),
    );
    for (const radiusMm of [0.1, 1.3, 3.2, 7]) {
      const ball = offsetsOf([0.1, 1, 1], radiusMm);
      const mask = runsOf(dense, shape);
      const grown = anyInBall(dense, grid, ball, false);
      expect(firstDifference(dilate(mask, grid, radiusMm), grown)).toBeNull();
      expect(
        firstDifference(erode(runsOf(grown, shape), grid, radiusMm), erosion(grown, grid, ball, true)),
      ).toBeNull();
    }
  });

  it("leave the mask as it is for a radius of 0, and an empty mask empty", () => {
    const shape = { columns: 5, rows: 5, slices: 5 };
    const grid = regularGrid(shape, [1, 1, 1]);
    const box = boxMask(shape, { i0: 1, j0: 0, k0: 2, i1: 3, j1: 4, k1: 5 });
    for (const operation of [dilate, erode, open, close]) {
      expect(equalMasks(operation(box, grid, 0), box)).toBe(true);
      expect(operation(emptyMask(shape), grid, 2).start).toHaveLength(0);
    }
  });

  it("closing does not eat into a mask at the edge of the scan, and erosion is told what lies beyond", () => {
    const shape = { columns: 6, rows: 6, slices: 6 };
    const grid = regularGrid(shape, [1, 1, 1]);
    const full = boxMask(shape, { i0: 0, j0: 0, k0: 0, i1: 6, j1: 6, k1: 6 });
    expect(equalMasks(close(full, grid, 2), full)).toBe(true);
    expect(
      equalMasks(erode(full, grid, 1), boxMask(shape, { i0: 1, j0: 1, k0: 1, i1: 5, j1: 5, k1: 5 })),
    ).toBe(true);
    expect(equalMasks(erode(full, grid, 1, { beyondGrid: "mask" }), full)).toBe(true);
  });
});

describe("filling holes", () => {
  it("fills background that cannot reach the border of the grid through faces, and nothing else", () => {
    fc.assert(
      fc.property(denseCases(12), ({ shape, dense }) => {
        const open6 = new Uint8Array(dense.length);
        const queue: Vec3[] = [];
        const reach = (i: number, j: number, k: number) => {
          if (!insideGrid(shape, i, j, k)) return;
          const at = denseIndex(shape, i, j, k);
          if (dense[at] === 1 || open6[at] === 1) return;
          open6[at] = 1;
          queue.push([i, j, k]);
        };
        everyVoxel(shape, (i, j, k) => {
          const edge = i === 0 || j === 0 || k === 0;
          if (edge || i === shape.columns - 1 || j === shape.rows - 1 || k === shape.slices - 1)
            reach(i, j, k);
        });
        for (let next = queue.pop(); next; next = queue.pop()) {
          const [i, j, k] = next;
          reach(i - 1, j, k);
          reach(i + 1, j, k);
          reach(i, j - 1, k);
          reach(i, j + 1, k);
          reach(i, j, k - 1);
          reach(i, j, k + 1);
        }
        expect(
          firstDifference(
            fillHoles3d(runsOf(dense, shape)),
            open6.map((v) => 1 - v),
          ),
        ).toBeNull();
      }),
      { seed: 73, numRuns: 250 },
    );
  });
});
