// What a ball cannot reach from outside: fills a bone whose cortex has gaps narrower than the ball, and leaves wide canals open.
import type { VoxelGrid } from "#core/space";
import { wholeBox } from "./box.ts";
import { components, selectComponents } from "./components.ts";
import { distanceToMaskMm } from "./distance.ts";
import type { RunMask } from "./mask.ts";
import { forEachRun, RunBuilder } from "./mask.ts";
import { dilate } from "./morphology.ts";
import { complementInBox } from "./set-operations.ts";

/**
 * Background that a ball of `radiusMm` reaches without touching the mask, rolling in from places that are at least `openMm` away
 * from the mask (open soft tissue) and that reach the sides of the grid - not its first or last slice, where marrow is cut open. A vessel or canal is entered where the ball fits; marrow behind a cortex with smaller gaps is not.
 */
export function reachedByBall(mask: RunMask, grid: VoxelGrid, radiusMm: number, openMm: number): RunMask {
  const { mm } = distanceToMaskMm(mask, grid, wholeBox(mask));
  const centres = new RunBuilder(mask);
  for (let row = 0; row < mask.rows * mask.slices; row++) {
    const base = row * mask.columns;
    let i = 0;
    while (i < mask.columns) {
      if (mm[base + i] < radiusMm) {
        i++;
        continue;
      }
      const first = i++;
      while (i < mask.columns && mm[base + i] >= radiusMm) i++;
      centres.add(row, first, i);
    }
  }
  const places = centres.finish();
  const labels = components(places, 6);
  const open = new Uint8Array(labels.count + 1);
  const atSide = new Uint8Array(labels.count + 1);
  forEachRun(places, (j, k, start, end, run) => {
    const label = labels.labelOfRun[run];
    if (j === 0 || j === mask.rows - 1 || start === 0 || end === mask.columns) atSide[label] = 1;
    if (open[label] === 1) return;
    const base = (k * mask.rows + j) * mask.columns;
    for (let i = start; i < end; i++) if (mm[base + i] >= openMm) open[label] = 1;
  });
  // the ball covers everything closer than its radius; half a voxel less keeps it off the mask's own surface
  return dilate(
    selectComponents(places, labels, (label) => open[label] === 1 && atSide[label] === 1),
    grid,
    radiusMm - grid.columnSpacingMm / 2,
  );
}

/** The mask with everything a ball cannot reach filled in; the inverse of `reachedByBall`. */
export const filledByBall = (mask: RunMask, grid: VoxelGrid, radiusMm: number, openMm: number): RunMask =>
  complementInBox(reachedByBall(mask, grid, radiusMm, openMm));
