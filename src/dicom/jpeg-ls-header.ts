// Marker segments of a one-component JPEG-LS stream (ITU-T T.87, annex C) and the parameters that follow from them (A.2, C.2.4.1.1).
import { UnsupportedStreamError } from "./unsupported-stream.ts";

export interface JpegLsHeader {
  readonly rows: number;
  readonly columns: number;
  readonly bitsPerSample: number;
  /** Largest difference of a decoded sample from the original: 0 is lossless. */
  readonly near: number;
  readonly maxVal: number;
  /** T1, T2, T3 as the stream states them; 0 where the default holds. */
  readonly thresholds: readonly [number, number, number];
  readonly reset: number;
  /** First byte of the coded samples. */
  readonly scanAt: number;
}

export interface JpegLsParameters {
  readonly t1: number;
  readonly t2: number;
  readonly t3: number;
  /** Number of quantised errors. */
  readonly range: number;
  /** Bits that `range` needs. */
  readonly qbpp: number;
  /** Longest code in bits. */
  readonly limit: number;
}

const SOI = 0xffd8;
const SOF55 = 0xfff7;
const LSE = 0xfff8;
const SOS = 0xffda;
const DRI = 0xffdd;
const PRESET_PARAMETERS = 1;
const DEFAULT_RESET = 64;

/** Throws RangeError where the segments are damaged. */
export function jpegLsHeader(bytes: Uint8Array): JpegLsHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint16(0) !== SOI) throw new RangeError("no start of image");
  let size = { rows: 0, columns: 0, bitsPerSample: 0 };
  let preset = { maxVal: 0, thresholds: [0, 0, 0] as [number, number, number], reset: 0 };
  for (let at = 2; ;) {
    // Fill bytes may stand before a marker.
    while (view.getUint16(at) === 0xffff) at++;
    const marker = view.getUint16(at);
    const from = at + 4;
    at += 2 + view.getUint16(at + 2);
    if (marker === SOF55) {
      size = {
        bitsPerSample: view.getUint8(from),
        rows: view.getUint16(from + 1),
        columns: view.getUint16(from + 3),
      };
      if (view.getUint8(from + 5) !== 1) throw new RangeError("more than one component");
    } else if (marker === LSE) {
      if (view.getUint8(from) !== PRESET_PARAMETERS)
        throw new UnsupportedStreamError("JPEG-LS mapping table");
      const [maxVal, t1, t2, t3, reset] = [1, 3, 5, 7, 9].map((offset) => view.getUint16(from + offset));
      preset = { maxVal, thresholds: [t1, t2, t3], reset };
    } else if (marker === DRI && view.getUint16(from) !== 0) {
      throw new UnsupportedStreamError("JPEG-LS with restart intervals");
    } else if (marker === SOS) {
      const shift = view.getUint8(from + 5) & 15;
      if (view.getUint8(from) !== 1 || shift !== 0) throw new RangeError("not the scan of one component");
      return checked({
        ...size,
        near: view.getUint8(from + 3),
        maxVal: preset.maxVal || 2 ** size.bitsPerSample - 1,
        thresholds: preset.thresholds,
        reset: preset.reset || DEFAULT_RESET,
        scanAt: at,
      });
    } else if (marker < 0xffc0) throw new RangeError("no marker where one must be");
  }
}

function checked(header: JpegLsHeader): JpegLsHeader {
  const { rows, columns, bitsPerSample, near, maxVal, reset } = header;
  const sound =
    rows > 0 &&
    columns > 0 &&
    bitsPerSample >= 2 &&
    bitsPerSample <= 16 &&
    maxVal < 2 ** bitsPerSample &&
    near <= Math.min(255, maxVal >> 1) &&
    reset >= 3 &&
    reset <= Math.max(255, maxVal);
  if (!sound) throw new RangeError("impossible parameters of the stream");
  return header;
}

export function jpegLsParameters({ maxVal, near, thresholds }: JpegLsHeader): JpegLsParameters {
  const range = Math.floor((maxVal + 2 * near) / (2 * near + 1)) + 1;
  const bpp = Math.max(2, bitsOf(maxVal + 1));
  const [t1, t2, t3] = thresholdsOf(maxVal, near, thresholds);
  return { t1, t2, t3, range, qbpp: bitsOf(range), limit: 2 * (bpp + Math.max(8, bpp)) };
}

/** The least number of bits that tell `values` apart. */
const bitsOf = (values: number): number => 32 - Math.clz32(values - 1);

function thresholdsOf(
  maxVal: number,
  near: number,
  stated: readonly [number, number, number],
): readonly [number, number, number] {
  const wide = maxVal >= 128;
  const factor = wide ? (Math.min(maxVal, 4095) + 128) >> 8 : Math.floor(256 / (maxVal + 1));
  const fallback = (basic: number, least: number, nears: number): number =>
    wide
      ? factor * (basic - least) + least + nears * near
      : Math.max(least, Math.floor(basic / factor) + nears * near);
  const within = (value: number, least: number): number => (value > maxVal || value < least ? least : value);
  const t1 = stated[0] || within(fallback(3, 2, 3), near + 1);
  const t2 = stated[1] || within(fallback(7, 3, 5), t1);
  const t3 = stated[2] || within(fallback(21, 4, 7), t2);
  if (t1 <= near || t2 < t1 || t3 < t2 || t3 > maxVal) throw new RangeError("impossible thresholds");
  return [t1, t2, t3];
}
