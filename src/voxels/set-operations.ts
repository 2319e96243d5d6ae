// Union, intersection, difference and clipping of masks, merged run by run; cost follows the runs, not the voxels.
import { intersectBoxes, isEmptyBox, wholeBox } from "./box.ts";
import type { MaskShape, RunMask, VoxelBox } from "./mask.ts";
import { emptyMask, RunBuilder, requireSameShape, sameShape } from "./mask.ts";

/** Voxels of either mask. Throws RangeError when the grids differ, as do the others here. */
export function union(a: RunMask, b: RunMask): RunMask {
  requireSameShape(a, b);
  const builder = new RunBuilder(a);
  const rowCount = a.rows * a.slices;
  for (let row = 0; row < rowCount; row++) {
    let m = a.rowStart[row];
    let n = b.rowStart[row];
    const lastA = a.rowStart[row + 1];
    const lastB = b.rowStart[row + 1];
    while (m < lastA || n < lastB) {
      if (n === lastB || (m < lastA && a.start[m] <= b.start[n])) {
        builder.add(row, a.start[m], a.end[m]);
        m++;
      } else {
        builder.add(row, b.start[n], b.end[n]);
        n++;
      }
    }
  }
  return builder.finish();
}

/** Voxels of any of the masks; empty for an empty list. */
export const unionAll = (shape: MaskShape, masks: readonly RunMask[]): RunMask =>
  masks.reduce((all, mask) => union(all, mask), emptyMask(shape));

/** Voxels of both masks. */
export function intersection(a: RunMask, b: RunMask): RunMask {
  requireSameShape(a, b);
  const builder = new RunBuilder(a);
  const rowCount = a.rows * a.slices;
  for (let row = 0; row < rowCount; row++) {
    let m = a.rowStart[row];
    let n = b.rowStart[row];
    const lastA = a.rowStart[row + 1];
    const lastB = b.rowStart[row + 1];
    while (m < lastA && n < lastB) {
      builder.add(row, Math.max(a.start[m], b.start[n]), Math.min(a.end[m], b.end[n]));
      if (a.end[m] < b.end[n]) m++;
      else n++;
    }
  }
  return builder.finish();
}

/** Number of voxels of both masks, without making their intersection. */
export function overlapCount(a: RunMask, b: RunMask): number {
  requireSameShape(a, b);
  let count = 0;
  const rowCount = a.rows * a.slices;
  for (let row = 0; row < rowCount; row++) {
    let m = a.rowStart[row];
    let n = b.rowStart[row];
    const lastA = a.rowStart[row + 1];
    const lastB = b.rowStart[row + 1];
    while (m < lastA && n < lastB) {
      count += Math.max(0, Math.min(a.end[m], b.end[n]) - Math.max(a.start[m], b.start[n]));
      if (a.end[m] < b.end[n]) m++;
      else n++;
    }
  }
  return count;
}

/** Voxels of `a` that are not in `b`. */
export function difference(a: RunMask, b: RunMask): RunMask {
  requireSameShape(a, b);
  const builder = new RunBuilder(a);
  const rowCount = a.rows * a.slices;
  for (let row = 0; row < rowCount; row++) {
    let n = b.rowStart[row];
    const lastA = a.rowStart[row + 1];
    const lastB = b.rowStart[row + 1];
    for (let m = a.rowStart[row]; m < lastA; m++) {
      let from = a.start[m];
      const to = a.end[m];
      while (n < lastB && b.end[n] <= from) n++;
      while (n < lastB && b.start[n] < to) {
        builder.add(row, from, b.start[n]);
        from = b.end[n];
        if (from >= to) break;
        n++;
      }
      builder.add(row, from, to);
    }
  }
  return builder.finish();
}

/** Whether both hold exactly the same voxels of the same grid. */
export function equalMasks(a: RunMask, b: RunMask): boolean {
  if (!sameShape(a, b) || a.start.length !== b.start.length) return false;
  for (let row = 0; row < a.rowStart.length; row++) if (a.rowStart[row] !== b.rowStart[row]) return false;
  for (let n = 0; n < a.start.length; n++)
    if (a.start[n] !== b.start[n] || a.end[n] !== b.end[n]) return false;
  return true;
}

/** The voxels of the mask inside the box. */
export function clipToBox(mask: RunMask, box: VoxelBox): RunMask {
  const inside = intersectBoxes(box, wholeBox(mask));
  if (isEmptyBox(inside)) return emptyMask(mask);
  const builder = new RunBuilder(mask);
  for (let k = inside.k0; k < inside.k1; k++) {
    for (let j = inside.j0; j < inside.j1; j++) {
      const row = k * mask.rows + j;
      for (let n = mask.rowStart[row]; n < mask.rowStart[row + 1]; n++) {
        builder.add(row, Math.max(mask.start[n], inside.i0), Math.min(mask.end[n], inside.i1));
      }
    }
  }
  return builder.finish();
}

/** Every voxel of the box (cut to the grid) that is not in the mask. */
export function complementInBox(mask: RunMask, box: VoxelBox = wholeBox(mask)): RunMask {
  const inside = intersectBoxes(box, wholeBox(mask));
  if (isEmptyBox(inside)) return emptyMask(mask);
  const builder = new RunBuilder(mask);
  for (let k = inside.k0; k < inside.k1; k++) {
    for (let j = inside.j0; j < inside.j1; j++) {
      const row = k * mask.rows + j;
      let from = inside.i0;
      for (let n = mask.rowStart[row]; n < mask.rowStart[row + 1] && from < inside.i1; n++) {
        builder.add(row, from, Math.min(mask.start[n], inside.i1));
        from = Math.max(from, mask.end[n]);
      }
      builder.add(row, from, inside.i1);
    }
  }
  return builder.finish();
}

/** All voxels of a box (cut to the grid). */
export const boxMask = (shape: MaskShape, box: VoxelBox): RunMask => complementInBox(emptyMask(shape), box);
