// Every export of a case at once: its files, each ready to save, and all of them as one zip.
import { type Zippable, strToU8, zipSync } from "fflate";
import { type Problem, ProblemError, type Result, fail, ok } from "#core/problem";
import type { KeyObjectDocument, ReportDocument } from "#core/report-document";
import type { SegmentationDocument } from "#core/segmentation-document";
import type { RunMask } from "#voxels/mask";
import { FINDINGS_CREATOR, type Findings, findingsSchema } from "../model/findings.ts";
import { withCaseTerms } from "../model/sites.ts";
import { exportFileName } from "./file-names.ts";
import { fhirBundle } from "./fhir.ts";
import { keyObjectDocument } from "./key-objects.ts";
import { patientsTable } from "./patients-table.ts";
import { type ExportInput, type PreparedExport, prepareExport } from "./prepare.ts";
import { reportDocument } from "./report.ts";
import { segmentationExport } from "./segmentation.ts";
import { findingsTable } from "./table.ts";
import { findingsText } from "./text.ts";

/** The host's DICOM writers. */
export interface Encoders {
  encodeSegmentation(document: SegmentationDocument, masks: ReadonlyMap<number, RunMask>): Uint8Array;
  encodeReport(document: ReportDocument): Uint8Array;
  encodeKeyObjects(document: KeyObjectDocument): Uint8Array;
}

export interface CaseFile {
  readonly kind: "SEG" | "SR" | "KOS" | "JSON" | "CSV" | "PATIENTS" | "FHIR" | "TEXT";
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

/**
 * The files in a fixed order: SEG, SR, KOS, JSON, CSV (leaks, then patients), FHIR, text. Where the DICOM objects can't be written (no cement, a CT without frame
 * of reference) the others still are, and the problems say why.
 * The same input gives the same bytes.
 */
export const caseFiles = (input: ExportInput, encoders: Encoders): Result<readonly CaseFile[]> =>
  withCaseTerms(input.findings.terms, () => filesOf(input, encoders));

function filesOf(input: ExportInput, encoders: Encoders): Result<readonly CaseFile[]> {
  const prepared = prepareExport(input);
  if (!prepared.ok) return prepared;
  const problems: Problem[] = [];
  const files: CaseFile[] = [];
  const add = (
    kind: CaseFile["kind"],
    name: string,
    extension: string,
    mediaType: string,
    bytes: Uint8Array,
  ) =>
    files.push({
      kind,
      name: exportFileName(input.source, name, extension, prepared.value.findings.status === "draft"),
      mediaType,
      bytes,
    });
  const dicom = dicomFiles(prepared.value, encoders);
  if (dicom.ok)
    for (const file of dicom.value) add(file.kind, file.name, "dcm", "application/dicom", file.bytes);
  else {
    const severity = dicom.problem.code === "export/no-cement" ? "info" : "warning";
    problems.push({ ...dicom.problem, severity });
  }
  const findings = dicom.ok ? prepared.value.findings : withoutReferences(prepared.value.findings);
  add("JSON", "cement-findings", "json", "application/json", strToU8(findingsJson(findings)));
  add("CSV", "cement-findings", "csv", "text/csv;charset=utf-8", strToU8(findingsTable(findings)));
  const patients = strToU8(patientsTable([findings]));
  add("PATIENTS", "cement-patients", "csv", "text/csv;charset=utf-8", patients);
  const bundle = strToU8(fhirBundle({ ...prepared.value, findings }));
  add("FHIR", "cement-record-fhir", "json", "application/fhir+json", bundle);
  const text = `${findingsText(findings, "en")}\n${findingsText(findings, "zh")}`;
  add("TEXT", "cement-findings", "txt", "text/plain;charset=utf-8", strToU8(text));
  return ok(files, problems);
}

interface DicomFile {
  readonly kind: "SEG" | "SR" | "KOS";
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Findings whose DICOM objects could not be written name none of them. */
const withoutReferences = (findings: Findings): Findings => ({
  ...findings,
  references: undefined,
  lesions: findings.lesions.map((lesion) => ({
    ...lesion,
    cement: lesion.cement && { ...lesion.cement, segmentRef: undefined },
  })),
  leaks: findings.leaks.map((leak) => ({ ...leak, segmentRef: undefined })),
  previousCement: findings.previousCement?.map((previous) => ({ ...previous, segmentRef: undefined })),
});

/** All of them or none: a writer's refusal (a CT without frame of reference) is the problem of the whole. */
function dicomFiles(prepared: PreparedExport, encoders: Encoders): Result<readonly DicomFile[]> {
  try {
    return encoded(prepared, encoders);
  } catch (error) {
    if (error instanceof ProblemError) return fail(error.problem);
    throw error;
  }
}

function encoded(prepared: PreparedExport, encoders: Encoders): Result<readonly DicomFile[]> {
  const segmentation = segmentationExport(prepared);
  if (!segmentation.ok) return segmentation;
  const report = reportDocument(prepared);
  if (!report.ok) return report;
  const keyObjects = keyObjectDocument(prepared);
  const { document, masks } = segmentation.value;
  const files: DicomFile[] = [
    { kind: "SEG", name: "cement-seg", bytes: encoders.encodeSegmentation(document, masks) },
    {
      kind: "SR",
      name: "cement-sr",
      bytes: encoders.encodeReport({
        ...report.value,
        embedded: { creator: FINDINGS_CREATOR, text: findingsJson(prepared.findings) },
      }),
    },
  ];
  if (!keyObjects.ok)
    return keyObjects.problem.code === "export/no-leak" ? ok(files) : fail(keyObjects.problem);
  files.push({ kind: "KOS", name: "cement-key-images", bytes: encoders.encodeKeyObjects(keyObjects.value) });
  return ok(files);
}

/** The findings as they are published: validated against their own schema, keys in its order, two spaces, a final newline. */
export const findingsJson = (findings: Findings): string =>
  `${JSON.stringify(findingsSchema.parse(findings), null, 2)}\n`;

/** All files, and files made elsewhere (a key image), in one zip whose bytes depend on nothing but theirs. */
export function caseZip(
  input: ExportInput,
  files: readonly Pick<CaseFile, "name" | "bytes">[],
): { readonly name: string; readonly mediaType: string; readonly bytes: Uint8Array } {
  // A zip stores local time, and the first day it knows: the same in every time zone.
  const mtime = new Date(1980, 0, 1, 12, 0, 0);
  const entries: Zippable = {};
  for (const file of files.toSorted((a, b) => (a.name < b.name ? -1 : 1)))
    entries[file.name] = [file.bytes, { mtime }];
  return {
    name: exportFileName(input.source, "cement-leakage", "zip", input.findings.status === "draft"),
    mediaType: "application/zip",
    bytes: zipSync(entries, { level: 6, os: 3 }),
  };
}
