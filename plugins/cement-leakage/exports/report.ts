// Findings to the content tree of the report: TID 1500 with a TID 1411 group for each segment (DOMAIN §4.3, §4.3b).
import type { CodedConcept } from "#core/coded-concept";
import { type Result, fail, ok } from "#core/problem";
import type { ContentItem, Evidence, ReportDocument } from "#core/report-document";
import { STANDARD_CODES as S } from "#core/standard-codes";
import type { InstanceReference } from "#core/study";
import type { RunMask } from "#voxels/mask";
import { codingSchemesOf } from "../model/codes.ts";
import { deviceObserver, personObserver } from "./observers.ts";
import { type PreparedExport, identityOf } from "./prepare.ts";
import { qualitativeEvaluations } from "./report-answers.ts";
import { measurementGroup } from "./report-groups.ts";
import { refusal } from "./refusals.ts";

/** By form (PS3.4 table B.5-1). */
export const SEGMENTATION_CLASSES = {
  BINARY: "1.2.840.10008.5.1.4.1.1.66.4",
  LABELMAP: "1.2.840.10008.5.1.4.1.1.66.7",
} as const;

/** Problem "export/no-cement" where there is no segment to measure. Completion is PARTIAL while the findings are a draft. */
export function reportDocument(prepared: PreparedExport): Result<ReportDocument> {
  const { findings, source, segments, uids } = prepared;
  if (segments.length === 0) return fail(refusal("export/no-cement"));
  const slices = occupiedInstances(prepared);
  const study = source.study.studyInstanceUid;
  const segmentation = segmentationReference(prepared);
  const evidence: Evidence[] = [
    { studyInstanceUid: study, seriesInstanceUid: source.seriesInstanceUid, instances: slices },
    {
      studyInstanceUid: study,
      seriesInstanceUid: uids.segmentation.seriesInstanceUid,
      instances: [segmentation],
    },
  ];
  return ok({
    identity: identityOf(prepared, "report"),
    source,
    equipment: prepared.equipment,
    completion: findings.status === "draft" ? "PARTIAL" : "COMPLETE",
    predecessors: prepared.predecessor ? [prepared.predecessor] : [],
    evidence,
    title: S.reportTitle,
    templateId: "1500",
    codingSchemes: codingSchemesOf(findings.terms),
    content: [
      code("HAS CONCEPT MOD", S.language, S.english),
      ...observers(prepared),
      code("HAS CONCEPT MOD", S.procedureReported, S.ctUnspecified),
      imageLibrary(source.frameOfReferenceUid, slices),
      {
        relationship: "CONTAINS",
        type: "CONTAINER",
        concept: S.imagingMeasurements,
        children: segments.map((segment) => measurementGroup(segment, prepared, segmentation)),
      },
      qualitativeEvaluations(prepared),
    ],
  });
}

/** The SEG instance that holds the segments. */
export const segmentationReference = ({ segmentationForm, uids }: PreparedExport): InstanceReference => ({
  sopClassUid: SEGMENTATION_CLASSES[segmentationForm ?? "BINARY"],
  sopInstanceUid: uids.segmentation.sopInstanceUid,
});

const code = (
  relationship: ContentItem["relationship"],
  concept: CodedConcept,
  value: CodedConcept,
): ContentItem => ({ relationship, type: "CODE", concept, code: value });

/**
 * TID 1001 to 1004: the reader by name, then the program. Further readers stand among the evaluations: several persons here are one too
 * many for PixelMed, which counts names in the whole container.
 */
const observers = ({ findings, equipment }: PreparedExport): ContentItem[] => [
  ...findings.readers.slice(0, 1).flatMap(({ readerId }) => personObserver(readerId)),
  ...deviceObserver(findings, equipment),
];

/** TID 1600 with the CT slices that the segments lie on. */
function imageLibrary(frameOfReferenceUid: string, slices: readonly InstanceReference[]): ContentItem {
  const images = slices.map((reference): ContentItem => ({
    relationship: "CONTAINS",
    type: "IMAGE",
    concept: null,
    reference,
  }));
  const group: ContentItem = {
    relationship: "CONTAINS",
    type: "CONTAINER",
    concept: S.imageLibraryGroup,
    children: [
      code("HAS ACQ CONTEXT", S.modality, S.modalityCt),
      {
        relationship: "HAS ACQ CONTEXT",
        type: "UIDREF",
        concept: S.frameOfReferenceUid,
        uid: frameOfReferenceUid,
      },
      ...images,
    ],
  };
  return {
    relationship: "CONTAINS",
    type: "CONTAINER",
    concept: S.imageLibrary,
    templateId: "1600",
    children: [group],
  };
}

/** CT instances of the slices that any segment lies on, in the order of the stack. */
function occupiedInstances({ segments, source }: PreparedExport): InstanceReference[] {
  const holds = (mask: RunMask, k: number) =>
    mask.rowStart[(k + 1) * mask.rows] > mask.rowStart[k * mask.rows];
  return source.instances.filter((_, k) => segments.some(({ mask }) => holds(mask, k)));
}
