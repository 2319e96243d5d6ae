// A thin leak at its own half maximum: one floor for the whole series is too high for a vein and too low for a dense cast.
import type { CtVolume } from "#core/volume";
import { boundingBox, growBoxMm } from "#voxels/box";
import { halfMaximum } from "#voxels/half-maximum";
import { isEmpty, type RunMask } from "#voxels/mask";
import { dilate } from "#voxels/morphology";
import { clipToBox, difference, intersection } from "#voxels/set-operations";
import { thresholdMask } from "#voxels/threshold";

export interface RefinedPart {
  readonly mask: RunMask;
  /** The threshold that was used, HU. */
  readonly thresholdHu: number;
}

/** How far the edge may move: about a voxel of a thin series, so that a part never grows along bone. */
const REACH_MM = 0.9;
/** The ring of surroundings begins beyond the blur of the part's own edge. */
const RING = { innerMm: 2, outerMm: 4.5 };

/**
 * The part again at the midpoint between its own plateau and its surroundings (DOMAIN §2), no farther than 0.9 mm from where it was.
 * Voxels of `others` (more cement) are left alone and do not count as surroundings. Null where there is nothing to compare with.
 */
export function atLocalHalfMaximum(part: RunMask, volume: CtVolume, others: RunMask): RefinedPart | null {
  const { grid, hu } = volume;
  const box = boundingBox(part);
  if (!box) return null;
  const reach = growBoxMm(box, RING.outerMm + RING.innerMm, grid);
  const near = clipToBox(others, reach);
  const local = halfMaximum(part, volume, { ...RING, exclude: dilate(near, grid, RING.innerMm) });
  if (!local) return null;
  const thresholdHu = Math.round(local.halfMaximumHu);
  const dense = thresholdMask(hu, grid, thresholdHu, Infinity, reach);
  const mask = intersection(dense, difference(dilate(part, grid, REACH_MM), near));
  return isEmpty(mask) ? null : { mask, thresholdHu };
}
