// Cement spread as a sheet on the front wall of the spinal canal, in the sacrum or behind a vertebra.
import type { Sacrum } from "./anatomy.ts";
import type { Noise } from "./seeded-noise.ts";
import { ellipse, grownBox, smoothMax } from "./shapes.ts";
import type { Solid } from "./shapes.ts";

/** A sheet on the front wall of the canal about (x, s), kept in the ventral half. */
export function epiduralSheet(
  sacrum: Sacrum,
  middleX: number,
  middleS: number,
  size: { readonly halfWidthMm: number; readonly halfLengthMm: number; readonly thicknessMm: number },
  rough: Noise,
): Solid {
  const { halfWidthMm, halfLengthMm, thicknessMm } = size;
  const at = sacrum.frame.patientFromSacral(middleX, -1.5, middleS);
  return {
    distance: (x, y, z) => {
      const s = sacrum.frame.s(y, z);
      const v = sacrum.frame.v(y, z);
      const spread =
        ellipse(x - middleX, s - middleS, halfWidthMm, halfLengthMm) + 0.8 * rough(x / 3, y / 3, z / 3);
      const depthMm = -sacrum.canal(x, y, z);
      const layer =
        Math.abs(depthMm - 0.3 - thicknessMm / 2) - thicknessMm / 2 + 0.3 * rough(x / 2 + 5, y / 2, z / 2);
      const dorsal = -v - sacrum.canalDepthMm(s) * 0.42;
      return 0.8 * Math.max(smoothMax(spread, layer, 1), dorsal);
    },
    box: grownBox({ min: at, max: at }, Math.max(halfWidthMm, halfLengthMm) + 4),
  };
}
