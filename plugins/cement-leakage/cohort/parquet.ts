// The cohort as Parquet for DuckDB, Spark or Trino: a row a patient, a case, a leak event. Columns are described in COLUMNS.md.
import { parquetWriteBuffer } from "hyparquet-writer";
import type { CohortCase } from "./case-record.ts";
import { ANY_LEAK, APART, caseAnswer, joinAnswers, MISSION_PLACES, type Question } from "./questions.ts";
import type { Presence } from "./case-record.ts";
import { groupBy } from "./rates.ts";

type Column =
  | { readonly name: string; readonly type: "STRING"; readonly data: (string | null)[] }
  | { readonly name: string; readonly type: "BOOLEAN"; readonly data: (boolean | null)[] }
  | { readonly name: string; readonly type: "DOUBLE"; readonly data: (number | null)[] }
  | { readonly name: string; readonly type: "INT32"; readonly data: (number | null)[] };

export interface ParquetFile {
  readonly name: "patients.parquet" | "cases.parquet" | "leaks.parquet";
  readonly bytes: Uint8Array;
}

/** Column of each question: true, false, or null where it was not assessable, not answered or not asked. */
const QUESTIONS: readonly (readonly [column: string, question: Question])[] = [
  ["any_leak", ANY_LEAK],
  ...MISSION_PLACES.map((question) => [question.id.replace("category:", ""), question] as const),
  ...APART.map((question) => [question.id.replace("-", "_"), question] as const),
];
export const QUESTION_COLUMNS: readonly string[] = QUESTIONS.map(([column]) => column);

const asBoolean = (answer: Presence | null): boolean | null =>
  answer === "present" ? true : answer === "absent" ? false : null;

const strings = <T>(name: string, rows: readonly T[], valueOf: (row: T) => string): Column => ({
  name,
  type: "STRING",
  data: rows.map((row) => valueOf(row) || null),
});
const booleans = <T>(name: string, rows: readonly T[], valueOf: (row: T) => boolean | null): Column => ({
  name,
  type: "BOOLEAN",
  data: rows.map(valueOf),
});
const doubles = <T>(name: string, rows: readonly T[], valueOf: (row: T) => number | null): Column => ({
  name,
  type: "DOUBLE",
  data: rows.map(valueOf),
});
const integers = <T>(name: string, rows: readonly T[], valueOf: (row: T) => number | null): Column => ({
  name,
  type: "INT32",
  data: rows.map(valueOf),
});

const written = (name: ParquetFile["name"], columnData: Column[]): ParquetFile => ({
  name,
  bytes: new Uint8Array(parquetWriteBuffer({ columnData })),
});

/** The same cases give the same bytes. */
export function parquetFiles(cases: readonly CohortCase[]): readonly ParquetFile[] {
  const patients = [...groupBy(cases, ({ patient }) => patient)];
  const events = cases.flatMap((one) => one.events.map((event) => ({ one, event })));
  return [
    written("patients.parquet", [
      strings("patient", patients, ([patient]) => patient),
      integers("cases", patients, ([, group]) => group.length),
      ...QUESTIONS.map(([column, question]) =>
        booleans(column, patients, ([, group]) =>
          asBoolean(joinAnswers(group.map((one) => caseAnswer(question, one)))),
        ),
      ),
    ]),
    written("cases.parquet", [
      strings("document_id", cases, ({ documentId }) => documentId),
      strings("patient", cases, ({ patient }) => patient),
      strings("procedure_id", cases, ({ procedureId }) => procedureId),
      strings("date", cases, ({ date }) => date),
      strings("procedure_type", cases, ({ type }) => type),
      strings("approach", cases, ({ approaches }) => approaches.join(" ")),
      strings("guidance", cases, ({ guidance }) => guidance.join(" ")),
      strings("cement", cases, ({ cementProduct }) => cementProduct),
      strings("viscosity", cases, ({ viscosity }) => viscosity),
      strings("technical_success", cases, ({ technicalSuccess }) => technicalSuccess),
      strings("slice_class", cases, ({ sliceClass }) => sliceClass),
      strings("definitions_version", cases, ({ definitionsVersion }) => definitionsVersion),
      integers("lesions", cases, ({ lesions }) => lesions.length),
      doubles("injected_ml", cases, ({ injectedMl }) => injectedMl),
      ...QUESTIONS.map(([column, question]) =>
        booleans(column, cases, (one) => asBoolean(caseAnswer(question, one))),
      ),
    ]),
    written("leaks.parquet", [
      strings("document_id", events, ({ one }) => one.documentId),
      strings("patient", events, ({ one }) => one.patient),
      strings("event_id", events, ({ event }) => event.eventId),
      strings("site", events, ({ event }) => event.site),
      strings("category", events, ({ event }) => event.category),
      strings("route", events, ({ event }) => event.route),
      strings("symptom", events, ({ event }) => event.symptom),
      strings("confidence", events, ({ event }) => event.confidence),
      strings("apart", events, ({ event }) => event.apart ?? ""),
      doubles("volume_mm3", events, ({ event }) => event.volumeMm3),
      integers("extent_grade", events, ({ event }) => event.extentGrade),
      doubles("beyond_cortex_mm", events, ({ event }) => event.maxBeyondCortexMm),
    ]),
  ];
}
