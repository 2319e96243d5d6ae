// What the fuzz run changes: the transfer-syntax samples, and a small multi-frame CT with a segmentation and a report of it.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type DataSet, writePart10 } from "#dicom/part10";

export interface NamedBytes {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const SAMPLES = fileURLToPath(new URL("../../sample-data/transfer-syntaxes/", import.meta.url));
const [ROWS, COLUMNS, FRAMES] = [16, 24, 3];
const CODE: DataSet = { CodeValue: "85756007", CodingSchemeDesignator: "SCT", CodeMeaning: "Tissue" };

const STUDY: DataSet = {
  SpecificCharacterSet: "ISO_IR 192",
  PatientName: "FUZZ^CASE",
  PatientID: "F1",
  StudyInstanceUID: "2.25.100",
  StudyDate: "20250101",
  FrameOfReferenceUID: "2.25.102",
};
const PLACES: DataSet = {
  PlaneOrientationSequence: [{ ImageOrientationPatient: [1, 0, 0, 0, 1, 0] }],
  PixelMeasuresSequence: [{ PixelSpacing: [0.7, 0.7], SliceThickness: 1 }],
};
const position = (k: number): DataSet => ({
  PlanePositionSequence: [{ ImagePositionPatient: [-8, -5, k] }],
});
const frames = Array.from({ length: FRAMES }, (_, k) => k);

const multiFrame = (): Uint8Array =>
  writePart10({
    ...STUDY,
    SOPClassUID: "1.2.840.10008.5.1.4.1.1.2.1",
    SOPInstanceUID: "2.25.103",
    SeriesInstanceUID: "2.25.101",
    Modality: "CT",
    ImageType: ["ORIGINAL", "PRIMARY", "VOLUME", "NONE"],
    PatientPosition: "HFS",
    SamplesPerPixel: 1,
    PhotometricInterpretation: "MONOCHROME2",
    NumberOfFrames: FRAMES,
    Rows: ROWS,
    Columns: COLUMNS,
    BitsAllocated: 16,
    BitsStored: 12,
    HighBit: 11,
    PixelRepresentation: 0,
    SharedFunctionalGroupsSequence: [
      {
        ...PLACES,
        PixelValueTransformationSequence: [{ RescaleIntercept: -1024, RescaleSlope: 1, RescaleType: "HU" }],
        CTImageFrameTypeSequence: [{ FrameType: ["ORIGINAL", "PRIMARY", "VOLUME", "NONE"] }],
      },
    ],
    PerFrameFunctionalGroupsSequence: frames.map(position),
    PixelData: new Uint8Array(
      Uint16Array.from({ length: ROWS * COLUMNS * FRAMES }, (_, n) => n % 4096).buffer,
    ),
  });

const segmentation = (): Uint8Array =>
  writePart10({
    ...STUDY,
    SOPClassUID: "1.2.840.10008.5.1.4.1.1.66.4",
    SOPInstanceUID: "2.25.104",
    SeriesInstanceUID: "2.25.105",
    Modality: "SEG",
    SegmentationType: "BINARY",
    SegmentSequence: [
      {
        SegmentNumber: 1,
        SegmentLabel: "Cement",
        SegmentAlgorithmType: "MANUAL",
        SegmentedPropertyCategoryCodeSequence: [CODE],
        SegmentedPropertyTypeCodeSequence: [CODE],
      },
    ],
    SharedFunctionalGroupsSequence: [PLACES],
    PerFrameFunctionalGroupsSequence: frames.map((k) => ({
      ...position(k),
      SegmentIdentificationSequence: [{ ReferencedSegmentNumber: 1 }],
    })),
    NumberOfFrames: FRAMES,
    SamplesPerPixel: 1,
    PhotometricInterpretation: "MONOCHROME2",
    Rows: ROWS,
    Columns: COLUMNS,
    BitsAllocated: 1,
    BitsStored: 1,
    HighBit: 0,
    PixelRepresentation: 0,
    PixelData: new Uint8Array((ROWS * COLUMNS * FRAMES) / 8).fill(0x3c),
  });

const report = (): Uint8Array =>
  writePart10({
    ...STUDY,
    SOPClassUID: "1.2.840.10008.5.1.4.1.1.88.34",
    SOPInstanceUID: "2.25.106",
    SeriesInstanceUID: "2.25.107",
    Modality: "SR",
    ValueType: "CONTAINER",
    ConceptNameCodeSequence: [CODE],
    ContinuityOfContent: "SEPARATE",
    ContentSequence: [
      {
        RelationshipType: "CONTAINS",
        ValueType: "CONTAINER",
        ConceptNameCodeSequence: [CODE],
        ContentSequence: [
          {
            RelationshipType: "CONTAINS",
            ValueType: "TEXT",
            ConceptNameCodeSequence: [CODE],
            TextValue: "text",
          },
        ],
      },
    ],
  });

export const multiFrameSource = (): NamedBytes => ({ name: "multi-frame.dcm", bytes: multiFrame() });

/** The same files in the same order at every run. */
export function fuzzSources(): readonly NamedBytes[] {
  const samples = readdirSync(SAMPLES)
    .filter((name) => name.endsWith(".dcm"))
    .sort()
    .map((name) => ({ name, bytes: new Uint8Array(readFileSync(join(SAMPLES, name))) }));
  const made = [
    multiFrameSource(),
    { name: "segmentation.dcm", bytes: segmentation() },
    { name: "report.dcm", bytes: report() },
  ];
  // Twice each: every sample shares its header with the others, these have theirs alone.
  return [...samples, ...made, ...made];
}
