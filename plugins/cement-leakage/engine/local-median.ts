// What stands beside a voxel: the median HU of known voxels near it, in blocks of a few millimetres.
import { spacingMm } from "#core/space";
import type { CtVolume } from "#core/volume";
import type { RunMask, VoxelBox } from "#voxels/mask";
import { forEachRun } from "#voxels/mask";

/** Side of a block; the median is over a block and its 26 neighbours. */
const BLOCK_MM = 4;
/** Fewer known voxels than this say nothing of their own. */
const FEWEST = 30;

/**
 * HU near a voxel of `box` (which holds all of `known`): sclerotic bone on one side of a cast, marrow on the other. Where fewer than 30
 * known voxels are near, `elsewhere`. A median, as trabeculae with cement between them are no surroundings.
 */
export function localMedian(
  { grid, hu }: CtVolume,
  known: RunMask,
  box: VoxelBox,
  elsewhere: number,
): (i: number, j: number, k: number) => number {
  const [di, dj, dk] = spacingMm(grid).map((spacing) => Math.max(1, Math.round(BLOCK_MM / spacing)));
  const nx = Math.ceil((box.i1 - box.i0) / di) + 2;
  const ny = Math.ceil((box.j1 - box.j0) / dj) + 2;
  const block = (i: number, j: number, k: number): number =>
    ((Math.floor((k - box.k0) / dk) + 1) * ny + Math.floor((j - box.j0) / dj) + 1) * nx +
    Math.floor((i - box.i0) / di) +
    1;
  const values = new Map<number, number[]>();
  forEachRun(known, (j, k, start, end) => {
    for (let i = start; i < end; i++) {
      const at = block(i, j, k);
      const value = hu[(k * grid.rows + j) * grid.columns + i];
      const own = values.get(at);
      if (own) own.push(value);
      else values.set(at, [value]);
    }
  });
  const medians = new Map<number, number>();
  return (i, j, k) => {
    const at = block(i, j, k);
    let median = medians.get(at);
    if (median === undefined) {
      const near: number[] = [];
      for (let z = -1; z <= 1; z++)
        for (let y = -1; y <= 1; y++)
          for (let x = -1; x <= 1; x++) near.push(...(values.get(at + (z * ny + y) * nx + x) ?? []));
      near.sort((a, b) => a - b);
      median = near.length < FEWEST ? elsewhere : near[near.length >> 1];
      medians.set(at, median);
    }
    return median;
  };
}
