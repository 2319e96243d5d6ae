// Findings to the neutral segmentation document: a segment for each lesion's cement, then one for each leak (DOMAIN §5).
import { derivedUid } from "#core/derived-uid";
import { type Result, fail, ok } from "#core/problem";
import type { SegmentationDocument, SegmentDescription } from "#core/segmentation-document";
import { STANDARD_CODES } from "#core/standard-codes";
import type { RunMask } from "#voxels/mask";
import { codingSchemesOf, siteCode } from "../model/codes.ts";
import { siteOf } from "../model/sites.ts";
import { algorithmVersion, decidedBy } from "./observers.ts";
import { type NumberedSegment, type PreparedExport, NOT_FOR_DIAGNOSIS, identityOf } from "./prepare.ts";
import {
  personName,
  segmentFinding,
  segmentLabel,
  segmentMeasures,
  segmentRegion,
  segmentSide,
  segmentTracking,
  sideCode,
} from "./segment-words.ts";
import { refusal } from "./refusals.ts";

/** Colours of intraosseous and of earlier cement: apart from every site's. */
const INTRAOSSEOUS_COLOR = "#f8f0fc";
const PREVIOUS_COLOR = "#868e96";
const DEFAULT_METHOD = "threshold+region-grow";

export interface SegmentationExport {
  readonly document: SegmentationDocument;
  /** Voxels by segment number. */
  readonly masks: ReadonlyMap<number, RunMask>;
}

/** Problem "export/no-cement" where nothing was segmented: then there is neither SEG nor SR (DOMAIN §4.3b). */
export function segmentationExport(prepared: PreparedExport): Result<SegmentationExport> {
  if (prepared.segments.length === 0) return fail(refusal("export/no-cement"));
  const { findings } = prepared;
  return ok({
    document: {
      ...(prepared.segmentationForm ? { form: prepared.segmentationForm } : {}),
      identity: identityOf(prepared, "segmentation"),
      source: prepared.source,
      equipment: prepared.equipment,
      contentLabel: "BONECEMENT",
      contentDescription: `PMMA bone cement, in bone and leaked; ${NOT_FOR_DIAGNOSIS}`,
      contentCreatorName: personName(findings.readers[0]?.readerId ?? findings.software.name),
      codingSchemes: codingSchemesOf(findings.terms),
      segments: prepared.segments.map((segment) => description(segment, prepared)),
    },
    masks: new Map(prepared.segments.map((segment) => [segment.number, segment.mask])),
  });
}

function description(segment: NumberedSegment, prepared: PreparedExport): SegmentDescription {
  const { findings } = prepared;
  const tracking = segmentTracking(segment);
  const method = segmentMeasures(segment).method ?? DEFAULT_METHOD;
  const side = segmentSide(segment);
  return {
    number: segment.number,
    label: segmentLabel(segment),
    description: describe(segment),
    algorithmType: algorithmType(method, decidedBy(segment, findings).length > 0),
    algorithmName: method,
    algorithmVersion: algorithmVersion(segment, findings),
    propertyCategory: STANDARD_CODES.substance,
    propertyType: STANDARD_CODES.pmma,
    propertyTypeModifiers: [
      segmentFinding(segment),
      ...(segment.kind === "leak" ? [siteCode(segment.leak.site)] : []),
    ],
    anatomicRegion: segmentRegion(segment),
    anatomicRegionModifiers: side ? [sideCode(side)] : [],
    trackingId: tracking.trackingId,
    trackingUid: tracking.trackingUid ?? derivedUid(findings.documentId, "tracking", tracking.trackingId),
    displayColor: colorOf(segment),
  };
}

function describe(segment: NumberedSegment): string {
  if (segment.kind === "leak") return `Extraosseous cement leak, ${siteOf(segment.leak.site).name.en}`;
  return segment.kind === "previous"
    ? "Cement of an earlier procedure, not counted as cement of this one"
    : "Cement inside the expected contour of the treated bone";
}

export function colorOf(segment: NumberedSegment): string {
  if (segment.kind === "leak") return siteOf(segment.leak.site).color;
  return segment.kind === "previous" ? PREVIOUS_COLOR : INTRAOSSEOUS_COLOR;
}

/** What nobody has decided about, the engine did alone; a painted segment is a person's. */
function algorithmType(method: string, hasReader: boolean): SegmentDescription["algorithmType"] {
  if (/paint|manual/i.test(method)) return "MANUAL";
  return hasReader ? "SEMIAUTOMATIC" : "AUTOMATIC";
}
