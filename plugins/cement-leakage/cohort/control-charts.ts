// Whether a rate is changing: p-chart, Bernoulli CUSUM, moving rate, cases between events; each says how little it can see.
// Montgomery, Introduction to Statistical Quality Control; Steiner et al., Biostatistics 2000;1:441 (log-likelihood weights).
import { logChoose } from "./distributions.ts";
import { proportion, wilson, type Interval, type Proportion } from "./proportions.ts";

/** p ± 3 sqrt(p (1 - p) / n), cut at 0 and 1. */
export function controlLimits(rate: number, of: number): Interval {
  const half = 3 * Math.sqrt((rate * (1 - rate)) / of);
  return [Math.max(0, rate - half), Math.min(1, rate + half)];
}

export interface ChartPoint {
  readonly label: string;
  readonly rate: Proportion;
  readonly limits: Interval;
  /** Beyond its limits. */
  readonly signal: boolean;
}
/** One point a period against the rate of all periods together; periods without cases are left out. */
export function pChart(
  periods: readonly { readonly label: string; readonly count: number; readonly of: number }[],
): { readonly centre: number | null; readonly points: readonly ChartPoint[] } {
  const held = periods.filter(({ of }) => of > 0);
  const of = held.reduce((total, period) => total + period.of, 0);
  if (of === 0) return { centre: null, points: [] };
  const centre = held.reduce((total, period) => total + period.count, 0) / of;
  const points = held.map(({ label, count, of: cases }): ChartPoint => {
    const limits = controlLimits(centre, cases);
    const share = count / cases;
    return {
      label,
      rate: proportion(count, cases),
      limits,
      signal: share < limits[0] - 1e-12 || share > limits[1] + 1e-12,
    };
  });
  return { centre, points };
}

/** Weights of a Bernoulli CUSUM that looks for a rise of the rate from `acceptable` to `unacceptable`: a case with the event, and one without. */
export const cusumWeights = (acceptable: number, unacceptable: number) => ({
  event: Math.log(unacceptable / acceptable),
  none: Math.log((1 - unacceptable) / (1 - acceptable)),
});

/** S = max(0, S + w) after each case. */
export function cusum(
  events: readonly boolean[],
  acceptable: number,
  unacceptable: number,
): readonly number[] {
  if (!(acceptable > 0 && acceptable < unacceptable && unacceptable < 1))
    throw new RangeError("0 < acceptable < unacceptable < 1");
  const weights = cusumWeights(acceptable, unacceptable);
  let at = 0;
  return events.map((event) => (at = Math.max(0, at + (event ? weights.event : weights.none))));
}

/** Bounds of Wald's sequential test at the given errors. */
export const sprtBounds = (alpha: number, beta: number) => ({
  upper: Math.log((1 - beta) / alpha),
  lower: Math.log(beta / (1 - alpha)),
});

/** The rate of the last `window` cases at each case from the `window`-th on. */
export function movingRate(events: readonly boolean[], window: number): readonly Proportion[] {
  const rates: Proportion[] = [];
  let count = 0;
  events.forEach((event, index) => {
    count += Number(event);
    if (index >= window) count -= Number(events[index - window]);
    if (index >= window - 1) rates.push(proportion(count, window));
  });
  return rates;
}

/** Cases from one event to the next (the next itself counted): for events too rare for a rate a period. */
export function casesBetween(events: readonly boolean[]): readonly number[] {
  const places = events.flatMap((event, index) => (event ? [index] : []));
  return places.slice(1).map((place, index) => place - places[index]);
}

/** Chance that one period of `of` cases leaves the limits of `centre` when the true rate is `rate`: what a chart can see. */
export function chanceToSignal(centre: number, rate: number, of: number): number {
  const [low, high] = controlLimits(centre, of);
  let chance = 0;
  for (let count = 0; count <= of; count++) {
    const share = count / of;
    if (share >= low - 1e-12 && share <= high + 1e-12) continue;
    const log =
      logChoose(of, count) +
      (count === 0 ? 0 : count * Math.log(rate)) +
      (count === of ? 0 : (of - count) * Math.log(1 - rate));
    chance += Math.exp(log);
  }
  return Math.min(1, chance);
}

/** Zero events prove little: the upper end of the Wilson interval of 0 of n. */
export const upperOfNone = (of: number): number => wilson(0, of)[1];
