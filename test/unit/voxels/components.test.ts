// Connected parts against a flood fill that walks one voxel at a time.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Connectivity } from "#voxels/components";
import {
  componentAt,
  componentBoxes,
  componentMask,
  componentMasks,
  components,
  hysteresis,
} from "#voxels/components";
import type { MaskShape } from "#voxels/mask";
import { blockMaximum } from "#voxels/threshold";
import type { Dense } from "./dense-reference.ts";
import {
  denseCases,
  denseIndex,
  denseWhere,
  everyVoxel,
  firstDifference,
  huVolume,
  insideGrid,
  runsOf,
  shapes,
} from "./dense-reference.ts";

/** Labels by flooding, numbered by size descending, then by first voxel. */
function flood(
  dense: Dense,
  shape: MaskShape,
  connectivity: Connectivity,
): { labels: Uint32Array; sizes: number[] } {
  const labels = new Uint32Array(dense.length);
  const parts: number[][] = [];
  everyVoxel(shape, (i0, j0, k0, at0) => {
    if (dense[at0] === 0 || labels[at0] !== 0) return;
    const part: number[] = [];
    const queue = [[i0, j0, k0]];
    labels[at0] = 1;
    for (let next = queue.pop(); next; next = queue.pop()) {
      const [i, j, k] = next;
      part.push(denseIndex(shape, i, j, k));
      for (let dk = -1; dk <= 1; dk++) {
        for (let dj = -1; dj <= 1; dj++) {
          for (let di = -1; di <= 1; di++) {
            if (connectivity === 6 && Math.abs(di) + Math.abs(dj) + Math.abs(dk) > 1) continue;
            if (!insideGrid(shape, i + di, j + dj, k + dk)) continue;
            const at = denseIndex(shape, i + di, j + dj, k + dk);
            if (dense[at] === 0 || labels[at] !== 0) continue;
            labels[at] = 1;
            queue.push([i + di, j + dj, k + dk]);
          }
        }
      }
    }
    parts.push(part);
  });
  // Parts were found in the order of their first voxel, and sort is stable.
  parts.sort((a, b) => b.length - a.length);
  parts.forEach((part, n) => part.forEach((at) => (labels[at] = n + 1)));
  return { labels, sizes: parts.map((part) => part.length) };
}

describe.each([26, 6] as const)("%i-connected parts", (connectivity) => {
  it("are those of a flood fill, largest first, then by first voxel", () => {
    fc.assert(
      fc.property(denseCases(12), ({ shape, dense }) => {
        const mask = runsOf(dense, shape);
        const labels = components(mask, connectivity);
        const reference = flood(dense, shape, connectivity);
        expect(labels.count).toBe(reference.sizes.length);
        expect([...labels.voxels]).toEqual([0, ...reference.sizes]);
        everyVoxel(shape, (i, j, k, at) => {
          if (componentAt(mask, labels, i, j, k) !== reference.labels[at])
            expect.fail(`label at ${i} ${j} ${k}`);
        });
        expect(componentAt(mask, labels, -1, 0, 0)).toBe(0);
        const boxes = componentBoxes(mask, labels);
        const wanted = [...new Set([labels.count, 1, 2])].filter((n) => n >= 1 && n <= labels.count);
        const masks = componentMasks(mask, labels, wanted);
        wanted.forEach((n, at) => {
          const part = denseWhere(shape, (_i, _j, _k, voxel) => reference.labels[voxel] === n);
          expect(firstDifference(masks[at], part)).toBeNull();
          expect(firstDifference(componentMask(mask, labels, n), part)).toBeNull();
          const box = boxes[n];
          let inside = 0;
          const seen = [false, false, false, false, false, false];
          everyVoxel(shape, (i, j, k, voxel) => {
            if (part[voxel] === 0) return;
            if (i >= box.i0 && i < box.i1 && j >= box.j0 && j < box.j1 && k >= box.k0 && k < box.k1) inside++;
            [
              i === box.i0,
              i === box.i1 - 1,
              j === box.j0,
              j === box.j1 - 1,
              k === box.k0,
              k === box.k1 - 1,
            ].forEach((hit, side) => (seen[side] ||= hit));
          });
          expect(inside).toBe(labels.voxels[n]);
          expect(seen).toEqual([true, true, true, true, true, true]);
        });
      }),
      { seed: 21, numRuns: 150 },
    );
  });
});

it("joins a thread that only ever steps diagonally and turns back in z", () => {
  const shape = { columns: 9, rows: 9, slices: 5 };
  const thread = [
    [0, 0, 4],
    [1, 1, 3],
    [2, 2, 2],
    [3, 3, 1],
    [4, 4, 0],
    [5, 3, 1],
    [6, 2, 2],
    [7, 1, 3],
    [8, 0, 4],
  ];
  const dense = new Uint8Array(9 * 9 * 5);
  for (const [i, j, k] of thread) dense[denseIndex(shape, i, j, k)] = 1;
  expect(components(runsOf(dense, shape)).count).toBe(1);
  expect(components(runsOf(dense, shape), 6).count).toBe(9);
});

it("hysteresis keeps the low parts that hold a high voxel, whole", () => {
  const cases = fc.record({
    shape: shapes(12),
    seed: fc.integer(),
    lowHu: fc.integer({ min: -900, max: 1500 }),
  });
  fc.assert(
    fc.property(cases, fc.integer({ min: 0, max: 1500 }), ({ shape, seed, lowHu }, above) => {
      const hu = huVolume(shape, seed, false);
      const seedHu = lowHu + above;
      const low = denseWhere(shape, (_i, _j, _k, at) => hu[at] >= lowHu);
      const { labels } = flood(low, shape, 26);
      const kept = new Set<number>();
      hu.forEach((v, at) => v >= seedHu && kept.add(labels[at]));
      const expected = denseWhere(shape, (_i, _j, _k, at) => labels[at] > 0 && kept.has(labels[at]));
      expect(firstDifference(hysteresis(hu, shape, lowHu, seedHu), expected)).toBeNull();
      expect(
        firstDifference(hysteresis(hu, shape, lowHu, seedHu, { blocks: blockMaximum(hu, shape) }), expected),
      ).toBeNull();
    }),
    { seed: 22, numRuns: 150 },
  );
});

it("numbers a thousand equal specks by their first voxel", () => {
  const shape = { columns: 20, rows: 20, slices: 20 };
  const dense = denseWhere(shape, (i, j, k) => i % 2 === 0 && j % 2 === 0 && k % 2 === 0);
  const mask = runsOf(dense, shape);
  const labels = components(mask);
  expect(labels.count).toBe(1000);
  expect([...labels.labelOfRun]).toEqual(Array.from({ length: 1000 }, (_, n) => n + 1));
});
