// A finished case well inside a larger CT, and the same de-identified and cropped to it: for tests of what has to stay true.
import { caseFiles, findingsJson } from "#cement/exports/bundle";
import type { ExportInput } from "#cement/exports/prepare";
import { FINDINGS_CREATOR } from "#cement/model/findings";
import { deidentifyFindings } from "#cement/teaching/deidentify-findings";
import { teachingVocabulary } from "#cement/teaching/teaching-vocabulary";
import { voxelVolumeMm3 } from "#core/space";
import { cropAround } from "#dicom/deidentify/crop-region";
import { type OriginalFile, deidentify, originalDates } from "#dicom/deidentify/deidentify";
import { makePseudonyms } from "#dicom/deidentify/pseudonyms";
import { writeKeyObjects } from "#dicom/write-key-objects";
import { writeReport } from "#dicom/write-report";
import { writeSegmentation } from "#dicom/write-segmentation";
import { type RunMask, voxelCount } from "#voxels/mask";
import { smallCase } from "../cement/small-case.ts";
import { type SmallSeriesOptions, maskWhere, smallCtFiles, smallSeries } from "./small-series.ts";

export const masksOf = ({ masks }: ExportInput): RunMask[] => [
  ...masks.cementOfLesion.values(),
  ...masks.leaks.values(),
];

/** Lesion and two leaks in the middle third of the series; nothing of them is symmetric. */
export function innerCase(options: SmallSeriesOptions = {}): ExportInput {
  const source = smallSeries({ columns: 61, rows: 53, slices: 24, ...options });
  const { grid } = source;
  const inside = (i0: number, j0: number, k0: number, size: number) =>
    maskWhere(
      grid,
      (i, j, k) =>
        i >= i0 &&
        i < i0 + size &&
        j >= j0 &&
        j < j0 + size - 2 &&
        k >= k0 &&
        k < k0 + size - 3 &&
        (i + j + k) % 7 !== 0,
    );
  const [lesion, first, second] = [inside(22, 20, 9, 9), inside(33, 19, 8, 6), inside(24, 31, 12, 7)];
  const input = smallCase({}, source);
  const { findings } = input;
  const volumeOf = (mask: RunMask) => ({ volumeMm3: voxelCount(mask) * voxelVolumeMm3(grid) });
  return {
    ...input,
    masks: {
      cementOfLesion: new Map([["L1", lesion]]),
      leaks: new Map([
        ["K1", first],
        ["K2", second],
      ]),
      previous: new Map(),
    },
    findings: {
      ...findings,
      lesions: findings.lesions.map((one) => ({
        ...one,
        cement: one.cement && { ...one.cement, ...volumeOf(lesion) },
      })),
      leaks: findings.leaks.map((one, n) => ({ ...one, ...volumeOf([first, second][n]) })),
    },
  };
}

/** CT and objects of a case as they would be opened. */
export function originalFiles(input: ExportInput): OriginalFile[] {
  const made = caseFiles(input, {
    encodeSegmentation: writeSegmentation,
    encodeReport: writeReport,
    encodeKeyObjects: writeKeyObjects,
  });
  if (!made.ok) throw new Error(made.problem.code);
  return [
    ...smallCtFiles(input.source, masksOf(input)).map((bytes, k) => ({ name: `ct-${k}.dcm`, bytes })),
    ...made.value.filter(({ name }) => name.endsWith(".dcm")),
  ];
}

/** The case de-identified as a teaching case is: cropped to 4 mm around the cement. */
export async function teachingCase(input: ExportInput) {
  const originals = originalFiles(input);
  const pseudonyms = makePseudonyms({ key: new Uint8Array(32).fill(5), dates: originalDates(originals) });
  const findings = deidentifyFindings(input.findings, pseudonyms, new Map([["Palacos V", "Palacos V"]]));
  const vocabulary = teachingVocabulary({ ...input, findings });
  if (!vocabulary.ok) throw new Error(vocabulary.problem.code);
  const box = cropAround(masksOf(input), input.source, 4);
  if (!box) throw new Error("no cement");
  const made = await deidentify(originals, {
    pseudonyms,
    vocabulary: vocabulary.value,
    crops: [box],
    findings: { creator: FINDINGS_CREATOR, text: findingsJson(findings) },
  });
  if (!made.ok) throw new Error(JSON.stringify(made.problem));
  const of = (kind: string) => made.value.files.filter(({ name }) => name.startsWith(kind));
  return { originals, pseudonyms, findings, vocabulary: vocabulary.value, box, made: made.value, of };
}
