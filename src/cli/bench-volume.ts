// The synthetic CT that `npm run bench` measures on: 512 x 512 x 400, the same bytes on every machine, no anatomy.
//
// A body with noise, bones as shells around a network of soft and hard marrow, and cement as beads and crossing threads:
// about 0.1 M voxels above 900 HU in some 350 parts, about 3.4 M above 200 HU in a quarter of a million runs.
import type { MaskShape } from "#voxels/mask";

export const benchShape: MaskShape = { columns: 512, rows: 512, slices: 400 };

/** Numbers in [0, 1) from a seed (mulberry32, public domain). */
function random(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Noise of about 15 HU standard deviation: the sum of four uniform numbers. */
function noiseTable(next: () => number): Int16Array {
  return Int16Array.from({ length: 65536 }, () => Math.round((next() + next() + next() + next() - 2) * 26));
}

type Voxel = readonly [i: number, j: number, k: number];

/** Calls `visit` for each voxel of an ellipsoid with (distance / semi-axis) squared summed over the axes. */
function inEllipsoid(at: Voxel, semi: Voxel, visit: (index: number, square: number) => void): void {
  const { columns, rows, slices } = benchShape;
  for (let k = Math.max(0, Math.ceil(at[2] - semi[2])); k <= Math.min(slices - 1, at[2] + semi[2]); k++) {
    const z = ((k - at[2]) / semi[2]) ** 2;
    for (let j = Math.max(0, Math.ceil(at[1] - semi[1])); j <= Math.min(rows - 1, at[1] + semi[1]); j++) {
      const yz = z + ((j - at[1]) / semi[1]) ** 2;
      if (yz > 1) continue;
      const half = semi[0] * Math.sqrt(1 - yz);
      for (let i = Math.max(0, Math.ceil(at[0] - half)); i <= Math.min(columns - 1, at[0] + half); i++) {
        visit((k * rows + j) * columns + i, yz + ((i - at[0]) / semi[0]) ** 2);
      }
    }
  }
}

/** HU of the whole volume, `[k][j][i]`, written to `hu` (which may lie in shared memory). */
export function fillBenchVolume(hu: Int16Array): void {
  const { columns, rows, slices } = benchShape;
  const next = random(20260101);
  const noise = noiseTable(next);
  for (let k = 0, at = 0; k < slices; k++) {
    for (let j = 0; j < rows; j++) {
      const inBody = 1 - ((j - 256) / 170) ** 2;
      const half = inBody > 0 ? 225 * Math.sqrt(inBody) : 0;
      const shift = Math.floor(next() * 65536);
      for (let i = 0; i < columns; i++, at++) {
        const tissueHu = Math.abs(i - 256) < half ? 40 : -1000;
        hu[at] = tissueHu + noise[(i + shift) & 65535];
      }
    }
  }
  const bones: { at: Voxel; semi: Voxel }[] = Array.from({ length: 30 }, () => ({
    at: [130 + next() * 250, 150 + next() * 210, 30 + next() * 340],
    semi: [18 + next() * 36, 18 + next() * 36, 18 + next() * 36],
  }));
  for (const { at, semi } of bones) {
    const thin = 4 / Math.min(...semi);
    const phase = next() * 6;
    inEllipsoid(at, semi, (index, square) => {
      const i = index % columns;
      const j = Math.floor(index / columns) % rows;
      const k = Math.floor(index / (columns * rows));
      const struts =
        Math.sin(i * 0.55 + phase) + Math.sin(j * 0.61 + k * 0.13) + Math.sin(k * 0.57 - i * 0.11);
      const marrowHu = 60 + 110 * struts;
      hu[index] = (square > 1 - 2 * thin ? 620 : marrowHu) + noise[(index * 7) & 65535];
    });
  }
  for (let bead = 0; bead < 360; bead++) {
    const { at, semi } = bones[bead % bones.length];
    const centre: Voxel = [
      at[0] + (next() - 0.5) * semi[0] * 2.4,
      at[1] + (next() - 0.5) * semi[1] * 2.4,
      at[2] + (next() - 0.5) * semi[2] * 2.4,
    ];
    const size = 1.5 + next() * 3.5;
    inEllipsoid(centre, [size, size, size], (index) => {
      hu[index] = 1500 + 5 * noise[(index * 3) & 65535];
    });
  }
  for (const { at, semi } of bones.slice(0, 12)) thread(hu, at, semi, next, noise);
}

/** A thin thread of cement that turns at random: diagonal steps, back in z, which face-connected or planar methods lose. */
function thread(hu: Int16Array, at: Voxel, semi: Voxel, next: () => number, noise: Int16Array): void {
  let [x, y, z] = at;
  let [dx, dy, dz] = [next() - 0.5, next() - 0.5, next() - 0.5];
  const steps = 3 * (semi[0] + semi[1] + semi[2]);
  for (let step = 0; step < steps; step++) {
    inEllipsoid([x, y, z], [1.3, 1.3, 1.3], (index) => {
      hu[index] = 1300 + 3 * noise[(index * 11) & 65535];
    });
    dx += (next() - 0.5) * 0.5;
    dy += (next() - 0.5) * 0.5;
    dz += (next() - 0.5) * 0.5;
    const length = Math.hypot(dx, dy, dz) || 1;
    [dx, dy, dz] = [dx / length, dy / length, dz / length];
    [x, y, z] = [x + dx, y + dy, z + dz];
  }
}
