// Masks of the voxels in a HU range, and the table that lets a slider skip what cannot reach it.
import { intersectBoxes, isEmptyBox, wholeBox } from "./box.ts";
import { blockMaximaByKernel, thresholdByKernel } from "./kernels/labelling-kernels.ts";
import type { MaskShape, RunMask, VoxelBox } from "./mask.ts";
import { emptyMask, RunBuilder, sameShape } from "./mask.ts";

/** Voxels per block of a `BlockMaximum`. */
const blockLength = 64;

/** Highest HU of every 64 voxels of a row. Survives structured clone; 1/64 of the volume's memory. */
export interface BlockMaximum extends MaskShape {
  readonly blocksPerRow: number;
  /** `[row][block]`, row = k * rows + j; block b covers columns 64 b .. 64 b + 63. */
  readonly maximumHu: Int16Array;
  /** Highest HU of each row: one entry tells that all blocks of the row can be skipped. */
  readonly rowMaximumHu: Int16Array;
}

/** An unfilled table (every block at the lowest HU), for volumes that arrive slice by slice: see `fillBlockMaximum`. */
export function emptyBlockMaximum(shape: MaskShape): BlockMaximum {
  const blocksPerRow = Math.ceil(shape.columns / blockLength);
  return {
    columns: shape.columns,
    rows: shape.rows,
    slices: shape.slices,
    blocksPerRow,
    maximumHu: new Int16Array(blocksPerRow * shape.rows * shape.slices).fill(-32768),
    rowMaximumHu: new Int16Array(shape.rows * shape.slices).fill(-32768),
  };
}

/** Fills slices k0 .. k1 - 1 of `table` from `hu` (`[k][j][i]`). The one function here that writes to its argument. */
export function fillBlockMaximum(table: BlockMaximum, hu: Int16Array, k0: number, k1: number): void {
  const { rows, columns, maximumHu } = table;
  if (!blockMaximaByKernel(hu, columns, k0 * rows, k1 * rows, maximumHu))
    fillBlockMaximumTwin(table, hu, k0, k1);
  else fillRowMaximum(table, k0 * rows, k1 * rows);
}

/** Sums up the blocks of rows fromRow .. toRow - 1. */
function fillRowMaximum(table: BlockMaximum, fromRow: number, toRow: number): void {
  const { blocksPerRow, maximumHu, rowMaximumHu } = table;
  for (let row = fromRow, block = fromRow * blocksPerRow; row < toRow; row++) {
    let highest = -32768;
    for (const last = block + blocksPerRow; block < last; block++)
      if (maximumHu[block] > highest) highest = maximumHu[block];
    rowMaximumHu[row] = highest;
  }
}

/** The same in plain TypeScript. */
export function fillBlockMaximumTwin(table: BlockMaximum, hu: Int16Array, k0: number, k1: number): void {
  const { columns, blocksPerRow, maximumHu } = table;
  let block = k0 * table.rows * blocksPerRow;
  const lastRow = k1 * table.rows;
  for (let row = k0 * table.rows; row < lastRow; row++) {
    const rowEnd = (row + 1) * columns;
    for (let at = row * columns; at < rowEnd;) {
      const stop = Math.min(at + blockLength, rowEnd);
      // m -= (m - v) & sign(m - v) is a maximum without a branch; four of them keep the processor busy (twice as fast).
      let a = -32768;
      let b = -32768;
      let c = -32768;
      let d = -32768;
      for (; at + 4 <= stop; at += 4) {
        let less = a - hu[at];
        a -= less & (less >> 31);
        less = b - hu[at + 1];
        b -= less & (less >> 31);
        less = c - hu[at + 2];
        c -= less & (less >> 31);
        less = d - hu[at + 3];
        d -= less & (less >> 31);
      }
      for (; at < stop; at++) if (hu[at] > a) a = hu[at];
      const highest = Math.max(a, b, c, d);
      maximumHu[block++] = highest;
    }
  }
  fillRowMaximum(table, k0 * table.rows, lastRow);
}

/** The table of a whole volume (`hu` is `[k][j][i]`); built once, when the volume is loaded. */
export function blockMaximum(hu: Int16Array, shape: MaskShape): BlockMaximum {
  const table = emptyBlockMaximum(shape);
  fillBlockMaximum(table, hu, 0, shape.slices);
  return table;
}

/** The blocks of one slice, `[row][block]`: its part of the table of the volume that it belongs to. */
export const sliceMaximum = (hu: Int16Array, columns: number, rows: number): Int16Array =>
  blockMaximum(hu, { columns, rows, slices: 1 }).maximumHu;

const tables = new WeakMap<Int16Array, BlockMaximum>();

/**
 * Keeps the table of a volume from those of its slices (`sliceMaximum`), which were made as they were decoded: no voxel is looked at
 * again. `hu` must not be written to after.
 */
export function keepSliceMaxima(hu: Int16Array, shape: MaskShape, ofSlices: readonly Int16Array[]): void {
  const table = emptyBlockMaximum(shape);
  ofSlices.forEach((blocks, k) => table.maximumHu.set(blocks, k * shape.rows * table.blocksPerRow));
  fillRowMaximum(table, 0, shape.rows * shape.slices);
  tables.set(hu, table);
}

/**
 * The table of a loaded volume, built at the first call unless it came with the slices, and kept as long as the volume: `hu` must not
 * be written to after. The worker calls it when a series has loaded, so that the first move of the threshold slider finds it ready.
 */
export function keptBlockMaximum(hu: Int16Array, shape: MaskShape): BlockMaximum {
  const kept = tables.get(hu);
  if (kept && sameShape(kept, shape)) return kept;
  const table = blockMaximum(hu, shape);
  tables.set(hu, table);
  return table;
}

/** Adds the runs of lowHu <= hu <= highHu among columns from .. to - 1 of one row, whose first voxel is at `offset`. */
function scanRow(
  hu: Int16Array,
  offset: number,
  from: number,
  to: number,
  lowHu: number,
  highHu: number,
  row: number,
  builder: RunBuilder,
): void {
  const below = lowHu - 1;
  const last = offset + to;
  let at = offset + from;
  while (at < last) {
    // `below - v` is negative exactly where v >= lowHu, so one sign test of an OR clears eight voxels.
    while (
      at + 8 <= last &&
      ((below - hu[at]) |
        (below - hu[at + 1]) |
        (below - hu[at + 2]) |
        (below - hu[at + 3]) |
        (below - hu[at + 4]) |
        (below - hu[at + 5]) |
        (below - hu[at + 6]) |
        (below - hu[at + 7])) >=
        0
    ) {
      at += 8;
    }
    const stop = Math.min(at + 8, last);
    while (at < stop) {
      const v = hu[at];
      if (v < lowHu || v > highHu) {
        at++;
        continue;
      }
      const first = at++;
      while (at < last && hu[at] >= lowHu && hu[at] <= highHu) at++;
      builder.add(row, first - offset, at - offset);
    }
  }
}

/** Whole HU limits of a closed range, kept inside what the comparison above can hold. */
function wholeLimits(lowHu: number, highHu: number): readonly [number, number] {
  return [
    Math.max(-32768, Math.min(32768, Math.ceil(lowHu))),
    Math.max(-32769, Math.min(32767, Math.floor(highHu))),
  ];
}

function requireVolume(hu: Int16Array, shape: MaskShape): void {
  const voxels = shape.columns * shape.rows * shape.slices;
  if (hu.length !== voxels) throw new RangeError(`${hu.length} HU values for a grid of ${voxels} voxels`);
  if (shape.columns > 65535) throw new RangeError(`runs hold at most 65535 columns, not ${shape.columns}`);
}

/**
 * Voxels with lowHu <= HU <= highHu (both ends included; no upper limit when left out). In WebAssembly where the engine has
 * SIMD, else by the twin; both give the same mask.
 * `hu` is `[k][j][i]`; `box`, when given, limits the search. Throws RangeError when `hu` does not fit the shape.
 */
export function thresholdMask(
  hu: Int16Array,
  shape: MaskShape,
  lowHu: number,
  highHu = Infinity,
  box: VoxelBox = wholeBox(shape),
): RunMask {
  requireVolume(hu, shape);
  const inside = intersectBoxes(box, wholeBox(shape));
  const [low, high] = wholeLimits(lowHu, highHu);
  if (isEmptyBox(inside) || !(low <= high) || low > 32767 || high < -32768) return emptyMask(shape);
  return (
    thresholdByKernel(hu, shape, low, high, inside) ?? thresholdMaskTwin(hu, shape, lowHu, highHu, inside)
  );
}

/** The same in plain TypeScript: what runs without kernels, and what tests compare them with. */
export function thresholdMaskTwin(
  hu: Int16Array,
  shape: MaskShape,
  lowHu: number,
  highHu = Infinity,
  box: VoxelBox = wholeBox(shape),
): RunMask {
  requireVolume(hu, shape);
  const inside = intersectBoxes(box, wholeBox(shape));
  const [low, high] = wholeLimits(lowHu, highHu);
  if (isEmptyBox(inside) || !(low <= high)) return emptyMask(shape);
  const builder = new RunBuilder(shape);
  for (let k = inside.k0; k < inside.k1; k++) {
    for (let j = inside.j0; j < inside.j1; j++) {
      const row = k * shape.rows + j;
      scanRow(hu, row * shape.columns, inside.i0, inside.i1, low, high, row, builder);
    }
  }
  return builder.finish();
}

/** The same mask as `thresholdMask`, reading only blocks whose maximum reaches `lowHu`: what a threshold slider calls. */
export function thresholdWithBlocks(
  hu: Int16Array,
  blocks: BlockMaximum,
  lowHu: number,
  highHu = Infinity,
  box: VoxelBox = wholeBox(blocks),
): RunMask {
  requireVolume(hu, blocks);
  const inside = intersectBoxes(box, wholeBox(blocks));
  const [low, high] = wholeLimits(lowHu, highHu);
  if (isEmptyBox(inside) || !(low <= high) || low > 32767 || high < -32768) return emptyMask(blocks);
  return (
    thresholdByKernel(hu, blocks, low, high, inside, blocks.rowMaximumHu) ??
    thresholdWithBlocksTwin(hu, blocks, lowHu, highHu, inside)
  );
}

/** The same in plain TypeScript. */
export function thresholdWithBlocksTwin(
  hu: Int16Array,
  blocks: BlockMaximum,
  lowHu: number,
  highHu = Infinity,
  box: VoxelBox = wholeBox(blocks),
): RunMask {
  requireVolume(hu, blocks);
  const { columns, rows, blocksPerRow, maximumHu, rowMaximumHu } = blocks;
  const inside = intersectBoxes(box, wholeBox(blocks));
  const [low, high] = wholeLimits(lowHu, highHu);
  if (isEmptyBox(inside) || !(low <= high)) return emptyMask(blocks);
  const builder = new RunBuilder(blocks);
  const firstBlock = Math.floor(inside.i0 / blockLength);
  const lastBlock = Math.ceil(inside.i1 / blockLength);
  for (let k = inside.k0; k < inside.k1; k++) {
    for (let j = inside.j0; j < inside.j1; j++) {
      const row = k * rows + j;
      if (rowMaximumHu[row] < low) continue;
      const base = row * blocksPerRow;
      let b = firstBlock;
      while (b < lastBlock) {
        if (maximumHu[base + b] < low) {
          b++;
          continue;
        }
        const from = Math.max(inside.i0, b * blockLength);
        while (b < lastBlock && maximumHu[base + b] >= low) b++;
        scanRow(hu, row * columns, from, Math.min(inside.i1, b * blockLength), low, high, row, builder);
      }
    }
  }
  return builder.finish();
}
