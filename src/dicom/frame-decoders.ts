// Codecs of the encapsulated transfer syntaxes, each loaded when its syntax occurs: the Cornerstone builds of CharLS, OpenJPEG,
// OpenJPH and libjpeg-turbo, and a JPEG Lossless decoder in JavaScript. The WebAssembly of each comes from the composition root.
import type { PixelFormat } from "./instance-header.ts";
import { decodeJpegLs } from "./jpeg-ls.ts";
import { jpegLsHeader } from "./jpeg-ls-header.ts";
import { refuseOtherSize } from "./stream-size.ts";
import { decodeRle } from "./rle.ts";
import { UnsupportedStreamError } from "./unsupported-stream.ts";

/** One frame as stored: the concatenated fragments of an encapsulated frame. */
export interface EncodedFrame {
  readonly bytes: Uint8Array;
  readonly format: PixelFormat;
}
/** Decodes a frame to native little-endian pixel bytes of `format`; throws where the stream is damaged. */
type FrameDecoder = (frame: EncodedFrame) => Uint8Array;

export type CodecName = "charls" | "openjpeg" | "openjph" | "libjpeg-turbo";

let binaryOf: (name: CodecName) => Promise<Uint8Array<ArrayBuffer>> = (name) =>
  Promise.reject(new Error(`no WebAssembly was provided for ${name}`));

/** Says where the codecs' WebAssembly comes from: beside the page, or from node_modules. Called once by each composition root. */
export function provideCodecs(load: (codec: CodecName) => Promise<Uint8Array<ArrayBuffer>>): void {
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
  instantiateWasm(
    imports: WebAssembly.Imports,
    done: (instance: WebAssembly.Instance) => void,
  ): WebAssembly.Exports;
  /** What a codec says of a stream is for its makers. */
  print(): void;
  printErr(): void;
}) => Promise<Readonly<Record<string, new () => StreamDecoder>>>;

/** Compiled once: a codec that is made anew takes new memory only. */
const compiled = new Map<CodecName, WebAssembly.Module>();

async function compiledCodec(name: CodecName): Promise<WebAssembly.Module> {
  const known = compiled.get(name);
  if (known) return known;
  const module = await WebAssembly.compile(await binaryOf(name));
  compiled.set(name, module);
  return module;
}

/** Says that the codec is not to be used again: the next frame loads it anew. */
type Retire = () => void;

async function codec(
  name: CodecName,
  factory: Promise<{ default: unknown }>,
  className: string,
  retire: Retire,
): Promise<FrameDecoder> {
  const [module, binary] = await Promise.all([factory, compiledCodec(name)]);
  // The packages carry no types; the shape is theirs (embind classes), and the table test of every syntax holds it.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const start = module.default as CodecFactory;
  const { [className]: Decoder } = await start({
    instantiateWasm(imports, done) {
      const instance = new WebAssembly.Instance(binary, imports);
      done(instance);
      return instance.exports;
    },
    print: () => undefined,
    printErr: () => undefined,
  });
  return (frame) => {
    refuseOtherSize(frame.bytes, frame.format);
    try {
      const { pixels, heldBytes } = decodeStream(new Decoder(), frame);
      // Its memory never shrinks by itself.
      if (heldBytes > mostHeldBytes(frame)) retire();
      return pixels;
    } catch (error) {
      // It may have failed in the middle of its own memory, or taken much of it.
      retire();
      throw error;
    }
  };
}

/** Memory that a codec may keep after this frame: what it begins with (16 to 50 MB), and some copies of stream and samples. */
const mostHeldBytes = ({ bytes, format }: EncodedFrame): number =>
  FRESH_CODEC_BYTES + 2 * bytes.length + 32 * format.rows * format.columns;
const FRESH_CODEC_BYTES = 64 * 2 ** 20;

function decodeStream(
  decoder: StreamDecoder,
  { bytes, format }: EncodedFrame,
): { readonly pixels: Uint8Array; readonly heldBytes: number } {
  try {
    decoder.getEncodedBuffer(bytes.length).set(bytes);
    decoder.decode();
    const { width, height, bitsPerSample, componentCount } = decoder.getFrameInfo();
    if (width !== format.columns || height !== format.rows || componentCount !== 1)
      throw new RangeError(`${width} x ${height} x ${componentCount} in the stream`);
    const decoded = decoder.getDecodedBuffer();
    return { pixels: asStored(decoded, bitsPerSample, format), heldBytes: decoded.buffer.byteLength };
  } finally {
    try {
      decoder.delete();
    } catch {
      // After a fault of the codec, which is made anew.
    }
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

async function jpeg(retire: Retire): Promise<FrameDecoder> {
  const decode = await codec(
    "libjpeg-turbo",
    import("@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs"),
    "JPEGDecoder",
    retire,
  );
  return (frame) => {
    const precision = jpegPrecision(frame.bytes);
    if (precision !== null && precision > 8) throw new UnsupportedStreamError(`${precision}-bit JPEG`);
    return decode(frame);
  };
}

/**
 * Lossless streams go to CharLS, three times as fast as the decoder here; near-lossless ones, which are rare in CT, stay here: damaged
 * ones kept CharLS busy for half a minute.
 */
async function jpegLs(retire: Retire): Promise<FrameDecoder> {
  const lossless = await codec(
    "charls",
    import("@cornerstonejs/codec-charls/decodewasmjs"),
    "JpegLSDecoder",
    retire,
  );
  return (frame) => {
    refuseOtherSize(frame.bytes, frame.format);
    if (jpegLsHeader(frame.bytes).near === 0) return lossless(frame);
    const { samples, bitsPerSample } = decodeJpegLs(frame.bytes);
    if (frame.format.bitsAllocated === 16) return new Uint8Array(samples.buffer);
    if (bitsPerSample > 8) throw new RangeError(`${bitsPerSample} bits in the stream of an 8-bit image`);
    return Uint8Array.from(samples);
  };
}
const jpeg2000 = (retire: Retire): Promise<FrameDecoder> =>
  codec("openjpeg", import("@cornerstonejs/codec-openjpeg/decodewasmjs"), "J2KDecoder", retire);
/** Ssiz of the first component in a JPEG 2000 codestream (ISO/IEC 15444-1, A.5.1): depth less one, and whether it is signed. */
const SSIZ = 42;
const SIGNED = 0x80;

/**
 * Some encoders (openjph-tools 0.9) write negative samples of a signed image past the range that the stream declares; OpenJPH and
 * OpenJPEG both cut them off at its end, where 16 bits would read as 32767 HU: cement. No CT has such a value, so it is refused.
 */
async function highThroughput(retire: Retire): Promise<FrameDecoder> {
  const decode = await codec(
    "openjph",
    import("@cornerstonejs/codec-openjph/wasmjs"),
    "HTJ2KDecoder",
    retire,
  );
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

type Loader = (retire: Retire) => Promise<FrameDecoder>;
const LOADERS: ReadonlyMap<string, Loader> = new Map<string, Loader>([
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

const loaded = new Map<Loader, Promise<FrameDecoder>>();

/**
 * The codec of a transfer syntax, loaded at its first frame; syntaxes of one codec share it. Rejects where it can't be loaded; the next
 * frame tries again. A codec that failed at a stream, or kept more memory than the frame needs, is made anew for the next frame.
 */
export function frameDecoder(transferSyntaxUid: string): Promise<FrameDecoder> {
  const load = LOADERS.get(transferSyntaxUid);
  if (!load) return Promise.reject(new Error("no codec"));
  const known = loaded.get(load);
  if (known) return known;
  const retire = (): void => {
    if (loaded.get(load) === loading) loaded.delete(load);
  };
  const loading = load(retire);
  loaded.set(load, loading);
  loading.catch(retire);
  return loading;
}
