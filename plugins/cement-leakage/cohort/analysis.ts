// The whole answer for one cohort and one set of filters: what the page, the command line, the tables and the report all show.
import type { LocalText } from "../model/sites.ts";
import { agreementOfReads, type AgreementOfReads } from "./agreement-tables.ts";
import type { CohortCase } from "./case-record.ts";
import type { Collected, LeftOut } from "./collect.ts";
import { CohortSet } from "./cohort-set.ts";
import { compareGroups, FACTORS, funnel, type FunnelPoint, type GroupComparison } from "./compare-groups.ts";
import {
  BASELINE,
  outcomeLines,
  painRelief,
  SCALES,
  type OutcomeLine,
  type OutcomeList,
  type Scale,
} from "./outcomes.ts";
import {
  flowOf,
  isCovered,
  matchProcedures,
  type FlowStep,
  type ListedProcedure,
  type Matched,
  type ProcedureList,
} from "./procedure-list.ts";
import type { Proportion } from "./proportions.ts";
import { publishedRates, type PublishedRate } from "./published.ts";
import { ANY_LEAK, APART, MISSION_PLACES, type Question } from "./questions.ts";
import { groupBy, rateTables, type RateTables } from "./rates.ts";
import { severeLines, type SevereLine } from "./severe.ts";
import { trendOf, type PeriodLength, type Thresholds, type Trend } from "./trend.ts";

/** Nothing here tells who a patient is: it may stand in an address. */
export interface CohortFilters {
  /** Factor id ("approach") to the group that is kept. */
  readonly groups: Readonly<Record<string, string>>;
  /** YYYY-MM-DD, both days included; empty: open. */
  readonly from: string;
  readonly to: string;
}
export const NO_FILTERS: CohortFilters = { groups: {}, from: "", to: "" };

export interface CohortInput {
  readonly collected: Collected;
  readonly procedures: ProcedureList | null;
  readonly outcomes: OutcomeList | null;
}

export interface AnalysisOptions {
  readonly filters: CohortFilters;
  /** Id of the question that groups are compared by and that the trend shows. */
  readonly question: string;
  readonly period: PeriodLength;
  readonly thresholds: Thresholds | null;
}

export const DEFAULT_OPTIONS: AnalysisOptions = {
  filters: NO_FILTERS,
  question: ANY_LEAK.id,
  period: "quarter",
  thresholds: null,
};

export const COMPARED_QUESTIONS: readonly Question[] = [ANY_LEAK, ...MISSION_PLACES, ...APART];

export interface Analysis {
  /** The cases, with what was asked of them. */
  readonly set: CohortSet;
  readonly cases: readonly CohortCase[];
  readonly patients: number;
  readonly lesions: number;
  readonly flow: readonly FlowStep[];
  readonly amongSubmitted: boolean;
  readonly leftOut: readonly LeftOut[];
  readonly notListed: readonly string[];
  readonly withoutCase: readonly ListedProcedure[];
  /** What is pooled although it should not be without a mark. */
  readonly pooled: readonly LocalText[];
  readonly severe: readonly SevereLine[];
  readonly rates: RateTables;
  readonly comparisons: readonly GroupComparison[];
  readonly funnel: readonly FunnelPoint[];
  readonly trend: Trend;
  readonly outcomes: readonly OutcomeGroup[];
  readonly relief: readonly { readonly timePoint: string; readonly proportion: Proportion }[];
  readonly published: readonly PublishedRate[];
  /** Null where no case was read twice. */
  readonly agreement: AgreementOfReads | null;
  readonly volumes: { readonly leaksMm3: readonly number[]; readonly injectedMl: readonly number[] };
}

/** One scale over time, of all and of those with and without a leak. */
export interface OutcomeGroup {
  readonly scale: Scale;
  readonly who: "all" | "leak" | "no leak" | "symptomatic" | "silent";
  readonly lines: readonly OutcomeLine[];
}

const text = (en: string, zh: string): LocalText => ({ en, zh });

interface Prepared {
  readonly matched: Matched;
  readonly covered: CohortSet;
}

/** What no filter changes, and the answers that were worked out: kept as long as the cohort is. */
const prepared = new WeakMap<
  Collected,
  { readonly procedures: ProcedureList | null; readonly kept: Prepared }
>();

function preparedOf(collected: Collected, procedures: ProcedureList | null): Prepared {
  const known = prepared.get(collected);
  if (known && known.procedures === procedures) return known.kept;
  const matched = matchProcedures(collected.counted, procedures);
  const kept: Prepared = { matched, covered: CohortSet.of(matched.cases.filter(isCovered)) };
  prepared.set(collected, { procedures, kept });
  return kept;
}

export function analyse(
  { collected, procedures, outcomes }: CohortInput,
  options: AnalysisOptions = DEFAULT_OPTIONS,
): Analysis {
  const { matched, covered } = preparedOf(collected, procedures);
  const set = covered.where((one) => passes(one, options.filters));
  const { cases } = set;
  const question = COMPARED_QUESTIONS.find(({ id }) => id === options.question) ?? ANY_LEAK;
  const patients = [...groupBy(cases, ({ patient }) => patient).keys()];
  return {
    set,
    cases,
    patients: patients.length,
    lesions: cases.reduce((sum, one) => sum + one.lesions.length, 0),
    flow: flowOf(matched, procedures, collected.leftOut),
    amongSubmitted: procedures === null,
    leftOut: collected.leftOut,
    notListed: matched.notListed,
    withoutCase: matched.withoutCase,
    pooled: pooledOf(cases),
    severe: severeLines(cases, outcomes?.patients ?? new Map()),
    rates: rateTables(set),
    comparisons: compareGroups(set, question),
    funnel: funnel(set, question),
    trend: trendOf(set, question, options.period, options.thresholds),
    outcomes: outcomes ? outcomeGroups(outcomes, cases) : [],
    relief: outcomes
      ? outcomes.timePoints
          .filter((timePoint) => timePoint !== BASELINE)
          .map((timePoint) => ({ timePoint, proportion: painRelief(outcomes, patients, timePoint) }))
      : [],
    published: publishedRates(question.id, cases),
    agreement: agreementOfReads(collected, cases),
    volumes: {
      leaksMm3: cases.flatMap(({ events }) => events.flatMap(({ volumeMm3 }) => volumeMm3 ?? [])),
      injectedMl: cases.flatMap(({ lesions }) => lesions.flatMap(({ injectedMl }) => injectedMl ?? [])),
    },
  };
}

export function passes(one: CohortCase, { groups, from, to }: CohortFilters): boolean {
  if (from !== "" && one.date < from) return false;
  if (to !== "" && (one.date === "" || one.date > to)) return false;
  return FACTORS.every(({ id, groupOf }) => groups[id] === undefined || groupOf(one) === groups[id]);
}

/** Values that a filter can take: of all cases, whatever is filtered now. */
export const filterChoices = (cases: readonly CohortCase[]): ReadonlyMap<string, readonly string[]> =>
  new Map(
    FACTORS.map(({ id, groupOf }) => [
      id,
      [...new Set(cases.flatMap((one) => groupOf(one) ?? []))].toSorted(),
    ]),
  );

function pooledOf(cases: readonly CohortCase[]): LocalText[] {
  const found: LocalText[] = [];
  const several = (values: readonly string[]) => [...new Set(values)].toSorted();
  const definitions = several(cases.map(({ definitionsVersion }) => definitionsVersion));
  if (definitions.length > 1)
    found.push(
      text(
        `Definitions of several versions are pooled here: ${definitions.join(", ")}`,
        `此处合并了多个版本的定义：${definitions.join("、")}`,
      ),
    );
  const slices = several(cases.map(({ sliceClass }) => sliceClass));
  if (slices.length > 1)
    found.push(
      text(
        `Slices of several thicknesses are pooled here (${slices.join(", ")}): thin ones show more leaks`,
        `此处合并了不同层厚（${slices.join("、")}）：薄层可显示更多渗漏`,
      ),
    );
  const modalities = several(cases.map(({ modality }) => modality));
  if (modalities.length > 1)
    found.push(
      text(
        `Several kinds of imaging are pooled here: ${modalities.join(", ")}`,
        `此处合并了多种影像：${modalities.join("、")}`,
      ),
    );
  const unknown = cases.filter(({ patientUnknown }) => patientUnknown).length;
  if (unknown > 0)
    found.push(
      text(
        `${unknown} ${unknown === 1 ? "case names" : "cases name"} no patient: each counts as a patient of its own`,
        `${unknown} 例未注明患者：各按一名患者计`,
      ),
    );
  return found;
}

function outcomeGroups(list: OutcomeList, cases: readonly CohortCase[]): OutcomeGroup[] {
  const groups = [...groupBy(cases, ({ patient }) => patient)];
  const eventsOf = (group: readonly CohortCase[]) =>
    group.flatMap(({ events }) => events.filter(({ apart }) => apart === null));
  const those = (keep: (group: readonly CohortCase[]) => boolean): string[] =>
    groups.filter(([, group]) => keep(group)).map(([patient]) => patient);
  const isSymptomatic = (group: readonly CohortCase[]) =>
    eventsOf(group).some(({ symptom }) => symptom !== "asymptomatic" && symptom !== "not_assessed");
  const who: readonly (readonly [OutcomeGroup["who"], readonly string[]])[] = [
    ["all", those(() => true)],
    ["leak", those((group) => eventsOf(group).length > 0)],
    ["no leak", those((group) => eventsOf(group).length === 0)],
    ["symptomatic", those(isSymptomatic)],
    ["silent", those((group) => eventsOf(group).length > 0 && !isSymptomatic(group))],
  ];
  return SCALES.flatMap((scale) => {
    const recorded = [...list.patients.values()].some(({ values }) =>
      [...values.values()].some((value) => value[scale] !== undefined),
    );
    return recorded
      ? who.map(([name, patients]): OutcomeGroup => ({
          scale,
          who: name,
          lines: outcomeLines(list, patients, scale),
        }))
      : [];
  });
}
