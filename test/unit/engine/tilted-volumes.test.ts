// One patient scanned with the gantry at 0, 10 and 20 degrees: the same cement, by voxel count and by estimate, and the tilt in the log.
import { beforeAll, describe, expect, it } from "vitest";
import { estimateVolume } from "#cement/engine/volume-estimate";
import { findCement } from "#cement/engine/find-cement";
import type { VerificationEntry } from "#core/verification-log";
import { isRegular } from "#core/space";
import { loadSeries } from "#dicom/load-series";
import { memoryFile } from "#dicom/named-file";
import { readFiles } from "#dicom/open-files";
import { seriesFiles } from "#sample-data/dicom-series";
import { makePhantom } from "#sample-data/make-phantom";
import { DEFAULT_OPTIONS } from "#sample-data/phantom-options";
import { tiltedScan } from "#sample-data/tilted-scan";
import { unionAll } from "#voxels/set-operations";
import { maskVolumeMm3 } from "#voxels/statistics";

const OPTIONS = {
  ...DEFAULT_OPTIONS,
  columns: 170,
  fovMm: 136,
  fovCentreYMm: 38,
  sliceMm: 1.25,
  noiseHu: 10,
};
const TILTS = [0, 10, 20];

interface Measured {
  readonly countedMm3: number;
  readonly estimateMm3: number;
  readonly regular: boolean;
  readonly verification: readonly VerificationEntry[];
}

/** As a reader does it: files are read, stacked and loaded, cement is found with the proposed floor, and measured. */
async function measured(fine: ReturnType<typeof makePhantom>, tiltDegrees: number): Promise<Measured> {
  const scan = tiltedScan(fine.volume, { ...OPTIONS, tiltDegrees });
  const files = [...seriesFiles(scan, { ...OPTIONS, fileOrder: "shuffled" }, tiltDegrees)];
  const { series } = await readFiles(files.map(({ fileName, bytes }) => memoryFile(fileName, bytes)));
  const loaded = await loadSeries(series[0]);
  if (!loaded.ok) throw new Error(loaded.problem.code);
  const { volume, context } = loaded.value;
  const parts = findCement(volume).parts.filter(({ suggestion }) => suggestion === "cement");
  const cement = unionAll(
    volume.grid,
    parts.map(({ mask }) => mask),
  );
  return {
    countedMm3: maskVolumeMm3(cement, volume.grid),
    estimateMm3: estimateVolume(volume, cement).mm3,
    regular: isRegular(volume.grid),
    verification: context.verification,
  };
}

describe("the same patient with the gantry tilted", () => {
  const scans = new Map<number, Measured>();
  let truthMm3 = 0;
  beforeAll(async () => {
    // Cut from slices more than half as thin, without noise of their own.
    const fine = makePhantom({ ...OPTIONS, sliceMm: 0.75, noiseHu: 0 }, 0.5);
    truthMm3 = [...fine.truth.lesions, ...fine.truth.leaks].reduce(
      (sum, { volumeMm3 }) => sum + volumeMm3,
      0,
    );
    for (const tilt of TILTS) scans.set(tilt, await measured(fine, tilt));
  }, 240_000);

  const of = (tilt: number): Measured => {
    const scan = scans.get(tilt);
    if (!scan) throw new Error(`no scan with ${tilt} degrees`);
    return scan;
  };

  it.each([10, 20])(
    "has the same cement at %i degrees as at 0, within 1 %%, counted and estimated",
    (tilt) => {
      expect(Math.abs(of(tilt).countedMm3 / of(0).countedMm3 - 1)).toBeLessThan(0.01);
      expect(Math.abs(of(tilt).estimateMm3 / of(0).estimateMm3 - 1)).toBeLessThan(0.01);
      expect(Math.abs(of(tilt).estimateMm3 / truthMm3 - 1)).toBeLessThan(0.05);
      expect(of(tilt).regular).toBe(false);
    },
  );

  it("names the tilt in the log, and that there is none", () => {
    const tilts = TILTS.map((tilt) => of(tilt).verification.find(({ check }) => check === "geometry/tilt"));
    expect(tilts).toEqual(
      TILTS.map((tiltDegrees) => ({
        check: "geometry/tilt",
        outcome: tiltDegrees > 0 ? "handled" : "passed",
        figures: { tiltDegrees },
      })),
    );
    for (const tilt of [10, 20])
      expect(of(tilt).verification).toContainEqual({
        check: "geometry/stated-tilt",
        outcome: "passed",
        figures: { statedDegrees: tilt, tiltDegrees: tilt },
      });
  });
});
