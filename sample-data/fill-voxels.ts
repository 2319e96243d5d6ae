// Solids into voxels as a scanner would: the share of each voxel that is filled, blurred in the slice, mixed into HU.
import type { Vec3, VoxelGrid } from "#core/space";
import {
  add,
  patientFromVoxel,
  scale,
  sliceNormal,
  sliceSpacingMm,
  subtract,
  voxelFromPatient,
  voxelVolumeMm3,
} from "#core/space";
import type { RunMask } from "#voxels/mask";
import { RunBuilder } from "#voxels/mask";
import type { Random } from "./seeded-noise.ts";
import type { Solid } from "./shapes.ts";

/** How much of each voxel of a box a solid fills. */
export interface Filling {
  readonly box: { i0: number; j0: number; k0: number; nx: number; ny: number; nz: number };
  readonly share: Float32Array;
  readonly volumeMm3: number;
}

const SMALLEST_CELL_MM = 0.35;
/** How fast a distance may grow per mm (roughened shapes are not exact). */
const STEEPEST = 1.4;

/** Share of a cell that a solid fills: cells that the surface may cross are halved until they are a third of a millimetre. */
function shareOf(solid: Solid, p: Vec3, half: Vec3, direction: readonly Vec3[]): number {
  const d = solid.distance(p[0], p[1], p[2]);
  const reach = STEEPEST * Math.hypot(half[0], half[1], half[2]);
  if (d > reach) return 0;
  if (d < -reach) return 1;
  const axis = half[0] >= half[1] && half[0] >= half[2] ? 0 : half[1] >= half[2] ? 1 : 2;
  if (2 * half[axis] <= SMALLEST_CELL_MM) return Math.max(0, Math.min(1, 0.5 - d / (2 * half[axis])));
  const quarter: Vec3 = [
    axis === 0 ? half[0] / 2 : half[0],
    axis === 1 ? half[1] / 2 : half[1],
    axis === 2 ? half[2] / 2 : half[2],
  ];
  const step = scale(direction[axis], half[axis] / 2);
  return (
    (shareOf(solid, add(p, step), quarter, direction) +
      shareOf(solid, subtract(p, step), quarter, direction)) /
    2
  );
}

/** Share of each voxel that a solid fills; slices as thick as their spacing. */
export function fill(solid: Solid, grid: VoxelGrid): Filling {
  const corners = [solid.box.min, solid.box.max].flatMap((a) =>
    [solid.box.min, solid.box.max].flatMap((b) =>
      [solid.box.min, solid.box.max].map((c) => voxelFromPatient(grid, [a[0], b[1], c[2]])),
    ),
  );
  const range = (axis: 0 | 1 | 2, count: number, margin: number): [number, number] => {
    const values = corners.map((c) => c[axis]);
    const from = Math.max(0, Math.floor(Math.min(...values)) - margin);
    return [from, Math.max(from, Math.min(count - 1, Math.ceil(Math.max(...values)) + margin)) - from + 1];
  };
  const [i0, nx] = range(0, grid.columns, 3);
  const [j0, ny] = range(1, grid.rows, 3);
  const [k0, nz] = range(2, grid.slices, 1);
  const share = new Float32Array(nx * ny * nz);
  const half: Vec3 = [grid.columnSpacingMm / 2, grid.rowSpacingMm / 2, sliceSpacingMm(grid) / 2];
  const direction: readonly Vec3[] = [grid.rowDirection, grid.columnDirection, sliceNormal(grid)];
  let volumeMm3 = 0;
  for (let k = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++) {
        const part = shareOf(solid, patientFromVoxel(grid, i0 + i, j0 + j, k0 + k), half, direction);
        share[(k * ny + j) * nx + i] = part;
        volumeMm3 += part * voxelVolumeMm3(grid, k0 + k);
      }
  return { box: { i0, j0, k0, nx, ny, nz }, share, volumeMm3 };
}

/** Gaussian blur in the slice plane (the scanner's point spread), standard deviation in mm. */
export function blurred({ box, share }: Filling, grid: VoxelGrid, sigmaMm: number): Float32Array {
  const pass = (source: Float32Array, stride: number, count: number, spacingMm: number) => {
    const reach = Math.ceil((3 * sigmaMm) / spacingMm);
    const weights = Array.from({ length: 2 * reach + 1 }, (_, n) =>
      Math.exp(-0.5 * (((n - reach) * spacingMm) / sigmaMm) ** 2),
    );
    const total = weights.reduce((sum, w) => sum + w, 0);
    const out = new Float32Array(source.length);
    for (let n = 0; n < source.length; n++) {
      const at = Math.floor(n / stride) % count;
      let sum = 0;
      for (let d = -reach; d <= reach; d++)
        if (at + d >= 0 && at + d < count) sum += weights[d + reach] * source[n + d * stride];
      out[n] = sum / total;
    }
    return out;
  };
  return pass(pass(share, 1, box.nx, grid.columnSpacingMm), box.nx, box.ny, grid.rowSpacingMm);
}

export const maskAbove = ({ box, share }: Filling, grid: VoxelGrid, least: number): RunMask => {
  const builder = new RunBuilder(grid);
  for (let k = 0; k < box.nz; k++)
    for (let j = 0; j < box.ny; j++)
      for (let i = 0; i < box.nx; i++)
        if (share[(k * box.ny + j) * box.nx + i] >= least)
          builder.add((box.k0 + k) * grid.rows + box.j0 + j, box.i0 + i, box.i0 + i + 1);
  return builder.finish();
};

/** Replaces what the solid fills by `hu`; additive light noise keeps cement from being flat. */
export function paint(
  hu: Int16Array,
  grid: VoxelGrid,
  filling: Filling,
  solidHu: (p: Vec3) => number,
  sigmaMm: number,
  random: Random,
) {
  const soft = blurred(filling, grid, sigmaMm);
  const { box } = filling;
  for (let k = 0; k < box.nz; k++)
    for (let j = 0; j < box.ny; j++)
      for (let i = 0; i < box.nx; i++) {
        const part = soft[(k * box.ny + j) * box.nx + i];
        if (part < 0.004) continue;
        const at = ((box.k0 + k) * grid.rows + box.j0 + j) * grid.columns + box.i0 + i;
        const target =
          solidHu(patientFromVoxel(grid, box.i0 + i, box.j0 + j, box.k0 + k)) + random.between(-30, 30);
        hu[at] = Math.round(Math.min(3071, hu[at] + part * (target - hu[at])));
      }
}
