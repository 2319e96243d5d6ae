// PNG files of grey values, 8 or 16 bits, and of colours. Voxels of the teaching page are one too, every slice below the one before.
import { zlibSync } from "fflate";
import { pngFile, type PngForm } from "#core/png-file";

/** Rows are predicted from the sample to the left (filter 1, PNG 9.2); nothing but the samples is in the file. `values`: `[row][column]`. */
export function voxelPicture(
  values: Uint8Array | Uint16Array,
  width: number,
  height: number,
): Uint8Array<ArrayBuffer> {
  if (values instanceof Uint8Array)
    return filtered(values, 1, { widthPx: width, heightPx: height, bits: 8, color: "grey" });
  const bytes = new Uint8Array(2 * values.length);
  for (let n = 0; n < values.length; n++) {
    bytes[2 * n] = values[n] >> 8;
    bytes[2 * n + 1] = values[n] & 255;
  }
  return filtered(bytes, 2, { widthPx: width, heightPx: height, bits: 16, color: "grey" });
}

/** `rgb`: `[row][column][3]`. */
export const colorPicture = (rgb: Uint8Array, width: number, height: number): Uint8Array<ArrayBuffer> =>
  filtered(rgb, 3, { widthPx: width, heightPx: height, bits: 8, color: "rgb" });

/** `sample`: bytes of a pixel. */
function filtered(bytes: Uint8Array, sample: number, form: PngForm): Uint8Array<ArrayBuffer> {
  const { widthPx, heightPx } = form;
  const length = widthPx * sample;
  const rows = new Uint8Array(heightPx * (length + 1));
  for (let row = 0; row < heightPx; row++) {
    const start = row * (length + 1);
    const from = row * length;
    rows[start] = 1;
    for (let n = 0; n < length; n++)
      rows[start + 1 + n] = (bytes[from + n] - (n < sample ? 0 : bytes[from + n - sample])) & 255;
  }
  return pngFile(form, zlibSync(rows, { level: 6 }));
}

export function base64Of(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let n = 0; n < bytes.length; n += 0x7ffe)
    parts.push(btoa(String.fromCharCode(...bytes.subarray(n, n + 0x7ffe))));
  return parts.join("");
}
