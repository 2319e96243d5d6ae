// One row for each patient: what a study or a register counts, leaks and absences added up, apart from the row-a-leak table.
import type { Answer, Findings, FindingsLeak } from "../model/findings.ts";
import { SITES } from "../model/sites.ts";
import { csvLine, type Cell } from "./table.ts";

type Column = readonly [string, (findings: Findings) => Cell];

const sum = (values: readonly (number | undefined)[]): number | undefined => {
  const known = values.filter((value) => value !== undefined);
  return known.length > 0 ? Number(known.reduce((total, value) => total + value, 0).toFixed(3)) : undefined;
};

/** Leaks that reach across sites as parts of one component count once (DOMAIN §1.6). */
const events = (leaks: readonly FindingsLeak[]): number =>
  new Set(leaks.map(({ componentId, leakId }) => componentId ?? leakId)).size;

/** Present beats absent, absent only where every lesion was answered so: a site that was not assessed somewhere is not absent. */
function siteAnswer(findings: Findings, site: string): Answer | "not_assessed" | undefined {
  if (findings.leaks.some((leak) => leak.site === site)) return "present";
  const answers = findings.siteAssessments.filter((entry) => entry.site === site);
  if (answers.some(({ answer }) => answer === "present")) return "present";
  if (answers.some(({ answer }) => answer === "not_assessable")) return "not_assessable";
  if (answers.length === 0) return (findings.notAssessed ?? []).includes(site) ? "not_assessed" : undefined;
  return answers.length < findings.lesions.length ? "not_assessed" : "absent";
}

function leakage({ leaks, lesions }: Findings): string {
  if (leaks.length > 0 || lesions.some((lesion) => lesion.leakage === "present")) return "present";
  return lesions.length > 0 && lesions.every((lesion) => lesion.leakage === "absent")
    ? "absent"
    : "not_assessed";
}

const COLUMNS: readonly Column[] = [
  ["schemaVersion", (f) => f.schemaVersion],
  ["documentId", (f) => f.documentId],
  ["status", (f) => f.status],
  ["definitionsVersion", (f) => f.definitionsVersion],
  ["patientKey", (f) => f.subject?.patientKey ?? f.subject?.pseudonym],
  ["ageYears", (f) => f.subject?.ageYears],
  ["sex", (f) => f.subject?.sex],
  ["studyInstanceUid", (f) => f.imaging.studyInstanceUid],
  ["seriesInstanceUid", (f) => f.imaging.seriesInstanceUid],
  ["studyDate", (f) => f.imaging.studyDate],
  ["sliceThicknessMm", (f) => f.imaging.sliceThicknessMm],
  ["sliceSpacingMm", (f) => f.imaging.sliceSpacingMm],
  ["procedureId", (f) => f.procedure.procedureId],
  ["procedureType", (f) => f.procedure.type],
  ["technicalSuccess", (f) => f.procedure.technicalSuccess?.value],
  ["readers", (f) => f.readers.map((reader) => reader.readerId).join(" ")],
  ["lesions", (f) => f.lesions.length],
  ["leakage", leakage],
  ["leaks", (f) => f.leaks.length],
  ["leakEvents", (f) => events(f.leaks)],
  ["leaksNotMeasurable", (f) => f.leaks.filter((leak) => leak.notMeasurable).length],
  ["injectedMl", (f) => f.massBalance?.injectedMl ?? sum(f.lesions.map((lesion) => lesion.injectedVolumeMl))],
  ["cementVolumeMm3", (f) => sum(f.lesions.map((lesion) => lesion.cement?.volumeMm3))],
  ["leakVolumeMm3", (f) => sum(f.leaks.map((leak) => leak.volumeMm3))],
  ["largestLeakVolumeMm3", (f) => largest(f.leaks.map((leak) => leak.volumeMm3))],
  ["largestExtentGrade", (f) => largest(f.leaks.map((leak) => leak.extentGrade))],
  [
    "incomplete",
    (f) =>
      [...f.lesions.map((lesion) => lesion.cement), ...f.leaks].some((part) => part?.incomplete === true),
  ],
  ["earlierCement", (f) => (f.previousCement ?? []).length],
  ["complicationTian2020", worstComplication],
  ...SITES.map(({ id }): Column => [`site_${id}`, (f) => siteAnswer(f, id)]),
];

function largest(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length > 0 ? Math.max(...known) : undefined;
}

function worstComplication({ leaks, complications = [] }: Findings): string | undefined {
  const classes = [...complications, ...leaks.flatMap(({ complication }) => complication ?? [])].map(
    ({ tian2020 }) => tian2020,
  );
  return (["major", "minor", "undefined", "none"] as const).find((kind) => classes.includes(kind));
}

/**
 * UTF-8 after RFC 4180 as the row-a-leak table; a row for each document, so that several can be put below each other. Last a column
 * for each of the program's sites: present, absent, not_assessable or not_assessed, empty where it was not asked for.
 */
export function patientsTable(findings: readonly Findings[]): string {
  return [
    csvLine([...COLUMNS.map(([name]) => name), "notForDiagnosis"]),
    ...findings.map((one) => csvLine([...COLUMNS.map(([, value]) => value(one)), one.notForDiagnosis])),
  ].join("");
}
