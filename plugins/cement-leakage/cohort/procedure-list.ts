// The department's list of procedures: the denominator. And how cases get from "performed" to "counted".
import type { LocalText } from "../model/sites.ts";
import { type CohortCase, isoDay } from "./case-record.ts";
import type { LeftOut } from "./collect.ts";
import { readCsv } from "./csv.ts";

export interface ListedProcedure {
  readonly line: number;
  readonly pseudonym: string;
  /** Its id in the department's books, or the kind of procedure. */
  readonly procedure: string;
  readonly date: string;
  readonly operator: string;
  readonly approach: string;
  /** Whether a CT was made afterwards; undefined where the list has no such column. */
  readonly ctDone?: boolean;
}

export interface ProcedureList {
  readonly procedures: readonly ListedProcedure[];
  readonly faults: readonly { readonly line: number; readonly why: string }[];
}

/** Columns pseudonym, procedure, date (YYYY-MM-DD), operator, approach, and ct (yes or no) where it is known. Throws Error without the first three. */
export function readProcedureList(csv: string): ProcedureList {
  const { columns, rows } = readCsv(csv);
  for (const wanted of ["pseudonym", "procedure", "date"])
    if (!columns.includes(wanted)) throw new Error(`the list of procedures has no column ${wanted}`);
  const procedures: ListedProcedure[] = [];
  const faults: { line: number; why: string }[] = [];
  const seen = new Set<string>();
  for (const { line, cells } of rows) {
    const date = isoDay(cells.date);
    const key = `${cells.pseudonym} ${cells.procedure} ${date}`;
    const why =
      cells.pseudonym === ""
        ? "no pseudonym"
        : date === ""
          ? `${cells.date || "an empty cell"} is no date (YYYY-MM-DD)`
          : seen.has(key)
            ? "the same procedure twice"
            : null;
    if (why) {
      faults.push({ line, why });
      continue;
    }
    seen.add(key);
    const ct = /^(no|n|false|0|否)$/i.test(cells.ct ?? "")
      ? false
      : /^(yes|y|true|1|是)$/i.test(cells.ct ?? "")
        ? true
        : undefined;
    procedures.push({
      line,
      pseudonym: cells.pseudonym,
      procedure: cells.procedure,
      date,
      operator: cells.operator ?? "",
      approach: cells.approach ?? "",
      ...(ct === undefined ? {} : { ctDone: ct }),
    });
  }
  return { procedures, faults };
}

export interface Matched {
  /** Cases with what the list knows of them (operator), only those that are on it; all where there is no list. */
  readonly cases: readonly CohortCase[];
  /** Cases that no line of the list speaks of. */
  readonly notListed: readonly string[];
  /** Lines without a signed case. */
  readonly withoutCase: readonly ListedProcedure[];
}

/** A case belongs to a line by its procedure's id, else by pseudonym and day. */
export function matchProcedures(cases: readonly CohortCase[], list: ProcedureList | null): Matched {
  if (!list) return { cases, notListed: [], withoutCase: [] };
  const byId = new Map(list.procedures.map((one) => [one.procedure, one]));
  const byDay = new Map(list.procedures.map((one) => [`${one.pseudonym} ${one.date}`, one]));
  const used = new Set<ListedProcedure>();
  const matched: CohortCase[] = [];
  const notListed: string[] = [];
  for (const one of cases) {
    const own = byId.get(one.procedureId);
    const line =
      (own?.pseudonym === one.patient ? own : undefined) ?? byDay.get(`${one.patient} ${one.date}`);
    if (!line) {
      notListed.push(one.documentId);
      continue;
    }
    used.add(line);
    matched.push({
      ...one,
      operator: one.operator || line.operator,
      approaches: one.approaches.length > 0 ? one.approaches : line.approach ? [line.approach] : [],
    });
  }
  return { cases: matched, notListed, withoutCase: list.procedures.filter((one) => !used.has(one)) };
}

export interface FlowStep {
  readonly id: "performed" | "ct" | "covered" | "signed" | "counted";
  readonly label: LocalText;
  readonly count: number;
  /** Why some of the step before are not in this one. */
  readonly lost: readonly { readonly why: LocalText; readonly count: number }[];
}

const text = (en: string, zh: string): LocalText => ({ en, zh });

/** Whether no lesion of the case says that the CT did not show the treated bone. */
export const isCovered = (one: CohortCase): boolean =>
  one.lesions.every((lesion) => {
    const answers = Object.values(lesion.answers);
    return answers.length === 0 || answers.some((answer) => answer !== "not assessable");
  });

/** Performed, CT done, region covered, signed, counted. Without a list it begins at what was submitted, and says so. */
export function flowOf(
  matched: Matched,
  list: ProcedureList | null,
  leftOut: readonly LeftOut[],
): readonly FlowStep[] {
  const covered = matched.cases.filter(isCovered).length;
  const drafts = leftOut.filter(({ because }) => because === "draft").length;
  const steps: FlowStep[] = [];
  if (list) {
    const noCt = matched.withoutCase.filter(({ ctDone }) => ctDone === false).length;
    const unknown = matched.withoutCase.length - noCt;
    steps.push(
      {
        id: "performed",
        label: text("Performed (procedure list)", "已施行（手术清单）"),
        count: list.procedures.length,
        lost: [],
      },
      {
        id: "ct",
        label: text("CT done and read", "已行 CT 并阅片"),
        count: matched.cases.length + Math.min(drafts, unknown),
        lost: [
          { why: text("no CT afterwards", "术后未行 CT"), count: noCt },
          { why: text("no findings submitted", "未提交结果"), count: Math.max(0, unknown - drafts) },
        ].filter(({ count }) => count > 0),
      },
    );
  }
  steps.push(
    {
      id: "signed",
      label: list
        ? text("Signed", "已签署")
        : text("Signed, among submitted cases", "已签署（仅所提交病例）"),
      count: matched.cases.length,
      lost: drafts > 0 ? [{ why: text("not signed", "未签署"), count: drafts }] : [],
    },
    {
      id: "covered",
      label: text("Treated region covered", "覆盖治疗区域"),
      count: covered,
      lost:
        covered < matched.cases.length
          ? [
              {
                why: text("every place not assessable", "所有部位均无法评估"),
                count: matched.cases.length - covered,
              },
            ]
          : [],
    },
    { id: "counted", label: text("Counted", "计入"), count: covered, lost: [] },
  );
  return steps;
}
