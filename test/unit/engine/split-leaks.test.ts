// A lump and a vein that touch outside bone become two leaks with a border at the lump's edge; what is one leak stays one.
import { describe, expect, it } from "vitest";
import type { Vec3 } from "#core/space";
import type { RunMask } from "#voxels/mask";
import { voxelCount } from "#voxels/mask";
import { overlapCount, union } from "#voxels/set-operations";
import type { Compartment } from "#cement/engine/leak-region";
import { splitAtLumps } from "#cement/engine/split-leaks";
import type { Solid } from "./painted-volume.ts";
import { ball, either, paintVolume, regularGrid, rod, solidMask } from "./painted-volume.ts";

const CEMENT_HU = 1800;
/** Bone fills y > 6: in front of it lies everything here. */
const envelope = { surfaceMm: ([, y]: Vec3) => 6 - y };

function split(solid: Solid, spacing: Vec3, compartment: Compartment = "outside") {
  const count = (mm: number, axis: number) => Math.round(mm / spacing[axis]);
  const grid = regularGrid([count(60, 0), count(30, 1), count(60, 2)], spacing);
  const volume = paintVolume(grid, 50, [{ solid, hu: CEMENT_HU }], { softMm: 0.9, noiseHu: 20 });
  const mask = solidMask(grid, solid);
  const part = { mask, compartment, beyondMm: 9, peakHu: CEMENT_HU, borderHu: 925 };
  return { grid, mask, pieces: splitAtLumps(volume, part, envelope, CEMENT_HU) };
}

const ellipsoid =
  (centre: Vec3, [a, b, c]: Vec3): Solid =>
  (p) =>
    (Math.hypot((p[0] - centre[0]) / a, (p[1] - centre[1]) / b, (p[2] - centre[2]) / c) - 1) *
    Math.min(a, b, c);

const lump = ellipsoid([0, 0, 0], [6, 3.5, 5]);
const vein = either(rod([5, 2, 0], [14, 2, -4], 1.3), rod([14, 2, -4], [22, 2, -14], 1.3));
const shareOf = (piece: RunMask, of: RunMask) => overlapCount(piece, of) / voxelCount(of);

describe("leaks that touch", () => {
  it.each([
    ["1 mm", [1, 1, 1]],
    ["thin", [0.7, 0.7, 0.6]],
    ["3 mm slices", [0.9, 0.9, 3]],
    ["coarse", [2, 2, 2]],
  ] as const)("are told apart at the lump's edge: %s", (_, spacing) => {
    const { grid, mask, pieces } = split(either(lump, vein), spacing);
    expect(pieces).toHaveLength(2);
    const [one, other] = pieces.map((piece) => piece.mask);
    expect(shareOf(one, solidMask(grid, lump))).toBeGreaterThan(0.9);
    expect(shareOf(other, solidMask(grid, vein))).toBeGreaterThan(0.65);
    // no voxel is lost, none is given twice
    expect(voxelCount(union(one, other))).toBe(voxelCount(mask));
    expect(voxelCount(one) + voxelCount(other)).toBe(voxelCount(mask));
  });

  it("have each their own distance from bone and the brightness of the whole", () => {
    const { pieces } = split(either(lump, vein), [1, 1, 1]);
    expect(pieces[0].beyondMm).toBeGreaterThan(8);
    expect(pieces[1].beyondMm).toBeLessThan(6.5);
    expect(pieces[1].peakHu).toBe(CEMENT_HU);
  });

  it("are two where one vein runs into a lump and out of it", () => {
    const through = either(rod([-20, 2, 6], [-5, 2, 0], 1.2), vein);
    const { pieces } = split(either(lump, through), [1, 1, 1]);
    expect(pieces).toHaveLength(2);
  });
});

describe("one leak stays one", () => {
  const wavy: Solid = (p) => {
    const t = Math.max(0, Math.min(1, (p[0] + 20) / 40));
    return Math.hypot(p[0] - (40 * t - 20), p[1] - 2, p[2]) - (1.2 + 0.4 * Math.sin(t * 20));
  };
  it.each([
    ["a vein of varying width", wavy],
    [
      "a vein that forks",
      either(
        rod([-18, 2, 0], [0, 2, 0], 1.5),
        rod([0, 2, 0], [14, 2, 9], 1.2),
        rod([0, 2, 0], [14, 2, -9], 1.2),
      ),
    ],
    ["a lump", ellipsoid([0, 0, 0], [7, 4, 6])],
    ["a long plaque", ellipsoid([0, 2, 0], [5, 2.2, 15])],
    ["a large ball", ball([0, 0, 0], 9)],
    ["a lump with a short spur", either(lump, rod([5, 0, 0], [9, 0, 0], 1.3))],
  ])("%s", (_, solid) => {
    for (const spacing of [
      [1, 1, 1],
      [0.9, 0.9, 3],
    ] as const)
      expect(split(solid, spacing).pieces).toHaveLength(1);
  });

  it("in the canal, where lumps and strips are one sheet", () => {
    expect(split(either(lump, vein), [1, 1, 1], "canal").pieces).toHaveLength(1);
  });
});
