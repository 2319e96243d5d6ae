// Where bone bulges beside a leak the border is found farther out than the envelope says, and only there.
import { describe, expect, it } from "vitest";
import { borderShift } from "../../../plugins/cement-leakage/engine/border-shift.ts";
import { seededRandom } from "../../../sample-data/seeded-noise.ts";
import { regularGrid } from "./painted-volume.ts";

const STEP_MM = 0.8;
const SIZE = 40;
/** 1.4 mm of cortex over trabeculae, blurred; `mm` outside bone. */
const bone = (mm: number) => {
  const rise = (from: number) => 1 / (1 + Math.exp((mm - from) / 0.4));
  return 30 + 820 * rise(0) - 550 * rise(-1.4);
};

/** Bone below y = 0 whose surface stands `bulgeMm` farther out within 7 mm of a part of 3 mm radius that lies on it. */
function surfaceWith(bulgeMm: number, gapMm = Infinity) {
  const random = seededRandom(3, `bulge ${bulgeMm}`);
  const grid = regularGrid([SIZE, SIZE, SIZE], [STEP_MM, STEP_MM, STEP_MM]);
  const count = SIZE ** 3;
  const hu = new Int16Array(count);
  const [depth, toPart, toOther] = [0, 1, 2].map(() => new Float32Array(count));
  for (let at = 0; at < count; at++) {
    const [x, y, z] = [at % SIZE, Math.floor(at / SIZE) % SIZE, Math.floor(at / SIZE ** 2)].map(
      (n) => (n - SIZE / 2 + 0.3) * STEP_MM,
    );
    const away = Math.hypot(x, z);
    depth[at] = y;
    toPart[at] = Math.max(0, Math.hypot(away, y - 2) - 3);
    toOther[at] = gapMm;
    hu[at] = bone(y - (away < 7 ? bulgeMm : 0)) + random.between(-30, 30);
  }
  const box = { i0: 0, j0: 0, k0: 0, i1: SIZE, j1: SIZE, k1: SIZE };
  const toCement = toPart.map((mm, at) => Math.min(mm, toOther[at]));
  const shift = borderShift({ grid, box, hu, depth, toPart, toCement }, toOther);
  const near = [...shift].filter((_, at) => toPart[at] < 1.5 && Math.abs(depth[at]) < 1.5);
  return {
    near: near.reduce((sum, mm) => sum + mm, 0) / near.length,
    far: Math.max(...[...shift].filter((_, at) => toPart[at] > 5).map(Math.abs)),
  };
}

describe.each([-0.6, 0, 0.5, 1])("a surface that stands %d mm farther out", (bulgeMm) => {
  it("is found to 0.2 mm, and nothing is moved away from the part", () => {
    const { near, far } = surfaceWith(bulgeMm);
    expect(Math.abs(near - bulgeMm)).toBeLessThan(0.2);
    expect(far).toBe(0);
  });
});

it("moves nothing where other cement hides the surface", () => {
  expect(surfaceWith(1, 1).near).toBe(0);
});
