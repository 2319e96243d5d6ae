// Sacral levels and the end plate of S1, on a phantom whose own coordinates say where each segment ends.
import { beforeAll, describe, expect, it } from "vitest";
import { boneEnvelope } from "#cement/engine/bone-envelope";
import { findCanal } from "#cement/engine/canal";
import type { Discs } from "#cement/engine/disc-space";
import { findDiscs } from "#cement/engine/disc-space";
import type { Landmarks } from "#cement/engine/landmarks";
import { findLandmarks } from "#cement/engine/landmarks";
import { patientMidline } from "#cement/engine/side";
import { workingVolume } from "#cement/engine/working-volume";
import type { Sacrum } from "#sample-data/anatomy";
import { makeSacrum } from "#sample-data/anatomy";
import { drawParameters } from "#sample-data/anatomy-parameters";
import { makePhantom } from "#sample-data/make-phantom";
import { unionAll } from "#voxels/set-operations";

const SEED = 77;

describe("landmarks of a sacrum in view with L5", () => {
  let sacrum: Sacrum;
  let landmarks: Landmarks;
  let discs: Discs;
  beforeAll(() => {
    sacrum = makeSacrum(SEED, drawParameters(SEED, false));
    const { volume, masks } = makePhantom(
      { sliceMm: 2, columns: 256, fovMm: 230.4, fovCentreYMm: 35, seed: SEED },
      0.5,
    );
    const cement = unionAll(volume.grid, [...masks.intraosseous.values(), ...masks.leaks.values()]);
    const midline = patientMidline(volume);
    const work = midline && workingVolume(volume, cement, cement, midline.offsetMm);
    if (!midline || !work) throw new Error("the phantom has no midline or no cement");
    const envelope = boneEnvelope(work);
    const canal = findCanal(work, envelope, midline);
    discs = findDiscs(work, envelope, canal, midline);
    landmarks = findLandmarks(envelope, canal, midline, discs);
  }, 60_000);

  it("finds the upper end of S1 and the front edge of its end plate within 5 mm", () => {
    const back = sacrum.frame.patientFromSacral(0, 0, 0);
    const front = sacrum.frame.patientFromSacral(0, 30 * sacrum.parameters.depth, 0);
    expect(Math.abs((landmarks.sacrumTopZMm ?? Infinity) - back[2])).toBeLessThan(5);
    expect(Math.abs((discs.lumbosacral?.lowerPlate.frontMm[2] ?? Infinity) - front[2])).toBeLessThan(5);
  });

  it("tells S1 to S3 in the middle of their bodies and alae, and nothing above S1", () => {
    const middleOf = (level: number) =>
      (sacrum.segmentEndMm(level) + (level === 1 ? 0 : sacrum.segmentEndMm(level - 1))) / 2;
    for (const level of [1, 2, 3])
      for (const x of [0, 25])
        expect(landmarks.levelAt(sacrum.frame.patientFromSacral(x, 8, middleOf(level)))).toBe(`S${level}`);
    expect(landmarks.levelAt(sacrum.frame.patientFromSacral(0, 15, -25))).toBeNull();
  });
});
