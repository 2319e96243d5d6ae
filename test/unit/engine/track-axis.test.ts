// The line of a needle from what it left: a column that carries a rim of cortex, a stub, a vein that is no needle's.
import { describe, expect, it } from "vitest";
import { dot, normalize, type Vec3 } from "#core/space";
import { shapeOf } from "../../../plugins/cement-leakage/engine/shape.ts";
import { trackAxis } from "../../../plugins/cement-leakage/engine/track-axis.ts";
import { ball, either, regularGrid, rod, solidMask } from "./painted-volume.ts";

const degrees = (a: Vec3, b: Vec3): number => (Math.acos(Math.min(1, Math.abs(dot(a, b)))) * 180) / Math.PI;

const outward = normalize([-0.3, 0.9, 0.2]);
const at = (mm: number): Vec3 => [outward[0] * mm, outward[1] * mm, outward[2] * mm];
/** The cast lies beside the needle's line: cement goes where bone is soft. */
const cast = either(ball([5, -4, 3], 10), ball([-2, 1, -5], 6), rod(at(0), at(15), 1.4));

describe.each([
  ["thin slices", regularGrid([90, 110, 90], [0.8, 0.8, 0.8])],
  ["slices of 3 mm", regularGrid([90, 110, 26], [0.8, 0.8, 3])],
])("the axis of a puncture path in %s", (_, grid) => {
  const castMask = solidMask(grid, cast);

  it("is the column's, whatever hangs on it", () => {
    const column = solidMask(grid, either(rod(at(16), at(30), 1.5), rod(at(16), [18, 17, 8], 1.2)));
    expect(degrees(shapeOf(column, grid).axis, outward)).toBeGreaterThan(15);
    const { axis, entryMm, fitted } = trackAxis(column, castMask, grid, true);
    expect(fitted).toBe(true);
    expect(degrees(axis, outward)).toBeLessThan(5);
    expect(dot(axis, outward)).toBeGreaterThan(0);
    const off = entryMm.map((v, n) => v - outward[n] * dot(entryMm, outward));
    expect(Math.hypot(...off)).toBeLessThan(2.5);
  });

  it("leads from a stub of a few millimetres into the cast", () => {
    const stub = solidMask(grid, rod(at(16), at(20), 1.6));
    expect(degrees(trackAxis(stub, castMask, grid, true).axis, outward)).toBeLessThan(15);
  });

  it("is the part's own where it is no straight column in line with the cast, or there is no cast", () => {
    const vein = solidMask(grid, rod([22, -20, -20], [22, -20, 20], 1.5));
    const found = trackAxis(vein, castMask, grid, false);
    expect(found.fitted).toBe(false);
    expect(degrees(found.axis, [0, 0, 1])).toBeLessThan(3);
    expect(trackAxis(vein, null, grid, true).fitted).toBe(false);
  });
});
