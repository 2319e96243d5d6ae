// Writes a Key Object Selection, TID 2010 (PS3.3 A.35.4; DOMAIN §4.5).
import type { ContentItem, KeyObjectDocument } from "#core/report-document";
import { ProblemError, problem } from "#core/problem";
import { STANDARD_CODES } from "#core/standard-codes";
import {
  KEY_OBJECT_SELECTION_STORAGE,
  codeItem,
  derivedInstance,
  hierarchicalReferences,
} from "./derived-instance.ts";
import { writePart10 } from "./part10.ts";
import { contentItem, templateItem } from "./write-report.ts";

/** One Part 10 file; the same document gives the same bytes. Throws ProblemError "kos/no-images", or "kos/no-evidence" for an image that is not listed. */
export function writeKeyObjects(document: KeyObjectDocument): Uint8Array {
  if (document.images.length === 0) throw new ProblemError(problem("kos/no-images"));
  const listed = new Set(document.evidence.flatMap((entry) => entry.instances.map((i) => i.sopInstanceUid)));
  for (const { sopInstanceUid } of [...document.images, ...(document.documents ?? [])]) {
    if (!listed.has(sopInstanceUid)) throw new ProblemError(problem("kos/no-evidence", { sopInstanceUid }));
  }
  const description: readonly ContentItem[] =
    document.description === ""
      ? []
      : [
          {
            relationship: "CONTAINS",
            type: "TEXT",
            concept: STANDARD_CODES.keyObjectDescription,
            text: document.description,
          },
        ];
  const images = document.images.map((reference): ContentItem => ({
    relationship: "CONTAINS",
    type: "IMAGE",
    concept: null,
    reference,
  }));
  const documents = (document.documents ?? []).map((reference): ContentItem => ({
    relationship: "CONTAINS",
    type: "COMPOSITE",
    concept: null,
    reference,
  }));
  return writePart10({
    ...derivedInstance(document, KEY_OBJECT_SELECTION_STORAGE, "KO"),
    ReferencedPerformedProcedureStepSequence: [],
    CurrentRequestedProcedureEvidenceSequence: hierarchicalReferences(document.evidence),
    ValueType: "CONTAINER",
    ConceptNameCodeSequence: [codeItem(document.title)],
    ContinuityOfContent: "SEPARATE",
    ContentTemplateSequence: [templateItem("2010")],
    ContentSequence: [...description, ...images, ...documents].map(contentItem),
  });
}
