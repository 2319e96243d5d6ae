// A small grey picture of a series for the list: its middle slice alone is read and decoded.
import { decodeStoredFrame, formatProblem } from "./decode-pixels.ts";
import { frameHeaders } from "./frame-groups.ts";
import { openFrames } from "./frame-source.ts";
import type { InstanceHeader } from "./instance-header.ts";
import { type NamedFile, memoryFile } from "./named-file.ts";
import { readHeader } from "./read-header.ts";
import type { ReadSeries } from "./series-list.ts";

export interface Thumbnail {
  readonly width: number;
  readonly height: number;
  /** 0 black to 255 white, rows from the top. */
  readonly gray: Uint8Array<ArrayBuffer>;
}

const LONGEST_SIDE = 96;
/** Bone and cement: everything below is black, cement is white. HU. */
const BONE_WINDOW = [-350, 1450] as const;
/** A film of 4096 x 4096 is the largest picture that a list waits for. */
const MAX_PIXELS = 1 << 24;

/**
 * The middle slice of the stack, or of the images by their number, in the window of bone and cement; other than CT volumes by their own
 * range of values. Null where it can't be shown (colour, an encoding that is refused, a file that is gone). Pixels that aren't square
 * are shown with their sides in proportion.
 */
export async function thumbnailOf(series: ReadSeries): Promise<Thumbnail | null> {
  const middle = middleOf(series);
  const instance = middle && series.instances.find((one) => one.header === middle.whole);
  if (!middle || !instance) return null;
  const { frame: header, whole } = middle;
  const { rows, columns } = header.format;
  if (rows * columns > MAX_PIXELS || formatProblem(header) !== null) return null;
  try {
    const { file, listed } = await atHand(instance.file, whole);
    const frames = await openFrames(listed, file);
    if (!frames.ok) return null;
    const values = new Int16Array(rows * columns);
    const decoded = await decodeStoredFrame(
      { ...header, transferSyntaxUid: listed.transferSyntaxUid },
      await frames.value((header.frame?.number ?? 1) - 1),
      values,
    );
    if (!decoded.ok) return null;
    const window = series.stack && !header.format.stored ? BONE_WINDOW : rangeOf(values);
    return shrunk(values, header, window);
  } catch {
    return null; // the file is gone since its header was read
  }
}

/** An image of an archive is retrieved, and is there when its series is loaded; its own header says how it is stored. */
async function atHand(
  file: NamedFile,
  listed: InstanceHeader,
): Promise<{ readonly file: NamedFile; readonly listed: InstanceHeader }> {
  const bytes = await file.retrieve?.({ keep: true });
  if (!bytes?.ok) return { file, listed };
  const header = readHeader(bytes.value, file.path);
  return header.ok ? { file: memoryFile(file.path, bytes.value), listed: header.value } : { file, listed };
}

/** The image to show, and the header of the file that holds it. */
function middleOf({
  stack,
  instances,
}: ReadSeries): { readonly frame: InstanceHeader; readonly whole: InstanceHeader } | null {
  if (stack) {
    const frame = stack.order[stack.order.length >> 1];
    return { frame, whole: frame.frame?.file ?? frame.asRead ?? frame };
  }
  const numbered = instances
    .map(({ header }) => header)
    .sort((a, b) => Number(a.instanceNumber) - Number(b.instanceNumber));
  const whole = numbered[numbered.length >> 1];
  const frames = frameHeaders(whole);
  const frame = frames[frames.length >> 1] ?? whole;
  // Without a scale of HU the stored values do for a picture.
  const { rescaleSlope, rescaleIntercept } = frame.format;
  const format = {
    ...frame.format,
    rescaleSlope: rescaleSlope || 1,
    rescaleIntercept: rescaleIntercept ?? 0,
  };
  return { frame: { ...frame, format }, whole };
}

/** The values that a hundredth of all lie below and above. */
function rangeOf(values: Int16Array): readonly [number, number] {
  const step = Math.max(1, Math.floor(values.length / 10_000));
  const some = Int16Array.from(
    { length: Math.ceil(values.length / step) },
    (_, n) => values[n * step],
  ).sort();
  const low = some[Math.floor(some.length * 0.01)];
  return [low, Math.max(low + 1, some[Math.floor(some.length * 0.99)])];
}

/** Means of the pixels that fall on each pixel of the picture. */
function shrunk(
  values: Int16Array,
  { format, rowSpacingMm, columnSpacingMm }: InstanceHeader,
  [low, high]: readonly [number, number],
): Thumbnail {
  const { rows, columns } = format;
  const tall = rows * (rowSpacingMm || 1);
  const wide = columns * (columnSpacingMm || 1);
  const scale = LONGEST_SIDE / Math.max(tall, wide);
  const width = Math.max(1, Math.round(wide * scale));
  const height = Math.max(1, Math.round(tall * scale));
  const gray = new Uint8Array(width * height);
  const inverted = format.photometricInterpretation === "MONOCHROME1";
  for (let y = 0; y < height; y++) {
    const [top, bottom] = span(y, height, rows);
    for (let x = 0; x < width; x++) {
      const [left, right] = span(x, width, columns);
      let sum = 0;
      for (let j = top; j < bottom; j++) for (let i = left; i < right; i++) sum += values[j * columns + i];
      const mean = sum / ((bottom - top) * (right - left));
      const shade = Math.max(0, Math.min(255, Math.round(((mean - low) / (high - low)) * 255)));
      gray[y * width + x] = inverted ? 255 - shade : shade;
    }
  }
  return { width, height, gray };
}

/** Indices from..to of `count` that fall on place `n` of `places`; at least one. */
function span(n: number, places: number, count: number): readonly [number, number] {
  const from = Math.min(count - 1, Math.floor((n * count) / places));
  return [from, Math.max(from + 1, Math.floor(((n + 1) * count) / places))];
}
