// The WebAssembly kernels against their plain TypeScript twins, and their bytes against their source.
import fc from "fast-check";
import { readFileSync } from "node:fs";
import { afterEach, describe, expect, it, vi } from "vitest";
import { components, componentsTwin } from "#voxels/components";
import { distanceToMaskMm, distanceToMaskMmTwin } from "#voxels/distance";
import { hasLabellingKernels } from "#voxels/kernels/labelling-kernels";
import { rescaleByKernel } from "#voxels/kernels/rescale-kernels";
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

/** What PS3.3 C.7.6.3.1.4 and C.11.1 say of one word, in plain numbers. */
function huOfWord(
  word: number,
  { bitsStored, highBit, signed, intercept, padding, paddingHu }: Parameters<typeof rescaleByKernel>[1],
): number {
  const bits = (word >> (highBit - bitsStored + 1)) & (2 ** bitsStored - 1);
  const stored = signed && bits >= 2 ** (bitsStored - 1) ? bits - 2 ** bitsStored : bits;
  if (padding && stored >= padding[0] && stored <= padding[1]) return paddingHu;
  return Math.max(-32768, Math.min(32767, stored + intercept));
}

const wordScales = fc.integer({ min: 1, max: 16 }).chain((bitsStored) =>
  fc.record({
    bitsStored: fc.constant(bitsStored),
    highBit: fc.integer({ min: bitsStored - 1, max: 15 }),
    signed: fc.boolean(),
    intercept: fc.oneof(
      fc.constantFrom(0, -1024, -1000, 32766, -32768),
      fc.integer({ min: -32768, max: 32766 }),
    ),
    padding: fc.option(
      fc
        .tuple(fc.integer({ min: -40_000, max: 70_000 }), fc.integer({ min: 0, max: 3000 }))
        .map(([from, more]): [number, number] => [from, from + more]),
    ),
    paddingHu: fc.constant(-1024),
  }),
);

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

it("gives the HU of stored words of every form, at any address and length", () => {
  fc.assert(
    fc.property(
      wordScales,
      fc.uint8Array({ minLength: 2, maxLength: 90 }),
      fc.integer({ min: 0, max: 1 }),
      (scale, random, odd) => {
        const count = random.length >> 1;
        const bytes = new Uint8Array(random.length + odd);
        bytes.set(random, odd);
        const target = new Int16Array(count);
        const facts = rescaleByKernel(bytes.subarray(odd), scale, target);
        const view = new DataView(random.buffer, random.byteOffset);
        const expected = Array.from({ length: count }, (_, n) =>
          huOfWord(view.getUint16(2 * n, true), scale),
        );
        expect([...target]).toEqual(expected);
        expect(facts).toEqual({ minHu: Math.min(...expected), maxHu: Math.max(...expected) });
      },
    ),
    { numRuns: 500 },
  );
});
