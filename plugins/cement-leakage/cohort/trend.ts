// The cohort's rate over time: by period, and case by case in the order of the procedures.
import type { CohortSet, GroupOf } from "./cohort-set.ts";
import type { Question } from "./questions.ts";
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
import { askAll } from "./rates.ts";

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

const PERIOD_OF: Readonly<Record<PeriodLength, GroupOf>> = {
  month: ({ date }) => periodOf(date, "month"),
  quarter: ({ date }) => periodOf(date, "quarter"),
  year: ({ date }) => periodOf(date, "year"),
};

export function trendOf(
  set: CohortSet,
  question: Question,
  period: PeriodLength,
  thresholds: Thresholds | null,
): Trend {
  const dated = set.where(({ date }) => date !== "");
  const periods = [...dated.groups(PERIOD_OF[period])].map(([label, group]) => {
    const { count, of } = askAll(group, question, "procedure").proportion;
    return { label, count, of };
  });
  const chart = pChart(periods);
  const sequence: Trend["sequence"][number][] = [];
  dated.eachAnswer(question, ({ documentId, date }, answer) => {
    if (answer === "present" || answer === "absent")
      sequence.push({ documentId, date, event: answer === "present" });
  });
  sequence.sort((a, b) =>
    a.date === b.date ? (a.documentId < b.documentId ? -1 : 1) : a.date < b.date ? -1 : 1,
  );
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
    withoutDate: set.size - dated.size,
  };
}

/** "2018", "2018 Q2", "2018-05". */
export function periodOf(date: string, period: PeriodLength): string {
  const [year, month] = date.split("-");
  if (period === "year") return year;
  return period === "month" ? `${year}-${month}` : `${year} Q${Math.ceil(Number(month) / 3)}`;
}
