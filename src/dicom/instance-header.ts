// What is read of one DICOM instance before its pixels: plain data that survives structured clone.
import type { Vec3 } from "#core/space";
import type { PatientIdentity, StudyIdentity } from "#core/study";
import type { RelativeScale } from "#core/volume";

/** How pixel values are stored and what turns them into Hounsfield units (PS3.3 C.7.6.3, C.8.2.1). */
export interface PixelFormat {
  readonly rows: number;
  readonly columns: number;
  readonly numberOfFrames: number;
  readonly samplesPerPixel: number;
  readonly photometricInterpretation: string;
  readonly bitsAllocated: number;
  readonly bitsStored: number;
  readonly highBit: number;
  /** Pixel Representation 1: two's complement. */
  readonly signed: boolean;
  /** HU = stored * slope + intercept; null where the file does not say. */
  readonly rescaleSlope: number | null;
  readonly rescaleIntercept: number | null;
  /** "HU", another unit, or empty when absent (then HU is meant in an original CT image: PS3.3 C.8.2.1). */
  readonly rescaleType: string;
  /** Set where the values are taken as they are stored, for they are no HU: why (see relative-values.ts). */
  readonly stored?: RelativeScale["because"];
  /** Stored values from..to that pad the image to a rectangle and mean nothing (PS3.3 C.7.5.1.1.2); null when absent. */
  readonly padding: readonly [number, number] | null;
}

/** Where the pixels are: in the file, or for a deflated file in its inflated form (see `inflateDataSet`). */
export interface PixelDataPlace {
  readonly offsetBytes: number;
  /** Declared length; -1 for a sequence of fragments. */
  readonly lengthBytes: number;
}

/** What differs from frame to frame of a multi-frame object; null or empty where its functional groups do not say. */
export interface FrameAttributes extends Pick<
  InstanceHeader,
  | "acquisitionNumber"
  | "imageType"
  | "position"
  | "rowDirection"
  | "columnDirection"
  | "rowSpacingMm"
  | "columnSpacingMm"
  | "sliceThicknessMm"
  | "convolutionKernel"
  | "kvp"
> {
  readonly stackId: string;
  /** Temporal Position Index, from 1. */
  readonly temporalPosition: number | null;
  readonly rescaleSlope: number | null;
  readonly rescaleIntercept: number | null;
  readonly rescaleType: string;
}

/** Which frame of a multi-frame file a header describes. */
interface FrameOfFile {
  /** From 1, as Referenced Frame Number counts. */
  readonly number: number;
  readonly stackId: string;
  readonly temporalPosition: number | null;
  /** Header of the file as a whole. */
  readonly file: InstanceHeader;
}

export interface InstanceHeader {
  /** Path as the user gave it; for messages. */
  readonly fileName: string;
  readonly fileSizeBytes: number;
  readonly transferSyntaxUid: string;
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  readonly patient: PatientIdentity;
  readonly study: StudyIdentity;
  readonly seriesInstanceUid: string;
  readonly seriesNumber: string;
  readonly seriesDescription: string;
  readonly seriesDate: string;
  readonly modality: string;
  readonly manufacturer: string;
  readonly frameOfReferenceUid: string;
  /** HFS, FFP, …; empty when absent. */
  readonly patientPosition: string;
  /** Values of Image Type: ["ORIGINAL", "PRIMARY", "AXIAL"]. */
  readonly imageType: readonly string[];
  readonly acquisitionNumber: string;
  readonly instanceNumber: string;
  readonly convolutionKernel: string;
  readonly kvp: number | null;
  readonly sliceThicknessMm: number | null;
  /** Gantry/Detector Tilt as stated; the geometry itself is position and orientation. */
  readonly gantryTiltDegrees: number | null;
  readonly contrastAgent: string;
  /** Centre of the first pixel, mm in LPS. */
  readonly position: Vec3 | null;
  /** As stored, not normalised. */
  readonly rowDirection: Vec3 | null;
  readonly columnDirection: Vec3 | null;
  /** Pixel Spacing: mm between rows, mm between columns. */
  readonly rowSpacingMm: number | null;
  readonly columnSpacingMm: number | null;
  readonly windowCenter: number | null;
  readonly windowWidth: number | null;
  readonly lossyImageCompression: boolean;
  /** Lossy Image Compression Ratio, 10 for 10:1; the last of several compressions. Null where it is not stated. */
  readonly lossyRatio: number | null;
  readonly format: PixelFormat;
  /** Every frame by its functional groups, in file order; null where the object has none (see `frameHeaders`). */
  readonly frames: readonly FrameAttributes[] | null;
  /** Set in a header of one frame; null for the file as a whole. */
  readonly frame: FrameOfFile | null;
  /** The header as it was read, where this one takes its values as they are stored. */
  readonly asRead?: InstanceHeader;
  readonly pixelData: PixelDataPlace | null;
}
