// Half-open voxel boxes: around a mask, grown, and cut to the grid.
import type { Vec3, VoxelGrid } from "#core/space";
import { spacingMm } from "#core/space";
import type { MaskShape, RunMask, VoxelBox } from "./mask.ts";

/** The whole grid as a box. */
export const wholeBox = (shape: MaskShape): VoxelBox => ({
  i0: 0,
  j0: 0,
  k0: 0,
  i1: shape.columns,
  j1: shape.rows,
  k1: shape.slices,
});

export const isEmptyBox = (box: VoxelBox): boolean =>
  box.i1 <= box.i0 || box.j1 <= box.j0 || box.k1 <= box.k0;

export const boxVoxels = (box: VoxelBox): number =>
  isEmptyBox(box) ? 0 : (box.i1 - box.i0) * (box.j1 - box.j0) * (box.k1 - box.k0);

/** The part that two boxes share; may be empty (`isEmptyBox`). */
export const intersectBoxes = (a: VoxelBox, b: VoxelBox): VoxelBox => ({
  i0: Math.max(a.i0, b.i0),
  j0: Math.max(a.j0, b.j0),
  k0: Math.max(a.k0, b.k0),
  i1: Math.min(a.i1, b.i1),
  j1: Math.min(a.j1, b.j1),
  k1: Math.min(a.k1, b.k1),
});

/** `box` grown by whole voxels on each side, without cutting it to a grid. Negative amounts shrink. */
export const expandBox = (box: VoxelBox, di: number, dj = di, dk = di): VoxelBox => ({
  i0: box.i0 - di,
  j0: box.j0 - dj,
  k0: box.k0 - dk,
  i1: box.i1 + di,
  j1: box.j1 + dj,
  k1: box.k1 + dk,
});

/** `box` grown by whole voxels (one number, or along i, j, k) and cut to the grid. */
export function growBox(box: VoxelBox, by: number | Vec3, shape: MaskShape): VoxelBox {
  const [di, dj, dk] = typeof by === "number" ? [by, by, by] : by;
  return intersectBoxes(expandBox(box, di, dj, dk), wholeBox(shape));
}

/** Whole voxels that cover a length, not fooled by 2.1 / 0.7 being a little over 3. */
const voxelsAcross = (mm: number, spacing: number): number => Math.ceil((mm / spacing) * (1 - 1e-9));

/** `box` grown by at least `marginMm` on each side (mean slice spacing) and cut to the grid. */
export function growBoxMm(box: VoxelBox, marginMm: number, grid: VoxelGrid): VoxelBox {
  const [si, sj, sk] = spacingMm(grid);
  return growBox(
    box,
    [voxelsAcross(marginMm, si), voxelsAcross(marginMm, sj), voxelsAcross(marginMm, sk)],
    grid,
  );
}

/** The smallest box around the mask, or null for an empty mask. */
export function boundingBox(mask: RunMask): VoxelBox | null {
  const { rowStart, start, end, rows } = mask;
  if (start.length === 0) return null;
  let i0 = Infinity;
  let i1 = 0;
  let j0 = Infinity;
  let j1 = 0;
  let k0 = Infinity;
  let k1 = 0;
  for (let k = 0; k < mask.slices; k++) {
    if (rowStart[k * rows] === rowStart[(k + 1) * rows]) continue;
    if (k < k0) k0 = k;
    k1 = k + 1;
    for (let j = 0; j < rows; j++) {
      const first = rowStart[k * rows + j];
      const last = rowStart[k * rows + j + 1];
      if (first === last) continue;
      if (j < j0) j0 = j;
      if (j >= j1) j1 = j + 1;
      if (start[first] < i0) i0 = start[first];
      if (end[last - 1] > i1) i1 = end[last - 1];
    }
  }
  return { i0, j0, k0, i1, j1, k1 };
}
