// Codecs of the encapsulated transfer syntaxes, each loaded when its syntax occurs: the Cornerstone builds of CharLS, OpenJPEG,
// OpenJPH and libjpeg-turbo, and a JPEG Lossless decoder in JavaScript. The WebAssembly of each comes from the composition root.
import type { PixelFormat } from "./instance-header.ts";
import { refuseOtherSize } from "./stream-size.ts";
import { decodeRle } from "./rle.ts";

/** One frame as stored: the concatenated fragments of an encapsulated frame. */
export interface EncodedFrame {
  readonly bytes: Uint8Array;
  readonly format: PixelFormat;
}
/** Decodes a frame to native little-endian pixel bytes of `format`; throws where the stream is damaged. */
type FrameDecoder = (frame: EncodedFrame) => Uint8Array;

export type CodecName = "charls" | "openjpeg" | "openjph" | "libjpeg-turbo";

/** The stream is sound, but no codec here can read it: 12-bit JPEG. */
export class UnsupportedStreamError extends Error {}

let binaryOf: (name: CodecName) => Promise<Uint8Array> = (name) =>
  Promise.reject(new Error(`no WebAssembly was provided for ${name}`));

/** Says where the codecs' WebAssembly comes from: beside the page, or from node_modules. Called once by each composition root. */
export function provideCodecs(load: (codec: CodecName) => Promise<Uint8Array>): void {
  binaryOf = load;
}

/** What the four WebAssembly codecs have in common. */
interface StreamDecoder {
  getEncodedBuffer(length: number): Uint8Array;
  decode(): unknown;
  /** A view of the codec's own memory, which the next frame overwrites. */
  getDecodedBuffer(): Uint8Array;
  getFrameInfo(): {
    readonly width: number;
    readonly height: number;
    readonly bitsPerSample: number;
    readonly componentCount: number;
  };
  delete(): void;
}
type CodecFactory = (options: {
  wasmBinary: Uint8Array;
}) => Promise<Readonly<Record<string, new () => StreamDecoder>>>;

async function codec(
  name: CodecName,
  factory: Promise<{ default: unknown }>,
  className: string,
): Promise<FrameDecoder> {
  const [module, wasmBinary] = await Promise.all([factory, binaryOf(name)]);
  // The packages carry no types; the shape is theirs (embind classes), and the table test of every syntax holds it.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const start = module.default as CodecFactory;
  const { [className]: Decoder } = await start({ wasmBinary });
  return (frame) => {
    refuseOtherSize(frame.bytes, frame.format);
    return decodeStream(newDecoder(Decoder), frame);
  };
}

function newDecoder(Decoder: new () => StreamDecoder): StreamDecoder {
  try {
    return new Decoder();
  } catch (error) {
    throw new CodecFaultError(String(error));
  }
}

/** The codec itself failed, perhaps in the middle of its own memory: it is not used again. */
class CodecFaultError extends Error {}

function decodeStream(decoder: StreamDecoder, { bytes, format }: EncodedFrame): Uint8Array {
  try {
    const { width, height, bitsPerSample, componentCount } = decodedInfo(decoder, bytes);
    if (width !== format.columns || height !== format.rows || componentCount !== 1)
      throw new RangeError(`${width} x ${height} x ${componentCount} in the stream`);
    return asStored(decoder.getDecodedBuffer(), bitsPerSample, format);
  } finally {
    try {
      decoder.delete();
    } catch {
      // After a fault of the codec, which is made anew.
    }
  }
}

function decodedInfo(decoder: StreamDecoder, bytes: Uint8Array): ReturnType<StreamDecoder["getFrameInfo"]> {
  try {
    decoder.getEncodedBuffer(bytes.length).set(bytes);
    decoder.decode();
    return decoder.getFrameInfo();
  } catch (error) {
    throw new CodecFaultError(String(error));
  }
}

/** A copy in the width that the header names: a stream of up to 8 bits gives one byte a pixel. */
function asStored(decoded: Uint8Array, bitsPerSample: number, { bitsAllocated }: PixelFormat): Uint8Array {
  if (bitsAllocated === 16 && bitsPerSample <= 8) return new Uint8Array(Uint16Array.from(decoded).buffer);
  if (bitsAllocated === 8 && bitsPerSample > 8)
    throw new RangeError(`${bitsPerSample} bits in the stream of an 8-bit image`);
  return decoded.slice();
}

/** Precision in bits of a JPEG stream, from its start of frame (ITU-T T.81, B.2.2); null where there is none. */
export function jpegPrecision(bytes: Uint8Array): number | null {
  for (let at = 2; at + 4 < bytes.length && bytes[at] === 0xff;) {
    const marker = bytes[at + 1];
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return bytes[at + 4];
    at += 2 + ((bytes[at + 2] << 8) | bytes[at + 3]);
  }
  return null;
}

/**
 * The decoder reads ahead and drops the last pixel where the end marker cuts that short: zeros before the marker give it room.
 * A copy, for it reads from the start of a buffer.
 */
function withRoomBeforeEnd(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  let end = bytes.length - 2;
  while (end > 0 && !(bytes[end] === 0xff && bytes[end + 1] === 0xd9)) end--;
  if (end <= 0) end = bytes.length;
  const out = new Uint8Array(bytes.length + READ_AHEAD);
  out.set(bytes.subarray(0, end));
  out.set(bytes.subarray(end), end + READ_AHEAD);
  return out;
}
const READ_AHEAD = 8;

async function jpegLossless(): Promise<FrameDecoder> {
  const { Decoder } = await import("jpeg-lossless-decoder-js");
  return ({ bytes, format }) => {
    refuseOtherSize(bytes, format);
    const copy = withRoomBeforeEnd(bytes);
    const decoder = new Decoder();
    const samples = decoder.decode(copy.buffer, 0, copy.length, format.bitsAllocated / 8);
    const { dimX, dimY } = decoder.frame;
    if (dimX !== format.columns || dimY !== format.rows)
      throw new RangeError(`${dimX} x ${dimY} in the stream`);
    return new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
  };
}

async function jpeg(): Promise<FrameDecoder> {
  const decode = await codec(
    "libjpeg-turbo",
    import("@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs"),
    "JPEGDecoder",
  );
  return (frame) => {
    const precision = jpegPrecision(frame.bytes);
    if (precision !== null && precision > 8) throw new UnsupportedStreamError(`${precision}-bit JPEG`);
    return decode(frame);
  };
}

const jpegLs = (): Promise<FrameDecoder> =>
  codec("charls", import("@cornerstonejs/codec-charls/decodewasmjs"), "JpegLSDecoder");
const jpeg2000 = (): Promise<FrameDecoder> =>
  codec("openjpeg", import("@cornerstonejs/codec-openjpeg/decodewasmjs"), "J2KDecoder");
/** Ssiz of the first component in a JPEG 2000 codestream (ISO/IEC 15444-1, A.5.1): depth less one, and whether it is signed. */
const SSIZ = 42;
const SIGNED = 0x80;

/**
 * Some encoders (openjph-tools 0.9) write negative samples of a signed image past the range that the stream declares; OpenJPH and
 * OpenJPEG both cut them off at its end, where 16 bits would read as 32767 HU: cement. No CT has such a value, so it is refused.
 */
async function highThroughput(): Promise<FrameDecoder> {
  const decode = await codec("openjph", import("@cornerstonejs/codec-openjph/wasmjs"), "HTJ2KDecoder");
  return (frame) => {
    const decoded = decode(frame);
    if ((frame.bytes[SSIZ] & SIGNED) !== 0 && frame.format.bitsAllocated === 16) {
      const most = 2 ** (frame.bytes[SSIZ] & ~SIGNED) - 1;
      if (new Int16Array(decoded.buffer, decoded.byteOffset, decoded.byteLength / 2).includes(most))
        throw new RangeError("samples beyond the range of a signed stream");
    }
    return decoded;
  };
}
const rle =
  async (): Promise<FrameDecoder> =>
  ({ bytes, format }) =>
    decodeRle(bytes, format.rows * format.columns, format.bitsAllocated / 8);

const LOADERS: ReadonlyMap<string, () => Promise<FrameDecoder>> = new Map([
  ["1.2.840.10008.1.2.5", rle],
  ["1.2.840.10008.1.2.4.50", jpeg],
  ["1.2.840.10008.1.2.4.51", jpeg],
  ["1.2.840.10008.1.2.4.57", jpegLossless],
  ["1.2.840.10008.1.2.4.70", jpegLossless],
  ["1.2.840.10008.1.2.4.80", jpegLs],
  ["1.2.840.10008.1.2.4.81", jpegLs],
  ["1.2.840.10008.1.2.4.90", jpeg2000],
  ["1.2.840.10008.1.2.4.91", jpeg2000],
  ["1.2.840.10008.1.2.4.201", highThroughput],
  ["1.2.840.10008.1.2.4.202", highThroughput],
  ["1.2.840.10008.1.2.4.203", highThroughput],
]);

/** Whether there is a codec for a transfer syntax at all; a syntax without one is refused by name. */
export const hasFrameDecoder = (transferSyntaxUid: string): boolean => LOADERS.has(transferSyntaxUid);

const loaded = new Map<string, Promise<FrameDecoder>>();

/**
 * The codec of a transfer syntax, loaded at its first frame. Rejects where it can't be loaded; the next frame tries again. A codec that
 * failed at a damaged stream is made anew for the next frame: its memory may be damaged too.
 */
export function frameDecoder(transferSyntaxUid: string): Promise<FrameDecoder> {
  const known = loaded.get(transferSyntaxUid);
  if (known) return known;
  const loading = (LOADERS.get(transferSyntaxUid)?.() ?? Promise.reject(new Error("no codec"))).then(
    (decode): FrameDecoder =>
      (frame) => {
        try {
          return decode(frame);
        } catch (error) {
          if (error instanceof CodecFaultError && loaded.get(transferSyntaxUid) === loading)
            loaded.delete(transferSyntaxUid);
          throw error;
        }
      },
  );
  loaded.set(transferSyntaxUid, loading);
  loading.catch(() => loaded.delete(transferSyntaxUid));
  return loading;
}
