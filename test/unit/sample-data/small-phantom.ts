// A phantom small enough for unit tests: the sacrum alone, 1 mm pixels, 1.5 mm slices.
import type { Phantom } from "../../../sample-data/make-phantom.ts";
import { makePhantom } from "../../../sample-data/make-phantom.ts";
import type { PhantomOptions } from "../../../sample-data/phantom-options.ts";

export const SMALL: Partial<PhantomOptions> = { columns: 150, fovMm: 150, fovCentreYMm: 38, sliceMm: 1.5 };

/** Exact volumes in steps of 0.25 mm (about 0.5 %), or 0.5 mm where slices are coarse, in a fraction of the time. */
export const smallPhantom = (more: Partial<PhantomOptions> = {}): Phantom =>
  makePhantom({ ...SMALL, ...more }, more.sliceMm ? 0.5 : 0.25);

/** Coarser still, for what does not depend on the picture. */
export const COARSE: Partial<PhantomOptions> = { columns: 60, fovMm: 150, fovCentreYMm: 38, sliceMm: 4 };
