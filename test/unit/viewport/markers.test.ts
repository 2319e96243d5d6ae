// Markers keep off what they mark and off each other; wheels scroll whole slices; the 3D view never turns upside down.
import { describe, expect, it } from "vitest";
import { dot } from "#core/space";
import type { Marker } from "#host/contract";
import { roundLengthMm } from "#viewport/annotations";
import { markerOpacity, placeMarkers } from "#viewport/markers";
import { orbitAxes, turned } from "#viewport/orbit";
import { wheelSteps } from "#viewport/wheel";

const marker = (id: string, x: number, y: number, emphasized = false): Marker => ({
  id,
  at: [x, y, 0],
  text: id,
  color: "#ffcc00",
  glyph: "circle",
  emphasized,
});

const place = (markers: readonly Marker[], isCovered: (x: number, y: number) => boolean = () => false) =>
  placeMarkers({
    widthPx: 400,
    heightPx: 300,
    markers,
    project: ([x, y, distance]) => ({ x, y, opacity: markerOpacity(distance, 0.5) }),
    isCovered,
  });

describe("markers", () => {
  it("put the label beside the leak, not on it", () => {
    const leak = (x: number, y: number) => Math.hypot(x - 200, y - 150) < 30;
    const [{ label }] = place([marker("1", 200, 150)], leak);
    expect(Math.hypot(label[0] - 200, label[1] - 150)).toBeGreaterThan(40);
  });

  it("keep labels apart and inside the view", () => {
    const placed = place([0, 1, 2, 3, 4, 5].map((n) => marker(String(n), 388 + n, 6 + n)));
    expect(placed).toHaveLength(6);
    for (const [n, a] of placed.entries()) {
      expect(a.label[0]).toBeLessThan(400);
      expect(a.label[1]).toBeGreaterThan(0);
      for (const b of placed.slice(n + 1)) {
        expect(Math.hypot(a.label[0] - b.label[0], a.label[1] - b.label[1])).toBeGreaterThan(20);
      }
    }
  });

  it("draw the emphasized one last", () => {
    const placed = place([marker("1", 100, 100, true), marker("2", 110, 100)]);
    expect(placed.map(({ marker: { id } }) => id)).toEqual(["2", "1"]);
  });

  it("fade over 3 mm beyond the slice and are gone after that", () => {
    expect(markerOpacity(0.5, 0.5)).toBe(1);
    expect(markerOpacity(-2, 0.5)).toBeCloseTo(0.625);
    expect(markerOpacity(3.5, 0.5)).toBe(0);
    expect(place([{ ...marker("1", 100, 100), at: [100, 100, 9] }])).toEqual([]);
  });
});

describe("wheel", () => {
  it("scrolls one slice a notch, whatever the notch's size", () => {
    const steps = wheelSteps();
    expect([steps(120), steps(-120), steps(100), steps(53), steps(-360)]).toEqual([1, -1, 1, 1, -3]);
  });

  it("adds up small trackpad steps without losing any", () => {
    const steps = wheelSteps();
    let slices = 0;
    for (let n = 0; n < 60; n++) slices += steps(5);
    expect(slices).toBe(10);
  });
});

describe("orbit", () => {
  const front = { turn: 0, tilt: 0, center: [0, 0, 0] as const, zoom: 1 };

  it("looks from in front with the patient's left on screen right and the head up", () => {
    const { right, down, viewer } = orbitAxes(front);
    expect(right[0]).toBeCloseTo(1);
    expect(down[2]).toBeCloseTo(-1);
    expect(viewer[1]).toBeCloseTo(-1);
  });

  it("turns the patient with the pointer and stops before the pole", () => {
    const { viewer } = orbitAxes(turned(front, 100, 0));
    expect(viewer[0], "dragging right shows the patient's right side").toBeLessThan(0);
    const above = orbitAxes(turned(front, 0, 10_000));
    expect(above.viewer[2]).toBeLessThan(1);
    expect(above.down[2]).toBeLessThan(0);
    for (const axes of [orbitAxes(turned(front, 37, -81)), above]) {
      expect(dot(axes.right, axes.down)).toBeCloseTo(0);
      expect(dot(axes.right, axes.viewer)).toBeCloseTo(0);
    }
  });
});

describe("scale bar", () => {
  it("has a round length that fits", () => {
    expect([123, 50, 49.9, 20, 3.1, 0.9].map(roundLengthMm)).toEqual([100, 50, 20, 20, 2, 0.5]);
  });
});
