// Statistics and longest extent against sums and pairs over single voxels, on tilted and uneven grids too.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Vec3 } from "#core/space";
import { distance, patientFromVoxel, voxelVolumeMm3 } from "#core/space";
import type { CtVolume } from "#core/volume";
import { componentMask, components } from "#voxels/components";
import { longestExtentMm } from "#voxels/extent";
import { emptyMask, maskHas } from "#voxels/mask";
import { componentStatistics, maskStatistics, maskVolumeMm3, touchesAnyEdge } from "#voxels/statistics";
import {
  acquiredGrids,
  denseCases,
  denseWhere,
  everyVoxel,
  huVolume,
  regularGrid,
  runsOf,
} from "./dense-reference.ts";

const cases = denseCases(10).chain(({ shape, dense }) =>
  fc.record({
    dense: fc.constant(dense),
    grid: acquiredGrids(shape),
    seed: fc.integer(),
    fullRange: fc.boolean(),
    clippedAtHu: fc.constantFrom(null, 500, 3000),
  }),
);

describe("statistics", () => {
  it("are the sums over voxels, each with the volume and position of its own slice", () => {
    fc.assert(
      fc.property(cases, ({ dense, grid, seed, fullRange, clippedAtHu }) => {
        const hu = huVolume(grid, seed, fullRange);
        const volume: CtVolume = { grid, hu, storableHu: [-1024, 3071], clippedAtHu };
        const mask = runsOf(dense, grid);
        const values: number[] = [];
        const edges = new Set<string>();
        let volumeMm3 = 0;
        const moment = [0, 0, 0];
        everyVoxel(grid, (i, j, k, at) => {
          if (dense[at] === 0) return;
          values.push(hu[at]);
          const mm3 = voxelVolumeMm3(grid, k);
          volumeMm3 += mm3;
          patientFromVoxel(grid, i, j, k).forEach((p, axis) => (moment[axis] += p * mm3));
          if (k === 0) edges.add("firstSlice");
          if (k === grid.slices - 1) edges.add("lastSlice");
          if (j === 0) edges.add("firstRow");
          if (j === grid.rows - 1) edges.add("lastRow");
          if (i === 0) edges.add("firstColumn");
          if (i === grid.columns - 1) edges.add("lastColumn");
        });
        const found = maskStatistics(mask, volume);
        expect(found.voxels).toBe(values.length);
        expect(found.volumeMm3).toBeCloseTo(volumeMm3, 6);
        expect(maskVolumeMm3(mask, grid)).toBeCloseTo(volumeMm3, 6);
        const touched = Object.entries(found.touchesEdge).filter(([, touches]) => touches);
        expect(new Set(touched.map(([side]) => side))).toEqual(edges);
        expect(touchesAnyEdge(found.touchesEdge)).toBe(edges.size > 0);
        if (values.length === 0) {
          expect([found.huMean, found.huMin, found.huMax, found.huSd, found.centroidPatient]).toEqual(
            Array(5).fill(null),
          );
          expect(found.clippedShare).toBe(0);
          return;
        }
        const mean = values.reduce((a, b) => a + b) / values.length;
        expect(found.huMean).toBeCloseTo(mean, 6);
        expect(found.huMin).toBe(Math.min(...values));
        expect(found.huMax).toBe(Math.max(...values));
        expect(found.huSd).toBeCloseTo(
          Math.sqrt(values.reduce((s, v) => s + (v - mean) ** 2, 0) / values.length),
          5,
        );
        const clipped = clippedAtHu === null ? 0 : values.filter((v) => v >= clippedAtHu).length;
        expect(found.clippedShare).toBeCloseTo(clipped / values.length, 12);
        moment.forEach((m, axis) => expect(found.centroidPatient?.[axis]).toBeCloseTo(m / volumeMm3, 6));
      }),
      { seed: 41, numRuns: 200 },
    );
  });

  it("of all parts in one pass are those of each part alone", () => {
    fc.assert(
      fc.property(cases, ({ dense, grid, seed, clippedAtHu }) => {
        const volume: CtVolume = {
          grid,
          hu: huVolume(grid, seed, false),
          storableHu: [-1024, 3071],
          clippedAtHu,
        };
        const mask = runsOf(dense, grid);
        const labels = components(mask);
        const all = componentStatistics(mask, labels, volume);
        expect(all).toHaveLength(labels.count + 1);
        for (let label = 1; label <= Math.min(labels.count, 5); label++) {
          expect(all[label]).toEqual(maskStatistics(componentMask(mask, labels, label), volume));
        }
      }),
      { seed: 42, numRuns: 60 },
    );
  });

  it("a mask on uneven slices adds up to the block it fills", () => {
    const shape = { columns: 3, rows: 3, slices: 4 };
    const grid = {
      ...regularGrid(shape, [1, 1, 1]),
      slicePositions: [0, 1, 4, 5].map((z): Vec3 => [0, 0, z]),
    };
    const full = runsOf(new Uint8Array(36).fill(1), shape);
    expect(maskVolumeMm3(full, grid)).toBeCloseTo(9 * (1 + 2 + 2 + 1), 9);
  });
});

describe("longest extent", () => {
  it("is the largest distance between any two voxel centres", () => {
    fc.assert(
      fc.property(cases, ({ dense, grid }) => {
        const mask = runsOf(dense, grid);
        const points: Vec3[] = [];
        everyVoxel(grid, (i, j, k, at) => {
          if (dense[at] === 1) points.push(patientFromVoxel(grid, i, j, k));
        });
        let longest = 0;
        points.forEach((p, n) => {
          for (let m = 0; m < n; m++) longest = Math.max(longest, distance(p, points[m]));
        });
        const found = longestExtentMm(mask, grid);
        expect(found.mm).toBeCloseTo(longest, 9);
        if (points.length === 0) {
          expect(found).toEqual({ mm: 0, endsPatient: null, endsVoxel: null });
          return;
        }
        if (!found.endsPatient || !found.endsVoxel) throw new Error("ends are missing");
        expect(distance(...found.endsPatient)).toBeCloseTo(longest, 9);
        found.endsVoxel.forEach((voxel, n) => {
          expect(maskHas(mask, ...voxel)).toBe(true);
          expect(patientFromVoxel(grid, ...voxel)).toEqual(found.endsPatient?.[n]);
        });
      }),
      { seed: 43, numRuns: 250 },
    );
  });

  it("measures a ball, where almost every pair of opposite voxels competes", () => {
    const shape = { columns: 41, rows: 41, slices: 41 };
    const grid = regularGrid(shape, [0.5, 0.5, 0.5]);
    const ball = runsOf(
      denseWhere(shape, (i, j, k) => (i - 20) ** 2 + (j - 20) ** 2 + (k - 20) ** 2 <= 400),
      shape,
    );
    expect(longestExtentMm(ball, grid).mm).toBeCloseTo(20, 9);
  });

  it("is 0 for one voxel and for none", () => {
    const shape = { columns: 3, rows: 3, slices: 3 };
    const grid = regularGrid(shape, [1, 1, 2]);
    const one = runsOf(
      denseWhere(shape, (i, j, k) => i === 1 && j === 2 && k === 0),
      shape,
    );
    expect(longestExtentMm(one, grid).mm).toBe(0);
    expect(longestExtentMm(one, grid).endsVoxel).toEqual([
      [1, 2, 0],
      [1, 2, 0],
    ]);
    expect(longestExtentMm(emptyMask(shape), grid).mm).toBe(0);
  });
});
