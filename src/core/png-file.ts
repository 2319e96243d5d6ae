// A PNG file around rows that are compressed already (PNG specification, third edition, 5 and 11): nothing but header, pixels and end.
import { joinedBytes } from "./joined-bytes.ts";

const SIGNATURE = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** By name, the number that stands in the header (11.2.1). */
const COLOR_TYPES = { grey: 0, rgb: 2 } as const;

export interface PngForm {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Of a sample. */
  readonly bits: 8 | 16;
  readonly color: keyof typeof COLOR_TYPES;
}

/** `compressed`: a zlib stream of the rows, each with its filter's number before it; samples of 16 bits the high byte first. */
export function pngFile(
  { widthPx, heightPx, bits, color }: PngForm,
  compressed: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, widthPx);
  view.setUint32(4, heightPx);
  // Compression by deflate, adaptive filters, not interlaced: the three zeros that follow.
  header.set([bits, COLOR_TYPES[color]], 8);
  return joinedBytes([
    SIGNATURE,
    chunk("IHDR", header),
    chunk("IDAT", compressed),
    chunk("IEND", new Uint8Array(0)),
  ]);
}

/** Length, type, data, check sum of type and data (5.3). */
function chunk(type: string, data: Uint8Array): Uint8Array {
  const out = new Uint8Array(data.length + 12);
  const view = new DataView(out.buffer);
  view.setUint32(0, data.length);
  for (let n = 0; n < 4; n++) out[4 + n] = type.charCodeAt(n);
  out.set(data, 8);
  view.setUint32(8 + data.length, crc32(out.subarray(4, 8 + data.length)));
  return out;
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let bit = 0; bit < 8; bit++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});

/** Of ISO 3309 (5.5). */
function crc32(bytes: Uint8Array): number {
  let c = 0xffffffff;
  for (const byte of bytes) c = CRC_TABLE[(c ^ byte) & 255] ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}
