// What an opening has reached, on the browser's own time line (User Timing), for whoever times the page from outside.
import type { CtVolume } from "#core/volume";
import type { Plane } from "./contract.ts";

/**
 * `clv:files`: files were given; `clv:first-image`: a picture of the case is drawn; `clv:volume`: the last voxel is decoded, and both
 * the worker's jobs and the page have it; `clv:planes`: the three planes are drawn. They hold no word of the case.
 */
type OpeningMark = "clv:files" | "clv:first-image" | "clv:volume" | "clv:planes";

const AFTER_FILES: readonly OpeningMark[] = ["clv:first-image", "clv:volume", "clv:planes"];

/** Notes the first time that the opening has come this far. */
export function markOpening(mark: OpeningMark): void {
  if (performance.getEntriesByName(mark).length === 0) performance.mark(mark);
}

/** Another set of files: the marks of the one before go. */
export function markFilesGiven(): void {
  performance.clearMarks("clv:files");
  markCaseBegun();
  performance.mark("clv:files");
}

/** Another series is loaded. */
export function markCaseBegun(): void {
  for (const mark of AFTER_FILES) performance.clearMarks(mark);
}

/** Planes that have been drawn of each volume. */
const drawn = new WeakMap<CtVolume, Set<Plane>>();

/** A plane of the open volume has been drawn. */
export function markDrawn(plane: Plane, volume: CtVolume): void {
  const planes = drawn.get(volume) ?? new Set();
  drawn.set(volume, planes.add(plane));
  markOpening("clv:first-image");
  if (planes.size === 3) markOpening("clv:planes");
}
