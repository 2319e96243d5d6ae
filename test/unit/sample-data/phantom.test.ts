// The phantom's promises: truth that agrees with its voxels, leaks outside bone and cement inside, the same bytes for the same seed.
import { expect, it } from "vitest";
import type { RunMask } from "#voxels/mask";
import { maskHas, voxelCount } from "#voxels/mask";
import { voxelFromPatient, voxelVolumeMm3 } from "#core/space";
import { voxelIndex } from "#core/volume";
import { smallPhantom } from "./small-phantom.ts";

const phantom = smallPhantom();
const { volume, truth, masks } = phantom;
const voxelMm3 = voxelVolumeMm3(volume.grid);

function* voxelsOf(mask: RunMask): Generator<readonly [number, number, number]> {
  for (let k = 0; k < mask.slices; k++)
    for (let j = 0; j < mask.rows; j++) {
      const row = k * mask.rows + j;
      for (let n = mask.rowStart[row]; n < mask.rowStart[row + 1]; n++)
        for (let i = mask.start[n]; i < mask.end[n]; i++) yield [i, j, k];
    }
}

const shareWithin = (mask: RunMask, other: RunMask): number => {
  let inside = 0;
  for (const [i, j, k] of voxelsOf(mask)) if (maskHas(other, i, j, k)) inside++;
  return inside / voxelCount(mask);
};

const touch = (mask: RunMask, other: RunMask): boolean => {
  for (const [i, j, k] of voxelsOf(mask))
    for (let c = -1; c <= 1; c++)
      for (let b = -1; b <= 1; b++)
        for (let a = -1; a <= 1; a++) if (maskHas(other, i + a, j + b, k + c)) return true;
  return false;
};

const leakMask = (leakId: string): RunMask => {
  const mask = masks.leaks.get(leakId);
  if (!mask) throw new Error(leakId);
  return mask;
};
const inner = [...masks.intraosseous.values()][0];

it("has the four mission sites in the left ala of S1, one leak of them detached", () => {
  expect(truth.lesions).toMatchObject([{ bone: "sacrum", side: "left", sacralLevels: ["S1"] }]);
  expect(truth.leaks.map((leak) => leak.site).sort()).toEqual([
    "anterior_epidural_space",
    "anterior_sacral_space",
    "puncture_path",
    "sacral_venous_plexus",
  ]);
  expect(truth.leaks.filter((leak) => leak.attachment === "detached")).toHaveLength(1);
  expect(truth.leaks.every((leak) => leak.side === "left" && leak.centroidMm[0] > 0)).toBe(true);
});

it("states volumes that its masks have, as far as 1 mm voxels can", () => {
  const counted = voxelCount(inner) * voxelMm3;
  expect(Math.abs(counted / truth.lesions[0].volumeMm3 - 1)).toBeLessThan(0.03);
  for (const leak of truth.leaks) {
    expect(leak.volumeMm3).toBeGreaterThan(60);
    expect(leak.volumeMm3).toBeLessThan(620);
    expect(leak.scannedVolumeMm3).toBe(leak.volumeMm3);
    expect(Math.abs((voxelCount(leakMask(leak.leakId)) * voxelMm3) / leak.volumeMm3 - 1)).toBeLessThan(0.2);
  }
});

it("keeps leaks outside the bone's envelope and the lesion's cement inside it", () => {
  // a voxel cut in half by the surface may fall on either side
  expect(shareWithin(inner, masks.boneEnvelope)).toBeGreaterThan(0.99);
  for (const mask of masks.leaks.values()) expect(shareWithin(mask, masks.boneEnvelope)).toBeLessThan(0.03);
});

it("joins attached leaks to the cement in bone and no other", () => {
  for (const leak of truth.leaks)
    expect([leak.site, touch(leakMask(leak.leakId), inner)]).toEqual([
      leak.site,
      leak.attachment === "attached",
    ]);
});

it("keeps leaks apart from each other and from the mimics", () => {
  const parts = [...masks.leaks.values(), ...masks.mimics.values()];
  for (const [n, part] of parts.entries())
    for (const other of parts.slice(n + 1)) expect(touch(part, other)).toBe(false);
});

it("puts each leak's centroid where its voxels are", () => {
  for (const leak of truth.leaks) {
    const mean = [0, 0, 0];
    const mask = leakMask(leak.leakId);
    for (const voxel of voxelsOf(mask))
      for (const axis of [0, 1, 2]) mean[axis] += voxel[axis] / voxelCount(mask);
    const expected = voxelFromPatient(volume.grid, leak.centroidMm);
    for (const axis of [0, 1, 2]) expect(Math.abs(mean[axis] - expected[axis])).toBeLessThan(0.6);
  }
});

it("looks like CT: cement clipped at the scanner's ceiling, noise of the stated size in fat and muscle", () => {
  expect(volume.storableHu).toEqual([-1024, 3071]);
  expect(volume.clippedAtHu).toBe(3071);
  let sum = 0;
  let highest = 0;
  for (const [i, j, k] of voxelsOf(inner)) {
    const hu = volume.hu[voxelIndex(volume.grid, i, j, k)];
    sum += hu;
    highest = Math.max(highest, hu);
  }
  expect(sum / voxelCount(inner)).toBeGreaterThan(1300);
  expect(sum / voxelCount(inner)).toBeLessThan(2300);
  expect(highest).toBeGreaterThan(2500);
  const quiet = smallPhantom({ noiseHu: 0 });
  let squares = 0;
  let count = 0;
  for (let n = 0; n < volume.hu.length; n += 7)
    if (Math.abs(quiet.volume.hu[n]) < 500) {
      squares += (volume.hu[n] - quiet.volume.hu[n]) ** 2;
      count++;
    }
  expect(Math.sqrt(squares / count)).toBeGreaterThan(18);
  expect(Math.sqrt(squares / count)).toBeLessThan(22);
});

it("cuts the cement off at the end of the scan where asked, and says how much was scanned", () => {
  const cut = smallPhantom({ case: "cut-off" });
  expect(cut.truth.lesions[0].scannedVolumeMm3).toBeLessThan(0.9 * cut.truth.lesions[0].volumeMm3);
  const mask = [...cut.masks.intraosseous.values()][0];
  expect(mask.rowStart[mask.rowStart.length - 1]).toBeGreaterThan(0);
  const counted = voxelCount(mask) * voxelMm3;
  expect(Math.abs(counted / cut.truth.lesions[0].scannedVolumeMm3 - 1)).toBeLessThan(0.06);
});

it("what a leak touches holds its half-filled voxels and the thinner rim round them", () => {
  for (const { leakId } of truth.leaks) {
    const touched = masks.touchedByLeak.get(leakId);
    if (!touched) throw new Error(leakId);
    expect(shareWithin(leakMask(leakId), touched)).toBe(1);
    expect(voxelCount(touched)).toBeGreaterThan(voxelCount(leakMask(leakId)));
  }
});
