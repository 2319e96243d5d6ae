// Every form that a segmentation comes in gives the same voxels: label maps, packed frames, fractions, and slices of its own.
import { deflateSync } from "fflate";
import { describe, expect, it } from "vitest";
import { dot, patientFromVoxel, voxelFromPatient } from "#core/space";
import type { SeriesContext } from "#core/study";
import { type DataSet, writePart10 } from "#dicom/part10";
import { readSegmentation, readSegmentationOnto } from "#dicom/read-segmentation";
import { writeSegmentation } from "#dicom/write-segmentation";
import { maskHas, voxelCount, type RunMask } from "#voxels/mask";
import { concat } from "./encode-elements.ts";
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
const GRIDS: Readonly<Record<string, SmallSeriesOptions>> = {
  axial: {},
  "feet first": { rowDirection: [-1, 0, 0], columnDirection: [0, 1, 0], patientPosition: "FFS" },
  prone: { rowDirection: [-1, 0, 0], columnDirection: [0, -1, 0], patientPosition: "HFP" },
  sagittal: { rowDirection: [0, 1, 0], columnDirection: [0, 0, -1] },
  coronal: { rowDirection: [1, 0, 0], columnDirection: [0, 0, -1] },
  oblique: { rowDirection: [1, 0, 0], columnDirection: [0, c, s] },
  "gantry tilt": { shearMm: 0.31 },
  "uneven spacing": { spacingMm: [1.25, 2.5, 1] },
};

const RLE = "1.2.840.10008.1.2.5";
const DEFLATED = "1.2.840.10008.1.2.8.1";

const valueOf = <T>(result: { ok: true; value: T } | { ok: false; problem: { code: string } }): T => {
  if (!result.ok) throw new Error(result.problem.code);
  return result.value;
};
const masksIn = (bytes: Uint8Array, context: SeriesContext): RunMask[] =>
  valueOf(readSegmentation(bytes, context)).segments.map(({ mask }) => mask);

/** The file with its frames encapsulated, one fragment each: an encoder written apart from the decoder. */
function encapsulate(file: Uint8Array, uid: typeof RLE | typeof DEFLATED, bits: 1 | 8): Uint8Array {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const at = lastIndexOfTag(file, 0x7fe0, 0x0010);
  const pixels = file.subarray(at + 12, at + 12 + view.getUint32(at + 8, true));
  const { frames, rows, columns } = sizeOf(file);
  const count = rows * columns;
  const items = Array.from({ length: frames }, (_, n) => {
    const raw = new Uint8Array(bits === 8 ? count : Math.ceil(count / 8));
    for (let p = 0; p < count; p++) {
      const from = n * count + p;
      if (bits === 8) raw[p] = pixels[from];
      else if ((pixels[from >> 3] >> (from & 7)) & 1) raw[p >> 3] |= 1 << (p & 7);
    }
    return uid === DEFLATED ? deflateSync(raw) : runLength(raw);
  });
  const sequence = [item(new Uint8Array(0)), ...items.map(item), tag(0xfffe, 0xe0dd, 0)];
  const head = file.slice(0, at + 12);
  const headView = new DataView(head.buffer);
  head.set(new TextEncoder().encode("OB"), at + 4);
  headView.setUint32(at + 8, 0xffffffff, true);
  return withSyntax(concat([head, ...sequence]), uid);
}

function lastIndexOfTag(file: Uint8Array, group: number, element: number): number {
  const bytes = [group & 255, group >> 8, element & 255, element >> 8];
  for (let at = file.length - 4; at > 0; at--) if (bytes.every((byte, n) => file[at + n] === byte)) return at;
  throw new Error("no such element");
}

const usOf = (file: Uint8Array, element: number): number => {
  const at = lastIndexOfTag(file, 0x0028, element);
  return file[at + 8] | (file[at + 9] << 8);
};
function sizeOf(file: Uint8Array) {
  const at = lastIndexOfTag(file, 0x0028, 0x0008);
  const text = new TextDecoder().decode(file.subarray(at + 8, at + 8 + file[at + 6]));
  return { frames: Number(text), rows: usOf(file, 0x0010), columns: usOf(file, 0x0011) };
}

function tag(group: number, element: number, length: number): Uint8Array {
  const bytes = new Uint8Array(8);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, group, true);
  view.setUint16(2, element, true);
  view.setUint32(4, length, true);
  return bytes;
}
function item(bytes: Uint8Array): Uint8Array {
  const even = new Uint8Array(bytes.length + (bytes.length % 2));
  even.set(bytes);
  return concat([tag(0xfffe, 0xe000, even.length), even]);
}

/** One plane of PackBits with runs and literals (PS3.5 G.3). */
function runLength(raw: Uint8Array): Uint8Array {
  const out: number[] = [];
  for (let at = 0; at < raw.length;) {
    let run = 1;
    while (run < 128 && raw[at + run] === raw[at] && at + run < raw.length) run++;
    if (run > 1) out.push(257 - run, raw[at]);
    else out.push(0, raw[at]);
    at += run;
  }
  const header = new Uint8Array(64);
  const view = new DataView(header.buffer);
  view.setUint32(0, 1, true);
  view.setUint32(4, 64, true);
  return concat([header, Uint8Array.from(out)]);
}

/** Another Transfer Syntax UID in the meta header, whose group length stays true. */
function withSyntax(file: Uint8Array, uid: string): Uint8Array {
  const at = file.findIndex((_, n) => file[n] === 2 && file[n + 1] === 0 && file[n + 2] === 16 && n > 130);
  const old = file[at + 6];
  const bytes = new Uint8Array(uid.length + (uid.length % 2));
  bytes.set(new TextEncoder().encode(uid));
  const out = concat([
    file.subarray(0, at + 6),
    Uint8Array.from([bytes.length, 0]),
    bytes,
    file.subarray(at + 8 + old),
  ]);
  const view = new DataView(out.buffer, out.byteOffset);
  view.setUint32(140, view.getUint32(140, true) + bytes.length - old, true);
  return out;
}

describe("a segmentation of asymmetric shapes", () => {
  for (const [name, options] of Object.entries(GRIDS))
    it(`keeps its voxels as bits and as a label map, native and packed: ${name}`, () => {
      const source = smallSeries(options);
      const all = asymmetricMasks(source.grid);
      // Label maps can't overlap.
      const masks = all.map((mask, n) =>
        maskWhere(
          source.grid,
          (i, j, k) => maskHas(mask, i, j, k) && !all.slice(0, n).some((other) => maskHas(other, i, j, k)),
        ),
      );
      for (const form of ["BINARY", "LABELMAP"] as const) {
        const native = writeSegmentation({ ...testSegmentation(source), form }, numbered(masks));
        expect({ form, masks: masksIn(native, source) }).toEqual({ form, masks });
        for (const uid of [RLE, DEFLATED] as const)
          expect({
            uid,
            masks: masksIn(encapsulate(native, uid, form === "BINARY" ? 1 : 8), source),
          }).toEqual({ uid, masks });
      }
    });

  it("is refused in words where its codec is not read here, or its frames are damaged", () => {
    const source = smallSeries();
    const native = writeSegmentation(testSegmentation(source), numbered(asymmetricMasks(source.grid)));
    const packed = encapsulate(native, RLE, 1);
    expect(readSegmentation(withSyntax(packed, "1.2.840.10008.1.2.4.80"), source)).toMatchObject({
      ok: false,
      problem: { code: "seg/compressed", details: { transferSyntax: "JPEG-LS Lossless" } },
    });
    const damaged = packed.slice();
    // The first frame announces no plane at all.
    const firstFrame = lastIndexOfTag(damaged, 0x7fe0, 0x0010) + 12 + 8 + 8;
    damaged[firstFrame] = 0;
    const result = readSegmentation(damaged, source);
    expect(result.ok ? "" : result.problem.code).toBe("seg/malformed");
  });
});

describe("a fractional segmentation", () => {
  it("becomes the voxels of at least half the full value, and says so", () => {
    const source = smallSeries();
    const { grid } = source;
    const full = 200;
    const fraction = (i: number, j: number): number => Math.min(full, Math.round((i * 9 + j * 3) % 260));
    const pixels = new Uint8Array(grid.rows * grid.columns + ((grid.rows * grid.columns) % 2));
    for (let j = 0; j < grid.rows; j++)
      for (let i = 0; i < grid.columns; i++) pixels[j * grid.columns + i] = fraction(i, j);
    const file = fractional(source, 4, pixels, full);
    const result = readSegmentation(file, source);
    const expected = maskWhere(grid, (i, j, k) => k === 4 && fraction(i, j) >= 100);
    expect(valueOf(result).segments.map(({ mask }) => mask)).toEqual([expected]);
    expect(result.ok && result.problems).toMatchObject([{ code: "seg/fractional", severity: "warning" }]);
  });
});

function fractional(source: SeriesContext, k: number, pixels: Uint8Array, full: number): Uint8Array {
  const { grid } = source;
  const data: DataSet = {
    SOPClassUID: "1.2.840.10008.5.1.4.1.1.66.4",
    SOPInstanceUID: "2.25.77",
    StudyInstanceUID: source.study.studyInstanceUid,
    SeriesInstanceUID: "2.25.78",
    FrameOfReferenceUID: source.frameOfReferenceUid,
    SegmentationType: "FRACTIONAL",
    MaximumFractionalValue: full,
    Rows: grid.rows,
    Columns: grid.columns,
    NumberOfFrames: "1",
    BitsAllocated: 8,
    BitsStored: 8,
    HighBit: 7,
    PixelRepresentation: 0,
    SegmentSequence: [{ SegmentNumber: 1, SegmentLabel: "probable cement" }],
    SharedFunctionalGroupsSequence: [
      {
        PlaneOrientationSequence: [
          { ImageOrientationPatient: [...grid.rowDirection, ...grid.columnDirection] },
        ],
        PixelMeasuresSequence: [{ PixelSpacing: [grid.rowSpacingMm, grid.columnSpacingMm] }],
      },
    ],
    PerFrameFunctionalGroupsSequence: [
      {
        PlanePositionSequence: [{ ImagePositionPatient: [...grid.slicePositions[k]] }],
        SegmentIdentificationSequence: [{ ReferencedSegmentNumber: 1 }],
      },
    ],
    PixelData: pixels,
  };
  return writePart10(data);
}

describe("a segmentation drawn on other slices", () => {
  const ct = smallSeries({ columns: 60, rows: 50, slices: 24 });
  /** An ellipsoid with a bump on one side, in patient mm. */
  const inside = (p: readonly number[]): boolean => {
    const d = [p[0] - 8, p[1] + 212, p[2] - 54];
    return (
      (d[0] / 9) ** 2 + (d[1] / 7) ** 2 + (d[2] / 8) ** 2 < 1 ||
      (d[0] > 0 && Math.hypot(d[1] - 5, d[2]) < 3 && d[0] < 12)
    );
  };
  const others: Readonly<Record<string, SmallSeriesOptions>> = {
    "coarser, sagittal": { rowDirection: [0, 1, 0], columnDirection: [0, 0, -1], slices: 40, spacingMm: 1 },
    "turned by 12 degrees": {
      rowDirection: [1, 0, 0],
      columnDirection: [0, c, s],
      columns: 60,
      rows: 60,
      slices: 30,
    },
    tilted: { shearMm: 0.3, columns: 60, rows: 50, slices: 24 },
  };
  for (const [name, options] of Object.entries(others))
    it(`is laid over this CT by position, and says so: ${name}`, () => {
      // In the same frame of reference, around the same place.
      const made = smallSeries({ ...options, name: "other stack" });
      const shift = [0, 1, 2].map(
        (axis) =>
          [8, -212, 54][axis] -
          patientFromVoxel(made.grid, made.grid.columns / 2, made.grid.rows / 2, made.grid.slices / 2)[axis],
      );
      const grid = {
        ...made.grid,
        slicePositions: made.grid.slicePositions.map(
          ([x, y, z]) =>
            [x + shift[0], y + shift[1], z + shift[2]].map((mm) => Number(mm.toFixed(6))) as [
              number,
              number,
              number,
            ],
        ),
      };
      const there: SeriesContext = {
        ...made,
        grid,
        study: ct.study,
        frameOfReferenceUid: ct.frameOfReferenceUid,
      };
      const drawn = maskWhere(grid, (i, j, k) => inside(patientFromVoxel(grid, i, j, k)));
      const bytes = writeSegmentation(
        { ...testSegmentation(there), segments: testSegmentation(there).segments.slice(0, 1) },
        numbered([drawn]),
      );
      expect(readSegmentation(bytes, ct).ok).toBe(false);
      const result = readSegmentationOnto(bytes, ct);
      const [{ mask }] = valueOf(result).segments;
      expect(result.ok && result.problems.map(({ code }) => code)).toContain("seg/resampled");
      // Each voxel has the value of the drawn voxel that its centre lies in; here told by rounding alone.
      const expected = maskWhere(ct.grid, (i, j, k) => {
        const at = voxelFromPatient(grid, patientFromVoxel(ct.grid, i, j, k)).map(Math.round);
        return maskHas(drawn, at[0], at[1], at[2]);
      });
      expect(voxelCount(expected)).toBeGreaterThan(1000);
      expect(mask).toEqual(expected);
      // And so it lies where it was drawn, not mirrored: the bump is towards +x.
      const truth = maskWhere(ct.grid, (i, j, k) => inside(patientFromVoxel(ct.grid, i, j, k)));
      const both = maskWhere(ct.grid, (i, j, k) => maskHas(mask, i, j, k) && maskHas(truth, i, j, k));
      expect((2 * voxelCount(both)) / (voxelCount(mask) + voxelCount(truth))).toBeGreaterThan(0.9);
      expect(dot([1, 0, 0], ct.grid.rowDirection)).toBe(1);
    });

  it("stays refused in another frame of reference, and where it does not meet this CT", () => {
    const there = smallSeries({ name: "elsewhere", spacingMm: 2 });
    const write = (frameOfReferenceUid: string, awayMm: number) => {
      const moved: SeriesContext = {
        ...there,
        study: ct.study,
        frameOfReferenceUid,
        grid: {
          ...there.grid,
          slicePositions: there.grid.slicePositions.map(([x, y, z]) => [x, y, z + awayMm] as const),
        },
      };
      return writeSegmentation(testSegmentation(moved), numbered(asymmetricMasks(moved.grid)));
    };
    expect(readSegmentationOnto(write("2.25.9", 0), ct)).toMatchObject({
      ok: false,
      problem: { code: "seg/other-frame-of-reference" },
    });
    expect(readSegmentationOnto(write(ct.frameOfReferenceUid, 500), ct).ok).toBe(false);
    expect(readSegmentationOnto(write(ct.frameOfReferenceUid, 0), ct).ok).toBe(true);
  });
});
