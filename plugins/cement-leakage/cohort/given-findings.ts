// Findings out of what a folder, a zip or an archive holds: JSON files, and reports that carry them.
import { fail, ok, type Problem, type Result } from "#core/problem";
import type { EmbeddedText } from "#core/report-document";
import { FINDINGS_CREATOR } from "../model/findings.ts";
import { parseFindings } from "../model/parse-findings.ts";
import { digestOf } from "./digest.ts";
import { identifierIn, type ReadObject } from "./pseudonyms.ts";

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

/** One object's findings, or why there are none; its bytes can be let go afterwards. */
export function readObject(
  { path, kind, bytes }: GivenObject,
  readReport: (bytes: Uint8Array) => Result<ReportOfFindings>,
): ReadObject {
  const read = (text: string, patientId: string): ReadObject => {
    const findings = parseFindings(text);
    if (!findings.ok) return { path, findings, patientId };
    return {
      path,
      findings: ok(digestOf(findings.value, path)),
      patientId: patientId || identifierIn(findings.value),
    };
  };
  if (kind === "JSON") return read(new TextDecoder().decode(bytes), "");
  const report = readReport(bytes);
  if (!report.ok) return { path, findings: report, patientId: "" };
  const own = report.value.embedded.find(({ creator }) => creator === FINDINGS_CREATOR);
  const { patientId } = report.value;
  return own ? read(own.text, patientId) : { path, findings: fail(FOREIGN), patientId };
}
