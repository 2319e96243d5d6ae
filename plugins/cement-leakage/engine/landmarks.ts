// Where things are in this patient: midline, canal, levels of the sacrum, in front and behind - from the CT itself.
import type { Vec3 } from "#core/space";
import { distance, dot, subtract } from "#core/space";
import type { BoneEnvelope } from "./bone-envelope.ts";
import type { Canal } from "./canal.ts";
import type { Discs, DiscSpace } from "./disc-space.ts";
import { offset } from "./discs.ts";
import type { JointSpace } from "./joint-space.ts";
import type { Midline } from "./side.ts";

export type Level = "S1" | "S2" | "S3" | "S4" | "S5";

export interface Landmarks {
  readonly midline: Midline;
  readonly canal: Canal | null;
  readonly envelope: BoneEnvelope;
  /** Disc spaces in view, from above to below. */
  readonly discs: readonly DiscSpace[];
  /** The one above S1, where it is told from the others. */
  readonly lumbosacral: DiscSpace | null;
  /** The sacroiliac joints that are seen. */
  readonly joints: readonly JointSpace[];
  /**
   * Patient z of the upper end of S1 beside the canal: the back edge of its end plate where the disc L5/S1 is in view, else estimated
   * from the alae; null where neither is.
   */
  readonly sacrumTopZMm: number | null;
  /** Sacral level at a patient point by its distance below the end plate of S1 along the back walls of the bodies (estimated); null above or unknown. */
  levelAt(p: Vec3): Level | null;
  /** mm in front of (negative) or behind the canal's middle at this height; null where no canal was found. */
  behindCanalMm(p: Vec3): number | null;
}

/** Lower ends of the sacral bodies along the bone, mm from the upper end of S1: adult means; a proportion, not a measurement. */
const LEVEL_ENDS_MM: readonly (readonly [Level, number])[] = [
  ["S1", 30],
  ["S2", 54],
  ["S3", 74],
  ["S4", 91],
  ["S5", 108],
];

/** The back walls of the bodies lie about this far in front of the canal's middle. */
const BACK_WALL_MM = 7;

export function findLandmarks(
  envelope: BoneEnvelope,
  canal: Canal | null,
  midline: Midline,
  discs: Discs,
  joints: readonly JointSpace[],
): Landmarks {
  const along = discs.lumbosacral
    ? alongAxis(discs, discs.lumbosacral)
    : alongFront(envelope, canal, midline);
  return {
    midline,
    canal,
    envelope,
    discs: discs.spaces,
    lumbosacral: discs.lumbosacral,
    joints,
    sacrumTopZMm: discs.lumbosacral
      ? discs.lumbosacral.lowerPlate.backMm[2]
      : topOfAlae(envelope, canal, midline),
    levelAt: (p) => {
      const mm = along(p);
      if (mm === null) return null;
      return LEVEL_ENDS_MM.find(([, end]) => mm <= end)?.[0] ?? "S5";
    },
    behindCanalMm: (p) => {
      const middle = canal?.middleAt(p[2]);
      return middle ? p[1] - middle[1] : null;
    },
  };
}

/**
 * mm below the end plate of S1 along the canal: the foot of a point on the spine's axis, from the foot of the plate's back edge on. Null
 * above the plate. Points farther forward count by the same foot, because the bodies' borders stand across the canal.
 */
function alongAxis({ axis }: Discs, { lowerPlate, centre, down }: DiscSpace): (p: Vec3) => number | null {
  // the heights of bodies are those of their back walls; the canal's middle behind them is longer, because the sacrum is bent
  const wall = axis.map(({ at, front }) => offset(at, [front, BACK_WALL_MM]));
  const lengths = new Float64Array(wall.length);
  for (let n = 1; n < wall.length; n++) lengths[n] = lengths[n - 1] + distance(wall[n - 1], wall[n]);
  const footMm = (p: Vec3): number => {
    let best = 0;
    let least = Infinity;
    wall.forEach((at, n) => {
      const mm = Math.hypot(p[1] - at[1], p[2] - at[2]);
      if (mm < least) [least, best] = [mm, n];
    });
    return lengths[best] + dot(subtract(p, wall[best]), axis[best].down);
  };
  const start = footMm(lowerPlate.backMm);
  return (p) => (dot(subtract(p, centre), down) < -2 ? null : Math.max(0, footMm(p) - start));
}

/** The same where the disc is not in view: the length of the front surface below the top of the alae, by height alone. */
function alongFront(
  envelope: BoneEnvelope,
  canal: Canal | null,
  midline: Midline,
): (p: Vec3) => number | null {
  const top = topOfAlae(envelope, canal, midline);
  const front = frontProfile(envelope, midline);
  return ([, , z]) => {
    if (top === null) return null;
    if (z > top) return z - top > 14 ? null : top - z;
    // length of the front surface from the top down to z
    let sum = 0;
    let last: readonly [number, number] | null = null;
    for (const point of front) {
      if (point[1] > top) continue;
      if (point[1] < z) break;
      if (last) sum += Math.hypot(point[0] - last[0], point[1] - last[1]);
      last = point;
    }
    return sum;
  };
}

/** [y, z] of the foremost bone of the spine in the median plane, from above to below. */
function frontProfile(envelope: BoneEnvelope, midline: Midline): [number, number][] {
  const { grid, surface } = envelope;
  const first = grid.slicePositions[0];
  const step = grid.columnSpacingMm;
  const profile: [number, number][] = [];
  for (let k = grid.slices - 1; k >= 0; k--) {
    const z = first[2] + k * step;
    for (let j = 0; j < grid.rows; j++) {
      const y = first[1] + j * step;
      const x = (midline.offsetMm - midline.leftward[1] * y - midline.leftward[2] * z) / midline.leftward[0];
      const i = Math.round((x - first[0]) / step);
      if (i < 0 || i >= grid.columns) continue;
      const deep = j + Math.round(4 / step);
      if (
        surface[(k * grid.rows + j) * grid.columns + i] < 0 &&
        deep < grid.rows &&
        surface[(k * grid.rows + deep) * grid.columns + i] < 0
      ) {
        profile.push([y, z]);
        break;
      }
    }
  }
  return profile;
}

/**
 * Height of the upper end of S1, from the top of the alae: the highest slice where bone beside the canal (22 to 45 mm from the midline)
 * is at least half as large as where it is largest; a transverse process of L5 is smaller. The upper end of S1 stands about 5 mm higher.
 */
function topOfAlae(envelope: BoneEnvelope, canal: Canal | null, midline: Midline): number | null {
  if (!canal) return null;
  const { grid, surface } = envelope;
  const first = grid.slicePositions[0];
  const step = grid.columnSpacingMm;
  const areas: number[] = [];
  for (let k = 0; k < grid.slices; k++) {
    const z = first[2] + k * step;
    const middle = canal.middleAt(z);
    const area = [0, 0];
    if (middle)
      for (let y = middle[1] - 36; y <= middle[1] + 4; y += 2) {
        const x0 =
          (midline.offsetMm - midline.leftward[1] * y - midline.leftward[2] * z) / midline.leftward[0];
        for (const side of [0, 1])
          for (let off = 22; off <= 45; off += 2) {
            const i = Math.round((x0 + (side === 0 ? -off : off) - first[0]) / step);
            const j = Math.round((y - first[1]) / step);
            if (i < 0 || j < 0 || i >= grid.columns || j >= grid.rows) continue;
            if (surface[(k * grid.rows + j) * grid.columns + i] < 0) area[side] += 4;
          }
      }
    areas.push(Math.max(area[0], area[1]));
  }
  const most = Math.max(...areas);
  // alae are large; a lumbar vertebra alone has only its transverse processes there
  if (most < 280) return null;
  const top = areas.findLastIndex((area) => area >= 0.5 * most);
  // the alae reach the upper end of what is in view: so does the sacrum, and its upper end is unknown
  return top < 0 || top > grid.slices - 3 ? null : first[2] + top * step + 5;
}
