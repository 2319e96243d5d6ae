// Two edits of one mask as one: what differs between before the first and after the second. Reads the changed rows only.
import { requireSameShape } from "./mask.ts";
import type { DeltaSide, RunDelta } from "./run-delta.ts";

/** One changed row on one side of an edit. */
interface RowOf {
  readonly side: DeltaSide;
  readonly n: number;
}

const runsIn = ({ side, n }: RowOf): number => side.offset[n + 1] - side.offset[n];

function sameRuns(a: RowOf, b: RowOf): boolean {
  const count = runsIn(a);
  if (count !== runsIn(b)) return false;
  const [fromA, fromB] = [a.side.offset[a.n], b.side.offset[b.n]];
  for (let m = 0; m < count; m++) {
    if (a.side.start[fromA + m] !== b.side.start[fromB + m]) return false;
    if (a.side.end[fromA + m] !== b.side.end[fromB + m]) return false;
  }
  return true;
}

function sideOf(rows: readonly RowOf[]): DeltaSide {
  const offset = new Uint32Array(rows.length + 1);
  rows.forEach((row, n) => (offset[n + 1] = offset[n] + runsIn(row)));
  const start = new Uint16Array(offset[rows.length]);
  const end = new Uint16Array(offset[rows.length]);
  rows.forEach(({ side, n }, at) => {
    start.set(side.start.subarray(side.offset[n], side.offset[n + 1]), offset[at]);
    end.set(side.end.subarray(side.offset[n], side.offset[n + 1]), offset[at]);
  });
  return { offset, start, end };
}

/** `second` starts from what `first` made. A row that is in the end as it was at first is in neither side of the result. */
export function joinDeltas(first: RunDelta, second: RunDelta): RunDelta {
  requireSameShape(first, second);
  const rows: number[] = [];
  const before: RowOf[] = [];
  const after: RowOf[] = [];
  const [rowsA, rowsB] = [first.changedRows, second.changedRows];
  for (let a = 0, b = 0; a < rowsA.length || b < rowsB.length;) {
    const rowA = a < rowsA.length ? rowsA[a] : Infinity;
    const rowB = b < rowsB.length ? rowsB[b] : Infinity;
    const row = Math.min(rowA, rowB);
    const was: RowOf = rowA === row ? { side: first.before, n: a } : { side: second.before, n: b };
    const is: RowOf = rowB === row ? { side: second.after, n: b } : { side: first.after, n: a };
    if (rowA === row) a++;
    if (rowB === row) b++;
    if (sameRuns(was, is)) continue;
    rows.push(row);
    before.push(was);
    after.push(is);
  }
  const { columns, slices } = first;
  return {
    columns,
    rows: first.rows,
    slices,
    changedRows: Uint32Array.from(rows),
    before: sideOf(before),
    after: sideOf(after),
  };
}
