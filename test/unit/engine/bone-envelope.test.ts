// The envelope of a made-up gutter: dim specks between two bones do not fill it, thin cortex with gaps stays closed.
import { expect, it } from "vitest";
import type { Vec3 } from "#core/space";
import { patientFromVoxel } from "#core/space";
import { evenGrid } from "#voxels/resample";
import { boneEnvelope, tightSurface } from "#cement/engine/bone-envelope";

/** Two bones side by side, `gapMm` apart, on a floor of bone; soft tissue of 50 HU behind and between them. */
function gutter(gapMm: number, hu: (p: Vec3, at: number) => number | null) {
  const grid = evenGrid([-45, -40, -30], [45, 50, 30], 1);
  const values = new Int16Array(grid.columns * grid.rows * grid.slices).fill(50);
  for (let k = 0, at = 0; k < grid.slices; k++)
    for (let j = 0; j < grid.rows; j++)
      for (let i = 0; i < grid.columns; i++, at++) {
        const p = patientFromVoxel(grid, i, j, k);
        const bone =
          p[1] < 20 && p[1] > -30 && Math.abs(p[0]) < 40 && (p[1] < -15 || Math.abs(p[0]) > gapMm / 2);
        values[at] = hu(p, at) ?? (bone ? 400 : 50);
      }
  return { grid, hu: values, hidden: new Uint8Array(values.length) };
}

const middle: Vec3 = [0, 0, 0];

it("dim specks of muscle between two bones do not fill the gutter", () => {
  // a bridge as dim as noise makes muscle, joined to bone on both sides
  const bridge = ([x, y]: Vec3) => (y > 4 && y < 8 && Math.abs(x) < 11 ? 125 : null);
  expect(boneEnvelope(gutter(22, () => null)).surfaceMm(middle)).toBeGreaterThan(5);
  expect(boneEnvelope(gutter(22, bridge)).surfaceMm(middle)).toBeGreaterThan(0);
  // the same bridge of bone closes it
  expect(boneEnvelope(gutter(22, (p) => bridge(p) && 300)).surfaceMm(middle)).toBeLessThan(0);
});

it("dim cortex beside dense bone stays bone", () => {
  const dim = ([x, y]: Vec3) => (y > 18 && y < 20 && Math.abs(x) > 12 && Math.abs(x) < 40 ? 125 : null);
  const { surfaceMm } = boneEnvelope(gutter(22, dim));
  expect(surfaceMm([25, 19, 0])).toBeLessThan(0.7);
});

it("in coarse voxels dim walls count as far from dense bone as a voxel reaches", () => {
  // a septum of 130 HU across the gutter's mouth, joined to dense bone 4 mm farther on
  const septum = ([x, y]: Vec3) => (y > 12 && y < 20 && Math.abs(x) < 15 ? 130 : null);
  const work = gutter(22, septum);
  expect(boneEnvelope(work).surfaceMm(middle)).toBeGreaterThan(0);
  expect(boneEnvelope({ ...work, voxelMm: Math.hypot(3, 3, 3) }).surfaceMm(middle)).toBeLessThan(0);
});

it("the tighter closing keeps a gutter of 13 mm open that the envelope fills", () => {
  const work = gutter(13, () => null);
  const tight = tightSurface(work);
  const { columns, rows } = work.grid;
  const at = (30 * rows + 40) * columns + 45;
  expect(boneEnvelope(work).surface[at]).toBeLessThan(-3);
  expect(tight[at]).toBeGreaterThan(3);
});
