// Writes a phantom as a CT series: one Explicit VR Little Endian file a slice, 12 bits unsigned, as a scanner of the day would.
import { derivedUid } from "#core/derived-uid";
import type { Vec3 } from "#core/space";
import type { CtVolume } from "#core/volume";
import { writePart10 } from "#dicom/part10";
import type { PhantomOptions } from "./phantom-options.ts";
import { seededRandom } from "./seeded-noise.ts";

export interface SeriesFile {
  readonly fileName: string;
  readonly bytes: Uint8Array;
}

const CT_IMAGE_STORAGE = "1.2.840.10008.5.1.4.1.1.2";
/** Stored 0 is -1024 HU and stored 4095 is 3071 HU, the ceiling of most scanners. */
const INTERCEPT_HU = -1024;

/** A decimal string of at most 16 characters (PS3.5 6.2). */
const decimal = (value: number): string => String(Number(value.toFixed(6)));
const decimals = (point: Vec3): string[] => point.map(decimal);

/**
 * Files of the series in the order of `options.fileOrder`; the same options give the same bytes. `tiltDegrees` is that of the gantry,
 * as the header states it; the volume's grid has it already.
 */
export function* seriesFiles(
  volume: CtVolume,
  options: PhantomOptions,
  tiltDegrees = 0,
): Generator<SeriesFile> {
  const { grid, hu } = volume;
  const { before, ...rest } = options;
  const identity = JSON.stringify(before ? options : rest) + (tiltDegrees ? ` tilted ${tiltDegrees}` : "");
  const uid = (what: string) => derivedUid("cement viewer phantom", identity, what);
  const order = Array.from({ length: grid.slices }, (_, n) =>
    options.fileOrder === "descending" ? grid.slices - 1 - n : n,
  );
  if (options.fileOrder === "shuffled") {
    const random = seededRandom(options.seed, "file order");
    for (let n = order.length - 1; n > 0; n--) {
      const m = Math.floor(random.next() * (n + 1));
      [order[n], order[m]] = [order[m], order[n]];
    }
  }
  const pixels = grid.columns * grid.rows;
  const day = before ? "20250224" : "20250310";
  const zooms = options.case === "default" ? "" : ` ${options.case}`;
  for (const [index, k] of order.entries()) {
    const stored = new Uint16Array(pixels);
    const base = k * pixels;
    for (let p = 0; p < pixels; p++) stored[p] = hu[base + p] - INTERCEPT_HU;
    const number = index + 1;
    const bytes = writePart10({
      SpecificCharacterSet: "ISO_IR 192",
      ImageType: ["ORIGINAL", "PRIMARY", "AXIAL"],
      SOPClassUID: CT_IMAGE_STORAGE,
      SOPInstanceUID: uid(`instance ${k}`),
      StudyDate: day,
      SeriesDate: day,
      AcquisitionDate: day,
      ContentDate: day,
      StudyTime: "101500",
      SeriesTime: "101730",
      AcquisitionTime: "101742",
      ContentTime: "101742",
      AccessionNumber: "",
      Modality: "CT",
      Manufacturer: "Phantom maker of the cement leakage viewer",
      InstitutionName: "",
      ReferringPhysicianName: "",
      StudyDescription: `Pelvis ${before ? "before" : "after"} sacroplasty (phantom)`,
      SeriesDescription: `Phantom ${options.sliceMm} mm${zooms}${before ? " before" : ""}`,
      ManufacturerModelName: "Parametric pelvis",
      PatientName: "PHANTOM^SACRUM",
      PatientID: `PHANTOM-${options.seed}`,
      PatientBirthDate: "19580101",
      PatientSex: "O",
      PatientAge: "067Y",
      BodyPartExamined: "PELVIS",
      SliceThickness: decimal(options.sliceMm),
      KVP: "120",
      DataCollectionDiameter: "500",
      SoftwareVersions: "1",
      ReconstructionDiameter: decimal(grid.columns * grid.columnSpacingMm),
      GantryDetectorTilt: decimal(tiltDegrees),
      ConvolutionKernel: "PHANTOM 0.6 MM",
      PatientPosition: options.position,
      StudyInstanceUID: uid("study"),
      SeriesInstanceUID: uid("series"),
      StudyID: "1",
      SeriesNumber: "2",
      AcquisitionNumber: "1",
      InstanceNumber: String(number),
      ImagePositionPatient: decimals(grid.slicePositions[k]),
      ImageOrientationPatient: [...decimals(grid.rowDirection), ...decimals(grid.columnDirection)],
      FrameOfReferenceUID: uid("frame of reference"),
      PositionReferenceIndicator: "",
      SliceLocation: decimal(grid.slicePositions[k][2]),
      SamplesPerPixel: 1,
      PhotometricInterpretation: "MONOCHROME2",
      Rows: grid.rows,
      Columns: grid.columns,
      PixelSpacing: [decimal(grid.rowSpacingMm), decimal(grid.columnSpacingMm)],
      BitsAllocated: 16,
      BitsStored: 12,
      HighBit: 11,
      PixelRepresentation: 0,
      WindowCenter: ["40", "1000"],
      WindowWidth: ["400", "3000"],
      RescaleIntercept: String(INTERCEPT_HU),
      RescaleSlope: "1",
      RescaleType: "HU",
      PixelData: stored.buffer,
    });
    yield { fileName: `CT${String(number).padStart(4, "0")}.dcm`, bytes };
  }
}
