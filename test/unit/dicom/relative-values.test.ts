// Cone-beam CT and other series without HU: recognised from header or values, opened on a relative scale, and said in words.
import { beforeAll, describe, expect, it } from "vitest";
import { problemText } from "#core/problem-text";
import { verificationText } from "#core/verification-log";
import { loadSeries } from "#dicom/load-series";
import { memoryFile } from "#dicom/named-file";
import { readFiles } from "#dicom/open-files";
import { thumbnailOf } from "#dicom/thumbnail";
import { blockMaximum, keptBlockMaximum } from "#voxels/threshold";
import {
  CONE_BEAM,
  type ConeBeamForm,
  coneBeamFiles,
  coneBeamValues,
} from "../../../sample-data/cone-beam.ts";
import type { Phantom } from "../../../sample-data/make-phantom.ts";
import { seriesFiles } from "../../../sample-data/dicom-series.ts";
import { DEFAULT_OPTIONS } from "../../../sample-data/phantom-options.ts";
import { SMALL, smallPhantom } from "../sample-data/small-phantom.ts";

const HELD = { storableHu: [-1024, 3071], clippedAtHu: null } as const;

const read = async (files: readonly Uint8Array[]) => {
  const { series } = await readFiles(files.map((bytes, n) => memoryFile(`cb${n}`, bytes)));
  return series[0];
};

describe("values that are not HU", () => {
  let phantom: Phantom;
  beforeAll(() => {
    phantom = smallPhantom({ sliceMm: 3 });
  }, 120_000);

  it.each<[ConeBeamForm, string]>([
    ["x-ray-3d", "cone-beam-object"],
    ["ct-unit-unspecified", "unit-unspecified"],
    ["ct-no-rescale", "no-rescale"],
    ["ct-called-hu", "values-cannot-be-hu"],
  ])("open from %s with air and soft tissue where HU would have them", async (form, because) => {
    // Called HU they show themselves only where nothing is stored as 0.
    const options = { ...CONE_BEAM, form, field: form === "ct-called-hu" ? Infinity : CONE_BEAM.field };
    const series = await read(coneBeamFiles(phantom.volume, options));
    const loaded = await loadSeries(series);
    if (!loaded.ok) throw new Error(problemText(loaded.problem, "en"));
    const { volume, context } = loaded.value;
    expect(volume.relative).toMatchObject({ because });
    // What was seen of the stored values as they came doesn't hold for these.
    expect(keptBlockMaximum(volume.hu, volume.grid)).toEqual(blockMaximum(volume.hu, volume.grid));
    expect(volume.grid.slicePositions).toHaveLength(phantom.volume.grid.slices);
    const notice = context.problems.find(({ code }) => code === "values/uncalibrated");
    expect(notice?.severity).toBe("warning");
    if (notice) expect(problemText(notice, "en")).toContain("no HU");
    expect(context.problems.filter(({ code }) => code === "values/uncalibrated")).toHaveLength(1);
    // No sentence of the log speaks of HU as if there were any.
    const log = context.verification.map((entry) => verificationText(entry, "en"));
    expect(log.filter(({ found }) => / HU/.test(found)).map(({ found }) => found)).toEqual([
      expect.stringContaining("NOT CALIBRATED: no HU"),
    ]);
    // Soft tissue stands at 50 and the order of all values is kept: muscle, bone, cement.
    const stored = coneBeamValues(phantom.volume, options);
    const at = volume.hu.reduce((best, value, n) => (Math.abs(value - 50) < 3 ? n : best), 0);
    expect(Math.abs((volume.relative?.tissue ?? 0) - stored[at])).toBeLessThan(12);
    for (let n = 1; n < volume.hu.length; n += 997)
      if (stored[n] > stored[n - 1]) expect(volume.hu[n]).toBeGreaterThanOrEqual(volume.hu[n - 1]);
    expect(await thumbnailOf(series)).not.toBeNull();
  });

  it("take for air what lies inside the round field, and say so where only its outside is left", async () => {
    const { grid } = phantom.volume;
    /** A field that lies in the body, with a pocket of gas of so many voxels' radius or without. */
    const scaleOf = async (gas: number) => {
      const hu = phantom.volume.hu.map((value, n) => {
        const i = n % grid.columns;
        const j = Math.floor(n / grid.columns) % grid.rows;
        const isGas = Math.hypot(i - grid.columns / 2, j - grid.rows * 0.42) < gas;
        return isGas ? -960 + (n % 20) : value;
      });
      const series = await read(coneBeamFiles({ grid, hu, ...HELD }, { ...CONE_BEAM, field: 0.6 }));
      const loaded = await loadSeries(series);
      if (!loaded.ok) throw new Error(problemText(loaded.problem, "en"));
      const log = loaded.value.context.verification.map((entry) => verificationText(entry, "en").found);
      return { ...loaded.value.volume.relative, log: log.find((found) => found.includes("NOT CALIBRATED")) };
    };
    const withGas = await scaleOf(8);
    const stored = CONE_BEAM.air + 50 * CONE_BEAM.perHu;
    expect(Math.abs((withGas.air ?? 0) - stored)).toBeLessThan(15);
    expect(withGas.airOutside).toBeUndefined();
    expect(withGas.log).not.toContain("outside");
    const without = await scaleOf(0);
    expect(without).toMatchObject({ air: 0, airOutside: true });
    expect(without.log).toContain("0 (outside the field of view; none lies in it: check the threshold)");
    expect(Math.abs((withGas.tissue ?? 0) - (without.tissue ?? 0))).toBeLessThan(12);
  });

  it("are told from HU: a CT of the same patient keeps its values", async () => {
    const files = [
      ...seriesFiles(phantom.volume, { ...DEFAULT_OPTIONS, ...SMALL, fileOrder: "ascending" }),
    ].map(({ bytes }) => bytes);
    const loaded = await loadSeries(await read(files));
    if (!loaded.ok) throw new Error(loaded.problem.code);
    expect(loaded.value.volume.relative).toBeUndefined();
    const kept = phantom.volume.hu.map((hu) => Math.min(3071, hu));
    expect(Buffer.compare(Buffer.from(loaded.value.volume.hu.buffer), Buffer.from(kept.buffer))).toBe(0);
  });

  it("are refused where some slices have HU and others not, and where air and tissue do not stand out", async () => {
    const files = coneBeamFiles(phantom.volume, { ...CONE_BEAM, form: "ct-unit-unspecified" });
    const unit = new TextDecoder("latin1")
      .decode(files[3])
      .indexOf("\u0028\u0000\u0054\u0010LO\u0002\u0000US");
    const mixed = files[3].slice();
    mixed.set([0x48, 0x55], unit + 8);
    const series = await read([...files.slice(0, 3), mixed, ...files.slice(4)]);
    expect(series.summary.openable).toBe(false);
    expect(series.summary.problems[0]).toMatchObject({
      code: "stack/not-hounsfield-some",
      details: { otherFileName: "cb3" },
    });
    const flat = {
      ...phantom.volume,
      hu: phantom.volume.hu.map((_, n) => Math.imul(n, 40_503) & 2047),
    };
    const even = await loadSeries(
      await read(coneBeamFiles(flat, { ...CONE_BEAM, field: Infinity, shading: 0 })),
    );
    expect(even.ok ? "" : even.problem.code).toBe("load/no-relative-scale");
    if (!even.ok) expect(problemText(even.problem, "en")).toContain("conventional CT");
  });
});
