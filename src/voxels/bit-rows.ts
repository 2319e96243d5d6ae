// Rows of a box as bits, 32 voxels to a word: the form in which morphology moves whole rows at once.
import { intersectBoxes, wholeBox } from "./box.ts";
import type { MaskShape, RunMask, VoxelBox } from "./mask.ts";
import { RunBuilder } from "./mask.ts";

/** Voxel (i, j, k) is bit (i - i0) % 32 of word [k - k0][j - j0][(i - i0) / 32]. The box may reach outside the grid. */
export interface BitRows {
  readonly box: VoxelBox;
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly wordsPerRow: number;
  readonly words: Int32Array;
}

export function emptyBitRows(box: VoxelBox): BitRows {
  const width = box.i1 - box.i0;
  const height = box.j1 - box.j0;
  const depth = box.k1 - box.k0;
  const wordsPerRow = (width + 31) >> 5;
  return { box, width, height, depth, wordsPerRow, words: new Int32Array(wordsPerRow * height * depth) };
}

/** Bits 0 .. count - 1 of a word, count 0 .. 32. */
const lowBits = (count: number): number => (count >= 32 ? -1 : (1 << count) - 1);

/** Bits of the last word of a row that belong to the box. */
export const lastWordBits = (bits: BitRows): number => lowBits(bits.width - ((bits.wordsPerRow - 1) << 5));

/** The voxels of `mask` inside `box`; outside the grid nothing is set. */
export function packBits(mask: RunMask, box: VoxelBox): BitRows {
  const bits = emptyBitRows(box);
  const { words, wordsPerRow, height } = bits;
  const inside = intersectBoxes(box, wholeBox(mask));
  for (let k = inside.k0; k < inside.k1; k++) {
    for (let j = inside.j0; j < inside.j1; j++) {
      const row = k * mask.rows + j;
      const base = ((k - box.k0) * height + (j - box.j0)) * wordsPerRow;
      for (let n = mask.rowStart[row]; n < mask.rowStart[row + 1]; n++) {
        const from = Math.max(mask.start[n], inside.i0) - box.i0;
        const to = Math.min(mask.end[n], inside.i1) - box.i0;
        if (to <= from) continue;
        const first = from >> 5;
        const last = (to - 1) >> 5;
        const head = ~lowBits(from & 31);
        const tail = lowBits(((to - 1) & 31) + 1);
        if (first === last) words[base + first] |= head & tail;
        else {
          words[base + first] |= head;
          words.fill(-1, base + first + 1, base + last);
          words[base + last] |= tail;
        }
      }
    }
  }
  return bits;
}

/** The set voxels inside the grid and inside `within`, as runs. */
export function maskFromBits(bits: BitRows, shape: MaskShape, within: VoxelBox = bits.box): RunMask {
  const { box, words, wordsPerRow, width, height } = bits;
  const inside = intersectBoxes(intersectBoxes(box, within), wholeBox(shape));
  const builder = new RunBuilder(shape);
  for (let k = inside.k0; k < inside.k1; k++) {
    for (let j = inside.j0; j < inside.j1; j++) {
      const row = k * shape.rows + j;
      const base = ((k - box.k0) * height + (j - box.j0)) * wordsPerRow;
      let from = -1;
      let previous = 0;
      for (let w = 0; w < wordsPerRow; w++) {
        const word = words[base + w];
        // A bit is set here where a voxel differs from the one before it.
        let turns = word ^ ((word << 1) | previous);
        previous = word >>> 31;
        while (turns !== 0) {
          const i = box.i0 + (w << 5) + 31 - Math.clz32(turns & -turns);
          turns &= turns - 1;
          if (from < 0) from = i - box.i0;
          else {
            builder.add(row, Math.max(from + box.i0, inside.i0), Math.min(i, inside.i1));
            from = -1;
          }
        }
      }
      if (from >= 0)
        builder.add(row, Math.max(from + box.i0, inside.i0), Math.min(box.i0 + width, inside.i1));
    }
  }
  return builder.finish();
}

/** Turns every voxel of the box around, in place. */
export function invertBits(bits: BitRows): void {
  const { words, wordsPerRow } = bits;
  const tail = lastWordBits(bits);
  for (let at = 0; at < words.length; at += wordsPerRow) {
    const last = at + wordsPerRow - 1;
    for (let w = at; w < last; w++) words[w] = ~words[w];
    words[last] = ~words[last] & tail;
  }
}
