// Filling between slices: the shape goes over from one drawn slice to the next by its signed distance.
//
// Shape-based interpolation (Raya & Udupa, IEEE Trans Med Imaging 9, 1990): between two slices the signed distance to the
// outline is interpolated by the slices' true positions; what is not outside belongs to the shape.
import type { VoxelGrid } from "#core/space";
import { dot, sliceNormal } from "#core/space";
import { boundingBox } from "./box.ts";
import { signedDistance } from "./distance.ts";
import type { RunMask } from "./mask.ts";
import { requireSameShape, RunBuilder } from "./mask.ts";

/**
 * The mask with every slice that it leaves out between two of its slices filled; slices with any voxel stay as they are.
 * Where two neighbouring drawn slices lie beside each other rather than over each other, little or nothing comes between.
 */
export function fillBetweenSlices(mask: RunMask, grid: VoxelGrid): RunMask {
  requireSameShape(mask, grid);
  const drawn: number[] = [];
  for (let k = 0; k < mask.slices; k++)
    if (mask.rowStart[k * mask.rows] < mask.rowStart[(k + 1) * mask.rows]) drawn.push(k);
  const normal = sliceNormal(grid);
  const depth = (k: number): number => dot(grid.slicePositions[k], normal);
  const builder = new RunBuilder(mask);
  drawn.forEach((k, n) => {
    for (let j = 0; j < mask.rows; j++) builder.addRow(mask, k * mask.rows + j);
    const next = drawn[n + 1];
    if (next === undefined || next === k + 1) return;
    const outlines = outlinesOf(mask, grid, k, next);
    for (let between = k + 1; between < next; between++)
      addBetween(builder, mask, outlines, between, (depth(between) - depth(k)) / (depth(next) - depth(k)));
  });
  return builder.finish();
}

type Outlines = NonNullable<ReturnType<typeof outlinesOf>>;

/** Signed distances in the plane, mm, of two slices over the box around both. */
function outlinesOf(mask: RunMask, grid: VoxelGrid, k: number, next: number) {
  const [a, b] = [sliceOf(mask, k), sliceOf(mask, next)];
  const [around, below] = [boundingBox(a), boundingBox(b)];
  if (!around || !below) return null;
  const box = {
    i0: Math.min(around.i0, below.i0),
    j0: Math.min(around.j0, below.j0),
    k0: 0,
    i1: Math.max(around.i1, below.i1),
    j1: Math.max(around.j1, below.j1),
    k1: 1,
  };
  const flat: VoxelGrid = { ...grid, slices: 1, slicePositions: [grid.slicePositions[k]] };
  return { box, first: signedDistance(a, flat, box).mm, second: signedDistance(b, flat, box).mm };
}

/** One slice as a mask of its own. */
function sliceOf(mask: RunMask, k: number): RunMask {
  const first = mask.rowStart[k * mask.rows];
  const last = mask.rowStart[(k + 1) * mask.rows];
  return {
    columns: mask.columns,
    rows: mask.rows,
    slices: 1,
    rowStart: mask.rowStart.slice(k * mask.rows, (k + 1) * mask.rows + 1).map((at) => at - first),
    start: mask.start.slice(first, last),
    end: mask.end.slice(first, last),
  };
}

function addBetween(
  builder: RunBuilder,
  mask: RunMask,
  outlines: Outlines | null,
  k: number,
  share: number,
): void {
  if (!outlines) return;
  const { box, first, second } = outlines;
  let at = 0;
  for (let j = box.j0; j < box.j1; j++) {
    for (let i = box.i0; i < box.i1; i++, at++)
      if ((1 - share) * first[at] + share * second[at] <= 0) builder.add(k * mask.rows + j, i, i + 1);
  }
}
