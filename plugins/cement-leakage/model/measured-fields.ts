// Fields that are measured on voxels, in the findings and in the working document: sizes, HU, and a leak's place in the body.
import { z } from "zod";

/** What a distance to a nerve is worth: the program never says that there is no contact. */
export const NERVE_COURSES =
  "estimated from the bone, to about 10 mm; never excludes contact with a nerve" as const;

export const uid = z
  .string()
  .max(64)
  .regex(/^[0-9]+(\.[0-9]+)*$/, "must be a DICOM UID: digits and dots, at most 64 characters");
export const nonNegative = z.number().nonnegative();
const segmentRef = z.strictObject({ segSopInstanceUid: uid, segmentNumber: z.int().positive() });

/** What is measured on a segment's voxels, and how sure the volume is. */
export const measures = {
  segmentRef: segmentRef.optional(),
  trackingId: z.string().optional(),
  trackingUid: uid.optional(),
  /** Voxel count times voxel volume of the exported segment. */
  volumeMm3: nonNegative.optional(),
  /** Partial-volume-aware estimate, with its 95 % interval. */
  volumeEstimateMm3: nonNegative.optional(),
  volumeCi95Mm3: z.tuple([nonNegative, nonNegative]).optional(),
  /** Largest distance between voxel centres. */
  max3dDiameterMm: nonNegative.optional(),
  huMean: z.number().optional(),
  huMax: z.number().optional(),
  huSd: nonNegative.optional(),
  /** Voxels at the scanner's ceiling: mean and maximum are lower bounds. */
  huClipped: z.boolean().optional(),
  thresholdHu: z.number().optional(),
  method: z.string().optional(),
  /** Touches the first or last slice or the edge of the image: at least this much. */
  incomplete: z.boolean().optional(),
};

/** What the engine measured of a leak's place; only for the voxels that it was measured on. */
export const geometrySchema = z.strictObject({
  voxels: z.int().nonnegative(),
  attached: z.boolean(),
  neckAreaMm2: nonNegative.optional(),
  shape: z.enum(["tubular", "sheet", "blob", "straight column"]),
  /** The border of bone is known to this many mm here. */
  borderUncertaintyMm: nonNegative,
  toCanalMm: nonNegative.optional(),
  toForamenMm: nonNegative.optional(),
  toPelvicSurfaceMm: nonNegative.optional(),
  /** Nerve courses are estimated from the bone, to about 10 mm: a distance never says "no contact". */
  toL5RootEstimatedMm: nonNegative.optional(),
  toLumbosacralTrunkEstimatedMm: nonNegative.optional(),
  /** Stands wherever one of the two distances does. */
  nerveCourses: z.literal(NERVE_COURSES).optional(),
  /** Largest share of the canal's depth, front to back, in any slice. */
  canalNarrowingPct: z.number().min(0).max(100).optional(),
});
