// Turns the placed frames of a segmentation into run-length masks on the CT grid.
import { type Result, fail, ok, problem } from "#core/problem";
import { type MaskShape, type RunMask, RunBuilder, emptyMask } from "#voxels/mask";
import { forEachBitRun } from "./bit-frames.ts";
import type { FramePlacement } from "./frame-placement.ts";

export interface PlacedFrame {
  /** From 0, in file order. */
  readonly index: number;
  /** 0 for a label map, whose pixels name their segments. */
  readonly segmentNumber: number;
  readonly placement: FramePlacement;
}

interface Frames {
  readonly pixels: Uint8Array;
  readonly rows: number;
  readonly columns: number;
  readonly bitsAllocated: 1 | 8 | 16;
  readonly bigEndian: boolean;
  readonly frames: readonly PlacedFrame[];
}

function grouped(
  frames: readonly PlacedFrame[],
  keyOf: (frame: PlacedFrame) => number,
): Map<number, PlacedFrame[]> {
  const groups = new Map<number, PlacedFrame[]>();
  for (const frame of frames) {
    const group = groups.get(keyOf(frame));
    if (group) group.push(frame);
    else groups.set(keyOf(frame), [frame]);
  }
  return groups;
}

/** Frames of each slice, ascending k, as a RunBuilder wants them. */
const bySlice = (frames: readonly PlacedFrame[]): [number, PlacedFrame[]][] =>
  [...grouped(frames, (frame) => frame.placement.k)].toSorted((a, b) => a[0] - b[0]);

const shapeOf = ({ columns, rows, slices }: MaskShape): MaskShape => ({ columns, rows, slices });

/**
 * Masks of a BINARY segmentation by segment number; a described segment without frames is empty. Refuses a frame of a segment that
 * isn't described ("seg/undescribed-segment") and voxels outside the CT ("seg/outside-volume").
 */
export function masksOfBinaryFrames(
  source: Frames,
  shape: MaskShape,
  segmentNumbers: readonly number[],
): Result<ReadonlyMap<number, RunMask>> {
  const masks = new Map<number, RunMask>();
  for (const segmentNumber of segmentNumbers) masks.set(segmentNumber, emptyMask(shapeOf(shape)));
  const bySegment = grouped(source.frames, (frame) => frame.segmentNumber);
  for (const [segmentNumber, frames] of bySegment) {
    if (!masks.has(segmentNumber))
      return fail(problem("seg/undescribed-segment", { segmentNumber, frame: frames[0].index + 1 }));
    const builder = new RunBuilder(shapeOf(shape));
    const slices = bySlice(frames);
    for (const [k, here] of slices) {
      const outside = addBinarySlice(source, here, k, shape, builder);
      if (outside > 0)
        return fail(
          problem("seg/outside-volume", { segmentNumber, frame: here[0].index + 1, voxels: outside }),
        );
    }
    masks.set(segmentNumber, builder.finish());
  }
  return ok(masks);
}

/** Adds the frames that lie on slice k; returns how many voxels have no place on the grid. */
function addBinarySlice(
  source: Frames,
  frames: readonly PlacedFrame[],
  k: number,
  shape: MaskShape,
  builder: RunBuilder,
): number {
  const onGrid = k >= 0 && k < shape.slices;
  const only = frames.length === 1 ? frames[0] : null;
  const { i0, ic, ir, j0, jc, jr } = only?.placement ?? { i0: 0, ic: 0, ir: 0, j0: 0, jc: 0, jr: 0 };
  let outside = 0;
  if (only && onGrid && ic === 1 && ir === 0 && jc === 0 && jr === 1) {
    for (let r = 0; r < source.rows; r++) {
      const j = j0 + r;
      const rowBit = (only.index * source.rows + r) * source.columns;
      forEachBitRun(source.pixels, rowBit, source.columns, (start, end) => {
        const from = Math.max(0, i0 + start);
        const to = Math.min(shape.columns, i0 + end);
        const inside = j >= 0 && j < shape.rows ? Math.max(0, to - from) : 0;
        outside += end - start - inside;
        if (inside > 0) builder.add(k * shape.rows + j, from, to);
      });
    }
    return outside;
  }
  const slice = new Uint8Array(shape.columns * shape.rows);
  for (const { index, placement: p } of frames) {
    for (let r = 0; r < source.rows; r++) {
      const rowBit = (index * source.rows + r) * source.columns;
      forEachBitRun(source.pixels, rowBit, source.columns, (start, end) => {
        for (let c = start; c < end; c++) {
          const i = p.i0 + p.ic * c + p.ir * r;
          const j = p.j0 + p.jc * c + p.jr * r;
          if (onGrid && i >= 0 && i < shape.columns && j >= 0 && j < shape.rows)
            slice[j * shape.columns + i] = 1;
          else outside++;
        }
      });
    }
  }
  if (outside === 0) addRunsOf(slice, shape, k, (row, start, end) => builder.add(row, start, end));
  return outside;
}

/**
 * Masks of a label map by segment number. `paddingValue` is background beside 0 where no segment has that number. Refuses a value
 * that isn't described, and labels outside the CT.
 */
export function masksOfLabelFrames(
  source: Frames,
  shape: MaskShape,
  segmentNumbers: readonly number[],
  paddingValue: number,
): Result<ReadonlyMap<number, RunMask>> {
  const builders = new Map(segmentNumbers.map((number) => [number, new RunBuilder(shapeOf(shape))]));
  const slices = bySlice(source.frames);
  for (const [k, frames] of slices) {
    const slice = new Uint16Array(shape.columns * shape.rows);
    for (const frame of frames) {
      const refused = paintLabels(source, frame, shape, slice, builders, paddingValue);
      if (refused) return refused;
    }
    addRunsOf(slice, shape, k, (row, start, end, label) => builders.get(label)?.add(row, start, end));
  }
  return ok(new Map([...builders].map(([number, builder]) => [number, builder.finish()])));
}

function paintLabels(
  source: Frames,
  { index, placement: p }: PlacedFrame,
  shape: MaskShape,
  slice: Uint16Array,
  described: ReadonlyMap<number, unknown>,
  paddingValue: number,
): Result<never> | null {
  const wide = source.bitsAllocated === 16;
  for (let r = 0; r < source.rows; r++) {
    for (let c = 0; c < source.columns; c++) {
      const at = (index * source.rows + r) * source.columns + c;
      const label = wide ? wideValue(source.pixels, at, source.bigEndian) : source.pixels[at];
      if (!described.has(label)) {
        if (label === 0 || label === paddingValue) continue;
        return fail(problem("seg/undescribed-segment", { segmentNumber: label, frame: index + 1 }));
      }
      const i = p.i0 + p.ic * c + p.ir * r;
      const j = p.j0 + p.jc * c + p.jr * r;
      if (p.k < 0 || p.k >= shape.slices || i < 0 || i >= shape.columns || j < 0 || j >= shape.rows)
        return fail(problem("seg/outside-volume", { segmentNumber: label, frame: index + 1 }));
      slice[j * shape.columns + i] = label;
    }
  }
  return null;
}

const wideValue = (bytes: Uint8Array, at: number, bigEndian: boolean): number =>
  bigEndian ? (bytes[2 * at] << 8) | bytes[2 * at + 1] : bytes[2 * at] | (bytes[2 * at + 1] << 8);

/** Runs of equal non-zero values of a dense slice, row by row. */
function addRunsOf(
  slice: Uint8Array | Uint16Array,
  shape: MaskShape,
  k: number,
  onRun: (row: number, start: number, end: number, value: number) => void,
): void {
  for (let j = 0; j < shape.rows; j++) {
    const base = j * shape.columns;
    let start = 0;
    for (let i = 1; i <= shape.columns; i++) {
      const value = slice[base + start];
      if (i < shape.columns && slice[base + i] === value) continue;
      if (value !== 0) onRun(k * shape.rows + j, start, i, value);
      start = i;
    }
  }
}
