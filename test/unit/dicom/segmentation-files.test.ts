// From CT files in any order through our reader to SEG and back; and the segmentations of others that stand beside the project.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { patientFromVoxel } from "#core/space";
import type { SeriesContext } from "#core/study";
import { loadSeries } from "#dicom/load-series";
import { type NamedFile, memoryFile } from "#dicom/named-file";
import { readWholeObject } from "#dicom/nested-items";
import { readFiles } from "#dicom/open-files";
import { readSegmentation } from "#dicom/read-segmentation";
import { writeSegmentation } from "#dicom/write-segmentation";
import { type RunMask, voxelCount } from "#voxels/mask";
import {
  type SmallSeriesOptions,
  asymmetricMasks,
  maskWhere,
  numbered,
  smallCtFiles,
  smallSeries,
  testSegmentation,
} from "./small-series.ts";

async function openSeries(files: readonly NamedFile[]) {
  const { series } = await readFiles(files);
  const loaded = await loadSeries(series[0]);
  if (!loaded.ok) throw new Error(`${loaded.problem.code} ${JSON.stringify(loaded.problem.details)}`);
  return loaded.value;
}

const cos = Math.cos((15 * Math.PI) / 180);
const sin = Math.sin((15 * Math.PI) / 180);

const orientations: Readonly<Record<string, SmallSeriesOptions>> = {
  "head first supine": {},
  "head first prone": { rowDirection: [-1, 0, 0], columnDirection: [0, -1, 0], patientPosition: "HFP" },
  "feet first supine": { rowDirection: [-1, 0, 0], columnDirection: [0, 1, 0], patientPosition: "FFS" },
  "feet first prone": { rowDirection: [1, 0, 0], columnDirection: [0, -1, 0], patientPosition: "FFP" },
  "tilted gantry": { shearMm: 0.33 },
  sagittal: { rowDirection: [0, 1, 0], columnDirection: [0, 0, -1] },
  "oblique stack": { rowDirection: [1, 0, 0], columnDirection: [0, cos, sin] },
};

describe("CT files, our reader, SEG and back", () => {
  for (const [name, options] of Object.entries(orientations)) {
    for (const order of ["ascending", "descending"] as const) {
      it(`keeps asymmetric voxels on the bright voxels of the CT: ${name}, ${order} files`, async () => {
        const made = smallSeries(options);
        const bright = asymmetricMasks(made.grid);
        const bytes = smallCtFiles(made, bright, order === "descending");
        const named = bytes.map((file, k) =>
          memoryFile(String(order === "ascending" ? k : 900 - k).padStart(3, "0"), file),
        );
        const { context, volume } = await openSeries(order === "ascending" ? named : named.toReversed());
        // What the reader sees as bright is what was made bright, wherever the files lay.
        const seen = maskWhere(
          context.grid,
          (i, j, k) => volume.hu[(k * context.grid.rows + j) * context.grid.columns + i] > 1000,
        );
        const together = maskWhere(made.grid, (i, j, k) => bright.some((mask) => has(mask, i, j, k)));
        expect(seen).toEqual(together);
        const segments = testSegmentation(context).segments.slice(0, 1);
        for (const form of ["BINARY", "LABELMAP"] as const) {
          const written = writeSegmentation(
            { ...testSegmentation(context), form, segments },
            numbered([seen]),
          );
          const back = readSegmentation(written, context);
          expect(back.ok && back.value.segments[0].mask).toEqual(seen);
          expect(back.ok && back.problems).toEqual([]);
        }
      });
    }
  }
});

const has = (mask: RunMask, i: number, j: number, k: number): boolean => {
  const row = k * mask.rows + j;
  for (let n = mask.rowStart[row]; n < mask.rowStart[row + 1]; n++)
    if (i >= mask.start[n] && i < mask.end[n]) return true;
  return false;
};

const REFERENCE = join(import.meta.dirname, "../../../../shared/data/seg-sr-reference");
const referenceBytes = (path: string): Uint8Array => new Uint8Array(readFileSync(join(REFERENCE, path)));
const referenceFiles = (folder: string): NamedFile[] =>
  readdirSync(join(REFERENCE, folder)).map((name) => memoryFile(name, referenceBytes(join(folder, name))));

/** Voxel counts that pydicom finds in the same files, by segment number. */
const counts: readonly {
  readonly seg: string;
  readonly ct?: string;
  readonly voxels: Readonly<Record<number, number>>;
}[] = [
  { seg: "dcmqi/liver.dcm", ct: "dcmqi/ct-3slice", voxels: { 1: 107098 } },
  {
    seg: "dcmqi/partial_overlaps.dcm",
    ct: "dcmqi/ct-3slice",
    voxels: { 1: 9602, 2: 11888, 3: 10743, 4: 6693, 5: 4713 },
  },
  { seg: "dcmqi/23x38x3/seg/label.seg", voxels: { 1: 322 } },
  { seg: "dcmqi/24x38x3/seg/label.seg", voxels: { 1: 315 } },
  { seg: "dcmqi/sparse-labelmap-noppv.dcm", voxels: { 1: 630 } },
  { seg: "dcmqi/sparse-labelmap-ppv5.dcm", voxels: { 1: 630 } },
  { seg: "highdicom/seg_image_ct_binary.dcm", voxels: { 1: 638 } },
  { seg: "highdicom/seg_image_ct_binary_overlap.dcm", voxels: { 1: 64, 2: 16 } },
  { seg: "highdicom/seg_image_ct_binary_single_frame.dcm", voxels: { 1: 1832 } },
  // Voxels of at least half the full value.
  { seg: "highdicom/seg_image_ct_binary_fractional.dcm", voxels: { 1: 638 } },
  { seg: "highdicom/seg_image_ct_true_fractional.dcm", voxels: { 1: 638 } },
];

/** A CT grid like the one the file was made on, from the file's own header. */
function gridOfSegmentation(bytes: Uint8Array): SeriesContext {
  const whole = readWholeObject(bytes);
  if (!whole.ok) throw new Error(whole.problem.code);
  const { root } = whole.value;
  const positions = root
    .items("x52009230")
    .map((group) => group.first("x00209113")?.numbers("x00200032", 3) ?? [0, 0, 0])
    .toSorted((a, b) => a[2] - b[2])
    .filter((position, n, all) => n === 0 || position[2] !== all[n - 1][2]);
  const spacing = root.first("x52009229")?.first("x00289110")?.numbers("x00280030", 2) ?? [1, 1];
  const made = smallSeries({ slices: positions.length });
  return {
    ...made,
    study: { ...made.study, studyInstanceUid: root.string("x0020000d") },
    frameOfReferenceUid: root.string("x00200052"),
    grid: {
      ...made.grid,
      columns: root.uint16("x00280011") ?? 0,
      rows: root.uint16("x00280010") ?? 0,
      rowSpacingMm: spacing[0],
      columnSpacingMm: spacing[1],
      slicePositions: positions.map((position) => [position[0], position[1], position[2]]),
    },
  };
}

describe.skipIf(!existsSync(REFERENCE))("segmentations by dcmqi and highdicom", () => {
  for (const { seg, ct, voxels } of counts) {
    it(`reads the voxels that pydicom counts: ${seg}`, async () => {
      const bytes = referenceBytes(seg);
      const context = ct ? (await openSeries(referenceFiles(ct))).context : gridOfSegmentation(bytes);
      const result = readSegmentation(bytes, context);
      if (!result.ok) throw new Error(`${result.problem.code} ${JSON.stringify(result.problem.details)}`);
      const found = result.value.segments.map(({ description, mask }) => [
        description.number,
        voxelCount(mask),
      ]);
      expect(Object.fromEntries(found)).toEqual(voxels);
      expect(result.value.segments.every(({ description }) => description.propertyType.value !== "")).toBe(
        true,
      );
    });
  }

  it("refuses those of other studies, in words", () => {
    expect(readSegmentation(referenceBytes("dcmqi/liver.dcm"), smallSeries())).toMatchObject({
      ok: false,
      problem: { code: "seg/other-study" },
    });
  });
});

describe("the map from voxel to patient that all of this rests on", () => {
  it("puts voxel (1, 0, 0) one column to the patient's left in a head first supine CT", () => {
    const { grid } = smallSeries();
    const [x0] = patientFromVoxel(grid, 0, 0, 0);
    expect(patientFromVoxel(grid, 1, 0, 0)[0] - x0).toBeCloseTo(0.7, 9);
  });
});
