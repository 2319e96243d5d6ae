// The cohort's rate over time: by period, and case by case in the order of the procedures.
import { caseAnswer, type Question } from "./questions.ts";
import type { CohortCase } from "./case-record.ts";
import {
  casesBetween,
  chanceToSignal,
  controlLimits,
  cusum,
  movingRate,
  pChart,
  upperOfNone,
  type ChartPoint,
} from "./control-charts.ts";
import type { Proportion } from "./proportions.ts";
import { askAll, groupBy } from "./rates.ts";

export type PeriodLength = "month" | "quarter" | "year";

export interface Trend {
  readonly chart: { readonly centre: number | null; readonly points: readonly ChartPoint[] };
  /** Of the cases that answer, by date; each with its document. */
  readonly sequence: readonly {
    readonly documentId: string;
    readonly date: string;
    readonly event: boolean;
  }[];
  readonly moving: readonly Proportion[];
  readonly movingWindow: number;
  /** Only where the department has set what it accepts and what it does not. */
  readonly cusum: readonly number[] | null;
  readonly between: readonly number[];
  /** Where there was no event at all: the highest rate that fits. */
  readonly upperOfNone: number | null;
  /** What a period of usual size can see: its limits, and the chance that a doubled rate leaves them. */
  readonly power: {
    readonly of: number;
    readonly limits: readonly [number, number];
    readonly chance: number;
  } | null;
  readonly withoutDate: number;
}

export interface Thresholds {
  readonly acceptable: number;
  readonly unacceptable: number;
  /** Where the two come from; asked for together with them. */
  readonly source: string;
}

export const MOVING_WINDOW = 20;

export function trendOf(
  cases: readonly CohortCase[],
  question: Question,
  period: PeriodLength,
  thresholds: Thresholds | null,
): Trend {
  const dated = cases.filter(({ date }) => date !== "");
  const periods = [...groupBy(dated, ({ date }) => periodOf(date, period))]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([label, group]) => {
      const { count, of } = askAll(group, question, "procedure").proportion;
      return { label, count, of };
    });
  const chart = pChart(periods);
  const sequence = dated
    .toSorted((a, b) =>
      a.date === b.date ? (a.documentId < b.documentId ? -1 : 1) : a.date < b.date ? -1 : 1,
    )
    .flatMap((one) => {
      const answer = caseAnswer(question, one);
      return answer === "present" || answer === "absent"
        ? [{ documentId: one.documentId, date: one.date, event: answer === "present" }]
        : [];
    });
  const events = sequence.map(({ event }) => event);
  const sizes = periods
    .map(({ of }) => of)
    .filter((of) => of > 0)
    .toSorted((a, b) => a - b);
  const usual = sizes[Math.floor(sizes.length / 2)];
  return {
    chart,
    sequence,
    moving: movingRate(events, Math.min(MOVING_WINDOW, events.length || 1)),
    movingWindow: Math.min(MOVING_WINDOW, events.length || 1),
    cusum: thresholds ? cusum(events, thresholds.acceptable, thresholds.unacceptable) : null,
    between: casesBetween(events),
    upperOfNone: events.length > 0 && !events.includes(true) ? upperOfNone(events.length) : null,
    power:
      usual === undefined || chart.centre === null || chart.centre === 0
        ? null
        : {
            of: usual,
            limits: controlLimits(chart.centre, usual),
            chance: chanceToSignal(chart.centre, Math.min(0.999, 2 * chart.centre), usual),
          },
    withoutDate: cases.length - dated.length,
  };
}

/** "2018", "2018 Q2", "2018-05". */
export function periodOf(date: string, period: PeriodLength): string {
  const [year, month] = date.split("-");
  if (period === "year") return year;
  return period === "month" ? `${year}-${month}` : `${year} Q${Math.ceil(Number(month) / 3)}`;
}
