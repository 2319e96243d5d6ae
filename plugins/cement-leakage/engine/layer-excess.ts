// Is there more than bone? Density summed across the surface on the treated side against the same line on the other side.
import type { Vec3 } from "#core/space";
import { add, cross, normalize, scale, voxelFromPatient } from "#core/space";
import { sampleHu } from "#voxels/resample";
import { SOFT_TISSUE_HU } from "./leak-region.ts";
import type { Mirror } from "./mirror.ts";
import type { WorkingVolume } from "./working-volume.ts";

/** The line across the surface: from inside bone (negative) to outside, in mm from the place that is asked for. */
const FROM_MM = -5;
const TO_MM = 6;
const STEP_MM = 0.5;
/** The two sides never match exactly: the densest of the lines this far along and across counts. */
const SHIFTS_MM = [-1.5, 0, 1.5];
const ASIDE_MM = 1.5;

/** HU mm by which a place exceeds the other side; null where that side is outside the scan or covered by cement. */
export type LayerExcess = (p: Vec3, outward: Vec3) => number | null;

/**
 * A surface that merely lies elsewhere on the other side sums up to the same density across it; a layer of cement on it sums up to
 * more: about 0.5 mm times the cement's HU even for a vein of 0.8 mm radius.
 */
export function layerExcess({ grid, hu, hidden }: WorkingVolume, mirror: Mirror): LayerExcess {
  const volume = { grid, hu, storableHu: [-32768, 32767], clippedAtHu: null } as const;
  const sum = (at: (mm: number) => Vec3): number | null => {
    let total = 0;
    for (let mm = FROM_MM; mm <= TO_MM; mm += STEP_MM) {
      const [i, j, k] = voxelFromPatient(grid, at(mm));
      if (i < 0 || j < 0 || k < 0 || i > grid.columns - 1 || j > grid.rows - 1 || k > grid.slices - 1)
        return null;
      // fat and gas count as soft tissue: only what is denser is summed
      total += Math.max(0, sampleHu(volume, i, j, k) - SOFT_TISSUE_HU) * STEP_MM;
    }
    return total;
  };
  // cement or metal on the other side says nothing of its bone
  const covered = (at: (mm: number) => Vec3): boolean => {
    for (let mm = FROM_MM; mm <= TO_MM; mm += 1) {
      const [i, j, k] = voxelFromPatient(grid, at(mm)).map(Math.round);
      if (hidden[(k * grid.rows + j) * grid.columns + i] === 1) return true;
    }
    return false;
  };
  return (p, outward) => {
    const u = normalize(cross(outward, Math.abs(outward[2]) < 0.8 ? [0, 0, 1] : [1, 0, 0]));
    const v = cross(outward, u);
    const own = sum((mm) => add(p, scale(outward, mm)));
    if (own === null) return null;
    const facing = (start: Vec3, shift: number) => (mm: number) =>
      mirror.opposite(add(start, scale(outward, mm + shift)));
    if (covered(facing(p, 0))) return null;
    let most = 0;
    for (const shift of SHIFTS_MM)
      for (const [a, b] of [
        [0, 0],
        [ASIDE_MM, 0],
        [-ASIDE_MM, 0],
        [0, ASIDE_MM],
        [0, -ASIDE_MM],
      ]) {
        const start = add(p, add(scale(u, a), scale(v, b)));
        const other = sum(facing(start, shift));
        if (other === null) return null;
        most = Math.max(most, other);
      }
    return own - most;
  };
}
