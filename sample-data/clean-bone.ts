// The bone of a real CT before anything is implanted: where shapes may lie inside and outside, in millimetres.
import type { Vec3 } from "#core/space";
import { normalize, voxelFromPatient } from "#core/space";
import type { CtVolume } from "#core/volume";
import { wholeBox } from "#voxels/box";
import { components, selectComponents } from "#voxels/components";
import { signedDistance } from "#voxels/distance";
import { evenGrid, resampleVolume, sampleField, sampleHu } from "#voxels/resample";
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

/** One of 8 mm passes a foramen into the fatty marrow of an ala, which a reader calls bone. */
const BALL_MM = 10;
/** Soft tissue this far from any bone is surely outside. */
const OPEN_MM = 14;

/** Bone denser than `boneHu`, with everything filled that a ball of 10 mm cannot reach, around `centreMm`. */
export function cleanBone(volume: CtVolume, centreMm: Vec3, boneHu = 110): CleanBone {
  const low: Vec3 = [centreMm[0] - 95, centreMm[1] - 85, centreMm[2] - 95];
  const high: Vec3 = [centreMm[0] + 95, centreMm[1] + 75, centreMm[2] + 70];
  const grid = evenGrid(low, high, 1);
  const work = resampleVolume(volume, grid);
  const dense = thresholdMask(work.hu, grid, boneHu);
  const labels = components(dense);
  const bone = selectComponents(dense, labels, (label) => labels.voxels[label] > 2000);
  const { mm } = signedDistance(filledByBall(bone, grid, BALL_MM, OPEN_MM), grid, wholeBox(bone));
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
