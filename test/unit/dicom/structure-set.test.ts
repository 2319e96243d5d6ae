// Contours of an RT Structure Set become the voxels whose centres they enclose, in every orientation; or are refused with where.
import { describe, expect, it } from "vitest";
import { type Vec3, patientFromVoxel } from "#core/space";
import type { SeriesContext } from "#core/study";
import { type DataSet, writePart10 } from "#dicom/part10";
import { readStructureSet } from "#dicom/read-structure-set";
import { voxelCount } from "#voxels/mask";
import { type SmallSeriesOptions, maskWhere, smallSeries } from "./small-series.ts";

const c = Math.cos((12 * Math.PI) / 180);
const s = Math.sin((12 * Math.PI) / 180);
const GRIDS: Readonly<Record<string, SmallSeriesOptions>> = {
  axial: {},
  prone: { rowDirection: [-1, 0, 0], columnDirection: [0, -1, 0], patientPosition: "HFP" },
  sagittal: { rowDirection: [0, 1, 0], columnDirection: [0, 0, -1] },
  oblique: { rowDirection: [1, 0, 0], columnDirection: [0, c, s] },
  "gantry tilt": { shearMm: 0.31 },
};

type Outline = readonly (readonly [i: number, j: number])[];
interface Roi {
  readonly name: string;
  readonly outlines: readonly { readonly k: number; readonly points: Outline }[];
  readonly color?: readonly [number, number, number];
}

/** A star with unequal arms: no symmetry hides a flip. */
const star = (i0: number, j0: number, size: number): Outline =>
  Array.from({ length: 14 }, (_, n) => {
    const r = size * (n % 2 === 0 ? 1 : 0.55) * (1 + 0.04 * n);
    const a = (n / 14) * 2 * Math.PI;
    return [i0 + r * Math.cos(a) + 0.013, j0 + r * Math.sin(a) + 0.017] as const;
  });

function structureSet(
  source: SeriesContext,
  rois: readonly Roi[],
  change: DataSet = {},
  shift: Vec3 = [0, 0, 0],
): Uint8Array {
  const data = (k: number, points: Outline): number[] =>
    points.flatMap(([i, j]) =>
      patientFromVoxel(source.grid, i, j, k).map((mm, axis) => Number((mm + shift[axis]).toFixed(5))),
    );
  return writePart10({
    SOPClassUID: "1.2.840.10008.5.1.4.1.1.481.3",
    SOPInstanceUID: "2.25.5",
    StudyInstanceUID: source.study.studyInstanceUid,
    SeriesInstanceUID: "2.25.6",
    SpecificCharacterSet: "ISO_IR 192",
    StructureSetLabel: "CEMENT",
    StructureSetROISequence: rois.map(({ name }, n) => ({
      ROINumber: String(n + 1),
      ReferencedFrameOfReferenceUID: source.frameOfReferenceUid,
      ROIName: name,
      ROIGenerationAlgorithm: "SEMIAUTOMATIC",
    })),
    ROIContourSequence: rois.map(({ outlines, color }, n) => ({
      ROIDisplayColor: color ? color.map(String) : undefined,
      ReferencedROINumber: String(n + 1),
      ContourSequence: outlines.map(({ k, points }) => ({
        ContourGeometricType: "CLOSED_PLANAR",
        NumberOfContourPoints: String(points.length),
        ContourData: data(k, points),
      })),
    })),
    ...change,
  });
}

/** Inside by the angle that the outline turns around the point: another way than the reader's. */
function turnsAround(points: Outline, i: number, j: number): boolean {
  let turned = 0;
  points.forEach(([x, y], n) => {
    const [u, v] = points[(n + 1) % points.length];
    let angle = Math.atan2(v - j, u - i) - Math.atan2(y - j, x - i);
    if (angle > Math.PI) angle -= 2 * Math.PI;
    if (angle < -Math.PI) angle += 2 * Math.PI;
    turned += angle;
  });
  return Math.abs(turned) > Math.PI;
}

describe("a structure set", () => {
  for (const [name, options] of Object.entries(GRIDS))
    it(`encloses its voxels, holes left out: ${name}`, () => {
      const source = smallSeries(options);
      const outer = star(18, 14, 9);
      const inner = star(17, 13, 3);
      const rois: Roi[] = [
        {
          name: "骨水泥",
          color: [255, 128, 0],
          outlines: [2, 3, 4].flatMap((k) => [
            { k, points: outer },
            { k, points: inner },
          ]),
        },
        { name: "leak", outlines: [{ k: 7, points: star(8, 9, 5) }] },
      ];
      const read = readStructureSet(structureSet(source, rois), source);
      if (!read.ok) throw new Error(read.problem.code);
      expect(read.problems).toEqual([]);
      const [cement, leak] = read.value.segments;
      const ring = (i: number, j: number) => turnsAround(outer, i, j) && !turnsAround(inner, i, j);
      expect(cement.mask).toEqual(maskWhere(source.grid, (i, j, k) => k >= 2 && k <= 4 && ring(i, j)));
      expect(leak.mask).toEqual(
        maskWhere(source.grid, (i, j, k) => k === 7 && turnsAround(star(8, 9, 5), i, j)),
      );
      expect(voxelCount(cement.mask)).toBeGreaterThan(300);
      expect(cement.description).toMatchObject({
        number: 1,
        label: "骨水泥",
        displayColor: "#ff8000",
        algorithmType: "SEMIAUTOMATIC",
      });
    });

  const source = smallSeries();
  const one: Roi = { name: "leak", outlines: [{ k: 4, points: star(15, 12, 5) }] };
  const refusal = (bytes: Uint8Array, context = source) => {
    const read = readStructureSet(bytes, context);
    return read.ok ? null : read.problem;
  };

  it("says which slices have no contour, and which structures have none", () => {
    const gappy: Roi = { ...one, outlines: [2, 5].map((k) => ({ k, points: star(15, 12, 5) })) };
    const read = readStructureSet(structureSet(source, [gappy, { name: "marker", outlines: [] }]), source);
    expect(read.ok && read.problems).toMatchObject([
      { code: "rt/no-contours", details: { names: "marker" } },
      { code: "rt/gaps", details: { names: "leak" } },
    ]);
    expect(refusal(structureSet(source, [{ name: "marker", outlines: [] }]))).toMatchObject({
      code: "rt/empty",
    });
  });

  it("is refused off its slices, outside the CT, in another study or frame of reference, and damaged", () => {
    expect(refusal(structureSet(source, [one], {}, [0, 0, 0.6]))).toMatchObject({
      code: "rt/off-slice",
      details: { roi: "leak", offMm: 0.6 },
    });
    expect(
      refusal(structureSet(source, [{ ...one, outlines: [{ k: 4, points: star(35, 12, 5) }] }])),
    ).toMatchObject({ code: "rt/outside-volume", details: { slice: 5 } });
    expect(refusal(structureSet(source, [one], { StudyInstanceUID: "2.25.1" }))).toMatchObject({
      code: "seg/other-study",
    });
    expect(refusal(structureSet(source, [one]), { ...source, frameOfReferenceUid: "2.25.1" })).toMatchObject({
      code: "seg/other-frame-of-reference",
    });
    const broken = {
      ROIContourSequence: [
        {
          ReferencedROINumber: "1",
          ContourSequence: [{ ContourGeometricType: "CLOSED_PLANAR", ContourData: [1, 2, 3, 4] }],
        },
      ],
    };
    expect(refusal(structureSet(source, [one], broken))).toMatchObject({ code: "rt/malformed" });
    expect(refusal(structureSet(source, [one], { SOPClassUID: "1.2.3" }))).toMatchObject({
      code: "rt/not-a-structure-set",
    });
    const bytes = structureSet(source, [one]);
    for (const cut of [140, 400, bytes.length - 30])
      expect(refusal(bytes.slice(0, cut))?.code).toMatch(/^(read|rt|seg)\//);
  });
});
