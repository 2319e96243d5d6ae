// The canal of a made-up sacrum, slanting through a block of bone, with cement on its front wall.
import { expect, it } from "vitest";
import type { Vec3 } from "#core/space";
import { patientFromVoxel } from "#core/space";
import { evenGrid } from "#voxels/resample";
import { boneEnvelope } from "#cement/engine/bone-envelope";
import { findCanal } from "#cement/engine/canal";
import { canalHas } from "#cement/engine/leak-region";
import type { Midline } from "#cement/engine/side";

const midline: Midline = { leftward: [1, 0, 0], offsetMm: 0, symmetry: 1 };
/** The canal slants as a sacrum's does, and is 14 mm wide. */
const middleY = (z: number) => -0.6 * z;
const RADIUS_MM = 7;

/** With cement in the front half of the canal over `lengthMm`. */
function sacrum(lengthMm: number) {
  const grid = evenGrid([-40, -55, -40], [40, 55, 40], 1);
  const hu = new Int16Array(grid.columns * grid.rows * grid.slices);
  const hidden = new Uint8Array(hu.length);
  for (let k = 0, at = 0; k < grid.slices; k++)
    for (let j = 0; j < grid.rows; j++)
      for (let i = 0; i < grid.columns; i++, at++) {
        const [x, y, z] = patientFromVoxel(grid, i, j, k);
        const off = y - middleY(z);
        const bone = Math.abs(x) < 34 && off > -24 && off < 14 && Math.abs(z) < 38;
        const canal = Math.hypot(x, off) < RADIUS_MM;
        const beside = Math.abs(z) < lengthMm / 2 && Math.abs(x) < 5;
        const cement = canal && beside && off < 1;
        hu[at] = cement ? 1800 : bone && !canal ? 320 : 30;
        // its blur hides the wall in front and some of the sac behind
        if (beside && off > -10 && off < 3) hidden[at] = 1;
      }
  const work = { grid, hu, hidden };
  const envelope = boneEnvelope(work);
  return { envelope, canal: findCanal(work, envelope, midline) };
}

it("follows a slanting canal to about a millimetre", () => {
  const { canal } = sacrum(0);
  for (const z of [-25, 0, 25])
    expect(Math.abs((canal?.middleAt(z)?.[1] ?? NaN) - middleY(z))).toBeLessThan(2.5);
});

it("cement on the front wall does not push the canal back: it lies in it", () => {
  const { canal, envelope } = sacrum(9);
  expect(Math.abs((canal?.middleAt(0)?.[1] ?? NaN) - middleY(0))).toBeLessThan(2.5);
  const sheet: Vec3[] = [];
  for (const z of [-3, 0, 3]) for (const x of [-2, 0, 2]) sheet.push([x, middleY(z) - 4, z]);
  expect(sheet.filter((p) => canalHas(canal, envelope, p))).toHaveLength(sheet.length);
});
