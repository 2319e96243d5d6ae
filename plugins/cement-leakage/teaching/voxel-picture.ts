// PNG files of grey values, 8 or 16 bits, and of colours. Voxels of the teaching page are one too, every slice below the one before.
import { zlibSync } from "fflate";

const GREY = 0;
const RGB = 2;

/** Rows are predicted from the sample to the left (filter 1, PNG 9.2); nothing but the samples is in the file. `values`: `[row][column]`. */
export function voxelPicture(
  values: Uint8Array | Uint16Array,
  width: number,
  height: number,
): Uint8Array<ArrayBuffer> {
  if (values instanceof Uint8Array) return png(values, width, height, { bits: 8, type: GREY, sample: 1 });
  const bytes = new Uint8Array(2 * values.length);
  for (let n = 0; n < values.length; n++) {
    bytes[2 * n] = values[n] >> 8;
    bytes[2 * n + 1] = values[n] & 255;
  }
  return png(bytes, width, height, { bits: 16, type: GREY, sample: 2 });
}

/** `rgb`: `[row][column][3]`. */
export const colorPicture = (rgb: Uint8Array, width: number, height: number): Uint8Array<ArrayBuffer> =>
  png(rgb, width, height, { bits: 8, type: RGB, sample: 3 });

/** `sample`: bytes of a pixel. */
interface PixelForm {
  readonly bits: 8 | 16;
  readonly type: typeof GREY | typeof RGB;
  readonly sample: number;
}

function png(bytes: Uint8Array, width: number, height: number, form: PixelForm): Uint8Array<ArrayBuffer> {
  const { bits, type, sample } = form;
  const length = width * sample;
  const rows = new Uint8Array(height * (length + 1));
  for (let row = 0; row < height; row++) {
    const start = row * (length + 1);
    const from = row * length;
    rows[start] = 1;
    for (let n = 0; n < length; n++)
      rows[start + 1 + n] = (bytes[from + n] - (n < sample ? 0 : bytes[from + n - sample])) & 255;
  }
  const head = new Uint8Array(13);
  const view = new DataView(head.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  // Bits a sample; kind of colour; deflate, adaptive filters, not interlaced.
  head.set([bits, type, 0, 0, 0], 8);
  const parts = [
    new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", head),
    chunk("IDAT", zlibSync(rows, { level: 6 })),
    chunk("IEND", new Uint8Array(0)),
  ];
  const file = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    file.set(part, at);
    at += part.length;
  }
  return file;
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const out = new Uint8Array(12 + data.length);
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

function crc32(bytes: Uint8Array): number {
  let c = 0xffffffff;
  for (const byte of bytes) c = CRC_TABLE[(c ^ byte) & 255] ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}

export function base64Of(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let n = 0; n < bytes.length; n += 0x7ffe)
    parts.push(btoa(String.fromCharCode(...bytes.subarray(n, n + 0x7ffe))));
  return parts.join("");
}
