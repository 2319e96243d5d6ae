// In thick slices the beads of one track become one part again, and a lump without an inner voxel is still cement.
import { describe, expect, it } from "vitest";
import { patientFromVoxel } from "#core/space";
import { RunBuilder, voxelCount } from "#voxels/mask";
import type { BoneEnvelope } from "#cement/engine/bone-envelope";
import { denseParts } from "#cement/engine/cement-mask";
import type { LeakPart } from "#cement/engine/leak-region";
import { joinTraces } from "#cement/engine/thick-traces";
import { ball, paintVolume, regularGrid } from "./painted-volume.ts";

const LEAST_HU = 260;

/** Bone fills y > 0. */
const envelope = { surfaceMm: (p: readonly number[]) => -p[1] } as unknown as BoneEnvelope;

/** A straight row of voxels in front of bone with these HU; those from 400 on are parts of their own already. */
function track(rowHu: readonly number[], sliceMm: number, bonyFromMm = -Infinity) {
  const grid = regularGrid([21, 21, 9], [3, 3, sliceMm], [-30, -63, -4 * sliceMm]);
  const volume = paintVolume(grid, 50, []);
  const k = 4;
  const i = 10;
  const parts: LeakPart[] = [];
  rowHu.forEach((value, n) => {
    const j = 5 + n;
    volume.hu[(k * grid.rows + j) * grid.columns + i] = value;
    if (value < 400) return;
    const one = new RunBuilder(grid);
    one.add(k * grid.rows + j, i, i + 1);
    const beyondMm = -patientFromVoxel(grid, i, j, k)[1];
    parts.push({ mask: one.finish(), compartment: "outside", beyondMm, peakHu: value, borderHu: 350 });
  });
  const bone = { surfaceMm: (p: readonly number[]) => (p[1] > bonyFromMm ? -1 : 1) };
  const around = bonyFromMm === -Infinity ? envelope : (bone as unknown as BoneEnvelope);
  return joinTraces(volume, parts, around, LEAST_HU);
}

describe("traces in thick slices", () => {
  it("join beads over voxels that partial volume left below the border, and keep these", () => {
    const joined = track([660, 300, 220, 470], 3);
    expect(joined).toHaveLength(1);
    expect(voxelCount(joined[0].mask)).toBe(4);
    expect(joined[0].peakHu).toBe(660);
    expect(joined[0].beyondMm).toBe(48);
  });

  it("stay apart where soft tissue, a longer gap or bone lies between", () => {
    expect(track([660, 90, 90, 470], 3)).toHaveLength(2);
    expect(track([660, 300, 300, 300, 470], 3)).toHaveLength(2);
    expect(track([660, 300, 300, 470], 3, -47)).toHaveLength(2);
  });

  it("stay apart in thin slices", () => {
    expect(track([660, 300, 300, 470], 1)).toHaveLength(2);
  });
});

describe("cement in voxels of 3 mm", () => {
  it("is found though no voxel of it lies inside", () => {
    const grid = regularGrid([40, 40, 40], [3, 3, 3]);
    // slanted, about two voxels thick
    const plate = ([x, y, z]: readonly number[]) =>
      Math.max(Math.abs(x) - 8, Math.abs(y) - 8, Math.abs(z - y / 2) / Math.hypot(1, 0.5) - 3);
    const volume = paintVolume(
      grid,
      60,
      [
        { solid: ball([0, 0, 0], 30), hu: 250 },
        { solid: plate, hu: 1500 },
      ],
      { softMm: 0.5 },
    );
    const { main } = denseParts(volume);
    expect(main).toHaveLength(1);
    expect(main[0].features.thicknessMm).toBeLessThan(1.8);
  });
});
