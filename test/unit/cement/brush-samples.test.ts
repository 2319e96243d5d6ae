// How many masks a brush stroke makes: as many as its path is long, not as often as the pointer tells where it is.
import { describe, expect, it } from "vitest";
import type { PointerSample } from "#contract";
import { thinned } from "../../../plugins/cement-leakage/reading/draw-tools.ts";

const sampleAt = (mm: number): PointerSample => ({
  at: [mm, 0, 0],
  normal: [0, 0, 1],
  right: [1, 0, 0],
  halfThicknessMm: 0.5,
});
const places = (samples: readonly PointerSample[]) => samples.map(({ at }) => at[0]);

describe("the samples of a stroke", () => {
  it("are as dense as the path needs, and end where the pointer is", () => {
    const samples = Array.from({ length: 1001 }, (_, n) => sampleAt(n / 100));
    const kept = places(thinned(samples, sampleAt(0), 0.75));
    expect(kept).toHaveLength(14);
    expect(kept[0]).toBe(0.75);
    expect(kept.at(-1)).toBe(10);
  });

  it("are all kept where they lie apart, and the first one of a stroke always", () => {
    const samples = [0, 1, 2, 2.1].map(sampleAt);
    expect(places(thinned(samples, null, 0.75))).toEqual([0, 1, 2, 2.1]);
    expect(places(thinned([sampleAt(0.1)], sampleAt(0), 0.75))).toEqual([0.1]);
    expect(thinned([], null, 1)).toEqual([]);
  });
});
