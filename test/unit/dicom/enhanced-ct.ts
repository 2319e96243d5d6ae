// A small Enhanced or Legacy Converted Enhanced CT for tests: the stack of a SeriesContext in one multi-frame object.
import type { SeriesContext } from "#core/study";
import { type DataSet, writePart10 } from "#dicom/part10";
import { smallHu } from "./small-series.ts";

const ENHANCED_CT = "1.2.840.10008.5.1.4.1.1.2.1";
export const LEGACY_ENHANCED_CT = "1.2.840.10008.5.1.4.1.1.2.2";
const RLE = "1.2.840.10008.1.2.5";
const EXPLICIT = "1.2.840.10008.1.2.1";

interface EnhancedOptions {
  readonly sopClassUid?: string;
  readonly sopInstanceUid?: string;
  /** Slice k of each frame, in file order; top to bottom unless given, so that files and stack run against each other. */
  readonly slices?: readonly number[];
  /** Whether rescale, spacing and orientation stand in each frame instead of the shared groups. */
  readonly perFrame?: boolean;
  readonly change?: DataSet;
  readonly changeShared?: DataSet;
  readonly changeFrame?: (n: number) => DataSet;
}

/** The object, native: stored values are HU + 1024, twelve bits and unsigned, as a scanner writes. */
export function enhancedCt(source: SeriesContext, options: EnhancedOptions = {}): Uint8Array {
  const { grid } = source;
  const slices = options.slices ?? source.instances.map((_, k) => grid.slices - 1 - k);
  const sopClassUid = options.sopClassUid ?? ENHANCED_CT;
  const frameType = {
    FrameType: ["ORIGINAL", "PRIMARY", "VOLUME", "NONE"],
    PixelPresentation: "MONOCHROME",
    VolumetricProperties: "VOLUME",
    VolumeBasedCalculationTechnique: "NONE",
  };
  const common: DataSet = {
    PlaneOrientationSequence: [{ ImageOrientationPatient: [...grid.rowDirection, ...grid.columnDirection] }],
    PixelMeasuresSequence: [
      {
        PixelSpacing: [grid.rowSpacingMm, grid.columnSpacingMm],
        SliceThickness: source.sliceThicknessMm ?? 1,
      },
    ],
    PixelValueTransformationSequence: [{ RescaleIntercept: -1024, RescaleSlope: 1, RescaleType: "HU" }],
    CTImageFrameTypeSequence: [frameType],
  };
  return writePart10({
    SpecificCharacterSet: "ISO_IR 192",
    ImageType: ["ORIGINAL", "PRIMARY", "VOLUME", "NONE"],
    SOPClassUID: sopClassUid,
    SOPInstanceUID: options.sopInstanceUid ?? "2.25.900",
    StudyDate: source.study.studyDate,
    StudyTime: source.study.studyTime,
    AccessionNumber: source.study.accessionNumber,
    Modality: "CT",
    Manufacturer: "Test",
    ReferringPhysicianName: source.study.referringPhysicianName,
    StudyDescription: source.study.studyDescription,
    SeriesDescription: source.seriesDescription,
    PatientName: source.patient.patientName,
    PatientID: source.patient.patientId,
    PatientBirthDate: source.patient.patientBirthDate,
    PatientSex: source.patient.patientSex,
    PatientAge: source.patient.patientAge,
    PatientPosition: source.patientPosition,
    StudyInstanceUID: source.study.studyInstanceUid,
    SeriesInstanceUID: source.seriesInstanceUid,
    StudyID: source.study.studyId,
    SeriesNumber: 2,
    InstanceNumber: 1,
    FrameOfReferenceUID: source.frameOfReferenceUid,
    PositionReferenceIndicator: "",
    SamplesPerPixel: 1,
    PhotometricInterpretation: "MONOCHROME2",
    NumberOfFrames: slices.length,
    Rows: grid.rows,
    Columns: grid.columns,
    BitsAllocated: 16,
    BitsStored: 12,
    HighBit: 11,
    PixelRepresentation: 0,
    LossyImageCompression: "00",
    SharedFunctionalGroupsSequence: [
      {
        ...(options.perFrame ? {} : common),
        CTReconstructionSequence: [{ ConvolutionKernel: "B70" }],
        CTXRayDetailsSequence: [{ KVP: 120 }],
        ...options.changeShared,
      },
    ],
    PerFrameFunctionalGroupsSequence: slices.map((k, n) => ({
      ...(options.perFrame ? common : {}),
      FrameContentSequence: [
        { StackID: "1", InStackPositionNumber: k + 1, FrameAcquisitionNumber: 1, TemporalPositionIndex: 1 },
      ],
      PlanePositionSequence: [{ ImagePositionPatient: grid.slicePositions[k] }],
      ...options.changeFrame?.(n),
    })),
    PixelData: storedPixels(source, slices),
    ...options.change,
  });
}

function storedPixels({ grid }: SeriesContext, slices: readonly number[]): Uint8Array {
  const stored = new Uint16Array(grid.columns * grid.rows * slices.length);
  for (const [n, k] of slices.entries())
    for (let j = 0; j < grid.rows; j++)
      for (let i = 0; i < grid.columns; i++)
        stored[(n * grid.rows + j) * grid.columns + i] = smallHu(i, j, k) + 1024;
  return new Uint8Array(stored.buffer);
}

interface Encapsulation {
  readonly basicTable?: boolean;
  readonly extendedTable?: boolean;
}

/** The same object as RLE Lossless, a fragment per frame, with or without offset tables. */
export function asRle(
  native: Uint8Array,
  frameBytes: number,
  { basicTable, extendedTable }: Encapsulation = {},
) {
  const view = new DataView(native.buffer, native.byteOffset, native.byteLength);
  // Pixel Data is the last element: its value's length tells where it begins.
  let at = native.length - frameBytes;
  while (!(view.getUint16(at, true) === 0x7fe0 && view.getUint16(at + 2, true) === 0x0010)) at--;
  const pixels = native.subarray(at + 12);
  const fragments = Array.from({ length: pixels.length / frameBytes }, (_, n) =>
    rleFrame(pixels.subarray(n * frameBytes, (n + 1) * frameBytes)),
  );
  let offset = 0;
  const offsets = fragments.map((fragment) => (offset += fragment.length + 8) - fragment.length - 8);
  const parts = [
    new Uint8Array(native.subarray(0, at)),
    ...(extendedTable
      ? [
          element(0x0001, "OV", new BigUint64Array(offsets.map(BigInt))),
          element(0x0002, "OV", new BigUint64Array(fragments.map(({ length }) => BigInt(length)))),
        ]
      : []),
    element(0x0010, "OB", null),
    item(0xe000, basicTable ? new Uint8Array(new Uint32Array(offsets).buffer) : new Uint8Array(0)),
    ...fragments.map((fragment) => item(0xe000, fragment)),
    item(0xe0dd, new Uint8Array(0)),
  ];
  const out = new Uint8Array(Buffer.concat(parts));
  const uidAt = Buffer.from(out.buffer, 0, 400).indexOf(`${EXPLICIT}\0`);
  out.set(new TextEncoder().encode(RLE), uidAt);
  return out;
}

/** Two byte planes of literal runs: no smaller, but valid. */
function rleFrame(frame: Uint8Array): Uint8Array {
  const planes = [1, 0].map((byte) => {
    const values = frame.filter((_, n) => n % 2 === byte);
    const runs: number[] = [];
    for (let n = 0; n < values.length; n += 128) {
      const run = values.subarray(n, n + 128);
      runs.push(run.length - 1, ...run);
    }
    return runs.length % 2 === 0 ? runs : [...runs, 128];
  });
  const header = new Uint32Array(16);
  header.set([2, 64, 64 + planes[0].length]);
  return new Uint8Array([...new Uint8Array(header.buffer), ...planes[0], ...planes[1]]);
}

function element(number: number, vr: string, value: BigUint64Array | null): Uint8Array {
  const out = new Uint8Array(12 + (value?.byteLength ?? 0));
  const view = new DataView(out.buffer);
  view.setUint16(0, 0x7fe0, true);
  view.setUint16(2, number, true);
  out.set(new TextEncoder().encode(vr), 4);
  view.setUint32(8, value?.byteLength ?? 0xffffffff, true);
  if (value) out.set(new Uint8Array(value.buffer), 12);
  return out;
}

function item(number: number, value: Uint8Array): Uint8Array {
  const out = new Uint8Array(8 + value.length);
  const view = new DataView(out.buffer);
  view.setUint16(0, 0xfffe, true);
  view.setUint16(2, number, true);
  view.setUint32(4, value.length, true);
  out.set(value, 8);
  return out;
}
