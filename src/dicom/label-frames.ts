// One number a voxel: runs to the frames of a LABELMAP segmentation (PS3.3 C.8.20.2).
import type { RunMask } from "#voxels/mask";

export interface LabelFrame {
  /** At most 255 for frames of 8 bits, 65535 for 16. */
  readonly segmentNumber: number;
  readonly mask: RunMask;
}

/**
 * Pixel Data of one frame for each of `slices`, in their order: the segment number of each voxel, 0 where there is none; little endian,
 * padded to an even number of bytes. Cost follows the runs beside the frames themselves. Where masks overlap the later one stands.
 */
export function packLabels(
  segments: readonly LabelFrame[],
  slices: readonly number[],
  rows: number,
  columns: number,
  bits: 8 | 16,
): Uint8Array {
  const count = slices.length * rows * columns;
  const bytes = new Uint8Array(bits === 16 ? 2 * count : count + (count % 2));
  const labels = bits === 16 ? new Uint16Array(bytes.buffer) : bytes;
  slices.forEach((k, frame) => {
    for (const { segmentNumber, mask } of segments) {
      for (let j = 0; j < rows; j++) {
        const row = k * rows + j;
        const at = (frame * rows + j) * columns;
        for (let n = mask.rowStart[row]; n < mask.rowStart[row + 1]; n++)
          labels.fill(segmentNumber, at + mask.start[n], at + mask.end[n]);
      }
    }
  });
  return bytes;
}
