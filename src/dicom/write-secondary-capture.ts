// Writes a picture as Secondary Capture Image (PS3.3 A.8.1): RGB, with the CT image that it shows as its source.
import type { SecondaryCaptureDocument } from "#core/secondary-capture-document";
import { type Vec3, dot } from "#core/space";
import { STANDARD_CODES } from "#core/standard-codes";
import {
  SECONDARY_CAPTURE_STORAGE,
  codeItem,
  derivedInstance,
  imageReferenceItem,
} from "./derived-instance.ts";
import { writePart10 } from "./part10.ts";

/**
 * One Part 10 file; the same document gives the same bytes. Burned In Annotation is NO, as it asks for what identifies the patient
 * (PS3.3 C.7.6.1): marks and words about the leak may be in the pixels, a name, number or date must not.
 */
export function writeSecondaryCapture(document: SecondaryCaptureDocument): Uint8Array {
  const { rows, columns, rgb, source } = document;
  if (rgb.length !== rows * columns * 3)
    throw new Error(`${rgb.length} bytes for ${columns} x ${rows} pixels`);
  return writePart10({
    ...derivedInstance(document, SECONDARY_CAPTURE_STORAGE, "OT"),
    InstanceNumber: document.instanceNumber,
    BodyPartExamined: document.bodyPart,
    ConversionType: "WSD",
    ImageType: ["DERIVED", "SECONDARY"],
    PatientOrientation: [letters(document.rowDirection), letters(document.columnDirection)],
    BurnedInAnnotation: "NO",
    LossyImageCompression: source.lossyImageCompression ? "01" : "00",
    DerivationDescription: document.derivation,
    ImageComments: document.comments,
    SourceImageSequence: [
      {
        ...imageReferenceItem(document.sourceImage),
        PurposeOfReferenceCodeSequence: [codeItem(STANDARD_CODES.sourceImageProcessing)],
      },
    ],
    SamplesPerPixel: 3,
    PhotometricInterpretation: "RGB",
    PlanarConfiguration: 0,
    Rows: rows,
    Columns: columns,
    PixelSpacing: [...document.pixelSpacingMm],
    BitsAllocated: 8,
    BitsStored: 8,
    HighBit: 7,
    PixelRepresentation: 0,
    PixelData: rgb,
  });
}

const SIDES: readonly (readonly [Vec3, string])[] = [
  [[1, 0, 0], "L"],
  [[-1, 0, 0], "R"],
  [[0, 1, 0], "P"],
  [[0, -1, 0], "A"],
  [[0, 0, 1], "H"],
  [[0, 0, -1], "F"],
];

/** Patient Orientation of a direction (PS3.3 C.7.6.1.1.1): the letters of its parts, the largest first; parts below a tenth are none. */
const letters = (direction: Vec3): string =>
  SIDES.map(([side, letter]) => ({ letter, part: dot(side, direction) }))
    .filter(({ part }) => part > 0.1)
    .toSorted((a, b) => b.part - a.part)
    .map(({ letter }) => letter)
    .join("");
