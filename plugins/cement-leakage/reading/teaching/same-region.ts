// Which slices of another CT of the patient lie where the case's region does: what is proposed of it for a teaching case.
import type { CropRegion, OtherSeries } from "#contract";
import { sliceNormal, sliceSpacingMm } from "#core/space";
import type { SeriesContext } from "#core/study";

/** Cosine between the slices' normal and the patient's own axis from which on slices count as upright: within 2.5 degrees. */
const UPRIGHT = 0.999;

/**
 * First and last of its images, by their place in the series. Null where it can't be told: another frame of reference, slices of the
 * case that lean, images that are no axial slices with a place, or none of them there.
 */
export function slicesInRegion(
  { images, frameOfReferenceUid }: Pick<OtherSeries, "images" | "frameOfReferenceUid">,
  region: CropRegion,
  { grid, frameOfReferenceUid: frame }: Pick<SeriesContext, "grid" | "frameOfReferenceUid">,
): readonly [first: number, last: number] | null {
  if (frame === "" || frameOfReferenceUid !== frame) return null;
  if (Math.abs(sliceNormal(grid)[2]) < UPRIGHT) return null;
  const ends = [region.firstSlice, region.firstSlice + region.slices - 1].map(
    (k) => grid.slicePositions[k][2],
  );
  const half = sliceSpacingMm(grid) / 2;
  const [from, to] = [Math.min(...ends) - half, Math.max(...ends) + half];
  const within = images.flatMap(({ look, zMm }, n) =>
    look === null && zMm !== null && zMm >= from && zMm <= to ? [n] : [],
  );
  return within.length === 0 ? null : [Math.min(...within), Math.max(...within)];
}
