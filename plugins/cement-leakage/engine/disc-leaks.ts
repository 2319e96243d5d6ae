// Cement in a disc space: what is far brighter there than end plates and ridges, cut between the two plates.
import type { Vec3 } from "#core/space";
import { patientFromVoxel, voxelFromPatient } from "#core/space";
import type { CtVolume } from "#core/volume";
import { forEachRun, RunBuilder } from "#voxels/mask";
import type { RunMask } from "#voxels/mask";
import { maskVolumeMm3 } from "#voxels/statistics";
import { partsOf } from "./cement-mask.ts";
import type { DiscSpace } from "./disc-space.ts";
import { offset } from "./discs.ts";
import type { Landmarks } from "./landmarks.ts";
import type { LeakPart } from "./leak-region.ts";
import { canalHas } from "./leak-region.ts";
import { leftOfMidlineMm } from "./side.ts";
import type { AgainstOtherSide } from "./suspects.ts";

/** Nearer than this to an end plate it is the plate's own blur or cement in the body. */
const OFF_PLATE_MM = 0.8;
/** A part must reach this far from both plates and the gap's edge, be this large, and this bright against the patient's cement. */
const LEAST_DEPTH_MM = 1.6;
const LEAST_MM3 = 15;
const LEAST_BRIGHT = 0.6;
/** Off the median plane a plate or ridge has its like on the other side; cement has not. */
const OFF_MIDLINE_MM = 6;
const LEAST_EXCESS_HU = 60;

/**
 * Parts of the CT that are cement in a disc space: connected voxels from `leastHu` on, off both end plates, inside the closed bone and
 * outside the canal. `cementHu` is the plateau of this patient's cement. Dense end plates, ridges and calcified discs fall short of
 * the brightness or the depth, or have their like on the other side (`against`, where there is one).
 */
export function discParts(
  volume: CtVolume,
  landmarks: Landmarks,
  leastHu: number,
  cementHu: number,
  against: AgainstOtherSide | null,
): LeakPart[] {
  return landmarks.discs.flatMap((disc) => {
    const leastPlateauHu = Math.max(LEAST_BRIGHT * cementHu, disc.brightHu + 150);
    const borderOf = (peak: number) => Math.max(leastHu, (peak + disc.gapHu) / 2);
    return partsOf(denseIn(volume, landmarks, disc, leastHu), volume.grid, 2).flatMap(
      (coarse): LeakPart[] => {
        const coarseHu = valuesOf(volume, coarse);
        const borderHu = borderOf(plateauOf(coarseHu));
        return partsOf(brighter(volume, coarse, borderHu), volume.grid, 2).flatMap((mask): LeakPart[] => {
          const hu = valuesOf(volume, mask);
          const peakHu = hu[hu.length - 1] ?? 0;
          let beyondMm = 0;
          forEachRun(mask, (j, k, start, end) => {
            for (let i = start; i < end; i++)
              beyondMm = Math.max(beyondMm, disc.depthMm(patientFromVoxel(volume.grid, i, j, k)) ?? 0);
          });
          if (
            plateauOf(hu) < leastPlateauHu ||
            beyondMm < LEAST_DEPTH_MM ||
            maskVolumeMm3(mask, volume.grid) < LEAST_MM3
          )
            return [];
          if (hasItsLike(volume, mask, landmarks, against)) return [];
          return [{ mask, compartment: "disc", beyondMm, peakHu, borderHu }];
        });
      },
    );
  });
}

function denseIn(
  volume: CtVolume,
  { envelope, canal }: Landmarks,
  disc: DiscSpace,
  leastHu: number,
): RunMask {
  const { grid, hu } = volume;
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  for (const u of [-30, 30])
    for (const w of [-22, 22])
      for (const h of [-14, 14])
        voxelFromPatient(grid, offset(disc.centre, [disc.left, u], [disc.front, w], [disc.down, h])).forEach(
          (value, axis) => {
            low[axis] = Math.min(low[axis], value);
            high[axis] = Math.max(high[axis], value);
          },
        );
  const from = (axis: number) => Math.max(0, Math.floor(low[axis]));
  const to = (axis: number, count: number) => Math.min(count, Math.ceil(high[axis]) + 1);
  const builder = new RunBuilder(grid);
  for (let k = from(2); k < to(2, grid.slices); k++)
    for (let j = from(1); j < to(1, grid.rows); j++) {
      const row = k * grid.rows + j;
      for (let i = from(0); i < to(0, grid.columns); i++) {
        if (hu[row * grid.columns + i] < leastHu) continue;
        const p: Vec3 = patientFromVoxel(grid, i, j, k);
        if ((disc.depthMm(p) ?? 0) < OFF_PLATE_MM) continue;
        if (envelope.surfaceMm(p) <= 0.4 && !canalHas(canal, envelope, p)) builder.add(row, i, i + 1);
      }
    }
  return builder.finish();
}

/** Whether most of a part that lies to one side is no denser than the same place on the other side. */
function hasItsLike(
  { grid }: CtVolume,
  mask: RunMask,
  { midline }: Landmarks,
  against: AgainstOtherSide | null,
): boolean {
  const excess: number[] = [];
  let count = 0;
  forEachRun(mask, (j, k, start, end) => {
    for (let i = start; i < end; i++) {
      count++;
      const p = patientFromVoxel(grid, i, j, k);
      const there = Math.abs(leftOfMidlineMm(midline, p)) > OFF_MIDLINE_MM ? against?.(p) : null;
      if (there) excess.push(there.excessHu);
    }
  });
  excess.sort((a, b) => a - b);
  return excess.length > 0.5 * count && excess[excess.length >> 1] < LEAST_EXCESS_HU;
}

function brighter({ grid, hu }: CtVolume, mask: RunMask, leastHu: number): RunMask {
  const builder = new RunBuilder(grid);
  forEachRun(mask, (j, k, start, end) => {
    const row = k * grid.rows + j;
    for (let i = start; i < end; i++) if (hu[row * grid.columns + i] >= leastHu) builder.add(row, i, i + 1);
  });
  return builder.finish();
}

/** Seven eighths up the sorted values: what the middle of a part has, less one bright voxel. */
const plateauOf = (sorted: readonly number[]): number => sorted[Math.floor(sorted.length * 0.875)] ?? 0;

/** HU of the mask's voxels, ascending. */
function valuesOf({ grid, hu }: CtVolume, mask: RunMask): number[] {
  const values: number[] = [];
  forEachRun(mask, (j, k, start, end) => {
    const base = (k * grid.rows + j) * grid.columns;
    for (let i = start; i < end; i++) values.push(hu[base + i]);
  });
  return values.sort((a, b) => a - b);
}
