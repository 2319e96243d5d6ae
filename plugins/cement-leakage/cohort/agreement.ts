// Agreement of two readers over the same things, beyond chance.
// Cohen, Educ Psychol Meas 1960;20:37; Gwet, Br J Math Stat Psychol 2008;61:29 (AC1, for extreme prevalence).

/** Square table of counts: row = first reader's category, column = the second's. */
export type AgreementTable = readonly (readonly number[])[];

export interface Agreement {
  /** Things that both readers judged. */
  readonly count: number;
  /** Share judged alike, 0 to 1. */
  readonly observed: number;
  /** Cohen's kappa; null where both used one category only: agreement by chance is then certain and kappa undefined. */
  readonly kappa: number | null;
  /** Gwet's AC1, which does not collapse when nearly all fall into one category; null with fewer than two categories. */
  readonly ac1: number | null;
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
  return { count, observed, kappa, ac1: gwet === null ? null : (observed - gwet) / (1 - gwet) };
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
