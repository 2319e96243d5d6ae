// Export, import, export: JSON, SEG and SR have the same bytes again, for findings and voxels made at random, BINARY and LABELMAP.
import fc from "fast-check";
import { expect, it } from "vitest";
import { caseFiles, type CaseFile } from "#cement/exports/bundle";
import type { ExportInput } from "#cement/exports/prepare";
import { FINDINGS_CREATOR, type Findings } from "#cement/model/findings";
import { parseFindings } from "#cement/model/parse-findings";
import { readReport } from "#dicom/read-report";
import { readSegmentation } from "#dicom/read-segmentation";
import { writeKeyObjects } from "#dicom/write-key-objects";
import { writeReport } from "#dicom/write-report";
import { writeSegmentation } from "#dicom/write-segmentation";
import type { RunMask } from "#voxels/mask";
import { type SmallSeriesOptions, maskWhere, smallSeries, testEquipment } from "../dicom/small-series.ts";
import { findingsArbitrary } from "./findings-arbitrary.ts";

const encoders = {
  encodeSegmentation: writeSegmentation,
  encodeReport: writeReport,
  encodeKeyObjects: writeKeyObjects,
};
const GRIDS: readonly SmallSeriesOptions[] = [
  {},
  { rowDirection: [-1, 0, 0], columnDirection: [0, -1, 0], patientPosition: "HFP" },
  { rowDirection: [0, 1, 0], columnDirection: [0, 0, -1] },
  { shearMm: 0.31 },
  { spacingMm: [1.25, 2.5, 1] },
];
const uids = { segmentation: ids("1"), report: ids("2"), keyObjects: ids("3") };
function ids(n: string) {
  return { sopInstanceUid: `2.25.70${n}`, seriesInstanceUid: `2.25.80${n}` };
}

/** A ragged bar of its own rows for each thing, so that none overlap. */
const bar = (
  grid: RunMask | { columns: number; rows: number; slices: number },
  n: number,
  seed: number,
): RunMask =>
  maskWhere(
    grid,
    (i, j, k) => j === n && k >= seed % 3 && (i * 7 + k * 5 + seed) % 4 !== 0 && i < 20 + (seed % 9),
  );

function inputOf(
  findings: Findings,
  grid: SmallSeriesOptions,
  form: "BINARY" | "LABELMAP",
  seed: number,
): ExportInput {
  const source = smallSeries(grid);
  const { imaging } = findings;
  const { lesions, leaks, previousCement = [] } = findings;
  let row = 0;
  const masks = <T>(things: readonly T[], id: (thing: T) => string) =>
    new Map(things.map((thing) => [id(thing), bar(source.grid, row++, seed + row)]));
  return {
    findings: {
      ...findings,
      imaging: {
        ...imaging,
        studyInstanceUid: source.study.studyInstanceUid,
        seriesInstanceUid: source.seriesInstanceUid,
        frameOfReferenceUid: source.frameOfReferenceUid,
      },
    },
    masks: {
      cementOfLesion: masks(
        lesions.filter(({ cement }) => cement),
        ({ lesionId }) => lesionId,
      ),
      leaks: masks(
        leaks.filter(({ notMeasurable }) => !notMeasurable),
        ({ leakId }) => leakId,
      ),
      previous: masks(previousCement, ({ previousId }) => previousId),
    },
    source,
    equipment: testEquipment,
    uids,
    createdAt: new Date("2026-03-04T05:06:07Z"),
    segmentationForm: form,
  };
}

const written = (input: ExportInput): ReadonlyMap<CaseFile["kind"], Uint8Array> => {
  const files = caseFiles(input, encoders);
  if (!files.ok) throw new Error(files.problem.code);
  return new Map(files.value.map(({ kind, bytes }) => [kind, bytes]));
};

/** What an import has: the findings, and the masks of the segments that they refer to. */
function readAgain(
  files: ReadonlyMap<CaseFile["kind"], Uint8Array>,
  from: ExportInput,
  text: string,
): ExportInput {
  const parsed = parseFindings(text);
  if (!parsed.ok) throw new Error(parsed.problem.text?.en);
  const seg = files.get("SEG");
  const read = seg && readSegmentation(seg, from.source);
  if (read && !read.ok) throw new Error(read.problem.code);
  const byNumber = new Map(read?.value.segments.map(({ description, mask }) => [description.number, mask]));
  type Referring = { readonly segmentRef?: { readonly segmentNumber: number } | undefined } | undefined;
  const masks = (things: readonly (readonly [string, Referring])[]) =>
    new Map(
      things.flatMap(([id, thing]) => {
        const mask = byNumber.get(thing?.segmentRef?.segmentNumber ?? 0);
        return mask ? [[id, mask] as const] : [];
      }),
    );
  const { lesions, leaks, previousCement = [] } = parsed.value;
  return {
    ...from,
    findings: parsed.value,
    masks: {
      cementOfLesion: masks(lesions.map(({ lesionId, cement }) => [lesionId, cement])),
      leaks: masks(leaks.map((leak) => [leak.leakId, leak])),
      previous: masks(previousCement.map((previous) => [previous.previousId, previous])),
    },
  };
}

it("gives the same bytes again, from the JSON or from what the report carries", () => {
  let segments = 0;
  fc.assert(
    fc.property(
      findingsArbitrary,
      fc.constantFrom(...GRIDS),
      fc.constantFrom("BINARY" as const, "LABELMAP" as const),
      fc.nat(99),
      (findings, grid, form, seed) => {
        const input = inputOf(findings, grid, form, seed);
        const first = written(input);
        const texts = [new TextDecoder().decode(first.get("JSON"))];
        const sr = first.get("SR");
        if (sr) {
          segments++;
          const report = readReport(sr);
          if (!report.ok) throw new Error(report.problem.code);
          texts.push(report.value.embedded.find(({ creator }) => creator === FINDINGS_CREATOR)?.text ?? "");
        }
        for (const text of texts) {
          const again = written(readAgain(first, input, text));
          // Compared as buffers: an assertion on arrays walks every byte in slow steps.
          const differing = [...first].filter(
            ([kind, bytes]) => !Buffer.from(bytes).equals(again.get(kind) ?? Buffer.of()),
          );
          expect(differing.map(([kind]) => kind)).toEqual([]);
          expect(again.size).toBe(first.size);
        }
      },
    ),
    { numRuns: 40, seed: 20261121 },
  );
  expect(segments).toBeGreaterThan(20);
});
