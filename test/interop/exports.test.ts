// Exports before judges that are not ours: validators, another reader's voxels, and the folder of judges beside the checkout.
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { caseFiles } from "#cement/exports/bundle";
import type { ExportInput } from "#cement/exports/prepare";
import { writeKeyObjects } from "#dicom/write-key-objects";
import { writeReport } from "#dicom/write-report";
import { writeSegmentation } from "#dicom/write-segmentation";
import type { RunMask } from "#voxels/mask";
import { measuredCase, smallCase } from "../unit/cement/small-case.ts";
import { type SmallSeriesOptions, smallCtFiles, smallSeries } from "../unit/dicom/small-series.ts";
import {
  dcentvfyComplaints,
  dciodvfyErrors,
  dsrdump,
  hasTool,
  pixelmedErrorsOfAll,
  pythonJson,
} from "./judges.ts";

/** The folder of judges beside the checkout, where there is one. */
const SHARED_CHECK = resolve(import.meta.dirname, "../../../shared/check/validate_export.sh");

interface ExportFolder {
  readonly folder: string;
  readonly input: ExportInput;
  readonly ct: readonly string[];
  readonly seg: string;
  readonly sr: string;
  readonly kos: string;
}

const encoders = {
  encodeSegmentation: writeSegmentation,
  encodeReport: writeReport,
  encodeKeyObjects: writeKeyObjects,
};

const temporary = mkdtempSync(join(tmpdir(), "interop-"));
afterAll(() => rmSync(temporary, { recursive: true, force: true }));

const masksOf = (input: ExportInput): RunMask[] => [
  ...input.masks.cementOfLesion.values(),
  ...input.masks.leaks.values(),
  ...input.masks.previous.values(),
];

/** CT and exports of one case in a folder of their own. */
function exportFolder(name: string, input: ExportInput, descending: boolean): ExportFolder {
  const folder = join(temporary, name);
  mkdirSync(join(folder, "ct"), { recursive: true });
  const ct = smallCtFiles(input.source, masksOf(input), descending).map((bytes, k) => {
    const path = join(folder, "ct", `${k}.dcm`);
    writeFileSync(path, bytes);
    return path;
  });
  const files = caseFiles(input, encoders);
  if (!files.ok) throw new Error(files.problem.code);
  const path = (kind: string): string => {
    const file = files.value.find((entry) => entry.kind === kind);
    if (!file) throw new Error(`no ${kind}`);
    const at = join(folder, file.name);
    writeFileSync(at, file.bytes);
    return at;
  };
  return { folder, input, ct, seg: path("SEG"), sr: path("SR"), kos: path("KOS") };
}

const c = Math.cos(0.25);
const s = Math.sin(0.25);
const cases: readonly {
  readonly name: string;
  readonly options: SmallSeriesOptions;
  readonly descending?: boolean;
  /** With distances, balance, metal and cement of an earlier procedure. */
  readonly measured?: boolean;
}[] = [
  { name: "head-first-supine", options: {}, measured: true },
  { name: "descending-files", options: {}, descending: true },
  {
    name: "head-first-prone",
    options: { rowDirection: [-1, 0, 0], columnDirection: [0, -1, 0], patientPosition: "HFP" },
  },
  {
    name: "feet-first-supine",
    options: { rowDirection: [-1, 0, 0], columnDirection: [0, 1, 0], patientPosition: "FFS" },
  },
  {
    name: "oblique",
    options: { rowDirection: [1, 0, 0], columnDirection: [0, c, s], patientName: "张^三=張^三" },
  },
];

let folders: readonly ExportFolder[] = [];
beforeAll(() => {
  folders = cases.map(({ name, options, descending, measured }) => {
    const source = smallSeries(options);
    return exportFolder(name, measured ? measuredCase(source) : smallCase({}, source), descending ?? false);
  });
});
const first = (): ExportFolder => folders[0];

// Each test runs only where its tool is; the set-up of `npm test` says which check did not run, and fails with CI=true.

describe("validators", () => {
  it.skipIf(!hasTool("dicom3tools"))(
    "dciodvfy has no error on CT, SEG, SR and KOS in any orientation",
    async () => {
      for (const { ct, seg, sr, kos } of folders)
        for (const file of [ct[0], seg, sr, kos])
          expect([file, await dciodvfyErrors(file)]).toEqual([file, []]);
    },
  );

  it.skipIf(!hasTool("dicom3tools"))(
    "dcentvfy finds patient, study and series of all files consistent",
    async () => {
      for (const { ct, seg, sr, kos } of folders)
        expect(await dcentvfyComplaints([...ct, seg, sr, kos])).toEqual([]);
    },
  );

  it.skipIf(!hasTool("PixelMed"))(
    "PixelMed has no error on SEG and SR of a measured case, of one feet first, and of a draft without leaks and reader",
    async () => {
      const lesion = { ...smallCase().findings.lesions[0], leakage: "absent" as const };
      const input = smallCase({ status: "draft", leaks: [], lesions: [lesion], readers: [] });
      const files = caseFiles({ ...input, masks: { ...input.masks, leaks: new Map() } }, encoders);
      if (!files.ok) throw new Error(files.problem.code);
      expect(files.value.map((file) => file.kind)).toEqual([
        ...["SEG", "SR", "JSON", "CSV", "PATIENTS", "FHIR", "TEXT"],
      ]);
      const draft = join(temporary, "no-leak-sr.dcm");
      writeFileSync(draft, files.value[1].bytes);
      // Not the case of several scripts: PixelMed of 2022 takes ISO_IR 192 for ASCII and calls its letters illegal.
      const turned = folders.find(({ folder }) => folder.endsWith("feet-first-supine")) ?? first();
      const judged = await pixelmedErrorsOfAll([
        { kind: "sr", path: first().sr },
        { kind: "iod", path: first().seg },
        { kind: "sr", path: turned.sr },
        { kind: "iod", path: turned.seg },
        { kind: "sr", path: draft },
      ]);
      expect([...judged.values()]).toEqual([[], [], [], [], []]);
    },
    600_000,
  );

  it.skipIf(!hasTool("dcmtk"))("dsrdump prints the tree with site, volume and completion", async () => {
    const tree = await dsrdump(first().sr);
    expect(tree).toContain('"Cement leakage site")=(S-PRESACRAL,99BCLT,"Presacral space")');
    expect(tree).toMatch(/NUM:\(118565006,SCT,"Volume"\)="197\.400" \(mm3,UCUM,"cubic millimeter"\)/);
    expect(tree).toMatch(/Completion Flag\s+: COMPLETE/);
    expect(tree).toMatch(/N-TOCANAL,99BCLT,"Distance from leak to [a-z ]*canal"\)="11\.2" \(mm,/);
    expect(tree).toMatch(/N-TOFORAMEN,99BCLT,"[^"]*foramen seen"\)="6\.4" \(mm,/);
    expect(tree).toContain('"Finding")=(CEM-PREVIOUS,99BCLT,"Cement from an earlier procedure")');
  });
});

/** Sets of "i,j,k" by segment, from positions in the patient, the CT files sorted by their own position: none of our code. */
const VOXELS_BY_PYDICOM = `
import sys, json, numpy as np, pydicom
seg = pydicom.dcmread(sys.argv[1]); ct = [pydicom.dcmread(p) for p in sys.argv[2:]]
iop = [float(v) for v in ct[0].ImageOrientationPatient]; n = np.cross(iop[:3], iop[3:])
ct.sort(key=lambda d: float(np.dot(n, [float(v) for v in d.ImagePositionPatient])))
pos = np.array([[float(v) for v in d.ImagePositionPatient] for d in ct])
bits = np.unpackbits(np.frombuffer(seg.PixelData, np.uint8), bitorder='little')
size = int(seg.Rows) * int(seg.Columns); out = {}
for f, g in enumerate(seg.PerFrameFunctionalGroupsSequence):
    p = np.array([float(v) for v in g.PlanePositionSequence[0].ImagePositionPatient])
    k = int(np.argmin(np.linalg.norm(pos - p, axis=1))); assert np.linalg.norm(pos[k] - p) < 1e-3
    assert g.DerivationImageSequence[0].SourceImageSequence[0].ReferencedSOPInstanceUID == ct[k].SOPInstanceUID
    frame = bits[f * size:(f + 1) * size].reshape(int(seg.Rows), int(seg.Columns))
    number = str(int(g.SegmentIdentificationSequence[0].ReferencedSegmentNumber))
    out.setdefault(number, []).extend('%d,%d,%d' % (i, j, k) for j, i in np.argwhere(frame))
print(json.dumps({k: sorted(v) for k, v in out.items()}))
`;

function voxelsOf(mask: RunMask): string[] {
  const voxels: string[] = [];
  for (let row = 0; row < mask.rows * mask.slices; row++)
    for (let n = mask.rowStart[row]; n < mask.rowStart[row + 1]; n++)
      for (let i = mask.start[n]; i < mask.end[n]; i++)
        voxels.push(`${i},${row % mask.rows},${Math.floor(row / mask.rows)}`);
  return voxels.toSorted();
}

describe("another reader", () => {
  it.skipIf(!hasTool("pydicom and numpy"))(
    "sees the same voxels of every segment, for ascending and descending files and every orientation",
    async () => {
      for (const { seg, ct, input, folder } of folders) {
        const seen = await pythonJson(VOXELS_BY_PYDICOM, [seg, ...ct]);
        const expected = Object.fromEntries(masksOf(input).map((mask, n) => [String(n + 1), voxelsOf(mask)]));
        expect([folder, seen]).toEqual([folder, expected]);
      }
    },
  );
});

describe("the judges beside the checkout", () => {
  it.skipIf(!existsSync(SHARED_CHECK))(
    "all accept the export of one case",
    () => {
      const result = spawnSync(SHARED_CHECK, [first().folder], { encoding: "utf8", maxBuffer: 1 << 26 });
      expect(result.stdout.split("\n").filter((line) => line.startsWith("FAIL"))).toEqual([]);
      expect(result.status).toBe(0);
    },
    600_000,
  );
});
