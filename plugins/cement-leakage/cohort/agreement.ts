// Agreement of two readers over the same things, beyond chance.
// Cohen, Educ Psychol Meas 1960;20:37; Gwet, Br J Math Stat Psychol 2008;61:29 (AC1, for extreme prevalence).

import type { Interval } from "./proportions.ts";

/** Square table of counts: row = first reader's category, column = the second's. */
export type AgreementTable = readonly (readonly number[])[];

export interface Agreement {
  /** Things that both readers judged. */
  readonly count: number;
  /** Share judged alike, 0 to 1. */
  readonly observed: number;
  /** Cohen's kappa; null where both used one category only: agreement by chance is then certain and kappa undefined. */
  readonly kappa: number | null;
  /** 95 %, by the large-sample variance of Fleiss, Cohen and Everitt (Psychol Bull 1969;72:323), cut at -1 and 1. */
  readonly kappaCi95: Interval | null;
  /** Gwet's AC1, which does not collapse when nearly all fall into one category; null with fewer than two categories. */
  readonly ac1: number | null;
  readonly ac1Ci95: Interval | null;
}

/** Null for an empty table. Throws RangeError where the table is not square. */
export function agreementOf(table: AgreementTable): Agreement | null {
  const categories = table.length;
  if (table.some((row) => row.length !== categories)) throw new RangeError("the table must be square");
  const rows = table.map((row) => sum(row));
  const columns = table.map((_, index) => sum(table.map((row) => row[index])));
  const count = sum(rows);
  if (count === 0) return null;
  const observed = sum(table.map((row, index) => row[index])) / count;
  const byChance = sum(rows.map((row, index) => (row / count) * (columns[index] / count)));
  const kappa = byChance === 1 ? null : (observed - byChance) / (1 - byChance);
  const shares = rows.map((row, index) => (row + columns[index]) / (2 * count));
  const gwet = categories < 2 ? null : sum(shares.map((share) => share * (1 - share))) / (categories - 1);
  const ac1 = gwet === null ? null : (observed - gwet) / (1 - gwet);
  const cells = table.map((row) => row.map((value) => value / count));
  const margins: Margins = {
    cells,
    first: rows.map((row) => row / count),
    second: columns.map((column) => column / count),
    observed,
    count,
  };
  return {
    count,
    observed,
    kappa,
    kappaCi95: kappa === null ? null : around(kappa, kappaVariance(margins, byChance)),
    ac1,
    ac1Ci95: ac1 === null || gwet === null ? null : around(ac1, ac1Variance(margins, shares, gwet)),
  };
}

interface Margins {
  /** Shares of all. */
  readonly cells: AgreementTable;
  readonly first: readonly number[];
  readonly second: readonly number[];
  readonly observed: number;
  readonly count: number;
}

const around = (value: number, variance: number): Interval => {
  const half = 1.959963984540054 * Math.sqrt(Math.max(0, variance));
  return [Math.max(-1, value - half), Math.min(1, value + half)];
};

function kappaVariance({ cells, first, second, observed, count }: Margins, byChance: number): number {
  const kappa = (observed - byChance) / (1 - byChance);
  let on = 0;
  let off = 0;
  cells.forEach((row, i) =>
    row.forEach((share, j) => {
      if (i === j) on += share * (1 - (first[i] + second[i]) * (1 - kappa)) ** 2;
      else off += share * (second[i] + first[j]) ** 2;
    }),
  );
  const offset = (kappa - byChance * (1 - kappa)) ** 2;
  return (on + (1 - kappa) ** 2 * off - offset) / ((1 - byChance) ** 2 * count);
}

/** Gwet 2008, equation for a whole (uncorrected for a finite) population. */
function ac1Variance({ cells, observed, count }: Margins, shares: readonly number[], gwet: number): number {
  const others = shares.length - 1;
  const diagonal = sum(cells.map((row, k) => row[k] * (1 - shares[k]))) / others;
  const all =
    sum(cells.flatMap((row, k) => row.map((share, l) => share * (1 - (shares[k] + shares[l]) / 2) ** 2))) /
    others ** 2;
  const spread =
    observed * (1 - observed) -
    4 * (1 - observed) * (diagonal - observed * gwet) +
    4 * (1 - observed) ** 2 * (all - gwet ** 2);
  return spread / (count * (1 - gwet) ** 2);
}

/**
 * Fleiss' kappa of any number of readers (Psychol Bull 1971;76:378): a row for each thing, how many readers chose each category, every
 * row with as many readers. Null for no rows or one category only. Throws RangeError where rows differ.
 */
export function fleissKappa(rows: AgreementTable): number | null {
  if (rows.length === 0) return null;
  const readers = sum(rows[0]);
  if (rows.some((row) => sum(row) !== readers)) throw new RangeError("every thing needs as many readers");
  const within = rows.map((row) => (sum(row.map((n) => n * n)) - readers) / (readers * (readers - 1)));
  const shares = rows[0].map((_, k) => sum(rows.map((row) => row[k])) / (rows.length * readers));
  const byChance = sum(shares.map((share) => share * share));
  return byChance === 1 ? null : (sum(within) / rows.length - byChance) / (1 - byChance);
}

/** The table of pairs of judgements, over the categories that occur, sorted. */
export function tableOf(pairs: readonly (readonly [string, string])[]): {
  readonly categories: readonly string[];
  readonly table: AgreementTable;
} {
  const categories = [...new Set(pairs.flat())].toSorted();
  const table = categories.map((row) =>
    categories.map((column) => pairs.filter(([a, b]) => a === row && b === column).length),
  );
  return { categories, table };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
