// The CT volume in Hounsfield units on the grid that was acquired.
import type { VoxelGrid } from "./space.ts";

/** How values that are not HU were put on a relative scale: air at -1000, soft tissue at 50. */
export interface RelativeScale {
  /** What told that they are no HU: the unit, the kind of object, a missing rescale, or the values themselves. */
  readonly because: "unit-unspecified" | "cone-beam-object" | "no-rescale" | "values-cannot-be-hu";
  /** Stored values that were taken for air and soft tissue. */
  readonly air: number;
  readonly tissue: number;
  /** No air lies in the field of view: `air` is what is stored outside it, where nothing was measured. */
  readonly airOutside?: boolean;
}

export interface CtVolume {
  readonly grid: VoxelGrid;
  /** HU, `[k][j][i]`, i fastest; length columns * rows * slices. Over a SharedArrayBuffer where the page is isolated. */
  readonly hu: Int16Array;
  /** Lowest and highest HU that the stored type and rescale can hold (3071 for 12-bit CT): the top of the threshold slider. */
  readonly storableHu: readonly [number, number];
  /** HU at and above which voxels are clipped (the scanner's ceiling), or null when nothing piles up at the maximum. */
  readonly clippedAtHu: number | null;
  /** Set where `hu` holds no HU but relative values: nothing that rests on HU may be shown or exported. */
  readonly relative?: RelativeScale;
}

/** Flat index into `hu` of voxel (i, j, k). */
export const voxelIndex = (grid: VoxelGrid, i: number, j: number, k: number): number =>
  (k * grid.rows + j) * grid.columns + i;
