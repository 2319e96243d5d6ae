// Claims about stacking: by position alone, with everything odd said with where, and nothing untrustworthy opened.
import { describe, expect, it } from "vitest";
import type { Problem } from "#core/problem";
import { type Vec3, isRegular, patientFromVoxel, sliceSpacingMm } from "#core/space";
import type { InstanceHeader } from "#dicom/instance-header";
import { type NamedFile, readBytes } from "#dicom/named-file";
import { readHeader } from "#dicom/read-header";
import { stackSeries } from "#dicom/stack";
import { type SeriesOptions, seriesFiles, shuffled } from "./synthetic-ct.ts";

async function headersOf(files: readonly NamedFile[]): Promise<InstanceHeader[]> {
  const results = await Promise.all(files.map(async (file) => readHeader(await readBytes(file), file.path)));
  return results.map((result) => {
    if (!result.ok) throw new Error(result.problem.code);
    return result.value;
  });
}
const stackOf = async (files: readonly NamedFile[]) => stackSeries(await headersOf(files));
async function opened(files: readonly NamedFile[]) {
  const result = await stackOf(files);
  if (!result.ok) throw new Error(result.problem.code);
  return result.value;
}
async function refusal(files: readonly NamedFile[]): Promise<Problem> {
  const result = await stackOf(files);
  if (result.ok) throw new Error("was opened");
  return result.problem;
}
const find = (problems: readonly Problem[], code: string) => problems.find((found) => found.code === code);

describe("stackSeries", () => {
  it("sorts by position whatever the order of files and the instance numbers", async () => {
    const straight = await opened(seriesFiles());
    for (const seed of [1, 2, 3]) expect(await opened(shuffled(seriesFiles(), seed))).toEqual(straight);
    expect(straight.order.map((header) => header.fileName)).toEqual(seriesFiles().map((file) => file.path));
    expect(straight.order[0].instanceNumber).toBe("10");
    expect(straight.context.problems).toEqual([]);
    expect(isRegular(straight.context.grid)).toBe(true);
    expect(sliceSpacingMm(straight.context.grid)).toBeCloseTo(1, 9);
    expect(patientFromVoxel(straight.context.grid, 2, 1, 4)).toEqual([-9, -19.2, 34]);
  });

  it("ascends along the normal where the files descend in z (feet first)", async () => {
    const { context } = await opened(seriesFiles({ row: [-1, 0, 0], change: { PatientPosition: "FFS" } }));
    expect(context.grid.slicePositions.map((position) => position[2])).toEqual([
      30, 29, 28, 27, 26, 25, 24, 23, 22, 21,
    ]);
    expect(context.sideNeedsConfirmation).toBe(false);
  });

  it("opens a stack with a missing slice and says after which slice, where and how many", async () => {
    const files = seriesFiles({ slices: 12 }).filter((_, k) => k !== 5 && k !== 6);
    const { context } = await opened(files);
    expect(find(context.problems, "stack/missing-slice")).toMatchObject({
      severity: "warning",
      details: { afterSlice: 5, axis: "z", afterMm: 34, toMm: 37, count: 2, fileName: "s04" },
    });
    expect(context.grid.slicePositions[5][2]).toBe(37);
  });

  it("refuses a stack that lacks more slices than it has", async () => {
    const files = seriesFiles({ slices: 30 }).filter((_, k) => k < 4 || k === 29);
    expect((await refusal(files)).code).toBe("stack/too-many-missing");
  });

  it("says where spacing changes, and takes positions rounded to 0.1 mm for even", async () => {
    const at = (k: number, z: number) => ({
      ImagePositionPatient: ["-10", "-20", String(z)],
      InstanceNumber: String(k),
    });
    const wider = seriesFiles({ change: (k) => at(k, k < 6 ? k : 5 + (k - 5) * 1.7) });
    expect(find((await opened(wider)).context.problems, "stack/uneven-spacing")).toMatchObject({
      details: { minMm: 1, maxMm: 1.7, afterMm: 5 },
    });
    const rounded = seriesFiles({ change: (k) => at(k, Math.round(k * 0.625 * 10) / 10) });
    expect((await opened(rounded)).context.problems).toEqual([]);
  });

  it("measures gantry tilt from the positions and keeps them", async () => {
    const slantMm = Math.tan((15 * Math.PI) / 180);
    const { context } = await opened(seriesFiles({ slantMm }));
    expect(find(context.problems, "stack/gantry-tilt")).toMatchObject({
      severity: "warning",
      details: { tiltDegrees: 15 },
    });
    expect(isRegular(context.grid)).toBe(false);
    expect(context.grid.slicePositions[9][1]).toBeCloseTo(-20 + 9 * slantMm, 6);
  });

  it("names a slice that lies beside the others", async () => {
    const files = seriesFiles({
      change: (k) => (k === 4 ? { ImagePositionPatient: ["-6", "-20", "34"] } : {}),
    });
    expect(find((await opened(files)).context.problems, "stack/shifted-slices")).toMatchObject({
      details: { slice: 5, offMm: 4, atMm: 34, fileName: "s04" },
    });
  });

  it("counts a slice once that was given twice, and refuses two different slices at one place", async () => {
    const files = seriesFiles();
    const { context } = await opened([...files, files[3]]);
    expect(context.grid.slices).toBe(10);
    expect(find(context.problems, "stack/duplicates-dropped")).toMatchObject({
      severity: "warning",
      details: { count: 1, fileName: "s03" },
    });
    const others = seriesFiles({ prefix: "other" });
    expect(await refusal([...files, others[2]])).toMatchObject({
      code: "stack/same-position",
      details: { atMm: 32, axis: "z", fileName: expect.any(String), otherFileName: expect.any(String) },
    });
    const later = seriesFiles({ prefix: "later", change: { AcquisitionNumber: "2" } });
    expect((await refusal([...files, ...later])).code).toBe("stack/mixed-acquisitions");
    const moved = seriesFiles({ change: { ImagePositionPatient: ["0", "0", "0"] } });
    expect((await refusal([...files, moved[3]])).code).toBe("stack/conflicting-copies");
  });

  it.each<[string, SeriesOptions["change"], string]>([
    ["another size", { Rows: 12, Columns: 4 }, "stack/mixed-size"],
    [
      "another orientation",
      { ImageOrientationPatient: ["1", "0", "0", "0", "0.9962", "0.0872"] },
      "stack/mixed-orientation",
    ],
    ["another pixel spacing", { PixelSpacing: ["0.8", "0.6"] }, "stack/mixed-spacing"],
    ["another patient", { PatientID: "T2" }, "stack/mixed-patient"],
    ["another study", { StudyInstanceUID: "2.25.9" }, "stack/mixed-study"],
    ["another frame of reference", { FrameOfReferenceUID: "2.25.9" }, "stack/mixed-frame-of-reference"],
    ["no position", { ImagePositionPatient: undefined }, "stack/no-position"],
    ["no orientation", { ImageOrientationPatient: undefined }, "stack/no-orientation"],
    ["no spacing", { PixelSpacing: undefined }, "stack/no-spacing"],
    [
      "skewed axes",
      { ImageOrientationPatient: ["1", "0", "0", "0.5", "0.866", "0"] },
      "stack/bad-orientation",
    ],
    ["another unit", { RescaleType: "Z_EFF" }, "stack/not-hounsfield"],
    ["no unit", { RescaleType: "US" }, "stack/not-hounsfield-some"],
    ["another modality", { Modality: "MR" }, "stack/not-ct"],
  ])("refuses a stack in which one slice has %s, and names its file", async (_, change, code) => {
    const problem = await refusal(
      seriesFiles({ change: (k) => (k === 6 && typeof change === "object" ? change : {}) }),
    );
    expect(problem.code).toBe(code);
    expect(Object.values(problem.details)).toContain("s06");
  });

  it("refuses one slice, and a multi-frame file", async () => {
    expect((await refusal(seriesFiles({ slices: 1 }))).code).toBe("stack/single-slice");
    expect((await refusal(seriesFiles({ change: { NumberOfFrames: "2" } }))).code).toBe("stack/multi-frame");
  });

  it("sets scouts and dose screens aside and says so", async () => {
    const scouts = seriesFiles({
      slices: 2,
      prefix: "scout",
      row: [1, 0, 0],
      column: [0, 0, -1],
      change: { ImageType: ["ORIGINAL", "PRIMARY", "LOCALIZER"] },
    });
    const screen = seriesFiles({
      slices: 1,
      prefix: "dose",
      change: { SOPClassUID: "1.2.840.10008.5.1.4.1.1.7" },
    });
    const { context } = await opened([...scouts, ...seriesFiles(), ...screen]);
    expect(context.grid.slices).toBe(10);
    expect(context.problems.map((found) => found.code)).toEqual([
      "stack/screens-set-aside",
      "stack/localizers-set-aside",
    ]);
    expect((await refusal(scouts)).code).toBe("stack/only-localizers");
    expect((await refusal(screen)).code).toBe("stack/not-ct-image");
  });
});

describe("left and right", () => {
  const patterns: readonly [string, Vec3, Vec3, string | null][] = [
    ["HFS", [1, 0, 0], [0, 1, 0], null],
    ["HFP", [-1, 0, 0], [0, -1, 0], null],
    ["FFS", [-1, 0, 0], [0, 1, 0], null],
    ["FFP", [1, 0, 0], [0, -1, 0], null],
    ["HFDR", [0, 1, 0], [-1, 0, 0], null],
    ["HFDL", [0, -1, 0], [1, 0, 0], null],
    ["FFDR", [0, -1, 0], [-1, 0, 0], null],
    ["FFDL", [0, 1, 0], [1, 0, 0], null],
    // Turned to the reading pattern by the reconstruction: legal for every position.
    ["HFP", [1, 0, 0], [0, 1, 0], null],
    ["FFS", [1, 0, 0], [0, 1, 0], null],
    ["HFDL", [1, 0, 0], [0, 1, 0], null],
    // Gantry tilt does not count as a contradiction.
    ["HFP", [-1, 0, 0], [0, -0.94, 0.342], null],
    // The pattern of another position.
    ["HFS", [-1, 0, 0], [0, -1, 0], "side/position-contradicts-orientation"],
    ["HFS", [-1, 0, 0], [0, 1, 0], "side/position-contradicts-orientation"],
    ["FFS", [-1, 0, 0], [0, -1, 0], "side/position-contradicts-orientation"],
    ["HFDR", [0, -1, 0], [1, 0, 0], "side/position-contradicts-orientation"],
    ["HFS", [0, 1, 0], [-1, 0, 0], "side/position-contradicts-orientation"],
    // Coronal and sagittal reconstructions say nothing about the table.
    ["HFP", [1, 0, 0], [0, 0, -1], null],
    ["HFS", [0, 1, 0], [0, 0, -1], null],
    ["", [1, 0, 0], [0, 1, 0], "side/position-absent"],
    ["XYZ", [1, 0, 0], [0, 1, 0], "side/position-unknown"],
  ];
  it.each(patterns)("%s with rows %s and columns %s: %s", async (patientPosition, row, column, code) => {
    const { context } = await opened(
      seriesFiles({ row, column, change: { PatientPosition: patientPosition } }),
    );
    expect(context.sideNeedsConfirmation).toBe(code !== null);
    expect(context.problems.map((found) => found.code)).toEqual(code === null ? [] : [code]);
  });

  it("must be confirmed where slices name different positions", async () => {
    const { context } = await opened(
      seriesFiles({ change: (k) => ({ PatientPosition: k === 3 ? "HFP" : "HFS" }) }),
    );
    expect(find(context.problems, "side/mixed-positions")?.details.positions).toBe("HFP, HFS");
    expect(context.sideNeedsConfirmation).toBe(true);
  });
});
