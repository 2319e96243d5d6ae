// Two reads of a case: kappa and AC1 as their papers give them, leaks found by one, volumes, pairs of readers, and the worst first.
import { describe, expect, it } from "vitest";
import { ok } from "#core/problem";
import type { Findings } from "../../../plugins/cement-leakage/model/findings.ts";
import { analyse, DEFAULT_OPTIONS, NO_FILTERS } from "../../../plugins/cement-leakage/cohort/analysis.ts";
import { collect, type GivenFindings } from "../../../plugins/cement-leakage/cohort/collect.ts";
import { digestOf } from "../../../plugins/cement-leakage/cohort/digest.ts";
import { cohortReport } from "../../../plugins/cement-leakage/cohort/report-html.ts";
import { analysisTables } from "../../../plugins/cement-leakage/cohort/tables.ts";
import { sampleCohort } from "../../../sample-data/cohort.ts";

const { findings: all } = sampleCohort();
const leaking = all.filter(({ leaks }) => leaks.length === 1);
const quiet = all.filter(({ leaks }) => leaks.length === 0);
const given = (findings: Findings): GivenFindings => ({
  path: findings.documentId,
  findings: ok(digestOf(findings, findings.documentId)),
});
const analysed = (documents: readonly Findings[], options = DEFAULT_OPTIONS) =>
  analyse({ collected: collect(documents.map(given)), procedures: null, outcomes: null }, options);
const readBy = (reader: string, findings: Findings): Findings => ({
  ...findings,
  readers: [{ readerId: reader, role: "radiologist" }],
});
const secondOf = (first: Findings, reader: string, change: Partial<Findings> = {}): Findings => ({
  ...readBy(reader, first),
  documentId: `${first.documentId} again`,
  secondReadOf: first.documentId,
  ...change,
});
/** As if nothing had leaked: every site that leaked is answered absent. */
const withoutLeaks = (findings: Findings): Partial<Findings> => ({
  leaks: [],
  siteAssessments: findings.siteAssessments.map((one) =>
    one.answer === "present" ? { ...one, answer: "absent" as const } : one,
  ),
});
const third = (
  [first, second]: readonly [Findings, Findings],
  pair: NonNullable<Findings["pair"]>,
): Findings => ({
  ...first,
  documentId: `${first.documentId} decided`,
  adjudicates: [first.documentId, second.documentId],
  pair,
});

describe("agreement of two reads", () => {
  // 4 leak by both, 3 by the first only, 1 by the second only, 4 by neither.
  const leaks = leaking.slice(0, 8).map((one) => readBy("Zhao", one));
  const none = quiet.slice(0, 4).map((one) => readBy("Zhao", one));
  const documents = [
    ...leaks.slice(0, 4).flatMap((one) => [one, secondOf(one, "Ames")]),
    ...leaks.slice(4, 7).flatMap((one) => [one, secondOf(one, "Ames", withoutLeaks(one))]),
    ...leaks
      .slice(7, 8)
      .flatMap((one) => [
        { ...one, ...withoutLeaks(one) },
        secondOf({ ...one, ...withoutLeaks(one) }, "Ames", { leaks: one.leaks }),
      ]),
    ...none.flatMap((one) => [one, secondOf(one, "Ames")]),
  ];
  const { agreement, rates } = analysed(documents);

  it("is kappa and AC1 of presence by their papers' formulas", () => {
    const { presence, pairs } = agreement!.overall;
    expect(pairs).toBe(12);
    // By hand: observed 8/12; by chance (7 * 5 + 5 * 7) / 144; Gwet's chance 2 * 0.5 * 0.5.
    expect(presence).toMatchObject({ count: 12, observed: 8 / 12 });
    expect(presence?.kappa).toBeCloseTo((8 / 12 - 70 / 144) / (1 - 70 / 144), 12);
    expect(presence?.ac1).toBeCloseTo((8 / 12 - 0.5) / 0.5, 12);
    expect(presence?.kappaCi95?.[0]).toBeLessThan(presence?.kappa ?? 0);
  });

  it("is told for each site, and second reads are in no rate", () => {
    const [lines, ...sites] = agreement!.overall.sites;
    expect(lines.site).toBeNull();
    expect(sites.reduce((sum, { agreement: { count } }) => sum + count, 0)).toBe(lines.agreement.count);
    // Four lines differ: three leaks that the second did not see, one that the first did not.
    expect(Math.round(lines.agreement.count * (1 - lines.agreement.observed))).toBe(4);
    expect(rates.main[0].proportion).toMatchObject({ count: 7, of: 12 });
  });

  it("names readers by number, the smaller first, whoever read first", () => {
    const [pair, ...others] = agreement!.byReaders;
    expect(others).toEqual([]);
    expect(pair.readers).toEqual(["R1", "R2"]);
    // Ames is R1, and read second: her volumes come first here.
    const overall = agreement!.overall.volume.bland!;
    expect(pair.volume.bland?.bias).toBeCloseTo(-overall.bias, 9);
    const told =
      JSON.stringify(agreement) +
      JSON.stringify(
        analysisTables(analysed(documents), { locale: "en", hideSmallCells: true, clopperPearson: false }),
      );
    expect(told).not.toMatch(/Ames|Zhao/);
  });

  it("compares volumes of both reads, with the mean difference that they have", () => {
    const volume = (one: Findings) => one.leaks.reduce((sum, leak) => sum + (leak.volumeMm3 ?? 0), 0);
    const differences = [...leaks.slice(4, 7).map((one) => -volume(one)), ...leaks.slice(7, 8).map(volume)];
    const expected = differences.reduce((sum, mm3) => sum + mm3, 0) / 12;
    expect(agreement!.overall.volume.bland?.bias).toBeCloseTo(expected, 6);
    expect(agreement!.overall.volume.icc?.icc21).toBeLessThan(1);
  });

  it("takes leaks found by both, Dice and sites from what the adjudication kept, worst case first", () => {
    const [a, b, c] = leaks;
    const seconds = [a, b, c].map((one) => secondOf(one, "Ames"));
    const alike = { presenceAgrees: true, onlyFirst: 0, onlySecond: 0, answers: [], volumeDifferenceMm3: 1 };
    const found = analysed([
      a,
      seconds[0],
      third([a, seconds[0]], { ...alike, matchedSites: [["iliac_vein", "iliac_vein"]], dice: 0.9 }),
      // The reads themselves were not given.
      third([b, seconds[1]], {
        ...alike,
        matchedSites: [["iliac_vein", "anterior_sacral_space"]],
        dice: 0.5,
      }),
      third([c, seconds[2]], { ...alike, presenceAgrees: false, matchedSites: [], onlyFirst: 2, dice: 0 }),
    ]).agreement!;
    const { overall, cases } = found;
    expect(overall.foundByBoth).toMatchObject({ count: 2, of: 4 });
    expect(overall.matchedSites).toMatchObject({ count: 2, observed: 0.5 });
    expect(overall.dice).toEqual({ n: 3, five: [0, 0.25, 0.5, 0.7, 0.9] });
    expect(cases.map(({ documentId }) => documentId)).toEqual(
      [c, b, a].map(({ documentId }) => `${documentId} decided`),
    );
    expect(cases.map(({ readers }) => readers?.join())).toEqual([undefined, undefined, "R2,R1"]);
    expect(overall.presence).toMatchObject({ count: 3, observed: 2 / 3 });
  });

  it("follows the filters, an amendment of the first read too, and is null where nobody read twice", () => {
    const [first] = leaks;
    const second = secondOf(first, "Ames");
    const amended: Findings = {
      ...first,
      documentId: "amended",
      status: "amended",
      supersedes: first.documentId,
    };
    const filters = { ...NO_FILTERS, from: "2999-01-01" };
    expect(analysed([first, amended, second]).agreement?.cases.map(({ documentId }) => documentId)).toEqual([
      "amended",
    ]);
    expect(analysed([first, second], { ...DEFAULT_OPTIONS, filters }).agreement).toBeNull();
    expect(analysed(leaks).agreement).toBeNull();
  });

  it("stands in the tables and the report, with figures of fewer than five hidden", () => {
    const options = { locale: "en", hideSmallCells: true, clopperPearson: false } as const;
    const [first] = leaks;
    const few = analysed([first, secondOf(first, "Ames")]);
    const rowsOf = (one: typeof few) =>
      analysisTables(one, options).find(({ name }) => name === "agreement")!.rows;
    const presence = (one: typeof few) => rowsOf(one).find(([, id]) => id === "presence");
    expect(presence(few)?.slice(3, 6)).toEqual(["<5", null, null]);
    expect(presence(analysed(documents))?.slice(3, 6)).toEqual([12, 0.666667, 0.351351]);
    const page = cohortReport({
      analysis: analysed(documents),
      options,
      madeAt: "2026-01-01T00:00:00Z",
      software: "test",
      notice: null,
      lock: null,
      withOperators: false,
    });
    expect(page).toContain("Agreement of readers");
    expect(page).toContain("0.35 (");
  });
});
