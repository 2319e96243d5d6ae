// Tracks and veins in thick slices: what partial volume broke into beads becomes one part again, with the dim voxels between.
import { patientFromVoxel, spacingMm } from "#core/space";
import type { CtVolume } from "#core/volume";
import type { RunMask } from "#voxels/mask";
import { forEachRun, maskHas, RunBuilder, voxelCount } from "#voxels/mask";
import { union } from "#voxels/set-operations";
import type { BoneEnvelope } from "./bone-envelope.ts";
import type { LeakPart } from "./leak-region.ts";
import { shapeOf } from "./shape.ts";

/** Up to this thickness a vein fills the slices it runs through, and its beads are real. */
export const THIN_SLICE_MM = 1.5;
/** A track that is shared by two columns of voxels keeps half of what it has in one: this share of the floor still joins two beads. */
const BRIDGE_SHARE = 0.7;
/** Beads are apart by at most this many voxels, the ends left out. */
const MOST_BETWEEN = 2;
/** What is larger than this is a lump and no bead, mm3; a piece of more voxels has a form of its own to go by. */
const LUMP_MM3 = 150;
const MOST_BEAD_VOXELS = 6;
/** A trace is long for its calibre: three coarse voxels in a row reach this. */
const LEAST_ELONGATION = 1.4;

/**
 * Joins beads of one trace where a path of voxels outside bone, each at least 0.7 of `leastHu`, leads from one to the other, and the
 * whole is long. Slices up to 1.5 mm come back as they are.
 */
export function joinTraces(
  volume: CtVolume,
  parts: readonly LeakPart[],
  envelope: BoneEnvelope,
  leastHu: number,
): LeakPart[] {
  const { grid } = volume;
  if (spacingMm(grid)[2] <= THIN_SLICE_MM) return [...parts];
  const list = [...parts];
  const isBead = ({ mask, compartment }: LeakPart) =>
    compartment === "outside" &&
    voxelCount(mask) <= MOST_BEAD_VOXELS &&
    shapeOf(mask, grid).volumeMm3 <= LUMP_MM3;
  for (let a = 0; a < list.length; a++)
    for (let b = a + 1; b < list.length; b++) {
      if (!isBead(list[a]) || !isBead(list[b])) continue;
      const between = pathBetween(volume, list[a].mask, list[b].mask, envelope, BRIDGE_SHARE * leastHu);
      if (!between) continue;
      const mask = union(union(list[a].mask, list[b].mask), between);
      if (shapeOf(mask, grid).elongation < LEAST_ELONGATION) continue;
      const larger = voxelCount(list[a].mask) >= voxelCount(list[b].mask) ? list[a] : list[b];
      list[a] = {
        ...larger,
        mask,
        beyondMm: Math.max(list[a].beyondMm, list[b].beyondMm),
        peakHu: Math.max(list[a].peakHu, list[b].peakHu),
      };
      list.splice(b, 1);
      // the longer trace may reach what its beads did not
      b = a;
    }
  return list;
}

/** The voxels of the shortest way from one mask to the other, or null where there is none of at most two voxels. */
function pathBetween(
  { grid, hu }: CtVolume,
  from: RunMask,
  to: RunMask,
  envelope: BoneEnvelope,
  leastHu: number,
): RunMask | null {
  const key = (i: number, j: number, k: number) => (k * grid.rows + j) * grid.columns + i;
  const cameFrom = new Map<number, number>();
  let front: (readonly [number, number, number])[] = [];
  forEachRun(from, (j, k, start, end) => {
    for (let i = start; i < end; i++) {
      cameFrom.set(key(i, j, k), -1);
      front.push([i, j, k]);
    }
  });
  for (let step = 0; step <= MOST_BETWEEN; step++) {
    const next: (readonly [number, number, number])[] = [];
    for (const [i, j, k] of front)
      for (let dk = -1; dk <= 1; dk++)
        for (let dj = -1; dj <= 1; dj++)
          for (let di = -1; di <= 1; di++) {
            const [x, y, z] = [i + di, j + dj, k + dk];
            if (x < 0 || y < 0 || z < 0 || x >= grid.columns || y >= grid.rows || z >= grid.slices) continue;
            if (cameFrom.has(key(x, y, z))) continue;
            if (maskHas(to, x, y, z)) return wayBack(grid, cameFrom, key(i, j, k));
            if (step === MOST_BETWEEN || hu[key(x, y, z)] < leastHu) continue;
            if (envelope.surfaceMm(patientFromVoxel(grid, x, y, z)) <= 0) continue;
            cameFrom.set(key(x, y, z), key(i, j, k));
            next.push([x, y, z]);
          }
    front = next;
  }
  return null;
}

function wayBack(grid: CtVolume["grid"], cameFrom: ReadonlyMap<number, number>, last: number): RunMask {
  const way: number[] = [];
  for (let at = last; (cameFrom.get(at) ?? -1) !== -1; at = cameFrom.get(at) ?? -1) way.push(at);
  const builder = new RunBuilder(grid);
  for (const at of way.toSorted((a, b) => a - b)) {
    const i = at % grid.columns;
    builder.add(Math.floor(at / grid.columns), i, i + 1);
  }
  return builder.finish();
}
