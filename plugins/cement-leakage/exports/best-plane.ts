// The plane that shows most of a mask in one picture, and where: its largest cross-section along each axis of the grid, in mm2.
import {
  patientFromVoxel,
  sliceNormal,
  spacingMm,
  voxelVolumeMm3,
  type Vec3,
  type VoxelGrid,
} from "#core/space";
import type { RunMask } from "#voxels/mask";

export type PlaneName = "axial" | "sagittal" | "coronal";

export interface CrossSection {
  readonly plane: PlaneName;
  readonly areaMm2: number;
  /** Middle of that cross-section, patient mm. */
  readonly at: Vec3;
}

/** In this order where areas are equal: acquired slices first. */
const ORDER: readonly PlaneName[] = ["axial", "sagittal", "coronal"];

/** Largest cross-section of each plane, the largest first; empty for an empty mask. */
export function crossSections(mask: RunMask, grid: VoxelGrid): CrossSection[] {
  const [di, dj] = spacingMm(grid);
  const sums = [grid.columns, grid.rows, grid.slices].map((count) => new Float64Array(count));
  for (let k = 0; k < mask.slices; k++) {
    const thicknessMm = voxelVolumeMm3(grid, k) / (di * dj);
    for (let j = 0; j < mask.rows; j++) {
      const row = k * mask.rows + j;
      for (let n = mask.rowStart[row]; n < mask.rowStart[row + 1]; n++) {
        const voxels = mask.end[n] - mask.start[n];
        sums[1][j] += voxels * di * thicknessMm;
        sums[2][k] += voxels * di * dj;
        for (let i = mask.start[n]; i < mask.end[n]; i++) sums[0][i] += dj * thicknessMm;
      }
    }
  }
  const planes = planesOfAxes(grid);
  return sums
    .flatMap((areas, axis): CrossSection[] => {
      let best = 0;
      for (let n = 1; n < areas.length; n++) if (areas[n] > areas[best] + 1e-9) best = n;
      return areas[best] > 0
        ? [{ plane: planes[axis], areaMm2: areas[best], at: middleOf(mask, grid, axis, best) }]
        : [];
    })
    .toSorted((a, b) =>
      Math.abs(b.areaMm2 - a.areaMm2) > 1e-6
        ? b.areaMm2 - a.areaMm2
        : ORDER.indexOf(a.plane) - ORDER.indexOf(b.plane),
    );
}

/** Which plane of the patient lies across columns, rows and slices: each axis takes the patient axis it follows most that is left. */
function planesOfAxes(grid: VoxelGrid): readonly PlaneName[] {
  const across: readonly PlaneName[] = ["sagittal", "coronal", "axial"];
  const own = [grid.rowDirection, grid.columnDirection, sliceNormal(grid)];
  const pairs = own
    .flatMap((direction, axis) => direction.map((part, of) => ({ axis, of, along: Math.abs(part) })))
    .toSorted((a, b) => b.along - a.along);
  const planes: PlaneName[] = [];
  const taken = new Set<number>();
  for (const { axis, of } of pairs) {
    if (planes[axis] !== undefined || taken.has(of)) continue;
    planes[axis] = across[of];
    taken.add(of);
  }
  return planes;
}

/** Mean place of the mask's voxels with this index along an axis (0 column, 1 row, 2 slice). */
function middleOf(mask: RunMask, grid: VoxelGrid, axis: number, index: number): Vec3 {
  let [count, i, j, k] = [0, 0, 0, 0];
  for (let slice = 0; slice < mask.slices; slice++) {
    if (axis === 2 && slice !== index) continue;
    for (let line = 0; line < mask.rows; line++) {
      if (axis === 1 && line !== index) continue;
      const row = slice * mask.rows + line;
      for (let n = mask.rowStart[row]; n < mask.rowStart[row + 1]; n++) {
        const start = axis === 0 ? Math.max(index, mask.start[n]) : mask.start[n];
        const end = axis === 0 ? Math.min(index + 1, mask.end[n]) : mask.end[n];
        if (end <= start) continue;
        const voxels = end - start;
        count += voxels;
        i += (voxels * (start + end - 1)) / 2;
        j += voxels * line;
        k += voxels * slice;
      }
    }
  }
  return patientFromVoxel(grid, i / count, j / count, k / count);
}
