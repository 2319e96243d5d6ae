// A small CT made in place: two bars of cement joined by a neck, a detached bead, on a background of marrow.
import type { SeriesContext } from "#core/study";
import type { VoxelGrid } from "#core/space";
import type { CtVolume } from "#core/volume";

export const SIZE = { columns: 48, rows: 40, slices: 24 };

/** HU by shape: inside is voxels (i, j, k). The neck is one row of voxels at i = 20..23. */
export function smallVolume(): CtVolume {
  const { columns, rows, slices } = SIZE;
  const hu = new Int16Array(columns * rows * slices).fill(60);
  const fill = (i0: number, i1: number, j0: number, j1: number, k0: number, k1: number, value: number) => {
    for (let k = k0; k < k1; k++)
      for (let j = j0; j < j1; j++) for (let i = i0; i < i1; i++) hu[(k * rows + j) * columns + i] = value;
  };
  fill(6, 20, 12, 26, 6, 18, 1800);
  fill(20, 24, 18, 20, 11, 13, 1700);
  fill(24, 32, 15, 23, 9, 15, 1750);
  fill(38, 42, 30, 34, 10, 13, 1600);
  const grid: VoxelGrid = {
    columns,
    rows,
    slices,
    columnSpacingMm: 1,
    rowSpacingMm: 1,
    rowDirection: [1, 0, 0],
    columnDirection: [0, 1, 0],
    slicePositions: Array.from({ length: slices }, (_, k) => [-24, -20, k] as const),
  };
  return { grid, hu, storableHu: [-1024, 3071], clippedAtHu: null };
}

export function smallSeries(grid: VoxelGrid): SeriesContext {
  return {
    patient: {
      patientName: "TEST^CASE",
      patientId: "T-1",
      patientBirthDate: "",
      patientSex: "F",
      patientAge: "061Y",
    },
    study: {
      studyInstanceUid: "2.25.11",
      studyId: "1",
      studyDate: "20260102",
      studyTime: "101500",
      studyDescription: "CT",
      accessionNumber: "",
      referringPhysicianName: "",
    },
    seriesInstanceUid: "2.25.12",
    seriesNumber: "3",
    seriesDescription: "Bone 1.0",
    frameOfReferenceUid: "2.25.13",
    patientPosition: "HFS",
    modality: "CT",
    sliceThicknessMm: 1,
    kvp: 120,
    convolutionKernel: "B60",
    seriesDate: "20260102",
    lossyImageCompression: false,
    grid,
    instances: grid.slicePositions.map((_, k) => ({
      sopClassUid: "1.2.840.10008.5.1.4.1.1.2",
      sopInstanceUid: `2.25.14${k}`,
    })),
    problems: [],
    verification: [],
    sideNeedsConfirmation: false,
  };
}
