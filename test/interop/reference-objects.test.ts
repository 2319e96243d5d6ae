// Every segmentation and report of others that stands beside the project: the voxels that pydicom counts, or refused with its reason.
import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, it } from "vitest";
import { problemText } from "#core/problem-text";
import type { VoxelGrid } from "#core/space";
import { readWholeObject } from "#dicom/nested-items";
import { readReport } from "#dicom/read-report";
import { readSegmentationOnto } from "#dicom/read-segmentation";
import { segmentationStack } from "#dicom/segmentation-grid";
import { voxelCount } from "#voxels/mask";
import { foreignReport } from "../../plugins/cement-leakage/reading/foreign-report.ts";
import { PROJECT_FOLDER } from "../../src/cli/prepare.mjs";
import { smallSeries } from "../unit/dicom/small-series.ts";
import { hasTool } from "./judges.ts";

const run = promisify(execFile);
const REFERENCE = join(PROJECT_FOLDER, "../shared/data/seg-sr-reference");
const SEG = /^1\.2\.840\.10008\.5\.1\.4\.1\.1\.66\.[47]$/;
const SR = /^1\.2\.840\.10008\.5\.1\.4\.1\.1\.88\./;

const files = existsSync(REFERENCE)
  ? readdirSync(REFERENCE, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(dcm|seg)$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => {
        const whole = readWholeObject(new Uint8Array(readFileSync(path)));
        return { path, root: whole.ok ? whole.value.root : null };
      })
  : [];
const ofClass = (wanted: RegExp) =>
  files.filter(({ root }) => root && wanted.test(root.string("x00080016"))).map(({ path }) => path);

/** A CT of the file's own study and place, as large as its frames need. */
function contextOf(bytes: Uint8Array) {
  const whole = readWholeObject(bytes);
  if (!whole.ok) throw new Error(whole.problem.code);
  const { root } = whole.value;
  const made = smallSeries();
  const stack = segmentationStack(bytes);
  const position = root.items("x52009230")[0]?.first("x00209113")?.numbers("x00200032", 3);
  const spacing = root.first("x52009229")?.first("x00289110")?.numbers("x00280030", 2);
  const single: VoxelGrid = {
    ...made.grid,
    columns: root.uint16("x00280011") ?? 0,
    rows: root.uint16("x00280010") ?? 0,
    slices: 1,
    ...(spacing ? { rowSpacingMm: spacing[0], columnSpacingMm: spacing[1] } : {}),
    slicePositions: position ? [[position[0], position[1], position[2]]] : [[0, 0, 0]],
  };
  const grid = stack?.grid ?? single;
  return {
    ...made,
    study: { ...made.study, studyInstanceUid: root.string("x0020000d") },
    frameOfReferenceUid: root.string("x00200052"),
    grid,
    instances: made.instances.slice(0, grid.slices),
  };
}

/** What can't be laid over a CT: microscopy and plain radiographs have no slices in the patient. */
const REFUSED: Readonly<Record<string, RegExp>> = {
  "highdicom/seg_image_cr_binary.dcm": /does not say where it lies/,
  "highdicom/seg_image_sm_control.dcm": /microscope slide/,
  "highdicom/seg_image_sm_control_labelmap.dcm": /microscope slide/,
  "highdicom/seg_image_sm_control_labelmap_palette_color.dcm": /microscope slide/,
  "highdicom/seg_image_sm_dots.dcm": /microscope slide/,
  "highdicom/seg_image_sm_dots_tiled_full.dcm": /microscope slide/,
  "highdicom/seg_image_sm_numbers.dcm": /microscope slide/,
};

describe.skipIf(files.length === 0 || !hasTool("pydicom and numpy"))("segmentations of others", () => {
  const table: string[] = [];
  afterAll(() => process.stdout.write(`${table.join("\n")}\n`));

  it.each(ofClass(SEG).map((path) => relative(REFERENCE, path)))("%s", async (name) => {
    const path = join(REFERENCE, name);
    const bytes = new Uint8Array(readFileSync(path));
    const result = readSegmentationOnto(bytes, contextOf(bytes));
    if (!result.ok) {
      const words = problemText(result.problem, "en");
      table.push(`${name}: refused: ${words}`);
      expect(words).toMatch(REFUSED[name] ?? /^never: it should open$/);
      return;
    }
    expect(REFUSED[name]).toBeUndefined();
    const counted = await run("/usr/bin/python3", [join(import.meta.dirname, "segment_voxels.py"), path]);
    const { voxels } = JSON.parse(counted.stdout) as { voxels: Record<string, number> };
    const found = result.value.segments.map(({ description, mask }) => [
      String(description.number),
      voxelCount(mask),
    ]);
    table.push(
      `${name}: ${result.value.segments.map(({ description: { label }, mask }) => `${label} ${voxelCount(mask)}`).join(", ")}`,
    );
    expect(Object.fromEntries(found)).toEqual(voxels);
    for (const { description } of result.value.segments) {
      expect(description.label).not.toBe("");
      expect(description.propertyType.value).not.toBe("");
    }
  });

  it("walked more than a handful", () => expect(ofClass(SEG).length).toBeGreaterThan(15));
});

describe.skipIf(files.length === 0)("reports of others", () => {
  it.each(ofClass(SR).map((path) => relative(REFERENCE, path)))(
    "%s shows its measurements and names what is left over",
    (name) => {
      const read = readReport(new Uint8Array(readFileSync(join(REFERENCE, name))));
      if (!read.ok) throw new Error(read.problem.code);
      const shown = foreignReport(read.value, name, read.problems);
      const values = shown.groups.flatMap((group) => group.values);
      process.stdout.write(
        `${name}: ${shown.title}, ${shown.groups.length} groups, ${values.length} values, ${shown.others.length} others, left over: ${shown.notUnderstood.join(", ") || "nothing"}\n`,
      );
      expect(shown.title).not.toBe("");
      expect(shown.groups.length).toBeGreaterThan(0);
      expect(values.some(({ value }) => /\d/.test(value))).toBe(true);
      expect(values.every(({ name: what, value }) => what !== "" && value !== "")).toBe(true);
    },
  );
});
