// The sacral foramina from the CT: walled dark channels between the canal and the pelvic surface, one a side at each border of two bodies.
import type { Vec3 } from "#core/space";
import { distance } from "#core/space";
import type { Landmarks, Level } from "./landmarks.ts";
import { leftOfMidlineMm } from "./side.ts";
import type { WorkingVolume } from "./working-volume.ts";

export interface Foramen {
  readonly level: Exclude<Level, "S5">;
  readonly side: "left" | "right";
  /** Middle of the channel, patient mm; known to about half its width, 4 mm. */
  readonly centreMm: Vec3;
}

/** A foramen's middle lies this far beside the median plane, and this far in front of the canal's middle. */
const BESIDE_MM = [9, 28] as const;
const IN_FRONT_MM = [2, 26] as const;
/** The border of two bodies is estimated to about this many mm. */
const UP_DOWN_MM = 8;
/** Two foramina of a side are at least this far apart across their course, which runs forwards. */
const APART_MM = 13;
const CORE_MM = 2.5;
/** Around the channel bone is met within this distance, in most directions across it. */
const WALL_MM = 8;
const LEAST_WALLS = 5;
const DIRECTIONS = 8;
/** Halfway out of the canal and into the pelvis is no foramen any more. */
const INSIDE_MM = -3;

const FORAMEN_LEVELS = ["S1", "S2", "S3", "S4"] as const;

/**
 * The foramina that are seen, S1 to S4 on both sides. Each is looked for where the body of its level ends: the place with the most bone
 * around and the least in it. None is made up: without four walls' worth of bone, or without a dark core, there is none.
 */
export function findForamina(work: WorkingVolume, landmarks: Landmarks): Foramen[] {
  const { canal, midline } = landmarks;
  if (!canal) return [];
  const found: Foramen[] = [];
  for (const level of FORAMEN_LEVELS) {
    const border = lowerEnd(landmarks, level);
    if (!border) continue;
    for (const side of ["left", "right"] as const) {
      // from above to below: a channel that a level has is not the next one's too
      const taken = found.filter((foramen) => foramen.side === side).map(({ centreMm }) => centreMm);
      const best = darkestChannel(work, landmarks, border, (p) => {
        const beside = leftOfMidlineMm(midline, p) * (side === "left" ? 1 : -1);
        const free = taken.every(([x, , z]) => Math.hypot(x - p[0], z - p[2]) >= APART_MM);
        return free && beside >= BESIDE_MM[0] && beside <= BESIDE_MM[1];
      });
      if (best) found.push({ level, side, centreMm: best });
    }
  }
  return found;
}

/** The nearest foramen to any of the points, mm from its middle; null where none was found. */
export function nearestForamen(
  points: readonly Vec3[],
  foramina: readonly Foramen[],
): { readonly foramen: Foramen; readonly mm: number } | null {
  let nearest: { foramen: Foramen; mm: number } | null = null;
  for (const foramen of foramina)
    for (const p of points) {
      const mm = distance(p, foramen.centreMm);
      if (!nearest || mm < nearest.mm) nearest = { foramen, mm };
    }
  return nearest;
}

/** A channel is this wide to either side of its middle, and runs this far to the front and the back of it, mm. */
const CHANNEL_MM = 5.5;
const ALONG_MM = 10;
/** Nearer to the median plane than this lies the canal. */
const BESIDE_CANAL_MM = 10;

/** Whether a patient point lies in one of the foramina: beside the canal, within the channel, and not out of bone's closed surface. */
export function inForamen(p: Vec3, foramina: readonly Foramen[], { envelope, midline }: Landmarks): boolean {
  if (Math.abs(leftOfMidlineMm(midline, p)) < BESIDE_CANAL_MM) return false;
  return foramina.some(
    ({ centreMm: [x, y, z] }) =>
      Math.hypot(p[0] - x, p[2] - z) <= CHANNEL_MM &&
      Math.abs(p[1] - y) <= ALONG_MM &&
      envelope.surfaceMm(p) < 0.5,
  );
}

/** The canal's middle where the level ends below; null where the canal is not in view there. */
function lowerEnd({ canal, levelAt }: Landmarks, level: Level): Vec3 | null {
  const middle = canal?.middle ?? [];
  for (let n = middle.length - 1; n > 0; n--)
    if (levelAt(middle[n]) === level && levelAt(middle[n - 1]) !== level) return middle[n];
  return null;
}

function darkestChannel(
  work: WorkingVolume,
  { envelope, canal }: Landmarks,
  [x, y, z]: Vec3,
  allowed: (p: Vec3) => boolean,
): Vec3 | null {
  const step = 1.5;
  let best: Vec3 | null = null;
  let least = Infinity;
  for (let dz = -UP_DOWN_MM; dz <= UP_DOWN_MM; dz += step) {
    const middle = canal?.middleAt(z + dz) ?? [x, y, z];
    for (let dy = IN_FRONT_MM[0]; dy <= IN_FRONT_MM[1]; dy += step)
      for (let dx = -BESIDE_MM[1] - 4; dx <= BESIDE_MM[1] + 4; dx += step) {
        const p: Vec3 = [middle[0] + dx, middle[1] - dy, z + dz];
        if (!allowed(p) || envelope.surfaceMm(p) > INSIDE_MM) continue;
        const core = coreHu(work, p);
        if (core === null || core > envelope.boneHu) continue;
        const walls = wallsAround(work, p, envelope.boneHu + 60);
        if (walls < LEAST_WALLS) continue;
        // one wall more is worth 25 HU; far from the expected border it has to be clearer
        const cost = core - 25 * walls + 3 * Math.abs(dz);
        if (cost < least) [least, best] = [cost, p];
      }
  }
  return best;
}

const indexOf = ({ grid }: WorkingVolume, p: Vec3): number => {
  const first = grid.slicePositions[0];
  const step = grid.columnSpacingMm;
  const i = Math.round((p[0] - first[0]) / step);
  const j = Math.round((p[1] - first[1]) / step);
  const k = Math.round((p[2] - first[2]) / step);
  return i < 0 || j < 0 || k < 0 || i >= grid.columns || j >= grid.rows || k >= grid.slices
    ? -1
    : (k * grid.rows + j) * grid.columns + i;
};

/** Mean HU of a small cross of places; null where cement hides it. */
function coreHu(work: WorkingVolume, [x, y, z]: Vec3): number | null {
  let sum = 0;
  let count = 0;
  for (const d of [0, CORE_MM, -CORE_MM])
    for (const place of [
      [x + d, y, z],
      [x, y + d, z],
      [x, y, z + d],
    ] as const) {
      const at = indexOf(work, place);
      if (at < 0 || work.hidden[at] === 1) return null;
      sum += work.hu[at];
      count++;
    }
  return sum / count;
}

/** In how many of eight directions in the coronal plane bone is met within 8 mm: the channel runs forwards, across that plane. */
function wallsAround(work: WorkingVolume, [x, y, z]: Vec3, wallHu: number): number {
  let walls = 0;
  for (let n = 0; n < DIRECTIONS; n++) {
    const angle = (2 * Math.PI * n) / DIRECTIONS;
    for (let mm = CORE_MM; mm <= WALL_MM; mm++) {
      const at = indexOf(work, [x + mm * Math.cos(angle), y, z + mm * Math.sin(angle)]);
      if (at < 0) break;
      if (work.hu[at] >= wallHu || work.hidden[at] === 1) {
        walls++;
        break;
      }
    }
  }
  return walls;
}
