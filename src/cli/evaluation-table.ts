// The evaluation's table: one line per stratum, every figure with its 95 % interval.
import type { CaseOutcome, LeakOutcome } from "./evaluation-cases.ts";

/** Wilson score interval without continuity correction (DOMAIN §7). */
export function wilson(k: number, n: number): readonly [number, number] {
  if (n === 0) return [0, 1];
  const z = 1.959963984540054;
  const p = k / n;
  const middle = (p + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z / (1 + (z * z) / n)) * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}

/** Percentile bootstrap of a statistic over cases, seeded so that the table repeats. */
export function bootstrap<T>(
  items: readonly T[],
  statistic: (sample: readonly T[]) => number,
): readonly [number, number] {
  if (items.length < 2) return [NaN, NaN];
  let state = 12345;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
  const values: number[] = [];
  for (let round = 0; round < 1000; round++)
    values.push(statistic(items.map(() => items[Math.floor(random() * items.length)])));
  values.sort((a, b) => a - b);
  return [values[25], values[974]];
}

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.length === 0 ? NaN : (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
};

const share = (k: number, n: number): string => {
  if (n === 0) return "-";
  const [low, high] = wilson(k, n);
  return `${k}/${n} ${(k / n).toFixed(2)} (${low.toFixed(2)}-${high.toFixed(2)})`;
};
const value = (v: number, [low, high]: readonly [number, number], digits = 2): string =>
  Number.isNaN(v)
    ? "-"
    : Number.isNaN(low)
      ? v.toFixed(digits) // one case has no interval
      : `${v.toFixed(digits)} (${low.toFixed(digits)}-${high.toFixed(digits)})`;

const LEAST_MM3 = 20;
const VOLUME_FROM_MM3 = 100;

export function tableRow(name: string, cases: readonly CaseOutcome[]): string {
  const leaks = cases.flatMap((one) => one.leaks.filter((leak) => leak.volumeMm3 >= LEAST_MM3));
  const found = leaks.filter((leak) => leak.found);
  const right = found.filter((leak) => leak.site === leak.proposedSite);
  const perCase = (sample: readonly CaseOutcome[]) =>
    sample.reduce((sum, one) => sum + one.falseCandidates.length, 0) / sample.length;
  const large = found.filter((leak) => leak.volumeMm3 >= VOLUME_FROM_MM3 && leak.estimateMm3 !== null);
  const errors = (sample: readonly LeakOutcome[]) =>
    median(sample.map((leak) => Math.abs((leak.estimateMm3 ?? 0) / leak.volumeMm3 - 1)));
  const covered = large.filter(
    (leak) => leak.ciMm3 && leak.ciMm3[0] <= leak.volumeMm3 && leak.volumeMm3 <= leak.ciMm3[1],
  );
  const width = median(
    large.map((leak) => (leak.ciMm3 ? (leak.ciMm3[1] - leak.ciMm3[0]) / leak.volumeMm3 : NaN)),
  );
  const dice = (sample: readonly LeakOutcome[]) => median(sample.map((leak) => leak.dice ?? 0));
  const bone = (sample: readonly CaseOutcome[]) =>
    median(sample.map((one) => Math.abs(one.intraosseousEstimateMm3 / one.intraosseousTruthMm3 - 1)));
  const seconds = (sample: readonly CaseOutcome[]) => median(sample.map((one) => one.seconds));
  return [
    name,
    String(cases.length),
    share(found.length, leaks.length),
    value(perCase(cases), bootstrap(cases, perCase)),
    share(right.length, found.length),
    value(errors(large), bootstrap(large, errors)),
    share(covered.length, large.length),
    Number.isNaN(width) ? "-" : width.toFixed(2),
    value(dice(found), bootstrap(found, dice)),
    value(bone(cases), bootstrap(cases, bone)),
    value(seconds(cases), bootstrap(cases, seconds), 1),
  ].join(" | ");
}

export const TABLE_HEADER = [
  "stratum | cases | sensitivity (>= 20 mm3) | false per case | site top-1 | leak volume error, median (>= 100 mm3) | interval covers | interval width | Dice, median | intraosseous volume error | seconds",
  "--- | --- | --- | --- | --- | --- | --- | --- | --- | --- | ---",
].join("\n");

/** True site by row, proposed site by column; found leaks only. */
export function confusionMatrix(cases: readonly CaseOutcome[]): string {
  const found = cases.flatMap((one) => one.leaks.filter((leak) => leak.found && leak.volumeMm3 >= LEAST_MM3));
  const rows = [...new Set(found.map((leak) => leak.site))].sort();
  const columns = [...new Set(found.map((leak) => leak.proposedSite ?? ""))].sort();
  const line = (cells: readonly string[]) => cells.join(" | ");
  return [
    line(["true \\ proposed", ...columns]),
    line(["---", ...columns.map(() => "---")]),
    ...rows.map((site) =>
      line([
        site,
        ...columns.map((column) =>
          String(found.filter((leak) => leak.site === site && leak.proposedSite === column).length),
        ),
      ]),
    ),
  ].join("\n");
}
