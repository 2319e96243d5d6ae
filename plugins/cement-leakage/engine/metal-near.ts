// How much of a part lies in slices with metal, whose streaks change HU far from it.
import type { CtVolume } from "#core/volume";
import type { RunMask } from "#voxels/mask";
import { forEachRun } from "#voxels/mask";

/** Nothing but metal is this dense over an area that the densest clumps of cement do not have, HU and mm2 in a slice. */
const METAL_HU = 3000;
const LEAST_MM2 = 20;

/** Share (0 to 1) of the part's voxels that lie in slices with metal; `cement` does not count as metal however dense it is. */
export function shareAmidMetal({ grid, hu }: CtVolume, part: RunMask, cement: readonly RunMask[]): number {
  const inSlice = new Map<number, number>();
  let voxels = 0;
  forEachRun(part, (_j, k, start, end) => {
    inSlice.set(k, (inSlice.get(k) ?? 0) + end - start);
    voxels += end - start;
  });
  const pixels = grid.columns * grid.rows;
  const dense = new Map<number, number>();
  for (const k of inSlice.keys()) {
    let count = 0;
    for (let at = k * pixels; at < (k + 1) * pixels; at++) if (hu[at] >= METAL_HU) count++;
    dense.set(k, count);
  }
  for (const mask of cement)
    forEachRun(mask, (j, k, start, end) => {
      const count = dense.get(k);
      if (!count) return;
      const row = k * pixels + j * grid.columns;
      let own = 0;
      for (let i = start; i < end; i++) if (hu[row + i] >= METAL_HU) own++;
      dense.set(k, count - own);
    });
  let amid = 0;
  for (const [k, count] of inSlice)
    if ((dense.get(k) ?? 0) * grid.columnSpacingMm * grid.rowSpacingMm >= LEAST_MM2) amid += count;
  return voxels === 0 ? 0 : amid / voxels;
}
