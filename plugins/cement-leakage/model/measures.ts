// What is measured on a segment's voxels: volume, extent, HU. Computed from the mask, never stored.
import type { Vec3 } from "#core/space";
import type { CtVolume } from "#core/volume";
import { longestExtentMm } from "#voxels/extent";
import type { RunMask } from "#voxels/mask";
import { maskStatistics, touchesAnyEdge, type MaskStatistics } from "#voxels/statistics";

/** Statistics of a mask that holds at least one voxel. */
export interface PartMeasures extends MaskStatistics {
  readonly huMean: number;
  readonly huMin: number;
  readonly huMax: number;
  readonly huSd: number;
  readonly centroidPatient: Vec3;
  readonly longestExtentMm: number;
  /** Touches the first or last slice or the edge of the image: everything is "at least". */
  readonly incomplete: boolean;
}

const known = new WeakMap<RunMask, { volume: CtVolume; measures: PartMeasures }>();

/** Measures of a mask on its CT; remembered for as long as the (immutable) mask lives. Throws on an empty mask. */
export function measurePart(mask: RunMask, volume: CtVolume): PartMeasures {
  const before = known.get(mask);
  if (before && before.volume === volume) return before.measures;
  const { huMean, huMin, huMax, huSd, centroidPatient, ...statistics } = maskStatistics(mask, volume);
  if (huMean === null || huMin === null || huMax === null || huSd === null || centroidPatient === null)
    throw new RangeError("an empty mask has no measures");
  const extent = longestExtentMm(mask, volume.grid);
  const measures: PartMeasures = {
    ...statistics,
    huMean,
    huMin,
    huMax,
    huSd,
    centroidPatient,
    longestExtentMm: extent.mm,
    incomplete: touchesAnyEdge(statistics.touchesEdge),
  };
  known.set(mask, { volume, measures });
  return measures;
}

/** Extent grade of a leak (DOMAIN §1.6; cut-points are this project's own). `spreads`: over one level, or in a distant vein. */
export function extentGrade(
  volumeMm3: number,
  beyondCortexMm: number | undefined,
  spreads: boolean,
): 0 | 1 | 2 | 3 {
  if (volumeMm3 <= 0) return 0;
  if (volumeMm3 >= 500 || spreads) return 3;
  if (volumeMm3 < 100 && (beyondCortexMm === undefined || beyondCortexMm <= 5)) return 1;
  return 2;
}

/** Volume for people: mm3 below 0.1 mL, mL above (DOMAIN §2). */
export const volumeText = (volumeMm3: number): string =>
  volumeMm3 < 100
    ? `${volumeMm3 < 10 ? volumeMm3.toFixed(1) : volumeMm3.toFixed(0)} mm³`
    : `${(volumeMm3 / 1000).toFixed(2)} mL`;
