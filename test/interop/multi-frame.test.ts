// Exports of a multi-frame CT before judges that are not ours: every reference names the frame that lies where it says.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { caseFiles } from "#cement/exports/bundle";
import { memoryFile } from "#dicom/named-file";
import { readFiles } from "#dicom/open-files";
import { writeKeyObjects } from "#dicom/write-key-objects";
import { writeReport } from "#dicom/write-report";
import { writeSegmentation } from "#dicom/write-segmentation";
import { smallCase } from "../unit/cement/small-case.ts";
import { enhancedCt } from "../unit/dicom/enhanced-ct.ts";
import { smallSeries } from "../unit/dicom/small-series.ts";
import {
  dcentvfyComplaints,
  dciodvfyErrors,
  hasTool,
  pixelmedReportErrors,
  pixelmedSegmentationErrors,
  pythonJson,
} from "./judges.ts";

const encoders = {
  encodeSegmentation: writeSegmentation,
  encodeReport: writeReport,
  encodeKeyObjects: writeKeyObjects,
};
const folder = mkdtempSync(join(tmpdir(), "multi-frame-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const paths: Record<string, string> = {};
beforeAll(async () => {
  const bytes = enhancedCt(smallSeries());
  const { series } = await readFiles([memoryFile("ct", bytes)]);
  const context = series[0].stack?.context;
  if (!context) throw new Error("the multi-frame CT did not open");
  const files = caseFiles(smallCase({}, context), encoders);
  if (!files.ok) throw new Error(files.problem.code);
  for (const file of [{ kind: "CT", name: "ct.dcm", bytes }, ...files.value]) {
    paths[file.kind] = join(folder, file.name);
    writeFileSync(paths[file.kind], file.bytes);
  }
});

describe("validators", () => {
  it.skipIf(!hasTool("dicom3tools"))("dciodvfy has no error on SEG, SR and KOS", async () => {
    for (const kind of ["SEG", "SR", "KOS"])
      expect([kind, await dciodvfyErrors(paths[kind])]).toEqual([kind, []]);
  });

  it.skipIf(!hasTool("dicom3tools"))("dcentvfy finds patient, study and series consistent", async () => {
    expect(await dcentvfyComplaints([paths.CT, paths.SEG, paths.SR, paths.KOS])).toEqual([]);
  });

  it.skipIf(!hasTool("PixelMed"))("PixelMed has no error on SEG and SR", async () => {
    expect(await pixelmedSegmentationErrors(paths.SEG)).toEqual([]);
    expect(await pixelmedReportErrors(paths.SR)).toEqual([]);
  });
});

/** For every source image of the SEG, and every image of SR and KOS: the frame, and the place of that frame in the CT. */
const REFERENCES_BY_PYDICOM = `
import sys, json, pydicom
ct, seg, sr, kos = [pydicom.dcmread(p) for p in sys.argv[1:5]]
place = lambda g: [float(v) for v in g.PlanePositionSequence[0].ImagePositionPatient]
def images(item):
    found = []
    for child in getattr(item, 'ContentSequence', []):
        if child.ValueType == 'IMAGE': found.append(child.ReferencedSOPSequence[0])
        found += images(child)
    return found
off = []; frames = set()
for g in seg.PerFrameFunctionalGroupsSequence:
    source = g.DerivationImageSequence[0].SourceImageSequence[0]
    assert source.ReferencedSOPInstanceUID == ct.SOPInstanceUID
    assert source.ReferencedSOPClassUID == ct.SOPClassUID
    n = int(source.ReferencedFrameNumber); frames.add(n)
    off.append(max(abs(a - b) for a, b in zip(place(g), place(ct.PerFrameFunctionalGroupsSequence[n - 1]))))
to_ct = lambda d: [int(i.ReferencedFrameNumber) for i in images(d) if i.ReferencedSOPInstanceUID == ct.SOPInstanceUID]
listed = [i.ReferencedSOPInstanceUID for i in seg.ReferencedSeriesSequence[0].ReferencedInstanceSequence]
def evidence(d):
    refs = [r for s in d.CurrentRequestedProcedureEvidenceSequence for q in s.ReferencedSeriesSequence for r in q.ReferencedSOPSequence]
    return [len([r for r in refs if r.ReferencedSOPInstanceUID == ct.SOPInstanceUID]), any('ReferencedFrameNumber' in r for r in refs)]
print(json.dumps({'off': max(off), 'seg': sorted(frames), 'sr': sorted(set(to_ct(sr))), 'kos': sorted(to_ct(kos)),
  'listed': listed == [ct.SOPInstanceUID], 'evidence': [evidence(sr), evidence(kos)]}))
`;

interface References {
  readonly off: number;
  readonly seg: readonly number[];
  readonly sr: readonly number[];
  readonly kos: readonly number[];
}

describe("another reader", () => {
  it.skipIf(!hasTool("pydicom and numpy"))(
    "finds each frame of the SEG where the frame of the CT lies that it names; the object is listed once",
    async () => {
      const seen = await pythonJson(REFERENCES_BY_PYDICOM, [paths.CT, paths.SEG, paths.SR, paths.KOS]);
      expect(seen).toMatchObject({
        listed: true,
        evidence: [
          [1, false],
          [1, false],
        ],
      });
      const { off, seg, sr, kos } = seen as References;
      expect(off).toBeLessThan(1e-6);
      expect(seg.length).toBeGreaterThan(5);
      expect(sr).toEqual(seg);
      expect(kos.length).toBeGreaterThan(0);
      for (const frame of kos) expect(seg).toContain(frame);
    },
  );
});
