// Every value of DOMAIN §7.1 (scipy, statsmodels, R) to 1e-6, and a published table from its counts.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { agreementOf, fleissKappa } from "../../../plugins/cement-leakage/cohort/agreement.ts";
import {
  chiSquare,
  equalShares,
  freemanHalton,
  holm,
  oddsRatio,
} from "../../../plugins/cement-leakage/cohort/contingency.ts";
import {
  chanceToSignal,
  controlLimits,
  cusum,
  cusumWeights,
  pChart,
  sprtBounds,
} from "../../../plugins/cement-leakage/cohort/control-charts.ts";
import { clusterInterval } from "../../../plugins/cement-leakage/cohort/cluster-bootstrap.ts";
import {
  blandAltman,
  consistency,
  meanOf,
  pairedT,
  signedRank,
  type Pair,
} from "../../../plugins/cement-leakage/cohort/paired.ts";
import {
  clopperPearson,
  proportion,
  twoProportions,
  wilson,
} from "../../../plugins/cement-leakage/cohort/proportions.ts";

/** Count, of, Wilson, Clopper-Pearson. */
const PROPORTIONS: readonly (readonly [number, number, number, number, number, number])[] = [
  [12, 35, 0.208317, 0.508481, 0.191324, 0.52211],
  [12, 41, 0.176092, 0.444795, 0.161299, 0.455374],
  [5, 35, 0.062602, 0.293756, 0.048061, 0.302571],
  [3, 35, 0.029582, 0.223793, 0.018038, 0.230575],
  [2, 35, 0.015813, 0.186071, 0.006997, 0.191571],
  [5, 12, 0.19326, 0.680489, 0.151652, 0.72333],
  [3, 12, 0.088942, 0.532305, 0.054861, 0.571858],
  [2, 12, 0.046965, 0.448031, 0.020863, 0.484138],
  [0, 35, 0, 0.098901, 0, 0.100032],
  [35, 35, 0.901099, 1, 0.899968, 1],
  [31, 35, 0.740485, 0.954648, 0.732622, 0.967969],
  [6, 35, 0.081026, 0.326823, 0.065622, 0.336498],
  [1, 243, 0.000727, 0.022938, 0.000104, 0.022714],
  [15, 39, 0.248914, 0.541009, 0.233639, 0.553809],
  [149, 181, 0.761082, 0.871893, 0.759684, 0.875817],
];
/** Printed with six decimals. */
const expectNear = (value: number | undefined, expected: number) =>
  expect(Math.abs((value ?? NaN) - expected)).toBeLessThan(1e-6);

describe("proportions", () => {
  it.each(PROPORTIONS)("%d of %d", (count, of, wilsonLow, wilsonHigh, exactLow, exactHigh) => {
    const [low, high] = wilson(count, of);
    expectNear(low, wilsonLow);
    expectNear(high, wilsonHigh);
    const exact = clopperPearson(count, of);
    expectNear(exact[0], exactLow);
    expectNear(exact[1], exactHigh);
    expectNear(proportion(count, of).share ?? NaN, count / of);
  });

  it("of none say nothing, and what is no proportion is refused", () => {
    expect(proportion(0, 0)).toEqual({ count: 0, of: 0, share: null, wilson: null });
    for (const [count, of] of [
      [2, 1],
      [-1, 3],
      [0.5, 3],
    ])
      expect(() => proportion(count, of)).toThrow(RangeError);
  });

  it("of the published 139 against 139 patients differ as printed (PMC8449924)", () => {
    const printed: readonly (readonly [number, number, number, number])[] = [
      [29, 44, 0.0409, 4],
      [34, 73, 1.5e-6, 7],
      [36, 17, 0.0037, 4],
      [23, 9, 0.0085, 4],
      [94, 106, 0.1092, 4],
    ];
    for (const [a, b, p, decimals] of printed) {
      const found = twoProportions(proportion(a, 139), proportion(b, 139))?.p ?? NaN;
      expect(Number(found.toFixed(decimals))).toBe(p);
    }
  });
});

describe("tables of counts", () => {
  const byApproach = (...leaks: readonly number[]) => [18, 7, 10].map((of, n) => [leaks[n], of - leaks[n]]);

  it.each([
    [[6, 2, 4], 1],
    [[6, 3, 3], 0.8057842046718491],
    [[7, 2, 3], 0.9018909899888667],
    [[5, 3, 4], 0.7123470522803036],
    [[2, 2, 8], 0.0009263854425144646],
    [[12, 0, 0], 9.3940716527904e-5],
  ])("Freeman-Halton of %j leaks in 18, 7 and 10", (leaks, p) => {
    expect(freemanHalton(byApproach(...leaks))?.p).toBeCloseTo(p, 9);
  });

  it("has 73 splits of 12 leaks, of which 26 give p > 0.05", () => {
    const values: number[] = [];
    for (let a = 0; a <= 12; a++)
      for (let b = 0; b <= 7; b++) {
        const c = 12 - a - b;
        if (c >= 0 && c <= 10) values.push(freemanHalton(byApproach(a, b, c))?.p ?? NaN);
      }
    expect([values.length, values.filter((p) => p > 0.05).length]).toEqual([73, 26]);
  });

  it("chi-square, Fisher and the odds ratio", () => {
    expect(chiSquare(byApproach(6, 2, 4))).toMatchObject({ df: 2 });
    expectNear(chiSquare(byApproach(6, 2, 4))?.statistic, 0.253623);
    expectNear(chiSquare(byApproach(6, 2, 4))?.p, 0.8809);
    expectNear(chiSquare(byApproach(6, 3, 3))?.statistic, 0.317029);
    expectNear(equalShares([5, 2, 2, 3]).p, 0.5724067);
    const table = [
      [9, 9],
      [3, 14],
    ];
    expectNear(freemanHalton(table)?.p, 0.07503575401239472);
    expectNear(oddsRatio(table)?.sample ?? NaN, 14 / 3);
    // R's own root finder stops at 1e-4.
    expect(oddsRatio(table)?.conditional).toBeCloseTo(4.4556, 3);
    expectNear(chiSquare(table)?.statistic, 4.0617);
  });

  it("says nothing of an empty row or column, and refuses what is no table", () => {
    expect(
      chiSquare([
        [3, 0],
        [5, 0],
      ]),
    ).toBeNull();
    expect(
      freemanHalton([
        [3, 2],
        [0, 0],
      ]),
    ).toBeNull();
    expect(
      oddsRatio([
        [0, 0],
        [3, 2],
      ]),
    ).toBeNull();
    expect(() => chiSquare([[1, 2], [3]])).toThrow(RangeError);
  });

  it("too large to enumerate is simulated, with its error, near the chi-square", () => {
    const table = [40, 55, 60, 48, 52].map((count) => [count, 150 - count]);
    const exact = freemanHalton(table);
    expect(exact?.simulatedError).toBeLessThan(0.002);
    expect(Math.abs((exact?.p ?? NaN) - (chiSquare(table)?.p ?? NaN))).toBeLessThan(0.01);
  });

  it("Holm's correction never falls below an earlier one", () => {
    expect(holm([0.01, 0.04, 0.03, 0.005])).toEqual([0.03, 0.06, 0.06, 0.02]);
  });
});

describe("agreement", () => {
  it("kappa with its interval, by site, and of three readers", () => {
    const both = agreementOf([
      [10, 1],
      [2, 22],
    ]);
    expectNear(both?.kappa ?? NaN, 0.8059149722735673);
    // 0.805915 - 1.96 * 0.106691; cut at 1 above.
    expect(both?.kappaCi95?.[0]).toBeCloseTo(0.805915 - 1.959964 * 0.106691, 5);
    expect(both?.kappaCi95?.[1]).toBe(1);
    const sites = agreementOf([
      [5, 0, 1, 0],
      [0, 2, 0, 0],
      [0, 0, 2, 0],
      [0, 0, 0, 2],
    ]);
    expectNear(sites?.kappa ?? NaN, 0.88);
    const three = [
      [3, 0],
      [3, 0],
      [2, 1],
      [0, 3],
      [0, 3],
      [1, 2],
      [0, 3],
      [3, 0],
      [0, 3],
      [0, 3],
    ];
    expectNear(fleissKappa(three) ?? NaN, 0.7222222222222222);
  });

  it("of measured values", () => {
    const first = [4.9, 5.3, 6.1, 3.8, 7.4, 2.2, 5.0, 6.6, 4.4, 5.7];
    const second = [5.2, 5.5, 6.0, 4.1, 7.9, 2.1, 5.4, 6.9, 4.6, 6.2];
    const pairs = first.map((value, n): Pair => [value, second[n]]);
    const limits = blandAltman(pairs);
    expectNear(limits?.bias, 0.25);
    expectNear(limits?.sd, 0.21213203435596428);
    expectNear(limits?.limits[0], -0.16577878733768991);
    expectNear(limits?.limits[1], 0.66577878733769);
    const same = consistency(pairs);
    expectNear(same?.icc21, 0.9783689184459223);
    expectNear(same?.icc31, 0.9904329955353979);
    expectNear(same?.ccc, 0.9760230923227339);
    expect(pairedT(pairs)?.df).toBe(9);
    expect(signedRank(pairs)?.n).toBe(10);
  });
});

describe("trend", () => {
  it.each([
    [10, 0, 0.7931631612536125],
    // qa_reference.json says 0.66157…, which is no limit around 12/35: the two must add up to 24/35.
    [20, 0.02444270363988499, 0.6612715820744007],
    [35, 0.10215845142258384, 0.5835558342917019],
    [50, 0.14147416929478746, 0.5442401164194983],
  ])("limits of the p-chart at 12/35 and n = %d", (of, low, high) => {
    const limits = controlLimits(12 / 35, of);
    expectNear(limits[0], low);
    expectNear(limits[1], high);
  });

  it("CUSUM, SPRT, and what a chart can see", () => {
    const weights = cusumWeights(12 / 35, 0.5);
    expectNear(weights.event, 0.377294231141468);
    expectNear(weights.none, -0.2732933349996813);
    expectNear(sprtBounds(0.05, 0.2).upper, 2.772589);
    expectNear(sprtBounds(0.05, 0.2).lower, -1.558145);
    expect(cusum([false, true, true, false], 12 / 35, 0.5).map((s) => Number(s.toFixed(6)))).toEqual([
      0, 0.377294, 0.754588, 0.481295,
    ]);
    // With ten cases a true rate of 50 % is seen in about one period of twenty; nothing is signalled at the centre almost ever.
    expect(chanceToSignal(12 / 35, 0.5, 10)).toBeCloseTo(0.0546875, 6);
    expect(chanceToSignal(12 / 35, 12 / 35, 10)).toBeLessThan(0.01);
    const chart = pChart([
      { label: "a", count: 2, of: 30 },
      { label: "b", count: 13, of: 30 },
      { label: "none", count: 0, of: 0 },
      { label: "c", count: 25, of: 30 },
    ]);
    expect(chart.points.map(({ label, signal }) => [label, signal])).toEqual([
      ["a", true],
      ["b", false],
      ["c", true],
    ]);
  });

  it("clusters widen the interval of lesions that leak together, and give the same figures again", () => {
    const together = Array.from({ length: 20 }, (_, n) => ({ count: n < 8 ? 2 : 0, of: 2 }));
    const found = clusterInterval(together);
    expect(found).toEqual(clusterInterval(together));
    const [low, high] = wilson(16, 40);
    expect((found?.[1] ?? 0) - (found?.[0] ?? 0)).toBeGreaterThan(high - low);
    expect(clusterInterval([{ count: 1, of: 2 }])).toBeNull();
  });
});

it("a mean with its interval: cement 5.20 ± 1.55 mL of 41", () => {
  const z = Array.from({ length: 41 }, (_, n) => n - 20);
  const sd = Math.sqrt(z.reduce((total, x) => total + x * x, 0) / 40);
  const found = meanOf(z.map((x) => 5.2 + (1.55 * x) / sd));
  expect(found?.ci95.map((x) => x.toFixed(3))).toEqual(["4.711", "5.689"]);
});

const SHARED = join(import.meta.dirname, "../../../../shared/domain/qa_reference.json");
describe.skipIf(!existsSync(SHARED))("the project's reference file", () => {
  it("holds the same proportions as this table", () => {
    const { proportions } = JSON.parse(readFileSync(SHARED, "utf8")) as {
      proportions: Record<string, { wilsonLo: number; wilsonHi: number; cpLo: number; cpHi: number }>;
    };
    for (const [name, value] of Object.entries(proportions)) {
      const [count, of] = name.split("/").map(Number);
      expectNear(wilson(count, of)[0], value.wilsonLo);
      expectNear(wilson(count, of)[1], value.wilsonHi);
      expectNear(clopperPearson(count, of)[0], value.cpLo);
      expectNear(clopperPearson(count, of)[1], value.cpHi);
    }
  });
});
