// What a floor would find, as fast as a slider moves: the mask, its parts and its volume, and nothing about what each part is.
import { voxelVolumeMm3 } from "#core/space";
import type { CtVolume } from "#core/volume";
import { components } from "#voxels/components";
import { forEachRun, type RunMask } from "#voxels/mask";
import { keptBlockMaximum, thresholdWithBlocks } from "#voxels/threshold";
import { SPECK_MM3 } from "./find-cement.ts";

export interface TriedFloor {
  readonly floorHu: number;
  /** Everything at or above the floor. */
  readonly mask: RunMask;
  readonly volumeMm3: number;
  /** Parts of at least 3 mm3 (26-connected), and the smaller ones. */
  readonly partCount: number;
  readonly speckCount: number;
}

/** As `findCement` finds it, in one look at the blocks that reach the floor; the volume is not copied. */
export function tryFloor(volume: CtVolume, floorHu: number): TriedFloor {
  const { grid, hu } = volume;
  const mask = thresholdWithBlocks(hu, keptBlockMaximum(hu, grid), floorHu);
  const labels = components(mask);
  const volumes = new Float64Array(labels.count + 1);
  forEachRun(mask, (_j, k, start, end, run) => {
    volumes[labels.labelOfRun[run]] += (end - start) * voxelVolumeMm3(grid, k);
  });
  let volumeMm3 = 0;
  let partCount = 0;
  for (let label = 1; label <= labels.count; label++) {
    volumeMm3 += volumes[label];
    if (volumes[label] >= SPECK_MM3) partCount++;
  }
  return { floorHu, mask, volumeMm3, partCount, speckCount: labels.count - partCount };
}
