// Findings out of what a folder, a zip or an archive holds: JSON files, and reports that carry them.
import { fail, ok, type Problem, type Result } from "#core/problem";
import type { EmbeddedText } from "#core/report-document";
import { FINDINGS_CREATOR } from "../model/findings.ts";
import { parseFindings } from "../model/parse-findings.ts";
import type { GivenFindings } from "./collect.ts";
import { digestOf, type FindingsDigest } from "./digest.ts";

export interface GivenObject {
  readonly path: string;
  readonly kind: "JSON" | "SR";
  readonly bytes: Uint8Array;
}

/** What is read of a report, by the host's reader. */
export interface ReportOfFindings {
  readonly patientId: string;
  readonly embedded: readonly EmbeddedText[];
}

const FOREIGN: Problem = {
  code: "cohort/foreign-report",
  severity: "warning",
  details: {},
  text: {
    en: "A report of another program, or of a version of this one that carried no findings: open its SEG and CT and sign it again",
    zh: "其他程序的报告，或本程序不含结果的旧版报告：请打开其 SEG 与 CT 并重新签署",
  },
};

/** An object read: what is kept of its findings, and the patient's ID of a report, which goes no further than `withPseudonyms`. */
export interface ReadObject {
  readonly path: string;
  readonly findings: Result<FindingsDigest>;
  readonly patientId: string;
}

/** One object's findings, or why there are none; its bytes can be let go afterwards. */
export function readObject(
  { path, kind, bytes }: GivenObject,
  readReport: (bytes: Uint8Array) => Result<ReportOfFindings>,
): ReadObject {
  const digest = (text: string): Result<FindingsDigest> => {
    const findings = parseFindings(text);
    return findings.ok ? ok(digestOf(findings.value, path)) : findings;
  };
  if (kind === "JSON") return { path, findings: digest(new TextDecoder().decode(bytes)), patientId: "" };
  const report = readReport(bytes);
  if (!report.ok) return { path, findings: report, patientId: "" };
  const own = report.value.embedded.find(({ creator }) => creator === FINDINGS_CREATOR);
  return {
    path,
    findings: own ? digest(own.text) : fail(FOREIGN),
    patientId: report.value.patientId,
  };
}

/** Patients of reports are numbered in the order of their IDs ("P001"): the IDs themselves go no further. */
export function withPseudonyms(read: readonly ReadObject[]): readonly GivenFindings[] {
  const ids = [...new Set(read.map(({ patientId }) => patientId))].filter((id) => id !== "").toSorted();
  const width = Math.max(3, String(ids.length).length);
  const keys = new Map(ids.map((id, n) => [id, `P${String(n + 1).padStart(width, "0")}`]));
  return read.map(({ path, findings, patientId }) => {
    const patientKey = keys.get(patientId);
    return { path, findings, ...(patientKey ? { patientKey } : {}) };
  });
}
