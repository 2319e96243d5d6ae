// The part of the patient that the engine works in: an even grid along the patient's axes around the cement, with cement set apart.
import type { Vec3, VoxelGrid } from "#core/space";
import { patientFromVoxel, spacingMm, voxelFromPatient } from "#core/space";
import type { CtVolume } from "#core/volume";
import { boundingBox } from "#voxels/box";
import type { RunMask } from "#voxels/mask";
import { maskHas, RunBuilder } from "#voxels/mask";
import { evenGrid, patientBounds, resampleVolume } from "#voxels/resample";

export interface WorkingVolume {
  readonly grid: VoxelGrid;
  readonly hu: Int16Array;
  /** 1 where cement or its blur hides what is underneath. */
  readonly hidden: Uint8Array;
  /** 1 where small parts as bright as cement lie apart from the casts; absent where they are not told from it. */
  readonly traces?: Uint8Array;
  /** Diagonal of the scan's own voxels, mm; absent where the volume was never sampled more coarsely. */
  readonly voxelMm?: number;
  /** Side of the scan's own pixels, mm; absent likewise. */
  readonly pixelMm?: number;
}

const MARGIN_MM: Vec3 = [48, 52, 48];
const MOST_VOXELS = 5_500_000;

/** Patient bounds of a mask's voxels, mm. */
export function boundsOfMask(mask: RunMask, grid: VoxelGrid): { minMm: Vec3; maxMm: Vec3 } | null {
  const box = boundingBox(mask);
  if (!box) return null;
  const corners = [box.i0, box.i1 - 1].flatMap((i) =>
    [box.j0, box.j1 - 1].flatMap((j) => [box.k0, box.k1 - 1].map((k) => patientFromVoxel(grid, i, j, k))),
  );
  const pick = (f: (...v: number[]) => number): Vec3 => [
    f(...corners.map((p) => p[0])),
    f(...corners.map((p) => p[1])),
    f(...corners.map((p) => p[2])),
  ];
  return { minMm: pick(Math.min), maxMm: pick(Math.max) };
}

/**
 * The working volume around `cement`: its bounds plus about 50 mm, widened to reach equally far, at least 64 mm, to both sides of `midlineXMm`, cut to the
 * scan. Steps of 1 mm, or coarser where the cement is spread over many levels. `hidden` is the cement with its blur and `traces` what
 * of it lies apart from the casts and is as bright, on the source grid.
 */
export function workingVolume(
  volume: CtVolume,
  cement: RunMask,
  hidden: RunMask,
  midlineXMm: number,
  traces?: RunMask,
): WorkingVolume | null {
  const bounds = boundsOfMask(cement, volume.grid);
  if (!bounds) return null;
  const scan = patientBounds(volume.grid);
  const low = (axis: 0 | 1 | 2) => Math.max(scan.minMm[axis], bounds.minMm[axis] - MARGIN_MM[axis]);
  const high = (axis: 0 | 1 | 2) => Math.min(scan.maxMm[axis], bounds.maxMm[axis] + MARGIN_MM[axis]);
  // as wide on both sides, so that each place has its opposite
  const reach = Math.max(
    64,
    midlineXMm - bounds.minMm[0] + MARGIN_MM[0],
    bounds.maxMm[0] + MARGIN_MM[0] - midlineXMm,
  );
  const minMm: Vec3 = [Math.max(scan.minMm[0], midlineXMm - reach), low(1), low(2)];
  const maxMm: Vec3 = [Math.min(scan.maxMm[0], midlineXMm + reach), high(1), high(2)];
  const mm3 = (maxMm[0] - minMm[0]) * (maxMm[1] - minMm[1]) * (maxMm[2] - minMm[2]);
  const stepMm = Math.max(1, Math.cbrt(mm3 / MOST_VOXELS));
  const grid = evenGrid(minMm, maxMm, stepMm);
  const { hu } = resampleVolume(volume, grid);
  return {
    grid,
    hu,
    hidden: maskOnGrid(hidden, volume.grid, grid),
    ...(traces ? { traces: maskOnGrid(traces, volume.grid, grid) } : {}),
    voxelMm: Math.hypot(...spacingMm(volume.grid)),
    pixelMm: spacingMm(volume.grid)[0],
  };
}

/** A mask on another grid: the source voxel in which each target voxel's centre lies. One byte per voxel, `[k][j][i]`. */
export function maskOnGrid(mask: RunMask, source: VoxelGrid, target: VoxelGrid): Uint8Array {
  const out = new Uint8Array(target.columns * target.rows * target.slices);
  const bounds = boundsOfMask(mask, source);
  if (!bounds) return out;
  const [sx, sy, sz] = spacingMm(source);
  const margin = Math.hypot(sx, sy, sz);
  const first = target.slicePositions[0];
  const step = target.columnSpacingMm;
  const range = (axis: 0 | 1 | 2, count: number): [number, number] => [
    Math.max(0, Math.floor((bounds.minMm[axis] - margin - first[axis]) / step)),
    Math.min(count, Math.ceil((bounds.maxMm[axis] + margin - first[axis]) / step) + 1),
  ];
  const [i0, i1] = range(0, target.columns);
  const [j0, j1] = range(1, target.rows);
  const [k0, k1] = range(2, target.slices);
  for (let k = k0; k < k1; k++)
    for (let j = j0; j < j1; j++)
      for (let i = i0; i < i1; i++) {
        const [x, y, z] = voxelFromPatient(source, [
          first[0] + i * step,
          first[1] + j * step,
          first[2] + k * step,
        ]);
        if (maskHas(mask, Math.round(x), Math.round(y), Math.round(z)))
          out[(k * target.rows + j) * target.columns + i] = 1;
      }
  return out;
}

/** Runs of the working grid's voxels that `accept` takes, by flat index. */
export function maskWhere(grid: VoxelGrid, accept: (at: number) => boolean): RunMask {
  const builder = new RunBuilder(grid);
  let at = 0;
  for (let row = 0; row < grid.rows * grid.slices; row++)
    for (let i = 0; i < grid.columns; i++, at++) if (accept(at)) builder.add(row, i, i + 1);
  return builder.finish();
}
