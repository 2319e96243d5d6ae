// What one edit changed in a mask: the rows that differ, before and after. Undo keeps these instead of whole masks.
import type { MaskShape, RunMask } from "./mask.ts";
import { requireSameShape } from "./mask.ts";

/** The runs of the changed rows on one side of an edit. */
export interface DeltaSide {
  /** Length rows.length + 1: runs of changed row n are offset[n] .. offset[n + 1] - 1. */
  readonly offset: Uint32Array;
  readonly start: Uint16Array;
  readonly end: Uint16Array;
}

/** Storage follows the changed rows only (12 bytes a row and 4 a run on each side). Survives structured clone. */
export interface RunDelta extends MaskShape {
  /** Changed rows (k * rows + j), ascending. */
  readonly changedRows: Uint32Array;
  readonly before: DeltaSide;
  readonly after: DeltaSide;
}

export const isEmptyDelta = (delta: RunDelta): boolean => delta.changedRows.length === 0;

/** Bytes that the delta holds, for a limit on the undo history. */
export const deltaBytes = (delta: RunDelta): number =>
  delta.changedRows.byteLength +
  [delta.before, delta.after].reduce(
    (sum, side) => sum + side.offset.byteLength + side.start.byteLength + side.end.byteLength,
    0,
  );

function sameRow(a: RunMask, b: RunMask, row: number): boolean {
  const shift = b.rowStart[row] - a.rowStart[row];
  const last = a.rowStart[row + 1];
  if (b.rowStart[row + 1] - last !== shift) return false;
  for (let n = a.rowStart[row]; n < last; n++) {
    if (a.start[n] !== b.start[n + shift] || a.end[n] !== b.end[n + shift]) return false;
  }
  return true;
}

/** The first row that differs among rows from .. to - 1, and one past the last; tight loops over whole arrays find them. */
function differingRows(a: RunMask, b: RunMask, from: number, to: number): readonly [number, number] {
  const { rowStart: rowsA } = a;
  const { rowStart: rowsB } = b;
  const shift = rowsB[from] - rowsA[from];
  let first = from;
  while (first < to && rowsB[first + 1] - rowsA[first + 1] === shift) first++;
  // Rows before `first` hold as many runs in both; the first run that differs there decides.
  const equal = equalRunsFrom(a, b, rowsA[from], rowsA[first], shift);
  while (first > from && rowsA[first] > equal) first--;
  if (first === to) return [to, to];
  const shiftAfter = rowsB[to] - rowsA[to];
  let last = to;
  while (last > first && rowsB[last - 1] - rowsA[last - 1] === shiftAfter) last--;
  const equalAfter = equalRunsUpTo(a, b, rowsA[to], rowsA[last], shiftAfter);
  while (last < to && rowsA[last] < equalAfter) last++;
  return [first, last];
}

/** The first run of `a` among from .. to - 1 that differs from its counterpart in `b`, or `to`. */
function equalRunsFrom(a: RunMask, b: RunMask, from: number, to: number, shift: number): number {
  const { start: startA, end: endA } = a;
  const { start: startB, end: endB } = b;
  let n = from;
  while (n < to && startA[n] === startB[n + shift] && endA[n] === endB[n + shift]) n++;
  return n;
}

/** One past the last run of `a` among from .. to - 1 that differs from its counterpart in `b`, or `from`. */
function equalRunsUpTo(a: RunMask, b: RunMask, to: number, from: number, shift: number): number {
  const { start: startA, end: endA } = a;
  const { start: startB, end: endB } = b;
  let n = to - 1;
  while (n >= from && startA[n] === startB[n + shift] && endA[n] === endB[n + shift]) n--;
  return n + 1;
}

function sideOf(mask: RunMask, rows: Uint32Array): DeltaSide {
  const offset = new Uint32Array(rows.length + 1);
  rows.forEach((row, n) => {
    offset[n + 1] = offset[n] + mask.rowStart[row + 1] - mask.rowStart[row];
  });
  const start = new Uint16Array(offset[rows.length]);
  const end = new Uint16Array(offset[rows.length]);
  rows.forEach((row, n) => {
    start.set(mask.start.subarray(mask.rowStart[row], mask.rowStart[row + 1]), offset[n]);
    end.set(mask.end.subarray(mask.rowStart[row], mask.rowStart[row + 1]), offset[n]);
  });
  return { offset, start, end };
}

/**
 * The rows in which two masks of one grid differ. Reads both masks once (all rows, or the slices k0 .. k1 - 1 when the
 * caller knows that nothing else changed); what it returns holds changed rows only. Throws RangeError on different grids, and
 * where the number of runs outside the told slices shows that something else did change.
 */
export function deltaBetween(
  before: RunMask,
  after: RunMask,
  slices: readonly [k0: number, k1: number] = [0, before.slices],
): RunDelta {
  requireSameShape(before, after);
  const changed: number[] = [];
  const from = Math.max(0, Math.min(before.slices, slices[0])) * before.rows;
  const to = Math.max(from, Math.min(before.slices, slices[1]) * before.rows);
  const runsAfter = (mask: RunMask) => mask.start.length - mask.rowStart[to];
  if (before.rowStart[from] !== after.rowStart[from] || runsAfter(before) !== runsAfter(after))
    throw new RangeError(`the mask changed outside slices ${slices[0]} to ${slices[1] - 1}`);
  const [first, last] = differingRows(before, after, from, to);
  for (let row = first; row < last; row++) {
    if (!sameRow(before, after, row)) changed.push(row);
  }
  const changedRows = Uint32Array.from(changed);
  return {
    columns: before.columns,
    rows: before.rows,
    slices: before.slices,
    changedRows,
    before: sideOf(before, changedRows),
    after: sideOf(after, changedRows),
  };
}

/**
 * Redoes ("forward") or undoes ("backward") an edit. Copies the run arrays and the row table once (a plain memory copy:
 * 1 MB for 250,000 runs), because a RunMask is immutable. Throws RangeError when the mask is not the one the delta starts from.
 */
export function applyDelta(mask: RunMask, delta: RunDelta, direction: "forward" | "backward"): RunMask {
  requireSameShape(mask, delta);
  const from = direction === "forward" ? delta.before : delta.after;
  const to = direction === "forward" ? delta.after : delta.before;
  const { changedRows } = delta;
  const runs = mask.start.length + to.start.length - from.start.length;
  const start = new Uint16Array(Math.max(0, runs));
  const end = new Uint16Array(Math.max(0, runs));
  const rowStart = new Uint32Array(mask.rowStart.length);
  let row = 0;
  let read = 0;
  let write = 0;
  const copyRowsUpTo = (stop: number) => {
    const lastRead = mask.rowStart[stop];
    start.set(mask.start.subarray(read, lastRead), write);
    end.set(mask.end.subarray(read, lastRead), write);
    const shift = write - read;
    if (shift === 0) rowStart.set(mask.rowStart.subarray(row, stop), row);
    else for (let r = row; r < stop; r++) rowStart[r] = mask.rowStart[r] + shift;
    write += lastRead - read;
    read = lastRead;
    row = stop;
  };
  for (let n = 0; n < changedRows.length; n++) {
    const changed = changedRows[n];
    requireRow(mask, changed, from, n);
    copyRowsUpTo(changed);
    rowStart[changed] = write;
    start.set(to.start.subarray(to.offset[n], to.offset[n + 1]), write);
    end.set(to.end.subarray(to.offset[n], to.offset[n + 1]), write);
    write += to.offset[n + 1] - to.offset[n];
    read = mask.rowStart[changed + 1];
    row = changed + 1;
  }
  copyRowsUpTo(mask.rows * mask.slices);
  rowStart[mask.rows * mask.slices] = write;
  return { columns: mask.columns, rows: mask.rows, slices: mask.slices, rowStart, start, end };
}

/** An edit replayed on another state would corrupt the mask without a word, so each changed row is compared first. */
function requireRow(mask: RunMask, row: number, side: DeltaSide, n: number): void {
  const first = mask.rowStart[row];
  const count = side.offset[n + 1] - side.offset[n];
  let same = mask.rowStart[row + 1] - first === count;
  for (let m = 0; same && m < count; m++) {
    same =
      mask.start[first + m] === side.start[side.offset[n] + m] &&
      mask.end[first + m] === side.end[side.offset[n] + m];
  }
  if (!same) throw new RangeError(`delta does not start from this mask: row ${row} differs`);
}
