// A layer of cement on bone sums up to more than the other side; cortex that merely lies elsewhere does not, and is peeled off a part.
import { describe, expect, it } from "vitest";
import type { Vec3 } from "#core/space";
import { patientFromVoxel } from "#core/space";
import type { CtVolume } from "#core/volume";
import { RunBuilder, voxelCount } from "#voxels/mask";
import { evenGrid } from "#voxels/resample";
import type { BoneEnvelope } from "#cement/engine/bone-envelope";
import { boneEnvelope } from "#cement/engine/bone-envelope";
import { layerExcess } from "#cement/engine/layer-excess";
import type { LeakPart } from "#cement/engine/leak-region";
import type { Mirror } from "#cement/engine/mirror";
import { peelCortex } from "#cement/engine/peel-cortex";

const CEMENT_HU = 1800;
const CORTEX_HU = 900;
/** Across the median plane x = 0. */
const mirror: Mirror = { opposite: ([x, y, z]) => [-x, y, z], errorMm: 0 };
const FRONT: Vec3 = [0, -1, 0];

/** A slab of bone with 2 mm of cortex; its front lies at y = 0, on the patient's left (x > 0) `shiftMm` further forward. */
function scene(shiftMm: number, cement: (p: Vec3) => boolean, hiddenRight = false) {
  const grid = evenGrid([-30, -20, -20], [30, 20, 20], 1);
  const hu = new Int16Array(grid.columns * grid.rows * grid.slices);
  const hidden = new Uint8Array(hu.length);
  for (let k = 0, at = 0; k < grid.slices; k++)
    for (let j = 0; j < grid.rows; j++)
      for (let i = 0; i < grid.columns; i++, at++) {
        const p = patientFromVoxel(grid, i, j, k);
        const front = p[0] > 0 ? -shiftMm : 0;
        hu[at] = p[1] < front ? 50 : p[1] < front + 2 ? CORTEX_HU : 200;
        if (cement(p)) hu[at] = CEMENT_HU;
        if (hiddenRight && p[0] < 0) hidden[at] = 1;
      }
  return { grid, hu, hidden };
}

const layerOf = (work: ReturnType<typeof scene>, p: Vec3) => layerExcess(work, mirror)(p, FRONT);

describe("layer excess", () => {
  it("is small where the cortex lies up to 1.5 mm elsewhere on the other side", () => {
    for (const shift of [0, 1]) {
      const excess = layerOf(
        scene(shift, () => false),
        [12, -1, 0],
      );
      expect(Math.abs(excess ?? NaN)).toBeLessThan(0.25 * CEMENT_HU);
    }
  });

  it("is the cement's height times its contrast where cement lies on the cortex", () => {
    const work = scene(0, ([x, y]) => x > 6 && x < 18 && y >= -3 && y < 0);
    const excess = layerOf(work, [12, -2, 0]) ?? NaN;
    expect(excess / (CEMENT_HU - 50)).toBeGreaterThan(2.2);
    expect(excess / (CEMENT_HU - 50)).toBeLessThan(3.8);
  });

  it("is unknown where the other side is covered by cement or outside the scan", () => {
    expect(
      layerOf(
        scene(0, () => false, true),
        [12, -1, 0],
      ),
    ).toBeNull();
    expect(
      layerOf(
        scene(0, () => false),
        [12, -18, 0],
      ),
    ).toBeNull();
  });
});

describe("cortex is peeled off a part", () => {
  const work = scene(1, ([x, y]) => x > 6 && x < 12 && y >= -4 && y < -1);
  const volume: CtVolume = { ...work, storableHu: [-1024, 3071], clippedAtHu: null };
  const envelope: BoneEnvelope = boneEnvelope({ ...work, hidden: new Uint8Array(work.hu.length) });
  const builder = new RunBuilder(work.grid);
  let cement = 0;
  for (let k = 15; k < 25; k++)
    for (let j = 0; j < work.grid.rows; j++)
      for (let i = 37; i < 55; i++) {
        const value = work.hu[(k * work.grid.rows + j) * work.grid.columns + i];
        const [, y] = patientFromVoxel(work.grid, i, j, k);
        if (value < 500 || y > 0) continue;
        if (value === CEMENT_HU) cement++;
        builder.add(k * work.grid.rows + j, i, i + 1);
      }
  const part: LeakPart = {
    mask: builder.finish(),
    compartment: "outside",
    beyondMm: 3,
    peakHu: CEMENT_HU,
    borderHu: 500,
  };

  it("keeps the cement and drops the strip of cortex beside it", () => {
    expect(voxelCount(part.mask)).toBeGreaterThan(cement);
    const peeled = peelCortex(volume, part, envelope, layerExcess(work, mirror), CEMENT_HU);
    expect(peeled).toHaveLength(1);
    expect(voxelCount(peeled[0].mask)).toBeGreaterThanOrEqual(cement);
    expect(voxelCount(peeled[0].mask)).toBeLessThan(cement + 0.35 * (voxelCount(part.mask) - cement));
    expect(peeled[0].peakHu).toBe(CEMENT_HU);
  });

  it("leaves what lies in the canal alone", () => {
    const inCanal: LeakPart = { ...part, compartment: "canal" };
    expect(peelCortex(volume, inCanal, envelope, layerExcess(work, mirror), CEMENT_HU)).toEqual([inCanal]);
  });
});
