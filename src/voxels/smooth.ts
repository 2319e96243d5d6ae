// Smoothing by majority: a voxel is set when at least half of the ball around it is. The median of a mask, in mm.
import type { VoxelGrid } from "#core/space";
import { spacingMm } from "#core/space";
import { ballReach, ballRows } from "./ball.ts";
import { boundingBox, expandBox, growBox, intersectBoxes, wholeBox } from "./box.ts";
import type { RunMask } from "./mask.ts";
import { requireSameShape, RunBuilder } from "./mask.ts";

/**
 * The majority in a ball of radiusMm: bumps and notches smaller than it go, and the volume stays about the same. Where exactly
 * half of the ball is set, the voxel keeps what it is. Of a ball that passes the edge of the scan only what lies inside
 * counts, so that the edge does not eat into the mask. Strands thinner than the radius are lost, as with an opening.
 * Mean slice spacing, as in morphology.
 */
export function smoothByMajority(mask: RunMask, grid: VoxelGrid, radiusMm: number): RunMask {
  requireSameShape(mask, grid);
  const around = boundingBox(mask);
  if (!around || !(radiusMm > 0)) return mask;
  const spacing = spacingMm(grid);
  const reach = ballReach(spacing, radiusMm);
  const ball = ballRows(spacing, radiusMm);
  const whole = wholeBox(mask);
  // Rows of a box with room for the whole ball, each as running sums: entry x is the number of set voxels before column x.
  const box = growBox(around, reach, mask);
  const from = intersectBoxes(expandBox(box, ...reach), whole);
  const width = from.i1 - from.i0 + 1;
  const height = from.j1 - from.j0;
  const sums = new Int32Array(width * height * (from.k1 - from.k0));
  for (let k = from.k0, at = 0; k < from.k1; k++) {
    for (let j = from.j0; j < from.j1; j++, at += width) {
      const row = k * mask.rows + j;
      let n = mask.rowStart[row];
      const last = mask.rowStart[row + 1];
      for (let x = 1; x < width; x++) {
        const i = from.i0 + x - 1;
        while (n < last && mask.end[n] <= i) n++;
        sums[at + x] = sums[at + x - 1] + (n < last && mask.start[n] <= i ? 1 : 0);
      }
    }
  }
  const setIn = new Int32Array(box.i1 - box.i0);
  const allIn = new Int32Array(box.i1 - box.i0);
  const builder = new RunBuilder(mask);
  for (let k = box.k0; k < box.k1; k++) {
    for (let j = box.j0; j < box.j1; j++) {
      setIn.fill(0);
      allIn.fill(0);
      for (const { dj, dk, halfWidth } of ball) {
        if (j + dj < 0 || j + dj >= mask.rows || k + dk < 0 || k + dk >= mask.slices) continue;
        const at = ((k + dk - from.k0) * height + (j + dj - from.j0)) * width - from.i0;
        for (let i = box.i0; i < box.i1; i++) {
          const low = Math.max(0, i - halfWidth);
          const high = Math.min(mask.columns, i + halfWidth + 1);
          setIn[i - box.i0] += sums[at + high] - sums[at + low];
          allIn[i - box.i0] += high - low;
        }
      }
      const row = k * mask.rows + j;
      const own = ((k - from.k0) * height + (j - from.j0)) * width - from.i0;
      for (let i = box.i0; i < box.i1; i++) {
        const more = 2 * setIn[i - box.i0] - allIn[i - box.i0];
        if (more > 0 || (more === 0 && sums[own + i + 1] > sums[own + i])) builder.add(row, i, i + 1);
      }
    }
  }
  return builder.finish();
}
