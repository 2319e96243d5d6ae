// Takes cortex off a leak part: strips along bone that the other side has as well, only a little elsewhere.
import type { Vec3 } from "#core/space";
import { patientFromVoxel, spacingMm } from "#core/space";
import type { CtVolume } from "#core/volume";
import type { RunMask } from "#voxels/mask";
import { forEachRun, RunBuilder } from "#voxels/mask";
import type { BoneEnvelope } from "./bone-envelope.ts";
import { partsOf } from "./cement-mask.ts";
import type { LayerExcess } from "./layer-excess.ts";
import type { LeakPart } from "./leak-region.ts";
import { SOFT_TISSUE_HU } from "./leak-region.ts";
import type { AgainstOtherSide } from "./suspects.ts";
import { THIN_SLICE_MM } from "./thick-traces.ts";

/** Half of what the thinnest vein sums up to across the surface (mm of cement): the blur at a leak's edge has to stay. */
const LEAST_LAYER_MM = 0.25;
/** In thick slices: cortex that is merely shifted is not so far above the brightest place within 2 mm on the other side. */
const STANDS_OUT_HU = 180;
const STANDS_OUT_MM = 0.7;
/** What is nearly as bright as the cement's plateau is cement whatever the other side says. */
const SURELY_CEMENT = 0.75;
/** Cortex hugs bone: farther out there is none. */
const CORTEX_MM = 4;
const SMALLEST_MM3 = 2;

/** The part without the voxels that sum up to no more than the other side; falls apart where only cortex joined its pieces. */
export function peelCortex(
  volume: CtVolume,
  part: LeakPart,
  envelope: BoneEnvelope,
  layer: LayerExcess,
  cementHu: number,
  against: AgainstOtherSide | null = null,
): LeakPart[] {
  if (part.compartment !== "outside") return [part];
  const { grid, hu } = volume;
  const sliceMm = spacingMm(grid)[2];
  // a vein within a slice that is thicker than it fills the slice in part, and sums up to so much less
  const least = LEAST_LAYER_MM * (cementHu - SOFT_TISSUE_HU) * Math.min(1, THIN_SLICE_MM / sliceMm);
  // between two thick slices the line across the surface leaves a vein at once: what is far brighter than all of the other side stays
  const standsOut = (p: Vec3) => {
    const other = sliceMm > THIN_SLICE_MM ? against?.(p) : null;
    return other ? other.excessHu >= STANDS_OUT_HU && other.outsideMm >= STANDS_OUT_MM : false;
  };
  const kept = new RunBuilder(grid);
  let peeled = 0;
  forEachRun(part.mask, (j, k, start, end) => {
    const row = k * grid.rows + j;
    for (let i = start; i < end; i++) {
      if (hu[row * grid.columns + i] < SURELY_CEMENT * cementHu) {
        const p = patientFromVoxel(grid, i, j, k);
        const excess = envelope.surfaceMm(p) < CORTEX_MM ? layer(p, envelope.outward(p)) : null;
        if (excess !== null && excess < least && !standsOut(p)) {
          peeled++;
          continue;
        }
      }
      kept.add(row, i, i + 1);
    }
  });
  if (peeled === 0) return [part];
  return partsOf(kept.finish(), grid, SMALLEST_MM3).map((mask) => ({
    ...part,
    ...measured(volume, envelope, mask),
    mask,
  }));
}

function measured({ grid, hu }: CtVolume, envelope: BoneEnvelope, mask: RunMask) {
  let beyondMm = 0;
  let peakHu = -Infinity;
  forEachRun(mask, (j, k, start, end) => {
    for (let i = start; i < end; i++) {
      beyondMm = Math.max(beyondMm, envelope.surfaceMm(patientFromVoxel(grid, i, j, k)));
      peakHu = Math.max(peakHu, hu[(k * grid.rows + j) * grid.columns + i]);
    }
  });
  return { beyondMm, peakHu };
}
