// Names of exported files: patient ID, study date, kind; only characters that every file system and archive takes.
import type { SeriesContext } from "#core/study";

/** A name that is safe on Windows, macOS, Linux and in URLs: ASCII letters, digits, dot, dash and underscore. */
export function fileNamePart(text: string): string {
  const plain = text
    .normalize("NFKD")
    .replace(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/-{2,}/g, "-")
    .replace(/^[-.]+|[-.]+$/g, "");
  return plain.slice(0, 48);
}

/** "PH-0001_20250102_cement-seg.dcm"; a draft says so. Parts that are empty or unwritable become "patient" and "undated". */
export function exportFileName(
  source: SeriesContext,
  kind: string,
  extension: string,
  draft: boolean,
): string {
  const patient = fileNamePart(source.patient.patientId) || "patient";
  const date = fileNamePart(source.study.studyDate) || "undated";
  return `${patient}_${date}_${kind}${draft ? "-DRAFT" : ""}.${extension}`;
}
