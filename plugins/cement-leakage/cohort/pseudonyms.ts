// A cohort names no patient: what identifies one in a file is replaced by a number before anything is counted, shown or exported.
import { ok, type Result } from "#core/problem";
import type { Findings } from "../model/findings.ts";
import { fileNamePart } from "../exports/file-names.ts";
import { ofPatient } from "./case-record.ts";
import type { GivenFindings } from "./collect.ts";
import type { FindingsDigest } from "./digest.ts";
import type { OutcomeList } from "./outcomes.ts";
import type { ProcedureList } from "./procedure-list.ts";

/** An object read: what is kept of its findings, and what identifies its patient, which goes no further than `underPseudonyms`. */
export interface ReadObject {
  readonly path: string;
  readonly findings: Result<FindingsDigest>;
  /** Patient ID of the report, or of the findings; empty where there is none, or a pseudonym instead. */
  readonly patientId: string;
}

export interface CohortLists {
  readonly procedures: ProcedureList | null;
  readonly outcomes: OutcomeList | null;
}

/** The Patient ID in findings: the key of its patient, where no pseudonym of its own stands beside it. */
export const identifierIn = ({ subject }: Findings): string =>
  subject?.patientKey !== undefined &&
  (subject.pseudonym === undefined || subject.pseudonym === subject.patientKey)
    ? subject.patientKey
    : "";

/**
 * Patients that files name by an ID are numbered in the order of these IDs ("P001"), the same in JSON, reports, both lists and the names
 * of files; a pseudonym that a file gives itself stays, and no number is used that a file or list uses already.
 */
export function underPseudonyms(
  read: readonly ReadObject[],
  { procedures, outcomes }: CohortLists,
): CohortLists & { readonly given: readonly GivenFindings[] } {
  const ids = [...new Set(read.map(({ patientId }) => patientId))].filter((id) => id !== "").toSorted();
  const isId = new Set(ids);
  const taken = new Set(
    [
      ...read.flatMap(({ findings }) => (findings.ok ? [findings.value.record.patient] : [])),
      ...(procedures?.procedures.map(({ pseudonym }) => pseudonym) ?? []),
      ...(outcomes?.patients.keys() ?? []),
    ].filter((key) => !isId.has(key)),
  );
  const width = Math.max(3, String(ids.length).length);
  let n = 0;
  const next = (): string => {
    n += 1;
    const key = `P${String(n).padStart(width, "0")}`;
    return taken.has(key) ? next() : key;
  };
  const keys = new Map(ids.map((id) => [id, next()]));
  const keyOf = (patient: string): string => keys.get(patient) ?? patient;
  const inPath = pathsUnder(keys);
  return {
    given: read.map(({ path, findings, patientId }) => ({
      path: inPath(path),
      findings: findings.ok ? ok(digestUnder(findings.value, patientId, keyOf)) : findings,
    })),
    procedures: procedures && {
      ...procedures,
      procedures: procedures.procedures.map((one) => ({ ...one, pseudonym: keyOf(one.pseudonym) })),
    },
    outcomes: outcomes && {
      ...outcomes,
      patients: new Map([...outcomes.patients].map(([patient, values]) => [keyOf(patient), values])),
    },
  };
}

function digestUnder(
  digest: FindingsDigest,
  patientId: string,
  keyOf: (patient: string) => string,
): FindingsDigest {
  const { record } = digest;
  const named = record.patientUnknown ? patientId !== "" : record.patient === patientId;
  return named ? { ...digest, record: ofPatient(record, keyOf(patientId)) } : digest;
}

/**
 * A path with the number of each ID that stands in it as whole words: our own exports begin with the
 * patient's ID ("PH-0001_20250102_cement-sr.dcm"), as it is or as `fileNamePart` writes it.
 */
function pathsUnder(keys: ReadonlyMap<string, string>): (path: string) => string {
  const known = new Map(
    [...keys].flatMap(([id, key]) => [[fileNamePart(id), key] as const, [id, key] as const]),
  );
  return (path) => {
    const words = [...path.matchAll(/[\p{L}\p{N}]+/gu)].map(({ index, 0: word }) => [
      index,
      index + word.length,
    ]);
    let written = "";
    let at = 0;
    for (let first = 0; first < words.length; first++)
      for (let last = words.length - 1; last >= first; last--) {
        const [from, to] = [words[first][0], words[last][1]];
        const key = known.get(path.slice(from, to));
        if (key === undefined) continue;
        written += path.slice(at, from) + key;
        at = to;
        first = last;
        break;
      }
    return written + path.slice(at);
  };
}
