// What leaves the department tells no count under five, neither itself nor by what is left over of a total.
import { describe, expect, it } from "vitest";
import { ok } from "#core/problem";
import { analyse } from "../../../plugins/cement-leakage/cohort/analysis.ts";
import { collect } from "../../../plugins/cement-leakage/cohort/collect.ts";
import { digestOf } from "../../../plugins/cement-leakage/cohort/digest.ts";
import { proportion } from "../../../plugins/cement-leakage/cohort/proportions.ts";
import { cohortReport } from "../../../plugins/cement-leakage/cohort/report-html.ts";
import {
  analysisTables,
  hiddenGroups,
  isRateHidden,
  type TableOptions,
} from "../../../plugins/cement-leakage/cohort/tables.ts";
import { sampleCohort } from "../../../sample-data/cohort.ts";

const hide: TableOptions = { locale: "en", hideSmallCells: true, clopperPearson: false };
const show: TableOptions = { ...hide, hideSmallCells: false };
const { findings } = sampleCohort();
const analysis = analyse({
  collected: collect(
    findings.map((one) => ({ path: one.documentId, findings: ok(digestOf(one, one.documentId)) })),
  ),
  procedures: null,
  outcomes: null,
});
const report = (options: TableOptions) =>
  cohortReport({
    analysis,
    options,
    madeAt: "2026-01-01T00:00:00Z",
    software: "test",
    notice: null,
    lock: null,
    withOperators: false,
  });
const compared = (id: string) => analysis.comparisons.find(({ factor }) => factor.id === id)!;

describe("small counts", () => {
  it("are hidden on both sides of a share", () => {
    expect([3, 5, 9, 12].map((count) => isRateHidden(proportion(count, 12), hide))).toEqual([
      true,
      false,
      true,
      false,
    ]);
    expect(isRateHidden(proportion(3, 12), show)).toBe(false);
  });

  it("take the next group with them where one alone would follow from the total", () => {
    const { groups } = compared("side");
    const counts = groups.map(({ rate }) => rate.proportion.count);
    // 6, 5 and 1 of 12: with the first two the third is known.
    expect(counts.filter((count) => count < 5)).toHaveLength(1);
    expect(hiddenGroups(groups, hide).size).toBe(2);
    expect(hiddenGroups(groups, show).size).toBe(0);
  });

  it("stand in no conclusion, no chart and no row of what leaves", () => {
    const conclusion = (options: TableOptions) =>
      analysisTables(analysis, options)
        .find(({ name }) => name === "comparisons")!
        .rows.find(([factor]) => factor === "approach")!
        .at(-1);
    expect(conclusion(show)).toMatch(/30 % to 43 %/);
    expect(conclusion(hide)).toBe(
      "No difference is shown (corrected P = 1.000). That is not proof that the rates are alike.",
    );
    expect(report(show)).toContain("2017 Q1");
    expect(report(hide)).not.toContain("2017 Q1");
    expect(report(hide)).toContain("Not drawn");
  });
});
