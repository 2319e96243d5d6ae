// Cement in a sacroiliac joint: what is as bright as cement in the gap's middle and spreads along it; a needle's track only crosses it.
import { patientFromVoxel, spacingMm } from "#core/space";
import type { CtVolume } from "#core/volume";
import type { RunMask } from "#voxels/mask";
import { forEachRun, RunBuilder } from "#voxels/mask";
import { maskVolumeMm3 } from "#voxels/statistics";
import { partsOf } from "./cement-mask.ts";
import type { JointSpace } from "./joint-space.ts";
import { JOINT_HALF_MM } from "./joint-space.ts";
import type { LeakPart } from "./leak-region.ts";
import { shapeOf } from "./shape.ts";
import { THIN_SLICE_MM } from "./thick-traces.ts";

/** A cortex beside the gap blurs into it; cement that fills the gap is this bright, of its plateau. */
const LEAST_BRIGHT = 0.6;
const LEAST_MM3 = 40;
/** A needle crosses the gap in an ellipse of up to 6 mm, which a thick slice draws out by its thickness. */
const LEAST_LENGTH_MM = 9;
/** Cement in the sacrum that a sheet found 1 mm off takes in does not reach the gap's other half by this share of its voxels. */
const LEAST_SHARE_BEYOND = 0.3;

/**
 * Parts of `cement` (on the acquired grid: all dense parts of the region) that lie in a joint's gap, off both cortices. `cementHu` is the
 * plateau of this patient's cement.
 */
export function jointParts(
  volume: CtVolume,
  cement: RunMask,
  joints: readonly JointSpace[],
  cementHu: number,
): LeakPart[] {
  const { grid, hu } = volume;
  const sliceMm = spacingMm(grid)[2];
  const leastLengthMm = LEAST_LENGTH_MM + (sliceMm > THIN_SLICE_MM ? sliceMm : 0);
  return joints.flatMap((joint) => {
    const inGap = new RunBuilder(grid);
    const beyond = new Set<number>();
    const borderHu = (cementHu + joint.gapHu) / 2;
    forEachRun(cement, (j, k, start, end) => {
      const row = k * grid.rows + j;
      for (let i = start; i < end; i++) {
        const at = row * grid.columns + i;
        if (hu[at] < borderHu) continue;
        const mm = joint.acrossMm(patientFromVoxel(grid, i, j, k));
        if (mm === null || Math.abs(mm) > JOINT_HALF_MM) continue;
        inGap.add(row, i, i + 1);
        if (mm > 0) beyond.add(at);
      }
    });
    return partsOf(inGap.finish(), grid, LEAST_MM3).flatMap((mask): LeakPart[] => {
      const values: number[] = [];
      let across = 0;
      forEachRun(mask, (j, k, start, end) => {
        const base = (k * grid.rows + j) * grid.columns;
        for (let i = start; i < end; i++) {
          values.push(hu[base + i]);
          if (beyond.has(base + i)) across++;
        }
      });
      values.sort((a, b) => a - b);
      const { longestMm } = shapeOf(mask, grid);
      const plateauHu = values[Math.floor(values.length * 0.875)];
      if (
        plateauHu < LEAST_BRIGHT * cementHu ||
        longestMm < leastLengthMm ||
        across < LEAST_SHARE_BEYOND * values.length ||
        maskVolumeMm3(mask, grid) < LEAST_MM3
      )
        return [];
      const peakHu = values[values.length - 1];
      return [{ mask, compartment: "joint", beyondMm: JOINT_HALF_MM, peakHu, borderHu }];
    });
  });
}
