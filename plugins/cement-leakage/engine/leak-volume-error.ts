// How far a leak's volume may be off: the error of each thing that it rests on, added in squares.
import type { LeakSurroundings } from "./leak-volume.ts";

/** What a volume rests on, mm3 and mm2. */
export interface LeakMeasure {
  readonly mm3: number;
  /** Area in which the part lies on bone. */
  readonly contactMm2: number;
  /** Volume of the voxels that cement fills in part. */
  readonly softMm3: number;
  /** Voxels that were followed below the envelope, as a share of the part's. */
  readonly gained: number;
  /** Slices up to 1.5 mm: share of its plateau that the part's middle shows through the blur. */
  readonly kept: number;
  /** Slices thicker than that, and there a part thick enough to have a plateau of its own. */
  readonly coarse: boolean;
  readonly thick: boolean;
  /** Slices that the part lies in. */
  readonly slices: number;
  /** Share of the part that lies in slices with metal. */
  readonly amidMetal: number;
}

/** Where bone is seen its border is known to this. */
const LEAST_BORDER_MM = 0.5;

/**
 * One standard deviation, mm3. The sources: the plateau (more, the more the blur takes, and in the canal, whose background is not
 * measured), the border with bone (mm times the area of contact, more where the envelope is unsure), what lies behind the blur, what was
 * followed into bone, and streaks of metal, which hide parts of it and lay others beside it. Sized on phantoms and implants apart from
 * those that the evaluation uses.
 */
export function standardErrorMm3(
  of: LeakMeasure,
  { borderMm, alikeAtDepth }: Pick<LeakSurroundings, "borderMm" | "alikeAtDepth">,
): number {
  if (of.coarse)
    return Math.hypot(
      (of.thick ? 0.05 : 0.16) * of.mm3,
      0.6 * of.contactMm2,
      0.04 * of.softMm3,
      0.4 * of.gained * of.mm3,
      0.2 * of.amidMetal * of.mm3,
    );
  return Math.hypot(
    0.044 * of.mm3,
    0.2 * (1 - of.kept) * of.mm3,
    (alikeAtDepth ? 0 : 0.08) * of.mm3,
    0.125 * of.contactMm2,
    0.035 * Math.max(0, borderMm - LEAST_BORDER_MM) * of.contactMm2,
    0.019 * of.softMm3,
    0.2 * of.gained * of.mm3,
    0.2 * of.amidMetal * of.mm3,
  );
}

/** Of what a part has in one of its slices, a thick slice at either end may hold this much unseen, one standard deviation. */
const UNSEEN_ENDS = 0.5;

/**
 * One standard deviation upwards, mm3: where a leak reaches less than half through the next thick slice it is too faint there to be found,
 * so that there can be more of it, and not less.
 */
export function standardErrorAboveMm3(
  of: LeakMeasure,
  around: Parameters<typeof standardErrorMm3>[1],
): number {
  const unseen = of.coarse ? (UNSEEN_ENDS * of.mm3) / Math.max(1, of.slices) : 0;
  return Math.hypot(standardErrorMm3(of, around), unseen);
}
