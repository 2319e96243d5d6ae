// Numbers before and after, and two readers' numbers of the same things: paired tests, and agreement of measured values.
// Wilcoxon, Biometrics 1945;1:80. Bland and Altman, Lancet 1986;327:307. Shrout and Fleiss, Psychol Bull 1979;86:420. Lin, Biometrics 1989;45:255.
import { normalTwoSided, studentCritical, studentTwoSided } from "./distributions.ts";
import type { Interval } from "./proportions.ts";

export type Pair = readonly [first: number, second: number];

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
export const mean = (values: readonly number[]): number => sum(values) / values.length;
/** Sample variance (n - 1); NaN for fewer than two. */
export function variance(values: readonly number[]): number {
  const middle = mean(values);
  return sum(values.map((value) => (value - middle) ** 2)) / (values.length - 1);
}
export const standardDeviation = (values: readonly number[]): number => Math.sqrt(variance(values));

export interface MeanOf {
  readonly n: number;
  readonly mean: number;
  readonly sd: number;
  readonly ci95: Interval;
}
/** Mean, SD and the t interval of the mean; null for fewer than two values. */
export function meanOf(values: readonly number[]): MeanOf | null {
  if (values.length < 2) return null;
  const sd = standardDeviation(values);
  const half = (studentCritical(0.05, values.length - 1) * sd) / Math.sqrt(values.length);
  const middle = mean(values);
  return { n: values.length, mean: middle, sd, ci95: [middle - half, middle + half] };
}

/** Paired t test of second less first; null for fewer than two pairs or no spread. */
export function pairedT(
  pairs: readonly Pair[],
): { readonly t: number; readonly df: number; readonly p: number } | null {
  const differences = pairs.map(([a, b]) => b - a);
  if (differences.length < 2) return null;
  const sd = standardDeviation(differences);
  if (sd === 0) return null;
  const t = mean(differences) / (sd / Math.sqrt(differences.length));
  const df = differences.length - 1;
  return { t, df, p: studentTwoSided(t, df) };
}

const EXACT_UP_TO = 49;

/**
 * Wilcoxon's signed-rank test, two-sided, zero differences left out. Exact up to 49 pairs without ties, else the normal approximation
 * with continuity and tie correction: as R's wilcox.test. Null where nothing differs.
 */
export function signedRank(
  pairs: readonly Pair[],
): { readonly v: number; readonly n: number; readonly p: number; readonly exact: boolean } | null {
  const differences = pairs.map(([a, b]) => b - a).filter((difference) => difference !== 0);
  const n = differences.length;
  if (n === 0) return null;
  const { ranks, ties } = ranked(differences.map(Math.abs));
  const v = sum(differences.map((difference, index) => (difference > 0 ? ranks[index] : 0)));
  // With zeros left out R takes the approximation too.
  const exact = ties.length === 0 && n <= EXACT_UP_TO && n === pairs.length;
  if (exact) return { v, n, p: exactSignedRank(v, n), exact };
  const expected = (n * (n + 1)) / 4;
  const spread = Math.sqrt((n * (n + 1) * (2 * n + 1)) / 24 - sum(ties.map((t) => t ** 3 - t)) / 48);
  const z = v - expected;
  return { v, n, p: spread === 0 ? 1 : normalTwoSided((z - Math.sign(z) * 0.5) / spread), exact };
}

/** Mean ranks from 1, and the sizes of the groups of equal values. */
export function ranked(values: readonly number[]): {
  readonly ranks: readonly number[];
  readonly ties: readonly number[];
} {
  const order = values.map((value, index) => ({ value, index })).toSorted((a, b) => a.value - b.value);
  const ranks = Array.from<number>({ length: values.length }).fill(0);
  const ties: number[] = [];
  for (let from = 0; from < order.length;) {
    let to = from;
    while (to < order.length && order[to].value === order[from].value) to++;
    for (let n = from; n < to; n++) ranks[order[n].index] = (from + 1 + to) / 2;
    if (to - from > 1) ties.push(to - from);
    from = to;
  }
  return { ranks, ties };
}

/** Ways to reach each sum of ranks, counted by adding one rank after the other. */
function exactSignedRank(v: number, n: number): number {
  const most = (n * (n + 1)) / 2;
  const ways = new Float64Array(most + 1);
  ways[0] = 1;
  for (let rank = 1; rank <= n; rank++)
    for (let total = most; total >= rank; total--) ways[total] += ways[total - rank];
  const all = 2 ** n;
  let low = 0;
  for (let total = 0; total <= Math.min(v, most - v); total++) low += ways[total];
  return Math.min(1, (2 * low) / all);
}

export interface BlandAltman {
  readonly n: number;
  /** Second less first. */
  readonly bias: number;
  readonly sd: number;
  readonly limits: Interval;
  readonly biasCi95: Interval;
}
/** Null for fewer than two pairs. */
export function blandAltman(pairs: readonly Pair[]): BlandAltman | null {
  const about = meanOf(pairs.map(([a, b]) => b - a));
  return (
    about && {
      n: about.n,
      bias: about.mean,
      sd: about.sd,
      limits: [about.mean - 1.96 * about.sd, about.mean + 1.96 * about.sd],
      biasCi95: about.ci95,
    }
  );
}

export interface Consistency {
  /** Two-way random, absolute agreement, single measure. */
  readonly icc21: number;
  /** Two-way mixed, consistency, single measure. */
  readonly icc31: number;
  /** Lin's concordance correlation. */
  readonly ccc: number;
}
/** Null for fewer than two pairs, or where all values are alike. */
export function consistency(pairs: readonly Pair[]): Consistency | null {
  const n = pairs.length;
  if (n < 2) return null;
  const [first, second] = [pairs.map(([a]) => a), pairs.map(([, b]) => b)];
  const grand = mean([...first, ...second]);
  const [one, two] = [mean(first), mean(second)];
  const betweenRows = (2 * sum(pairs.map(([a, b]) => ((a + b) / 2 - grand) ** 2))) / (n - 1);
  const betweenColumns = n * ((one - grand) ** 2 + (two - grand) ** 2);
  const residual =
    sum(
      pairs.flatMap(([a, b]) => {
        const row = (a + b) / 2;
        return [(a - row - one + grand) ** 2, (b - row - two + grand) ** 2];
      }),
    ) /
    (n - 1);
  const total = betweenRows + residual + (2 * (betweenColumns - residual)) / n;
  if (total === 0 || betweenRows + residual === 0) return null;
  // Lin's own estimate divides by n.
  const covariance = sum(pairs.map(([a, b]) => (a - one) * (b - two))) / n;
  const spread = ((variance(first) + variance(second)) * (n - 1)) / n + (one - two) ** 2;
  return {
    icc21: (betweenRows - residual) / total,
    icc31: (betweenRows - residual) / (betweenRows + residual),
    ccc: (2 * covariance) / spread,
  };
}
