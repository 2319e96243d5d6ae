// Injected against found: missing cement is named with its interval and never called a leak.
import { describe, expect, it } from "vitest";
import { injectedInAll, massBalance } from "../../../plugins/cement-leakage/model/mass-balance.ts";

const found = (mm3: number, halfWidth: number, incomplete = false) => ({
  volumeEstimateMm3: mm3,
  volumeCi95Mm3: [mm3 - halfWidth, mm3 + halfWidth] as const,
  incomplete,
});

describe("massBalance", () => {
  it("says how much is missing where interval and syringe can't explain it", () => {
    const balance = massBalance(5, [found(2600, 200), found(300, 100)]);
    expect(balance?.missingMl).toBeCloseTo(2.1, 6);
    expect(balance?.foundCi95Ml[0]).toBeCloseTo(2.6, 6);
    expect(balance?.foundCi95Ml[1]).toBeCloseTo(3.2, 6);
    expect(balance?.text.en).toMatch(
      /^2\.1 mL of 5\.0 mL injected not found on this CT .*no proof of a leak$/,
    );
    expect(balance?.text.zh).toContain("2.1 mL");
  });

  it("calls nothing missing within the interval or the syringe's own error", () => {
    expect(massBalance(5, [found(4000, 700)])?.missingMl).toBeNull();
    expect(massBalance(1, [found(800, 50)])?.missingMl).toBeNull();
    expect(massBalance(5, [found(4000, 700)])?.text.en).toMatch(/a small leak can still be missed/);
  });

  it("says that a cut-off scan can explain it, and that more than was injected is odd", () => {
    expect(massBalance(5, [found(1000, 100, true)])?.text.en).toMatch(/cut off by the scan/);
    expect(massBalance(2, [found(5000, 300)])?.text.en).toMatch(/^More cement found/);
    expect(massBalance(5, [])?.missingMl).toBe(5);
  });

  it("needs an injected volume, of every lesion", () => {
    expect(massBalance(undefined, [found(1000, 10)])).toBeNull();
    expect(injectedInAll([{ injectedVolumeMl: 2 }, {}])).toBeUndefined();
    expect(injectedInAll([{ injectedVolumeMl: 2 }, { injectedVolumeMl: 3 }])).toBe(5);
    expect(injectedInAll([])).toBeUndefined();
  });
});
