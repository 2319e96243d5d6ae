// Foramina of a made-up sacrum: a block of bone, a canal, and channels drilled through it at two levels.
import { expect, it } from "vitest";
import type { Vec3 } from "#core/space";
import { patientFromVoxel } from "#core/space";
import { evenGrid } from "#voxels/resample";
import { boneEnvelope } from "#cement/engine/bone-envelope";
import type { Canal } from "#cement/engine/canal";
import { findForamina, nearestForamen } from "#cement/engine/foramina";
import type { Landmarks, Level } from "#cement/engine/landmarks";
import type { Midline } from "#cement/engine/side";

const midline: Midline = { leftward: [1, 0, 0], offsetMm: 0, symmetry: 1 };
/** S1 ends at z = 10, S2 at z = -15; the bone goes on below without a channel. */
const levelAt = (p: Vec3): Level => (p[2] > 10 ? "S1" : p[2] > -15 ? "S2" : "S3");
const CHANNELS: readonly Vec3[] = [
  [17, 0, 12],
  [-18, 0, 9],
  [14, 0, -14],
];

function sacrum(hiddenAt?: Vec3, levels = levelAt) {
  const grid = evenGrid([-45, -40, -45], [45, 30, 40], 1);
  const hu = new Int16Array(grid.columns * grid.rows * grid.slices);
  const hidden = new Uint8Array(hu.length);
  for (let k = 0, at = 0; k < grid.slices; k++)
    for (let j = 0; j < grid.rows; j++)
      for (let i = 0; i < grid.columns; i++, at++) {
        const [x, y, z] = patientFromVoxel(grid, i, j, k);
        const bone = Math.abs(x) < 38 && y > -26 && y < 14 && z > -40 && z < 36;
        const canal = Math.hypot(x, y) < 7;
        const channel = CHANNELS.some(([cx, , cz]) => y < 4 && Math.hypot(x - cx, z - cz) < 4.5);
        hu[at] = bone && !canal && !channel ? 320 : 30;
        if (hiddenAt && Math.hypot(x - hiddenAt[0], z - hiddenAt[2]) < 6) hidden[at] = 1;
      }
  const work = { grid, hu, hidden };
  const envelope = boneEnvelope(work);
  const middle: Vec3[] = [];
  for (let z = -38; z <= 34; z++) middle.push([0, 0, z]);
  const canal: Canal = {
    middle,
    followed: middle,
    inside: new Uint8Array(hu.length),
    middleAt: (z) => [0, 0, z],
  };
  const landmarks: Landmarks = {
    midline,
    canal,
    envelope,
    discs: [],
    lumbosacral: null,
    joints: [],
    sacrumTopZMm: 36,
    levelAt: levels,
    behindCanalMm: (p) => p[1],
  };
  return findForamina(work, landmarks);
}

it("finds each drilled channel on its side and level within 3 mm across, and makes none up", () => {
  const found = sacrum();
  expect(found.map(({ level, side }) => `${level} ${side}`)).toEqual(["S1 left", "S1 right", "S2 left"]);
  found.forEach(({ centreMm }, n) => {
    expect(Math.abs(centreMm[0] - CHANNELS[n][0])).toBeLessThan(3);
    expect(Math.abs(centreMm[2] - CHANNELS[n][2])).toBeLessThan(3);
  });
});

it("one channel is not taken for two levels", () => {
  // S2 ends where only the channel of S1 lies within reach
  const found = sacrum(undefined, (p) => (p[2] > 10 ? "S1" : p[2] > 5 ? "S2" : "S3"));
  expect(found.map(({ level, side }) => `${level} ${side}`)).toEqual(["S1 left", "S1 right"]);
});

it("a channel filled with cement is not taken for one that is seen", () => {
  expect(sacrum(CHANNELS[0]).some(({ level, side }) => level === "S1" && side === "left")).toBe(false);
});

it("the nearest foramen is that of any point; without foramina there is none", () => {
  const foramina = sacrum();
  const nearest = nearestForamen(
    [
      [40, -5, 12],
      [15, -5, -22],
    ],
    foramina,
  );
  expect(nearest?.foramen.level).toBe("S2");
  expect(nearest?.mm).toBeLessThan(14);
  expect(nearestForamen([[0, 0, 0]], [])).toBeNull();
});
