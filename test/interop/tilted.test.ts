// The segmentation of a tilted scan before another reader: every frame lies on the source slice that it names, voxel by voxel.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { caseFiles } from "#cement/exports/bundle";
import { findingsVerification } from "#cement/exports/verification";
import { loadSeries } from "#dicom/load-series";
import { readBytes } from "#dicom/named-file";
import { readFiles } from "#dicom/open-files";
import { readSegmentation } from "#dicom/read-segmentation";
import { writeKeyObjects } from "#dicom/write-key-objects";
import { writeReport } from "#dicom/write-report";
import { writeSegmentation } from "#dicom/write-segmentation";
import { thresholdMask } from "#voxels/threshold";
import { smallCase } from "../unit/cement/small-case.ts";
import { PLANTED, type StackShape, slices, written } from "../unit/dicom/planted-object.ts";
import { shuffled } from "../unit/dicom/synthetic-ct.ts";
import { dciodvfyErrors, hasTool, pythonJson } from "./judges.ts";

const encoders = {
  encodeSegmentation: writeSegmentation,
  encodeReport: writeReport,
  encodeKeyObjects: writeKeyObjects,
};
const folder = mkdtempSync(join(tmpdir(), "tilted-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A tilted series with its object segmented, as files. */
async function exported(name: string, shape: StackShape) {
  const position = shape.row ? "FFS" : "HFS";
  const stack = slices(shape).map((slice) => ({
    ...slice,
    change: { ...slice.change, PatientPosition: position, FrameOfReferenceUID: "2.25.1002" },
  }));
  const files = shuffled(written(stack), 2);
  const { series } = await readFiles(files);
  const loaded = await loadSeries(series[0]);
  if (!loaded.ok) throw new Error(loaded.problem.code);
  const { volume, context } = loaded.value;
  const mask = thresholdMask(volume.hu, volume.grid, PLANTED.thresholdHu);
  const input = smallCase({ leaks: [], verification: findingsVerification(context.verification) }, context);
  const masks = { cementOfLesion: new Map([["L1", mask]]), leaks: new Map(), previous: new Map() };
  const made = caseFiles({ ...input, masks }, encoders);
  if (!made.ok) throw new Error(made.problem.code);
  const at = join(folder, name);
  mkdirSync(at);
  const paths = await Promise.all(
    files.map(async (file) => {
      const path = join(at, `${file.path}.dcm`);
      writeFileSync(path, await readBytes(file));
      return path;
    }),
  );
  const bytesOf = (kind: "SEG" | "SR") => {
    const file = made.value.find((one) => one.kind === kind);
    if (!file) throw new Error(`no ${kind}: ${JSON.stringify(made.problems)}`);
    writeFileSync(join(at, `${kind}.dcm`), file.bytes);
    return { path: join(at, `${kind}.dcm`), bytes: file.bytes };
  };
  return { context, mask, ct: paths, seg: bytesOf("SEG"), sr: bytesOf("SR") };
}

/** Of every frame: how far from the CT slice it names, how its axes differ, and in how many pixels it differs from that slice's threshold. */
const FRAMES_BY_PYDICOM = `
import sys, json, numpy, pydicom
seg = pydicom.dcmread(sys.argv[1])
threshold = float(sys.argv[2])
ct = {d.SOPInstanceUID: d for d in map(pydicom.dcmread, sys.argv[3:])}
shared = seg.SharedFunctionalGroupsSequence[0]
axes = [float(v) for v in shared.PlaneOrientationSequence[0].ImageOrientationPatient]
pixels = seg.pixel_array if seg.pixel_array.ndim == 3 else seg.pixel_array[None]
off = []; turned = []; wrong = 0; named = set(); drawn = 0
for n, g in enumerate(seg.PerFrameFunctionalGroupsSequence):
    source = ct[g.DerivationImageSequence[0].SourceImageSequence[0].ReferencedSOPInstanceUID]
    named.add(source.SOPInstanceUID)
    place = [float(v) for v in g.PlanePositionSequence[0].ImagePositionPatient]
    off.append(max(abs(a - float(b)) for a, b in zip(place, source.ImagePositionPatient)))
    turned.append(max(abs(a - float(b)) for a, b in zip(axes, source.ImageOrientationPatient)))
    hu = source.pixel_array * float(source.RescaleSlope) + float(source.RescaleIntercept)
    wrong += int(((hu >= threshold) != (pixels[n] > 0)).sum()); drawn += int((pixels[n] > 0).sum())
dense = sum(int((d.pixel_array * float(d.RescaleSlope) + float(d.RescaleIntercept) >= threshold).sum()) for d in ct.values())
print(json.dumps({'off': max(off), 'turned': max(turned), 'wrong': wrong, 'drawn': drawn, 'dense': dense, 'frames': len(off), 'named': len(named)}))
`;

const cases: readonly (readonly [string, StackShape, number])[] = [
  ["10 degrees", { tiltDegrees: 10 }, 10],
  ["20 degrees", { tiltDegrees: 20 }, 20],
  ["-15 degrees, feet first", { tiltDegrees: -15, row: [-1, 0, 0] }, 15],
];

describe("the segmentation of a tilted scan", () => {
  it.each(cases)("comes back to the same voxels, and names its tilt: %s", async (name, shape, degrees) => {
    const { context, mask, seg } = await exported(`own ${name}`, shape);
    const back = readSegmentation(seg.bytes, context);
    if (!back.ok) throw new Error(back.problem.code);
    expect(back.value.segments).toHaveLength(1);
    expect(back.value.segments[0].mask).toEqual(mask);
    expect(back.problems).toEqual([]);
    expect(context.verification).toContainEqual({
      check: "geometry/tilt",
      outcome: "handled",
      figures: { tiltDegrees: degrees },
    });
  });

  it.skipIf(!hasTool("pydicom and numpy")).each(cases)(
    "lies on the slices that it names, as pydicom reads them: %s",
    async (name, shape) => {
      const { ct, seg } = await exported(`pydicom ${name}`, shape);
      const seen = await pythonJson(FRAMES_BY_PYDICOM, [seg.path, String(PLANTED.thresholdHu), ...ct]);
      expect(seen).toMatchObject({ wrong: 0 });
      const { off, turned, drawn, dense, frames, named } = seen as Record<string, number>;
      expect(off).toBeLessThan(1e-6);
      expect(turned).toBeLessThan(1e-6);
      expect(named).toBe(frames);
      expect(frames).toBeGreaterThan(15);
      // Every dense pixel of the scan is in some frame.
      expect(drawn).toBe(dense);
    },
  );

  it.skipIf(!hasTool("dicom3tools"))("satisfies the validators, with its report", async () => {
    const { seg, sr } = await exported("validated", { tiltDegrees: 20 });
    expect(await dciodvfyErrors(seg.path)).toEqual([]);
    expect(await dciodvfyErrors(sr.path)).toEqual([]);
  });
});
