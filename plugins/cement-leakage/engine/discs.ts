// Disc spaces: the soft gaps between two end plates in front of the canal, and the remnants of discs between sacral bodies.
import type { Vec3 } from "#core/space";
import { normalize } from "#core/space";
import type { BoneEnvelope } from "./bone-envelope.ts";
import type { AxisPoint } from "./spine-axis.ts";
import type { WorkingVolume } from "./working-volume.ts";

export interface DiscPlane {
  /** On the middle plane of the gap. Patient mm. */
  readonly centre: Vec3;
  readonly left: Vec3;
  readonly front: Vec3;
  readonly down: Vec3;
  /** mm along the spine's axis from its upper end. */
  readonly lengthMm: number;
  /** Share of the plane where an end plate was met on both sides. */
  readonly share: number;
  /** HU in the gap, and how much denser the end plates are (medians). */
  readonly gapHu: number;
  readonly contrastHu: number;
  /** Median distance between the end plates, mm. */
  readonly gapMm: number;
}

/** What is sampled of a plane: mm in front of the canal's middle, and to either side. */
interface Footprint {
  readonly fronts: readonly number[];
  readonly sides: readonly number[];
  readonly reachMm: number;
}

const FULL: Footprint = { fronts: [11, 15, 19, 23, 27, 31], sides: [-13, -8, -3, 3, 8, 13], reachMm: 9 };
const LEAST_EDGE_HU = 60;
const AIR_HU = -1024;
const MOST_GAP_MM = 15;
/** Between an end plate and a cast there is a gap, too: two plates must be seen over this share of the plane. */
const LEAST_SEEN = 0.3;
const degrees = (d: number) => (d * Math.PI) / 180;

export const offset = (p: Vec3, ...steps: readonly (readonly [Vec3, number])[]): Vec3 =>
  steps.reduce<Vec3>((q, [d, mm]) => [q[0] + d[0] * mm, q[1] + d[1] * mm, q[2] + d[2] * mm], p);

/** Turns the axis' frame: `bend` about the left-right axis (radians, the front edge goes down), `lean` about the front-back axis. */
export function turned(
  { down, front, left }: Pick<AxisPoint, "down" | "front" | "left">,
  bend: number,
  lean: number,
) {
  const f = normalize(offset([0, 0, 0], [front, Math.cos(bend)], [down, Math.sin(bend)]));
  const d = normalize(offset([0, 0, 0], [down, Math.cos(bend)], [front, -Math.sin(bend)]));
  return {
    front: f,
    down: normalize(offset([0, 0, 0], [d, Math.cos(lean)], [left, -Math.sin(lean)])),
    left: normalize(offset([0, 0, 0], [left, Math.cos(lean)], [d, Math.sin(lean)])),
  };
}

/** HU of the working voxel nearest to a patient point; NaN under cement, air outside. */
export function seenHu(work: WorkingVolume): (p: Vec3) => number {
  const { grid, hu, hidden } = work;
  const first = grid.slicePositions[0];
  const step = grid.columnSpacingMm;
  return (p) => {
    const i = Math.round((p[0] - first[0]) / step);
    const j = Math.round((p[1] - first[1]) / step);
    const k = Math.round((p[2] - first[2]) / step);
    if (i < 0 || j < 0 || k < 0 || i >= grid.columns || j >= grid.rows || k >= grid.slices) return AIR_HU;
    const at = (k * grid.rows + j) * grid.columns + i;
    return hidden[at] === 1 ? NaN : hu[at];
  };
}

/**
 * Distance from `from` along `direction` at which tissue of `gapHu` turns into bone, half way up its first peak; null if none. What is
 * hidden is dense: it stands for an end plate, too.
 */
export function edgeAlong(
  huAt: (p: Vec3) => number,
  from: Vec3,
  direction: Vec3,
  gapHu: number,
  reachMm: number,
): Edge | null {
  const values: number[] = [];
  let peak = -Infinity;
  for (let mm = 0; mm <= reachMm + 2; mm += 0.5) {
    const value = huAt(offset(from, [direction, mm]));
    if (value === AIR_HU) return null;
    if (!Number.isFinite(value)) return mm > reachMm ? null : { mm, peakHu: null };
    values.push(value);
    if (value > peak) peak = value;
    else if (peak >= gapHu + LEAST_EDGE_HU && value < peak - 40) break;
  }
  if (peak < gapHu + LEAST_EDGE_HU) return null;
  const half = (gapHu + peak) / 2;
  const n = values.findIndex((value) => value >= half);
  if (n < 0 || n * 0.5 > reachMm) return null;
  return { mm: n * 0.5, peakHu: peak };
}

interface Edge {
  readonly mm: number;
  /** Null where the bone is hidden. */
  readonly peakHu: number | null;
}

interface Tried {
  readonly score: number;
  readonly plane: DiscPlane;
}

function tryPlane(
  huAt: (p: Vec3) => number,
  point: AxisPoint,
  footprint: Footprint,
  bend: number,
  lean: number,
): Tried | null {
  const frame = turned(point, bend, lean);
  const places: Vec3[] = [];
  const mids: number[] = [];
  for (const f of footprint.fronts)
    for (const s of footprint.sides) {
      const p = offset(point.at, [frame.front, f], [frame.left, s]);
      const value = huAt(p);
      if (!Number.isFinite(value) || value === AIR_HU) continue;
      places.push(p);
      mids.push(value);
    }
  const all = footprint.fronts.length * footprint.sides.length;
  if (places.length < 0.4 * all) return null;
  const sorted = mids.slice().sort((a, b) => a - b);
  const gapHu = sorted[sorted.length >> 1];
  if (gapHu > 190 || gapHu < -60) return null;
  const up: Vec3 = [-frame.down[0], -frame.down[1], -frame.down[2]];
  const gaps: number[] = [];
  const contrasts: number[] = [];
  let lopsided = 0;
  let bothSeen = 0;
  for (const p of places) {
    const above = edgeAlong(huAt, p, up, gapHu, footprint.reachMm);
    const below = above && edgeAlong(huAt, p, frame.down, gapHu, footprint.reachMm);
    if (!above || !below || above.mm + below.mm > MOST_GAP_MM || above.mm + below.mm < 1) continue;
    gaps.push(above.mm + below.mm);
    lopsided += Math.abs(above.mm - below.mm);
    const peakHu = Math.min(above.peakHu ?? Infinity, below.peakHu ?? Infinity);
    if (Number.isFinite(peakHu)) contrasts.push(peakHu - gapHu);
    if (above.peakHu !== null && below.peakHu !== null) bothSeen++;
  }
  if (gaps.length < 0.3 * all || bothSeen < LEAST_SEEN * places.length) return null;
  gaps.sort((a, b) => a - b);
  contrasts.sort((a, b) => a - b);
  const share = gaps.length / places.length;
  const contrastHu = contrasts[contrasts.length >> 1];
  const spread = gaps[Math.floor(gaps.length * 0.8)] - gaps[Math.floor(gaps.length * 0.2)];
  const score =
    share * Math.min(1, contrastHu / 200) - 0.03 * (lopsided / gaps.length) - 0.02 * Math.min(8, spread);
  return {
    score,
    plane: {
      centre: offset(point.at, [
        frame.front,
        (footprint.fronts[0] + footprint.fronts[footprint.fronts.length - 1]) / 2,
      ]),
      ...frame,
      lengthMm: point.lengthMm,
      share,
      gapHu,
      contrastHu,
      gapMm: gaps[gaps.length >> 1],
    },
  };
}

/** Share of the places beside the canal, `belowMm` further down the axis, that lie in bone: high in the alae, low beside a lumbar vertebra. */
function boneBeside(envelope: BoneEnvelope, axis: readonly AxisPoint[], lengthMm: number): number {
  let inside = 0;
  let tried = 0;
  for (const point of axis) {
    if (Math.abs(point.lengthMm - lengthMm) > 6) continue;
    for (const side of [-40, -36, -32, -28, 28, 32, 36, 40])
      for (let front = 8; front <= 16; front += 2) {
        tried++;
        if (envelope.surfaceMm(offset(point.at, [point.left, side], [point.front, front])) < -1) inside++;
      }
  }
  return tried === 0 ? 0 : inside / tried;
}

/** A gap counts from here on; the remnants of discs between sacral bodies, whose walls are no plates, stay below. */
const LEAST_SCORE = 0.3;
const LEAST_SHARE = 0.75;
/** Two discs have a vertebral body between them. */
const APART_MM = 24;

/** The planes of the disc spaces along the spine's axis, from above to below. */
export function discPlanes(work: WorkingVolume, axis: readonly AxisPoint[]): DiscPlane[] {
  const huAt = seenHu(work);
  const found: Tried[] = [];
  for (const point of axis) {
    let best: Tried | null = null;
    for (let bend = -30; bend <= 36; bend += 6) {
      const tried = tryPlane(huAt, point, FULL, degrees(bend), 0);
      if (tried && (!best || tried.score > best.score)) best = tried;
    }
    if (!best || best.score < LEAST_SCORE || best.plane.share < LEAST_SHARE) continue;
    found.push(best);
  }
  found.sort((a, b) => b.score - a.score);
  const kept: Tried[] = [];
  for (const one of found)
    if (kept.every((other) => Math.abs(other.plane.lengthMm - one.plane.lengthMm) > APART_MM)) kept.push(one);
  return kept.map(({ plane }) => plane).sort((a, b) => a.lengthMm - b.lengthMm);
}

/**
 * Which of the planes is L5/S1: below it the alae stand beside the canal, above it soft tissue. Null where no plane parts the two
 * clearly (only lumbar or only sacral bone in view).
 */
export function lumbosacralPlane(
  envelope: BoneEnvelope,
  axis: readonly AxisPoint[],
  planes: readonly DiscPlane[],
): DiscPlane | null {
  let best: DiscPlane | null = null;
  let most = 0.4;
  for (const plane of planes) {
    const at = (mm: number) => boneBeside(envelope, axis, plane.lengthMm + mm);
    const below = (at(14) + at(20)) / 2;
    const above = (at(-30) + at(-22)) / 2;
    if (below > 0.3 && below - above > most) [most, best] = [below - above, plane];
  }
  return best;
}
