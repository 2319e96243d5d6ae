// The series list as a reader looks for it: patient, study by date, reconstructions by rank, what is no CT volume apart.
import { type Problem, problem } from "./problem.ts";
import type { PatientIdentity, SeriesSummary, StudyIdentity } from "./study.ts";

export interface StudyGroup {
  readonly study: StudyIdentity;
  /** CT volumes, the one to propose first. */
  readonly series: readonly SeriesSummary[];
  /** Scouts, dose screens, captures, other modalities. */
  readonly aside: readonly SeriesSummary[];
  /** Days before the newest dated study of the same patient; null where a date is missing or there is only one study. */
  readonly daysBefore: number | null;
}

export interface PatientGroup {
  /** Empty where the files name none: then each study stands alone, for whose it is is never guessed. */
  readonly patientId: string;
  readonly patient: PatientIdentity;
  /** Newest first; studies without a date last. */
  readonly studies: readonly StudyGroup[];
  /** Names, birth dates or sexes that contradict each other under the one ID. */
  readonly problems: readonly Problem[];
}

/**
 * Groups `series` (in the order of their rank) by Patient ID, then study. A different ID is a different patient, whatever the name; the same
 * ID with another name, birth date or sex stays one group and says so.
 */
export function groupByPatient(series: readonly SeriesSummary[]): readonly PatientGroup[] {
  const keyOf = ({ patient, study }: SeriesSummary): string =>
    patient.patientId === "" ? `study ${study.studyInstanceUid}` : `patient ${patient.patientId}`;
  return [...groupedBy(series, keyOf).values()].map((own) => ({
    patientId: own[0].patient.patientId,
    patient: own[0].patient,
    studies: studiesOf(own),
    problems: contradictions(own),
  }));
}

function studiesOf(series: readonly SeriesSummary[]): readonly StudyGroup[] {
  const groups = [...groupedBy(series, (one) => one.study.studyInstanceUid).values()].sort((a, b) =>
    byDateDown(a[0].study, b[0].study),
  );
  const newest = dayNumber(groups[0][0].study.studyDate);
  return groups.map((own) => {
    const day = dayNumber(own[0].study.studyDate);
    return {
      study: own[0].study,
      series: own.filter((one) => one.aside === null),
      aside: own.filter((one) => one.aside !== null),
      daysBefore: groups.length > 1 && day !== null && newest !== null ? newest - day : null,
    };
  });
}

function groupedBy<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
): ReadonlyMap<string, readonly [T, ...T[]]> {
  const groups = new Map<string, [T, ...T[]]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

const when = ({ studyDate, studyTime }: StudyIdentity): string =>
  studyDate === "" ? "" : `${studyDate}${studyTime}`;
const byDateDown = (a: StudyIdentity, b: StudyIdentity): number =>
  when(a) > when(b) ? -1 : when(a) < when(b) ? 1 : 0;

/** DA as a number of days; null where it is none. */
function dayNumber(date: string): number | null {
  const parts = /^(\d{4})(\d{2})(\d{2})$/.exec(date);
  if (!parts) return null;
  const ms = Date.UTC(Number(parts[1]), Number(parts[2]) - 1, Number(parts[3]));
  return Math.round(ms / 86_400_000);
}

/** PN as it is compared: its first component group, without case, empty components and spare spaces. */
const plainName = (name: string): string =>
  name
    .split("=")[0]
    .split("^")
    .map((part) => part.trim().replace(/\s+/g, " ").toLowerCase())
    .join("^")
    .replace(/\^+$/, "");

function contradictions(series: readonly SeriesSummary[]): readonly Problem[] {
  const { patientId } = series[0].patient;
  const found: Problem[] = [];
  for (const [what, valueOf, plain] of [
    ["name", (patient: PatientIdentity) => patient.patientName, plainName],
    ["birth-date", (patient: PatientIdentity) => patient.patientBirthDate, String],
    ["sex", (patient: PatientIdentity) => patient.patientSex, String],
  ] as const) {
    const stated = new Map<string, string>();
    for (const { patient } of series) {
      const value = valueOf(patient);
      if (plain(value) !== "" && !stated.has(plain(value))) stated.set(plain(value), value);
    }
    if (stated.size < 2) continue;
    const [first, other] = stated.values();
    found.push(problem(`identity/other-${what}`, { patientId, first, other }, "warning"));
  }
  return found;
}
