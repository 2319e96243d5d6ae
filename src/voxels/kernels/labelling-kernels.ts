// Threshold and connected parts in WebAssembly: copies rows of the volume into the kernels' memory, piece by piece.
//
// The volume stays where it is (it may be a SharedArrayBuffer that a page, a worker and a job look at together). A piece fits a
// processor's second cache, so copying it costs little more than the reading that any threshold has to do.
import type { MaskShape, RunMask, VoxelBox } from "../mask.ts";
import { labellingWasm } from "./labelling-wasm.ts";

/** The functions of labelling.as; addresses and counts are whole numbers. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  scanRows(
    voxels: number,
    rowCount: number,
    columns: number,
    from: number,
    to: number,
    low: number,
    high: number,
    starts: number,
    ends: number,
    rowEnds: number,
    runsBefore: number,
  ): number;
  blockMaxima(voxels: number, rowCount: number, columns: number, maxima: number): void;
  joinRuns(
    rowStart: number,
    rows: number,
    slices: number,
    start: number,
    end: number,
    reach: number,
    part: number,
    voxels: number,
  ): number;
  relabel(part: number, runs: number, labelOf: number): void;
}

const pageBytes = 65536;
/** Bytes of the volume copied at once: with what is read from them, they fit a second cache of 256 KB. */
const pieceBytes = 131072;
/** Runs that stay in the kernels' memory until they are copied out together. */
const heldRuns = 16384;
/** Kernels read whole vectors, up to this far beyond the last voxel. */
const overreadBytes = 128;
/** More than this is given back after use: WebAssembly memory grows but never shrinks. */
const keptBytes = 1 << 26;
/** Smallest address used, so that none is 0. */
const firstAddress = 64;

let wasm: WebAssembly.Module | null | undefined;
let loaded: Exports | null = null;

/** The kernels, or null where WebAssembly SIMD is missing or forbidden (Content-Security-Policy without wasm-unsafe-eval). */
function kernels(): Exports | null {
  if (loaded) return loaded;
  try {
    wasm ??= wasm === undefined ? compiled() : null;
    if (!wasm) return null;
    // Our own module: labelling.as says what it exports, and the tests call every function.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    loaded = new WebAssembly.Instance(wasm, {}).exports as unknown as Exports;
  } catch {
    wasm = null;
  }
  return loaded;
}

const compiled = () =>
  new WebAssembly.Module(Uint8Array.from(atob(labellingWasm), (letter) => letter.charCodeAt(0)));

/** Whether this engine runs the kernels. */
export const hasLabellingKernels = (): boolean => kernels() !== null;

/** Addresses of regions of the asked sizes, one after the other; the memory is made large enough. */
function reserve(memory: WebAssembly.Memory, ...sizes: readonly number[]): number[] {
  let next = firstAddress;
  const addresses = sizes.map((bytes) => {
    const address = next;
    next += Math.ceil(bytes / 16) * 16;
    return address;
  });
  const missing = next - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / pageBytes));
  return addresses;
}

function giveBackIfLarge(exports: Exports): void {
  if (exports.memory.buffer.byteLength > keptBytes) loaded = null;
}

/** Rows of the box as stretches of rows that lie one after the other: one where the box has all rows, else one a slice. */
function stretchesOf({ rows }: MaskShape, box: VoxelBox): (readonly [first: number, last: number])[] {
  if (box.j0 === 0 && box.j1 === rows) return [[box.k0 * rows, box.k1 * rows]];
  return Array.from({ length: box.k1 - box.k0 }, (_, n) => {
    const slice = (box.k0 + n) * rows;
    return [slice + box.j0, slice + box.j1];
  });
}

/**
 * The mask of lowHu <= HU <= highHu inside a box that lies in the grid and is not empty; null without kernels.
 * Limits are whole and within -32768 .. 32767. `rowMaximumHu`, when given, is the
 * highest HU of each row: rows below lowHu are not read.
 */
export function thresholdByKernel(
  hu: Int16Array,
  shape: MaskShape,
  lowHu: number,
  highHu: number,
  box: VoxelBox,
  rowMaximumHu?: Int16Array,
): RunMask | null {
  const exports = kernels();
  if (!exports) return null;
  const { columns, rows, slices } = shape;
  // With a table small pieces are worth it: fewer rows are copied.
  const most = Math.max(1, Math.floor((rowMaximumHu ? pieceBytes / 16 : pieceBytes) / (2 * columns)));
  const runsInRow = (columns + 1) >> 1;
  const [voxels, starts, ends, rowEnds] = reserve(
    exports.memory,
    most * columns * 2 + overreadBytes,
    (heldRuns + most * runsInRow) * 2,
    (heldRuns + most * runsInRow) * 2,
    most * 4,
  );
  const { scanRows, memory } = exports;
  const { buffer } = memory;
  const piece = new Int16Array(buffer, voxels, most * columns);
  const foundStart = new Uint16Array(buffer, starts, heldRuns + most * runsInRow);
  const foundEnd = new Uint16Array(buffer, ends, heldRuns + most * runsInRow);
  const foundRowEnd = new Uint32Array(buffer, rowEnds, most);
  const rowStart = new Uint32Array(rows * slices + 1);
  let start = new Uint16Array(0);
  let end = new Uint16Array(0);
  let count = 0;
  let held = 0;
  const takeHeld = () => {
    if (count + held > start.length) {
      start = grown(start, count + held);
      end = grown(end, count + held);
    }
    start.set(foundStart.subarray(0, held), count);
    end.set(foundEnd.subarray(0, held), count);
    count += held;
    held = 0;
  };
  let settled = 0;
  const { i0, i1 } = box;
  for (const [first, last] of stretchesOf(shape, box)) {
    for (let row = first, stop = first; row < last; row = stop) {
      stop = Math.min(last, row + most);
      if (rowMaximumHu) {
        while (row < last && rowMaximumHu[row] < lowHu) row++;
        if (row === last) break;
        const full = Math.min(last, row + most);
        for (stop = row + 1; stop < full && rowMaximumHu[stop] >= lowHu;) stop++;
      }
      piece.set(hu.subarray(row * columns, stop * columns));
      const before = count + held;
      const at = 2 * held;
      const found = scanRows(
        voxels,
        stop - row,
        columns,
        i0,
        i1,
        lowHu,
        highHu,
        starts + at,
        ends + at,
        rowEnds,
        before,
      );
      if (found === 0) continue;
      // Loops, because most stretches of rows are shorter than what a call of fill or set costs.
      while (settled < row) rowStart[++settled] = before;
      for (let n = 0; settled < stop; n++) rowStart[++settled] = foundRowEnd[n];
      held += found;
      if (held >= heldRuns) takeHeld();
    }
  }
  takeHeld();
  rowStart.fill(count, settled + 1);
  giveBackIfLarge(exports);
  return { columns, rows, slices, rowStart, start: start.slice(0, count), end: end.slice(0, count) };
}

function grown(old: Uint16Array<ArrayBuffer>, least: number): Uint16Array<ArrayBuffer> {
  const bigger = new Uint16Array(Math.max(least, old.length * 2));
  bigger.set(old);
  return bigger;
}

/** Highest HU of every 64 voxels of rows from .. to - 1 (`[row][block]`), written to `maxima`; false without kernels. */
export function blockMaximaByKernel(
  hu: Int16Array,
  columns: number,
  fromRow: number,
  toRow: number,
  maxima: Int16Array,
): boolean {
  const exports = kernels();
  if (!exports) return false;
  const blocks = Math.ceil(columns / 64);
  const most = Math.max(1, Math.floor(pieceBytes / (2 * columns)));
  const [voxels, found] = reserve(exports.memory, most * columns * 2 + overreadBytes, most * blocks * 2);
  const piece = new Int16Array(exports.memory.buffer, voxels, most * columns);
  const ofPiece = new Int16Array(exports.memory.buffer, found, most * blocks);
  for (let row = fromRow; row < toRow; row += most) {
    const stop = Math.min(toRow, row + most);
    piece.set(hu.subarray(row * columns, stop * columns));
    exports.blockMaxima(voxels, stop - row, columns, found);
    maxima.set(ofPiece.subarray(0, (stop - row) * blocks), row * blocks);
  }
  return true;
}

/**
 * Connected parts of a mask's runs (26- or 6-connected): `rank` gets the voxels of each part, in the order of their first runs,
 * and returns their labels; the result is the label of each run. Null without kernels.
 */
export function labelRunsByKernel(
  mask: RunMask,
  connectivity: 6 | 26,
  rank: (sizes: Uint32Array) => Uint32Array,
): Uint32Array | null {
  const exports = kernels();
  if (!exports) return null;
  const runs = mask.start.length;
  const [rowStart, start, end, part, voxels] = reserve(
    exports.memory,
    ...[mask.rowStart.byteLength, runs * 2, runs * 2, runs * 4, runs * 4],
  );
  const { buffer } = exports.memory;
  new Uint32Array(buffer, rowStart, mask.rowStart.length).set(mask.rowStart);
  new Uint16Array(buffer, start, runs).set(mask.start);
  new Uint16Array(buffer, end, runs).set(mask.end);
  const reach = connectivity === 26 ? 1 : 0;
  const count = exports.joinRuns(rowStart, mask.rows, mask.slices, start, end, reach, part, voxels);
  const ofPart = new Uint32Array(buffer, voxels, count);
  ofPart.set(rank(ofPart.slice()));
  exports.relabel(part, runs, voxels);
  const labels = new Uint32Array(buffer, part, runs).slice();
  giveBackIfLarge(exports);
  return labels;
}
