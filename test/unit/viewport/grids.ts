// Small grids of every kind the views must show, and a seeded source of numbers.
import type { Vec3, VoxelGrid } from "#core/space";
import { add, cross, scale } from "#core/space";

export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

export interface GridShape {
  readonly rowDirection: Vec3;
  readonly columnDirection: Vec3;
  /** mm that each slice is shifted along the column direction per mm of depth (gantry tilt). */
  readonly shear?: number;
  /** Every third gap is this many times wider. */
  readonly unevenBy?: number;
}

export const positions: Readonly<Record<"HFS" | "HFP" | "FFS" | "FFP", GridShape>> = {
  HFS: { rowDirection: [1, 0, 0], columnDirection: [0, 1, 0] },
  HFP: { rowDirection: [-1, 0, 0], columnDirection: [0, -1, 0] },
  FFS: { rowDirection: [-1, 0, 0], columnDirection: [0, 1, 0] },
  FFP: { rowDirection: [1, 0, 0], columnDirection: [0, -1, 0] },
};

/** 24 x 20 x 14 voxels of 1.5 x 1.25 x 2.5 mm, centred on (3, -8, 40). */
export function makeGrid({ rowDirection, columnDirection, shear = 0, unevenBy = 1 }: GridShape): VoxelGrid {
  const [columns, rows, slices] = [24, 20, 14];
  const [columnSpacingMm, rowSpacingMm] = [1.5, 1.25];
  const normal = cross(rowDirection, columnDirection);
  const corner = add(
    add([3, -8, 40], scale(rowDirection, (-columnSpacingMm * (columns - 1)) / 2)),
    scale(columnDirection, (-rowSpacingMm * (rows - 1)) / 2),
  );
  let depth = (-2.5 * (slices - 1)) / 2;
  const slicePositions = Array.from({ length: slices }, (_, k) => {
    const at = add(add(corner, scale(normal, depth)), scale(columnDirection, depth * shear));
    depth += k % 3 === 2 ? 2.5 * unevenBy : 2.5;
    return at;
  });
  return {
    columns,
    rows,
    slices,
    columnSpacingMm,
    rowSpacingMm,
    rowDirection,
    columnDirection,
    slicePositions,
  };
}
