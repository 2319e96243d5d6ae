// The same patient in four positions: other files, the same voxels in the same places of the patient.
import dicomParser from "dicom-parser";
import { expect, it } from "vitest";
import { maskHas } from "#voxels/mask";
import { cross, distance, patientFromVoxel, voxelFromPatient } from "#core/space";
import { voxelIndex } from "#core/volume";
import type { PatientPosition } from "../../../sample-data/phantom-options.ts";
import { COARSE, smallPhantom } from "./small-phantom.ts";

const supine = smallPhantom(COARSE);

/** Image Orientation (Patient) as a scanner writes it. */
const ORIENTATIONS: readonly (readonly [PatientPosition, string])[] = [
  ["HFS", "1\\0\\0\\0\\1\\0"],
  ["HFP", "-1\\0\\0\\0\\-1\\0"],
  ["FFS", "-1\\0\\0\\0\\1\\0"],
  ["FFP", "1\\0\\0\\0\\-1\\0"],
];

it.each(ORIENTATIONS)(
  "%s: same HU and same masks at every patient point, written as the scanner does",
  (position, orientation) => {
    const phantom = position === "HFS" ? supine : smallPhantom({ ...COARSE, position });
    const { grid, hu } = phantom.volume;
    expect(phantom.truth.leaks).toEqual(supine.truth.leaks);
    const normal = cross(grid.rowDirection, grid.columnDirection);
    expect(normal[2]).toBe(position.startsWith("HF") ? 1 : -1);
    for (let n = 0; n < 4000; n++) {
      const i = (n * 37) % grid.columns;
      const j = (n * 101) % grid.rows;
      const k = (n * 13) % grid.slices;
      const there = patientFromVoxel(grid, i, j, k);
      const at = voxelFromPatient(supine.volume.grid, there).map(Math.round);
      expect(distance(patientFromVoxel(supine.volume.grid, at[0], at[1], at[2]), there)).toBeLessThan(1e-9);
      expect(hu[voxelIndex(grid, i, j, k)]).toBe(
        supine.volume.hu[voxelIndex(supine.volume.grid, at[0], at[1], at[2])],
      );
      expect(maskHas(phantom.masks.boneEnvelope, i, j, k)).toBe(
        maskHas(supine.masks.boneEnvelope, at[0], at[1], at[2]),
      );
    }
    const first = phantom.files().next();
    if (first.done) throw new Error("no file");
    const header = dicomParser.parseDicom(first.value.bytes, { untilTag: "x7fe00010" });
    expect(header.string("x00185100")).toBe(position);
    expect(header.string("x00200037")).toBe(orientation);
    const ipp = header.string("x00200032")?.split("\\").map(Number) ?? [];
    // descending by default: the first file is the last slice along the normal
    const last = grid.slicePositions[grid.slices - 1];
    for (const axis of [0, 1, 2]) expect(ipp[axis]).toBeCloseTo(last[axis], 4);
  },
);
