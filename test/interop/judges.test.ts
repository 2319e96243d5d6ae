// The judges themselves are judged first: each must refuse a file that is no DICOM, so that none of them passes in silence.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  dcentvfyComplaints,
  dciodvfyErrors,
  dsrdump,
  hasTool,
  pixelmedErrorsOfAll,
  pixelmedReportErrors,
  pixelmedSegmentationErrors,
  pythonJson,
} from "./judges.ts";

describe("each judge refuses a text file", () => {
  let folder = "";
  let file = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "clv-judges-"));
    file = join(folder, "no.dcm");
    await writeFile(file, "This is no DICOM file.\n".repeat(50));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.skipIf(!hasTool("dicom3tools"))("dciodvfy", async () => {
    expect(await dciodvfyErrors(file)).not.toEqual([]);
  });
  it.skipIf(!hasTool("dicom3tools"))("dcentvfy", async () => {
    expect(await dcentvfyComplaints([file])).not.toEqual([]);
  });
  it.skipIf(!hasTool("dcmtk"))("dsrdump", async () => {
    await expect(dsrdump(file)).rejects.toThrow("dsrdump ended with");
  });
  it.skipIf(!hasTool("PixelMed"))("PixelMed on reports", async () => {
    expect((await pixelmedReportErrors(file)).join("\n")).toContain("PixelMed did not finish");
  });
  it.skipIf(!hasTool("PixelMed"))("PixelMed on segmentations", async () => {
    expect((await pixelmedSegmentationErrors(file)).join("\n")).toContain("PixelMed did not finish");
  });
  it.skipIf(!hasTool("PixelMed"))("PixelMed on many files at once", async () => {
    const judged = await pixelmedErrorsOfAll([{ kind: "sr", path: file }]);
    expect(judged.get(file)).not.toEqual([]);
  });
  it.skipIf(!hasTool("pydicom and numpy"))("pydicom", async () => {
    const script = "import sys, json, pydicom\npydicom.dcmread(sys.argv[1])\nprint(json.dumps(1))";
    await expect(pythonJson(script, [file])).rejects.toThrow("InvalidDicomError");
  });
});
