// Kernels in AssemblyScript (SIMD): voxels of a HU range as runs, the highest HU of blocks, and connected parts of runs.
//
// Built by `npm run kernels` into labelling-wasm.ts. The extension keeps TypeScript's tools away from it: usize, v128 and
// load<T> are AssemblyScript's. Memory is laid out by labelling-kernels.ts; nothing is allocated here.

/**
 * Runs of low <= HU <= high among columns from .. to - 1 of `rowCount` rows that lie one after the other at `voxels`.
 * `starts`, `ends`: two bytes a run; `rowEnds`: four bytes a row, `runsBefore` plus the runs up to the end of that row.
 * Returns the number of runs. Reads up to 128 bytes beyond the last row.
 */
export function scanRows(
  voxels: usize,
  rowCount: i32,
  columns: i32,
  from: i32,
  to: i32,
  low: i32,
  high: i32,
  starts: usize,
  ends: usize,
  rowEnds: usize,
  runsBefore: i32,
): i32 {
  const lows = i16x8.splat(<i16>low);
  const highs = i16x8.splat(<i16>high);
  const open = high >= 32767;
  let count: usize = 0;
  for (let row = 0; row < rowCount; row++) {
    const line = voxels + ((<usize>row * columns) << 1);
    let inside: u64 = 0;
    for (let i = from; i < to; i += 64) {
      const at = line + (<usize>i << 1);
      let a = v128.load(at);
      let b = v128.load(at, 16);
      let c = v128.load(at, 32);
      let d = v128.load(at, 48);
      let e = v128.load(at, 64);
      let f = v128.load(at, 80);
      let g = v128.load(at, 96);
      let h = v128.load(at, 112);
      const most = i16x8.max_s(
        i16x8.max_s(i16x8.max_s(a, b), i16x8.max_s(c, d)),
        i16x8.max_s(i16x8.max_s(e, f), i16x8.max_s(g, h)),
      );
      let bits: u64 = 0;
      if (v128.any_true(i16x8.ge_s(most, lows))) {
        let ab = i8x16.narrow_i16x8_s(i16x8.ge_s(a, lows), i16x8.ge_s(b, lows));
        let cd = i8x16.narrow_i16x8_s(i16x8.ge_s(c, lows), i16x8.ge_s(d, lows));
        let ef = i8x16.narrow_i16x8_s(i16x8.ge_s(e, lows), i16x8.ge_s(f, lows));
        let gh = i8x16.narrow_i16x8_s(i16x8.ge_s(g, lows), i16x8.ge_s(h, lows));
        if (!open) {
          ab = v128.and(ab, i8x16.narrow_i16x8_s(i16x8.le_s(a, highs), i16x8.le_s(b, highs)));
          cd = v128.and(cd, i8x16.narrow_i16x8_s(i16x8.le_s(c, highs), i16x8.le_s(d, highs)));
          ef = v128.and(ef, i8x16.narrow_i16x8_s(i16x8.le_s(e, highs), i16x8.le_s(f, highs)));
          gh = v128.and(gh, i8x16.narrow_i16x8_s(i16x8.le_s(g, highs), i16x8.le_s(h, highs)));
        }
        bits =
          <u64>(<u32>i8x16.bitmask(ab)) |
          (<u64>(<u32>i8x16.bitmask(cd)) << 16) |
          (<u64>(<u32>i8x16.bitmask(ef)) << 32) |
          (<u64>(<u32>i8x16.bitmask(gh)) << 48);
        const left = to - i;
        if (left < 64) bits &= (<u64>1 << left) - 1;
      }
      // A bit is set here where a voxel differs from the one before it.
      let turns = bits ^ ((bits << 1) | inside);
      while (turns != 0) {
        const turn = i + <i32>ctz(turns);
        turns &= turns - 1;
        if (inside) {
          store<u16>(ends + (count << 1), <u16>turn);
          count++;
        } else store<u16>(starts + (count << 1), <u16>turn);
        inside ^= 1;
      }
    }
    if (inside) {
      store<u16>(ends + (count << 1), <u16>to);
      count++;
    }
    store<u32>(rowEnds + (<usize>row << 2), runsBefore + <i32>count);
  }
  return <i32>count;
}

/** Highest HU of every 64 voxels of each row, two bytes a block, at `maxima`. Reads up to 16 bytes beyond the last row. */
export function blockMaxima(voxels: usize, rowCount: i32, columns: i32, maxima: usize): void {
  let out = maxima;
  for (let row = 0; row < rowCount; row++) {
    const line = voxels + ((<usize>row * columns) << 1);
    for (let i = 0; i < columns; i += 64) {
      const stop = min(columns, i + 64);
      let most = i16x8.splat(-32768);
      let n = i;
      for (; n + 8 <= stop; n += 8) most = i16x8.max_s(most, v128.load(line + (<usize>n << 1)));
      let highest: i32 = -32768;
      for (; n < stop; n++) highest = max(highest, <i32>load<i16>(line + (<usize>n << 1)));
      most = i16x8.max_s(most, i8x16.shuffle(most, most, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
      most = i16x8.max_s(most, i8x16.shuffle(most, most, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11));
      most = i16x8.max_s(most, i8x16.shuffle(most, most, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13));
      store<i16>(out, <i16>max(highest, <i32>i16x8.extract_lane_s(most, 0)));
      out += 2;
    }
  }
}

// @ts-ignore: decorator
@inline
function rootOf(parent: usize, run: u32): u32 {
  let n = run;
  let up = load<u32>(parent + (<usize>n << 2));
  while (up != n) {
    const above = load<u32>(parent + (<usize>up << 2));
    store<u32>(parent + (<usize>n << 2), above);
    n = above;
    up = load<u32>(parent + (<usize>n << 2));
  }
  return n;
}

/** Joins the runs a0 .. a1 - 1 of one row with the runs b0 .. b1 - 1 of another where they touch. */
function joinRows(start: usize, end: usize, parent: usize, a0: u32, a1: u32, b0: u32, b1: u32, reach: u32): void {
  let a = a0;
  let b = b0;
  while (a < a1 && b < b1) {
    const endA = <u32>load<u16>(end + (<usize>a << 1));
    const endB = <u32>load<u16>(end + (<usize>b << 1));
    if (
      <u32>load<u16>(start + (<usize>a << 1)) < endB + reach &&
      <u32>load<u16>(start + (<usize>b << 1)) < endA + reach
    ) {
      const rootA = rootOf(parent, a);
      const rootB = rootOf(parent, b);
      // The earlier run leads, so that parents never point forward and one pass settles all labels.
      if (rootA < rootB) store<u32>(parent + (<usize>rootB << 2), rootA);
      else store<u32>(parent + (<usize>rootA << 2), rootB);
    }
    if (endA < endB) a++;
    else b++;
  }
}

/**
 * Connected parts of runs (`rowStart`, `start`, `end` as in a RunMask). `reach` is 1 where rows that touch by an edge or a
 * corner count (26-connected), 0 where only faces do (6-connected). Writes the part of each run (from 0, in the order of
 * first runs) to `part` and the voxels of each part to `voxels`; returns the number of parts.
 */
export function joinRuns(
  rowStart: usize,
  rows: i32,
  slices: i32,
  start: usize,
  end: usize,
  reach: i32,
  part: usize,
  voxels: usize,
): i32 {
  const runs = load<u32>(rowStart + (<usize>rows * slices << 2));
  for (let n: u32 = 0; n < runs; n++) store<u32>(part + (<usize>n << 2), n);
  for (let k = 0; k < slices; k++) {
    const slice = rowStart + ((<usize>k * rows) << 2);
    if (load<u32>(slice) == load<u32>(slice + (<usize>rows << 2))) continue;
    const back = <usize>rows << 2;
    for (let j = 0; j < rows; j++) {
      const row = slice + (<usize>j << 2);
      const a0 = load<u32>(row);
      const a1 = load<u32>(row, 4);
      if (a0 == a1) continue;
      if (j > 0) joinRows(start, end, part, a0, a1, load<u32>(row - 4), a0, reach);
      if (k == 0) continue;
      const other = row - back;
      joinRows(start, end, part, a0, a1, load<u32>(other), load<u32>(other, 4), reach);
      if (reach == 0) continue;
      if (j > 0) joinRows(start, end, part, a0, a1, load<u32>(other - 4), load<u32>(other), reach);
      if (j + 1 < rows) joinRows(start, end, part, a0, a1, load<u32>(other, 4), load<u32>(other, 8), reach);
    }
  }
  let count: u32 = 0;
  for (let n: u32 = 0; n < runs; n++) {
    const at = part + (<usize>n << 2);
    const above = load<u32>(at);
    let label = count;
    if (above == n) {
      store<u32>(voxels + (<usize>count << 2), 0);
      count++;
    } else label = load<u32>(part + (<usize>above << 2));
    store<u32>(at, label);
    const sum = voxels + (<usize>label << 2);
    const length = <u32>load<u16>(end + (<usize>n << 1)) - <u32>load<u16>(start + (<usize>n << 1));
    store<u32>(sum, load<u32>(sum) + length);
  }
  return <i32>count;
}

/** Replaces the part of each run by its entry in `labelOf`. */
export function relabel(part: usize, runs: i32, labelOf: usize): void {
  const last = part + (<usize>runs << 2);
  for (let at = part; at < last; at += 4) store<u32>(at, load<u32>(labelOf + (<usize>load<u32>(at) << 2)));
}
