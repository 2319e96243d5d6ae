// What the cohort's page is told: an analysis without the lists behind its numbers, and those lists when somebody asks for one.
import type { Analysis } from "./analysis.ts";
import type { CohortCase } from "./case-record.ts";
import type { CohortSet } from "./cohort-set.ts";
import { FACTORS } from "./compare-groups.ts";
import type { PatientOutcome } from "./outcomes.ts";
import { siteQuestion } from "./questions.ts";
import { leakAnswer, MAIN_QUESTIONS, sitesAsked, type Rate } from "./rates.ts";
import { severeDocuments } from "./severe.ts";

/** As an analysis, with the cases counted instead of listed: a hundred thousand of them stay where they are. */
export type PageAnalysis = Omit<Analysis, "cases" | "set"> & { readonly cases: number };

/** Points of a curve that a screen can show. */
const MOST_POINTS = 600;

const thinned = <T>(values: readonly T[]): readonly T[] =>
  values.length <= MOST_POINTS
    ? values
    : Array.from(
        { length: MOST_POINTS },
        (_, n) => values[Math.round((n * (values.length - 1)) / (MOST_POINTS - 1))],
      );

export function pageAnalysis({ set, cases: _listed, trend, ...rest }: Analysis): PageAnalysis {
  return {
    ...rest,
    cases: set.size,
    leftOut: rest.leftOut.slice(0, MOST_POINTS),
    notListed: rest.notListed.slice(0, MOST_POINTS),
    withoutCase: rest.withoutCase.slice(0, MOST_POINTS),
    agreement: rest.agreement && {
      ...rest.agreement,
      cases: rest.agreement.cases.slice(0, MOST_POINTS),
      volumesMm3: thinned(rest.agreement.volumesMm3),
    },
    trend: {
      ...trend,
      sequence: thinned(trend.sequence),
      moving: thinned(trend.moving),
      cusum: trend.cusum && thinned(trend.cusum),
      between: thinned(trend.between),
    },
    volumes: { leaksMm3: thinned(rest.volumes.leaksMm3), injectedMl: thinned(rest.volumes.injectedMl) },
  };
}

/** Which number was clicked: a rate by id and unit, a group of a comparison, a severe line, or all cases. */
export interface ListAsked {
  readonly of: "rate" | "group" | "severe" | "all";
  readonly id: string;
  readonly unit?: Rate["unit"];
  readonly group?: string;
  /** That the groups were compared by. */
  readonly question?: string;
  /** Those with it, or those of the denominator without it. */
  readonly which: "with" | "without";
}

export interface CaseRow {
  readonly documentId: string;
  readonly patient: string;
  readonly date: string;
  readonly procedure: string;
  readonly approach: string;
  /** Sites of its leak events, as ids; tails and distant cement too. */
  readonly sites: readonly string[];
  readonly volumeMm3: number | null;
}

export interface CaseList {
  readonly total: number;
  /** At most 600, in the order of their dates. */
  readonly rows: readonly CaseRow[];
}

export function caseList(
  analysis: Analysis,
  asked: ListAsked,
  outcomes: ReadonlyMap<string, PatientOutcome>,
): CaseList {
  const ids = idsOf(analysis, asked, outcomes);
  const cases = analysis.cases
    .filter(({ documentId }) => ids === null || ids.has(documentId))
    .toSorted((a, b) =>
      a.date === b.date ? (a.documentId < b.documentId ? -1 : 1) : a.date < b.date ? -1 : 1,
    );
  return { total: cases.length, rows: cases.slice(0, MOST_POINTS).map(rowOf) };
}

function idsOf(
  { set, cases }: Analysis,
  asked: ListAsked,
  outcomes: ReadonlyMap<string, PatientOutcome>,
): ReadonlySet<string> | null {
  const answer = asked.which === "with" ? "present" : "absent";
  switch (asked.of) {
    case "all":
      return null;
    case "severe":
      return severeDocuments(cases, outcomes, asked.id);
    case "group": {
      const factor = FACTORS.find(({ id }) => id === asked.id);
      const group = factor && set.groups(factor.groupOf).get(asked.group ?? "");
      const question = MAIN_QUESTIONS.find(({ id }) => id === asked.question) ?? MAIN_QUESTIONS[0];
      return group ? group.documents(question, "patient", answer) : new Set();
    }
    case "rate":
      return documentsOfRate(set, asked, answer);
  }
}

function documentsOfRate(
  set: CohortSet,
  { id, unit = "patient" }: ListAsked,
  answer: "present" | "absent",
): ReadonlySet<string> {
  const idsWhere = (keep: (one: CohortCase) => boolean) =>
    new Set(set.cases.filter(keep).map(({ documentId }) => documentId));
  if (id === "technical-success")
    return idsWhere(({ technicalSuccess }) => technicalSuccess === (answer === "present" ? "yes" : "no"));
  if (unit === "leak") {
    const has = leakAnswer(id);
    const wanted = answer === "present";
    return idsWhere(({ events }) => events.some((event) => event.apart === null && has(event) === wanted));
  }
  const site = id.startsWith("site:") ? sitesAsked(set.cases).find((one) => `site:${one}` === id) : undefined;
  const question = site ? siteQuestion(site) : MAIN_QUESTIONS.find((one) => one.id === id);
  return question && unit !== "needle" ? set.documents(question, unit, answer) : new Set();
}

function rowOf(one: CohortCase): CaseRow {
  const volumes = one.events.flatMap(({ volumeMm3 }) => volumeMm3 ?? []);
  return {
    documentId: one.documentId,
    patient: one.patientUnknown ? "" : one.patient,
    date: one.date,
    procedure: one.type,
    approach: one.approaches.join(" "),
    sites: one.events.map(({ site }) => site),
    volumeMm3: volumes.length > 0 ? volumes.reduce((sum, mm3) => sum + mm3, 0) : null,
  };
}
