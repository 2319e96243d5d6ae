// Finding cement: the floor follows the series, metal and mimics are named and never dropped.
import { expect, it } from "vitest";
import { findCement } from "../../../plugins/cement-leakage/engine/find-cement.ts";
import type { Solid } from "./painted-volume.ts";
import { ball, paintVolume, regularGrid, rod } from "./painted-volume.ts";

const grid = regularGrid([120, 100, 60], [0.8, 0.8, 1.2]);
const shell =
  (centre: [number, number, number], outer: number, inner: number): Solid =>
  (p) =>
    Math.max(ball(centre, outer)(p), -ball(centre, inner)(p));
const bone = [
  { solid: ball([0, 0, 0], 25), hu: 120 },
  { solid: shell([0, 0, 0], 25, 23.2), hu: 850 },
];
const make = (cementHu: number, extra: { solid: Solid; hu: number }[] = []) =>
  paintVolume(grid, 40, [...bone, { solid: ball([5, 0, 0], 9), hu: cementHu }, ...extra], {
    noiseHu: 15,
    seed: 7,
  });

it.each([1300, 1800, 2600])(
  "proposes a floor between cement of %d HU and its surroundings, and finds its volume",
  (hu) => {
    const found = findCement(make(hu));
    expect(found.proposedFloorHu).toBeGreaterThan(120 + 0.3 * (hu - 120));
    expect(found.proposedFloorHu).toBeLessThan(120 + 0.75 * (hu - 120));
    const [first] = found.parts.filter((part) => part.suggestion === "cement");
    const truth = (4 / 3) * Math.PI * 9 ** 3;
    expect(Math.abs(first.volumeMm3 / truth - 1)).toBeLessThan(0.13);
    expect(first.reason.zh.length).toBeGreaterThan(0);
  },
);

it("names metal with its streaks instead of calling it cement, and still lists it", () => {
  const needle = [
    { solid: rod([-20, 30, -10], [30, 34, 10], 4), hu: -350 },
    { solid: rod([-20, 30, -10], [30, 34, 10], 1.4), hu: 3500 },
  ];
  const found = findCement(make(1900, needle));
  const metal = found.parts.filter((part) => part.reason.en.startsWith("Metal"));
  expect(metal).toHaveLength(1);
  expect(metal[0].suggestion).toBe("not_cement");
  expect(found.parts.filter((part) => part.suggestion === "cement")).toHaveLength(1);
});

it("keeps the reader's floor, counts specks, and lists a calcification far away as not cement", () => {
  const small = [
    { solid: ball([-40, -30, -25], 2.2), hu: 1400 },
    { solid: ball([40, 30, 25], 0.45), hu: 2500 },
  ];
  const found = findCement(make(1900, small), { floorHu: 700 });
  expect(found.floorHu).toBe(700);
  expect(found.speckCount).toBe(1);
  const far = found.parts.find((part) => part.centroidMm[0] < -35);
  expect(far?.suggestion).not.toBe("cement");
});

it("finds no cement in bone without any, and stops when told to", () => {
  const volume = paintVolume(grid, 40, bone, { noiseHu: 15 });
  expect(findCement(volume).parts.filter((part) => part.suggestion === "cement")).toHaveLength(0);
  const stop = new AbortController();
  stop.abort();
  expect(() => findCement(volume, {}, { signal: stop.signal })).toThrow();
});

it("searches again at another floor without reading the series again, with the same result as a first search there", () => {
  const painted = make(1900);
  let reads = 0;
  const hu = new Proxy(painted.hu, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value === "function")
        return (...args: unknown[]): unknown => Reflect.apply(value, target, args);
      if (typeof name === "string" && /^\d+$/.test(name)) reads++;
      return value;
    },
  });
  const volume = { ...painted, hu };
  const first = findCement(volume);
  expect(reads).toBeGreaterThan(hu.length / 3);
  reads = 0;
  const again = findCement(volume, { floorHu: 1100 });
  expect(reads).toBeLessThan(hu.length / 10);
  expect(again.proposedFloorHu).toBe(first.proposedFloorHu);
  expect(again).toEqual(findCement(make(1900), { floorHu: 1100 }));
});
