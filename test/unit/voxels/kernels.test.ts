// The WebAssembly kernels against their plain TypeScript twins, and their bytes against their source.
import fc from "fast-check";
import { readFileSync } from "node:fs";
import { afterEach, describe, expect, it, vi } from "vitest";
import { components, componentsTwin } from "#voxels/components";
import { distanceToMaskMm, distanceToMaskMmTwin } from "#voxels/distance";
import { hasLabellingKernels } from "#voxels/kernels/labelling-kernels";
import { wholeBox } from "#voxels/box";
import type { MaskShape } from "#voxels/mask";
import {
  blockMaximum,
  emptyBlockMaximum,
  fillBlockMaximumTwin,
  thresholdMask,
  thresholdMaskTwin,
  thresholdWithBlocks,
  thresholdWithBlocksTwin,
} from "#voxels/threshold";
import { KERNELS, compileKernel, moduleOf } from "../../../src/cli/build-kernels.mjs";
import {
  boxesNear,
  denseCases,
  huVolume,
  numbersFrom,
  regularGrid,
  regularGrids,
  runsOf,
} from "./dense-reference.ts";

/** Smooth enough for long runs and parts, rough enough for thousands of short ones. */
function roughVolume(shape: MaskShape, seed: number, shared: boolean): Int16Array {
  const voxels = shape.columns * shape.rows * shape.slices;
  const hu = new Int16Array(shared ? new SharedArrayBuffer(2 * voxels) : new ArrayBuffer(2 * voxels));
  const next = numbersFrom(seed);
  let value = 0;
  for (let at = 0; at < voxels; at++) {
    value = 0.8 * value + (next() - 0.5) * 900;
    hu[at] = value + (next() < 0.01 ? 2000 : 0);
  }
  return hu;
}

const sizes = fc.record({
  columns: fc.oneof(fc.integer({ min: 1, max: 140 }), fc.constantFrom(512, 1000)),
  rows: fc.integer({ min: 1, max: 90 }),
  slices: fc.integer({ min: 1, max: 4 }),
});

describe("the kernels", () => {
  it("run in this engine", () => {
    expect(hasLabellingKernels()).toBe(true);
  });

  it("give the twins' masks, labels and block tables, from shared memory as well", () => {
    fc.assert(
      fc.property(
        sizes.chain((shape) => fc.tuple(fc.constant(shape), boxesNear(shape))),
        fc.record({
          seed: fc.integer(),
          shared: fc.boolean(),
          boxed: fc.boolean(),
          lowHu: fc.constantFrom(-32768, -200, 0, 150.5, 700, 1900, 32767),
          highHu: fc.constantFrom(Infinity, 32767, 1000, 160, -32768),
          connectivity: fc.constantFrom(6, 26),
        }),
        ([shape, box], { seed, shared, boxed, lowHu, highHu, connectivity }) => {
          const hu = roughVolume(shape, seed, shared);
          const within = boxed ? box : undefined;
          const mask = thresholdMask(hu, shape, lowHu, highHu, within);
          expect(mask).toEqual(thresholdMaskTwin(hu, shape, lowHu, highHu, within));
          expect(components(mask, connectivity)).toEqual(componentsTwin(mask, connectivity));
          const table = emptyBlockMaximum(shape);
          fillBlockMaximumTwin(table, hu, 0, shape.slices);
          expect(blockMaximum(hu, shape)).toEqual(table);
          expect(thresholdWithBlocks(hu, table, lowHu, highHu, within)).toEqual(mask);
          expect(thresholdWithBlocksTwin(hu, table, lowHu, highHu, within)).toEqual(mask);
        },
      ),
      { seed: 31, numRuns: 80 },
    );
  });

  it("give the twin's distances, to the last bit", () => {
    fc.assert(
      fc.property(
        denseCases(24).chain(({ shape, dense }) =>
          fc.tuple(fc.constant({ shape, dense }), regularGrids(shape), boxesNear(shape)),
        ),
        ([{ shape, dense }, grid, box]) => {
          const mask = runsOf(dense, shape);
          expect(distanceToMaskMm(mask, grid, box)).toEqual(distanceToMaskMmTwin(mask, grid, box));
        },
      ),
      { seed: 32, numRuns: 200 },
    );
  });

  it("hold over the whole range of the stored type", () => {
    const shape = { columns: 300, rows: 40, slices: 2 };
    const hu = huVolume(shape, 5, true);
    for (const [low, high] of [
      [-32768, -32768],
      [-32768, -1],
      [-1, 0],
      [32767, 32767],
    ]) {
      expect(thresholdMask(hu, shape, low, high)).toEqual(thresholdMaskTwin(hu, shape, low, high));
    }
  });

  it("label six million runs of noise, give the memory back, and go on", () => {
    const shape = { columns: 500, rows: 500, slices: 48 };
    const hu = new Int16Array(shape.columns * shape.rows * shape.slices);
    for (let at = 0; at < hu.length; at += 2) hu[at] = 1000;
    const mask = thresholdMask(hu, shape, 500);
    expect(mask.start.length).toBe(hu.length / 2);
    const { count, voxels, labelOfRun } = components(mask, 6);
    expect([count, voxels[1], labelOfRun[labelOfRun.length - 1]]).toEqual([250, 24_000, 250]);
    expect(thresholdMask(hu, shape, 1001).start.length).toBe(0);
    expect(components(thresholdMask(hu, shape, 0)).count).toBe(1);
  });
});

describe("without WebAssembly", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.resetModules();
  });

  it("the twins give the same", async () => {
    const shape = { columns: 130, rows: 30, slices: 3 };
    const hu = roughVolume(shape, 77, false);
    const expected = components(thresholdMask(hu, shape, 300));
    const grid = regularGrid(shape, [0.7, 0.7, 1]);
    const distances = distanceToMaskMm(thresholdMask(hu, shape, 300), grid, wholeBox(shape));
    const table = blockMaximum(hu, shape);
    vi.stubGlobal("WebAssembly", undefined);
    vi.resetModules();
    const kernels = await import("#voxels/kernels/labelling-kernels");
    const threshold = await import("#voxels/threshold");
    const parts = await import("#voxels/components");
    const { distanceToMaskMm: distanceThere } = await import("#voxels/distance");
    expect(kernels.hasLabellingKernels()).toBe(false);
    expect(parts.components(threshold.thresholdMask(hu, shape, 300))).toEqual(expected);
    expect(threshold.blockMaximum(hu, shape)).toEqual(table);
    const mask = threshold.thresholdMask(hu, shape, 300);
    expect(distanceThere(mask, grid, wholeBox(shape))).toEqual(distances);
  });
});

it.each(KERNELS)("the bytes of %s are what its source compiles to", async (name) => {
  expect(readFileSync(moduleOf(name), "utf8")).toBe(await compileKernel(name));
});
