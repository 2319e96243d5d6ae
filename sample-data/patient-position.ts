// The same voxels as another scanner frame writes them: prone and feet-first scans flip rows, columns and slices, never the patient.
//
// LPS is fixed to the patient, so a phantom lying prone has the same voxels in the same patient places; only the order in which a
// scanner writes them, Image Orientation and Patient Position differ. (Nothing sags and the table stays at the back: that is the
// price of voxels that are identical between positions.)
import type { RunMask } from "#voxels/mask";
import { RunBuilder } from "#voxels/mask";
import { patientFromVoxel } from "#core/space";
import type { Vec3, VoxelGrid } from "#core/space";
import type { PatientPosition } from "./phantom-options.ts";

interface Flips {
  readonly i: boolean;
  readonly j: boolean;
  readonly k: boolean;
}

/** Against head first, supine. Feet first reverses the normal, so k ascends towards the feet. */
const FLIPS: Readonly<Record<PatientPosition, Flips>> = {
  HFS: { i: false, j: false, k: false },
  HFP: { i: true, j: true, k: false },
  FFS: { i: true, j: false, k: true },
  FFP: { i: false, j: true, k: true },
};

/** The grid of a head-first supine scan as the given position writes it. */
export function gridInPosition(grid: VoxelGrid, position: PatientPosition): VoxelGrid {
  const { i, j, k } = FLIPS[position];
  const turned = (direction: Vec3, flip: boolean): Vec3 =>
    flip ? [0 - direction[0], 0 - direction[1], 0 - direction[2]] : direction;
  const slices = Array.from({ length: grid.slices }, (_, n) => (k ? grid.slices - 1 - n : n));
  return {
    ...grid,
    rowDirection: turned(grid.rowDirection, i),
    columnDirection: turned(grid.columnDirection, j),
    slicePositions: slices.map((slice) =>
      patientFromVoxel(grid, i ? grid.columns - 1 : 0, j ? grid.rows - 1 : 0, slice),
    ),
  };
}

/** Voxels `[k][j][i]` in the order of the given position. */
export function voxelsInPosition(hu: Int16Array, grid: VoxelGrid, position: PatientPosition): Int16Array {
  const { i, j, k } = FLIPS[position];
  if (!i && !j && !k) return hu;
  const { columns, rows, slices } = grid;
  const out = new Int16Array(hu.length);
  for (let slice = 0; slice < slices; slice++)
    for (let row = 0; row < rows; row++) {
      const from = ((k ? slices - 1 - slice : slice) * rows + (j ? rows - 1 - row : row)) * columns;
      const line = out.subarray((slice * rows + row) * columns, (slice * rows + row + 1) * columns);
      line.set(hu.subarray(from, from + columns));
      if (i) line.reverse();
    }
  return out;
}

/** A mask in the order of the given position. */
export function maskInPosition(mask: RunMask, position: PatientPosition): RunMask {
  const { i, j, k } = FLIPS[position];
  if (!i && !j && !k) return mask;
  const { columns, rows, slices } = mask;
  const builder = new RunBuilder(mask);
  for (let slice = 0; slice < slices; slice++)
    for (let row = 0; row < rows; row++) {
      const from = (k ? slices - 1 - slice : slice) * rows + (j ? rows - 1 - row : row);
      const [first, end] = [mask.rowStart[from], mask.rowStart[from + 1]];
      for (let n = first; n < end; n++) {
        const run = i ? end - 1 - (n - first) : n;
        const [a, b] = [mask.start[run], mask.end[run]];
        builder.add(slice * rows + row, i ? columns - b : a, i ? columns - a : b);
      }
    }
  return builder.finish();
}
