// Tables of counts: chi-square, the exact tests of Fisher, Freeman and Halton, and the odds ratio with its exact interval.
// Freeman and Halton, Biometrika 1951;38:141. Fisher's noncentral hypergeometric distribution: as R's fisher.test.
import { chiSquareUpper, logChoose, logFactorial, solveIncreasing } from "./distributions.ts";
import type { Interval } from "./proportions.ts";
import { mulberry } from "./random.ts";

/** Rows of counts, every row as long as the first. */
export type CountTable = readonly (readonly number[])[];

export interface ChiSquare {
  readonly statistic: number;
  readonly df: number;
  readonly p: number;
  /** Smallest expected count: below 5 the test is not to be shown (DOMAIN §7). */
  readonly smallestExpected: number;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const columnSums = (table: CountTable): number[] =>
  (table[0] ?? []).map((_, column) => sum(table.map((row) => row[column])));

/** Rows and columns that hold something: an empty one says nothing and would divide by zero. */
function occupied(table: CountTable): CountTable {
  const columns = columnSums(table);
  return table.filter((row) => sum(row) > 0).map((row) => row.filter((_, column) => columns[column] > 0));
}

/** Pearson's chi-square of independence without continuity correction; null for fewer than two rows or columns that hold anything. */
export function chiSquare(given: CountTable): ChiSquare | null {
  check(given);
  const table = occupied(given);
  if (table.length < 2 || table[0].length < 2) return null;
  const rows = table.map(sum);
  const columns = columnSums(table);
  const total = sum(rows);
  let statistic = 0;
  let smallestExpected = Infinity;
  table.forEach((row, r) =>
    row.forEach((count, c) => {
      const expected = (rows[r] * columns[c]) / total;
      smallestExpected = Math.min(smallestExpected, expected);
      statistic += (count - expected) ** 2 / expected;
    }),
  );
  const df = (rows.length - 1) * (columns.length - 1);
  return { statistic, df, p: chiSquareUpper(statistic, df), smallestExpected };
}

/** Chi-square of counts against equal shares. */
export function equalShares(counts: readonly number[]): ChiSquare {
  const expected = sum(counts) / counts.length;
  const statistic = sum(counts.map((count) => (count - expected) ** 2 / expected));
  const df = counts.length - 1;
  return { statistic, df, p: chiSquareUpper(statistic, df), smallestExpected: expected };
}

/** Tables as likely as the observed one count; products of rounded logarithms may differ in the last digits (as in R). */
const AS_LIKELY = 1e-7;
const MOST_TABLES = 5_000_000;
const SIMULATED = 20_000;
const LARGE_EXPECTED = 20;

export interface ExactTest {
  readonly p: number;
  /** Where there are too many tables to enumerate: p is simulated, with this standard error; 0 where it is the chi-square's. */
  readonly simulatedError?: number;
}

/**
 * The Freeman-Halton test of a table of r rows and two columns (Fisher's, for two rows): the sum over all tables with these margins that
 * are no more likely than the observed one. Beyond five million tables it is the chi-square where every expected count is at least 20, else simulated from a fixed seed; it says so. Null for fewer
 * than two rows or columns that hold anything.
 */
export function freemanHalton(given: CountTable): ExactTest | null {
  check(given);
  const table = occupied(given);
  if (table.length < 2 || table[0].length < 2) return null;
  if (table[0].length > 2) throw new RangeError("tables of two columns only");
  const rows = table.map(sum).toSorted((a, b) => b - a);
  const [first] = columnSums(table);
  const total = sum(rows);
  const all = logChoose(total, first);
  const logLikelihood = (counts: readonly number[], sizes: readonly number[]): number =>
    sum(sizes.map((size, n) => logChoose(size, counts[n]))) - all;
  const observed = logLikelihood(
    table.map((row) => row[0]),
    table.map(sum),
  );
  const limit = observed + Math.log1p(AS_LIKELY);
  // The last row's count follows from the others.
  const tables = rows.slice(1).reduce((product, size) => product * (Math.min(size, first) + 1), 1);
  if (tables > MOST_TABLES) {
    // So many tables that no expected count is small: the exact test would say what the chi-square says.
    const chi = chiSquare(table);
    if (chi && chi.smallestExpected >= LARGE_EXPECTED) return { p: chi.p, simulatedError: 0 };
    return simulated(rows, first, limit, logLikelihood);
  }
  let p = 0;
  const visit = (row: number, left: number, log: number): void => {
    if (row === 0) {
      if (left > rows[0]) return;
      const whole = log + logChoose(rows[0], left);
      if (whole <= limit) p += Math.exp(whole);
      return;
    }
    for (let count = 0; count <= Math.min(rows[row], left); count++)
      visit(row - 1, left - count, log + logChoose(rows[row], count));
  };
  visit(rows.length - 1, first, -all);
  return { p: Math.min(1, p) };
}

/** How many of `size` drawn from `all` are among the `marked`, where a uniform number falls in their distribution. */
function hypergeometric(size: number, marked: number, all: number, uniform: number): number {
  const low = Math.max(0, size + marked - all);
  const high = Math.min(size, marked);
  const whole = logChoose(all, size);
  let below = 0;
  for (let count = low; count < high; count++) {
    below += Math.exp(logChoose(marked, count) + logChoose(all - marked, size - count) - whole);
    if (below >= uniform) return count;
  }
  return high;
}

/** Tables with the same margins, drawn row by row. */
function simulated(
  rows: readonly number[],
  first: number,
  limit: number,
  logLikelihood: (counts: readonly number[], sizes: readonly number[]) => number,
): ExactTest {
  const random = mulberry(20200101);
  const total = sum(rows);
  let extreme = 0;
  for (let n = 0; n < SIMULATED; n++) {
    let left = first;
    let rest = total;
    const counts = rows.map((size) => {
      const count = hypergeometric(size, left, rest, random());
      left -= count;
      rest -= size;
      return count;
    });
    if (logLikelihood(counts, rows) <= limit) extreme++;
  }
  const p = (extreme + 1) / (SIMULATED + 1);
  return { p, simulatedError: Math.sqrt((p * (1 - p)) / SIMULATED) };
}

export interface OddsRatio {
  /** ad / bc; 0 or Infinity where a cell is empty, null where both are. */
  readonly sample: number | null;
  /** Conditional maximum likelihood, and its exact interval. */
  readonly conditional: number;
  readonly interval: Interval;
}

/** Of [[a, b], [c, d]]: rows are groups, the first column has the event. Null where a margin is empty. */
export function oddsRatio(given: CountTable): OddsRatio | null {
  check(given);
  if (given.length !== 2 || given[0].length !== 2) throw new RangeError("two rows and two columns");
  const [[a, b], [c, d]] = given;
  const [m, n, k] = [a + b, c + d, a + c];
  if (m === 0 || n === 0 || k === 0 || k === m + n) return null;
  const low = Math.max(0, k - n);
  const high = Math.min(k, m);
  const support = Array.from({ length: high - low + 1 }, (_, index) => low + index);
  const logs = support.map((x) => logChoose(m, x) + logChoose(n, k - x));
  /** Shares of the support at a log odds ratio. */
  const shares = (logOdds: number): number[] => {
    const weights = support.map((x, index) => logs[index] + x * logOdds);
    const most = Math.max(...weights);
    const scaled = weights.map((weight) => Math.exp(weight - most));
    const all = sum(scaled);
    return scaled.map((weight) => weight / all);
  };
  const mean = (logOdds: number) => sum(shares(logOdds).map((share, index) => share * support[index]));
  const atLeast = (logOdds: number) => sum(shares(logOdds).filter((_, index) => support[index] >= a));
  const atMost = (logOdds: number) => sum(shares(logOdds).filter((_, index) => support[index] <= a));
  const solve = (f: (x: number) => number, target: number) => Math.exp(solveIncreasing(f, target, -60, 60));
  return {
    sample: b * c === 0 ? (a * d === 0 ? null : Infinity) : (a * d) / (b * c),
    conditional: a === low ? 0 : a === high ? Infinity : solve(mean, a),
    interval: [
      a === low ? 0 : solve(atLeast, 0.025),
      a === high ? Infinity : solve((x) => -atMost(x), -0.025),
    ],
  };
}

/** Holm's correction (Scand J Stat 1979;6:65): p values in the order given, each no less than before. */
export function holm(values: readonly number[]): readonly number[] {
  const order = values.map((p, index) => ({ p, index })).toSorted((a, b) => a.p - b.p);
  const corrected = Array.from<number>({ length: values.length }).fill(1);
  let most = 0;
  order.forEach(({ p, index }, rank) => {
    most = Math.max(most, Math.min(1, p * (values.length - rank)));
    corrected[index] = most;
  });
  return corrected;
}

function check(table: CountTable): void {
  const width = table[0]?.length ?? 0;
  for (const row of table)
    if (row.length !== width || row.some((count) => !Number.isInteger(count) || count < 0))
      throw new RangeError("a table of whole counts, every row as long as the first");
  if (width > 0) logFactorial(sum(table.flat()));
}
