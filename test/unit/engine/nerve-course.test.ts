// The estimated courses of L5 root and lumbosacral trunk over a box of a sacrum: in front of bone, lateral and down, both sides alike.
import { expect, it } from "vitest";
import type { Vec3 } from "#core/space";
import type { Landmarks } from "../../../plugins/cement-leakage/engine/landmarks.ts";
import { pelvicSurface, toLineMm, toNervesMm } from "../../../plugins/cement-leakage/engine/nerve-course.ts";
import { regularGrid } from "./painted-volume.ts";

const FRONT_Y = -30;
/** Bone from y = -30 backwards, 45 mm to both sides of x = 5, canal at y = 0, top of S1 at z = 100. */
function boxSacrum(canal = true): Landmarks {
  const grid = { ...regularGrid([121, 101, 131], [1, 1, 1]) };
  const origin: Vec3 = [-55, -60, -10];
  const slicePositions = grid.slicePositions.map((_, k): Vec3 => [origin[0], origin[1], origin[2] + k]);
  const surfaceMm = ([x, y]: Vec3): number => Math.max(FRONT_Y - y, Math.abs(x - 5) - 45);
  const landmarks = {
    midline: { leftward: [1, 0, 0], offsetMm: 5, symmetry: 1 },
    canal: canal ? { middleAt: (z: number): Vec3 => [5, 0, z] } : null,
    envelope: { grid: { ...grid, slicePositions }, surfaceMm },
    sacrumTopZMm: 100,
  };
  // Only what the courses read of it.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return landmarks as unknown as Landmarks;
}

it("runs from beside the canal over the front of the ala, and on where bone ends", () => {
  const pelvic = pelvicSurface(boxSacrum());
  expect(pelvic?.courses.map(({ side }) => side)).toEqual(["left", "right"]);
  for (const p of pelvic?.points ?? []) expect(Math.abs(p[1] - FRONT_Y)).toBeLessThanOrEqual(1);
  for (const { side, l5Root, trunk } of pelvic?.courses ?? []) {
    const off = (p: Vec3): number => (side === "left" ? 1 : -1) * (p[0] - 5);
    expect(off(l5Root[0])).toBeCloseTo(18, 5);
    expect(l5Root[0][1]).toBeCloseTo(-2, 5);
    for (const line of [l5Root.slice(1), trunk])
      for (let n = 1; n < line.length; n++) {
        expect(off(line[n])).toBeGreaterThan(off(line[n - 1]));
        expect(line[n][2]).toBeLessThan(line[n - 1][2]);
      }
    for (const p of [...l5Root.slice(1), ...trunk]) expect(p[1]).toBeLessThan(FRONT_Y);
    expect(trunk).toHaveLength(4);
  }
});

it("measures to the nearer side, and says nothing where the canal was not found", () => {
  const { courses } = pelvicSurface(boxSacrum()) ?? { courses: [] };
  const [left] = courses;
  const near = toNervesMm([[left.trunk[1][0], left.trunk[1][1] - 6, left.trunk[1][2]]], courses);
  expect(near.trunkMm).toBeLessThanOrEqual(6);
  expect(near.trunkMm).toBeGreaterThan(4);
  expect(near.l5RootMm).toBeGreaterThan(near.trunkMm ?? 0);
  expect(pelvicSurface(boxSacrum(false))).toBeNull();
  expect(toNervesMm([[0, 0, 0]], [])).toEqual({ l5RootMm: null, trunkMm: null });
});

it("measures to segments, not to their ends alone", () => {
  const line: Vec3[] = [
    [0, 0, 0],
    [10, 0, 0],
  ];
  expect(toLineMm([[5, 3, 0]], line)).toBeCloseTo(3, 9);
  expect(toLineMm([[13, 4, 0]], line)).toBeCloseTo(5, 9);
  expect(toLineMm([], line)).toBeNull();
});
