// NIfTI, STL and pictures: voxels where the patient has them, tilted grids sheared, uneven ones refused in words, nothing written of nothing.
import { gunzipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { moreFiles, type MoreKind } from "#cement/exports/more-files";
import type { ExportInput } from "#cement/exports/prepare";
import { patientFromVoxel } from "#core/space";
import type { CtVolume } from "#core/volume";
import { writeSecondaryCapture } from "#dicom/write-secondary-capture";
import { forEachRun } from "#voxels/mask";
import { type SmallSeriesOptions, smallSeries } from "../dicom/small-series.ts";
import { smallCase } from "./small-case.ts";

function written(kind: MoreKind, options: SmallSeriesOptions = {}, change: Partial<ExportInput> = {}) {
  const source = smallSeries(options);
  const input = smallCase({}, source);
  const volume: CtVolume = {
    grid: source.grid,
    hu: new Int16Array(source.grid.columns * source.grid.rows * source.grid.slices),
    storableHu: [-1024, 3071],
    clippedAtHu: null,
  };
  const pictures = { seriesInstanceUid: "2.25.7", sopInstanceUids: ["2.25.71", "2.25.72"] };
  const uids = { ...input.uids, pictures };
  return moreFiles(kind, { ...input, uids, ...change }, volume, writeSecondaryCapture);
}

function nifti(options: SmallSeriesOptions = {}) {
  const files = written("NIFTI", options);
  if (!files.ok) throw new Error(files.problem.code);
  const [labels, names] = files.value;
  const bytes = gunzipSync(labels.bytes);
  return {
    bytes,
    view: new DataView(bytes.buffer, bytes.byteOffset),
    names: new TextDecoder().decode(names.bytes),
  };
}

describe("the NIfTI label map", () => {
  it.each([
    ["upright", {}, 1],
    ["prone", { rowDirection: [-1, 0, 0], columnDirection: [0, -1, 0] }, 1],
    ["sagittal", { rowDirection: [0, 1, 0], columnDirection: [0, 0, -1] }, 1],
    ["tilted: sheared by sform alone", { shearMm: 0.31 }, 0],
  ] as const)("has every voxel where the patient has it: %s", (_, options, qform) => {
    const { bytes, view } = nifti(options);
    const input = smallCase({}, smallSeries(options));
    const { grid } = input.source;
    expect([view.getInt16(252, true), view.getInt16(254, true)]).toEqual([qform, 1]);
    const sform = [0, 1, 2].map((row) =>
      [0, 1, 2, 3].map((n) => view.getFloat32(280 + 16 * row + 4 * n, true)),
    );
    const masks = [...input.masks.cementOfLesion.values(), ...input.masks.leaks.values()];
    let labelled = 0;
    masks.forEach((mask, n) =>
      forEachRun(mask, (j, k, start, end) => {
        for (let i = start; i < end; i++, labelled++) {
          expect(bytes[352 + (k * grid.rows + j) * grid.columns + i]).toBe(n + 1);
          const [x, y, z] = patientFromVoxel(grid, i, j, k);
          const at = sform.map(([a, b, c, d]) => a * i + b * j + c * k + d);
          const off = Math.hypot(at[0] + x, at[1] + y, at[2] - z);
          if (off > 1e-3) throw new Error(`voxel ${i} ${j} ${k} is ${off} mm off`);
        }
      }),
    );
    expect(bytes.subarray(352).filter((value) => value > 0)).toHaveLength(labelled);
  });

  it("is refused in words where the slices are uneven", () => {
    const refused = written("NIFTI", { spacingMm: [1.25, 2.5, 1] });
    expect(refused).toMatchObject({ ok: false, problem: { code: "nifti/uneven" } });
    expect(refused.ok ? "" : refused.problem.text?.en).toContain("DICOM SEG");
  });

  it("names its labels as the segmentation does, and says what it is not for", () => {
    const { names } = nifti();
    expect(names).toContain('"Leak K1 Presacral space, left"');
    expect(names).toMatch(/^0 0 0 0 0 0 0 "Background"$/m);
    expect(names).toMatch(/not for diagnosis/i);
  });
});

describe("of nothing", () => {
  const empty = { cementOfLesion: new Map(), leaks: new Map(), previous: new Map() };
  it.each(["NIFTI", "STL", "PICTURES"] as const)("%s is refused", (kind) => {
    expect(written(kind, {}, { masks: empty })).toMatchObject({
      ok: false,
      problem: { code: "export/no-cement" },
    });
  });

  it("pictures are refused where no leak has voxels", () => {
    const masks = { ...smallCase().masks, leaks: new Map() };
    expect(written("PICTURES", {}, { masks })).toMatchObject({
      ok: false,
      problem: { code: "export/no-leak" },
    });
  });
});

it("gives a picture for each leak, with its own instance of one series, and a surface for each segment", () => {
  const pictures = written("PICTURES");
  const surfaces = written("STL");
  if (!pictures.ok || !surfaces.ok) throw new Error("refused");
  expect(pictures.value.map(({ name }) => name)).toEqual([
    "PH-0001_20250102_cement-picture-K1.dcm",
    "PH-0001_20250102_cement-picture-K2.dcm",
  ]);
  expect(surfaces.value.map(({ name }) => name)).toEqual([
    "PH-0001_20250102_cement-surface-L1.stl",
    "PH-0001_20250102_cement-surface-K1.stl",
    "PH-0001_20250102_cement-surface-K2.stl",
  ]);
  const again = written("PICTURES");
  expect(again.ok && Buffer.from(again.value[0].bytes).equals(pictures.value[0].bytes)).toBe(true);
});
