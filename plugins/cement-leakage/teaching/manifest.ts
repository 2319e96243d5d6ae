// The manifest of a teaching file (IHE TCE, RAD TF-2 4.51): a key object selection that lists what is exported, one for each study.
import type { Evidence, KeyObjectDocument } from "#core/report-document";
import type { DerivedInstanceIdentity, Equipment } from "#core/segmentation-document";
import { STANDARD_CODES } from "#core/standard-codes";
import type { SeriesContext } from "#core/study";

/** The document's own words; the author's are in the Additional Teaching File Information. */
export const MANIFEST_DESCRIPTION = "All objects of a de-identified teaching case. Not for diagnosis.";

/**
 * One selection may list one study alone, or each of them needs a copy (PS3.3 C.17.6.2.1): so each study has a manifest of its own. `source`
 * is any series of the study; `documents` are the SOP Instance UIDs of what is no image.
 */
export function manifestDocument(
  source: SeriesContext,
  evidence: readonly Evidence[],
  documents: ReadonlySet<string>,
  by: { readonly identity: DerivedInstanceIdentity; readonly equipment: Equipment },
): KeyObjectDocument {
  const all = evidence.flatMap(({ instances }) => instances);
  return {
    ...{ ...by, source, evidence },
    title: STANDARD_CODES.kosTeachingExport,
    description: MANIFEST_DESCRIPTION,
    images: all.filter(({ sopInstanceUid }) => !documents.has(sopInstanceUid)),
    documents: all.filter(({ sopInstanceUid }) => documents.has(sopInstanceUid)),
  };
}
