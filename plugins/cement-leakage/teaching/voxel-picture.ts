// Voxels as a PNG of grey values, 8 or 16 bits: every slice below the one before. For the teaching page, which unpacks it itself.
import { zlibSync } from "fflate";

/** Rows are predicted from the sample to the left (filter 1, PNG 9.2); nothing but the samples is in the file. `values`: `[row][column]`. */
export function voxelPicture(
  values: Uint8Array | Uint16Array,
  width: number,
  height: number,
): Uint8Array<ArrayBuffer> {
  const wide = values instanceof Uint16Array ? 2 : 1;
  const length = width * wide;
  const rows = new Uint8Array(height * (length + 1));
  for (let row = 0; row < height; row++) {
    const start = row * (length + 1);
    rows[start] = 1;
    let before = 0;
    for (let n = 0; n < width; n++) {
      const value = values[row * width + n];
      const at = start + 1 + n * wide;
      if (wide === 2) {
        rows[at] = ((value >> 8) - (before >> 8)) & 255;
        rows[at + 1] = ((value & 255) - (before & 255)) & 255;
      } else rows[at] = (value - before) & 255;
      before = value;
    }
  }
  const head = new Uint8Array(13);
  const view = new DataView(head.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  // Bits a sample; grey; deflate, adaptive filters, not interlaced.
  head.set([8 * wide, 0, 0, 0, 0], 8);
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
