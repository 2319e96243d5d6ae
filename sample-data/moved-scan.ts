// An earlier CT made from a scan: the patient lay elsewhere and turned, other slices and pixels, other noise.
import type { Vec3, VoxelGrid } from "#core/space";
import { patientFromVoxel } from "#core/space";
import type { CtVolume } from "#core/volume";
import { voxelFromPatient } from "#core/space";
import { patientBounds, sampleHu } from "#voxels/resample";
import { seededRandom } from "./seeded-noise.ts";

export interface Motion {
  /** Radians about the patient's x, y and z axis through the middle of the scan, in this order. */
  readonly turn: Vec3;
  readonly shiftMm: Vec3;
}

export interface MovedScanOptions {
  readonly motion: Motion;
  readonly pixelMm: number;
  readonly sliceMm: number;
  /** Standard deviation of added noise, HU. */
  readonly noiseHu: number;
  readonly seed: number;
}

/** Where a motion brings a patient point of `volume`. */
export function movedPoint({ grid }: CtVolume, { turn: [a, b, c], shiftMm }: Motion, point: Vec3): Vec3 {
  const { minMm, maxMm } = patientBounds(grid);
  const middle = minMm.map((v, axis) => (v + maxMm[axis]) / 2);
  let [x, y, z] = point.map((v, axis) => v - middle[axis]);
  [y, z] = [y * Math.cos(a) - z * Math.sin(a), y * Math.sin(a) + z * Math.cos(a)];
  [x, z] = [x * Math.cos(b) + z * Math.sin(b), z * Math.cos(b) - x * Math.sin(b)];
  [x, y] = [x * Math.cos(c) - y * Math.sin(c), x * Math.sin(c) + y * Math.cos(c)];
  return [x + middle[0] + shiftMm[0], y + middle[1] + shiftMm[1], z + middle[2] + shiftMm[2]];
}

/** The patient of `volume`, moved, scanned again on an axial grid round the moved middle, with as large a field. */
export function movedScan(volume: CtVolume, options: MovedScanOptions): CtVolume {
  const { motion, pixelMm, sliceMm, noiseHu, seed } = options;
  const { minMm, maxMm } = patientBounds(volume.grid);
  const count = (axis: 0 | 1 | 2, step: number) => Math.floor((maxMm[axis] - minMm[axis]) / step) + 1;
  const first: Vec3 = [
    minMm[0] + motion.shiftMm[0],
    minMm[1] + motion.shiftMm[1],
    minMm[2] + motion.shiftMm[2],
  ];
  const grid: VoxelGrid = {
    columns: count(0, pixelMm),
    rows: count(1, pixelMm),
    slices: count(2, sliceMm),
    columnSpacingMm: pixelMm,
    rowSpacingMm: pixelMm,
    rowDirection: [1, 0, 0],
    columnDirection: [0, 1, 0],
    slicePositions: Array.from({ length: count(2, sliceMm) }, (_, k): Vec3 => [
      first[0],
      first[1],
      first[2] + k * sliceMm,
    ]),
  };
  // back from the new scan's points: the motion is affine, so four points tell it
  const unmoved = inverseOf(volume, motion);
  const random = seededRandom(seed, "moved scan");
  const noise = () => random.between(-1, 1) + random.between(-1, 1) + random.between(-1, 1);
  const hu = new Int16Array(grid.columns * grid.rows * grid.slices);
  const origin = voxelFromPatient(volume.grid, unmoved(patientFromVoxel(grid, 0, 0, 0)));
  const along = (i: number, j: number, k: number) =>
    voxelFromPatient(volume.grid, unmoved(patientFromVoxel(grid, i, j, k))).map((v, n) => v - origin[n]);
  const [si, sj, sk] = [along(1, 0, 0), along(0, 1, 0), along(0, 0, 1)];
  // what one thick slice averages
  const layers = Math.max(1, Math.round(sliceMm / 1.25));
  let at = 0;
  for (let k = 0; k < grid.slices; k++)
    for (let j = 0; j < grid.rows; j++)
      for (let i = 0; i < grid.columns; i++) {
        let sum = 0;
        for (let layer = 0; layer < layers; layer++) {
          const f = k + (layer + 0.5) / layers - 0.5;
          sum += sampleHu(
            volume,
            origin[0] + i * si[0] + j * sj[0] + f * sk[0],
            origin[1] + i * si[1] + j * sj[1] + f * sk[1],
            origin[2] + i * si[2] + j * sj[2] + f * sk[2],
          );
        }
        hu[at++] = Math.max(
          -1024,
          Math.min(volume.storableHu[1], Math.round(sum / layers + noiseHu * noise())),
        );
      }
  return { grid, hu, storableHu: volume.storableHu, clippedAtHu: null };
}

/** Undoes a motion: turns back in the opposite order. */
function inverseOf(volume: CtVolume, { turn: [a, b, c], shiftMm }: Motion): (p: Vec3) => Vec3 {
  return (p) => {
    const back: Vec3 = [p[0] - shiftMm[0], p[1] - shiftMm[1], p[2] - shiftMm[2]];
    const none: Vec3 = [0, 0, 0];
    const aboutZ = movedPoint(volume, { turn: [0, 0, -c], shiftMm: none }, back);
    const aboutY = movedPoint(volume, { turn: [0, -b, 0], shiftMm: none }, aboutZ);
    return movedPoint(volume, { turn: [-a, 0, 0], shiftMm: none }, aboutY);
  };
}
