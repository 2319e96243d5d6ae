// The name and the codes of each segment, the same in SEG and SR.
import type { CodedConcept } from "#core/coded-concept";
import { STANDARD_CODES, VERTEBRA_CODES } from "#core/standard-codes";
import { FINDING_CODES } from "../model/codes.ts";
import type { FindingsLesion, Measures, Side } from "../model/findings.ts";
import { siteOf } from "../model/sites.ts";
import type { NumberedSegment } from "./prepare.ts";

const SIDE_CODES: Readonly<Record<Side, CodedConcept>> = {
  left: STANDARD_CODES.left,
  right: STANDARD_CODES.right,
  midline: STANDARD_CODES.midline,
  bilateral: STANDARD_CODES.bilateral,
};

export const sideCode = (side: Side): CodedConcept => SIDE_CODES[side];

/** The treated bone; for a leak without a lesion the sacrum's neighbourhood is not assumed: the pelvis. */
export function boneCode(lesion: FindingsLesion | null): CodedConcept {
  if (lesion === null) return STANDARD_CODES.pelvis;
  if (lesion.bone === "sacrum") return STANDARD_CODES.sacrum;
  if (lesion.bone === "ilium") return STANDARD_CODES.ilium;
  if (lesion.bone === "vertebra") return VERTEBRA_CODES[lesion.vertebra ?? ""] ?? STANDARD_CODES.vertebra;
  return STANDARD_CODES.pelvis;
}

/** LO, at most 64 characters: "Lesion L1 intraosseous cement", "Leak K2 Presacral space, left", "Earlier cement E1, right". */
export const segmentLabel = (segment: NumberedSegment): string => fullLabel(segment).slice(0, 64);

function fullLabel(segment: NumberedSegment): string {
  switch (segment.kind) {
    case "intraosseous":
      return `Lesion ${segment.lesion.lesionId} intraosseous cement`;
    case "leak":
      return `Leak ${segment.leak.leakId} ${siteOf(segment.leak.site).name.en}, ${segment.leak.side}`;
    case "previous":
      return [`Earlier cement ${segment.previous.previousId}`, segment.previous.side]
        .filter(Boolean)
        .join(", ");
  }
}

export function segmentSide(segment: NumberedSegment): Side | undefined {
  if (segment.kind === "previous") return segment.previous.side;
  return segment.kind === "leak" ? segment.leak.side : segment.lesion.side;
}

/** Bone of the lesion; of earlier cement no bone is claimed. */
export const segmentRegion = (segment: NumberedSegment): CodedConcept =>
  segment.kind === "previous" ? STANDARD_CODES.trunk : boneCode(segment.lesion);

/** What is measured on a segment, and how its voxels were found. */
export function segmentMeasures(segment: NumberedSegment): Measures {
  if (segment.kind === "previous") return segment.previous;
  return segment.kind === "leak" ? segment.leak : (segment.lesion.cement ?? {});
}

export function segmentFinding(segment: NumberedSegment): CodedConcept {
  return FINDING_CODES[segment.kind];
}

/** The same tracking identifier and UID in SEG and SR, so that a thing can be followed from one to the other. */
export function segmentTracking(segment: NumberedSegment): {
  trackingId: string;
  trackingUid: string | undefined;
} {
  const measures = segmentMeasures(segment);
  return { trackingId: measures.trackingId ?? segmentLabel(segment), trackingUid: measures.trackingUid };
}

/** A reader's name as PN: no delimiters of values or groups, at most 64 characters (PS3.5 6.2). */
export const personName = (name: string): string =>
  name
    .replace(/[\\=]+/g, " ")
    .trim()
    .slice(0, 64);
