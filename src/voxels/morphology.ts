// Dilation, erosion, opening, closing by a ball in mm, and filling of holes; exact on anisotropic grids.
//
// A voxel belongs to the ball when its centre is within the radius. Distances use `spacingMm(grid)`: the mean slice
// spacing, and slices taken as stacked along their normal. On tilted or uneven stacks (`isRegular` is false) the ball is
// that of the regular stack with the same mean spacing; callers who show such results say so.
import type { VoxelGrid } from "#core/space";
import { spacingMm } from "#core/space";
import type { BallRow } from "./ball.ts";
import { ballReach, ballRows } from "./ball.ts";
import type { BitRows } from "./bit-rows.ts";
import { emptyBitRows, invertBits, lastWordBits, maskFromBits, packBits } from "./bit-rows.ts";
import { boundingBox, expandBox, growBox, intersectBoxes, wholeBox } from "./box.ts";
import { componentBoxes, components, selectComponents } from "./components.ts";
import type { RunMask, VoxelBox } from "./mask.ts";
import { emptyMask, requireSameShape } from "./mask.ts";
import { complementInBox, union } from "./set-operations.ts";

export interface ErosionOptions {
  /**
   * What lies beyond the scan. "background" (default) erodes at the edge of the grid as anywhere else; "mask" treats a
   * part that is cut off by the scan as going on, so that the cut itself erodes nothing.
   */
  readonly beyondGrid?: "background" | "mask";
}

/** Voxels within radiusMm of a voxel of the mask, cut to the grid. */
export function dilate(mask: RunMask, grid: VoxelGrid, radiusMm: number): RunMask {
  requireSameShape(mask, grid);
  const around = boundingBox(mask);
  if (!around || !(radiusMm > 0)) return mask;
  const spacing = spacingMm(grid);
  const box = growBox(around, ballReach(spacing, radiusMm), mask);
  return maskFromBits(dilateBits(packBits(mask, box), ballRows(spacing, radiusMm), box), mask);
}

/** Voxels whose whole ball lies in the mask. */
export function erode(
  mask: RunMask,
  grid: VoxelGrid,
  radiusMm: number,
  options: ErosionOptions = {},
): RunMask {
  requireSameShape(mask, grid);
  const around = boundingBox(mask);
  if (!around || !(radiusMm > 0)) return mask;
  // One voxel of background around the box stands for all of it: from inside, none farther out is nearer.
  const grown = expandBox(around, 1);
  const box = options.beyondGrid === "mask" ? intersectBoxes(grown, wholeBox(mask)) : grown;
  const bits = packBits(mask, box);
  invertBits(bits);
  const eaten = dilateBits(bits, ballRows(spacingMm(grid), radiusMm), around);
  invertBits(eaten);
  return maskFromBits(eaten, mask);
}

/** Erosion, then dilation: removes what is thinner than the ball. Never adds a voxel. */
export const open = (
  mask: RunMask,
  grid: VoxelGrid,
  radiusMm: number,
  options: ErosionOptions = {},
): RunMask => dilate(erode(mask, grid, radiusMm, options), grid, radiusMm);

/**
 * Dilation, then erosion: closes gaps thinner than the ball. Never removes a voxel; the dilation may pass the edge of the
 * scan on its way, so that the edge does not eat into the mask.
 */
export function close(mask: RunMask, grid: VoxelGrid, radiusMm: number): RunMask {
  requireSameShape(mask, grid);
  const around = boundingBox(mask);
  if (!around || !(radiusMm > 0)) return mask;
  const spacing = spacingMm(grid);
  const ball = ballRows(spacing, radiusMm);
  const [ri, rj, rk] = ballReach(spacing, radiusMm);
  const box = expandBox(around, ri, rj, rk);
  const grown = dilateBits(packBits(mask, box), ball, box);
  invertBits(grown);
  // A closing stays inside the box of its mask (each half space is its own closing), and from there the ball ends inside `box`.
  const eaten = dilateBits(grown, ball, around);
  invertBits(eaten);
  return maskFromBits(eaten, mask);
}

/**
 * The mask with its holes filled: background that cannot reach the border of the grid through faces (6-connected).
 * A cavity that is open at the first or last slice or at the edge of the scan is not a hole.
 */
export function fillHoles3d(mask: RunMask): RunMask {
  const box = boundingBox(mask);
  return box ? union(mask, holesInBox(mask, box)) : mask;
}

/** Background of the box that does not reach the box's border. */
function holesInBox(mask: RunMask, box: VoxelBox): RunMask {
  const background = complementInBox(mask, box);
  const labels = components(background, 6);
  if (labels.count === 0) return emptyMask(mask);
  const boxes = componentBoxes(background, labels);
  return selectComponents(background, labels, (label) => {
    const b = boxes[label];
    return b.i0 > box.i0 && b.j0 > box.j0 && b.k0 > box.k0 && b.i1 < box.i1 && b.j1 < box.j1 && b.k1 < box.k1;
  });
}

/**
 * Dilation of bits by the rows of a ball, inside `within` (a part of the source's box). Each source row is widened once
 * for each half-width of the ball, then OR-ed into the rows that it reaches.
 */
function dilateBits(source: BitRows, ball: readonly BallRow[], within: VoxelBox): BitRows {
  const { box, height, depth, wordsPerRow, words } = source;
  const widths = [...new Set(ball.map((row) => row.halfWidth))].sort((a, b) => a - b);
  const level = Int32Array.from(ball, (row) => widths.indexOf(row.halfWidth));
  const dj = Int32Array.from(ball, (row) => row.dj);
  const dk = Int32Array.from(ball, (row) => row.dk);
  const target = emptyBitRows(box);
  const out = target.words;
  const tail = lastWordBits(source);
  const full = new Uint8Array(height * depth);
  const wide = new Int32Array(widths.length * wordsPerRow);
  const spare = new Int32Array(wordsPerRow);
  const j0 = within.j0 - box.j0;
  const j1 = within.j1 - box.j0;
  const k0 = within.k0 - box.k0;
  const k1 = within.k1 - box.k0;
  for (let k = 0; k < depth; k++) {
    for (let j = 0; j < height; j++) {
      const base = (k * height + j) * wordsPerRow;
      let first = 0;
      while (first < wordsPerRow && words[base + first] === 0) first++;
      if (first === wordsPerRow) continue;
      if (isFullRow(words, base, wordsPerRow, tail)) {
        for (let n = 0; n < ball.length; n++) {
          const y = j + dj[n];
          const z = k + dk[n];
          if (y >= j0 && y < j1 && z >= k0 && z < k1) full[z * height + y] = 1;
        }
        continue;
      }
      let last = wordsPerRow;
      while (words[base + last - 1] === 0) last--;
      const reach = (widths[widths.length - 1] + 31) >> 5;
      const from = Math.max(0, first - reach);
      const to = Math.min(wordsPerRow, last + reach);
      for (let w = from; w < to; w++) wide[w] = words[base + w];
      let width = 0;
      for (let n = 0; n < widths.length; n++) {
        const at = n * wordsPerRow;
        if (n > 0) wide.copyWithin(at + from, at - wordsPerRow + from, at - wordsPerRow + to);
        width = widenRow(wide, at, from, to, width, widths[n], spare);
        if (to === wordsPerRow) wide[at + to - 1] &= tail;
      }
      for (let n = 0; n < ball.length; n++) {
        const y = j + dj[n];
        const z = k + dk[n];
        if (y < j0 || y >= j1 || z < k0 || z >= k1) continue;
        const row = z * height + y;
        if (full[row] === 1) continue;
        const shift = level[n] * wordsPerRow;
        const write = row * wordsPerRow;
        for (let w = from; w < to; w++) out[write + w] |= wide[shift + w];
      }
    }
  }
  for (let row = 0; row < full.length; row++) {
    if (full[row] === 0) continue;
    const base = row * wordsPerRow;
    out.fill(-1, base, base + wordsPerRow);
    out[base + wordsPerRow - 1] = tail;
  }
  return crop(target, within);
}

function isFullRow(words: Int32Array, base: number, count: number, tail: number): boolean {
  for (let w = base; w < base + count - 1; w++) if (words[w] !== -1) return false;
  return words[base + count - 1] === tail;
}

/** Widens a row (words from .. to - 1 at `at`), already widened by `width` to each side, to `wanted`; returns `wanted`. */
function widenRow(
  row: Int32Array,
  at: number,
  from: number,
  to: number,
  width: number,
  wanted: number,
  spare: Int32Array,
): number {
  while (width < wanted) {
    // A step of at most width + 1 leaves no gap, not even where the box has cut off half of what was widened before;
    // a shift inside one word is at most 31.
    const step = Math.min(wanted - width, width + 1, 31);
    const back = 32 - step;
    for (let w = from; w < to; w++) spare[w] = row[at + w];
    for (let w = from; w < to; w++) {
      const here = spare[w];
      const before = w > from ? spare[w - 1] : 0;
      const after = w + 1 < to ? spare[w + 1] : 0;
      row[at + w] = here | (here << step) | (before >>> back) | (here >>> step) | (after << back);
    }
    width += step;
  }
  return width;
}

/** The same bits with a smaller box along i, j, k. */
function crop(bits: BitRows, within: VoxelBox): BitRows {
  const { box } = bits;
  if (box.i0 === within.i0 && box.i1 === within.i1 && box.j0 === within.j0 && box.j1 === within.j1) {
    if (box.k0 === within.k0 && box.k1 === within.k1) return bits;
  }
  const small = emptyBitRows(within);
  const shiftBits = within.i0 - box.i0;
  const skip = shiftBits >> 5;
  const shift = shiftBits & 31;
  const tail = lastWordBits(small);
  for (let k = 0; k < small.depth; k++) {
    for (let j = 0; j < small.height; j++) {
      const read =
        ((k + within.k0 - box.k0) * bits.height + (j + within.j0 - box.j0)) * bits.wordsPerRow + skip;
      const rowEnd = read - skip + bits.wordsPerRow;
      const write = (k * small.height + j) * small.wordsPerRow;
      for (let w = 0; w < small.wordsPerRow; w++) {
        const low = bits.words[read + w];
        const high = read + w + 1 < rowEnd ? bits.words[read + w + 1] : 0;
        small.words[write + w] = shift === 0 ? low : (low >>> shift) | (high << (32 - shift));
      }
      small.words[write + small.wordsPerRow - 1] &= tail;
    }
  }
  return small;
}
