// Where things are in this patient: midline, canal, levels of the sacrum, in front and behind - from the CT itself.
import type { Vec3 } from "#core/space";
import type { BoneEnvelope } from "./bone-envelope.ts";
import type { Canal } from "./canal.ts";
import type { Discs, DiscSpace } from "./disc-space.ts";
import type { Midline } from "./side.ts";

export type Level = "S1" | "S2" | "S3" | "S4" | "S5";

export interface Landmarks {
  readonly midline: Midline;
  readonly canal: Canal | null;
  readonly envelope: BoneEnvelope;
  /** Disc spaces in view, from above to below. */
  readonly discs: readonly DiscSpace[];
  /** Patient z of the front edge of S1's upper end plate, estimated; null where it is not in view. */
  readonly promontoryZMm: number | null;
  /** Sacral level at a patient point by its height below the promontory along the sacrum (estimated); null above or unknown. */
  levelAt(p: Vec3): Level | null;
  /** mm in front of (negative) or behind the canal's middle at this height; null where no canal was found. */
  behindCanalMm(p: Vec3): number | null;
}

/** Heights of the sacral bodies along the bone, mm from the promontory: adult means; a proportion, not a measurement. */
const LEVEL_ENDS_MM: readonly (readonly [Level, number])[] = [
  ["S1", 30],
  ["S2", 54],
  ["S3", 74],
  ["S4", 91],
  ["S5", 108],
];

export function findLandmarks(
  envelope: BoneEnvelope,
  canal: Canal | null,
  midline: Midline,
  discs: Discs,
): Landmarks {
  const front = frontProfile(envelope, midline);
  const promontory = promontoryOf(envelope, canal, midline);
  const along = (z: number): number | null => {
    if (promontory === null) return null;
    // length of the front surface from the promontory down to z
    let sum = 0;
    let last: readonly [number, number] | null = null;
    for (const point of front) {
      if (point[1] > promontory) continue;
      if (point[1] < z) break;
      if (last) sum += Math.hypot(point[0] - last[0], point[1] - last[1]);
      last = point;
    }
    return z > promontory ? promontory - z : sum;
  };
  return {
    midline,
    canal,
    envelope,
    discs: discs.spaces,
    promontoryZMm: promontory,
    levelAt: (p) => {
      const mm = along(p[2]);
      // the end plate slopes: its back edge is higher than the promontory
      if (mm === null || mm < -14) return null;
      return LEVEL_ENDS_MM.find(([, end]) => mm <= end)?.[0] ?? "S5";
    },
    behindCanalMm: (p) => {
      const middle = canal?.middleAt(p[2]);
      return middle ? p[1] - middle[1] : null;
    },
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
 * Height of the front edge of S1, from the top of the alae: the highest slice where bone beside the canal (22 to 45 mm from the midline)
 * is at least half as large as where it is largest; a transverse process of L5 is smaller. The promontory stands about 5 mm higher.
 */
function promontoryOf(envelope: BoneEnvelope, canal: Canal | null, midline: Midline): number | null {
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
  for (let k = grid.slices - 1; k >= 0; k--) if (areas[k] >= 0.5 * most) return first[2] + k * step + 5;
  return null;
}
