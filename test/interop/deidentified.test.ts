// De-identified objects before judges that are not ours: validators, consistency across the study, and pydicom's look at SEG and CT.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { voxelCount } from "#voxels/mask";
import { innerCase, masksOf, teachingCase } from "../unit/dicom/deidentified-case.ts";
import {
  dcentvfyComplaints,
  dciodvfyErrors,
  dsrdump,
  hasTool,
  pixelmedErrorsOfAll,
  pythonJson,
} from "./judges.ts";

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

  it.skipIf(!hasTool("PixelMed") || name !== "axial")("has no error before PixelMed", async () => {
    const judged = await pixelmedErrorsOfAll([
      { kind: "sr", path: paths("SR")[0] },
      { kind: "iod", path: paths("SE")[0] },
    ]);
    expect([...judged.values()].flat()).toEqual([]);
  });
});
