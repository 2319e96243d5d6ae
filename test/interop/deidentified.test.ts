// De-identified objects before judges that are not ours: validators, consistency across the study, and pydicom's look at SEG and CT.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { caseFiles } from "#cement/exports/bundle";
import { deidentifyFindings } from "#cement/teaching/deidentify-findings";
import { teachingVocabulary } from "#cement/teaching/teaching-vocabulary";
import type { ContentItem } from "#core/report-document";
import { deidentify, vocabularyWords } from "#dicom/deidentify/deidentify";
import { makePseudonyms } from "#dicom/deidentify/pseudonyms";
import { searchForLeaks } from "#dicom/leak-search/search";
import { readReport } from "#dicom/read-report";
import { writeKeyObjects } from "#dicom/write-key-objects";
import { writeReport } from "#dicom/write-report";
import { writeSegmentation } from "#dicom/write-segmentation";
import { voxelCount } from "#voxels/mask";
import { createExporting } from "../../plugins/cement-leakage/reading/export-case.ts";
import { TWENTY_CASES, writeCase } from "../unit/host/twenty-cases.ts";
import { openedCase } from "../unit/host/written-case.ts";
import { innerCase, masksOf, teachingCase } from "../unit/dicom/deidentified-case.ts";
import { dcentvfyComplaints, dciodvfyErrors, dsrdump, hasTool, pythonJson } from "./judges.ts";

const temporary = mkdtempSync(join(tmpdir(), "deidentified-"));
afterAll(() => rmSync(temporary, { recursive: true, force: true }));

/** Each segment's frames on the CT slice of the same position, as pydicom has them: voxels, and the darkest of them in HU. */
const SEG_ON_CT = `
import sys, json, numpy, pydicom
seg = pydicom.dcmread(sys.argv[1])
slices = {}
for path in sys.argv[2:]:
    ct = pydicom.dcmread(path)
    slices[tuple(map(float, ct.ImagePositionPatient))] = (ct, ct.pixel_array * ct.RescaleSlope + ct.RescaleIntercept)
voxels, darkest, sources = {}, 1e9, 0
for groups, frame in zip(seg.PerFrameFunctionalGroupsSequence, seg.pixel_array):
    ct, hu = slices[tuple(map(float, groups.PlanePositionSequence[0].ImagePositionPatient))]
    number = int(groups.SegmentIdentificationSequence[0].ReferencedSegmentNumber)
    voxels[number] = voxels.get(number, 0) + int(frame.sum())
    darkest = min(darkest, float(hu[frame > 0].min()))
    sources += groups.DerivationImageSequence[0].SourceImageSequence[0].ReferencedSOPInstanceUID == ct.SOPInstanceUID
print(json.dumps({"voxels": [voxels[n] for n in sorted(voxels)], "darkest": darkest, "sources": sources, "frames": int(seg.NumberOfFrames)}))
`;

describe("the twenty varied cases", () => {
  /** Concept, number and unit of every measurement, in order. */
  const numbersOf = (bytes: Uint8Array): string[] => {
    const report = readReport(bytes);
    if (!report.ok) throw new Error(report.problem.code);
    const visit = (item: ContentItem): string[] => [
      ...(item.type === "NUM" ? [`${item.concept?.value} ${item.value} ${item.unit.value}`] : []),
      ...(item.children ?? []).flatMap(visit),
    ];
    return report.value.content.flatMap(visit);
  };

  it.skipIf(!hasTool("dicom3tools"))(
    "have no Error before dciodvfy once de-identified, the same numbers, and a clean search",
    async () => {
      let judged = 0;
      const complaints: string[] = [];
      for (const [name, written] of Object.entries(TWENTY_CASES)) {
        const one = await openedCase();
        writeCase(one, written);
        const record = createExporting(one.reading).record();
        const pseudonyms = makePseudonyms({ key: new Uint8Array(32).fill(8), dates: ["20260102"] });
        const findings = deidentifyFindings(record.findings, pseudonyms, new Map());
        const vocabulary = teachingVocabulary({ ...record, findings });
        const made = caseFiles(record, {
          encodeSegmentation: writeSegmentation,
          encodeReport: writeReport,
          encodeKeyObjects: writeKeyObjects,
        });
        if (!vocabulary.ok || !made.ok) throw new Error(name);
        const originals = made.value.filter(({ name: file }) => file.endsWith(".dcm"));
        const done = await deidentify(originals, { pseudonyms, vocabulary: vocabulary.value, crops: [] });
        if (!done.ok) throw new Error(`${name}: ${JSON.stringify(done.problem)}`);
        const { found } = searchForLeaks(done.value.files, originals, {
          allowed: vocabularyWords(vocabulary.value),
        });
        complaints.push(
          ...found.map(({ value, where }) => `${name}: "${value.text}" of ${value.from} in ${where}`),
        );
        for (const [n, { bytes, name: file }] of done.value.files.entries()) {
          const path = join(temporary, `case-${file}`);
          writeFileSync(path, bytes);
          complaints.push(...(await dciodvfyErrors(path)).map((line) => `${name}, ${file}: ${line}`));
          if (file.startsWith("SR") && numbersOf(bytes).join() !== numbersOf(originals[n].bytes).join())
            complaints.push(`${name}: other numbers`);
          judged++;
        }
      }
      expect(complaints).toEqual([]);
      expect(judged).toBeGreaterThan(50);
    },
  );
});

describe.each([
  ["axial", {}],
  ["tilted gantry", { shearMm: 0.33 }],
])("a de-identified case: %s", (name, series) => {
  const input = innerCase(series);
  let files: { readonly kind: string; readonly path: string }[] = [];
  const paths = (kind: string) => files.filter((file) => file.kind === kind).map(({ path }) => path);

  beforeAll(async () => {
    const { made } = await teachingCase(input);
    const folder = join(temporary, name.replace(" ", "-"));
    mkdirSync(folder);
    files = made.files.map((file) => {
      const path = join(folder, file.name);
      writeFileSync(path, file.bytes);
      return { kind: file.name.slice(0, 2), path };
    });
  });

  it.skipIf(!hasTool("dicom3tools"))("has no Error before dciodvfy, nor before dcentvfy", async () => {
    expect([paths("CT").length > 10, paths("SE").length, paths("SR").length, paths("KO").length]).toEqual([
      true,
      1,
      1,
      1,
    ]);
    for (const path of [...paths("CT").slice(0, 2), ...paths("SE"), ...paths("SR"), ...paths("KO")])
      expect(await dciodvfyErrors(path)).toEqual([]);
    expect(
      (await dcentvfyComplaints(files.map(({ path }) => path))).filter((line) => line.startsWith("Error")),
    ).toEqual([]);
  });

  it.skipIf(!hasTool("pydicom and numpy"))(
    "has its segments on bright voxels of the slices that they name, as pydicom reads them",
    async () => {
      const seen = await pythonJson(SEG_ON_CT, [...paths("SE"), ...paths("CT")]);
      expect(seen).toMatchObject({ voxels: masksOf(input).map(voxelCount) });
      const { darkest, sources, frames } = seen as { darkest: number; sources: number; frames: number };
      expect(darkest).toBeGreaterThan(1000);
      expect(sources).toBe(frames);
    },
  );

  it.skipIf(!hasTool("dcmtk"))("has a report that dsrdump reads, with roles for names", async () => {
    const text = await dsrdump(paths("SR")[0]);
    expect(text).toContain("Reader 1");
    expect(text).not.toMatch(/READER.ONE|PHANTOM|20250102/);
  });
});
