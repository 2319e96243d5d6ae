// Registration of an earlier CT by its bones: painted bones moved by a known motion, and a real CT against itself.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { moved, type Rigid, shiftedBy } from "#core/rigid";
import type { Vec3 } from "#core/space";
import { emptyMask } from "#voxels/mask";
import { registerPrior } from "../../../plugins/cement-leakage/engine/register-prior.ts";
import { thenTurned, turnDegrees } from "../../../plugins/cement-leakage/engine/rigid.ts";
import { movedPoint, movedScan } from "../../../sample-data/moved-scan.ts";
import { sacrumSeries } from "../../../sample-data/real-anatomies.ts";
import type { Solid } from "./painted-volume.ts";
import { ball, either, paintVolume, regularGrid, rod, solidMask } from "./painted-volume.ts";

/** A lopsided pelvis of rods and balls. */
const BONES = either(
  rod([-55, 10, 20], [55, 14, 12], 9),
  rod([-55, 10, 20], [-70, -30, -40], 8),
  rod([55, 14, 12], [66, -38, -30], 7),
  rod([0, 20, 10], [4, 30, -50], 11),
  ball([2, 5, 42], 15),
  ball([12, 38, 30], 6),
);
const THIGHS = either(rod([-70, -30, -45], [-78, -45, -95], 9), rod([66, -38, -40], [75, -55, -95], 9));
const CEMENT = ball([30, 12, 15], 8);
const NEAR: Vec3[] = [
  [30, 12, 15],
  [24, 12, 15],
  [36, 12, 15],
  [30, 12, 21],
];

const here = paintVolume(
  regularGrid([120, 90, 80], [1.6, 1.6, 2.5]),
  40,
  [
    { solid: either(BONES, THIGHS), hu: 600 },
    { solid: CEMENT, hu: 1800 },
  ],
  { noiseHu: 20 },
);
const cement = solidMask(here.grid, (p) => CEMENT(p) - 3);

const inverse = (rigid: Rigid): ((q: Vec3) => Vec3) => {
  const r = rigid.rotation;
  return ([x, y, z]) => {
    const [a, b, c] = [x - rigid.translationMm[0], y - rigid.translationMm[1], z - rigid.translationMm[2]];
    return [r[0] * a + r[3] * b + r[6] * c, r[1] * a + r[4] * b + r[7] * c, r[2] * a + r[5] * b + r[8] * c];
  };
};

/** The bones before the cement, moved; the thighs moved and flexed on top. Other slices, other field, the table elsewhere. */
function before(truth: Rigid, origin: Vec3, flexed: number) {
  const back = inverse(truth);
  const bend = inverse(thenTurned(shiftedBy([0, 0, 0]), [flexed, 0, 0], [0, -30, -42], [0, 0, 0]));
  const solid: Solid = (q) => Math.min(BONES(back(q)), THIGHS(bend(back(q))));
  return paintVolume(regularGrid([110, 80, 46], [1.9, 1.9, 4], origin), 40, [{ solid, hu: 560 }], {
    noiseHu: 30,
    seed: 5,
  });
}

describe("an earlier CT", () => {
  it.each([
    ["shifted", [0, 0, 0], [14, -9, 22]],
    ["turned", [0.12, -0.1, 0.15], [0, 0, 0]],
    ["on another table, turned, with flexed hips", [-0.15, 0.06, 0.1], [40, -60, 400]],
  ] as const)("%s is laid over this one within 1 mm and 1 degree", (_name, turn, shift) => {
    const truth = thenTurned(shiftedBy([0, 0, 0]), turn, [0, 0, 0], shift);
    const prior = before(truth, [shift[0] - 100, shift[1] - 76, shift[2] - 95], -0.5);
    const [found] = registerPrior(here, prior, [NEAR], cement);
    if (!found.ok) throw new Error(`${found.reason} ${found.errorMm}`);
    for (const p of [...NEAR, [0, 10, -20], [60, 10, 20], [2, 5, 42]] as Vec3[]) {
      const [a, b] = [moved(found.toPrior, p), moved(truth, p)];
      expect(Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])).toBeLessThan(1);
    }
    const back: Rigid = { rotation: found.toPrior.rotation, translationMm: [0, 0, 0] };
    const t = truth.rotation;
    const r = back.rotation;
    const between = [0, 1, 2].reduce(
      (sum, row) => sum + [0, 1, 2].reduce((s, c) => s + r[3 * row + c] * t[3 * row + c], 0),
      0,
    );
    expect((Math.acos(Math.min(1, (between - 1) / 2)) * 180) / Math.PI).toBeLessThan(1);
    expect(turnDegrees(truth) - turnDegrees(found.toPrior)).toBeCloseTo(0, 0);
    expect(found.errorMm).toBeLessThan(1);
    expect(found.overlap).toBeGreaterThan(0.9);
  });

  it("of other bones is not laid over this one", () => {
    const other = paintVolume(
      regularGrid([110, 80, 46], [1.9, 1.9, 4]),
      40,
      [
        {
          solid: either(rod([-30, 0, -80], [-25, 10, 80], 12), rod([40, 0, -80], [30, -12, 80], 10)),
          hu: 600,
        },
      ],
      { noiseHu: 20 },
    );
    expect(registerPrior(here, other, [NEAR], cement)).toMatchObject([{ ok: false }]);
  });

  it("without bone says so", () => {
    const air = paintVolume(regularGrid([40, 40, 20], [2, 2, 4]), 40, [], { noiseHu: 10 });
    expect(registerPrior(here, air, [NEAR], cement)).toMatchObject([{ ok: false, reason: "no bone" }]);
  });
});

const SHARED = join(import.meta.dirname, "../../../../shared");

describe.skipIf(!existsSync(join(SHARED, "data/ct-sacrum")))("a real CT", () => {
  it("is laid over itself, moved and scanned again in 5 mm slices, within half a millimetre", async () => {
    const anatomy = await sacrumSeries(SHARED);
    if (!anatomy) throw new Error("no CT");
    const { volume, alaLeft } = anatomy;
    const motion = { turn: [-0.14, 0.05, 0.09], shiftMm: [-25, 18, -140] } as const;
    const prior = movedScan(volume, { motion, pixelMm: 1.1, sliceMm: 5, noiseHu: 25, seed: 3 });
    const [found] = registerPrior(volume, prior, [[alaLeft]], emptyMask(volume.grid));
    if (!found.ok) throw new Error(`${found.reason} ${found.errorMm}`);
    for (const [x, y, z] of [
      [0, 0, 0],
      [40, 0, 0],
      [0, -30, 0],
      [0, 0, 30],
    ]) {
      const p: Vec3 = [alaLeft[0] + x, alaLeft[1] + y, alaLeft[2] + z];
      const [a, b] = [moved(found.toPrior, p), movedPoint(volume, motion, p)];
      expect(Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])).toBeLessThan(0.5);
    }
    expect(found.errorMm).toBeLessThan(0.8);
  }, 60_000);
});
