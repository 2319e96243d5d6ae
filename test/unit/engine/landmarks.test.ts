// Sacral levels and the end plate of S1, on a phantom whose own coordinates say where each segment ends.
import { beforeAll, describe, expect, it } from "vitest";
import { boneEnvelope } from "#cement/engine/bone-envelope";
import { findCanal } from "#cement/engine/canal";
import type { Discs } from "#cement/engine/disc-space";
import { findDiscs } from "#cement/engine/disc-space";
import type { Landmarks } from "#cement/engine/landmarks";
import { findLandmarks } from "#cement/engine/landmarks";
import { sacralPlanes } from "#cement/engine/sacral-planes";
import { patientMidline } from "#cement/engine/side";
import { workingVolume } from "#cement/engine/working-volume";
import type { Sacrum } from "#sample-data/anatomy";
import { makeSacrum } from "#sample-data/anatomy";
import { drawParameters } from "#sample-data/anatomy-parameters";
import { makePhantom } from "#sample-data/make-phantom";
import type { CtVolume } from "#core/volume";
import { dot, normalize, subtract, type Vec3 } from "#core/space";
import { emptyMask, type RunMask } from "#voxels/mask";
import { unionAll } from "#voxels/set-operations";

const SEED = 77;

describe("landmarks of a sacrum in view with L5", () => {
  let sacrum: Sacrum;
  let landmarks: Landmarks;
  let discs: Discs;
  let phantom: { readonly volume: CtVolume; readonly cement: RunMask };
  beforeAll(() => {
    sacrum = makeSacrum(SEED, drawParameters(SEED, false));
    const { volume, masks } = makePhantom(
      { sliceMm: 2, columns: 256, fovMm: 230.4, fovCentreYMm: 35, seed: SEED },
      0.5,
    );
    const cement = unionAll(volume.grid, [...masks.intraosseous.values(), ...masks.leaks.values()]);
    phantom = { volume, cement };
    const midline = patientMidline(volume);
    const work = midline && workingVolume(volume, cement, cement, midline.offsetMm);
    if (!midline || !work) throw new Error("the phantom has no midline or no cement");
    const envelope = boneEnvelope(work);
    const canal = findCanal(work, envelope, midline);
    discs = findDiscs(work, envelope, canal, midline);
    landmarks = findLandmarks(envelope, canal, midline, discs, []);
  }, 60_000);

  it("finds the upper end of S1 and the front edge of its end plate within 5 mm", () => {
    const back = sacrum.frame.patientFromSacral(0, 0, 0);
    const front = sacrum.frame.patientFromSacral(0, 30 * sacrum.parameters.depth, 0);
    expect(Math.abs((landmarks.sacrumTopZMm ?? Infinity) - back[2])).toBeLessThan(5);
    expect(Math.abs((discs.lumbosacral?.lowerPlate.frontMm[2] ?? Infinity) - front[2])).toBeLessThan(5);
  });

  it("proposes planes along the sacrum and parallel to S1, through the body of S1", () => {
    const planes = sacralPlanes(phantom.volume, phantom.cement);
    if (!planes) throw new Error("no planes were proposed");
    const place = sacrum.frame.patientFromSacral;
    const degrees = (a: Vec3, b: Vec3) => (Math.acos(dot(normalize(a), normalize(b))) * 180) / Math.PI;
    const down = subtract(place(0, 0, 45), place(0, 0, 0));
    expect(90 - degrees(planes.coronal, down)).toBeLessThan(8);
    expect(90 - degrees(planes.coronal, down)).toBeGreaterThan(-8);
    expect(degrees(planes.axial, down)).toBeLessThan(20);
    expect(degrees(planes.axial, [0, 0, -1])).toBeGreaterThan(5);
    expect(landmarks.levelAt(planes.s1Mm)).toBe("S1");
    expect(sacralPlanes(phantom.volume, emptyMask(phantom.volume.grid))).toBeNull();
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
