// The direction of the spine at each height, from the canal's middle line: what "down" and "in front" mean for a disc or a sacral body.
import type { Vec3 } from "#core/space";
import { normalize } from "#core/space";
import type { Canal } from "./canal.ts";
import type { Midline } from "./side.ts";

export interface AxisPoint {
  /** On the smoothed middle line of the canal. Patient mm. */
  readonly at: Vec3;
  /** Unit vectors: along the spine towards the feet, to the front, to the patient's left. */
  readonly down: Vec3;
  readonly front: Vec3;
  readonly left: Vec3;
  /** mm along the line from its upper end. */
  readonly lengthMm: number;
}

/** The canal's line is smoothed over this length either way: its walls are uneven, and at a disc it is a guess. */
const SMOOTH_MM = 13;
const EXTEND_MM = 14;

/**
 * The spine's axis, about one point a millimetre from above to below, with the canal's ends prolonged by 14 mm. A straight line is fitted
 * to the canal's middle around each place; a place and a direction come from that line.
 */
export function spineAxis(canal: Canal, midline: Midline): AxisPoint[] {
  // Smoothed here: drawn straight before, the bend at the promontory would be flattened twice.
  const middle = canal.followed;
  const stepMm = middle.length > 1 ? middle[1][2] - middle[0][2] : 1;
  const { leftward } = midline;
  const fit = (z: number): { y: number; slope: number } => {
    let n = 0;
    let sz = 0;
    let sy = 0;
    let szz = 0;
    let szy = 0;
    for (const p of middle) {
      const away = Math.abs(p[2] - z);
      if (away > SMOOTH_MM) continue;
      const w = 1 - away / (SMOOTH_MM + stepMm);
      n += w;
      sz += w * (p[2] - z);
      sy += w * p[1];
      szz += w * (p[2] - z) ** 2;
      szy += w * (p[2] - z) * p[1];
    }
    const spread = szz - (sz * sz) / n;
    const slope = spread > 1e-6 ? (szy - (sz * sy) / n) / spread : 0;
    return { y: (sy - slope * sz) / n, slope };
  };
  const low = middle[0][2];
  const high = middle[middle.length - 1][2];
  const points: AxisPoint[] = [];
  let length = 0;
  for (let z = high + EXTEND_MM; z >= low - EXTEND_MM; z -= stepMm) {
    const inside = Math.max(low, Math.min(high, z));
    const { y, slope } = fit(inside);
    const yHere = y + slope * (z - inside);
    const x = (midline.offsetMm - leftward[1] * yHere - leftward[2] * z) / leftward[0];
    const at: Vec3 = [x, yHere, z];
    const down = normalize([0, -slope, -1]);
    const last = points[points.length - 1];
    if (last) length += Math.hypot(at[0] - last.at[0], at[1] - last.at[1], at[2] - last.at[2]);
    points.push({ at, down, front: [0, down[2], -down[1]], left: leftward, lengthMm: length });
  }
  return points;
}
