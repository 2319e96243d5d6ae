// The two public CTs beside the checkout (where present), with the places that a person pointed out in them.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Vec3, VoxelGrid } from "#core/space";
import { add, patientFromVoxel, scale } from "#core/space";
import type { CtVolume } from "#core/volume";
import { loadSeries } from "#dicom/load-series";
import { memoryFile } from "#dicom/named-file";
import { readFiles } from "#dicom/open-files";
import { evenGrid, resampleVolume } from "#voxels/resample";
import type { RealAnatomy } from "./implant.ts";
import { readNifti } from "./nifti.ts";
import { seededRandom } from "./seeded-noise.ts";

const at = (grid: VoxelGrid, [i, j, k]: Vec3): Vec3 => patientFromVoxel(grid, i, j, k);

/** Noise of a thin slice, one standard deviation in HU; interpolation alone would be too smooth. */
const THIN_NOISE_HU = 18;

/** The sacrum of an anatomy resampled to `stepMm` in every direction, with the noise of thin slices. */
export function thinSlices(anatomy: RealAnatomy, stepMm: number): RealAnatomy {
  const middle = scale(add(anatomy.alaLeft, anatomy.alaRight), 0.5);
  const grid = evenGrid(add(middle, [-130, -110, -100]), add(middle, [130, 110, 90]), stepMm);
  const volume = resampleVolume(anatomy.volume, grid);
  const random = seededRandom(1, `thin ${anatomy.name}`);
  // the sum of three even draws is near enough to a normal one
  const noise = () => 2 * THIN_NOISE_HU * (random.next() + random.next() + random.next() - 1.5);
  return {
    ...anatomy,
    name: `${anatomy.name}-thin`,
    volume: { ...volume, hu: volume.hu.map((hu) => hu + noise()) },
  };
}

/** Abdomen and pelvis at 3 mm in every direction; null where the file is absent. */
export function pelvisNifti(shared: string): RealAnatomy | null {
  const path = join(shared, "data/ct-pelvis-nifti/example_ct.nii.gz");
  if (!existsSync(path)) return null;
  const { grid, values } = readNifti(path);
  const volume: CtVolume = {
    grid,
    hu: Int16Array.from(values, (value) => Math.max(-1024, Math.min(3500, Math.round(value)))),
    storableHu: [-32768, 32767],
    clippedAtHu: null,
  };
  return {
    name: "ct-pelvis-nifti",
    volume,
    alaLeft: at(grid, [73, 28, 38.5]),
    alaRight: at(grid, [47, 28, 38.5]),
    canal: (
      [
        [60, 26.5, 45],
        [60, 24.5, 42],
        [60, 22, 40],
        [60.3, 20, 38],
        [60.3, 17, 36],
        [60.4, 14.5, 34],
      ] as const
    ).map((p) => at(grid, p)),
  };
}

/** Lower chest to acetabula, 4.25 mm apart; null where the folder is absent. */
export async function sacrumSeries(shared: string): Promise<RealAnatomy | null> {
  const folder = join(shared, "data/ct-sacrum");
  if (!existsSync(folder)) return null;
  const files = readdirSync(folder)
    .filter((name) => name.endsWith(".dcm"))
    .map((name) => memoryFile(name, readFileSync(join(folder, name))));
  const { series } = await readFiles(files);
  const loaded = await loadSeries(series[0]);
  if (!loaded.ok) throw new Error(`${folder}: ${loaded.problem.code}`);
  const { volume } = loaded.value;
  const { grid } = volume;
  return {
    name: "ct-sacrum",
    volume,
    alaLeft: at(grid, [279, 341, 25]),
    alaRight: at(grid, [201, 341, 25]),
    canal: (
      [
        [237.5, 343, 29],
        [239, 349, 27],
        [239.5, 358, 25.5],
        [240, 366, 24],
        [239, 370, 22],
        [238, 374, 21],
        [239, 380, 20],
      ] as const
    ).map((p) => at(grid, p)),
  };
}
