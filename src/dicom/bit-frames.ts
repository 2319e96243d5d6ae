// One bit a voxel: runs to the packed frames of a BINARY segmentation and back (PS3.3 C.8.20.2, PS3.5 8.1.1 and annex D).
// Frames follow each other without padding, so a frame need not begin at a byte; the first pixel is the lowest bit.
import { type RunMask, sameShape } from "#voxels/mask";

/** A frame of the file: one slice of one segment. */
export interface SegmentFrame {
  readonly segmentNumber: number;
  readonly mask: RunMask;
  /** Slice of the grid. */
  readonly k: number;
}

/** Slices that hold at least one voxel, ascending. */
export function occupiedSlices(mask: RunMask): number[] {
  const slices: number[] = [];
  for (let k = 0; k < mask.slices; k++) {
    if (mask.rowStart[(k + 1) * mask.rows] > mask.rowStart[k * mask.rows]) slices.push(k);
  }
  return slices;
}

/** Pixel Data of the frames in order, padded to an even number of bytes. Cost follows the runs, not the voxels. */
export function packFrames(frames: readonly SegmentFrame[], rows: number, columns: number): Uint8Array {
  const byteCount = Math.ceil((frames.length * rows * columns) / 8);
  const bytes = new Uint8Array(byteCount + (byteCount % 2));
  frames.forEach(({ mask, k }, frame) => {
    for (let j = 0; j < rows; j++) {
      const row = k * rows + j;
      const rowBit = (frame * rows + j) * columns;
      for (let n = mask.rowStart[row]; n < mask.rowStart[row + 1]; n++) {
        setBits(bytes, rowBit + mask.start[n], rowBit + mask.end[n]);
      }
    }
  });
  return bytes;
}

/** Sets bits [from, to). */
function setBits(bytes: Uint8Array, from: number, to: number): void {
  const first = Math.floor(from / 8);
  const last = Math.floor((to - 1) / 8);
  const head = 0xff << (from % 8);
  const tail = 0xff >> (7 - ((to - 1) % 8));
  if (first === last) {
    bytes[first] |= head & tail;
    return;
  }
  bytes[first] |= head;
  // Most runs are short: a call that fills nothing would be most of the work.
  if (last - first > 1) bytes.fill(0xff, first + 1, last);
  bytes[last] |= tail;
}

/**
 * Calls `onRun` for each run of set bits within a row of `columns` bits that begins at bit `rowBit`, in ascending order; empty
 * bytes are passed over.
 */
export function forEachBitRun(
  bytes: Uint8Array,
  rowBit: number,
  columns: number,
  onRun: (start: number, end: number) => void,
): void {
  const endBit = rowBit + columns;
  let bit = rowBit;
  let runStart = -1;
  while (bit < endBit) {
    const byte = bytes[Math.floor(bit / 8)];
    const shift = bit % 8;
    if (shift === 0 && endBit - bit >= 8 && (byte === 0 || byte === 0xff)) {
      if (byte === 0 && runStart >= 0) {
        onRun(runStart, bit - rowBit);
        runStart = -1;
      } else if (byte === 0xff && runStart < 0) {
        runStart = bit - rowBit;
      }
      bit += 8;
      continue;
    }
    const set = ((byte >> shift) & 1) === 1;
    if (set && runStart < 0) runStart = bit - rowBit;
    if (!set && runStart >= 0) {
      onRun(runStart, bit - rowBit);
      runStart = -1;
    }
    bit++;
  }
  if (runStart >= 0) onRun(runStart, columns);
}

/** Whether any voxel belongs to two of the masks (all of one shape). */
export function masksOverlap(masks: readonly RunMask[]): boolean {
  if (masks.length < 2) return false;
  if (masks.some((mask) => !sameShape(mask, masks[0]))) throw new Error("masks of different shapes");
  const { rows, slices } = masks[0];
  for (let k = 0; k < slices; k++) {
    const held = masks.filter((mask) => mask.rowStart[k * rows] < mask.rowStart[(k + 1) * rows]);
    for (let a = 1; a < held.length; a++) {
      for (let b = 0; b < a; b++) if (overlapInRows(held[a], held[b], k * rows, (k + 1) * rows)) return true;
    }
  }
  return false;
}

function overlapInRows(a: RunMask, b: RunMask, fromRow: number, toRow: number): boolean {
  for (let row = fromRow; row < toRow; row++) {
    let m = a.rowStart[row];
    let n = b.rowStart[row];
    const lastA = a.rowStart[row + 1];
    const lastB = b.rowStart[row + 1];
    while (m < lastA && n < lastB) {
      if (a.start[m] < b.end[n] && b.start[n] < a.end[m]) return true;
      if (a.end[m] < b.end[n]) m++;
      else n++;
    }
  }
  return false;
}
