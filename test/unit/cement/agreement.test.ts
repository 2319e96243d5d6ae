// Kappa against the project's reference values (computed with statsmodels, DOMAIN §7.1).
import { describe, expect, it } from "vitest";
import { agreementOf, tableOf } from "../../../plugins/cement-leakage/cohort/agreement.ts";

describe("agreement of two readers", () => {
  it("equals the reference: presence, and four sites", () => {
    expect(
      agreementOf([
        [10, 1],
        [2, 22],
      ])?.kappa,
    ).toBeCloseTo(0.8059149722735673, 12);
    const sites = agreementOf([
      [5, 0, 1, 0],
      [0, 2, 0, 0],
      [0, 0, 2, 0],
      [0, 0, 0, 2],
    ]);
    expect(sites?.kappa).toBeCloseTo(0.88, 12);
  });

  it("keeps AC1 where nearly all fall into one category and kappa collapses", () => {
    const rare = agreementOf([
      [0, 2],
      [2, 96],
    ])!;
    expect(rare.kappa).toBeLessThan(0);
    expect(rare.ac1).toBeGreaterThan(0.9);
  });

  it("is undefined, not perfect, where one category only was used, and null without pairs", () => {
    expect(agreementOf(tableOf([["a", "a"]]).table)).toEqual({
      count: 1,
      observed: 1,
      kappa: null,
      kappaCi95: null,
      ac1: null,
      ac1Ci95: null,
    });
    expect(agreementOf([])).toBeNull();
    expect(() => agreementOf([[1, 2]])).toThrow(RangeError);
  });
});
