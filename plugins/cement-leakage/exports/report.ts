// Findings to the content tree of the report: TID 1500 with a TID 1411 group for each segment (DOMAIN §4.3, §4.3b).
import type { CodedConcept } from "#core/coded-concept";
import { derivedUid } from "#core/derived-uid";
import { type Result, fail, ok } from "#core/problem";
import type { ContentItem, Evidence, ReportDocument } from "#core/report-document";
import { STANDARD_CODES as S } from "#core/standard-codes";
import type { InstanceReference } from "#core/study";
import type { RunMask } from "#voxels/mask";
import { codingSchemesOf } from "../model/codes.ts";
import { type PreparedExport, identityOf } from "./prepare.ts";
import { qualitativeEvaluations } from "./report-answers.ts";
import { measurementGroup } from "./report-groups.ts";
import { refusal } from "./refusals.ts";
import { personName } from "./segment-words.ts";

const SEGMENTATION_STORAGE = "1.2.840.10008.5.1.4.1.1.66.4";

/** Problem "export/no-cement" where there is no segment to measure. Completion is PARTIAL while the findings are a draft. */
export function reportDocument(prepared: PreparedExport): Result<ReportDocument> {
  const { findings, source, segments, uids } = prepared;
  if (segments.length === 0) return fail(refusal("export/no-cement"));
  const slices = occupiedInstances(prepared);
  const study = source.study.studyInstanceUid;
  const segmentation: InstanceReference = {
    sopClassUid: SEGMENTATION_STORAGE,
    sopInstanceUid: uids.segmentation.sopInstanceUid,
  };
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

const code = (
  relationship: ContentItem["relationship"],
  concept: CodedConcept,
  value: CodedConcept,
): ContentItem => ({ relationship, type: "CODE", concept, code: value });

/** TID 1001 to 1004: every reader by name, then the program. */
function observers({ findings, equipment }: PreparedExport): ContentItem[] {
  const text = (concept: CodedConcept, value: string): ContentItem => ({
    relationship: "HAS OBS CONTEXT",
    type: "TEXT",
    concept,
    text: value,
  });
  const people = findings.readers.flatMap((reader): ContentItem[] => [
    code("HAS OBS CONTEXT", S.observerType, S.observerPerson),
    {
      relationship: "HAS OBS CONTEXT",
      type: "PNAME",
      concept: S.personObserverName,
      name: personName(reader.readerId),
    },
  ]);
  const device = [equipment.manufacturer, equipment.manufacturerModelName, equipment.deviceSerialNumber];
  return [
    ...people,
    code("HAS OBS CONTEXT", S.observerType, S.observerDevice),
    {
      relationship: "HAS OBS CONTEXT",
      type: "UIDREF",
      concept: S.deviceObserverUid,
      uid: derivedUid("device", ...device),
    },
    text(S.deviceObserverName, findings.software.name),
    text(S.deviceObserverManufacturer, equipment.manufacturer),
    text(S.deviceObserverModelName, `${equipment.manufacturerModelName} ${equipment.softwareVersions}`),
  ];
}

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
