// The sacroiliac joints: the narrow soft gap between the cortex of the sacrum and that of the iliac bone, one smooth sheet a side.
import type { Vec3 } from "#core/space";
import type { Canal } from "./canal.ts";
import { seenHu } from "./discs.ts";
import type { Corner, Quadratic, Sample } from "./smooth-sheet.ts";
import { convexHull, edgeMm, fitSurface } from "./smooth-sheet.ts";
import type { Midline } from "./side.ts";
import { leftOfMidlineMm } from "./side.ts";
import type { WorkingVolume } from "./working-volume.ts";

export interface JointSpace {
  readonly side: "left" | "right";
  /** mm from a patient point to the gap's middle, across it: towards the iliac bone (positive) or the sacrum; null beside the joint. */
  acrossMm(p: Vec3): number | null;
  /** Median HU in the gap's middle where it is seen. */
  readonly gapHu: number;
}

/** Half the width of the gap between the cortices, mm: 2 to 4 mm in adults, less what their blur takes of it. */
export const JOINT_HALF_MM = 1.5;

/** The joint is looked for this far beside the median plane, in front of and behind the canal's middle. */
const BESIDE_MM = [22, 66] as const;
const FRONT_MM = 46;
const BACK_MM = 24;
const STEP_MM = 2;
/** From the gap's middle each cortex is met within this distance, and is this much denser and this dense. */
const CORTEX_WITHIN_MM = 4;
const LEAST_EDGE_HU = 110;
const LEAST_CORTEX_HU = 240;
const MOST_GAP_HU = 260;
/** So many places must lie on one smooth sheet, and be most of those where a gap is seen at all. */
const LEAST_PLACES = 80;
const LEAST_SHARE = 0.5;
/** The sheet's rim is the joint's capsule and its bony edge. */
const RIM_MM = 2;

/** The joints that are seen, one or none on each side; none is made up where no gap is seen or the places do not lie on one sheet. */
export function findJoints(work: WorkingVolume, canal: Canal | null, midline: Midline): JointSpace[] {
  if (!canal) return [];
  return (["left", "right"] as const).flatMap((side) => findJoint(work, canal, midline, side) ?? []);
}

function findJoint(
  work: WorkingVolume,
  canal: Canal,
  midline: Midline,
  side: JointSpace["side"],
): JointSpace | null {
  const huAt = seenHu(work);
  const sign = side === "left" ? 1 : -1;
  const { leftward } = midline;
  const middle = canal.middle[canal.middle.length >> 1];
  const at = (beside: number, y: number, z: number): Vec3 => [
    (midline.offsetMm + sign * beside - leftward[1] * y - leftward[2] * z) / leftward[0],
    y,
    z,
  ];
  const samples: Sample[] = [];
  const huOf = new Map<Sample, number>();
  const low = canal.middle[0][2];
  const high = canal.middle[canal.middle.length - 1][2];
  for (let z = low; z <= high; z += STEP_MM) {
    const centre = canal.middleAt(z);
    if (!centre) continue;
    for (let y = centre[1] - FRONT_MM; y <= centre[1] + BACK_MM; y += STEP_MM) {
      const values: number[] = [];
      for (let beside = BESIDE_MM[0]; beside <= BESIDE_MM[1]; beside++) values.push(huAt(at(beside, y, z)));
      for (const n of gapsAlong(values)) {
        const sample: Sample = [y - middle[1], z - middle[2], BESIDE_MM[0] + n];
        samples.push(sample);
        huOf.set(sample, values[n]);
      }
    }
  }
  const sheet = fitSurface(samples);
  if (!sheet || sheet.kept.length < LEAST_PLACES || sheet.kept.length < LEAST_SHARE * samples.length)
    return null;
  const outline = convexHull(sheet.kept);
  const hu = sheet.kept.map((sample) => huOf.get(sample) ?? 0).sort((a, b) => a - b);
  return {
    side,
    gapHu: hu[hu.length >> 1],
    acrossMm: (p) =>
      acrossMm(sheet.at, outline, p[1] - middle[1], p[2] - middle[2], sign * leftOfMidlineMm(midline, p)),
  };
}

function acrossMm(at: Quadratic, outline: readonly Corner[], u: number, w: number, beside: number) {
  if (outline.length < 3 || edgeMm(outline, u, w) < RIM_MM) return null;
  const slope = Math.hypot(at(u + 1, w) - at(u - 1, w), at(u, w + 1) - at(u, w - 1)) / 2;
  return (beside - at(u, w)) / Math.hypot(1, slope);
}

/** Indices of the gaps along a line of HU, 1 mm apart: dark, with a cortex near on both sides. Hidden places (NaN) tell nothing. */
function gapsAlong(values: readonly number[]): number[] {
  const gaps: number[] = [];
  for (let n = 1; n < values.length - 1; n++) {
    const hu = values[n];
    if (!(hu <= MOST_GAP_HU && hu < values[n - 1] && hu <= values[n + 1])) continue;
    const peak = (step: 1 | -1) => {
      let most = -Infinity;
      for (let mm = 1; mm <= CORTEX_WITHIN_MM; mm++)
        most = Math.max(most, values[n + step * mm] ?? -Infinity);
      return most;
    };
    const least = Math.min(peak(1), peak(-1));
    if (least >= LEAST_CORTEX_HU && least >= hu + LEAST_EDGE_HU) gaps.push(n);
  }
  return gaps;
}
