// The mimics near bone: every kind comes up, each keeps off cement, and those outside bone are outside.
import { expect, test } from "vitest";
import type { Vec3 } from "#core/space";
import type { CleanBone } from "#sample-data/clean-bone";
import { mimicsNearBone } from "#sample-data/implant-mimics";
import { seededRandom } from "#sample-data/seeded-noise";
import type { Solid } from "#sample-data/shapes";

/** Bone from 20 mm in front of the origin backwards to 40 mm behind it. */
const slab: CleanBone = {
  surfaceMm: ([, y]) => Math.abs(y - 10) - 30,
  outward: ([, y]) => [0, Math.sign(y - 10), 0],
  hu: () => 0,
};
const at: Vec3 = [30, -22, 0];
const radiusMm = 10;
const cement: Solid = {
  distance: (x, y, z) => Math.min(2, Math.hypot(x - at[0], y - at[1], z - at[2]) - radiusMm),
  box: { min: [20, -32, -10], max: [40, -12, 10] },
};
const drawn = Array.from({ length: 80 }, (_, seed) =>
  mimicsNearBone(slab, [0, 0, 0], cement, seededRandom(seed, "mimics")),
).flat();

test("every kind comes up in eighty cases", () => {
  expect([...new Set(drawn.map(({ kind }) => kind))].sort()).toEqual([
    "arterial_calcification",
    "enostosis",
    "injection_granuloma",
    "osteophyte",
    "phlebolith",
    "ureter_contrast",
    "vessel_contrast",
  ]);
});

const sphere = (function* () {
  for (let turn = 0; turn < 2 * Math.PI; turn += 0.17)
    for (let tilt = -1.4; tilt <= 1.4; tilt += 0.17)
      yield [
        at[0] + radiusMm * Math.cos(turn) * Math.cos(tilt),
        at[1] + radiusMm * Math.sin(turn) * Math.cos(tilt),
        at[2] + radiusMm * Math.sin(tilt),
      ] as const;
})();

test("vessels, stones and scars do not touch cement", () => {
  const outside = drawn.filter(({ kind }) => kind !== "osteophyte" && kind !== "enostosis");
  const nearest = Math.min(
    ...[...sphere].map((p) => Math.min(...outside.map(({ solid }) => solid.distance(...p)))),
  );
  expect(nearest).toBeGreaterThan(0);
});

/** Least and largest mm off bone of what a solid fills. */
function depths({ distance, box: { min, max } }: Solid): readonly [number, number] {
  const found: number[] = [];
  for (let z = min[2]; z <= max[2]; z++)
    for (let y = min[1]; y <= max[1]; y += 0.5)
      for (let x = min[0]; x <= max[0]; x++) if (distance(x, y, z) < 0) found.push(slab.surfaceMm([x, y, z]));
  return [Math.min(...found), Math.max(...found)];
}

test("vessels, stones and scars lie outside bone, enostoses inside", () => {
  const wrong = drawn.filter(({ kind, solid }) => {
    const [least, most] = depths(solid);
    return kind === "enostosis" ? most > 0 : kind !== "osteophyte" && least <= 0;
  });
  expect(wrong.map(({ kind }) => kind)).toEqual([]);
});
