// The region of interest of a teaching case as the offline page takes it: HU and labels of the cropped slices, packed.
import { add, scale, subtract, type Vec3 } from "#core/space";
import { type CtVolume, voxelIndex } from "#core/volume";
import type { RunMask } from "#voxels/mask";
import type { PlayStack } from "./play-data.ts";
import { base64Of, voxelPicture } from "./voxel-picture.ts";

/** Voxels that stay; counts from the first. Slices are consecutive. */
export interface Region {
  readonly firstColumn: number;
  readonly columns: number;
  readonly firstRow: number;
  readonly rows: number;
  readonly firstSlice: number;
  readonly slices: number;
}

/** A mask under its label (1 to 255); later ones lie on top. */
export interface LabelledMask {
  readonly label: number;
  readonly mask: RunMask;
}

export interface PackedStack {
  readonly stack: PlayStack;
  readonly hu: string;
  readonly labels: string;
}

const LOWEST_HU = -1024;
/** 16 bits unsigned from there: what a scanner clips lies far below. */
const HIGHEST = 65535;

/** `stepHu` 1 keeps every HU (from -1024 up); a larger step packs smaller, and windows still work on what is left. */
export function packStack(
  volume: CtVolume,
  region: Region,
  masks: readonly LabelledMask[],
  stepHu: number,
): PackedStack {
  const { grid, hu } = volume;
  const { firstColumn, firstRow, firstSlice, columns, rows, slices } = region;
  const stored = new Uint16Array(columns * rows * slices);
  const labels = new Uint8Array(stored.length);
  let at = 0;
  for (let k = 0; k < slices; k++)
    for (let j = 0; j < rows; j++) {
      const start = voxelIndex(grid, firstColumn, firstRow + j, firstSlice + k);
      for (let i = 0; i < columns; i++)
        stored[at++] = Math.max(0, Math.min(HIGHEST, Math.round((hu[start + i] - LOWEST_HU) / stepHu)));
    }
  for (const { label, mask } of masks)
    for (let k = 0; k < slices; k++)
      for (let j = 0; j < rows; j++) {
        const row = (firstSlice + k) * mask.rows + firstRow + j;
        const start = (k * rows + j) * columns;
        for (let n = mask.rowStart[row]; n < mask.rowStart[row + 1]; n++) {
          const from = Math.max(0, mask.start[n] - firstColumn);
          const to = Math.min(columns, mask.end[n] - firstColumn);
          if (to > from) labels.fill(label, start + from, start + to);
        }
      }
  const corner = (k: number): Vec3 =>
    add(
      grid.slicePositions[firstSlice + k],
      add(
        scale(grid.rowDirection, firstColumn * grid.columnSpacingMm),
        scale(grid.columnDirection, firstRow * grid.rowSpacingMm),
      ),
    );
  return {
    stack: {
      columns,
      rows,
      slices,
      columnMm: grid.columnSpacingMm,
      rowMm: grid.rowSpacingMm,
      rowDirection: grid.rowDirection,
      columnDirection: grid.columnDirection,
      positions: Array.from({ length: slices }, (_, k) => subtract(corner(k), corner(0))),
      lowestHu: LOWEST_HU,
      stepHu,
    },
    hu: base64Of(voxelPicture(stored, columns, rows * slices)),
    labels: base64Of(voxelPicture(labels, columns, rows * slices)),
  };
}
