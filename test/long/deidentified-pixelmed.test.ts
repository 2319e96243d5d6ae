// PixelMed on the report and segmentation of a de-identified, cropped case: a minute of Java, so in the long run.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { hasTool, pixelmedErrorsOfAll } from "../interop/judges.ts";
import { innerCase, teachingCase } from "../unit/dicom/deidentified-case.ts";

const folder = mkdtempSync(join(tmpdir(), "deidentified-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it.skipIf(!hasTool("PixelMed"))("a de-identified case has no error before PixelMed", async () => {
  const { of } = await teachingCase(innerCase());
  const files = (["SR", "SEG"] as const).map((kind) => {
    const path = join(folder, `${kind}.dcm`);
    writeFileSync(path, of(kind)[0].bytes);
    return { kind: kind === "SR" ? ("sr" as const) : ("iod" as const), path };
  });
  const judged = await pixelmedErrorsOfAll(files);
  expect(judged.size).toBe(2);
  expect([...judged.values()].flat()).toEqual([]);
});
