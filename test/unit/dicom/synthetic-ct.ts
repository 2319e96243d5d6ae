// Small CT slices for tests of reading: each option is one way in which real files are awkward.
import { type Vec3, add, cross, scale } from "#core/space";
import { type NamedFile, memoryFile } from "#dicom/named-file";
import { type DataSet, writePart10 } from "#dicom/part10";

export const ROWS = 6;
export const COLUMNS = 8;
const SERIES_UID = "2.25.1001";

export interface SliceOptions {
  readonly position: Vec3;
  readonly uid?: string;
  readonly row?: Vec3;
  readonly column?: Vec3;
  /** Stored values `[j][i]`; the slice's own number everywhere unless given. */
  readonly stored?: Int16Array | Uint16Array;
  readonly change?: DataSet;
}

export const sliceFile = (options: SliceOptions): Uint8Array => {
  const { position, row = [1, 0, 0], column = [0, 1, 0] } = options;
  const stored = options.stored ?? new Int16Array(ROWS * COLUMNS).fill(Math.round(position[2]));
  return writePart10({
    SOPClassUID: "1.2.840.10008.5.1.4.1.1.2",
    SOPInstanceUID:
      options.uid ?? `2.25.5${Math.abs(Math.round(position.reduce((sum, x) => sum * 1000 + x, 7) * 100))}`,
    SpecificCharacterSet: "ISO_IR 100",
    ImageType: ["ORIGINAL", "PRIMARY", "AXIAL"],
    Modality: "CT",
    Manufacturer: "TEST",
    PatientName: "TEST^CASE",
    PatientID: "T1",
    StudyInstanceUID: "2.25.1000",
    StudyDate: "20250101",
    SeriesInstanceUID: SERIES_UID,
    SeriesNumber: "3",
    SeriesDescription: "Bone 1.0",
    SliceThickness: "1",
    KVP: "120",
    ConvolutionKernel: "B60f",
    PatientPosition: "HFS",
    AcquisitionNumber: "1",
    InstanceNumber: "1",
    FrameOfReferenceUID: "2.25.1002",
    ImagePositionPatient: [...position],
    ImageOrientationPatient: [...row, ...column],
    PixelSpacing: ["0.8", "0.5"],
    SamplesPerPixel: 1,
    PhotometricInterpretation: "MONOCHROME2",
    Rows: ROWS,
    Columns: COLUMNS,
    BitsAllocated: 16,
    BitsStored: 16,
    HighBit: 15,
    PixelRepresentation: 1,
    RescaleIntercept: "0",
    RescaleSlope: "1",
    RescaleType: "HU",
    PixelData: new Uint8Array(stored.buffer.slice(0), stored.byteOffset, stored.byteLength).slice().buffer,
    ...options.change,
  });
};

export interface SeriesOptions {
  readonly slices?: number;
  readonly stepMm?: number;
  readonly row?: Vec3;
  readonly column?: Vec3;
  /** mm along the columns per slice: gantry tilt. */
  readonly slantMm?: number;
  readonly change?: DataSet | ((k: number) => DataSet);
  readonly prefix?: string;
}

/** Files of a stack, ascending along its normal, named s00, s01, …; instance numbers run against the stack. */
export function seriesFiles(options: SeriesOptions = {}): NamedFile[] {
  const { slices = 10, stepMm = 1, row = [1, 0, 0], column = [0, 1, 0], slantMm = 0, prefix = "s" } = options;
  const normal = cross(row, column);
  return Array.from({ length: slices }, (_, k) => {
    const position = add(add([-10, -20, 30], scale(normal, k * stepMm)), scale(column, k * slantMm));
    const change = typeof options.change === "function" ? options.change(k) : options.change;
    const bytes = sliceFile({
      position,
      row,
      column,
      uid: `2.25.77${prefix.length}${k}`,
      stored: new Int16Array(ROWS * COLUMNS).fill(k),
      change: { InstanceNumber: String(slices - k), ...change },
    });
    return memoryFile(`${prefix}${String(k).padStart(2, "0")}`, bytes);
  });
}

/** Order that depends on the seed alone (Fisher-Yates with a small linear congruential generator). */
export function shuffled<T>(items: readonly T[], seed = 1): T[] {
  const out = [...items];
  let state = seed;
  for (let n = out.length - 1; n > 0; n--) {
    state = (state * 1103515245 + 12345) % 2147483648;
    const other = state % (n + 1);
    [out[n], out[other]] = [out[other], out[n]];
  }
  return out;
}
