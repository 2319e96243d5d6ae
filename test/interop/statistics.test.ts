// The cohort's statistics against R: 200 random tables, shares and pairs each, the exact test of Freeman and Halton among them.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { chiSquare, freemanHalton, oddsRatio } from "../../plugins/cement-leakage/cohort/contingency.ts";
import { meanOf, pairedT, signedRank, type Pair } from "../../plugins/cement-leakage/cohort/paired.ts";
import { clopperPearson, wilson } from "../../plugins/cement-leakage/cohort/proportions.ts";
import { mulberry } from "../../plugins/cement-leakage/cohort/random.ts";
import { hasTool } from "./judges.ts";

const CASES = 200;

function askR(lines: readonly string[]): Promise<number[][]> {
  return new Promise((accept, reject) => {
    const child = execFile(
      "Rscript",
      ["--vanilla", join(import.meta.dirname, "statistics.R")],
      { timeout: 120_000, maxBuffer: 16 << 20 },
      (error, out) =>
        error
          ? reject(error)
          : accept(
              out
                .trim()
                .split("\n")
                .map((line) => line.trim().split(" ").map(Number)),
            ),
    );
    child.stdin?.end(`${lines.join("\n")}\n`);
  });
}

/** Within a billionth of the value, or of one. */
const expectClose = (value: number, expected: number, share = 1e-9) =>
  expect(
    Math.abs(value - expected) / Math.max(1, Math.abs(expected)),
    `${value} for ${expected}`,
  ).toBeLessThan(share);

describe.skipIf(!hasTool("R"))("statistics as R computes them", () => {
  const random = mulberry(41);
  const whole = (most: number) => Math.floor(random() * (most + 1));

  it("of 200 tables of two to five groups", async () => {
    const tables = Array.from({ length: CASES }, () => {
      const rows = 2 + whole(3);
      const most = rows > 3 ? 12 : 40;
      return Array.from({ length: rows }, () => [1 + whole(most), 1 + whole(most)]);
    });
    const answers = await askR(tables.map((table) => `table ${table.flat().join(" ")}`));
    expect(answers).toHaveLength(CASES);
    tables.forEach((table, n) => {
      const [p, statistic, chiP, smallest, low, high] = answers[n];
      expectClose(freemanHalton(table)?.p ?? NaN, p, 1e-7);
      const chi = chiSquare(table);
      expectClose(chi?.statistic ?? NaN, statistic);
      expectClose(chi?.p ?? NaN, chiP);
      expectClose(chi?.smallestExpected ?? NaN, smallest);
      if (table.length > 2) return;
      // R looks for the ratio below 1, and for its reciprocal above, and stops within 1.3e-4 of the root.
      const within1 = (ratio: number) => (ratio > 1 ? 1 / ratio : ratio);
      const interval = oddsRatio(table)?.interval ?? [NaN, NaN];
      expectClose(within1(interval[0]), within1(low), 3e-4);
      expectClose(within1(interval[1]), within1(high), 3e-4);
    });
  });

  it("of 200 shares", async () => {
    const shares = Array.from({ length: CASES }, () => {
      const of = 1 + whole(400);
      return [whole(of), of] as const;
    });
    const answers = await askR(shares.map(([count, of]) => `share ${count} ${of}`));
    shares.forEach(([count, of], n) => {
      const found = [...wilson(count, of), ...clopperPearson(count, of)];
      found.forEach((value, at) => expectClose(value, answers[n][at]));
    });
  });

  it("of 200 sets of pairs, with ties and without", async () => {
    const sets = Array.from({ length: CASES }, (_, n): Pair[] =>
      Array.from({ length: 5 + whole(50) }, () => {
        const before = n % 2 === 0 ? whole(10) : random() * 10;
        const change = n % 2 === 0 ? whole(6) - 4 : random() * 6 - 4;
        return [before, before + change];
      }),
    );
    const answers = await askR(sets.map((pairs) => `pairs ${pairs.flat().join(" ")}`));
    sets.forEach((pairs, n) => {
      const [t, tP, v, vP, low, high] = answers[n];
      const test = pairedT(pairs);
      expectClose(test?.t ?? NaN, t);
      expectClose(test?.p ?? NaN, tP);
      const ranks = signedRank(pairs);
      expectClose(ranks?.v ?? NaN, v);
      expectClose(ranks?.p ?? NaN, vP);
      const interval = meanOf(pairs.map(([a, b]) => b - a))?.ci95;
      expectClose(interval?.[0] ?? NaN, low);
      expectClose(interval?.[1] ?? NaN, high);
    });
  });
});
