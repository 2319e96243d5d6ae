// The slices of one series that are decoded so far: what a loading begins with, and what one that failed half-way leaves.
import type { Problem } from "#core/problem";

/** What a slice told when it was decoded. */
export interface DecodedSlice {
  readonly maxHu: number;
  readonly storableHu: readonly [number, number];
  readonly lossy: boolean;
  /** Highest HU of each block of 64 voxels (`sliceMaximum`). */
  readonly blockMaximumHu: Int16Array;
  readonly problems: readonly Problem[];
}

export class KeptSlices {
  /** Memory of the volume; null before the first loading, and again once it is whole and handed on. */
  hu: Int16Array | null = null;
  /** By their place in the volume. */
  readonly slices = new Map<number, DecodedSlice>();
}
