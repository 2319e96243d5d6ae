// The bone of a real CT before anything is implanted: where shapes may lie inside and outside, in millimetres.
import type { Vec3, VoxelGrid } from "#core/space";
import { normalize, voxelFromPatient } from "#core/space";
import type { CtVolume } from "#core/volume";
import { wholeBox } from "#voxels/box";
import { components, selectComponents } from "#voxels/components";
import { signedDistance } from "#voxels/distance";
import { evenGrid, resampleVolume, sampleHu } from "#voxels/resample";
import { filledByBall } from "#voxels/rolling-ball";
import { thresholdMask } from "#voxels/threshold";

export interface CleanBone {
  /** mm outside (positive) or inside (negative) the filled bone; canal and foramina count as inside. */
  surfaceMm(p: Vec3): number;
  /** Outward unit direction at a patient point. */
  outward(p: Vec3): Vec3;
  /** HU of the untouched CT. */
  hu(p: Vec3): number;
}

/** Bone denser than `boneHu`, with everything filled that a ball of 8 mm cannot reach, around `centreMm`. */
export function cleanBone(volume: CtVolume, centreMm: Vec3, boneHu = 110): CleanBone {
  const low: Vec3 = [centreMm[0] - 95, centreMm[1] - 85, centreMm[2] - 95];
  const high: Vec3 = [centreMm[0] + 95, centreMm[1] + 75, centreMm[2] + 70];
  const grid = evenGrid(low, high, 1);
  const work = resampleVolume(volume, grid);
  const dense = thresholdMask(work.hu, grid, boneHu);
  const labels = components(dense);
  const bone = selectComponents(dense, labels, (label) => labels.voxels[label] > 2000);
  const { mm } = signedDistance(filledByBall(bone, grid, 8, 14), grid, wholeBox(bone));
  const surfaceMm = (p: Vec3) => sampleField(mm, grid, p);
  return {
    surfaceMm,
    outward: (p) => {
      const along = (axis: 0 | 1 | 2) => {
        const step: Vec3 = [axis === 0 ? 1.5 : 0, axis === 1 ? 1.5 : 0, axis === 2 ? 1.5 : 0];
        return (
          surfaceMm([p[0] + step[0], p[1] + step[1], p[2] + step[2]]) -
          surfaceMm([p[0] - step[0], p[1] - step[1], p[2] - step[2]])
        );
      };
      return normalize([along(0), along(1), along(2)]);
    },
    hu: (p) => {
      const [i, j, k] = voxelFromPatient(volume.grid, p);
      return sampleHu(volume, i, j, k);
    },
  };
}

/** Trilinear value of a field on an even grid along the patient's axes; the nearest inside value beyond its edge. */
function sampleField(field: Float32Array, grid: VoxelGrid, p: Vec3): number {
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
