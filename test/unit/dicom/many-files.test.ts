// Claims about a folder of thousands of files: only headers are read, each file once, and the work grows with their number alone.
import { describe, expect, it } from "vitest";
import type { NamedFile } from "#dicom/named-file";
import { readFiles } from "#dicom/open-files";
import { type DataSet, writePart10 } from "#dicom/part10";

const SIDE = 512;
const PIXEL_BYTES = 2 * SIDE * SIDE;

interface Asked {
  reads: number;
  /** The furthest byte that was asked for. */
  to: number;
}

/** A slice of 512 x 512 whose pixels exist only in its size: whoever asks for them is counted, and given zeros. */
function slice(
  series: number,
  k: number,
  asked: Asked,
  change: DataSet,
): { file: NamedFile; headerBytes: number } {
  const bytes = writePart10({
    SOPClassUID: "1.2.840.10008.5.1.4.1.1.2",
    SOPInstanceUID: `2.25.90${series}.${k}`,
    ImageType: ["ORIGINAL", "PRIMARY", "AXIAL"],
    Modality: "CT",
    PatientName: "MANY^FILES",
    PatientID: "M1",
    StudyInstanceUID: "2.25.91",
    SeriesInstanceUID: `2.25.92${series}`,
    FrameOfReferenceUID: "2.25.93",
    PatientPosition: "HFS",
    InstanceNumber: String(k + 1),
    ImagePositionPatient: [-200, -200, k],
    ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
    PixelSpacing: ["0.8", "0.8"],
    SamplesPerPixel: 1,
    PhotometricInterpretation: "MONOCHROME2",
    Rows: SIDE,
    Columns: SIDE,
    BitsAllocated: 16,
    BitsStored: 16,
    HighBit: 15,
    PixelRepresentation: 1,
    RescaleIntercept: "0",
    RescaleSlope: "1",
    RescaleType: "HU",
    PixelData: new Uint8Array(2).buffer,
    ...change,
  });
  // The last six bytes are the length of the pixels and two of them; the length is made that of a slice.
  const header = bytes.slice(0, -2);
  new DataView(header.buffer).setUint32(header.length - 4, PIXEL_BYTES, true);
  const size = header.length + PIXEL_BYTES;
  const file: NamedFile = {
    path: `disc/S${series}/IM${k}`,
    size,
    slice: (start, end) => {
      asked.reads++;
      asked.to = Math.max(asked.to, Math.min(end, size));
      const out = new Uint8Array(Math.min(end, size) - start);
      out.set(header.subarray(start, end));
      return { arrayBuffer: () => Promise.resolve(out.buffer) };
    },
  };
  return { file, headerBytes: header.length };
}

function folder(series: number, slices: number, change: DataSet = {}) {
  const asked: Asked[] = [];
  let headerBytes = 0;
  const files = Array.from({ length: series * slices }, (_, n) => {
    const counted: Asked = { reads: 0, to: 0 };
    asked.push(counted);
    const made = slice(Math.floor(n / slices), n % slices, counted, change);
    headerBytes = Math.max(headerBytes, made.headerBytes);
    return made.file;
  });
  return { files, asked, headerBytes };
}

describe("2,000 files of 20 series in one folder", () => {
  it("are listed after one read of each, of its header and no more than 16 kB", async () => {
    const { files, asked } = folder(20, 100);
    const { series, rejected } = await readFiles(files);
    expect(rejected).toEqual([]);
    expect(series.map(({ summary }) => [summary.openable, summary.imageCount])).toEqual(
      Array.from({ length: 20 }, () => [true, 100]),
    );
    expect(asked.filter(({ reads }) => reads !== 1)).toEqual([]);
    const furthest = asked.reduce((most, { to }) => Math.max(most, to), 0);
    expect(furthest).toBe(16_384);
    // Of a gigabyte of pixels.
    expect(asked.reduce((sum, { to }) => sum + to, 0)).toBeLessThan(0.04 * 2000 * PIXEL_BYTES);
  }, 30_000);

  it("learn from the first long header how far to read the others at once", async () => {
    const { files, asked, headerBytes } = folder(2, 100, {
      ImageComments: "x".repeat(10_000),
      PatientComments: "x".repeat(10_000),
      AdditionalPatientHistory: "x".repeat(9_000),
    });
    expect(headerBytes).toBeGreaterThan(20_000);
    const { series } = await readFiles(files);
    expect(series.map(({ summary }) => summary.imageCount)).toEqual([100, 100]);
    // Those in flight when the first long one was met are read twice.
    expect(asked.filter(({ reads }) => reads > 1).length).toBeLessThanOrEqual(6);
    expect(Math.max(...asked.map(({ to }) => to))).toBe(65_536);
  });
});
