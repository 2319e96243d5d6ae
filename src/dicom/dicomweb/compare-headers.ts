// Whether an image that was retrieved is the one that the archive listed, in the place where the series was stacked.
import { type Problem, problem } from "#core/problem";
import { type Vec3, distance } from "#core/space";
import { frameHeaders } from "../frame-groups.ts";
import type { InstanceHeader } from "../instance-header.ts";
import { transferSyntaxOf } from "../transfer-syntax.ts";

/** As stacking tells slices apart: see stack.ts. */
const SAME_POSITION_MM = 0.01;
/** Listed and stored are the same number, which JSON may have rounded. */
const SAME_COSINE = 1e-4;
const SAME_RATIO = 1e-5;

/** What is wrong with `image`, the header of the retrieved file, against `listed`, which the series was stacked by; or null. */
export function retrievedProblem(
  listed: InstanceHeader,
  image: InstanceHeader,
  archive: string,
): Problem | null {
  const { fileName } = listed;
  if (image.sopInstanceUid !== listed.sopInstanceUid)
    return problem("archive/another-instance", { archive, fileName });
  const identity = identityDifference(listed, image);
  if (identity) return problem("archive/identity-differs", { archive, fileName, attribute: identity });
  const ours = frameHeaders(listed);
  const theirs = frameHeaders(image);
  const frames = difference("NumberOfFrames", ours.length, theirs.length);
  const different = frames ?? firstDifference(ours, theirs);
  if (different) return problem("archive/header-differs", { archive, fileName, ...different });
  return lengthProblem(image, archive, fileName);
}

function identityDifference(listed: InstanceHeader, image: InstanceHeader): string | null {
  if (listed.patient.patientId !== image.patient.patientId) return "PatientID";
  if (listed.study.studyInstanceUid !== image.study.studyInstanceUid) return "StudyInstanceUID";
  if (listed.seriesInstanceUid !== image.seriesInstanceUid) return "SeriesInstanceUID";
  if (listed.frameOfReferenceUid !== image.frameOfReferenceUid) return "FrameOfReferenceUID";
  if (listed.sopClassUid !== image.sopClassUid) return "SOPClassUID";
  return listed.modality === image.modality ? null : "Modality";
}

interface Difference {
  readonly attribute: string;
  readonly listed: string;
  readonly found: string;
}

function firstDifference(
  listed: readonly InstanceHeader[],
  image: readonly InstanceHeader[],
): Difference | null {
  for (const [n, one] of listed.entries()) {
    const other = image[n];
    const found =
      difference("Rows", one.format.rows, other.format.rows) ??
      difference("Columns", one.format.columns, other.format.columns) ??
      vectorDifference("ImagePositionPatient", one.position, other.position, SAME_POSITION_MM) ??
      vectorDifference("ImageOrientationPatient", one.rowDirection, other.rowDirection, SAME_COSINE) ??
      vectorDifference("ImageOrientationPatient", one.columnDirection, other.columnDirection, SAME_COSINE) ??
      difference("PixelSpacing", one.rowSpacingMm, other.rowSpacingMm) ??
      difference("PixelSpacing", one.columnSpacingMm, other.columnSpacingMm) ??
      difference("RescaleSlope", one.format.rescaleSlope, other.format.rescaleSlope) ??
      difference("RescaleIntercept", one.format.rescaleIntercept, other.format.rescaleIntercept) ??
      difference("RescaleType", one.format.rescaleType, other.format.rescaleType) ??
      difference("PatientPosition", one.patientPosition, other.patientPosition);
    if (found) return found;
  }
  return null;
}

function difference<T extends string | number | null>(
  attribute: string,
  listed: T,
  found: T,
): Difference | null {
  const same =
    typeof listed === "number" && typeof found === "number"
      ? Math.abs(listed - found) <= SAME_RATIO * Math.max(1e-3, Math.abs(listed))
      : listed === found;
  return same ? null : { attribute, listed: String(listed ?? "-"), found: String(found ?? "-") };
}

function vectorDifference(
  attribute: string,
  listed: Vec3 | null,
  found: Vec3 | null,
  tolerance: number,
): Difference | null {
  const same = listed && found ? distance(listed, found) <= tolerance : listed === found;
  return same ? null : { attribute, listed: listed?.join("\\") ?? "-", found: found?.join("\\") ?? "-" };
}

/** Compressed frames that an archive labels as native are too short; nothing is made up for what is missing. */
function lengthProblem(
  { pixelData, format, transferSyntaxUid, fileSizeBytes }: InstanceHeader,
  archive: string,
  fileName: string,
): Problem | null {
  const syntax = transferSyntaxOf(transferSyntaxUid);
  if (!pixelData || syntax.encapsulated || syntax.deflated) return null;
  const { rows, columns, numberOfFrames, samplesPerPixel, bitsAllocated } = format;
  const expected = Math.floor((rows * columns * numberOfFrames * samplesPerPixel * bitsAllocated) / 8);
  const found = Math.min(Math.max(0, pixelData.lengthBytes), fileSizeBytes - pixelData.offsetBytes);
  return found < expected
    ? problem("archive/wrong-frame-length", { archive, fileName, expected, found })
    : null;
}
