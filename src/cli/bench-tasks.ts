// Our side of `npm run bench`: the calls that are measured, and the inputs that all sides share.
import type { Vec3, VoxelGrid } from "#core/space";
import { occupiedSlices, packFrames } from "#dicom/bit-frames";
import { writeSegmentation } from "#dicom/write-segmentation";
import { wholeBox } from "#voxels/box";
import { componentMask, components, componentsTwin } from "#voxels/components";
import { distanceToMaskMm } from "#voxels/distance";
import { type MaskShape, type RunMask, forEachRun, voxelCount } from "#voxels/mask";
import { close, fillHoles3d } from "#voxels/morphology";
import { ballMask, paintDense } from "#voxels/paint";
import { applyDelta, deltaBetween, deltaBytes } from "#voxels/run-delta";
import { difference, union } from "#voxels/set-operations";
import { blockMaximum, thresholdMask, thresholdMaskTwin, thresholdWithBlocks } from "#voxels/threshold";
import type { Measurement } from "./bench-peers.ts";
import { fiveSegments } from "./bench-segmentation.ts";
import { benchShape, fillBenchVolume } from "./bench-volume.ts";

/** Lowest HU of "cement" (> 900) and "bone" (> 200). */
export const lowestHu = { cement: 901, bone: 201 } as const;
export type Tissue = keyof typeof lowestHu;

/** Upright, 1 mm: a ball of 3 mm is one of 3 voxels for every side. */
export const benchGrid = (shape: MaskShape): VoxelGrid => ({
  ...shape,
  columnSpacingMm: 1,
  rowSpacingMm: 1,
  rowDirection: [1, 0, 0],
  columnDirection: [0, 1, 0],
  slicePositions: Array.from({ length: shape.slices }, (_, k): Vec3 => [0, 0, k]),
});

const cropShape: MaskShape = { columns: 300, rows: 300, slices: 250 };
const cropCorner: Vec3 = [106, 106, 75];
/** Frames of the packing task. */
const packedFrames = 233;

export interface BenchInputs {
  readonly hu: Int16Array;
  readonly bone: RunMask;
  /** Bone in the middle of the volume, on a grid of its own. */
  readonly crop: RunMask;
}

export function benchInputs(): BenchInputs {
  const voxels = benchShape.columns * benchShape.rows * benchShape.slices;
  // Shared memory, as in the app where the page is isolated.
  const hu = new Int16Array(new SharedArrayBuffer(2 * voxels));
  fillBenchVolume(hu);
  const cropHu = new Int16Array(cropShape.columns * cropShape.rows * cropShape.slices);
  for (let k = 0; k < cropShape.slices; k++) {
    for (let j = 0; j < cropShape.rows; j++) {
      const from =
        ((k + cropCorner[2]) * benchShape.rows + j + cropCorner[1]) * benchShape.columns + cropCorner[0];
      cropHu.set(hu.subarray(from, from + cropShape.columns), (k * cropShape.rows + j) * cropShape.columns);
    }
  }
  return {
    hu,
    bone: thresholdMask(hu, benchShape, lowestHu.bone),
    crop: thresholdMask(cropHu, cropShape, lowestHu.bone),
  };
}

/** A mask as bytes of 0 and 1, `[k][j][i]`. */
export function denseBytes(mask: RunMask): Uint8Array {
  const bytes = new Uint8Array(mask.columns * mask.rows * mask.slices);
  paintDense(mask, bytes, 1);
  return bytes;
}

const packedSlices = (mask: RunMask): number[] => occupiedSlices(mask).slice(0, packedFrames);

/** The frames that dcmjs packs, as bytes of 0 and 1. */
export function frameBytes(mask: RunMask): Uint8Array {
  const area = mask.columns * mask.rows;
  const dense = denseBytes(mask);
  const frames = packedSlices(mask).map((k) => dense.subarray(k * area, (k + 1) * area));
  const bytes = new Uint8Array(frames.length * area);
  frames.forEach((frame, n) => bytes.set(frame, n * area));
  return bytes;
}

/** The largest part's first voxel and its size, for the side that can only flood one part. */
export function largestPart({ hu }: BenchInputs, tissue: Tissue): { seed: Vec3; voxels: number } {
  const mask = thresholdMask(hu, benchShape, lowestHu[tissue]);
  const labels = components(mask);
  let seed: Vec3 | null = null;
  forEachRun(componentMask(mask, labels, 1), (j, k, start) => (seed ??= [start, j, k]));
  return { seed: seed ?? [0, 0, 0], voxels: labels.voxels[1] };
}

type Work = () => number | (() => number);

/** Measures one call. Work that returns a function has its result counted outside the measured time. */
export function measure(work: Work): Measurement {
  const started = performance.now();
  const done = work();
  const ms = performance.now() - started;
  return { ms, result: typeof done === "number" ? done : done() };
}

/** Our ways of doing each task, by name. */
export function ourWork(inputs: BenchInputs): Readonly<Record<string, Work>> {
  const { hu, bone, crop } = inputs;
  const table = blockMaximum(hu, benchShape);
  const piece = new Int16Array(65536);
  const cropGrid = benchGrid(cropShape);
  const dab = ballMask(benchGrid(benchShape), [200, 260, 180], 10);
  const painted = union(bone, dab);
  const erased = difference(bone, dab);
  const stroke: readonly [number, number] = [170, 191];
  const delta = deltaBetween(bone, painted);
  const frames = packedSlices(bone).map((k) => ({ segmentNumber: 1, mask: bone, k }));
  const segments = fiveSegments(hu, benchGrid(benchShape));
  return {
    "cement kernels": () => components(thresholdMask(hu, benchShape, lowestHu.cement)).count,
    "cement twin": () => componentsTwin(thresholdMaskTwin(hu, benchShape, lowestHu.cement)).count,
    "cement table": () => components(thresholdWithBlocks(hu, table, lowestHu.cement)).count,
    "bone kernels": () => components(thresholdMask(hu, benchShape, lowestHu.bone)).count,
    "bone twin": () => componentsTwin(thresholdMaskTwin(hu, benchShape, lowestHu.bone)).count,
    "bone table": () => components(thresholdWithBlocks(hu, table, lowestHu.bone)).count,
    table: () => blockMaximum(hu, benchShape).maximumHu.length,
    reading: () => {
      for (let at = 0; at < hu.length; at += piece.length) piece.set(hu.subarray(at, at + piece.length));
      return hu.length;
    },
    closing: () => {
      const closed = close(crop, cropGrid, 3);
      return () => voxelCount(closed);
    },
    distance: () => {
      const { mm } = distanceToMaskMm(crop, cropGrid, wholeBox(crop));
      return () => mm.reduce((most, value) => Math.max(most, value), 0);
    },
    fill: () => {
      const filled = fillHoles3d(crop);
      return () => voxelCount(filled);
    },
    packing: () => {
      const bytes = packFrames(frames, bone.rows, bone.columns);
      return () => bytes.reduce((set, byte) => set + bitsOf(byte), 0);
    },
    "five segments": () => writeSegmentation(segments.document, segments.masks).length,
    "undo record": () => deltaBytes(deltaBetween(bone, painted, stroke)),
    "undo record, slices not told": () => deltaBytes(deltaBetween(bone, erased)),
    "undo apply": () => applyDelta(painted, delta, "backward").start.length,
  };
}

function bitsOf(byte: number): number {
  let set = 0;
  for (let bits = byte; bits > 0; bits >>= 1) set += bits & 1;
  return set;
}
