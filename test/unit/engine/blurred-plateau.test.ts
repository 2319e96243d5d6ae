// What the blur takes from a thin part is given back: a rod's plateau is found though no voxel shows it.
import { describe, expect, it } from "vitest";
import type { Vec3 } from "#core/space";
import { distanceToMaskMm } from "#voxels/distance";
import { wholeBox } from "#voxels/box";
import { thresholdMask } from "#voxels/threshold";
import { maskHas } from "#voxels/mask";
import { blurredPlateau } from "../../../plugins/cement-leakage/engine/blurred-plateau.ts";
import { fill, paint } from "../../../sample-data/fill-voxels.ts";
import { seededRandom } from "../../../sample-data/seeded-noise.ts";
import { tube } from "../../../sample-data/shapes.ts";
import { regularGrid } from "./painted-volume.ts";

const CEMENT_HU = 1800;

function rod(radiusMm: number, seed: number) {
  const random = seededRandom(seed, "blurred rod");
  const grid = regularGrid([44, 44, 30], [0.8, 0.8, 1]);
  const hu = new Int16Array(44 * 44 * 30);
  for (let n = 0; n < hu.length; n++) hu[n] = 40 * (random.next() + random.next() + random.next() - 1.5);
  const end = (sign: number): Vec3 => [sign * 3 + random.between(-0.4, 0.4), sign * 2, sign * 9];
  const shape = tube([
    { at: end(-1), radiusMm },
    { at: end(1), radiusMm },
  ]);
  paint(hu, grid, fill(shape, grid), () => CEMENT_HU, 0.6, random);
  const top = hu.reduce((a, b) => Math.max(a, b), 0);
  const mask = thresholdMask(hu, grid, top / 2);
  const box = wholeBox(mask);
  const own = new Uint8Array(hu.length);
  for (let at = 0; at < hu.length; at++)
    if (maskHas(mask, at % 44, Math.floor(at / 44) % 44, Math.floor(at / (44 * 44)))) own[at] = 1;
  const toPart = distanceToMaskMm(mask, grid, box).mm;
  return { top, found: blurredPlateau(grid, box, Float32Array.from(hu), own, toPart) };
}

describe.each([1.1, 1.4, 2])("a rod of %d mm radius", (radiusMm) => {
  const rods = [1, 2, 3, 4, 5].map((seed) => rod(radiusMm, seed));
  const mean = (of: (one: (typeof rods)[number]) => number) =>
    rods.reduce((sum, one) => sum + of(one), 0) / rods.length;

  it("has its plateau found within a tenth", () => {
    expect(Math.abs(mean(({ found }) => found?.contrastHu ?? 0) / CEMENT_HU - 1)).toBeLessThan(0.1);
  });

  it("keeps less in its middle the thinner it is", () => {
    const kept = mean(({ found }) => found?.kept ?? 0);
    expect(kept).toBeGreaterThan(1 - 1.25 * Math.exp(-(radiusMm ** 2) / (2 * 0.65 ** 2)) - 0.1);
    if (radiusMm < 1.2) expect(kept).toBeLessThan(0.9);
    if (radiusMm > 1.9) expect(kept).toBeGreaterThan(0.95);
  });
});

it("knows nothing of a part without voxels", () => {
  const grid = regularGrid([3, 3, 3], [1, 1, 1]);
  const box = { i0: 0, j0: 0, k0: 0, i1: 3, j1: 3, k1: 3 };
  expect(
    blurredPlateau(grid, box, new Float32Array(27), new Uint8Array(27), new Float32Array(27)),
  ).toBeNull();
});
