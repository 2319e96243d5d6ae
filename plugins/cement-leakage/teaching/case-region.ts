// The region of interest of a teaching case: nothing outside it is in any picture, page or file that is made of it.
import { patientFromVoxel, type VoxelGrid } from "#core/space";
import { type CtVolume, voxelIndex } from "#core/volume";
import type { RunMask } from "#voxels/mask";

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

/** The volume of the region alone, on its own grid; the patient's millimetres stay. */
export function croppedVolume(volume: CtVolume, region: Region): CtVolume {
  const { grid } = volume;
  const { firstColumn, firstRow, firstSlice, columns, rows, slices } = region;
  const cropped: VoxelGrid = {
    ...grid,
    columns,
    rows,
    slices,
    slicePositions: Array.from({ length: slices }, (_, k) =>
      patientFromVoxel(
        { ...grid, slicePositions: [grid.slicePositions[firstSlice + k]], slices: 1 },
        firstColumn,
        firstRow,
        0,
      ),
    ),
  };
  const hu = new Int16Array(columns * rows * slices);
  let at = 0;
  for (let k = 0; k < slices; k++)
    for (let j = 0; j < rows; j++) {
      const start = voxelIndex(grid, firstColumn, firstRow + j, firstSlice + k);
      hu.set(volume.hu.subarray(start, start + columns), at);
      at += columns;
    }
  return { ...volume, grid: cropped, hu };
}

/** One byte a voxel of the region, `[k][j][i]`: its label, 0 where there is none. */
export function labelsOf(region: Region, masks: readonly LabelledMask[]): Uint8Array {
  const { firstColumn, firstRow, firstSlice, columns, rows, slices } = region;
  const labels = new Uint8Array(columns * rows * slices);
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
  return labels;
}
