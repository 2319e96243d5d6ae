// A scan of the same patient with the gantry tilted: slices turned about the patient's left-right axis, stacked along the table.
import type { Vec3, VoxelGrid } from "#core/space";
import { patientFromVoxel, voxelFromPatient } from "#core/space";
import type { CtVolume } from "#core/volume";
import { patientBounds, sampleHu } from "#voxels/resample";
import { seededRandom } from "./seeded-noise.ts";

export interface TiltedScanOptions {
  /** Upper end of the gantry towards the feet is positive; 0 scans straight. */
  readonly tiltDegrees: number;
  /** Along the slices' normal, also their thickness. */
  readonly sliceMm: number;
  /** Of the square pixels; those of the scan unless given. */
  readonly pixelMm?: number;
  /** Standard deviation of added noise, HU. */
  readonly noiseHu: number;
  readonly seed: number;
}

/** Slices through the middle of an axial scan's field from its lowest to its highest z, `sliceMm` apart along their normal. */
export function tiltedGrid(source: VoxelGrid, options: TiltedScanOptions): VoxelGrid {
  const { minMm, maxMm } = patientBounds(source);
  const angle = (options.tiltDegrees * Math.PI) / 180;
  const pixelMm = options.pixelMm ?? source.columnSpacingMm;
  const column: Vec3 = [0, Math.cos(angle), Math.sin(angle)];
  const tableStepMm = options.sliceMm / Math.cos(angle);
  const columns = Math.floor((maxMm[0] - minMm[0]) / pixelMm) + 1;
  const rows = Math.floor((maxMm[1] - minMm[1]) / pixelMm) + 1;
  const middleY = (minMm[1] + maxMm[1]) / 2;
  const halfMm = ((rows - 1) / 2) * pixelMm;
  const slices = Math.floor((maxMm[2] - minMm[2]) / tableStepMm) + 1;
  return {
    columns,
    rows,
    slices,
    columnSpacingMm: pixelMm,
    rowSpacingMm: pixelMm,
    rowDirection: [1, 0, 0],
    columnDirection: column,
    slicePositions: Array.from({ length: slices }, (_, k): Vec3 => [
      minMm[0],
      middleY - halfMm * column[1],
      minMm[2] + k * tableStepMm - halfMm * column[2],
    ]),
  };
}

/**
 * The patient of an axial `volume` (finer than what is asked for) on tilted slices: each is the mean over its thickness. What lies
 * above or below the scan repeats its last slice, so that the tilted slices hold tissue up to their edges.
 */
export function tiltedScan(volume: CtVolume, options: TiltedScanOptions): CtVolume {
  const grid = tiltedGrid(volume.grid, options);
  const random = seededRandom(options.seed, "tilted scan");
  const noise = () => random.between(-1, 1) + random.between(-1, 1) + random.between(-1, 1);
  const finestMm =
    volume.grid.slices > 1 ? volume.grid.slicePositions[1][2] - volume.grid.slicePositions[0][2] : 1;
  const layers = Math.max(1, Math.round((2 * options.sliceMm) / finestMm));
  const hu = new Int16Array(grid.columns * grid.rows * grid.slices);
  const last = volume.grid.slices - 1;
  const placeOf = (i: number, j: number, k: number) =>
    voxelFromPatient(volume.grid, patientFromVoxel(grid, i, j, k));
  let at = 0;
  for (let k = 0; k < grid.slices; k++) {
    const sublayers = Array.from({ length: layers }, (_, n) => {
      // Half a layer up and down along the normal, not along the table.
      const depth = ((n + 0.5) / layers - 0.5) * options.sliceMm;
      const normal: Vec3 = [0, -grid.columnDirection[2], grid.columnDirection[1]];
      const [x, y, z] = patientFromVoxel(grid, 0, 0, k);
      return voxelFromPatient(volume.grid, [
        x + depth * normal[0],
        y + depth * normal[1],
        z + depth * normal[2],
      ]);
    });
    const origin = placeOf(0, 0, k);
    const [alongI, alongJ] = [placeOf(1, 0, k), placeOf(0, 1, k)].map((place) =>
      place.map((v, n) => v - origin[n]),
    );
    for (let j = 0; j < grid.rows; j++)
      for (let i = 0; i < grid.columns; i++) {
        let sum = 0;
        for (const base of sublayers)
          sum += sampleHu(
            volume,
            base[0] + i * alongI[0] + j * alongJ[0],
            base[1] + i * alongI[1] + j * alongJ[1],
            Math.max(0, Math.min(last, base[2] + i * alongI[2] + j * alongJ[2])),
          );
        const value = Math.round(sum / layers + options.noiseHu * noise());
        hu[at++] = Math.max(volume.storableHu[0], Math.min(volume.storableHu[1], value));
      }
  }
  return { grid, hu, storableHu: volume.storableHu, clippedAtHu: null };
}
