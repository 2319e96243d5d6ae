// Dilation of bit rows by a ball: the one inner loop of all morphology.
import type { BallRow } from "./ball.ts";
import type { BitRows } from "./bit-rows.ts";
import { emptyBitRows, lastWordBits } from "./bit-rows.ts";
import type { VoxelBox } from "./mask.ts";

/**
 * Dilation by the rows of a ball; outside the source's box nothing is set. The result has the rows and slices of `within`
 * (a part of that box) and all of the box's columns.
 *
 * Slice by slice: each row is widened once for each half-width of the ball. The ball's discs are nested, so one picture
 * of the slice grows from the smallest disc (the farthest slices) to the largest (its own), and at each step goes, word
 * by word, to the two slices at that distance. A row is added again only where the next disc is wider there.
 */
export function dilateBits(source: BitRows, ball: readonly BallRow[], within: VoxelBox): BitRows {
  const { box, height, depth, wordsPerRow } = source;
  const discs = nestedDiscs(ball);
  const reach = ball.reduce((most, row) => Math.max(most, row.dj), 0);
  const target = emptyBitRows({ ...within, i0: box.i0, i1: box.i1 });
  const j0 = within.j0 - box.j0;
  const j1 = within.j1 - box.j0;
  const k0 = within.k0 - box.k0;
  const k1 = within.k1 - box.k0;
  const widths = [...new Set(ball.map((row) => row.halfWidth))].sort((a, b) => a - b);
  const wide = new Map(widths.map((width) => [width, new Int32Array(wordsPerRow * height)]));
  const picture = new Int32Array(wordsPerRow * (j1 - j0));
  for (let k = 0; k < depth; k++) {
    if (k + discs.length <= k0 || k - discs.length >= k1) continue;
    const [first, last] = filledRows(source, k);
    if (first === last) continue;
    widenRows(source, k, first, last, widths, wide);
    // Rows of the picture are rows j0 .. j1 - 1 of the box; only those in reach of the filled ones are touched.
    const top = Math.max(j0, first - reach);
    const bottom = Math.min(j1, last + reach);
    if (top >= bottom) continue;
    picture.fill(0, (top - j0) * wordsPerRow, (bottom - j0) * wordsPerRow);
    for (let dk = discs.length - 1; dk >= 0; dk--) {
      for (const { dj, halfWidth } of discs[dk]) {
        const from = Math.max(top, first + dj);
        const to = Math.min(bottom, last + dj);
        const rows = wide.get(halfWidth);
        if (from >= to || !rows) continue;
        orInto(
          picture,
          (from - j0) * wordsPerRow,
          rows,
          (from - dj) * wordsPerRow,
          (to - from) * wordsPerRow,
        );
      }
      for (const z of dk === 0 ? [k] : [k - dk, k + dk]) {
        if (z < k0 || z >= k1) continue;
        const offset = (z - k0) * (j1 - j0) * wordsPerRow + (top - j0) * wordsPerRow;
        orInto(target.words, offset, picture, (top - j0) * wordsPerRow, (bottom - top) * wordsPerRow);
      }
    }
  }
  return target;
}

/** For each |dk|, the rows (dj) whose half-width is larger there than in the next disc outwards. */
function nestedDiscs(ball: readonly BallRow[]): BallRow[][] {
  const widthAt = new Map(ball.map((row) => [`${row.dj} ${row.dk}`, row.halfWidth]));
  const discs: BallRow[][] = [];
  for (const row of ball) {
    if (row.dk < 0) continue;
    discs[row.dk] ??= [];
    if (widthAt.get(`${row.dj} ${row.dk + 1}`) !== row.halfWidth) discs[row.dk].push(row);
  }
  return discs;
}

/** First row of a slice with a set bit, and one past the last; equal where there is none. */
function filledRows(bits: BitRows, k: number): readonly [number, number] {
  const { words, wordsPerRow, height } = bits;
  const base = k * height * wordsPerRow;
  let first = base;
  let last = base + height * wordsPerRow;
  while (first < last && words[first] === 0) first++;
  if (first === last) return [0, 0];
  while (words[last - 1] === 0) last--;
  return [Math.floor((first - base) / wordsPerRow), Math.floor((last - 1 - base) / wordsPerRow) + 1];
}

/** Rows first .. last - 1 of slice k widened by each of the half-widths (ascending), written to `wide` at the same rows. */
function widenRows(
  bits: BitRows,
  k: number,
  first: number,
  last: number,
  widths: readonly number[],
  wide: ReadonlyMap<number, Int32Array>,
): void {
  const { words, wordsPerRow, height } = bits;
  const tail = lastWordBits(bits);
  const from = first * wordsPerRow;
  const to = last * wordsPerRow;
  let narrower = words.subarray(k * height * wordsPerRow, (k + 1) * height * wordsPerRow);
  let width = 0;
  for (const wanted of widths) {
    const rows = wide.get(wanted);
    if (!rows) continue;
    if (wanted === width) rows.set(narrower.subarray(from, to), from);
    while (width < wanted) {
      // A step of at most width + 1 leaves no gap, not even where the box has cut off half of what was widened before;
      // a shift inside one word is at most 31.
      const step = Math.min(wanted - width, width + 1, 31);
      for (let row = from; row < to; row += wordsPerRow)
        widenRow(narrower, rows, row, wordsPerRow, step, tail);
      width += step;
      narrower = rows;
    }
    narrower = rows;
  }
}

/** One row joined with itself shifted by `step` both ways. Source and target may be the same. */
function widenRow(
  source: Int32Array,
  target: Int32Array,
  at: number,
  count: number,
  step: number,
  tail: number,
): void {
  const back = 32 - step;
  let before = 0;
  let here = source[at];
  const end = at + count;
  for (let w = at; w < end; w++) {
    const after = w + 1 < end ? source[w + 1] : 0;
    target[w] = here | (here << step) | (before >>> back) | (here >>> step) | (after << back);
    before = here;
    here = after;
  }
  target[end - 1] &= tail;
}

function orInto(target: Int32Array, at: number, source: Int32Array, from: number, count: number): void {
  const shift = from - at;
  const end = at + count;
  let w = at;
  for (; w + 4 <= end; w += 4) {
    target[w] |= source[w + shift];
    target[w + 1] |= source[w + shift + 1];
    target[w + 2] |= source[w + shift + 2];
    target[w + 3] |= source[w + shift + 3];
  }
  for (; w < end; w++) target[w] |= source[w + shift];
}
