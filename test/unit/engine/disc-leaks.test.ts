// Disc spaces and cement in them, on a made-up spine: two block vertebrae, a wedge of disc between them, a canal behind.
import { describe, expect, test } from "vitest";
import type { Vec3 } from "#core/space";
import { patientFromVoxel } from "#core/space";
import type { CtVolume } from "#core/volume";
import { maskVolumeMm3 } from "#voxels/statistics";
import { evenGrid } from "#voxels/resample";
import { boneEnvelope } from "#cement/engine/bone-envelope";
import type { Canal } from "#cement/engine/canal";
import { discParts } from "#cement/engine/disc-leaks";
import { findDiscs } from "#cement/engine/disc-space";
import { findLandmarks } from "#cement/engine/landmarks";
import type { Midline } from "#cement/engine/side";
import type { WorkingVolume } from "#cement/engine/working-volume";

const midline: Midline = { leftward: [1, 0, 0], offsetMm: 0, symmetry: 1 };
const CEMENT_HU = 1800;

/** Upper plate at z = 5 + y * slope below the upper body, lower plate at z = -5; bodies from y = -38 to -6, 46 mm wide; canal at y = 2. */
const inBody = (x: number, y: number, z: number): boolean =>
  Math.abs(x) < 23 && y > -38 && y < -6 && ((z > 5 - (y + 6) * 0.08 && z < 34) || (z < -5 && z > -34));

const behindCanal = (x: number, y: number): boolean => Math.abs(x) < 14 && y > 10 && y < 16;

function scene(blob: (p: Vec3) => boolean, blobHu = CEMENT_HU) {
  const grid = evenGrid([-50, -60, -40], [50, 40, 40], 1);
  const hu = new Int16Array(grid.columns * grid.rows * grid.slices);
  const hidden = new Uint8Array(hu.length);
  for (let k = 0, at = 0; k < grid.slices; k++)
    for (let j = 0; j < grid.rows; j++)
      for (let i = 0; i < grid.columns; i++, at++) {
        const p = patientFromVoxel(grid, i, j, k);
        const [x, y, z] = p;
        const rim =
          inBody(x, y, z) &&
          !(
            inBody(x - 2, y, z) &&
            inBody(x + 2, y, z) &&
            inBody(x, y - 2, z) &&
            inBody(x, y + 2, z) &&
            inBody(x, y, z - 2) &&
            inBody(x, y, z + 2)
          );
        hu[at] = rim ? 700 : inBody(x, y, z) ? 180 : behindCanal(x, y) ? 600 : 70;
        if (blob(p)) hu[at] = blobHu;
        if (blob([x, y, z]) && blobHu === CEMENT_HU) hidden[at] = 1;
      }
  const volume: CtVolume = { grid, hu, storableHu: [-1024, 3071], clippedAtHu: null };
  const work: WorkingVolume = { grid, hu, hidden };
  const envelope = boneEnvelope(work);
  const middle: Vec3[] = [];
  for (let z = -39; z <= 39; z++) middle.push([0, 2, z]);
  const canal: Canal = {
    middle,
    followed: middle,
    inside: new Uint8Array(hu.length),
    middleAt: (z) => (Math.abs(z) <= 39 ? [0, 2, z] : null),
  };
  const discs = findDiscs(work, envelope, canal, midline);
  return { volume, discs, landmarks: findLandmarks(envelope, canal, midline, discs, []) };
}

const ball = (centre: Vec3, radius: number) => (p: Vec3) =>
  Math.hypot(p[0] - centre[0], p[1] - centre[1], p[2] - centre[2]) < radius;

describe("disc spaces", () => {
  test("the gap between two end plates is found with its height; bodies and canal stay outside", () => {
    const { discs } = scene(() => false);
    expect(discs.spaces).toHaveLength(1);
    const [disc] = discs.spaces;
    expect(disc.gapMm).toBeGreaterThan(9);
    expect(disc.gapMm).toBeLessThan(14);
    expect(disc.depthMm([0, -20, 0])).toBeGreaterThan(3);
    expect(disc.depthMm([0, -20, 12])).toBeNull();
    expect(disc.depthMm([0, -20, -9])).toBeNull();
    expect(disc.depthMm([0, 3, 0])).toBeNull();
    expect(disc.lowerPlate.frontMm[2]).toBeCloseTo(-5, -0.5);
  });

  test("without alae below it no disc is called L5/S1", () => {
    expect(scene(() => false).discs.lumbosacral).toBeNull();
  });

  test("cement in the gap is a part of its own with its volume; nothing is made of end plates", () => {
    const { volume, landmarks } = scene(ball([3, -18, 0.5], 3.4));
    const parts = discParts(volume, landmarks, 260, CEMENT_HU, null);
    expect(parts).toHaveLength(1);
    expect(parts[0].compartment).toBe("disc");
    const mm3 = maskVolumeMm3(parts[0].mask, volume.grid);
    expect(mm3).toBeGreaterThan(0.8 * 165);
    expect(mm3).toBeLessThan(1.15 * 165);
    expect(discParts(scene(() => false).volume, scene(() => false).landmarks, 260, CEMENT_HU, null)).toEqual(
      [],
    );
  });

  test("a calcification that is dim against this cement is no disc leak", () => {
    const { volume, landmarks } = scene(ball([3, -18, 0.5], 3.4), 600);
    expect(discParts(volume, landmarks, 260, CEMENT_HU, null)).toEqual([]);
  });

  test("a dense spot that the other side has too is no disc leak", () => {
    const { volume, landmarks } = scene(ball([14, -18, 0.5], 3.4));
    const like = () => ({ outsideMm: 0, excessHu: -20 });
    const unlike = () => ({ outsideMm: 0, excessHu: 900 });
    expect(discParts(volume, landmarks, 260, CEMENT_HU, like)).toEqual([]);
    expect(discParts(volume, landmarks, 260, CEMENT_HU, unlike)).toHaveLength(1);
  });
});
