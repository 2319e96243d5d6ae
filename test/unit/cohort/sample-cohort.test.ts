// The sample cohort gives the printed figures of Tian 2020, through the same analysis that a department's own cases go through.
import { describe, expect, it } from "vitest";
import { ok } from "#core/problem";
import {
  analyse,
  DEFAULT_OPTIONS,
  type CohortInput,
} from "../../../plugins/cement-leakage/cohort/analysis.ts";
import { digestOf } from "../../../plugins/cement-leakage/cohort/digest.ts";
import { collect } from "../../../plugins/cement-leakage/cohort/collect.ts";
import { readOutcomes } from "../../../plugins/cement-leakage/cohort/outcomes.ts";
import { readProcedureList } from "../../../plugins/cement-leakage/cohort/procedure-list.ts";
import { sampleCohort } from "../../../sample-data/cohort.ts";

const sample = sampleCohort();
const given = sample.findings.map((findings) => ({
  path: `${findings.documentId}.json`,
  findings: ok(digestOf(findings, "")),
}));
const input: CohortInput = {
  collected: collect(given),
  procedures: readProcedureList(sample.proceduresCsv),
  outcomes: readOutcomes(sample.outcomesCsv),
};
const answer = analyse(input);
const fixed = (value: number | undefined | null, decimals = 2) => value?.toFixed(decimals);

describe("the sample cohort", () => {
  it("has 35 patients, 41 lesions and approaches 18, 7 and 10", () => {
    expect([answer.patients, answer.lesions, answer.cases.length]).toEqual([35, 41, 35]);
    const approach = answer.comparisons.find(({ factor }) => factor.id === "approach");
    expect(approach?.groups.map(({ name, rate }) => [name, rate.proportion.of])).toEqual([
      ["anterior_oblique", 10],
      ["posterior_unspecified", 18],
      ["transiliac", 7],
    ]);
  });

  it("leaks in 12 of 35 = 34.29 % (Wilson 20.83 to 50.85), in four places 5, 2, 2 and 3", () => {
    const [any, ...others] = answer.rates.main;
    expect(any.proportion).toMatchObject({ count: 12, of: 35 });
    expect(any.proportion.wilson?.map((share) => (100 * share).toFixed(2))).toEqual(["20.83", "50.85"]);
    const places = others
      .slice(0, 4)
      .map(({ id, proportion: { count, of, wilson } }) => [
        id,
        count,
        of,
        wilson?.map((share) => share.toFixed(6)),
      ]);
    expect(places).toEqual([
      ["category:sacral_venous_plexus", 5, 35, ["0.062602", "0.293756"]],
      ["category:puncture_path", 2, 35, ["0.015813", "0.186071"]],
      ["category:anterior_epidural_space", 2, 35, ["0.015813", "0.186071"]],
      ["category:anterior_sacral_space", 3, 35, ["0.029582", "0.223793"]],
    ]);
    expect(answer.rates.perLesion[0].proportion).toMatchObject({ count: 12, of: 41 });
    expect(answer.rates.perLesion[0].clustered?.[0]).toBeGreaterThan(0.1);
    expect(answer.rates.technicalSuccess.proportion).toMatchObject({ count: 35, of: 35 });
  });

  it("has VAS 7.20 ± 0.93 and 3.43 ± 1.38, relief in 31 of 35, and cement 5.20 ± 1.55 mL (2 to 8)", () => {
    const vas = answer.outcomes.find(({ scale, who }) => scale === "vas" && who === "all");
    expect(
      vas?.lines.map(({ timePoint, all, n }) => [timePoint, n, fixed(all?.mean), fixed(all?.sd)]),
    ).toEqual([
      ["baseline", 35, "7.20", "0.93"],
      ["day 3", 35, "3.43", "1.38"],
    ]);
    expect(vas?.lines[1].change?.t?.p).toBeLessThan(1e-6);
    expect(answer.relief).toMatchObject([{ timePoint: "day 3", proportion: { count: 31, of: 35 } }]);
    const { injectedMl } = answer.volumes;
    const mean = injectedMl.reduce((a, b) => a + b, 0) / 41;
    const sd = Math.sqrt(injectedMl.reduce((sum, ml) => sum + (ml - mean) ** 2, 0) / 40);
    expect([
      injectedMl.length,
      fixed(mean),
      fixed(sd),
      Math.min(...injectedMl),
      Math.max(...injectedMl),
    ]).toEqual([41, "5.20", "1.55", 2, 8]);
  });

  it("stands beside the paper, comparable, and beside others that are not", () => {
    expect(
      answer.published.map(({ series, notComparable }) => [series.id, notComparable.length > 0]),
    ).toEqual([
      ["tian-2020", false],
      ["tian-2016", true],
    ]);
  });

  it("flows from 35 performed to 35 counted; the severe lines know what nobody recorded", () => {
    expect(answer.flow.map(({ id, count }) => [id, count])).toEqual([
      ["performed", 35],
      ["ct", 35],
      ["signed", 35],
      ["covered", 35],
      ["counted", 35],
    ]);
    expect(
      answer.severe.map(({ id, proportion, unknown }) => [id, proportion.count, proportion.of, unknown]),
    ).toEqual([
      ["symptomatic", 0, 35, 0],
      ["deficit", 0, 35, 0],
      ["pulmonary", 0, 0, 35],
      ["reintervention", 0, 0, 35],
      ["event-30-days", 0, 0, 35],
    ]);
  });

  it("says that it is synthetic, in every document", () => {
    expect(sample.findings.every(({ notForDiagnosis }) => /Synthetic cohort/.test(notForDiagnosis))).toBe(
      true,
    );
    expect(sample.notice).toMatch(/not published and is invented/);
  });
});

describe("filters", () => {
  it("keep a group and a span of days", () => {
    const some = analyse(input, {
      ...DEFAULT_OPTIONS,
      filters: { groups: { approach: "transiliac" }, from: "2017-01-01", to: "2017-12-31" },
    });
    expect(some.cases.length).toBeGreaterThan(0);
    expect(some.cases.length).toBeLessThan(7);
    expect(
      some.cases.every(({ approaches, date }) => approaches[0] === "transiliac" && date.startsWith("2017")),
    ).toBe(true);
  });
});
