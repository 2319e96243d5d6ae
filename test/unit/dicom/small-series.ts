// A small CT series for export tests: its SeriesContext, its CT files and asymmetric masks, in any orientation.
import type { DerivedInstanceIdentity, Equipment } from "#core/segmentation-document";
import type { SegmentationDocument, SegmentDescription } from "#core/segmentation-document";
import { type Vec3, type VoxelGrid, add, cross, normalize, scale } from "#core/space";
import { STANDARD_CODES } from "#core/standard-codes";
import type { SeriesContext } from "#core/study";
import { derivedUid } from "#core/derived-uid";
import { type DataSet, decimalString, writePart10 } from "#dicom/part10";
import { type RunMask, RunBuilder } from "#voxels/mask";

export const CT_IMAGE_STORAGE = "1.2.840.10008.5.1.4.1.1.2";

export interface SmallSeriesOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly slices?: number;
  /** Row and column directions; axial head first supine by default. */
  readonly rowDirection?: Vec3;
  readonly columnDirection?: Vec3;
  /** mm that each slice is shifted along the columns against the one below: gantry tilt. */
  readonly shearMm?: number;
  /** mm between slices; a list gives uneven spacing. */
  readonly spacingMm?: number | readonly number[];
  readonly patientPosition?: string;
  readonly lossy?: boolean;
  readonly name?: string;
  readonly patientName?: string;
}

/** UIDs and voxels depend on the options alone. Odd sizes, so that no frame of a BINARY segmentation begins at a byte. */
export function smallSeries(options: SmallSeriesOptions = {}): SeriesContext {
  const { columns = 37, rows = 29, slices = 11, shearMm = 0, spacingMm = 1.25 } = options;
  const rowDirection = normalize(options.rowDirection ?? [1, 0, 0]);
  const columnDirection = normalize(options.columnDirection ?? [0, 1, 0]);
  const normal = cross(rowDirection, columnDirection);
  const positions: Vec3[] = [[-12.5, -230.25, 40.125]];
  for (let k = 1; k < slices; k++) {
    const step = typeof spacingMm === "number" ? spacingMm : spacingMm[(k - 1) % spacingMm.length];
    positions.push(add(add(positions[k - 1], scale(normal, step)), scale(columnDirection, shearMm)));
  }
  const grid: VoxelGrid = {
    columns,
    rows,
    slices,
    columnSpacingMm: 0.7,
    rowSpacingMm: 0.8,
    rowDirection,
    columnDirection,
    // As a reader of the file sees them: at most 16 characters a number.
    slicePositions: positions.map(([x, y, z]) => [stored(x), stored(y), stored(z)]),
  };
  const name = options.name ?? "small";
  return {
    patient: {
      patientName: options.patientName ?? "PHANTOM^SMALL",
      patientId: "PH-0001",
      patientBirthDate: "19580401",
      patientSex: "F",
      patientAge: "067Y",
    },
    study: {
      studyInstanceUid: derivedUid(name, "study"),
      studyId: "S1",
      studyDate: "20250102",
      studyTime: "093000",
      studyDescription: "CT pelvis after sacroplasty",
      accessionNumber: "ACC1",
      referringPhysicianName: "REFERRER^ONE",
    },
    seriesInstanceUid: derivedUid(name, "series"),
    seriesNumber: "2",
    seriesDescription: "Bone 1.25",
    frameOfReferenceUid: derivedUid(name, "frame of reference"),
    patientPosition: options.patientPosition ?? "HFS",
    modality: "CT",
    sliceThicknessMm: 1.25,
    kvp: 120,
    convolutionKernel: "B70",
    seriesDate: "20250102",
    lossyImageCompression: options.lossy ?? false,
    grid,
    instances: positions.map((_, k) => ({
      sopClassUid: CT_IMAGE_STORAGE,
      sopInstanceUid: derivedUid(name, "instance", String(k)),
    })),
    problems: [],
    verification: [],
    sideNeedsConfirmation: false,
  };
}

const stored = (value: number): number => Number(decimalString(value));

/** HU of voxel (i, j, k): bright in the masks, and different at every voxel so that a shift is seen. */
export const smallHu = (i: number, j: number, k: number): number => 40 + ((i * 7 + j * 13 + k * 29) % 90);

/** The CT files of a series in the order of `instances`; InstanceNumber counts the other way when `descending`. */
export function smallCtFiles(
  source: SeriesContext,
  masks: readonly RunMask[] = [],
  descending = false,
  more: (k: number) => DataSet = () => ({}),
): Uint8Array[] {
  const { grid } = source;
  const sliceOf = (k: number): Int16Array => {
    const hu = new Int16Array(grid.columns * grid.rows);
    for (let j = 0; j < grid.rows; j++)
      for (let i = 0; i < grid.columns; i++) hu[j * grid.columns + i] = smallHu(i, j, k);
    for (const mask of masks) {
      for (let j = 0; j < grid.rows; j++) {
        const row = k * grid.rows + j;
        for (let n = mask.rowStart[row]; n < mask.rowStart[row + 1]; n++)
          for (let i = mask.start[n]; i < mask.end[n]; i++)
            hu[j * grid.columns + i] = smallHu(i, j, k) + 1500;
      }
    }
    return hu;
  };
  return ctFiles(source, sliceOf, descending, more);
}

/** The CT files of a series with these HU, slice by slice; `more` attributes stand beside its own. */
export function ctFiles(
  source: SeriesContext,
  sliceOf: (k: number) => Int16Array,
  descending = false,
  more: (k: number) => DataSet = () => ({}),
): Uint8Array[] {
  const { grid } = source;
  return source.instances.map((instance, k) => {
    const ct: DataSet = {
      BodyPartExamined: "PELVIS",
      ...more(k),
      SpecificCharacterSet: "ISO_IR 192",
      ImageType: ["ORIGINAL", "PRIMARY", "AXIAL"],
      SOPClassUID: instance.sopClassUid,
      SOPInstanceUID: instance.sopInstanceUid,
      StudyDate: source.study.studyDate,
      StudyTime: source.study.studyTime,
      AcquisitionDate: source.study.studyDate,
      ContentDate: source.study.studyDate,
      ContentTime: source.study.studyTime,
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
      KVP: 120,
      PatientPosition: source.patientPosition,
      StudyInstanceUID: source.study.studyInstanceUid,
      SeriesInstanceUID: source.seriesInstanceUid,
      StudyID: source.study.studyId,
      SeriesNumber: 2,
      AcquisitionNumber: 1,
      InstanceNumber: descending ? grid.slices - k : k + 1,
      ImagePositionPatient: grid.slicePositions[k],
      ImageOrientationPatient: [...grid.rowDirection, ...grid.columnDirection],
      FrameOfReferenceUID: source.frameOfReferenceUid,
      PositionReferenceIndicator: "",
      SliceThickness: source.sliceThicknessMm ?? 1,
      SamplesPerPixel: 1,
      PhotometricInterpretation: "MONOCHROME2",
      Rows: grid.rows,
      Columns: grid.columns,
      PixelSpacing: [grid.rowSpacingMm, grid.columnSpacingMm],
      BitsAllocated: 16,
      BitsStored: 16,
      HighBit: 15,
      PixelRepresentation: 1,
      RescaleIntercept: 0,
      RescaleSlope: 1,
      RescaleType: "HU",
      PixelData: sliceOf(k).slice().buffer,
    };
    return writePart10(ct);
  });
}

type Solid = (i: number, j: number, k: number) => boolean;

/** Voxels where `inside` is true. */
export function maskWhere(shape: { columns: number; rows: number; slices: number }, inside: Solid): RunMask {
  const builder = new RunBuilder(shape);
  for (let k = 0; k < shape.slices; k++)
    for (let j = 0; j < shape.rows; j++)
      for (let i = 0; i < shape.columns; i++) if (inside(i, j, k)) builder.add(k * shape.rows + j, i, i + 1);
  return builder.finish();
}

/** Three segments without any symmetry: mirrored, turned or shifted they are other voxels. They don't overlap. */
export function asymmetricMasks(grid: VoxelGrid): RunMask[] {
  const spiral = maskWhere(
    grid,
    (i, j, k) => k >= 1 && k <= 6 && i > 4 + k && i < 14 + 2 * k && j > 3 && j < 9 + k,
  );
  const stair = maskWhere(
    grid,
    (i, j, k) => k >= 2 && k <= 9 && j >= 18 && j < 20 + (k % 4) && i >= 2 && i < 6 + k + (j % 3),
  );
  const speck = maskWhere(
    grid,
    (i, j, k) =>
      (k === grid.slices - 1 && i === grid.columns - 1 && j === grid.rows - 1) ||
      (k === 0 && i === 0 && j < 3),
  );
  return [spiral, stair, speck];
}

export const testEquipment: Equipment = {
  manufacturer: "Cement Leakage Viewer project",
  manufacturerModelName: "Cement Leakage Viewer",
  deviceSerialNumber: "test",
  softwareVersions: "0.1.0",
};

export const testIdentity = (kind: string, seriesNumber: number): DerivedInstanceIdentity => ({
  sopInstanceUid: derivedUid("small", kind, "instance"),
  seriesInstanceUid: derivedUid("small", kind, "series"),
  seriesNumber,
  seriesDescription: `${kind} - not for diagnosis`,
  createdAt: new Date("2025-01-02T10:15:30Z"),
});

const testSegment = (number: number, displayColor: string): SegmentDescription => ({
  number,
  label: number === 1 ? "Lesion 1 intraosseous cement" : `Lesion 1 leak ${number - 1}`,
  description: "A segment of the test",
  algorithmType: "SEMIAUTOMATIC",
  algorithmName: "threshold+region-grow",
  algorithmVersion: "0.1.0",
  propertyCategory: STANDARD_CODES.substance,
  propertyType: STANDARD_CODES.pmma,
  propertyTypeModifiers: [{ value: "CEM-INTRA", scheme: "99BCLT", meaning: "Intraosseous cement" }],
  anatomicRegion: STANDARD_CODES.sacrum,
  anatomicRegionModifiers: [STANDARD_CODES.left],
  trackingId: `Segment ${number}`,
  trackingUid: derivedUid("small", "tracking", String(number)),
  displayColor,
});

export const TEST_SCHEME = {
  designator: "99BCLT",
  uid: "2.25.253034361491743159257768606944040481666",
  name: "Cement Leakage Viewer private codes",
  responsibleOrganization: "Cement Leakage Viewer project",
};

export const testSegmentation = (source: SeriesContext): SegmentationDocument => ({
  identity: testIdentity("SEG", 300),
  source,
  equipment: testEquipment,
  contentLabel: "BONECEMENT",
  contentDescription: "PMMA bone cement; not for diagnosis",
  contentCreatorName: "READER^ONE",
  codingSchemes: [TEST_SCHEME],
  segments: [testSegment(1, "#4dabf7"), testSegment(2, "#ffd43b"), testSegment(3, "#ff6b6b")],
});

export const numbered = (masks: readonly RunMask[]): ReadonlyMap<number, RunMask> =>
  new Map(masks.map((mask, n) => [n + 1, mask]));
