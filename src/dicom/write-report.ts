// Writes a content tree as Comprehensive 3D SR (PS3.3 A.35.13; DOMAIN §4).
import {
  EMBEDDED_GROUP,
  type ContentItem,
  type EmbeddedText,
  type ReportDocument,
} from "#core/report-document";
import { ProblemError, problem } from "#core/problem";
import {
  COMPREHENSIVE_3D_SR_STORAGE,
  codeItem,
  derivedInstance,
  hierarchicalReferences,
  imageReferenceItem,
  referenceItem,
} from "./derived-instance.ts";
import { type DataSet, writePart10 } from "./part10.ts";

/**
 * One Part 10 file; the same document gives the same bytes. Verification stays UNVERIFIED: VERIFIED needs an authenticated
 * observer (PS3.3 C.17.2). Throws ProblemError where an image of the tree is missing from the evidence ("sr/no-evidence"), or a
 * number does not fit ("sr/number").
 */
export function writeReport(document: ReportDocument): Uint8Array {
  const evidence = new Set(
    document.evidence.flatMap((entry) => entry.instances.map((instance) => instance.sopInstanceUid)),
  );
  requireEvidence(document.content, evidence);
  return writePart10({
    ...derivedInstance(document, COMPREHENSIVE_3D_SR_STORAGE, "SR", document.codingSchemes),
    ReferencedPerformedProcedureStepSequence: [],
    PerformedProcedureCodeSequence: [],
    CompletionFlag: document.completion,
    PreliminaryFlag: document.completion === "COMPLETE" ? "FINAL" : "PRELIMINARY",
    VerificationFlag: "UNVERIFIED",
    PredecessorDocumentsSequence:
      document.predecessors.length > 0 ? hierarchicalReferences(document.predecessors) : undefined,
    CurrentRequestedProcedureEvidenceSequence: hierarchicalReferences(document.evidence),
    ValueType: "CONTAINER",
    ConceptNameCodeSequence: [codeItem(document.title)],
    ContinuityOfContent: "SEPARATE",
    ContentTemplateSequence: document.templateId ? [templateItem(document.templateId)] : undefined,
    ContentSequence: document.content.map(contentItem),
    ...(document.embedded ? embeddedText(document.embedded) : {}),
  });
}

/** A private block of one element (PS3.5 7.8.1). */
const embeddedText = ({ creator, text }: EmbeddedText): DataSet => ({
  [`(${EMBEDDED_GROUP},0010) LO`]: creator,
  [`(${EMBEDDED_GROUP},1001) UT`]: text,
});

export const templateItem = (templateId: string): DataSet => ({
  MappingResource: "DCMR",
  TemplateIdentifier: templateId,
});

/** One content item with everything below it (PS3.3 tables C.17-5 and C.17-6, C.18). */
export function contentItem(item: ContentItem): DataSet {
  return {
    RelationshipType: item.relationship,
    ValueType: item.type,
    ConceptNameCodeSequence: item.concept ? [codeItem(item.concept)] : undefined,
    ...valueOf(item),
    ContentSequence: item.children && item.children.length > 0 ? item.children.map(contentItem) : undefined,
  };
}

function valueOf(item: ContentItem): DataSet {
  switch (item.type) {
    case "CONTAINER":
      return {
        ContinuityOfContent: "SEPARATE",
        ContentTemplateSequence: item.templateId ? [templateItem(item.templateId)] : undefined,
      };
    case "CODE":
      return { ConceptCodeSequence: [codeItem(item.code)] };
    case "TEXT":
      return { TextValue: item.text };
    case "NUM":
      return {
        MeasuredValueSequence: [
          {
            NumericValue: numericValue(item.value, item.decimals),
            MeasurementUnitsCodeSequence: [codeItem(item.unit)],
          },
        ],
      };
    case "UIDREF":
      return { UID: item.uid };
    case "PNAME":
      return { PersonName: item.name };
    case "SCOORD3D":
      return {
        GraphicData: item.points.flat(),
        GraphicType: item.graphicType,
        ReferencedFrameOfReferenceUID: item.frameOfReferenceUid,
      };
    case "COMPOSITE":
      return { ReferencedSOPSequence: [referenceItem(item.reference)] };
    case "IMAGE":
      return {
        ReferencedSOPSequence: [
          { ...imageReferenceItem(item.reference), ReferencedSegmentNumber: item.segmentNumber },
        ],
      };
  }
}

/** DS of at most 16 characters with the stated decimals; fewer where the whole part leaves no room. */
export function numericValue(value: number, decimals: number): string {
  if (Number.isFinite(value)) {
    for (let places = decimals; places >= 0; places--) {
      const text = value.toFixed(places);
      if (text.length <= 16) return /^-0(\.0*)?$/.test(text) ? text.slice(1) : text;
    }
  }
  throw new ProblemError(problem("sr/number", { value: String(value) }));
}

function requireEvidence(items: readonly ContentItem[], evidence: ReadonlySet<string>): void {
  for (const item of items) {
    if ((item.type === "IMAGE" || item.type === "COMPOSITE") && !evidence.has(item.reference.sopInstanceUid))
      throw new ProblemError(problem("sr/no-evidence", { sopInstanceUid: item.reference.sopInstanceUid }));
    if (item.children) requireEvidence(item.children, evidence);
  }
}
