// Leaks that touch outside bone are told apart where their width changes: a lump, and the veins or tracks that run into it.
import type { Vec3 } from "#core/space";
import { patientFromVoxel, voxelVolumeMm3 } from "#core/space";
import type { CtVolume } from "#core/volume";
import type { RunMask } from "#voxels/mask";
import { forEachRun, RunBuilder } from "#voxels/mask";
import { difference, unionAll } from "#voxels/set-operations";
import type { BoneEnvelope } from "./bone-envelope.ts";
import { partsOf } from "./cement-mask.ts";
import type { LeakPart } from "./leak-region.ts";
import { SOFT_TISSUE_HU } from "./leak-region.ts";
import { pointsOf, shapeOf } from "./shape.ts";

/** Cement is summed up in a ball of this radius: it holds the whole width of a vein or a track, and most of a small lump. */
const BALL_MM = 5;
/** The ball's edge is this soft either way, so that coarse voxels do not jump in and out. */
const SOFT_MM = 1;
/** A lump holds this much in the ball, and this many times what the thin part holds. */
const LEAST_LUMP_MM3 = 75;
const LUMP_TO_TUBE = 2.2;
/** What runs into a lump is a leak of its own from this length, volume and slenderness on. */
const LEAST_LENGTH_MM = 8;
const LEAST_TUBE_MM3 = 20;
const LEAST_ELONGATION = 3;
/** What holds this many times as much as the thin part is still thin; it seeds the thin part where it is this long and slender, off the lump's rim. */
const THIN = 1.8;
const SEED_LENGTH_MM = 5;
const SEED_ELONGATION = 2;
const RIM_MM = 4;
/** What lies between the two is the thin part's unless it is this much nearer to the lump's middle than to the thin part: then it is the lump's rim. */
const RIM_TO_TUBE = 1.6;
/** Less than this is one thing. */
const LEAST_PART_MM3 = 110;
/** At most this many voxels are summed over; more are thinned out evenly. */
const MOST_SUMMED = 3000;

interface Voxels {
  readonly at: readonly (readonly [number, number, number])[];
  readonly points: readonly Vec3[];
  /** mm3 of cement in the voxel, by its HU between soft tissue and this patient's cement. */
  readonly filledMm3: Float64Array;
}

/**
 * The pieces of a part outside bone: a lump, and what runs into it for at least 8 mm and holds less than half of the lump's cement in a
 * ball of 5 mm. The border lies where the ball holds the mean of the two: at the lump's edge. One piece where nothing of the kind is
 * seen; a vein that only varies in width stays whole.
 */
export function splitAtLumps(
  volume: CtVolume,
  part: LeakPart,
  envelope: Pick<BoneEnvelope, "surfaceMm">,
  cementHu: number,
): LeakPart[] {
  if (part.compartment !== "outside") return [part];
  const voxels = voxelsOf(volume, part.mask, cementHu);
  const total = voxels.filledMm3.reduce((a, b) => a + b, 0);
  if (total < LEAST_PART_MM3) return [part];
  const near = ballMm3(voxels);
  const peak = near.indexOf(near.reduce((a, b) => Math.max(a, b), 0));
  if (near[peak] < LEAST_LUMP_MM3) return [part];
  const tubeMm3 = tubeBeside(voxels, near, peak);
  if (tubeMm3 === null || near[peak] < LUMP_TO_TUBE * tubeMm3) return [part];
  const { grid } = volume;
  const border = (near[peak] + tubeMm3) / 2;
  const core = voxels.points.filter((_, n) => near[n] >= border);
  const thinMm3 = Math.min(border, THIN * tubeMm3);
  const tubes = partsOf(
    maskOf(volume, voxels, (n) => near[n] < thinMm3),
    grid,
    0.5 * LEAST_TUBE_MM3,
  ).filter((piece) => {
    const shape = shapeOf(piece, grid);
    if (shape.longestMm < SEED_LENGTH_MM || shape.elongation < SEED_ELONGATION) return false;
    // the rim of a lump is thin and long as well, but it stays beside the lump
    const points = pointsOf(piece, grid, 100);
    return points.filter((p) => distanceTo(core, p) > RIM_MM).length > 0.4 * points.length;
  });
  if (tubes.length === 0) return [part];
  const tubePoints = tubes.flatMap((piece) => pointsOf(piece, grid, MOST_SUMMED));
  const toTube = maskOf(
    volume,
    voxels,
    (n) =>
      near[n] < border &&
      distanceTo(tubePoints, voxels.points[n]) < RIM_TO_TUBE * distanceTo(core, voxels.points[n]),
  );
  const thin = partsOf(toTube, grid, LEAST_TUBE_MM3).filter((piece) => {
    const shape = shapeOf(piece, grid);
    return shape.longestMm >= LEAST_LENGTH_MM && shape.elongation >= LEAST_ELONGATION;
  });
  if (thin.length === 0) return [part];
  // several thin pieces at one lump are one vein that passes it
  const tube = unionAll(grid, thin);
  return [difference(part.mask, tube), tube].map((mask) => ({
    ...part,
    mask,
    beyondMm: farthestMm(volume, envelope, mask),
  }));
}

const distanceTo = (points: readonly Vec3[], p: Vec3): number => {
  let best = Infinity;
  for (const q of points) best = Math.min(best, (p[0] - q[0]) ** 2 + (p[1] - q[1]) ** 2 + (p[2] - q[2]) ** 2);
  return Math.sqrt(best);
};

function voxelsOf({ grid, hu }: CtVolume, mask: RunMask, cementHu: number): Voxels {
  const at: (readonly [number, number, number])[] = [];
  const points: Vec3[] = [];
  const filled: number[] = [];
  const contrast = Math.max(300, cementHu - SOFT_TISSUE_HU);
  forEachRun(mask, (j, k, start, end) => {
    const mm3 = voxelVolumeMm3(grid, k);
    const row = (k * grid.rows + j) * grid.columns;
    for (let i = start; i < end; i++) {
      at.push([i, j, k]);
      points.push(patientFromVoxel(grid, i, j, k));
      filled.push(mm3 * Math.max(0, Math.min(1, (hu[row + i] - SOFT_TISSUE_HU) / contrast)));
    }
  });
  return { at, points, filledMm3: Float64Array.from(filled) };
}

/** mm3 of the part's cement in the ball round each of its voxels. */
function ballMm3({ points, filledMm3 }: Voxels): Float64Array {
  const every = Math.max(1, Math.ceil(points.length / MOST_SUMMED));
  const near = new Float64Array(points.length);
  const far2 = (BALL_MM + SOFT_MM) ** 2;
  for (let n = 0; n < points.length; n++) {
    const [x, y, z] = points[n];
    let sum = 0;
    for (let m = 0; m < points.length; m += every) {
      const q = points[m];
      const d2 = (q[0] - x) ** 2 + (q[1] - y) ** 2 + (q[2] - z) ** 2;
      if (d2 >= far2) continue;
      sum += filledMm3[m] * Math.min(1, (BALL_MM + SOFT_MM - Math.sqrt(d2)) / (2 * SOFT_MM));
    }
    near[n] = sum * every;
  }
  return near;
}

/** What the ball holds on what is left when the lump and a ball's radius round it are taken away: the median; null where nothing is left. */
function tubeBeside({ points }: Voxels, near: Float64Array, peak: number): number | null {
  const core = points.filter((_, n) => near[n] > 0.75 * near[peak]);
  const rest: number[] = [];
  points.forEach((p, n) => {
    if (near[n] > 0.75 * near[peak]) return;
    if (core.every((q) => Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]) > BALL_MM)) rest.push(near[n]);
  });
  if (rest.length === 0) return null;
  rest.sort((a, b) => a - b);
  return rest[rest.length >> 1];
}

function maskOf({ grid }: CtVolume, { at }: Voxels, has: (n: number) => boolean): RunMask {
  const builder = new RunBuilder(grid);
  at.forEach(([i, j, k], n) => {
    if (has(n)) builder.add(k * grid.rows + j, i, i + 1);
  });
  return builder.finish();
}

/** How far a piece stands off bone, mm. */
function farthestMm({ grid }: CtVolume, envelope: Pick<BoneEnvelope, "surfaceMm">, mask: RunMask): number {
  let beyondMm = 0;
  forEachRun(mask, (j, k, start, end) => {
    for (let i = start; i < end; i++)
      beyondMm = Math.max(beyondMm, envelope.surfaceMm(patientFromVoxel(grid, i, j, k)));
  });
  return beyondMm;
}
