// The volume on an even grid along the patient's axes, for work that needs the same millimetres in every direction.
import type { Vec3, VoxelGrid } from "#core/space";
import { isRegular, patientFromVoxel, subtract, voxelFromPatient } from "#core/space";
import type { CtVolume } from "#core/volume";

/** A grid with equal spacing along patient x, y, z (LPS) whose voxel centres cover `minMm` to `maxMm`. */
export function evenGrid(minMm: Vec3, maxMm: Vec3, stepMm: number): VoxelGrid {
  const count = (axis: 0 | 1 | 2) => Math.max(2, Math.round((maxMm[axis] - minMm[axis]) / stepMm) + 1);
  return {
    columns: count(0),
    rows: count(1),
    slices: count(2),
    columnSpacingMm: stepMm,
    rowSpacingMm: stepMm,
    rowDirection: [1, 0, 0],
    columnDirection: [0, 1, 0],
    slicePositions: Array.from({ length: count(2) }, (_, k): Vec3 => [
      minMm[0],
      minMm[1],
      minMm[2] + k * stepMm,
    ]),
  };
}

/** The smallest box in patient mm around all voxel centres of a grid. */
export function patientBounds(grid: VoxelGrid): { readonly minMm: Vec3; readonly maxMm: Vec3 } {
  const corners = [0, grid.slices - 1].flatMap((k) =>
    [0, grid.rows - 1].flatMap((j) => [0, grid.columns - 1].map((i) => patientFromVoxel(grid, i, j, k))),
  );
  const along = (pick: (...values: number[]) => number): Vec3 => [
    pick(...corners.map((p) => p[0])),
    pick(...corners.map((p) => p[1])),
    pick(...corners.map((p) => p[2])),
  ];
  return { minMm: along(Math.min), maxMm: along(Math.max) };
}

/** HU at a fractional voxel place, trilinear; `outsideHu` where a place is more than half a voxel outside. */
export function sampleHu(volume: CtVolume, i: number, j: number, k: number, outsideHu = -1024): number {
  const { columns, rows, slices } = volume.grid;
  if (i < -0.5 || j < -0.5 || k < -0.5 || i > columns - 0.5 || j > rows - 0.5 || k > slices - 0.5)
    return outsideHu;
  const x = i < 0 ? 0 : i > columns - 1 ? columns - 1 : i;
  const y = j < 0 ? 0 : j > rows - 1 ? rows - 1 : j;
  const z = k < 0 ? 0 : k > slices - 1 ? slices - 1 : k;
  const i0 = x | 0;
  const j0 = y | 0;
  const k0 = z | 0;
  const f = x - i0;
  const g = y - j0;
  const h = z - k0;
  const di = i0 < columns - 1 ? 1 : 0;
  const dj = j0 < rows - 1 ? columns : 0;
  const dk = k0 < slices - 1 ? columns * rows : 0;
  const { hu } = volume;
  const at = (k0 * rows + j0) * columns + i0;
  const a = hu[at] + f * (hu[at + di] - hu[at]);
  const b = hu[at + dj] + f * (hu[at + dj + di] - hu[at + dj]);
  const c = hu[at + dk] + f * (hu[at + dk + di] - hu[at + dk]);
  const d = hu[at + dk + dj] + f * (hu[at + dk + dj + di] - hu[at + dk + dj]);
  const low = a + g * (b - a);
  const high = c + g * (d - c);
  return low + h * (high - low);
}

/** The volume on another grid, trilinear; tilted and uneven stacks keep their own slice positions. */
export function resampleVolume(volume: CtVolume, grid: VoxelGrid, outsideHu = -1024): CtVolume {
  const hu = new Int16Array(grid.columns * grid.rows * grid.slices);
  const source = volume.grid;
  const even = isRegular(source);
  const origin = voxelFromPatient(source, patientFromVoxel(grid, 0, 0, 0));
  const stepI = subtract(voxelFromPatient(source, patientFromVoxel(grid, 1, 0, 0)), origin);
  const stepJ = subtract(voxelFromPatient(source, patientFromVoxel(grid, 0, 1, 0)), origin);
  let at = 0;
  for (let k = 0; k < grid.slices; k++) {
    const base = voxelFromPatient(source, patientFromVoxel(grid, 0, 0, k));
    for (let j = 0; j < grid.rows; j++) {
      if (even) {
        let x = base[0] + j * stepJ[0];
        let y = base[1] + j * stepJ[1];
        let z = base[2] + j * stepJ[2];
        for (let i = 0; i < grid.columns; i++) {
          hu[at++] = sampleHu(volume, x, y, z, outsideHu);
          x += stepI[0];
          y += stepI[1];
          z += stepI[2];
        }
      } else {
        for (let i = 0; i < grid.columns; i++) {
          const [x, y, z] = voxelFromPatient(source, patientFromVoxel(grid, i, j, k));
          hu[at++] = sampleHu(volume, x, y, z, outsideHu);
        }
      }
    }
  }
  return { grid, hu, storableHu: volume.storableHu, clippedAtHu: volume.clippedAtHu };
}

/** Trilinear value of a field on an even grid along the patient's axes; the nearest inside value beyond its edge. */
export function sampleField(field: Float32Array, grid: VoxelGrid, p: Vec3): number {
  const origin = grid.slicePositions[0];
  const place = (axis: 0 | 1 | 2, count: number) =>
    Math.min(Math.max((p[axis] - origin[axis]) / grid.columnSpacingMm, 0), count - 1.001);
  const x = place(0, grid.columns);
  const y = place(1, grid.rows);
  const z = place(2, grid.slices);
  const i = x | 0;
  const j = y | 0;
  const k = z | 0;
  const [f, g, h] = [x - i, y - j, z - k];
  const row = grid.columns;
  const slice = grid.columns * grid.rows;
  const at = k * slice + j * row + i;
  const along = (n: number) => field[n] * (1 - f) + field[n + 1] * f;
  const low = along(at) * (1 - g) + along(at + row) * g;
  const high = along(at + slice) * (1 - g) + along(at + slice + row) * g;
  return low * (1 - h) + high * h;
}
