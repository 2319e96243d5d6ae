// Exports read back by strangers: pydicom measures SEG, SR and CT anew, nibabel reads the NIfTI, a plain reader checks the STL.
import { promisify } from "node:util";
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { siteOf } from "#cement/model/sites";
import { caseFolder, measuredThings, type CaseFolder } from "./case-folder.ts";
import {
  dciodvfyErrors,
  dcentvfyComplaints,
  dsrdump,
  hasTool,
  pythonFileJson,
  pythonJson,
} from "./judges.ts";

const temporary = mkdtempSync(join(tmpdir(), "strangers-"));
afterAll(() => rmSync(temporary, { recursive: true, force: true }));

const FORMS = ["export-nifti", "export-stl"];
/** Three of the twenty: `npm run test:long` takes them all. */
const NAMES = ["four mission sites", "two vertebrae, kyphoplasty", "metal, not measurable"];
let folders: readonly CaseFolder[] = [];
let labelMap: CaseFolder;
beforeAll(async () => {
  const made: CaseFolder[] = [];
  for (const name of NAMES) made.push(await caseFolder(name, temporary, FORMS));
  folders = made;
  labelMap = await caseFolder("two lesions", temporary, ["export-label-map"]);
});

interface ReadBack {
  readonly volumeMm3: number;
  readonly statedVolume: readonly [string, string];
  readonly huMean: number;
  readonly huMax: number;
  readonly huSd: number;
  readonly max3dDiameterMm: number;
  readonly site: string | null;
  readonly segmentModifiers: readonly string[];
}

describe.skipIf(!hasTool("pydicom and numpy"))("pydicom", () => {
  it("measures the same mL, HU, extents and sites from CT, SEG and SR, BINARY and LABELMAP", async () => {
    for (const { folder, findings, name } of [...folders, labelMap]) {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      const read = (await pythonFileJson(join(import.meta.dirname, "read_back.py"), [folder])) as Record<
        string,
        ReadBack
      >;
      const things = measuredThings(findings);
      expect([name, Object.keys(read).toSorted((a, b) => (a < b ? -1 : 1))]).toEqual([
        name,
        things.map(({ trackingUid = "" }) => trackingUid).toSorted((a, b) => (a < b ? -1 : 1)),
      ]);
      for (const thing of things) {
        const seen = read[thing.trackingUid ?? ""];
        expect(seen.volumeMm3).toBeCloseTo(thing.volumeMm3 ?? NaN, 3);
        expect([Number(seen.statedVolume[0]), seen.statedVolume[1]]).toEqual([thing.volumeMm3, "mm3"]);
        expect(seen.huMean).toBeCloseTo(thing.huMean ?? NaN, 0);
        expect(seen.huMax).toBe(thing.huMax);
        expect(seen.huSd).toBeCloseTo(thing.huSd ?? NaN, 0);
        expect(seen.max3dDiameterMm).toBeCloseTo(thing.max3dDiameterMm ?? NaN, 1);
      }
      for (const leak of findings.leaks.filter(({ segmentRef }) => segmentRef)) {
        const { code } = siteOf(leak.site);
        expect(read[leak.trackingUid ?? ""]).toMatchObject({
          site: code,
          segmentModifiers: ["CEM-LEAK", code],
        });
      }
    }
  });
});

const NIFTI_BY_NIBABEL = `
import sys, json, gzip, numpy as np, nibabel as nib
im = nib.load(sys.argv[1]); a = np.asarray(im.dataobj); h = im.header
ras = lambda v: (im.affine @ np.append(v, 1))[:3]
out = {}
for n in np.unique(a):
    if n: p = np.argwhere(a == n); out[str(int(n))] = {'count': len(p), 'mm3': float(len(p) * abs(np.linalg.det(im.affine[:3, :3]))), 'centroidLps': [float(v) for v in ras(p.mean(axis=0)) * [-1, -1, 1]], 'first': [int(v) for v in p[0]]}
print(json.dumps({'labels': out, 'codes': [int(h['qform_code']), int(h['sform_code'])], 'agree': float(np.abs(im.get_qform() - im.get_sform()).max()), 'units': list(h.get_xyzt_units())[0]}))
`;

describe.skipIf(!hasTool("nibabel"))("nibabel", () => {
  it("reads the label map to the same volumes at the same places, by sform and by qform", async () => {
    for (const { path, findings } of folders) {
      const seen = await pythonJson(NIFTI_BY_NIBABEL, [path("cement-labels") ?? ""]);
      expect(seen).toMatchObject({ codes: [1, 1], units: "mm" });
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      const { labels, agree } = seen as {
        labels: Record<string, { mm3: number }>;
        agree: number;
      };
      expect(agree).toBeLessThan(1e-4);
      const expected = measuredThings(findings).map(({ segmentRef, volumeMm3 }) => [
        String(segmentRef?.segmentNumber),
        volumeMm3?.toFixed(1),
      ]);
      expect(Object.entries(labels).map(([number, { mm3 }]) => [number, mm3.toFixed(1)])).toEqual(
        expected.toSorted((a, b) => Number(a[0]) - Number(b[0])),
      );
    }
  });
});

const PLASTIMATCH = "/usr/bin/plastimatch";

/** What ITK's reader made of it, written by plastimatch as MetaImage (LPS): labels with their voxels and middle. */
const META_IMAGE = `
import sys, json, numpy as np
d = open(sys.argv[1], 'rb').read(); i = d.index(b'ElementDataFile = LOCAL') + 24
h = dict(l.split(' = ', 1) for l in d[:i].decode().strip().splitlines())
f = lambda k: np.array([float(v) for v in h[k].split()])
a = np.frombuffer(d[i:], {'MET_UCHAR': 'u1', 'MET_SHORT': '<i2', 'MET_USHORT': '<u2'}[h['ElementType']]).reshape(f('DimSize').astype(int)[::-1])
out = {}
for n in np.unique(a):
    if n: p = np.argwhere(a == n)[:, ::-1]; out[str(int(n))] = {'count': len(p), 'centroidLps': [float(v) for v in f('Offset') + f('TransformMatrix').reshape(3, 3).T @ (p.mean(axis=0) * f('ElementSpacing'))]}
print(json.dumps(out))
`;

describe.skipIf(!hasTool("nibabel") || !existsSync(PLASTIMATCH))("ITK, in plastimatch", () => {
  it("reads the NIfTI to the same voxels at the same places as nibabel", async () => {
    for (const { path } of folders) {
      const labels = path("cement-labels") ?? "";
      const converted = `${labels}.mha`;
      await promisify(execFile)(PLASTIMATCH, ["convert", "--input", labels, "--output-img", converted]);
      const byItk = (await pythonJson(META_IMAGE, [converted])) as Record<string, Place>;
      const { labels: byNibabel } = (await pythonJson(NIFTI_BY_NIBABEL, [labels])) as {
        labels: Record<string, Place>;
      };
      const places = (found: Record<string, Place>) =>
        Object.entries(found).map(([label, { count, centroidLps }]) => [
          label,
          count,
          ...centroidLps.map((mm) => mm.toFixed(2)),
        ]);
      expect(places(byItk)).toEqual(places(byNibabel));
    }
  });
});

interface Place {
  readonly count: number;
  readonly centroidLps: readonly number[];
}

const STL_BY_NUMPY = `
import sys, json, numpy as np
from collections import Counter
out = []
for path in sys.argv[1:]:
    d = open(path, 'rb').read(); n = int(np.frombuffer(d, '<u4', 1, 80)[0]); assert len(d) == 84 + 50 * n
    t = np.frombuffer(d, np.dtype([('n', '<f4', 3), ('v', '<f4', (3, 3)), ('a', '<u2')]), n, 84)['v']
    key = {}; ids = np.array([[key.setdefault(v.tobytes(), len(key)) for v in tri] for tri in t])
    edges = Counter(); [edges.update([(a, b), (b, c), (c, a)]) for a, b, c in ids.tolist()]
    closed = all(c == 1 and edges[(b, a)] == 1 for (a, b), c in edges.items())
    x = t.astype(float); vol = float(np.einsum('ij,ij->i', x[:, 0], np.cross(x[:, 1], x[:, 2])).sum() / 6)
    out.append({'closed': closed, 'mm3': vol, 'header': d[:80].rstrip(b'\\0').decode()})
print(json.dumps(out))
`;

describe.skipIf(!hasTool("pydicom and numpy"))("a plain reader of STL", () => {
  it("finds each surface closed, outwards, with the volume of the JSON, in LPS mm", async () => {
    const { findings, path } = folders[0];
    const files = [
      ...findings.lesions.map(({ lesionId, cement }) => ({ id: lesionId, volumeMm3: cement?.volumeMm3 })),
      ...findings.leaks.map(({ leakId, volumeMm3 }) => ({ id: leakId, volumeMm3 })),
    ];
    const seen = await pythonJson(
      STL_BY_NUMPY,
      files.map(({ id }) => path(`cement-surface-${id}`) ?? ""),
    );
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    (seen as { closed: boolean; mm3: number; header: string }[]).forEach(({ closed, mm3, header }, n) => {
      expect([files[n].id, closed]).toEqual([files[n].id, true]);
      expect(Math.abs(mm3 / (files[n].volumeMm3 ?? NaN) - 1)).toBeLessThan(1e-3);
      expect(header).toMatch(/^SPACE=LPS mm, not for diagnosis/);
    });
  });
});

describe.skipIf(!hasTool("dicom3tools"))("validators", () => {
  it("dciodvfy and dcentvfy have nothing against the pictures", async () => {
    const { ct, path, findings } = folders[0];
    const pictures = findings.leaks.map(({ leakId }) => path(`cement-picture-${leakId}`) ?? "");
    expect(pictures).toHaveLength(4);
    for (const picture of pictures) expect(await dciodvfyErrors(picture)).toEqual([]);
    expect(await dcentvfyComplaints([ct[0], ...pictures])).toEqual([]);
  });
});

describe.skipIf(!hasTool("dcmtk"))("dsrdump", () => {
  it("prints who observed each leak, and what it amends where it does", async () => {
    const amended = await caseFolder("amended twice", temporary);
    const tree = await dsrdump(amended.path("cement-sr") ?? "");
    expect(tree).toContain("Predecessor Docs");
    const group = tree.slice(tree.indexOf('"Finding")=(CEM-LEAK') - 1500);
    expect(group).toMatch(/Person Observer Name/);
    expect(readFileSync(amended.path("cement-sr") ?? "").includes("COMPLETE")).toBe(true);
  });
});
