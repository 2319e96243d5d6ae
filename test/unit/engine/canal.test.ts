// The canal of a made-up sacrum, slanting through a block of bone.
import { expect, it } from "vitest";
import { patientFromVoxel } from "#core/space";
import { evenGrid } from "#voxels/resample";
import { boneEnvelope } from "#cement/engine/bone-envelope";
import { findCanal } from "#cement/engine/canal";
import type { Midline } from "#cement/engine/side";

const midline: Midline = { leftward: [1, 0, 0], offsetMm: 0, symmetry: 1 };
/** The canal slants as a sacrum's does, and is 14 mm wide. */
const middleY = (z: number) => -0.6 * z;
const RADIUS_MM = 7;

function sacrum() {
  const grid = evenGrid([-40, -55, -40], [40, 55, 40], 1);
  const hu = new Int16Array(grid.columns * grid.rows * grid.slices);
  for (let k = 0, at = 0; k < grid.slices; k++)
    for (let j = 0; j < grid.rows; j++)
      for (let i = 0; i < grid.columns; i++, at++) {
        const [x, y, z] = patientFromVoxel(grid, i, j, k);
        const off = y - middleY(z);
        const bone = Math.abs(x) < 34 && off > -24 && off < 14 && Math.abs(z) < 38;
        const canal = Math.hypot(x, off) < RADIUS_MM;
        hu[at] = bone && !canal ? 320 : 30;
      }
  const work = { grid, hu, hidden: new Uint8Array(hu.length) };
  return findCanal(work, boneEnvelope(work), midline);
}

it("follows a slanting canal to 2.5 mm", () => {
  const canal = sacrum();
  for (const z of [-25, 0, 25])
    expect(Math.abs((canal?.middleAt(z)?.[1] ?? NaN) - middleY(z))).toBeLessThan(2.5);
});
