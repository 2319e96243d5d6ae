// The in-memory form of every mask: sorted runs per row on the acquired grid.
//
// Row r = k * rows + j. Its runs are rowStart[r] .. rowStart[r + 1] - 1; run n covers columns start[n] .. end[n] - 1.
// Runs of a row are sorted, never empty, never touch or overlap, so that equal masks have equal arrays.
// A RunMask is immutable; every operation returns a new one. It survives structured clone.

export interface MaskShape {
  readonly columns: number;
  readonly rows: number;
  readonly slices: number;
}

export interface RunMask extends MaskShape {
  /** Length rows * slices + 1, ascending; the last entry is the number of runs. */
  readonly rowStart: Uint32Array;
  /** First column of each run. */
  readonly start: Uint16Array;
  /** One past the last column of each run. */
  readonly end: Uint16Array;
}

/** Half-open voxel box: lower corner inside, upper corner outside. */
export interface VoxelBox {
  readonly i0: number;
  readonly j0: number;
  readonly k0: number;
  readonly i1: number;
  readonly j1: number;
  readonly k1: number;
}

export function emptyMask(shape: MaskShape): RunMask {
  return {
    columns: shape.columns,
    rows: shape.rows,
    slices: shape.slices,
    rowStart: new Uint32Array(shape.rows * shape.slices + 1),
    start: new Uint16Array(0),
    end: new Uint16Array(0),
  };
}

/** Collects runs row by row, in ascending row order and ascending column order; touching runs are joined. */
export class RunBuilder {
  readonly #shape: MaskShape;
  readonly #rowStart: Uint32Array;
  #start = new Uint16Array(1024);
  #end = new Uint16Array(1024);
  #count = 0;
  #row = 0;

  constructor(shape: MaskShape) {
    this.#shape = shape;
    this.#rowStart = new Uint32Array(shape.rows * shape.slices + 1);
  }

  /** Adds columns [start, end) of `row`. Throws RangeError when rows go back; starts within a row must not go back either. */
  add(row: number, start: number, end: number): void {
    if (end <= start) return;
    if (row < this.#row) throw new RangeError(`row ${row} after row ${this.#row}`);
    while (this.#row < row) this.#rowStart[++this.#row] = this.#count;
    const last = this.#count - 1;
    if (last >= this.#rowStart[row] && this.#end[last] >= start) {
      if (end > this.#end[last]) this.#end[last] = end;
      return;
    }
    if (this.#count === this.#start.length) {
      const grow = (old: Uint16Array) => {
        const bigger = new Uint16Array(old.length * 2);
        bigger.set(old);
        return bigger;
      };
      this.#start = grow(this.#start);
      this.#end = grow(this.#end);
    }
    this.#start[this.#count] = start;
    this.#end[this.#count] = end;
    this.#count++;
  }

  /** Adds every run of `row` of another mask of the same shape. */
  addRow(mask: RunMask, row: number): void {
    for (let n = mask.rowStart[row]; n < mask.rowStart[row + 1]; n++)
      this.add(row, mask.start[n], mask.end[n]);
  }

  finish(): RunMask {
    const rowCount = this.#shape.rows * this.#shape.slices;
    while (this.#row < rowCount) this.#rowStart[++this.#row] = this.#count;
    return {
      columns: this.#shape.columns,
      rows: this.#shape.rows,
      slices: this.#shape.slices,
      rowStart: this.#rowStart,
      start: this.#start.slice(0, this.#count),
      end: this.#end.slice(0, this.#count),
    };
  }
}

export const isEmpty = (mask: RunMask): boolean => mask.start.length === 0;

export const sameShape = (a: MaskShape, b: MaskShape): boolean =>
  a.columns === b.columns && a.rows === b.rows && a.slices === b.slices;

/** Number of voxels. */
export function voxelCount(mask: RunMask): number {
  let count = 0;
  for (let n = 0; n < mask.start.length; n++) count += mask.end[n] - mask.start[n];
  return count;
}

/** Index of the run that holds voxel (i, j, k), or -1 where the voxel is not set or outside the grid. */
export function runAt(mask: RunMask, i: number, j: number, k: number): number {
  if (j < 0 || k < 0 || j >= mask.rows || k >= mask.slices) return -1;
  const row = k * mask.rows + j;
  let low = mask.rowStart[row];
  let high = mask.rowStart[row + 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (i >= mask.end[middle]) low = middle + 1;
    else high = middle;
  }
  return low < mask.rowStart[row + 1] && i >= mask.start[low] ? low : -1;
}

/** Whether voxel (i, j, k) is set; false outside the grid. */
export const maskHas = (mask: RunMask, i: number, j: number, k: number): boolean => runAt(mask, i, j, k) >= 0;

/** Calls `visit(j, k, start, end)` for each run (columns start .. end - 1), in ascending row order. */
export function forEachRun(
  mask: RunMask,
  visit: (j: number, k: number, start: number, end: number, run: number) => void,
): void {
  let row = 0;
  for (let k = 0; k < mask.slices; k++) {
    for (let j = 0; j < mask.rows; j++, row++) {
      const last = mask.rowStart[row + 1];
      for (let n = mask.rowStart[row]; n < last; n++) visit(j, k, mask.start[n], mask.end[n], n);
    }
  }
}

/** Throws RangeError unless both are on the same grid: mixing grids is a programming error, never something to resample. */
export function requireSameShape(a: MaskShape, b: MaskShape): void {
  if (sameShape(a, b)) return;
  const text = (s: MaskShape) => `${s.columns}x${s.rows}x${s.slices}`;
  throw new RangeError(`masks on different grids: ${text(a)} and ${text(b)}`);
}
