// Two fingers on a plane: what they want is decided once, and small trembling is nothing.
import { describe, expect, it } from "vitest";
import { twoFingers } from "../../../src/viewport/two-fingers.ts";

function recorded() {
  const done = { zoom: 1, panned: [0, 0], slices: 0 };
  const fingers = twoFingers([100, 100], [200, 100], {
    zoom: (factor) => (done.zoom *= factor),
    pan: (dx, dy) => {
      done.panned = [done.panned[0] + dx, done.panned[1] + dy];
    },
    scroll: (slices) => (done.slices += slices),
  });
  return { done, fingers };
}

describe("two fingers", () => {
  it("zoom by as much as they go apart, around their middle", () => {
    const { done, fingers } = recorded();
    for (const out of [10, 25, 50]) fingers.move([100 - out, 100], [200 + out, 100]);
    expect(done.zoom).toBeCloseTo(2, 6);
    expect(done.panned).toEqual([0, 0]);
    expect(done.slices).toBe(0);
  });

  it("scroll when they go down side by side, without zoom, and back again", () => {
    const { done, fingers } = recorded();
    for (let y = 104; y <= 170; y += 3) fingers.move([100, y], [200, y]);
    const down = done.slices;
    expect(down).toBeGreaterThanOrEqual(4);
    fingers.move([100, 60], [220, 60]);
    expect(done.slices).toBeLessThan(0);
    expect(done.zoom).toBe(1);
  });

  it("do nothing before it is known what they want", () => {
    const { done, fingers } = recorded();
    fingers.move([97, 103], [203, 104]);
    expect(done).toEqual({ zoom: 1, panned: [0, 0], slices: 0 });
  });
});
