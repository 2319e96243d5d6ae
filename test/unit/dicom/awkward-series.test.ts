// Every kind of awkward series, made from one planted object: handled with its volume and place as planted, or refused with where.
import { describe, expect, it } from "vitest";
import { problemText } from "#core/problem-text";
import { patientFromVoxel, type Vec3, voxelVolumeMm3 } from "#core/space";
import { hasVerificationText, verificationLine } from "#core/verification-log";
import type { CtVolume } from "#core/volume";
import { loadSeries } from "#dicom/load-series";
import type { NamedFile } from "#dicom/named-file";
import { readFiles } from "#dicom/open-files";
import { forEachRun } from "#voxels/mask";
import { maskVolumeMm3 } from "#voxels/statistics";
import { thresholdMask } from "#voxels/threshold";
import { PLANTED, type Slice, slices, steps, written } from "./planted-object.ts";
import { shuffled } from "./synthetic-ct.ts";

const changed = (stack: readonly Slice[], change: (k: number) => Slice["change"]): Slice[] =>
  stack.map((slice, k) => ({ ...slice, change: { ...slice.change, ...change(k) } }));
const without = (stack: readonly Slice[], from: number, count: number): Slice[] =>
  stack.filter((_, k) => k < from || k >= from + count);
const moved = (slice: Slice, by: Vec3): Slice => ({
  ...slice,
  position: [slice.position[0] + by[0], slice.position[1] + by[1], slice.position[2] + by[2]],
});

async function opened(files: readonly NamedFile[]) {
  const { series } = await readFiles(files);
  expect(series).toHaveLength(1);
  const result = await loadSeries(series[0]);
  return { series: series[0], result };
}

/** Volume by voxel count, and centre, of what is at least half the object. */
function measured(volume: CtVolume): { readonly volumeMm3: number; readonly centreMm: Vec3 } {
  const { grid } = volume;
  const mask = thresholdMask(volume.hu, grid, PLANTED.thresholdHu);
  const sum = [0, 0, 0];
  const volumeMm3 = maskVolumeMm3(mask, grid);
  forEachRun(mask, (j, k, start, end) => {
    const share = voxelVolumeMm3(grid, k) / volumeMm3;
    for (let i = start; i < end; i++)
      patientFromVoxel(grid, i, j, k).forEach((mm, n) => (sum[n] += share * mm));
  });
  return { volumeMm3, centreMm: [sum[0], sum[1], sum[2]] };
}

interface Handled {
  readonly name: string;
  readonly files: () => readonly NamedFile[];
  /** What the log says of it, in English. */
  readonly log: readonly RegExp[];
  /** Codes of the warnings that the reader sees. */
  readonly warnings?: readonly string[];
}

const twoThirds = [...steps(30, 1, -22), ...steps(8, 1.75, 8.75)];
const rotated = (degrees: number): [Vec3, Vec3] => {
  const angle = (degrees * Math.PI) / 180;
  return [
    [1, 0, 0],
    [0, Math.cos(angle), Math.sin(angle)],
  ];
};

const handled: readonly Handled[] = [
  {
    name: "a plain axial series",
    files: () => written(slices()),
    log: [
      /Distance between slices: 44 slices, spacing 1\.000 mm, largest deviation 0\.000 mm\./,
      /Left and right: image orientation and Patient Position HFS agree/,
      /Gantry tilt: none/,
      /Missing slices: none\./,
      /Acquisitions: one\./,
    ],
  },
  {
    name: "files and instance numbers in no order",
    files: () =>
      shuffled(written(changed(slices(), (k) => ({ InstanceNumber: String(((k * 17) % 44) + 1) }))), 5),
    log: [
      /Order of the slices: by position .*another order.* Instance numbers and file names were not used\./,
    ],
  },
  ...[12, 20, -15].map((tiltDegrees): Handled => ({
    name: `a gantry tilt of ${tiltDegrees} degrees`,
    files: () =>
      written(changed(slices({ tiltDegrees }), () => ({ GantryDetectorTilt: String(tiltDegrees) }))),
    log: [
      new RegExp(
        `Gantry tilt: ${Math.abs(tiltDegrees)}\\.0° by the positions\\. Shown straight; masks, volumes and SEG stay on the acquired slices;`,
      ),
      /as the header states it: .* as the positions have it/,
    ],
    warnings: ["stack/gantry-tilt"],
  })),
  {
    name: "a stated tilt that the positions don't have",
    files: () => written(changed(slices(), () => ({ GantryDetectorTilt: "15" }))),
    log: [/15\.0°, but 0\.0° by the positions\. The positions are used/],
  },
  {
    name: "a missing slice in the object",
    files: () => written(without(slices(), 20, 1)),
    log: [
      /Missing slices: 1 slice is missing, the first after slice 20 \(z = 37\.5 mm, next at 39\.5 mm\)\./,
    ],
    warnings: ["stack/missing-slice"],
  },
  {
    name: "a spacing that changes in the object",
    files: () => written(slices({ depthsMm: twoThirds })),
    log: [/usually 1\.000 mm apart, from 1\.000 mm to 1\.750 mm; first other distance after slice 30/],
    warnings: ["stack/uneven-spacing"],
  },
  {
    name: "a tilt and a spacing that changes",
    files: () => written(slices({ depthsMm: twoThirds, tiltDegrees: 15 })),
    log: [/Gantry tilt: 15\.0°/, /from 1\.000 mm to 1\.750 mm/],
    warnings: ["stack/uneven-spacing", "stack/gantry-tilt"],
  },
  {
    name: "files given twice",
    files: () => [...written(slices()), ...written(slices()).slice(10, 14)],
    log: [/Images used: 44 of 48, 4 files given twice\. Set aside; each slice counts once\./],
    warnings: ["stack/duplicates-dropped"],
  },
  {
    name: "two acquisitions one after the other",
    files: () => written(changed(slices(), (k) => ({ AcquisitionNumber: k < 18 ? "1" : "2" }))),
    log: [
      /Acquisitions: 2, one after the other along the stack\. They overlap nowhere; the first change is after slice 18\./,
    ],
  },
  {
    name: "a sagittal stack",
    files: () => written(slices({ row: [0, 1, 0], column: [0, 0, -1] })),
    log: [/Plane of the slices: Sagittal/, /slices that are not axial neither confirm nor contradict it/],
  },
  {
    name: "a coronal stack",
    files: () => written(slices({ row: [1, 0, 0], column: [0, 0, -1] })),
    log: [/Plane of the slices: Coronal/],
  },
  {
    name: "an oblique stack",
    files: () => {
      const [row, column] = rotated(24);
      return written(slices({ row, column }));
    },
    log: [/Plane of the slices: Axial, 24\.0° from the patient's axis/, /Gantry tilt: none/],
  },
  {
    name: "negative directions: prone",
    files: () =>
      written(changed(slices({ row: [-1, 0, 0], column: [0, -1, 0] }), () => ({ PatientPosition: "HFP" }))),
    log: [/Patient Position HFP agree/],
  },
  {
    name: "negative directions: feet first, the stack descends",
    files: () => written(changed(slices({ row: [-1, 0, 0] }), () => ({ PatientPosition: "FFS" }))),
    log: [/Patient Position FFS agree/],
  },
  {
    name: "rows to the right and columns to the front in a supine patient",
    files: () => written(slices({ row: [-1, 0, 0], column: [0, -1, 0] })),
    log: [/HFS contradicts the image orientation \(-1 0 0 0 -1 0\)\. .* a person has to confirm/],
    warnings: ["side/position-contradicts-orientation"],
  },
  {
    name: "pixels that are not square",
    files: () => written(slices({ columnSpacingMm: 0.7, rowSpacingMm: 1.1 })),
    log: [/Pixels: 86 × 55 of 0\.7 mm across × 1\.1 mm down, not square.* Both spacings are used/],
  },
  {
    name: "a slice reconstructed beside the others",
    files: () => written(slices().map((slice, k) => (k === 21 ? moved(slice, [3, 2, 0]) : slice))),
    log: [/slice 22 \(z = 39\.5 mm\) lies 3\.61 mm beside the line of the others\. It keeps its position/],
    warnings: ["stack/shifted-slices"],
  },
  {
    name: "slices with other conversions to HU",
    files: () => written(slices(), { intercept: (k) => (k % 2 === 0 ? -1024 : 0) }),
    log: [
      /Values: HU as stated; 2 different conversions from stored values\. Each slice was converted with its own\./,
    ],
  },
  {
    name: "slices thinner than their distance",
    files: () => written(slices({ depthsMm: steps(30, 1.5) }), { thicknessMm: 1 }),
    log: [/thickness 1\.00 mm, spacing 1\.50 mm: up to 0\.50 mm between slices were not imaged/],
  },
  {
    name: "no patient ID",
    files: () => written(changed(slices(), () => ({ PatientID: undefined }))),
    log: [/all 44 images agree, but they name no patient ID\. Nothing was put in its place/],
  },
  {
    name: "lossy compression",
    files: () =>
      written(
        changed(slices(), () => ({ LossyImageCompression: "01", LossyImageCompressionRatio: ["4", "10"] })),
      ),
    log: [/Compression: with loss, 10:1 \(44 of 44 images\)\. HU values are approximate/],
    warnings: ["stack/lossy-compression"],
  },
];

describe("handled: volume and side as planted, and the log says how", () => {
  it.each(handled)("$name", async ({ files, log, warnings = [] }) => {
    const { result } = await opened(files());
    if (!result.ok) throw new Error(problemText(result.problem, "en"));
    const { volume, context } = result.value;
    const { volumeMm3, centreMm } = measured(volume);
    expect(Math.abs(volumeMm3 / PLANTED.volumeMm3 - 1)).toBeLessThan(0.01);
    // Left is +x: the planted object lies wholly there, and nothing of it is mirrored, stretched or turned.
    centreMm.forEach((mm, n) => expect(Math.abs(mm - PLANTED.centreMm[n])).toBeLessThan(0.2));
    expect(context.problems.map(({ code }) => code)).toEqual(warnings);
    const lines = context.verification.map((entry) => verificationLine(entry, "en"));
    for (const line of log) expect(lines.join("\n")).toMatch(line);
    expect(lines.join("\n")).not.toMatch(/undefined|NaN/);
    expect(context.verification.filter(({ check }) => !hasVerificationText(check))).toEqual([]);
    const chinese = context.verification.map((entry) => verificationLine(entry, "zh")).join("\n");
    expect(chinese).not.toMatch(/undefined|NaN/);
  });
});

interface Refused {
  readonly name: string;
  readonly files: () => readonly NamedFile[];
  readonly code: string;
  /** Which files, and where. */
  readonly words: RegExp;
}

const again = (from: number, to: number, options: { acquisition?: string; by?: Vec3 } = {}): NamedFile[] =>
  written(
    changed(slices(), () => (options.acquisition ? { AcquisitionNumber: options.acquisition } : {}))
      .map((slice) => moved(slice, options.by ?? [0, 0, 0]))
      .slice(from, to),
    { prefix: "again" },
  );

const refused: readonly Refused[] = [
  {
    name: "the same place reconstructed twice",
    files: () => [...written(slices()), ...again(5, 9)],
    code: "stack/same-position",
    words: /Two different slices lie at z = 23\.5 mm: \S+ and \S+\. Open only one/,
  },
  {
    name: "a repeat whose position was rounded",
    files: () => [...written(slices()), ...again(5, 6, { by: [0, 0, 0.03] })],
    code: "stack/same-position",
    words: /Two different slices lie at z = 23\.53 mm: s005 and again000/,
  },
  {
    name: "two acquisitions of the same place",
    files: () => [...written(slices()), ...again(0, 44, { acquisition: "2" })],
    code: "stack/mixed-acquisitions",
    words: /two acquisitions that overlap at z = 18\.5 mm/,
  },
  {
    name: "two acquisitions that take turns half a slice apart",
    files: () => [...written(slices()), ...again(0, 44, { acquisition: "2", by: [0, 0, 0.5] })],
    code: "stack/mixed-acquisitions",
    words: /two acquisitions that overlap at z = \d+(\.\d+)? mm: again000 and s001/,
  },
  {
    name: "two orientations",
    files: () => [
      ...written(slices()),
      ...written(slices({ row: [1, 0, 0], column: [0, 0, -1] }), { prefix: "coronal" }),
    ],
    code: "stack/mixed-orientation",
    words: /orientations.*(coronal000.*s000|s000.*coronal000)/,
  },
  {
    name: "a hole of centimetres",
    files: () => written(slices({ depthsMm: [...steps(20, 1, -22), ...steps(30, 1, 19.4)] })),
    code: "stack/hole",
    words:
      /hole of 22\.4 mm after slice 20 \(z = 37 mm, s019\): the next slice, s020, lies at 59\.4 mm, usually 1 mm on/,
  },
  {
    name: "more slices missing than there are",
    files: () => written(without(slices({ depthsMm: steps(60, 1) }), 8, 40)),
    code: "stack/too-many-missing",
    words: /40 slices are missing and only 20 are there: after slice 8 \(z = 17\.5 mm\)/,
  },
  {
    name: "two patients",
    files: () => written(changed(slices(), (k) => (k === 30 ? { PatientID: "T2" } : {}))),
    code: "stack/mixed-patient",
    words: /patients.*s030/,
  },
  {
    name: "two names under one patient ID",
    files: () => written(changed(slices(), (k) => (k === 30 ? { PatientName: "OTHER^ONE" } : {}))),
    code: "stack/mixed-patient",
    words: /patients.*s030/,
  },
  {
    name: "two frames of reference",
    files: () => written(changed(slices(), (k) => (k === 30 ? { FrameOfReferenceUID: "2.25.7" } : {}))),
    code: "stack/mixed-frame-of-reference",
    words: /frames of reference.*s030/,
  },
  {
    name: "two pixel spacings",
    files: () => written(changed(slices(), (k) => (k > 29 ? { PixelSpacing: ["0.8", "0.9"] } : {}))),
    code: "stack/mixed-spacing",
    words: /pixel spacings.*s030/,
  },
  {
    name: "a slice without a position",
    files: () => written(changed(slices(), (k) => (k === 30 ? { ImagePositionPatient: undefined } : {}))),
    code: "stack/no-position",
    words: /s030 does not say where its slice lies/,
  },
];

describe("refused: with the code, the files and the place", () => {
  it.each(refused)("$name", async ({ files, code, words }) => {
    const { series, result } = await opened(files());
    expect(series.summary.openable).toBe(false);
    if (result.ok) throw new Error("was opened");
    expect(result.problem.code).toBe(code);
    expect(problemText(result.problem, "en")).toMatch(words);
    expect(problemText(result.problem, "zh")).toMatch(/[\u4e00-\u9fff]/);
    expect(problemText(result.problem, "zh")).not.toMatch(/undefined|NaN/);
  });
});

it("refuses a series when a slice of its stack has no file: no hole is filled with the value of water", async () => {
  const { series } = await readFiles(written(slices()));
  const [first] = series;
  const missing = first.stack?.order[7];
  const result = await loadSeries({
    ...first,
    instances: first.instances.filter(({ header }) => header !== missing),
  });
  if (result.ok) throw new Error("was opened");
  expect(result.problem).toMatchObject({
    code: "load/slice-without-file",
    details: { slice: 8, fileName: missing?.fileName },
  });
  expect(problemText(result.problem, "en")).toContain("not opened with a hole");
});
