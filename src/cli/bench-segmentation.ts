// The segmentation of five segments that `npm run bench` writes: cement in the measured volume, described as an export describes it.
import type { SegmentationDocument, SegmentDescription } from "#core/segmentation-document";
import type { VoxelGrid } from "#core/space";
import { STANDARD_CODES } from "#core/standard-codes";
import { componentMasks, components } from "#voxels/components";
import type { RunMask } from "#voxels/mask";
import { thresholdMask } from "#voxels/threshold";

const segment = (number: number): SegmentDescription => ({
  number,
  label: `Part ${number}`,
  description: "",
  algorithmType: "SEMIAUTOMATIC",
  algorithmName: "bench",
  algorithmVersion: "1",
  propertyCategory: STANDARD_CODES.sacrum,
  propertyType: STANDARD_CODES.sacrum,
  propertyTypeModifiers: [],
  anatomicRegion: STANDARD_CODES.sacrum,
  anatomicRegionModifiers: [],
  trackingId: `part-${number}`,
  trackingUid: `2.25.70${number}`,
  displayColor: "#4dabf7",
});

/** All cement and the four largest bones, on a made-up series. */
export function fiveSegments(
  hu: Int16Array,
  grid: VoxelGrid,
): { document: SegmentationDocument; masks: ReadonlyMap<number, RunMask> } {
  const bone = thresholdMask(hu, grid, 201);
  const shapes = [thresholdMask(hu, grid, 901), ...componentMasks(bone, components(bone), [1, 2, 3, 4])];
  const document: SegmentationDocument = {
    identity: {
      sopInstanceUid: "2.25.101",
      seriesInstanceUid: "2.25.102",
      seriesNumber: 300,
      seriesDescription: "Bench",
      createdAt: new Date(Date.UTC(2026, 0, 1)),
    },
    source: {
      patient: {
        patientName: "BENCH",
        patientId: "B1",
        patientBirthDate: "",
        patientSex: "",
        patientAge: "",
      },
      study: {
        studyInstanceUid: "2.25.103",
        studyId: "1",
        studyDate: "20260101",
        studyTime: "",
        studyDescription: "",
        accessionNumber: "",
        referringPhysicianName: "",
      },
      seriesInstanceUid: "2.25.104",
      seriesNumber: "1",
      seriesDescription: "Bench",
      frameOfReferenceUid: "2.25.105",
      patientPosition: "HFS",
      modality: "CT",
      sliceThicknessMm: 1,
      kvp: 120,
      convolutionKernel: "",
      seriesDate: "20260101",
      lossyImageCompression: false,
      grid,
      instances: Array.from({ length: grid.slices }, (_, k) => ({
        sopClassUid: "1.2.840.10008.5.1.4.1.1.2",
        sopInstanceUid: `2.25.106${k}`,
      })),
      problems: [],
      verification: [],
      sideNeedsConfirmation: false,
    },
    equipment: {
      manufacturer: "Bench",
      manufacturerModelName: "Bench",
      deviceSerialNumber: "1",
      softwareVersions: "1",
    },
    contentLabel: "BENCH",
    contentDescription: "",
    contentCreatorName: "BENCH",
    codingSchemes: [],
    segments: shapes.map((_, n) => segment(n + 1)),
  };
  return { document, masks: new Map(shapes.map((mask, n) => [n + 1, mask])) };
}
