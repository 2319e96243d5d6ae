// Islands of a mask: its 26-connected pieces, taken apart, picked at a voxel, or dropped where they are small.
import { voxelVolumeMm3, type VoxelGrid } from "#core/space";
import { componentAt, componentMask, componentMasks, components, selectComponents } from "./components.ts";
import { forEachRun, requireSameShape, type RunMask } from "./mask.ts";

/** The islands, the one with most voxels first; none for an empty mask. Together they are the mask. */
export function splitIslands(mask: RunMask): RunMask[] {
  const labels = components(mask);
  return componentMasks(
    mask,
    labels,
    Array.from({ length: labels.count }, (_, n) => n + 1),
  );
}

/** The island that holds voxel (i, j, k); null where the voxel is not set. */
export function islandAt(mask: RunMask, i: number, j: number, k: number): RunMask | null {
  const labels = components(mask);
  const label = componentAt(mask, labels, i, j, k);
  return label === 0 ? null : componentMask(mask, labels, label);
}

/** The island with most voxels (of equal ones the first in `[k][j][i]` order); empty for an empty mask. */
export const largestIsland = (mask: RunMask): RunMask => componentMask(mask, components(mask), 1);

/** The mask without islands of less than `leastMm3` (each voxel counted with its slice's thickness). */
export function withoutSmallIslands(mask: RunMask, grid: VoxelGrid, leastMm3: number): RunMask {
  requireSameShape(mask, grid);
  const labels = components(mask);
  const mm3 = new Float64Array(labels.count + 1);
  forEachRun(mask, (_, k, start, end, run) => {
    mm3[labels.labelOfRun[run]] += (end - start) * voxelVolumeMm3(grid, k);
  });
  return selectComponents(mask, labels, (label) => mm3[label] >= leastMm3);
}
