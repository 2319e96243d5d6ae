// The sacroiliac joint of a made-up pelvis: found between two cortices; a sheet of cement in it is a leak, a needle's track across it is none.
import { describe, expect, it } from "vitest";
import type { Vec3 } from "#core/space";
import { patientFromVoxel } from "#core/space";
import { evenGrid } from "#voxels/resample";
import { RunBuilder } from "#voxels/mask";
import { maskVolumeMm3 } from "#voxels/statistics";
import type { Canal } from "#cement/engine/canal";
import { jointParts } from "#cement/engine/joint-leaks";
import { findJoints } from "#cement/engine/joint-space";
import type { Midline } from "#cement/engine/side";

const CEMENT_HU = 1800;
const midline: Midline = { leftward: [1, 0, 0], offsetMm: 0, symmetry: 1 };
const middle: Vec3[] = [];
for (let z = -30; z <= 30; z++) middle.push([0, 10, z]);
const canal: Canal = { middle, followed: middle, inside: new Uint8Array(), middleAt: (z) => [0, 10, z] };

/** mm lateral of the joint's middle; the joint stands oblique, as it does. */
const across = ([x, y, z]: Vec3) => (Math.abs(x) - (44 + 0.35 * y - 0.1 * z)) / Math.hypot(1, 0.35, 0.1);

/** Two bones with 2 mm of cortex on either side of a gap of 3 mm, and cement where it is put. */
function pelvis(cement: (p: Vec3) => boolean, gap = true) {
  const grid = evenGrid([-75, -40, -35], [75, 40, 35], 1);
  const hu = new Int16Array(grid.columns * grid.rows * grid.slices);
  const hidden = new Uint8Array(hu.length);
  const dense = new RunBuilder(grid);
  for (let k = 0, at = 0; k < grid.slices; k++)
    for (let j = 0; j < grid.rows; j++)
      for (let i = 0; i < grid.columns; i++, at++) {
        const p = patientFromVoxel(grid, i, j, k);
        const mm = Math.abs(across(p));
        const bone = p[1] > -30 && p[1] < 30 && Math.abs(p[0]) < 70;
        hu[at] = !bone ? 50 : gap && mm < 1.5 ? 70 : gap && mm < 3.5 ? 600 : 220;
        if (!cement(p)) continue;
        hu[at] = CEMENT_HU;
        hidden[at] = 1;
        dense.add(k * grid.rows + j, i, i + 1);
      }
  const work = { grid, hu, hidden };
  const joints = findJoints(work, canal, midline);
  const volume = { grid, hu, storableHu: [-1024, 3071], clippedAtHu: null } as const;
  return { joints, grid, parts: jointParts(volume, dense.finish(), joints, CEMENT_HU) };
}

const near = (p: Vec3, [x, y, z]: Vec3) => Math.hypot(p[0] - x, p[1] - y, p[2] - z);

describe("sacroiliac joints", () => {
  it("are found on both sides within 1 mm, and none is made up", () => {
    const { joints } = pelvis(() => false);
    expect(joints.map(({ side }) => side)).toEqual(["left", "right"]);
    for (const p of [
      [44, 0, 0],
      [-47, 8, -5],
    ] as const)
      for (const joint of joints.filter(({ side }) => (side === "left") === p[0] > 0))
        expect(Math.abs((joint.acrossMm(p) ?? Infinity) - across(p))).toBeLessThan(1);
    expect(joints[0].acrossMm([44, 0, 60])).toBeNull();
    expect(pelvis(() => false, false).joints).toEqual([]);
  });

  it("hold a leak where cement spreads in the gap, under the cement too", () => {
    const { parts, grid } = pelvis((p) => p[0] > 0 && Math.abs(across(p)) < 1.5 && near(p, [44, 0, 0]) < 9);
    expect(parts.map(({ compartment }) => compartment)).toEqual(["joint"]);
    expect(maskVolumeMm3(parts[0].mask, grid)).toBeGreaterThan(450);
  });

  it("hold none where a needle's track crosses, nor where cement fills the sacrum up to the cortex", () => {
    expect(pelvis((p) => p[0] > 30 && Math.hypot(p[1], p[2]) < 2).parts).toEqual([]);
    expect(pelvis((p) => p[0] > 0 && across(p) < -1.5 && near(p, [38, 0, 0]) < 10).parts).toEqual([]);
  });
});
