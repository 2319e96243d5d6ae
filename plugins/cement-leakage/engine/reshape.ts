// A part's form changed as a whole: grown, shrunk, smoothed, filled. Pure, so that large parts are done in the worker.
import type { CtVolume } from "#core/volume";
import { fillBetweenSlices } from "#voxels/between-slices";
import { boundingBox } from "#voxels/box";
import type { RunMask } from "#voxels/mask";
import { dilate, erode, fillHoles3d } from "#voxels/morphology";
import { intersection, union } from "#voxels/set-operations";
import { smoothByMajority } from "#voxels/smooth";
import { thresholdMask } from "#voxels/threshold";

/** What is done to the part's voxels; mm of one step, or of the ball that smooths. */
export type Reshaping =
  /** `lowestHu`: takes only voxels at or above it; null takes any. */
  | { readonly how: "grow"; readonly mm: number; readonly lowestHu: number | null }
  | { readonly how: "shrink" | "smooth"; readonly mm: number }
  | { readonly how: "fill-holes" | "fill-between" };

/** The voxels of a mask from `lowHu` to `highHu`, both included. */
export function withinHu(mask: RunMask, { hu, grid }: CtVolume, lowHu: number, highHu: number): RunMask {
  const box = boundingBox(mask);
  return box ? intersection(mask, thresholdMask(hu, grid, lowHu, highHu, box)) : mask;
}

export function reshape(mask: RunMask, volume: CtVolume, change: Reshaping): RunMask {
  const { grid } = volume;
  switch (change.how) {
    case "grow": {
      const grown = dilate(mask, grid, change.mm);
      return union(
        mask,
        change.lowestHu === null ? grown : withinHu(grown, volume, change.lowestHu, Infinity),
      );
    }
    case "shrink":
      return erode(mask, grid, change.mm, { beyondGrid: "mask" });
    case "smooth":
      return smoothByMajority(mask, grid, change.mm);
    case "fill-holes":
      return fillHoles3d(mask);
    case "fill-between":
      return fillBetweenSlices(mask, grid);
  }
}
