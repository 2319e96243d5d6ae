// The pixels of a segmentation as the readers of frames want them: bits of a BINARY one, bytes or words of a label map.
import { type Result, fail, ok, problem } from "#core/problem";
import { LABEL_MAP_SEGMENTATION_STORAGE } from "./derived-instance.ts";
import { fragmentsByFrame, joined } from "./encapsulated.ts";
import { inflateUpTo } from "./inflate.ts";
import { MAX_OBJECT_BYTES } from "./input-limits.ts";
import type { WholeObject } from "./nested-items.ts";
import { decodeRle } from "./rle.ts";

/** How the pixels are stored, once they are native. */
export interface PixelForm {
  readonly type: "BINARY" | "LABELMAP";
  readonly pixels: Uint8Array;
  readonly rows: number;
  readonly columns: number;
  readonly frameCount: number;
  readonly bitsAllocated: 1 | 8 | 16;
  readonly bigEndian: boolean;
  /** Made from fractions: voxels of at least half the full value. */
  readonly halved: boolean;
}

const RLE_LOSSLESS = "1.2.840.10008.1.2.5";
const DEFLATED_FRAMES = "1.2.840.10008.1.2.8.1";

const BITS: Readonly<Record<"BINARY" | "FRACTIONAL" | "LABELMAP", readonly PixelForm["bitsAllocated"][]>> = {
  BINARY: [1],
  FRACTIONAL: [8],
  LABELMAP: [8, 16],
};

/**
 * Native, RLE Lossless and Deflated Image Frame Compression; other encodings are refused ("seg/compressed"). A FRACTIONAL
 * segmentation (PS3.3 C.8.20.2.3) becomes a BINARY one: a voxel counts from half of Maximum Fractional Value on, for occupancy as
 * for probability.
 */
export function pixelForm(whole: WholeObject): Result<PixelForm> {
  const { root, transferSyntax } = whole;
  const type =
    root.string("x00620001") ||
    (root.string("x00080016") === LABEL_MAP_SEGMENTATION_STORAGE ? "LABELMAP" : "");
  if (type !== "BINARY" && type !== "LABELMAP" && type !== "FRACTIONAL")
    return malformed("Segmentation Type");
  const rows = root.uint16("x00280010") ?? 0;
  const columns = root.uint16("x00280011") ?? 0;
  const stated = root.uint16("x00280100") ?? 0;
  const bitsAllocated = BITS[type].find((bits) => bits === stated);
  const frameCount = root.number("x00280008") ?? 1;
  if (bitsAllocated === undefined) return malformed("Bits Allocated", { value: stated });
  if (rows === 0 || columns === 0 || !Number.isInteger(frameCount) || frameCount < 1)
    return malformed("Rows, Columns, Number of Frames");
  const size = { rows, columns, frameCount, bitsAllocated };
  const byteCount = Math.ceil((frameCount * rows * columns * bitsAllocated) / 8);
  if (byteCount > MAX_OBJECT_BYTES) return malformed("Pixel Data", { bytes: byteCount });
  const native = transferSyntax.encapsulated ? unpacked(whole, size) : ok(whole.nativePixels);
  if (!native.ok) return native;
  const pixels = native.value;
  if (!pixels || pixels.length < byteCount)
    return malformed("Pixel Data", { bytes: pixels?.length ?? 0, expected: byteCount });
  const form = { rows, columns, frameCount, bigEndian: transferSyntax.bigEndian };
  if (type !== "FRACTIONAL") return ok({ ...form, type, pixels, bitsAllocated, halved: false });
  const full = root.uint16("x0062000e") ?? 0;
  if (full < 1 || full > 255) return malformed("Maximum Fractional Value", { value: full });
  return ok({
    ...form,
    type: "BINARY",
    pixels: atLeastHalf(pixels, frameCount * rows * columns, full),
    bitsAllocated: 1,
    halved: true,
  });
}

const malformed = (what: string, details: Readonly<Record<string, number>> = {}): Result<never> =>
  fail(problem("seg/malformed", { what, ...details }));

/** One bit a pixel, the first the lowest (PS3.5 8.1.1). */
function atLeastHalf(fractions: Uint8Array, count: number, full: number): Uint8Array {
  const bits = new Uint8Array(Math.ceil(count / 8));
  for (let n = 0; n < count; n++) if (2 * fractions[n] >= full) bits[n >> 3] |= 1 << (n & 7);
  return bits;
}

interface Size {
  readonly rows: number;
  readonly columns: number;
  readonly frameCount: number;
  readonly bitsAllocated: 1 | 8 | 16;
}

/** Encapsulated frames, decoded and laid one after the other as native ones are. */
function unpacked(
  { transferSyntax, encapsulatedPixels }: WholeObject,
  { rows, columns, frameCount, bitsAllocated }: Size,
): Result<Uint8Array | null> {
  const { uid } = transferSyntax;
  if ((uid !== RLE_LOSSLESS && uid !== DEFLATED_FRAMES) || !encapsulatedPixels)
    return fail(problem("seg/compressed", { transferSyntax: transferSyntax.name }));
  const frames = fragmentsByFrame(encapsulatedPixels.file, encapsulatedPixels.offsetBytes, frameCount);
  if (typeof frames === "string") return malformed("fragments of Pixel Data");
  const framePixels = rows * columns;
  const frameBytes = Math.ceil((framePixels * bitsAllocated) / 8);
  const native = new Uint8Array(Math.ceil((frameCount * framePixels * bitsAllocated) / 8));
  try {
    for (const [n, fragments] of frames.entries()) {
      const bytes = joined(fragments);
      const frame =
        uid === DEFLATED_FRAMES
          ? inflateUpTo(bytes, frameBytes + 1).bytes
          : // Bits are packed into bytes before they are run-length coded.
            decodeRle(bytes, bitsAllocated === 16 ? framePixels : frameBytes, bitsAllocated === 16 ? 2 : 1);
      if (frame.length < frameBytes) return malformed("Pixel Data", { frame: n + 1 });
      if (bitsAllocated === 1) placeBits(native, n * framePixels, frame, framePixels);
      else native.set(frame.subarray(0, frameBytes), n * frameBytes);
    }
  } catch {
    return malformed("Pixel Data");
  }
  return ok(native);
}

/** Native frames of bits follow each other without padding; an encapsulated one begins at a byte of its own. */
function placeBits(target: Uint8Array, firstBit: number, frame: Uint8Array, count: number): void {
  if (firstBit % 8 === 0 && count % 8 === 0) {
    target.set(frame.subarray(0, count / 8), firstBit / 8);
    return;
  }
  for (let n = 0; n < count; n++)
    if ((frame[n >> 3] >> (n & 7)) & 1) target[(firstBit + n) >> 3] |= 1 << ((firstBit + n) & 7);
}
