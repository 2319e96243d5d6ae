// Other studies of a phantom's patient: a fluoroscopy run, a screenshot and an earlier CT, as a department would have them.
import type { SeriesContext } from "#core/study";
import type { OriginalFile } from "#dicom/deidentify/deidentify";
import { derivedUid } from "#core/derived-uid";
import { type DataSet, writePart10 } from "#dicom/part10";
import { smallCtFiles, smallSeries } from "./small-series.ts";

export interface OtherPatient {
  readonly patient: SeriesContext["patient"];
  /** The day of the other study (DA), and what it is called. */
  readonly date: string;
  readonly name: string;
  /** What else every object says. */
  readonly more?: DataSet;
}

const header = ({ patient, date, name, more }: OtherPatient, modality: string): DataSet => ({
  SpecificCharacterSet: "ISO_IR 192",
  SOPInstanceUID: derivedUid(name, modality, "instance"),
  StudyInstanceUID: derivedUid(name, "study"),
  SeriesInstanceUID: derivedUid(name, modality, "series"),
  Modality: modality,
  PatientName: patient.patientName,
  PatientID: patient.patientId,
  PatientBirthDate: patient.patientBirthDate,
  PatientSex: patient.patientSex,
  PatientAge: patient.patientAge,
  StudyID: "P7",
  StudyDate: date,
  StudyTime: "081500",
  SeriesDate: date,
  AccessionNumber: "",
  ReferringPhysicianName: "",
  SeriesNumber: "3",
  InstanceNumber: "1",
  PatientOrientation: "",
  ContentDate: date,
  ContentTime: "081501",
  Manufacturer: "Siemens",
  ...more,
});

export const FLUOROSCOPY_FRAMES = 3;

/** X-ray angiography (PS3.3 A.14) of three frames of 24 x 20. */
export function fluoroscopy(of: OtherPatient): OriginalFile {
  const [rows, columns] = [20, 24];
  const bytes = writePart10({
    ...header(of, "XA"),
    SOPClassUID: "1.2.840.10008.5.1.4.1.1.12.1",
    ImageType: ["ORIGINAL", "PRIMARY", "SINGLE PLANE"],
    Laterality: "",
    KVP: "80",
    RadiationSetting: "SC",
    XRayTubeCurrent: "4",
    ExposureTime: "12",
    PositionerMotion: "STATIC",
    PositionerPrimaryAngle: "1",
    PositionerSecondaryAngle: "0",
    DistanceSourceToDetector: "1100",
    DistanceSourceToPatient: "760",
    PixelIntensityRelationship: "LIN",
    NumberOfFrames: FLUOROSCOPY_FRAMES,
    FrameIncrementPointer: 0x00181063,
    FrameTime: "66.7",
    SamplesPerPixel: 1,
    PhotometricInterpretation: "MONOCHROME2",
    Rows: rows,
    Columns: columns,
    BitsAllocated: 8,
    BitsStored: 8,
    HighBit: 7,
    PixelRepresentation: 0,
    PixelData: Uint8Array.from({ length: FLUOROSCOPY_FRAMES * rows * columns }, (_, n) => (n * 7) % 251),
  });
  return { name: `${of.name}/run.dcm`, bytes };
}

/** A colour screenshot (Secondary Capture). */
export function screenshotOf(of: OtherPatient): OriginalFile {
  const [rows, columns] = [6, 10];
  const bytes = writePart10({
    ...header(of, "OT"),
    SOPClassUID: "1.2.840.10008.5.1.4.1.1.7",
    Laterality: "",
    ConversionType: "WSD",
    SamplesPerPixel: 3,
    PlanarConfiguration: 0,
    PhotometricInterpretation: "RGB",
    Rows: rows,
    Columns: columns,
    BitsAllocated: 8,
    BitsStored: 8,
    HighBit: 7,
    PixelRepresentation: 0,
    PixelData: Uint8Array.from({ length: rows * columns * 3 }, (_, n) => n),
  });
  return { name: `${of.name}/screen.dcm`, bytes };
}

/** An axial CT of five slices. */
export function earlierCt({ patient, date, name, more }: OtherPatient): OriginalFile[] {
  const plain = smallSeries({ name, slices: 5 });
  const source = { ...plain, patient, study: { ...plain.study, studyDate: date }, seriesDate: date };
  return smallCtFiles(source, [], false, () => more ?? {}).map((bytes, k) => ({
    name: `${name}/slice-${k}.dcm`,
    bytes,
  }));
}
