// Decodes one frame of a CT instance into Hounsfield units.
import { type Problem, type Result, fail, ok, problem } from "#core/problem";
import { rescaleByKernel } from "#voxels/kernels/rescale-kernels";
import { codecCall } from "./codec-watch.ts";
import { pixelBytes } from "./data-set.ts";
import { frameDecoder, hasFrameDecoder } from "./frame-decoders.ts";
import { fragmentsByFrame, joined } from "./encapsulated.ts";
import type { InstanceHeader, PixelFormat } from "./instance-header.ts";
import { transferSyntaxOf } from "./transfer-syntax.ts";
import { UnsupportedStreamError } from "./unsupported-stream.ts";

/** HU given to pixels that the file marks as padding: air, so that no threshold ever takes them for bone or cement. */
const PADDING_HU = -1024;
const INT16_MIN = -32768;
const INT16_MAX = 32767;
/** Padding values above this HU are unusual enough to mention, for they hide what could be tissue. */
const PLAUSIBLE_PADDING_HU = -900;

/** Lowest and highest HU written, padding included. */
export interface FrameFacts {
  readonly minHu: number;
  readonly maxHu: number;
}

/** Whether pixels of this transfer syntax can be decoded; null, or the problem that names the syntax in words. */
function transferSyntaxProblem(transferSyntaxUid: string): Problem | null {
  const syntax = transferSyntaxOf(transferSyntaxUid);
  if (!syntax.encapsulated || hasFrameDecoder(transferSyntaxUid)) return null;
  return problem("decode/unsupported-transfer-syntax", { syntax: syntax.name, uid: syntax.uid });
}

/**
 * Writes the HU of the header's frame (the first one, for a file as a whole) to `target` (`[j][i]`, length rows * columns), rounding
 * to whole HU.
 *
 * `file` is the whole file. Problems that come with a value: `decode/fractional-slope` (HU were rounded), `decode/hu-out-of-range`
 * (clamped to 16 bits), `decode/padding-in-range`. Failures: `decode/unsupported-transfer-syntax`, `decode/truncated-pixels`,
 * `decode/damaged-pixels`, `decode/unsupported-pixel-format`, `decode/no-rescale`,
 * `decode/frames-without-hu`, `decode/unclear-fragments`, `decode/no-pixels`. Details name the file.
 */
export async function decodeFrameToHu(
  header: InstanceHeader,
  file: Uint8Array,
  target: Int16Array,
): Promise<Result<FrameFacts>> {
  const unreadable = formatProblem(header);
  if (unreadable) return fail(unreadable);
  const source = pixelBytes(file, header);
  if (!source) return fail(problem("decode/damaged-pixels", { fileName: header.fileName }));
  const stored = storedFrames(header, source);
  if (!stored.ok) return stored;
  return decodeStoredFrame(header, stored.value((header.frame?.number ?? 1) - 1), target);
}

/** Bytes of one frame as they are stored, by its index from 0: native pixels, or an encoded stream. */
type StoredFrames = (index: number) => Uint8Array;

/** Finds the frames in `source`, the bytes that the header's `pixelData` counts in; they are views where they can be. */
export function storedFrames(header: InstanceHeader, source: Uint8Array): Result<StoredFrames> {
  const { fileName, pixelData, format } = header;
  if (!pixelData) return fail(problem("decode/no-pixels", { fileName }));
  if (pixelData.lengthBytes >= 0) {
    return ok((index) => {
      const { from, to } = placeOfNativeFrame(header, index);
      return source.subarray(from, to);
    });
  }
  const frames = fragmentsByFrame(source, pixelData.offsetBytes, format.numberOfFrames);
  if (frames === "cut-off") return fail(problem("decode/truncated-pixels", { fileName }));
  if (frames === "unclear")
    return fail(problem("decode/unclear-fragments", { fileName, frames: format.numberOfFrames }));
  return ok((index) => joined(frames[index] ?? []));
}

/** Where a native frame begins and ends, in the bytes that `pixelData` counts in. The only frame ends where the element does. */
export function placeOfNativeFrame(
  { pixelData, format }: InstanceHeader,
  index: number,
): { readonly from: number; readonly to: number } {
  const begin = pixelData?.offsetBytes ?? 0;
  const end = begin + (pixelData?.lengthBytes ?? 0);
  if (format.numberOfFrames <= 1) return { from: begin, to: end };
  const frameBytes = (format.rows * format.columns * format.bitsAllocated) / 8;
  const from = begin + index * frameBytes;
  return { from: Math.min(from, end), to: Math.min(from + frameBytes, end) };
}

/** As `decodeFrameToHu`, from the bytes of the one frame. */
export async function decodeStoredFrame(
  header: InstanceHeader,
  stored: Uint8Array,
  target: Int16Array,
): Promise<Result<FrameFacts>> {
  const { format, fileName } = header;
  if (target.length !== format.rows * format.columns)
    return fail(problem("decode/unsupported-pixel-format", { fileName, why: "size" }));
  const native = await nativePixels(header, stored);
  if (!native.ok) return native;
  const expectedBytes = (target.length * format.bitsAllocated) / 8;
  if (native.value.length < expectedBytes) {
    return fail(
      problem("decode/truncated-pixels", { fileName, expectedBytes, foundBytes: native.value.length }),
    );
  }
  const bigEndian = transferSyntaxOf(header.transferSyntaxUid).bigEndian;
  const fast = bigEndian ? null : rescaleWhole(header, native.value, target);
  return (
    fast ?? rescale(header, storedWords(native.value, target.length, format.bitsAllocated, bigEndian), target)
  );
}

/** What makes this pixel format unreadable as HU, or null. Checked before any file is read. */
export function formatProblem(header: InstanceHeader): Problem | null {
  const { format, fileName } = header;
  const refuse = (why: string) => problem("decode/unsupported-pixel-format", { fileName, why });
  if (!header.pixelData) return problem("decode/no-pixels", { fileName });
  if (format.rows < 1 || format.columns < 1) return refuse("rows and columns");
  if (format.samplesPerPixel !== 1) return refuse(`${format.samplesPerPixel} samples per pixel`);
  if (!/^MONOCHROME[12]$/.test(format.photometricInterpretation))
    return refuse(format.photometricInterpretation || "photometric interpretation");
  if (format.bitsAllocated !== 8 && format.bitsAllocated !== 16)
    return refuse(`${format.bitsAllocated} bits allocated`);
  if (format.bitsStored < 1 || format.bitsStored > format.bitsAllocated)
    return refuse(`${format.bitsStored} bits stored`);
  if (format.highBit < format.bitsStored - 1 || format.highBit >= format.bitsAllocated)
    return refuse(`high bit ${format.highBit}`);
  if (format.rescaleSlope === null || format.rescaleIntercept === null || format.rescaleSlope === 0) {
    return format.numberOfFrames > 1
      ? problem("decode/frames-without-hu", { fileName, frames: format.numberOfFrames })
      : problem("decode/no-rescale", { fileName });
  }
  const unknown = transferSyntaxProblem(header.transferSyntaxUid);
  if (unknown) return unknown;
  // Fragments read as native pixels, or the other way round, would be HU out of nothing.
  const isEncapsulated = header.pixelData.lengthBytes < 0;
  return isEncapsulated === transferSyntaxOf(header.transferSyntaxUid).encapsulated
    ? null
    : problem("decode/damaged-pixels", { fileName });
}

/** Lowest and highest HU that the stored type and rescale of this format can express, within 16 bits. */
export function storableHuOf(format: PixelFormat): readonly [number, number] {
  const low = format.signed ? -(2 ** (format.bitsStored - 1)) : 0;
  const high = format.signed ? 2 ** (format.bitsStored - 1) - 1 : 2 ** format.bitsStored - 1;
  const ends = [low, high].map((stored) =>
    toHu(stored, format.rescaleSlope ?? 1, format.rescaleIntercept ?? 0),
  );
  return [Math.min(...ends), Math.max(...ends)];
}

const toHu = (stored: number, slope: number, intercept: number): number =>
  Math.max(INT16_MIN, Math.min(INT16_MAX, Math.round(stored * slope + intercept)));

async function nativePixels(header: InstanceHeader, bytes: Uint8Array): Promise<Result<Uint8Array>> {
  const { fileName, pixelData, transferSyntaxUid, format } = header;
  if ((pixelData?.lengthBytes ?? 0) >= 0) return ok(bytes);
  const syntax = transferSyntaxOf(transferSyntaxUid);
  const decoder = await frameDecoder(transferSyntaxUid).catch(() => null);
  if (!decoder)
    return fail(problem("decode/codec-not-loaded", { syntax: syntax.name, uid: syntax.uid, fileName }));
  try {
    return ok(codecCall(fileName, () => decoder({ bytes, format })));
  } catch (error) {
    return fail(
      error instanceof UnsupportedStreamError
        ? problem("decode/unsupported-transfer-syntax", {
            syntax: `${syntax.name}, ${error.message}`,
            uid: syntax.uid,
            fileName,
          })
        : problem("decode/damaged-pixels", { fileName }),
    );
  }
}

/** Raw words in host order. Little-endian 16-bit data at an even address is viewed in place; the platforms of this app are little endian. */
function storedWords(
  bytes: Uint8Array,
  count: number,
  bitsAllocated: number,
  bigEndian: boolean,
): Uint16Array | Uint8Array {
  if (bitsAllocated === 8) return bytes;
  const aligned = bytes.byteOffset % 2 === 0 && !bigEndian ? bytes : bytes.slice(0, count * 2);
  if (bigEndian) {
    for (let at = 0; at < aligned.length; at += 2) {
      const low = aligned[at];
      aligned[at] = aligned[at + 1];
      aligned[at + 1] = low;
    }
  }
  return new Uint16Array(aligned.buffer, aligned.byteOffset, count);
}

/** Where HU are the stored values plus a whole number, as nearly always: in WebAssembly. Null elsewhere, and where counting is needed. */
function rescaleWhole(
  { format }: InstanceHeader,
  bytes: Uint8Array,
  target: Int16Array,
): Result<FrameFacts> | null {
  const { bitsAllocated, bitsStored, highBit, signed, rescaleSlope, rescaleIntercept, padding } = format;
  if (bitsAllocated !== 16 || rescaleSlope !== 1 || !Number.isInteger(rescaleIntercept)) return null;
  const intercept = rescaleIntercept ?? 0;
  if (padding && (!padding.every(Number.isInteger) || padding[0] + intercept > PLAUSIBLE_PADDING_HU))
    return null;
  const scale = { bitsStored, highBit, signed, intercept, padding, paddingHu: PADDING_HU };
  const facts = rescaleByKernel(bytes, scale, target);
  // At an end of 16 bits values may have been clamped, which is counted and said.
  return !facts || facts.maxHu === INT16_MAX || facts.minHu === INT16_MIN ? null : ok(facts);
}

function rescale(
  header: InstanceHeader,
  words: Uint16Array | Uint8Array,
  target: Int16Array,
): Result<FrameFacts> {
  const { format, fileName } = header;
  const table = huTableOf(format);
  const { minHu, maxHu } = lookUp(words, table.huOfWord, target);
  const problems: Problem[] = [];
  const slope = format.rescaleSlope ?? 1;
  const intercept = format.rescaleIntercept ?? 0;
  if (!Number.isInteger(slope) || !Number.isInteger(intercept)) {
    problems.push(problem("decode/fractional-slope", { slope, intercept, fileName }, "info"));
  }
  // Rare, so counted in a second pass, and only where it happened or can have happened.
  const reachesEnd = maxHu === INT16_MAX || minHu === INT16_MIN;
  if ((table.clamps && reachesEnd) || table.paddingHu > PLAUSIBLE_PADDING_HU) {
    const counts = countOddWords(words, target.length, format);
    if (counts.clamped > 0) {
      problems.push(problem("decode/hu-out-of-range", { count: counts.clamped, fileName }, "warning"));
    }
    if (counts.padded > 0 && table.paddingHu > PLAUSIBLE_PADDING_HU) {
      const hu = Math.round(table.paddingHu);
      problems.push(problem("decode/padding-in-range", { hu, count: counts.padded, fileName }, "warning"));
    }
  }
  return ok({ minHu, maxHu }, problems);
}

/** Alone in a function: with code after the loop V8 drops its optimised form at every call (5 times slower, seen with --trace-deopt). */
function lookUp(words: Uint16Array | Uint8Array, huOfWord: Int16Array, target: Int16Array): FrameFacts {
  let minHu = INT16_MAX;
  let maxHu = INT16_MIN;
  for (let n = 0; n < target.length; n++) {
    const hu = huOfWord[words[n]];
    target[n] = hu;
    if (hu > maxHu) maxHu = hu;
    if (hu < minHu) minHu = hu;
  }
  return { minHu, maxHu };
}

/** HU of every possible stored word; one look-up a pixel instead of shifts, a multiplication and a rounding. */
interface HuTable {
  readonly huOfWord: Int16Array;
  /** Some word's HU does not fit 16 bits. */
  readonly clamps: boolean;
  /** HU that the padding value would have; below every HU when there is no padding. */
  readonly paddingHu: number;
}

/** Slices of a series share one format, so the last table is kept: 128 kB. */
let lastTable: { readonly key: string; readonly table: HuTable } | null = null;

function huTableOf(format: PixelFormat): HuTable {
  const { bitsAllocated, bitsStored, highBit, signed, rescaleSlope, rescaleIntercept, padding } = format;
  const key = [bitsAllocated, bitsStored, highBit, signed, rescaleSlope, rescaleIntercept, padding].join();
  if (lastTable?.key === key) return lastTable.table;
  const slope = rescaleSlope ?? 1;
  const intercept = rescaleIntercept ?? 0;
  const huOfWord = new Int16Array(2 ** bitsAllocated);
  let clamps = false;
  for (let word = 0; word < huOfWord.length; word++) {
    const stored = storedValue(word, format);
    huOfWord[word] = isPadding(stored, format) ? PADDING_HU : toHu(stored, slope, intercept);
    clamps ||= isClamped(stored, format);
  }
  const table = {
    huOfWord,
    clamps,
    paddingHu: padding ? padding[0] * slope + intercept : Number.NEGATIVE_INFINITY,
  };
  lastTable = { key, table };
  return table;
}

/** Bits Stored bits of a word below High Bit, with their sign; what lies above (overlays of old files) is left out. */
function storedValue(word: number, { bitsStored, highBit, signed }: PixelFormat): number {
  const aligned = word << (31 - highBit);
  return signed ? aligned >> (32 - bitsStored) : aligned >>> (32 - bitsStored);
}

const isPadding = (stored: number, { padding }: PixelFormat): boolean =>
  padding !== null && stored >= padding[0] && stored <= padding[1];

function isClamped(stored: number, { rescaleSlope, rescaleIntercept }: PixelFormat): boolean {
  const hu = Math.round(stored * (rescaleSlope ?? 1) + (rescaleIntercept ?? 0));
  return hu < INT16_MIN || hu > INT16_MAX;
}

function countOddWords(
  words: Uint16Array | Uint8Array,
  count: number,
  format: PixelFormat,
): { clamped: number; padded: number } {
  let clamped = 0;
  let padded = 0;
  for (let n = 0; n < count; n++) {
    const stored = storedValue(words[n], format);
    if (isPadding(stored, format)) padded++;
    else if (isClamped(stored, format)) clamped++;
  }
  return { clamped, padded };
}
