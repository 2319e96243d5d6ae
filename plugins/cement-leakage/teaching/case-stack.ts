// The region of interest of a teaching case as the offline page takes it: HU and labels of the cropped slices, packed.
import { subtract } from "#core/space";
import type { CtVolume } from "#core/volume";
import type { PlayStack } from "./play-data.ts";
import { base64Of, voxelPicture } from "./voxel-picture.ts";

export interface PackedStack {
  readonly stack: PlayStack;
  readonly hu: string;
  readonly labels: string;
}

const LOWEST_HU = -1024;
/** 16 bits unsigned from there: what a scanner clips lies far below. */
const HIGHEST = 65535;

/**
 * `volume` and `labels` of the region alone. `stepHu` 1 keeps every HU (from -1024 up); a larger step packs smaller, and windows still
 * work on what is left.
 */
export function packStack({ grid, hu }: CtVolume, labels: Uint8Array, stepHu: number): PackedStack {
  const { columns, rows, slices } = grid;
  const stored = new Uint16Array(hu.length);
  for (let at = 0; at < hu.length; at++)
    stored[at] = Math.max(0, Math.min(HIGHEST, Math.round((hu[at] - LOWEST_HU) / stepHu)));
  return {
    stack: {
      columns,
      rows,
      slices,
      columnMm: grid.columnSpacingMm,
      rowMm: grid.rowSpacingMm,
      rowDirection: grid.rowDirection,
      columnDirection: grid.columnDirection,
      positions: grid.slicePositions.map((position) => subtract(position, grid.slicePositions[0])),
      lowestHu: LOWEST_HU,
      stepHu,
    },
    hu: base64Of(voxelPicture(stored, columns, rows * slices)),
    labels: base64Of(voxelPicture(labels, columns, rows * slices)),
  };
}
