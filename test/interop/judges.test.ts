// The judges themselves are judged first: each must refuse a file that is no DICOM, so that none of them passes in silence.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { dcentvfyMessages, dciodvfyErrors, has, pixelmedReport, python, run } from "./judges.ts";

describe("each judge refuses a text file", () => {
  const folder = mkdtempSync(join(tmpdir(), "clv-judges-"));
  const file = join(folder, "no.dcm");
  writeFileSync(file, "This is no DICOM file.\n".repeat(50));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.skipIf(!has.dicom3tools)("dciodvfy", () => {
    expect(dciodvfyErrors(file)).not.toEqual([]);
  });
  it.skipIf(!has.dicom3tools)("dcentvfy", () => {
    expect(dcentvfyMessages([file])).not.toEqual([]);
  });
  it.skipIf(!has.dcmtk)("dsrdump", () => {
    expect(run("dsrdump", ["+Pc", file])).toMatch(/^E: /m);
  });
  it.skipIf(!has.pixelmed)("PixelMed on reports", () => {
    expect(pixelmedReport(file).completed).toBe(false);
  });
  it.skipIf(!has.pydicom)("pydicom", () => {
    const script = "import sys, json, pydicom\npydicom.dcmread(sys.argv[1])\nprint(json.dumps(1))";
    expect(() => python(script, [file], (value) => value)).toThrow("InvalidDicomError");
  });
});
