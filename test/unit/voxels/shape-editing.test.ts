// Islands, smoothing and filling between slices against plain loops over dense arrays.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { voxelVolumeMm3, spacingMm, type VoxelGrid } from "#core/space";
import { isInBall } from "#voxels/ball";
import { fillBetweenSlices } from "#voxels/between-slices";
import { islandAt, largestIsland, splitIslands, withoutSmallIslands } from "#voxels/islands";
import { isEmpty, maskHas, voxelCount } from "#voxels/mask";
import { equalMasks, overlapCount, unionAll } from "#voxels/set-operations";
import { smoothByMajority } from "#voxels/smooth";
import type { Dense } from "./dense-reference.ts";
import {
  denseCases,
  denseIndex,
  denseOf,
  denseWhere,
  everyVoxel,
  firstDifference,
  insideGrid,
  regularGrid,
  regularGrids,
  runsOf,
} from "./dense-reference.ts";

const cases = (most: number) =>
  denseCases(most).chain(({ shape, dense }) =>
    fc.record({ dense: fc.constant(dense), grid: regularGrids(shape) }),
  );

/** The 26-connected piece around one voxel, by flooding. */
function flood(dense: Dense, grid: VoxelGrid, at: number): Dense {
  const piece = new Uint8Array(dense.length);
  if (dense[at] === 0) return piece;
  const waiting = [at];
  piece[at] = 1;
  for (let here = waiting.pop(); here !== undefined; here = waiting.pop()) {
    const i = here % grid.columns;
    const j = Math.floor(here / grid.columns) % grid.rows;
    const k = Math.floor(here / (grid.columns * grid.rows));
    for (let n = 0; n < 27; n++) {
      const [x, y, z] = [i + (n % 3) - 1, j + (Math.floor(n / 3) % 3) - 1, k + Math.floor(n / 9) - 1];
      if (!insideGrid(grid, x, y, z)) continue;
      const next = denseIndex(grid, x, y, z);
      if (dense[next] === 0 || piece[next] === 1) continue;
      piece[next] = 1;
      waiting.push(next);
    }
  }
  return piece;
}

describe("islands", () => {
  it("are the flooded pieces, each whole, none twice, the biggest first", () => {
    fc.assert(
      fc.property(cases(9), ({ dense, grid }) => {
        const mask = runsOf(dense, grid);
        const islands = splitIslands(mask);
        expect(equalMasks(unionAll(grid, islands), mask)).toBe(true);
        expect(islands.reduce((sum, island) => sum + voxelCount(island), 0)).toBe(voxelCount(mask));
        for (const island of islands) {
          const found = denseOf(island);
          expect(firstDifference(island, flood(dense, grid, found.indexOf(1)))).toBeNull();
        }
        const sizes = islands.map(voxelCount);
        expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
        const [biggest] = islands;
        if (biggest) expect(equalMasks(largestIsland(mask), biggest)).toBe(true);
        else expect(isEmpty(largestIsland(mask))).toBe(true);
      }),
    );
  });

  it("are found at a voxel, and not beside the mask", () => {
    fc.assert(
      fc.property(cases(7), fc.nat(), ({ dense, grid }, seed) => {
        const mask = runsOf(dense, grid);
        const at = seed % dense.length;
        const i = at % grid.columns;
        const j = Math.floor(at / grid.columns) % grid.rows;
        const k = Math.floor(at / (grid.columns * grid.rows));
        const island = islandAt(mask, i, j, k);
        if (!maskHas(mask, i, j, k)) expect(island).toBeNull();
        else if (island) expect(firstDifference(island, flood(dense, grid, at))).toBeNull();
        else expect.unreachable("a set voxel lies in an island");
      }),
    );
  });

  it("go where they hold less than the limit in mm3", () => {
    fc.assert(
      fc.property(cases(9), fc.constantFrom(0, 0.5, 2, 9, 40), ({ dense, grid }, leastMm3) => {
        const kept = denseWhere(grid, (_i, _j, _k, at) => {
          let mm3 = 0;
          const piece = flood(dense, grid, at);
          everyVoxel(grid, (_x, _y, z, n) => void (mm3 += piece[n] * voxelVolumeMm3(grid, z)));
          return dense[at] === 1 && mm3 >= leastMm3;
        });
        expect(firstDifference(withoutSmallIslands(runsOf(dense, grid), grid, leastMm3), kept)).toBeNull();
      }),
      { numRuns: 40 },
    );
  });
});

describe("smoothing", () => {
  it("is the majority of the ball, counted voxel by voxel", () => {
    fc.assert(
      fc.property(cases(8), fc.constantFrom(0, 0.7, 1.2, 2.5), ({ dense, grid }, radiusMm) => {
        const spacing = spacingMm(grid);
        const expected = denseWhere(grid, (i, j, k, at) => {
          let set = 0;
          let all = 0;
          everyVoxel(grid, (x, y, z, n) => {
            if (!isInBall(spacing, radiusMm, x - i, y - j, z - k)) return;
            all++;
            set += dense[n];
          });
          return 2 * set === all ? dense[at] === 1 : 2 * set > all;
        });
        expect(firstDifference(smoothByMajority(runsOf(dense, grid), grid, radiusMm), expected)).toBeNull();
      }),
      { numRuns: 60 },
    );
  });

  it("takes a bump and a notch from a cube and leaves its size", () => {
    const grid = regularGrid({ columns: 16, rows: 16, slices: 16 }, [1, 1, 1]);
    const inCube = (...at: number[]) => at.every((x) => x >= 3 && x < 13);
    const rough = denseWhere(
      grid,
      (i, j, k) => (inCube(i, j, k) && !(i === 3 && j === 8 && k === 8)) || (i === 13 && j === 6 && k === 6),
    );
    const smooth = smoothByMajority(runsOf(rough, grid), grid, 1.5 * Math.max(...spacingMm(grid)));
    expect(maskHas(smooth, 13, 6, 6)).toBe(false);
    expect(maskHas(smooth, 3, 8, 8)).toBe(true);
    expect(voxelCount(smooth)).toBeGreaterThan(900);
  });
});

/** Distance to the outline in one slice by trying every voxel: to the nearest set one outside, minus that to the nearest other inside. */
function flatDistance(dense: Dense, grid: VoxelGrid, i: number, j: number, k: number): number {
  const mine = dense[denseIndex(grid, i, j, k)];
  let nearest = Infinity;
  for (let y = 0; y < grid.rows; y++) {
    for (let x = 0; x < grid.columns; x++) {
      if (dense[denseIndex(grid, x, y, k)] === mine) continue;
      nearest = Math.min(nearest, Math.hypot((x - i) * grid.columnSpacingMm, (y - j) * grid.rowSpacingMm));
    }
  }
  return mine === 1 ? -nearest : nearest;
}

describe("filling between slices", () => {
  it("interpolates the signed distance of the two drawn slices, and leaves these as they are", () => {
    fc.assert(
      fc.property(cases(8), fc.integer({ min: 2, max: 5 }), ({ dense: all, grid }, every) => {
        const dense = denseWhere(grid, (_i, _j, k, at) => k % every === 0 && all[at] === 1);
        const filled = denseOf(fillBetweenSlices(runsOf(dense, grid), grid));
        const drawn = Array.from({ length: grid.slices }, (_, k) => k).filter((k) =>
          dense
            .subarray(k * grid.rows * grid.columns, (k + 1) * grid.rows * grid.columns)
            .some((v) => v === 1),
        );
        everyVoxel(grid, (i, j, k, at) => {
          const before = drawn.findLast((z) => z <= k);
          const after = drawn.find((z) => z >= k);
          if (before === undefined || after === undefined || before === after) {
            expect(filled[at]).toBe(dense[at]);
            return;
          }
          const share = (k - before) / (after - before);
          const value =
            (1 - share) * flatDistance(dense, grid, i, j, before) +
            share * flatDistance(dense, grid, i, j, after);
          // Where both sides are as near, Float32 decides.
          if (Math.abs(value) > 1e-4) expect(filled[at]).toBe(value < 0 ? 1 : 0);
        });
      }),
      { numRuns: 60 },
    );
  });

  it("goes by where the slices lie, not by how many there are", () => {
    const even = regularGrid({ columns: 21, rows: 21, slices: 3 }, [1, 1, 5]);
    const [first, , last] = even.slicePositions;
    const near = first.map((x, axis) => x + 0.1 * (last[axis] - x)) as [number, number, number];
    const uneven: VoxelGrid = { ...even, slicePositions: [first, near, last] };
    const dense = denseWhere(even, (i, j, k) => k !== 1 && Math.hypot(i - 10, j - 10) <= (k === 0 ? 8 : 2));
    const middle = (grid: VoxelGrid) => voxelCount(fillBetweenSlices(runsOf(dense, grid), grid));
    expect(middle(uneven)).toBeGreaterThan(middle(even) + 60);
    expect(overlapCount(fillBetweenSlices(runsOf(dense, even), even), runsOf(dense, even))).toBe(
      voxelCount(runsOf(dense, even)),
    );
  });
});
