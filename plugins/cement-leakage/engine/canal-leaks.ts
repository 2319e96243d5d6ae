// Dense parts that lie in the canal as a whole: what is found of the canal's walls is narrower than the canal at places.
import { patientFromVoxel } from "#core/space";
import type { CtVolume } from "#core/volume";
import type { RunMask } from "#voxels/mask";
import { forEachRun, voxelCount } from "#voxels/mask";
import { overlapCount, union } from "#voxels/set-operations";
import type { BoneEnvelope } from "./bone-envelope.ts";
import type { Canal } from "./canal.ts";
import type { DensePart } from "./cement-mask.ts";
import type { LeakPart } from "./leak-region.ts";
import { canalHas } from "./leak-region.ts";

/** A detached part with this share of its voxels in the canal lies in the canal; the rest is where the wall was found too far in. */
const LEAST_IN_CANAL = 0.25;
/** What lies beyond bone is another part's business. */
const MOST_BEYOND_BONE = 0.15;
const BEYOND_MM = 0.4;
/** More than this is a cast that reaches into the canal, and is cut at the wall. */
const LARGEST_MM3 = 1500;

/**
 * The leak parts with those of the canal completed: a detached dense part (not `cast`, the largest of the region) that lies in the canal
 * for a good share is one leak with all of its voxels, and takes in the pieces that were found of it.
 */
export function completeCanalParts(
  volume: CtVolume,
  found: readonly LeakPart[],
  dense: readonly DensePart[],
  cast: RunMask,
  envelope: BoneEnvelope,
  canal: Canal | null,
): LeakPart[] {
  if (!canal) return [...found];
  let parts = [...found];
  for (const { mask, features } of dense) {
    if (features.volumeMm3 > LARGEST_MM3 || overlapCount(mask, cast) > 0) continue;
    const own = parts.filter((part) => part.compartment === "canal" && overlapCount(part.mask, mask) > 0);
    if (own.length === 0) continue;
    const { inCanal, beyond } = placesOf(volume, mask, envelope, canal);
    const count = voxelCount(mask);
    if (inCanal < LEAST_IN_CANAL * count || beyond > MOST_BEYOND_BONE * count) continue;
    const brightest = own.reduce((a, b) => (b.peakHu > a.peakHu ? b : a));
    parts = [
      ...parts.filter((part) => !own.includes(part)),
      {
        ...brightest,
        mask: own.reduce((all, part) => union(all, part.mask), mask),
        peakHu: Math.max(brightest.peakHu, features.huMax),
      },
    ];
  }
  return parts;
}

function placesOf(volume: CtVolume, mask: RunMask, envelope: BoneEnvelope, canal: Canal) {
  let inCanal = 0;
  let beyond = 0;
  forEachRun(mask, (j, k, start, end) => {
    for (let i = start; i < end; i++) {
      const p = patientFromVoxel(volume.grid, i, j, k);
      if (canalHas(canal, envelope, p)) inCanal++;
      else if (envelope.surfaceMm(p) > BEYOND_MM) beyond++;
    }
  });
  return { inCanal, beyond };
}
