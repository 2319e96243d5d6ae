// One measurement group of the report: a segment with its finding, its site, its numbers and its answers (TID 1411, 1419, 300).
import type { CodedConcept } from "#core/coded-concept";
import { derivedUid } from "#core/derived-uid";
import type { ContentItem } from "#core/report-document";
import { STANDARD_CODES as S } from "#core/standard-codes";
import type { InstanceReference, SeriesContext } from "#core/study";
import {
  APPROACH_CODES,
  CONCEPT_CODES as Q,
  CONFIDENCE_CODES,
  DENIS_ZONE_CODES,
  EXTENT_CODES,
  GUIDANCE_CODES,
  NEURAL_CODES,
  PROCEDURE_CODES,
  ROUTE_CODES,
  SACRAL_LEVEL_CODES,
  siteCode,
  SYMPTOM_CODES,
  YEOM_CODES,
} from "../model/codes.ts";
import type { Findings, FindingsLeak, FindingsLesion, Measures, Side } from "../model/findings.ts";
import { crossSections } from "./best-plane.ts";
import { algorithmVersion, decidedBy, deviceObserver, personObserver } from "./observers.ts";
import { DECIMALS, type NumberedSegment, type PreparedExport } from "./prepare.ts";
import { geometryItems } from "./report-geometry.ts";
import { answer, number, remark, sideModifier } from "./report-items.ts";
import {
  segmentFinding,
  segmentMeasures,
  segmentRegion,
  segmentSide,
  segmentTracking,
} from "./segment-words.ts";

/** The group of one segment; `segmentation` is the SEG instance that holds it. */
export function measurementGroup(
  segment: NumberedSegment,
  prepared: PreparedExport,
  segmentation: InstanceReference,
): ContentItem {
  const { findings, source } = prepared;
  const tracking = segmentTracking(segment);
  const measures = segmentMeasures(segment);
  return {
    relationship: "CONTAINS",
    type: "CONTAINER",
    concept: S.measurementGroup,
    templateId: "1411",
    children: [
      {
        relationship: "HAS OBS CONTEXT",
        type: "TEXT",
        concept: S.trackingIdentifier,
        text: tracking.trackingId,
      },
      {
        relationship: "HAS OBS CONTEXT",
        type: "UIDREF",
        concept: S.trackingUid,
        uid: tracking.trackingUid ?? derivedUid(findings.documentId, "tracking", tracking.trackingId),
      },
      ...observersOf(segment, prepared),
      answer(S.findingCategory, S.substance),
      answer(S.finding, segmentFinding(segment)),
      findingSite(segmentRegion(segment), segmentSide(segment)),
      {
        relationship: "CONTAINS",
        type: "IMAGE",
        concept: S.referencedSegment,
        reference: segmentation,
        segmentNumber: segment.number,
      },
      {
        relationship: "CONTAINS",
        type: "UIDREF",
        concept: S.sourceSeriesForSeg,
        uid: source.seriesInstanceUid,
      },
      ...centerOf(segment, source),
      modifier(S.algorithmName, measures.method ?? "threshold+region-grow"),
      modifier(S.algorithmVersion, algorithmVersion(segment, findings)),
      ...measurements(measures),
      ...itemsOf(segment, findings.procedure),
    ],
  };
}

/** Of each leak: several readers may have worked on one report. */
function observersOf(segment: NumberedSegment, { findings, equipment }: PreparedExport): ContentItem[] {
  if (segment.kind !== "leak") return [];
  const people = decidedBy(segment, findings);
  return people.length > 0 ? people.flatMap(personObserver) : deviceObserver(findings, equipment);
}

function itemsOf(segment: NumberedSegment, procedure: Findings["procedure"]): ContentItem[] {
  if (segment.kind === "previous") return [];
  return segment.kind === "leak" ? leakItems(segment.leak) : lesionItems(segment.lesion, procedure);
}

const modifier = (concept: CodedConcept, text: string): ContentItem => ({
  relationship: "HAS CONCEPT MOD",
  type: "TEXT",
  concept,
  text,
});

/**
 * Middle of the segment's largest axial cross-section: a place for readers that know no segments. OHIF 3.13 keeps the
 * group's numbers there, and fails on a group without any coordinates (OHIF/Viewers#3390).
 */
function centerOf({ mask }: NumberedSegment, { grid, frameOfReferenceUid }: SeriesContext): ContentItem[] {
  const sections = crossSections(mask, grid);
  const { at } = sections.find(({ plane }) => plane === "axial") ?? sections[0];
  return [
    {
      relationship: "CONTAINS",
      type: "SCOORD3D",
      concept: S.center,
      graphicType: "POINT",
      // As it is stored (FL).
      points: [[Math.fround(at[0]), Math.fround(at[1]), Math.fround(at[2])]],
      frameOfReferenceUid,
    },
  ];
}

/** Finding Site modifies the group itself (DOMAIN §4.3, relationship note). */
const findingSite = (region: CodedConcept, side: Side | undefined): ContentItem => ({
  relationship: "HAS CONCEPT MOD",
  type: "CODE",
  concept: S.findingSite,
  code: region,
  children: side ? [sideModifier(side)] : [],
});

const derivation = (code: CodedConcept): ContentItem => ({
  relationship: "HAS CONCEPT MOD",
  type: "CODE",
  concept: S.derivation,
  code,
});

function measurements(m: Measures): ContentItem[] {
  const cut = m.incomplete ? [remark("Touches the edge of the scan: at least this volume")] : [];
  const clipped = m.huClipped ? [remark("Voxels at the scanner's ceiling: a lower bound")] : [];
  const method: ContentItem = {
    relationship: "HAS CONCEPT MOD",
    type: "CODE",
    concept: S.measurementMethod,
    code: S.volumeMethod,
  };
  const [low, high] = m.volumeCi95Mm3 ?? [];
  return [
    ...number(S.volume, m.volumeMm3, DECIMALS.volumeMm3, S.mm3, [method, ...cut]),
    ...number(Q.volumeEstimate, m.volumeEstimateMm3, DECIMALS.volumeEstimateMm3, S.mm3),
    ...number(Q.volumeEstimateLow, low, DECIMALS.volumeCi95Mm3, S.mm3),
    ...number(Q.volumeEstimateHigh, high, DECIMALS.volumeCi95Mm3, S.mm3),
    ...number(S.attenuation, m.huMean, DECIMALS.huMean, S.hu, [derivation(S.mean), ...clipped]),
    ...number(S.attenuation, m.huMax, DECIMALS.huMax, S.hu, [derivation(S.maximum), ...clipped]),
    ...number(S.attenuation, m.huSd, DECIMALS.huSd, S.hu, [derivation(S.sd)]),
    ...number(S.max3dDiameter, m.max3dDiameterMm, DECIMALS.max3dDiameterMm, S.mm, [
      remark("Largest distance between voxel centres"),
    ]),
    ...number(Q.threshold, m.thresholdHu, DECIMALS.thresholdHu, S.hu),
  ];
}

function lesionItems(lesion: FindingsLesion, procedure: Findings["procedure"]): ContentItem[] {
  const needles = lesion.needles ?? [];
  const approaches = [...new Set(needles.map((needle) => needle.approach))];
  return [
    ...number(Q.injectedVolume, lesion.injectedVolumeMl, DECIMALS.injectedVolumeMl, S.ml),
    ...number(Q.needleCount, lesion.needles ? needles.length : undefined, 0, S.noUnits),
    ...(procedure.type === "other" ? [] : [answer(Q.procedure, PROCEDURE_CODES[procedure.type])]),
    ...approaches.map((approach) => answer(Q.approach, APPROACH_CODES[approach])),
    ...(procedure.guidance ?? []).map((guidance) => answer(Q.guidance, GUIDANCE_CODES[guidance])),
    ...(lesion.sacralLevels ?? []).map((level) => answer(Q.sacralLevel, SACRAL_LEVEL_CODES[level])),
    ...(lesion.denisZones ?? []).map((zone) => answer(Q.denisZone, DENIS_ZONE_CODES[zone])),
    answer(Q.leakage, leakageCode(lesion.leakage)),
  ];
}

export function leakageCode(leakage: FindingsLesion["leakage"]): CodedConcept {
  if (leakage === "present") return S.present;
  return leakage === "absent" ? S.absent : S.undetermined;
}

/** The answers to one leak, and its numbers beside those of its voxels. */
export function leakItems(leak: FindingsLeak): ContentItem[] {
  const siteText = leak.siteText ? [remark(leak.siteText)] : [];
  const cirse = leak.complication?.cirseGrade;
  return [
    ...number(Q.beyondCortex, leak.maxBeyondCortexMm, DECIMALS.maxBeyondCortexMm, S.mm),
    ...geometryItems(leak),
    ...number(Q.leakFraction, leak.leakFractionPct, DECIMALS.leakFractionPct, S.percent),
    { ...answer(Q.site, siteCode(leak.site)), children: siteText },
    answer(Q.route, ROUTE_CODES[leak.route]),
    ...(leak.yeomTypes ?? []).map((type) => answer(Q.yeomType, YEOM_CODES[type])),
    ...(leak.sacralLevels ?? []).map((level) => answer(Q.sacralLevel, SACRAL_LEVEL_CODES[level])),
    ...(leak.denisZoneOrigin ? [answer(Q.denisZone, DENIS_ZONE_CODES[leak.denisZoneOrigin])] : []),
    ...(leak.extentGrade === undefined ? [] : [answer(Q.extentGrade, EXTENT_CODES[leak.extentGrade])]),
    ...(leak.neuralRelation ? [answer(Q.neuralRelation, NEURAL_CODES[leak.neuralRelation])] : []),
    answer(Q.symptom, SYMPTOM_CODES[leak.symptom]),
    ...(leak.complication ? [answer(Q.complicationClass, severityCode(leak.complication.tian2020))] : []),
    ...(cirse
      ? [
          {
            relationship: "CONTAINS",
            type: "TEXT",
            concept: Q.cirseGrade,
            text: `${cirse}${leak.complication?.cirseEdition ? ` (CIRSE ${leak.complication.cirseEdition})` : ""}`,
          } as const,
        ]
      : []),
    answer(Q.confidence, CONFIDENCE_CODES[leak.confidence]),
  ];
}

/** Minor and major from CID 251; "none" is Absent, "undefined" Undetermined. */
export function severityCode(tian2020: "major" | "minor" | "none" | "undefined"): CodedConcept {
  const codes = { major: S.major, minor: S.minor, none: S.absent, undefined: S.undetermined };
  return codes[tian2020];
}
