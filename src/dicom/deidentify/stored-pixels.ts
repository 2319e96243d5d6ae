// The stored pixel values of an image as native little-endian bytes, decoded where they are encapsulated: nothing is rescaled.
import { type Result, fail, ok, problem } from "#core/problem";
import { codecCall } from "../codec-watch.ts";
import { pixelBytes } from "../data-set.ts";
import { storedFrames } from "../decode-pixels.ts";
import { frameDecoder } from "../frame-decoders.ts";
import { readHeader } from "../read-header.ts";
import type { OpenedObject } from "./data-elements.ts";

/** Null where the object has no Pixel Data. Fails as decoding does, and with "deidentify/compressed-colour". */
export async function storedPixels(
  file: Uint8Array,
  fileName: string,
  { nativePixels }: OpenedObject,
): Promise<Result<Uint8Array | null>> {
  if (nativePixels) return ok(nativePixels);
  const read = readHeader(file, fileName);
  if (!read.ok || !read.value.pixelData) return ok(null);
  const header = read.value;
  const { format } = header;
  // The planes and colour spaces of compressed colour are many; a picture of a case is written uncompressed.
  if (format.samplesPerPixel !== 1) return fail(problem("deidentify/compressed-colour", { fileName }));
  const source = pixelBytes(file, header);
  const frames = source ? storedFrames(header, source) : null;
  if (!frames) return fail(problem("decode/damaged-pixels", { fileName }));
  if (!frames.ok) return frames;
  try {
    const decode = await frameDecoder(header.transferSyntaxUid);
    if (!decode) return fail(problem("decode/damaged-pixels", { fileName }));
    const frameBytes = (format.rows * format.columns * format.bitsAllocated) / 8;
    const out = new Uint8Array(frameBytes * Math.max(1, format.numberOfFrames));
    for (let n = 0; n * frameBytes < out.length; n++) {
      const bytes = codecCall(fileName, () => decode({ bytes: frames.value(n), format }));
      if (bytes.length < frameBytes) return fail(problem("decode/damaged-pixels", { fileName }));
      out.set(bytes.subarray(0, frameBytes), n * frameBytes);
    }
    return ok(out);
  } catch {
    return fail(problem("decode/damaged-pixels", { fileName }));
  }
}
