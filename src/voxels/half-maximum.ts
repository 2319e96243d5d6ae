// Local half maximum: midway between a part's plateau and what surrounds it, where a blurred edge is placed right.
// A fixed threshold is wrong by -88 % to +115 % on small leaks (simulation in DOMAIN.md, section 2).
import type { VoxelGrid } from "#core/space";
import type { CtVolume } from "#core/volume";
import type { RunMask } from "./mask.ts";
import { forEachRun, requireSameShape, voxelCount } from "./mask.ts";
import { dilate } from "./morphology.ts";
import { difference, union } from "./set-operations.ts";

/** HU of the mask's voxels, ascending. */
function sortedHu(mask: RunMask, volume: CtVolume): Int16Array {
  requireSameShape(mask, volume.grid);
  const { columns, rows } = volume.grid;
  const values = new Int16Array(voxelCount(mask));
  let at = 0;
  forEachRun(mask, (j, k, start, end) => {
    const offset = (k * rows + j) * columns;
    values.set(volume.hu.subarray(offset + start, offset + end), at);
    at += end - start;
  });
  return values.sort();
}

/** Middle value; for an even number, the mean of the two in the middle. */
function medianOfSorted(values: Int16Array): number {
  const half = values.length >> 1;
  return values.length % 2 === 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

/** Median HU of a mask, or null for an empty one. */
export function medianHu(mask: RunMask, volume: CtVolume): number | null {
  const values = sortedHu(mask, volume);
  return values.length === 0 ? null : medianOfSorted(values);
}

/**
 * Plateau of a part: median of its densest share (a quarter unless told otherwise, at least one voxel), or null for an
 * empty mask. In parts thinner than the scanner's blur this is below the material's true HU.
 */
export function plateauHu(mask: RunMask, volume: CtVolume, topShare = 0.25): number | null {
  const values = sortedHu(mask, volume);
  if (values.length === 0) return null;
  const kept = Math.min(values.length, Math.max(1, Math.ceil(values.length * topShare)));
  return medianOfSorted(values.subarray(values.length - kept));
}

/** Voxels farther than innerMm and at most outerMm from the mask (centre to centre). Regular spacing is assumed, as in morphology. */
export const ringMask = (mask: RunMask, grid: VoxelGrid, innerMm: number, outerMm: number): RunMask =>
  difference(dilate(mask, grid, outerMm), dilate(mask, grid, innerMm));

export interface RingOptions {
  /** Voxels up to this far from the part are left out of the ring: partial volume. Default 1.5 mm, never under one voxel's diagonal. */
  readonly innerMm?: number;
  /** Outer border of the ring, default innerMm + 2 mm. */
  readonly outerMm?: number;
  /** Voxels that are no background, such as other cement. */
  readonly exclude?: RunMask;
  /** Share of the part that makes the plateau, default 0.25. */
  readonly topShare?: number;
}

export interface HalfMaximum {
  readonly plateauHu: number;
  readonly backgroundHu: number;
  /** Midpoint of the two: the local threshold. */
  readonly halfMaximumHu: number;
  readonly ringVoxels: number;
  /** The plateau sits at the scanner's ceiling, so that plateau and midpoint are lower bounds. */
  readonly plateauClipped: boolean;
}

/**
 * Plateau, background and midpoint around one part. Null when there is nothing to compare: an empty part, or a ring with
 * no voxel left (the part fills the scan, or everything around it is excluded).
 */
export function halfMaximum(part: RunMask, volume: CtVolume, options: RingOptions = {}): HalfMaximum | null {
  const plateau = plateauHu(part, volume, options.topShare);
  if (plateau === null) return null;
  const { grid } = volume;
  const innerMm = options.innerMm ?? Math.max(1.5, Math.hypot(grid.columnSpacingMm, grid.rowSpacingMm));
  const outerMm = options.outerMm ?? innerMm + 2;
  const near = dilate(part, grid, innerMm);
  const ring = difference(dilate(part, grid, outerMm), options.exclude ? union(near, options.exclude) : near);
  const background = medianHu(ring, volume);
  if (background === null) return null;
  return {
    plateauHu: plateau,
    backgroundHu: background,
    halfMaximumHu: (plateau + background) / 2,
    ringVoxels: voxelCount(ring),
    plateauClipped: volume.clippedAtHu !== null && plateau >= volume.clippedAtHu,
  };
}
