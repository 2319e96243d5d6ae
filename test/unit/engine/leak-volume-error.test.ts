// The error of a leak's volume: what thick slices do not show can only be more of it.
import { describe, expect, it } from "vitest";
import { standardErrorAboveMm3, standardErrorMm3 } from "#cement/engine/leak-volume-error";

const around = { borderMm: 0.5, alikeAtDepth: true };
const leak = {
  ...{ mm3: 120, contactMm2: 20, softMm3: 100, gained: 0, kept: 0.8, slices: 2, amidMetal: 0 },
  ...{ coarse: true, thick: false },
};

describe("in thick slices", () => {
  it("a leak of two slices may hold half a slice's worth more at its ends, and none less", () => {
    const below = standardErrorMm3(leak, around);
    expect(standardErrorAboveMm3(leak, around)).toBeCloseTo(Math.hypot(below, 30), 6);
  });
  it("one of many slices hardly has ends", () => {
    const long = { ...leak, slices: 20 };
    expect(standardErrorAboveMm3(long, around) / standardErrorMm3(long, around)).toBeLessThan(1.02);
  });
});

it("in thin slices the error is the same either way", () => {
  const thin = { ...leak, coarse: false };
  expect(standardErrorAboveMm3(thin, around)).toBe(standardErrorMm3(thin, around));
});
