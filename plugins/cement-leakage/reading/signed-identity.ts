// The identity of a signed document's objects: it is signed once, so that its objects are the same whenever and wherever they are made.
import { derivedUid } from "#core/derived-uid";
import type { Evidence } from "#core/report-document";
import type { ExportInput, InstanceUids } from "../exports/prepare.ts";

/** UIDs of SEG, SR, key objects and `pictures` pictures that follow from the document alone, under the department's root. */
export function signedUids(documentId: string, uidRoot: string, pictures = 0): ExportInput["uids"] {
  const uid = (...names: readonly string[]) =>
    derivedUid(documentId, "signed", ...names).replace(/^2\.25\./, `${uidRoot}.`);
  const uids = (what: string): InstanceUids => ({
    sopInstanceUid: uid(what, "instance"),
    seriesInstanceUid: uid(what, "series"),
  });
  return {
    segmentation: uids("SEG"),
    report: uids("SR"),
    keyObjects: uids("KOS"),
    pictures: {
      seriesInstanceUid: uid("OT", "series"),
      sopInstanceUids: Array.from({ length: pictures }, (_, n) => uid("OT", "instance", String(n + 1))),
    },
  };
}

/** The report of a signed document, for the one that amends it. */
export function reportOf(documentId: string, uidRoot: string, studyInstanceUid: string): Evidence {
  const { seriesInstanceUid, sopInstanceUid } = signedUids(documentId, uidRoot).report;
  // Comprehensive 3D SR (PS3.4 B.5): what this program's reports are.
  const sopClassUid = "1.2.840.10008.5.1.4.1.1.88.34";
  return { studyInstanceUid, seriesInstanceUid, instances: [{ sopClassUid, sopInstanceUid }] };
}
