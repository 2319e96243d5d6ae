// Small volumes painted from signed distances (negative inside), with a soft edge: enough anatomy for one claim at a time.
import type { Vec3, VoxelGrid } from "#core/space";
import { patientFromVoxel } from "#core/space";
import type { CtVolume } from "#core/volume";
import type { RunMask } from "#voxels/mask";
import { RunBuilder } from "#voxels/mask";

export type Solid = (p: Vec3) => number;

export const regularGrid = (
  [columns, rows, slices]: Vec3,
  [sx, sy, sz]: Vec3,
  origin: Vec3 = [(-(columns - 1) * sx) / 2, (-(rows - 1) * sy) / 2, (-(slices - 1) * sz) / 2],
): VoxelGrid => ({
  columns,
  rows,
  slices,
  columnSpacingMm: sx,
  rowSpacingMm: sy,
  rowDirection: [1, 0, 0],
  columnDirection: [0, 1, 0],
  slicePositions: Array.from({ length: slices }, (_, k): Vec3 => [origin[0], origin[1], origin[2] + k * sz]),
});

export const ball =
  (centre: Vec3, radius: number): Solid =>
  (p) =>
    Math.hypot(p[0] - centre[0], p[1] - centre[1], p[2] - centre[2]) - radius;

export const rod =
  (a: Vec3, b: Vec3, radius: number): Solid =>
  (p) => {
    const d = [b[0] - a[0], b[1] - a[1], b[2] - a[2]];
    const q = [p[0] - a[0], p[1] - a[1], p[2] - a[2]];
    const l = d[0] * d[0] + d[1] * d[1] + d[2] * d[2];
    const t = Math.max(0, Math.min(1, (q[0] * d[0] + q[1] * d[1] + q[2] * d[2]) / l));
    return Math.hypot(q[0] - t * d[0], q[1] - t * d[1], q[2] - t * d[2]) - radius;
  };

export const either =
  (...solids: Solid[]): Solid =>
  (p) =>
    Math.min(...solids.map((solid) => solid(p)));

/** HU of layers painted in order, each with an edge `softMm` wide, plus repeatable noise of standard deviation `noiseHu`. */
export function paintVolume(
  grid: VoxelGrid,
  backgroundHu: number,
  layers: readonly { solid: Solid; hu: number }[],
  { softMm = 0.8, noiseHu = 0, seed = 1 } = {},
): CtVolume {
  const hu = new Int16Array(grid.columns * grid.rows * grid.slices);
  let state = seed >>> 0 || 1;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
  let at = 0;
  for (let k = 0; k < grid.slices; k++)
    for (let j = 0; j < grid.rows; j++)
      for (let i = 0; i < grid.columns; i++) {
        const p = patientFromVoxel(grid, i, j, k);
        let value = backgroundHu;
        for (const { solid, hu: inside } of layers) {
          const share = Math.max(0, Math.min(1, 0.5 - solid(p) / (2 * softMm)));
          value += share * (inside - value);
        }
        const noise = noiseHu > 0 ? noiseHu * (random() + random() + random() - 1.5) * 2 : 0;
        hu[at++] = Math.round(Math.min(3071, value + noise));
      }
  return { grid, hu, storableHu: [-1024, 3071], clippedAtHu: null };
}

export function solidMask(grid: VoxelGrid, solid: Solid): RunMask {
  const builder = new RunBuilder(grid);
  for (let k = 0; k < grid.slices; k++)
    for (let j = 0; j < grid.rows; j++)
      for (let i = 0; i < grid.columns; i++)
        if (solid(patientFromVoxel(grid, i, j, k)) <= 0) builder.add(k * grid.rows + j, i, i + 1);
  return builder.finish();
}
