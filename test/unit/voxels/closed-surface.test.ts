// The surface of any mask closes, faces outwards, never meets itself at an edge, and encloses the volume of the voxels.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Vec3, type VoxelGrid, voxelVolumeMm3 } from "#core/space";
import { type ClosedSurface, closedSurface } from "#voxels/closed-surface";
import { type RunMask, emptyMask, forEachRun, voxelCount } from "#voxels/mask";
import { maskWhere, smallSeries } from "../dicom/small-series.ts";

const shape = { columns: 5, rows: 4, slices: 4 };
const cubes = (slices = 4): VoxelGrid => ({
  ...shape,
  slices,
  columnSpacingMm: 1,
  rowSpacingMm: 1,
  rowDirection: [1, 0, 0],
  columnDirection: [0, 1, 0],
  slicePositions: Array.from({ length: slices }, (_, k): Vec3 => [0, 0, k]),
});

/** Each directed edge as often as it is walked; closed and manifold: once each way. */
function edgesOf({ triangles }: ClosedSurface): Map<string, number> {
  const edges = new Map<string, number>();
  for (let n = 0; n < triangles.length; n += 3)
    for (const [a, b] of [
      [0, 1],
      [1, 2],
      [2, 0],
    ]) {
      const key = `${triangles[n + a]}>${triangles[n + b]}`;
      edges.set(key, (edges.get(key) ?? 0) + 1);
    }
  return edges;
}

function expectClosed(surface: ClosedSurface): void {
  const edges = edgesOf(surface);
  for (const [key, count] of edges) {
    const [a, b] = key.split(">");
    if (count !== 1 || edges.get(`${b}>${a}`) !== 1) throw new Error(`edge ${key}: ${count}`);
  }
  // As a file keeps them: single precision must not merge two vertices.
  const stored = Float32Array.from(surface.vertices);
  const points = new Set<string>();
  for (let n = 0; n < stored.length; n += 3) points.add(`${stored[n]},${stored[n + 1]},${stored[n + 2]}`);
  expect(points.size).toBe(stored.length / 3);
}

const volumeOf = (mask: RunMask, grid: VoxelGrid): number => {
  let mm3 = 0;
  forEachRun(mask, (_j, k, start, end) => {
    mm3 += (end - start) * voxelVolumeMm3(grid, k);
  });
  return mm3;
};

describe("a closed surface", () => {
  it("closes and encloses the volume asked for, whatever the voxels are", () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 80, maxLength: 80 }), (bits) => {
        const mask = maskWhere(shape, (i, j, k) => bits[(k * 4 + j) * 5 + i]);
        if (voxelCount(mask) === 0) return;
        const surface = closedSurface(mask, cubes(), voxelCount(mask));
        expectClosed(surface);
        expect(surface.volumeMm3).toBeCloseTo(voxelCount(mask), 6);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ["tilted", smallSeries({ shearMm: 0.31 }).grid],
    ["uneven", smallSeries({ spacingMm: [1.25, 2.5, 1] }).grid],
    ["prone", smallSeries({ rowDirection: [-1, 0, 0], columnDirection: [0, -1, 0] }).grid],
    ["of one slice", cubes(1)],
  ])("has the voxels' volume and faces outwards on a grid that is %s", (_, grid) => {
    const mask = maskWhere(grid, (i, j, k) => i > 0 && i < 4 + k && j < 3 && k < 9);
    const wanted = volumeOf(mask, grid);
    const surface = closedSurface(mask, grid, wanted);
    expectClosed(surface);
    // Positive: counter-clockwise seen from outside.
    expect(surface.volumeMm3 / wanted).toBeCloseTo(1, 9);
  });

  it("lies about where the voxels end: a long box's flat side within a tenth of a voxel of its border", () => {
    const grid = { ...cubes(40), columns: 44, rows: 44 };
    const mask = maskWhere(grid, (i, j, k) => i >= 4 && i < 40 && j >= 4 && j < 40 && k >= 4 && k < 36);
    const { vertices } = closedSurface(mask, grid, voxelCount(mask));
    let [low, high] = [Infinity, -Infinity];
    for (let n = 0; n < vertices.length; n += 3) {
      low = Math.min(low, vertices[n]);
      high = Math.max(high, vertices[n]);
    }
    expect([Math.abs(low - 3.5) < 0.1, Math.abs(high - 39.5) < 0.1]).toEqual([true, true]);
  });

  it("of nothing is nothing", () => {
    expect(closedSurface(emptyMask(shape), cubes(), 0).triangles).toHaveLength(0);
  });
});
