// Takes cortex off a leak part: strips along bone that the other side has as well, only a little elsewhere.
import { patientFromVoxel } from "#core/space";
import type { CtVolume } from "#core/volume";
import type { RunMask } from "#voxels/mask";
import { forEachRun, RunBuilder } from "#voxels/mask";
import type { BoneEnvelope } from "./bone-envelope.ts";
import { partsOf } from "./cement-mask.ts";
import type { LayerExcess } from "./layer-excess.ts";
import type { LeakPart } from "./leak-region.ts";
import { SOFT_TISSUE_HU } from "./leak-region.ts";

/** Half of what the thinnest vein sums up to across the surface (mm of cement): the blur at a leak's edge has to stay. */
const LEAST_LAYER_MM = 0.25;
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
): LeakPart[] {
  if (part.compartment !== "outside") return [part];
  const { grid, hu } = volume;
  const least = LEAST_LAYER_MM * (cementHu - SOFT_TISSUE_HU);
  const kept = new RunBuilder(grid);
  let peeled = 0;
  forEachRun(part.mask, (j, k, start, end) => {
    const row = k * grid.rows + j;
    for (let i = start; i < end; i++) {
      if (hu[row * grid.columns + i] < SURELY_CEMENT * cementHu) {
        const p = patientFromVoxel(grid, i, j, k);
        const excess = envelope.surfaceMm(p) < CORTEX_MM ? layer(p, envelope.outward(p)) : null;
        if (excess !== null && excess < least) {
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
