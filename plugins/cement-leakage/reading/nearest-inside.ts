// A point that lies on a mask for certain: a centroid may lie outside a bent or branching one.
import { patientFromVoxel, spacingMm, voxelFromPatient, type Vec3, type VoxelGrid } from "#core/space";
import { forEachRun, maskHas, type RunMask } from "#voxels/mask";

/** `wanted` itself when its voxel is set, else the centre of the nearest voxel of the mask. Patient mm, LPS. */
export function nearestInside(mask: RunMask, grid: VoxelGrid, wanted: Vec3): Vec3 {
  const [ci, cj, ck] = voxelFromPatient(grid, wanted);
  if (maskHas(mask, Math.round(ci), Math.round(cj), Math.round(ck))) return wanted;
  const [iMm, jMm, kMm] = spacingMm(grid);
  let nearestMm = Infinity;
  let at: Vec3 = wanted;
  forEachRun(mask, (j, k, start, end) => {
    const i = Math.max(start, Math.min(end - 1, Math.round(ci)));
    const farMm = Math.hypot((i - ci) * iMm, (j - cj) * jMm, (k - ck) * kMm);
    if (farMm >= nearestMm) return;
    nearestMm = farMm;
    at = [i, j, k];
  });
  return nearestMm === Infinity ? wanted : patientFromVoxel(grid, at[0], at[1], at[2]);
}
