// What the acquired volume reads at a point. Pure.
import { type Vec3, voxelFromPatient } from "#core/space";
import { type CtVolume, voxelIndex } from "#core/volume";

/** HU of the voxel nearest to a point in the acquired volume, or null outside it and where its values are no HU. */
export function huAt(volume: CtVolume, point: Vec3): number | null {
  const { grid } = volume;
  if (volume.relative) return null;
  const [i, j, k] = voxelFromPatient(grid, point).map(Math.round);
  if (i < 0 || j < 0 || k < 0 || i >= grid.columns || j >= grid.rows || k >= grid.slices) return null;
  return volume.hu[voxelIndex(grid, i, j, k)];
}
