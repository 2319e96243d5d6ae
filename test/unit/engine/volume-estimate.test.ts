// The volume's interval covers the truth on spheres, tubes and sheets, through thin and thick slices.
import { describe, expect, it } from "vitest";
import type { Vec3 } from "#core/space";
import type { CtVolume } from "#core/volume";
import { thresholdMask } from "#voxels/threshold";
import { maskVolumeMm3 } from "#voxels/statistics";
import { estimateVolume } from "../../../plugins/cement-leakage/engine/volume-estimate.ts";
import { fill, paint } from "../../../sample-data/fill-voxels.ts";
import { seededRandom, type Random } from "../../../sample-data/seeded-noise.ts";
import { ellipsoid, grownBox, tube, type Solid } from "../../../sample-data/shapes.ts";
import { regularGrid } from "./painted-volume.ts";

const around = (centre: Vec3, mm: number) => grownBox({ min: centre, max: centre }, mm);
const shapes: Record<string, (c: Vec3, r: Random) => Solid> = {
  sphere: (c, r) => {
    const radius = r.between(3, 6);
    return {
      distance: (x, y, z) => Math.hypot(x - c[0], y - c[1], z - c[2]) - radius,
      box: around(c, radius + 1),
    };
  },
  tube: (c, r) => {
    const radiusMm = r.between(1.3, 2);
    const end = (sign: number): Vec3 => [c[0] + sign * 6, c[1] + sign * 4, c[2] + sign * 5];
    return tube([
      { at: end(-1), radiusMm },
      { at: end(1), radiusMm },
    ]);
  },
  sheet: (c, r) => {
    const [a, b, h] = [r.between(5, 8), r.between(5, 8), r.between(1.3, 2)];
    return { distance: (x, y, z) => ellipsoid(x - c[0], y - c[1], z - c[2], a, h, b), box: around(c, 9) };
  },
};

function scan(shape: string, sliceMm: number, seed: number) {
  const random = seededRandom(seed, `${shape}/${sliceMm}`);
  const grid = regularGrid([48, 48, Math.ceil(40 / sliceMm)], [0.75, 0.75, sliceMm]);
  const centre: Vec3 = [random.between(-1, 1), random.between(-1, 1), random.between(-1, 1)];
  const cementHu = random.between(1300, 2500);
  const hu = new Int16Array(grid.columns * grid.rows * grid.slices);
  for (let n = 0; n < hu.length; n++) hu[n] = 50 + 36 * (random.next() + random.next() + random.next() - 1.5);
  const filling = fill(shapes[shape](centre, random), grid);
  paint(hu, grid, filling, () => cementHu, 0.6, random);
  const volume: CtVolume = { grid, hu, storableHu: [-1024, 3071], clippedAtHu: null };
  const mask = thresholdMask(hu, grid, 0.48 * cementHu);
  return { volume, mask, truthMm3: filling.volumeMm3, knownHu: cementHu * random.between(0.9, 1.1) };
}

describe.each([0.6, 1, 1.25, 3, 5])("slices of %d mm", (sliceMm) => {
  it("covers the truth in at least nine of ten", () => {
    let covered = 0;
    const widths: number[] = [];
    const errors: number[] = [];
    for (const shape of Object.keys(shapes))
      for (let seed = 1; seed <= 5; seed++) {
        const { volume, mask, truthMm3, knownHu } = scan(shape, sliceMm, seed);
        const { mm3, ci95Mm3 } = estimateVolume(volume, mask, { cementHu: knownHu });
        if (ci95Mm3[0] <= truthMm3 && truthMm3 <= ci95Mm3[1]) covered++;
        widths.push((ci95Mm3[1] - ci95Mm3[0]) / truthMm3);
        errors.push(Math.abs(mm3 / truthMm3 - 1));
      }
    const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1];
    expect(covered).toBeGreaterThanOrEqual(13);
    if (sliceMm <= 1.25) {
      expect(median(widths)).toBeLessThan(0.4);
      expect(median(errors)).toBeLessThan(0.08);
    }
  });
});

it("says when slices are thick, and when voxels are clipped", () => {
  const { volume, mask } = scan("sphere", 3, 1);
  const clipped = { ...volume, clippedAtHu: 1000 };
  const notes = estimateVolume(clipped, mask)
    .notes.map((note) => note.en)
    .join(" ");
  expect(notes).toContain("3.0 mm");
  expect(notes).toContain("ceiling");
});

it("is nearer the truth than counting voxels on a thin tube in thick slices", () => {
  let better = 0;
  for (let seed = 11; seed <= 16; seed++) {
    const { volume, mask, truthMm3, knownHu } = scan("tube", 3, seed);
    const counted = Math.abs(maskVolumeMm3(mask, volume.grid) - truthMm3);
    if (Math.abs(estimateVolume(volume, mask, { cementHu: knownHu }).mm3 - truthMm3) < counted) better++;
  }
  expect(better).toBeGreaterThanOrEqual(4);
});

it("does not count sclerotic bone round a cast as cement", () => {
  const random = seededRandom(5, "sclerosis");
  const grid = regularGrid([56, 56, 40], [0.75, 0.75, 1]);
  const hu = new Int16Array(56 * 56 * 40);
  for (let n = 0; n < hu.length; n++) hu[n] = 150 + 60 * (random.next() + random.next() - 1);
  const ball = (radius: number): Solid => ({
    distance: (x, y, z) => Math.hypot(x, y, z) - radius,
    box: around([0, 0, 0], radius + 1),
  });
  paint(hu, grid, fill(ball(12), grid), () => 700, 0.6, random);
  const filling = fill(ball(7), grid);
  paint(hu, grid, filling, () => 1900, 0.6, random);
  const volume: CtVolume = { grid, hu, storableHu: [-1024, 3071], clippedAtHu: null };
  const { mm3 } = estimateVolume(volume, thresholdMask(hu, grid, 1300), { cementHu: 1900 });
  expect(Math.abs(mm3 / filling.volumeMm3 - 1)).toBeLessThan(0.05);
});
