// A phantom as the angiography suite would give it: cone-beam CT in stored values that are no HU, in a round field of view.
import { derivedUid } from "#core/derived-uid";
import type { CtVolume } from "#core/volume";
import { type DataSet, writePart10 } from "#dicom/part10";

const XRAY_3D_ANGIOGRAPHIC = "1.2.840.10008.5.1.4.1.1.13.1.1";
const CT_IMAGE_STORAGE = "1.2.840.10008.5.1.4.1.1.2";

/** What a suite may write: the object of its own, or CT images that name no unit, no rescale, or HU that they do not hold. */
export type ConeBeamForm = "x-ray-3d" | "ct-unit-unspecified" | "ct-no-rescale" | "ct-called-hu";

export interface ConeBeamOptions {
  readonly form: ConeBeamForm;
  /** Stored value of air, and of one HU more. */
  readonly air: number;
  readonly perHu: number;
  /** Values fall by this share from the middle of the field to its edge: scatter and cupping. */
  readonly shading: number;
  /** Radius of the field as a share of half the matrix; outside it nothing was measured and 0 is stored. Infinity: none. */
  readonly field: number;
  /** Named in the header where contrast was given. */
  readonly contrastAgent?: string;
}

export const CONE_BEAM: ConeBeamOptions = {
  form: "x-ray-3d",
  air: 180,
  perHu: 0.83,
  shading: 0.04,
  field: 0.98,
};

/** Stored values of the volume, `[k][j][i]`, unsigned. */
export function coneBeamValues({ grid, hu }: CtVolume, options: ConeBeamOptions): Uint16Array {
  const { columns, rows } = grid;
  return Uint16Array.from(hu, (value, n) => {
    const i = n % columns;
    const j = Math.floor(n / columns) % rows;
    const off = Math.hypot((2 * i) / (columns - 1) - 1, (2 * j) / (rows - 1) - 1);
    if (off > options.field) return 0;
    const attenuation = Math.max(0, value + 1000) * options.perHu * (1 - options.shading * off * off);
    return Math.min(65_535, Math.round(options.air + attenuation));
  });
}

/** The files of the series: one of all frames, or one a slice. */
export function coneBeamFiles(volume: CtVolume, options: ConeBeamOptions = CONE_BEAM): Uint8Array[] {
  const { grid } = volume;
  const values = coneBeamValues(volume, options);
  const uid = (what: string): string => derivedUid("cement viewer cone beam", JSON.stringify(options), what);
  const pixels = grid.columns * grid.rows;
  const orientation = [...grid.rowDirection, ...grid.columnDirection];
  const spacing = [grid.rowSpacingMm, grid.columnSpacingMm];
  const common: DataSet = {
    SpecificCharacterSet: "ISO_IR 192",
    StudyDate: "20250310",
    StudyTime: "101500",
    AccessionNumber: "",
    Manufacturer: "Phantom maker of the cement leakage viewer",
    ReferringPhysicianName: "",
    StudyDescription: "Cone-beam CT after sacroplasty (phantom)",
    SeriesDescription: `Cone beam, ${options.form}`,
    PatientName: "PHANTOM^CONE BEAM",
    PatientID: "PHANTOM-CB",
    PatientBirthDate: "19580101",
    PatientSex: "O",
    PatientPosition: "HFS",
    ...(options.contrastAgent ? { ContrastBolusAgent: options.contrastAgent } : {}),
    StudyInstanceUID: uid("study"),
    SeriesInstanceUID: uid("series"),
    StudyID: "1",
    SeriesNumber: "3",
    FrameOfReferenceUID: uid("frame of reference"),
    PositionReferenceIndicator: "",
    SamplesPerPixel: 1,
    PhotometricInterpretation: "MONOCHROME2",
    Rows: grid.rows,
    Columns: grid.columns,
    BitsAllocated: 16,
    BitsStored: 16,
    HighBit: 15,
    PixelRepresentation: 0,
  };
  if (options.form === "x-ray-3d")
    return [
      writePart10({
        ...common,
        SOPClassUID: XRAY_3D_ANGIOGRAPHIC,
        SOPInstanceUID: uid("object"),
        Modality: "XA",
        ImageType: ["ORIGINAL", "PRIMARY", "VOLUME", "NONE"],
        InstanceNumber: "1",
        NumberOfFrames: grid.slices,
        SharedFunctionalGroupsSequence: [
          {
            PixelMeasuresSequence: [{ PixelSpacing: spacing, SliceThickness: sliceMm(volume) }],
            PlaneOrientationSequence: [{ ImageOrientationPatient: orientation }],
            XRay3DFrameTypeSequence: [{ FrameType: ["ORIGINAL", "PRIMARY", "VOLUME", "NONE"] }],
          },
        ],
        PerFrameFunctionalGroupsSequence: grid.slicePositions.map((position, k) => ({
          PlanePositionSequence: [{ ImagePositionPatient: [...position] }],
          FrameContentSequence: [{ StackID: "1", InStackPositionNumber: k + 1 }],
        })),
        PixelData: new Uint8Array(values.buffer),
      }),
    ];
  return grid.slicePositions.map((position, k) =>
    writePart10({
      ...common,
      SOPClassUID: CT_IMAGE_STORAGE,
      SOPInstanceUID: uid(`slice ${k}`),
      Modality: "CT",
      ImageType: ["DERIVED", "PRIMARY", "AXIAL"],
      InstanceNumber: String(k + 1),
      ImagePositionPatient: position.map((mm) => String(Number(mm.toFixed(6)))),
      ImageOrientationPatient: orientation.map((part) => String(Number(part.toFixed(6)))),
      PixelSpacing: spacing.map((mm) => String(Number(mm.toFixed(6)))),
      SliceThickness: String(sliceMm(volume)),
      ...(options.form === "ct-no-rescale"
        ? {}
        : {
            RescaleIntercept: "0",
            RescaleSlope: "1",
            RescaleType: options.form === "ct-called-hu" ? "HU" : "US",
          }),
      PixelData: new Uint8Array(values.slice(k * pixels, (k + 1) * pixels).buffer),
    }),
  );
}

const sliceMm = ({ grid }: CtVolume): number =>
  Number(Math.abs(grid.slicePositions[1][2] - grid.slicePositions[0][2]).toFixed(6));
