// What the cohort's page is told: an analysis without the lists behind its numbers, and those lists when somebody asks for one.
import type { Analysis } from "./analysis.ts";
import type { CohortCase } from "./case-record.ts";
import type { Rate } from "./rates.ts";

/** As an analysis, with the cases counted instead of listed: a hundred thousand of them stay where they are. */
export type PageAnalysis = Omit<Analysis, "cases"> & { readonly cases: number };

/** Points of a curve that a screen can show. */
const MOST_POINTS = 600;

const thinned = <T>(values: readonly T[]): readonly T[] =>
  values.length <= MOST_POINTS
    ? values
    : Array.from(
        { length: MOST_POINTS },
        (_, n) => values[Math.round((n * (values.length - 1)) / (MOST_POINTS - 1))],
      );

const withoutLists = (rate: Rate): Rate => ({ ...rate, withIt: [], without: [] });

export function pageAnalysis({ cases, rates, trend, ...rest }: Analysis): PageAnalysis {
  return {
    ...rest,
    cases: cases.length,
    severe: rest.severe.map((line) => ({ ...line, documents: [] })),
    leftOut: rest.leftOut.slice(0, MOST_POINTS),
    notListed: rest.notListed.slice(0, MOST_POINTS),
    withoutCase: rest.withoutCase.slice(0, MOST_POINTS),
    comparisons: rest.comparisons.map((comparison) => ({
      ...comparison,
      groups: comparison.groups.map(({ name, rate }) => ({ name, rate: withoutLists(rate) })),
    })),
    funnel: rest.funnel.map((point) => ({ ...point, rate: withoutLists(point.rate) })),
    rates: {
      ...rates,
      main: rates.main.map(withoutLists),
      sites: rates.sites.map(withoutLists),
      perProcedure: rates.perProcedure.map(withoutLists),
      perLesion: rates.perLesion.map(withoutLists),
      ofLeaks: rates.ofLeaks.map(withoutLists),
      technicalSuccess: withoutLists(rates.technicalSuccess),
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

export function caseList(analysis: Analysis, asked: ListAsked): CaseList {
  const ids = idsOf(analysis, asked);
  const cases = analysis.cases
    .filter(({ documentId }) => ids === null || ids.has(documentId))
    .toSorted((a, b) =>
      a.date === b.date ? (a.documentId < b.documentId ? -1 : 1) : a.date < b.date ? -1 : 1,
    );
  return { total: cases.length, rows: cases.slice(0, MOST_POINTS).map(rowOf) };
}

function idsOf({ rates, severe, comparisons }: Analysis, asked: ListAsked): ReadonlySet<string> | null {
  const from = (rate: Rate | undefined) =>
    new Set(rate ? (asked.which === "with" ? rate.withIt : rate.without) : []);
  switch (asked.of) {
    case "all":
      return null;
    case "severe":
      return new Set(severe.find(({ id }) => id === asked.id)?.documents ?? []);
    case "group":
      return from(
        comparisons
          .find(({ factor }) => factor.id === asked.id)
          ?.groups.find(({ name }) => name === asked.group)?.rate,
      );
    case "rate":
      return from(
        [
          ...rates.main,
          ...rates.sites,
          ...rates.perProcedure,
          ...rates.perLesion,
          ...rates.ofLeaks,
          rates.technicalSuccess,
        ].find(({ id, unit }) => id === asked.id && unit === (asked.unit ?? "patient")),
      );
  }
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
