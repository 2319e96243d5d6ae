// A segmentation that is written and read again has the same voxels, names, codes and colours, in every orientation.
import { describe, expect, it } from "vitest";
import type { Vec3 } from "#core/space";
import type { SeriesContext } from "#core/study";
import { type DataSet, writePart10 } from "#dicom/part10";
import { readSegmentation } from "#dicom/read-segmentation";
import { writeSegmentation } from "#dicom/write-segmentation";
import { type RunMask, emptyMask, maskHas, voxelCount } from "#voxels/mask";
import {
  type SmallSeriesOptions,
  asymmetricMasks,
  maskWhere,
  numbered,
  smallSeries,
  testSegmentation,
} from "./small-series.ts";

const c = Math.cos((12 * Math.PI) / 180);
const s = Math.sin((12 * Math.PI) / 180);

const grids: Readonly<Record<string, SmallSeriesOptions>> = {
  "axial, head first supine": {},
  "axial, feet first supine": {
    rowDirection: [-1, 0, 0],
    columnDirection: [0, 1, 0],
    patientPosition: "FFS",
  },
  "axial, head first prone": {
    rowDirection: [-1, 0, 0],
    columnDirection: [0, -1, 0],
    patientPosition: "HFP",
  },
  "axial, feet first prone": { rowDirection: [1, 0, 0], columnDirection: [0, -1, 0], patientPosition: "FFP" },
  sagittal: { rowDirection: [0, 1, 0], columnDirection: [0, 0, -1] },
  "oblique, 12 degrees": { rowDirection: [1, 0, 0], columnDirection: [0, c, s] },
  "gantry tilt (sheared stack)": { shearMm: 0.31 },
  "uneven spacing": { spacingMm: [1.25, 2.5, 1] },
  "one slice": { slices: 1, columns: 40, rows: 40 },
  "columns a multiple of eight": { columns: 40, rows: 24 },
};

function read(bytes: Uint8Array, context: SeriesContext) {
  const result = readSegmentation(bytes, context);
  if (!result.ok) throw new Error(`${result.problem.code} ${JSON.stringify(result.problem.details)}`);
  return result.value;
}

const masksFor = (source: SeriesContext): RunMask[] =>
  source.grid.slices > 1
    ? asymmetricMasks(source.grid)
    : [1, 2, 3].map((n) => maskWhere(source.grid, (i, j) => j % 4 === n && i > n && i < 9 + n * j));

describe("a segmentation on its own CT", () => {
  for (const [name, options] of Object.entries(grids)) {
    it(`keeps every voxel of asymmetric segments: ${name}`, () => {
      const source = smallSeries(options);
      const masks = masksFor(source);
      const back = read(writeSegmentation(testSegmentation(source), numbered(masks)), source);
      expect(back.segments.map((segment) => segment.mask)).toEqual(masks);
      // The document's codes also name their source, which no file keeps.
      expect(testSegmentation(source).segments).toMatchObject(
        back.segments.map(({ description }) => description),
      );
    });
  }

  it("gives the same bytes twice, and other bytes for other voxels", () => {
    const source = smallSeries();
    const masks = asymmetricMasks(source.grid);
    const once = writeSegmentation(testSegmentation(source), numbered(masks));
    expect(writeSegmentation(testSegmentation(source), numbered(masks))).toEqual(once);
    const moved = [maskWhere(source.grid, (i, j, k) => maskHas(masks[0], i - 1, j, k)), masks[1], masks[2]];
    expect(writeSegmentation(testSegmentation(source), numbered(moved))).not.toEqual(once);
  });

  it("keeps non-ASCII names", () => {
    const source = smallSeries();
    const document = testSegmentation(source);
    const segments = document.segments.map((segment) => ({
      ...segment,
      label: `骶前间隙 ${segment.number} é`,
    }));
    const bytes = writeSegmentation({ ...document, segments }, numbered(asymmetricMasks(source.grid)));
    expect(read(bytes, source).segments[1].description.label).toBe("骶前间隙 2 é");
  });
});

describe("what is never written", () => {
  const source = smallSeries();
  const masks = asymmetricMasks(source.grid);
  const codeOf = (write: () => unknown): unknown => {
    try {
      write();
    } catch (error) {
      return error instanceof Error && "problem" in error ? error.problem : error;
    }
    return null;
  };

  it("refuses an empty segment and names it", () => {
    const withEmpty = numbered([masks[0], emptyMask(source.grid), masks[2]]);
    expect(codeOf(() => writeSegmentation(testSegmentation(source), withEmpty))).toMatchObject({
      code: "seg/empty-segment",
      details: { segmentNumber: 2, label: "Lesion 1 leak 1" },
    });
  });

  it("refuses a mask of another grid, no segments, gaps in the numbers, an empty serial number", () => {
    const document = testSegmentation(source);
    const other = numbered(asymmetricMasks(smallSeries({ slices: 12 }).grid));
    expect(codeOf(() => writeSegmentation(document, other))).toMatchObject({ code: "seg/other-grid" });
    expect(codeOf(() => writeSegmentation({ ...document, segments: [] }, numbered(masks)))).toMatchObject({
      code: "seg/no-segments",
    });
    const gap = { ...document, segments: [document.segments[0], document.segments[2]] };
    expect(codeOf(() => writeSegmentation(gap, numbered(masks)))).toMatchObject({
      code: "seg/segment-numbers",
    });
    const equipment = { ...document.equipment, deviceSerialNumber: "" };
    expect(codeOf(() => writeSegmentation({ ...document, equipment }, numbered(masks)))).toMatchObject({
      code: "seg/incomplete-equipment",
    });
  });

  it("says that segments overlap when they do", () => {
    const bytes = writeSegmentation(testSegmentation(source), numbered([masks[0], masks[0], masks[2]]));
    const back = read(bytes, source);
    expect(back.segments[0].mask).toEqual(back.segments[1].mask);
    const text = new TextDecoder("latin1").decode(bytes);
    // (0062,0013) CS of 4 characters, then of 2.
    expect(text).toContain("\x62\0\x13\0CS\x04\0YES ");
    const apart = writeSegmentation(testSegmentation(source), numbered(masks));
    expect(new TextDecoder("latin1").decode(apart)).toContain("\x62\0\x13\0CS\x02\0NO");
  });
});

/** A segmentation with frames as a stranger might write them. */
interface ForeignFrame {
  readonly segment: number;
  readonly position: Vec3;
  readonly pixels: readonly (readonly number[])[];
}

function foreign(
  source: SeriesContext,
  frames: readonly ForeignFrame[],
  orientation: readonly number[],
  change: DataSet = {},
): Uint8Array {
  const rows = frames[0].pixels.length;
  const columns = frames[0].pixels[0].length;
  const type = change.SegmentationType ?? "BINARY";
  const flat = frames.flatMap((frame) => frame.pixels.flat());
  const bytes =
    type === "BINARY"
      ? Uint8Array.from({ length: Math.ceil(flat.length / 16) * 2 }, (_, n) =>
          flat.slice(8 * n, 8 * n + 8).reduce((byte, bit, at) => byte | (bit << at), 0),
        )
      : Uint8Array.from(flat.length % 2 ? [...flat, 0] : flat);
  const numbers = [...new Set(frames.map((frame) => frame.segment))];
  return writePart10({
    SOPClassUID: "1.2.840.10008.5.1.4.1.1.66.4",
    SOPInstanceUID: "2.25.7",
    SeriesInstanceUID: "2.25.8",
    StudyInstanceUID: source.study.studyInstanceUid,
    FrameOfReferenceUID: source.frameOfReferenceUid,
    Modality: "SEG",
    SegmentationType: "BINARY",
    SegmentSequence: numbers.map((number) => ({ SegmentNumber: number, SegmentLabel: `segment ${number}` })),
    SharedFunctionalGroupsSequence: [
      {
        PlaneOrientationSequence: [{ ImageOrientationPatient: orientation }],
        PixelMeasuresSequence: [{ PixelSpacing: ["0.8", "0.7"] }],
      },
    ],
    PerFrameFunctionalGroupsSequence: frames.map((frame) => ({
      PlanePositionSequence: [{ ImagePositionPatient: [...frame.position] }],
      ...(type === "BINARY"
        ? { SegmentIdentificationSequence: [{ ReferencedSegmentNumber: frame.segment }] }
        : {}),
    })),
    NumberOfFrames: frames.length,
    Rows: rows,
    Columns: columns,
    SamplesPerPixel: 1,
    PhotometricInterpretation: "MONOCHROME2",
    BitsAllocated: type === "BINARY" ? 1 : 8,
    BitsStored: type === "BINARY" ? 1 : 8,
    HighBit: type === "BINARY" ? 0 : 7,
    PixelRepresentation: 0,
    PixelData: bytes.buffer,
    ...change,
  });
}

describe("a segmentation by others", () => {
  const source = smallSeries();
  const { grid } = source;
  const at = (i: number, j: number, k: number): Vec3 => {
    const [x, y, z] = grid.slicePositions[k];
    return [x + 0.7 * i, y + 0.8 * j, z];
  };
  const axial = [1, 0, 0, 0, 1, 0];

  it("puts cropped and reordered frames where they lie in the patient", () => {
    const bytes = foreign(
      source,
      [
        {
          segment: 1,
          position: at(10, 5, 7),
          pixels: [
            [1, 1, 0],
            [0, 0, 1],
          ],
        },
        {
          segment: 2,
          position: at(0, 0, 2),
          pixels: [
            [0, 0, 0],
            [1, 0, 0],
          ],
        },
        {
          segment: 1,
          position: at(11, 6, 3),
          pixels: [
            [0, 0, 1],
            [0, 1, 0],
          ],
        },
      ],
      axial,
    );
    const [first, second] = read(bytes, source).segments;
    const expected = new Set(["10,5,7", "11,5,7", "12,6,7", "13,6,3", "12,7,3"]);
    expect(first.mask).toEqual(maskWhere(grid, (i, j, k) => expected.has(`${i},${j},${k}`)));
    expect(second.mask).toEqual(maskWhere(grid, (i, j, k) => i === 0 && j === 1 && k === 2));
  });

  it("turns flipped and transposed frames back by their orientation", () => {
    // Columns run to the right (-x), rows to anterior (-y), from the far corner of a 2x3 patch.
    const flipped = foreign(
      source,
      [
        {
          segment: 1,
          position: at(12, 6, 4),
          pixels: [
            [1, 1, 0],
            [0, 0, 1],
          ],
        },
      ],
      [-1, 0, 0, 0, -1, 0],
    );
    expect(read(flipped, source).segments[0].mask).toEqual(
      maskWhere(grid, (i, j, k) => k === 4 && ((j === 6 && (i === 12 || i === 11)) || (j === 5 && i === 10))),
    );
    // Rows and columns exchanged; spacing belongs to the directions, so it is exchanged too.
    const turned = foreign(
      source,
      [
        {
          segment: 1,
          position: at(3, 4, 4),
          pixels: [
            [1, 1, 0],
            [0, 0, 1],
          ],
        },
      ],
      [0, 1, 0, 1, 0, 0],
      {
        SharedFunctionalGroupsSequence: [
          {
            PlaneOrientationSequence: [{ ImageOrientationPatient: [0, 1, 0, 1, 0, 0] }],
            PixelMeasuresSequence: [{ PixelSpacing: ["0.7", "0.8"] }],
          },
        ],
      },
    );
    expect(read(turned, source).segments[0].mask).toEqual(
      maskWhere(grid, (i, j, k) => k === 4 && ((i === 3 && (j === 4 || j === 5)) || (i === 4 && j === 6))),
    );
  });

  it("reads a label map by the numbers in its pixels", () => {
    const bytes = foreign(
      source,
      [
        {
          segment: 3,
          position: at(10, 5, 7),
          pixels: [
            [3, 3, 0],
            [0, 3, 0],
          ],
        },
      ],
      axial,
      { SegmentationType: "LABELMAP", SOPClassUID: "1.2.840.10008.5.1.4.1.1.66.7" },
    );
    const [segment] = read(bytes, source).segments;
    expect(segment.description.number).toBe(3);
    expect(voxelCount(segment.mask)).toBe(3);
    expect(maskHas(segment.mask, 11, 6, 7)).toBe(true);
  });

  const refusal = (bytes: Uint8Array, context = source) => {
    const result = readSegmentation(bytes, context);
    return result.ok ? null : result.problem;
  };
  const frame = (position: Vec3): ForeignFrame => ({
    segment: 1,
    position,
    pixels: [
      [1, 1, 1],
      [0, 1, 0],
    ],
  });

  it("refuses another grid and says which frame, where and by how much", () => {
    const [x, y, z] = at(4, 4, 4);
    expect(refusal(foreign(source, [frame(at(4, 4, 4)), frame([x, y, z + 0.5])], axial))).toMatchObject({
      code: "seg/other-grid",
      details: { frame: 2, offMm: 0.5 },
    });
    expect(refusal(foreign(source, [frame([x + 0.3, y, z])], axial))).toMatchObject({
      code: "seg/other-grid",
    });
    expect(
      refusal(foreign(source, [frame(at(4, 4, 4))], [0.9962, 0.0872, 0, -0.0872, 0.9962, 0])),
    ).toMatchObject({
      code: "seg/other-grid",
    });
  });

  it("refuses voxels outside the CT instead of dropping them", () => {
    expect(refusal(foreign(source, [frame(at(36, 4, 4))], axial))).toMatchObject({
      code: "seg/outside-volume",
      details: { segmentNumber: 1, frame: 1, voxels: 3 },
    });
    const [x, y, z] = at(4, 4, 10);
    expect(refusal(foreign(source, [frame([x, y, z + 1.25])], axial))).toMatchObject({
      code: "seg/outside-volume",
    });
  });

  it("refuses another study, another frame of reference, a CT and a text file", () => {
    const bytes = writeSegmentation(testSegmentation(source), numbered(asymmetricMasks(grid)));
    const study = { ...source.study, studyInstanceUid: "2.25.1" };
    expect(refusal(bytes, { ...source, study })).toMatchObject({ code: "seg/other-study" });
    expect(refusal(bytes, { ...source, frameOfReferenceUid: "2.25.1" })).toMatchObject({
      code: "seg/other-frame-of-reference",
    });
    const ct = foreign(source, [frame(at(4, 4, 4))], axial, { SOPClassUID: "1.2.840.10008.5.1.4.1.1.2" });
    expect(refusal(ct)).toMatchObject({ code: "seg/not-a-segmentation" });
    expect(refusal(new TextEncoder().encode("not DICOM at all"))).toMatchObject({ code: "read/not-dicom" });
    for (const cut of [140, 400, 2000, bytes.length - 40])
      expect(refusal(bytes.slice(0, cut))?.code).toMatch(/^(read|seg)\//);
  });

  it("refuses a frame of a segment that nobody described", () => {
    const bytes = foreign(source, [frame(at(4, 4, 4))], axial, {
      SegmentSequence: [{ SegmentNumber: 2, SegmentLabel: "other" }],
    });
    expect(refusal(bytes)).toMatchObject({ code: "seg/undescribed-segment", details: { segmentNumber: 1 } });
  });
});
