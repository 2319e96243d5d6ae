// A PNG file from RGB bytes, compressed by Node's own zlib: pictures of proposals and of failures on the command line.
import { deflateSync } from "node:zlib";
import { pngFile } from "#core/png-file";
import type { RgbImage } from "#voxels/dot-letters";

export type { RgbImage } from "#voxels/dot-letters";

/** Encodes 8-bit RGB (no filter). */
export function encodePng({ width, height, rgb }: RgbImage): Uint8Array {
  const rows = new Uint8Array(height * (width * 3 + 1));
  for (let y = 0; y < height; y++)
    rows.set(rgb.subarray(y * width * 3, (y + 1) * width * 3), y * (width * 3 + 1) + 1);
  return pngFile(
    { widthPx: width, heightPx: height, bits: 8, color: "rgb" },
    deflateSync(rows, { level: 6 }),
  );
}
