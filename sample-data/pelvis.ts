// The other bones in the field of view as signed distances: lumbar vertebrae and discs, iliac bones, hips.
import type { Vec3 } from "#core/space";
import type { Sacrum } from "./anatomy.ts";
import { capsule, clamp, ellipse, flatCapsule, smoothMax, smoothMin } from "./shapes.ts";
import type { Distance } from "./shapes.ts";

/** s of the upper end plate of L5, L4, L3 …; each vertebra is 29 mm high over a disc of 11 mm. */
export const vertebraTopMm = (lumbarLevel: number): number => -40 * (6 - lumbarLevel);
export const VERTEBRA_HEIGHT_MM = 29;

/** Vertebra L1 to L5 of the patient. */
export function vertebra(sacrum: Sacrum, lumbarLevel: number): Distance {
  const { frame, rough, parameters } = sacrum;
  const top = vertebraTopMm(lumbarLevel);
  const middle = top + VERTEBRA_HEIGHT_MM / 2;
  const half = 26.5 * parameters.width;
  const depth = 34 * parameters.depth;
  // pedicle, transverse process, upper and lower articular process, in (x, v, s)
  const ends: readonly (readonly [Vec3, Vec3])[] = [
    [
      [15, 4, top + 9],
      [17, -12, top + 11],
    ],
    [
      [18, -5, top + 11],
      [44, -9, top + 10],
    ],
    [
      [15, -14, top + 10],
      [16, -14, top - 6],
    ],
    [
      [14, -19, top + 24],
      [15, -23, top + 42],
    ],
  ];
  return (x, y, z) => {
    const s = frame.s(y, z);
    if (s < top - 22 || s > top + 62) return s < top ? top - 16 - s : s - top - 56;
    const v = frame.v(y, z);
    const ax = Math.abs(x);
    const waist = 1 - 0.1 * clamp(1 - ((s - middle) / 13) ** 2, 0, 1);
    // kidney-shaped: the back wall is hollow
    const hollow = 2.2 * Math.exp(-((ax / 10) ** 2));
    let d = ellipse(ax, v - depth * 0.47 - hollow * 0.4, half * waist, depth * 0.53 * waist);
    const plate =
      Math.abs(s - middle) -
      VERTEBRA_HEIGHT_MM / 2 +
      1.1 * Math.exp(-((ax / 14) ** 2 + ((v - 15) / 10) ** 2));
    d = smoothMax(d, plate, 4);
    d = smoothMin(d, capsule(ax, v, s, ends[0][0], ends[0][1], 5.5, 5), 3);
    if (v < 8) {
      const cw = sacrum.canalHalfWidthMm(s);
      const cd = sacrum.canalDepthMm(s);
      let arch = ellipse(ax, v + cd * 0.5, cw + 5.5, cd * 0.5 + 5.5);
      arch = smoothMax(arch, smoothMax(top + 9 + 0.12 * ax - s, s - top - 30 - 0.25 * ax, 3), 4);
      arch = smoothMax(arch, v + 4, 3);
      d = smoothMin(d, arch, 3);
      const spine = smoothMax(smoothMax(ax - 3, -v - 46, 4), Math.abs(s - top - 24 + 0.12 * (v + 30)) - 9, 4);
      d = smoothMin(d, Math.max(spine, v + cd), 3);
      d = smoothMin(d, capsule(ax, v, s, ends[1][0], ends[1][1], 5, 3.5), 4);
      d = smoothMin(d, capsule(ax, v, s, ends[2][0], ends[2][1], 6, 4.5), 3);
      d = smoothMin(d, capsule(ax, v, s, ends[3][0], ends[3][1], 6, 4), 3);
    }
    d = smoothMax(d, -sacrum.canal(x, y, z), 2);
    return d + 0.5 * rough(x / 6, y / 6, z / 6 + lumbarLevel * 3);
  };
}

/** The disc under vertebra L1 to L5. */
export function disc(sacrum: Sacrum, lumbarLevel: number): Distance {
  const { frame, parameters } = sacrum;
  const middle = vertebraTopMm(lumbarLevel) + VERTEBRA_HEIGHT_MM + 5.5;
  return (x, y, z) => {
    const s = frame.s(y, z);
    if (Math.abs(s - middle) > 9) return Math.abs(s - middle) - 7;
    const d = ellipse(
      x,
      frame.v(y, z) - 15.5 * parameters.depth,
      26.5 * parameters.width,
      17.5 * parameters.depth,
    );
    return smoothMax(d, Math.abs(s - middle) - 5.9, 2);
  };
}

/** Outline of an iliac bone in one axial plane: (x, y, half thickness) of five points from the back to the front. */
type Wing = readonly Vec3[];

const HIP: Vec3 = [91, -12, -124];
const NECK_END: Vec3 = [128, 4, -146];
const TROCHANTER: Vec3 = [138, 14, -122];
const SHAFT: Vec3 = [136, 10, -170];
const LOWEST_JOINT_Z = -54;
const WING_TOP_Z = 66;
const WING_BOTTOM_Z = -180;

/** The usual outlines above and below the joint; `back` is the y of the upper joint's dorsal edge, which differs between patients. */
const wingsBeyondJoint = (back: number): readonly (readonly [number, Wing])[] => [
  [
    66,
    [
      [92, back - 14, 2],
      [97, back - 20, 2],
      [102, back - 27, 2],
      [106, back - 34, 2],
      [110, back - 42, 2],
    ],
  ],
  [
    50,
    [
      [68, back + 16, 4],
      [80, back + 2, 4],
      [93, back - 18, 4],
      [106, back - 40, 4.5],
      [112, back - 54, 4],
    ],
  ],
  [
    26,
    [
      [52, back + 36, 6.5],
      [61, back + 16, 6.5],
      [79, back - 10, 4.5],
      [99, back - 40, 4.2],
      [116, back - 70, 5],
    ],
  ],
  [
    -70,
    [
      [66, 46, 3.5],
      [69, 34, 7],
      [75, 14, 10],
      [86, -14, 11],
      [97, -46, 7.5],
    ],
  ],
  [
    -84,
    [
      [72, 32, 5],
      [74, 24, 8],
      [79, 6, 12],
      [87, -14, 15],
      [93, -36, 9],
    ],
  ],
  [
    -98,
    [
      [74, 30, 5],
      [75, 24, 7],
      [79, 8, 12],
      [86, -14, 16],
      [90, -34, 10],
    ],
  ],
  [
    -125,
    [
      [74, 28, 4],
      [74, 23, 5],
      [72, 13, 8],
      [66, -14, 6],
      [64, -36, 7],
    ],
  ],
  [
    -150,
    [
      [72, 30, 6],
      [74, 26, 8],
      [74, 18, 8],
      [58, -36, 5],
      [40, -52, 6],
    ],
  ],
];

/** Outlines every millimetre from the bottom up; along the joint they follow the sacrum of the patient. */
function wingOutlines(sacrum: Sacrum): readonly Wing[] {
  const { frame, parameters } = sacrum;
  const sAt = (vOf: (s: number) => number, z: number): number => {
    let s = 3;
    while (s < 80 && frame.patientFromSacral(0, vOf(s), s)[2] > z) s += 0.5;
    return s;
  };
  const alongJoint = (z: number): Wing => {
    const sFront = sAt(sacrum.alaFrontMm, z);
    const sBack = sAt(sacrum.alaBackMm, z);
    const front = frame.patientFromSacral(0, sacrum.alaFrontMm(sFront), sFront);
    const back = frame.patientFromSacral(0, sacrum.alaBackMm(sBack), sBack);
    const xFront = sacrum.lateralXMm(sacrum.alaFrontMm(sFront), sFront) + parameters.jointGapMm;
    const xBack = sacrum.lateralXMm(sacrum.alaBackMm(sBack), sBack) + parameters.jointGapMm;
    const spine = clamp((z - LOWEST_JOINT_Z) / 22, 0.15, 1);
    return [
      [xBack + 9 - 3 * spine, back[1] + 27 * spine, 4 + 3.5 * spine],
      [xBack + 9.5, back[1] - 1, 8.5],
      [xFront + 7.5, front[1] + 4, 7],
      [xFront + 31, front[1] - 30, 4.8],
      [117, front[1] - 62 < -58 ? -58 : front[1] - 62, 6.5],
    ];
  };
  const knots: (readonly [number, Wing])[] = [];
  for (let z = LOWEST_JOINT_Z; z <= 8; z += 4) knots.push([z, alongJoint(z)]);
  knots.push(...wingsBeyondJoint(alongJoint(0)[1][1]));
  knots.sort((a, b) => a[0] - b[0]);
  const outlines: Wing[] = [];
  for (let z = WING_BOTTOM_Z; z <= WING_TOP_Z; z++) {
    const above = knots.findIndex(([at]) => at >= z);
    const [zb, upper] = knots[Math.max(0, above)];
    const [za, lower] = knots[Math.max(0, above - 1)];
    const t = zb > za ? clamp((z - za) / (zb - za), 0, 1) : 0;
    outlines.push(
      lower.map((p, n): Vec3 => {
        const q = upper[n];
        return [p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1]), p[2] + t * (q[2] - p[2])];
      }),
    );
  }
  return outlines;
}

/** Both hip bones (without the femora); carved so that a joint gap stays free around the sacrum. */
export function iliacBones(sacrum: Sacrum): Distance {
  const { rough, parameters } = sacrum;
  const widen = (parameters.width - 1) * 50;
  const outlines = wingOutlines(sacrum);
  return (x, y, z) => {
    const ax = Math.abs(x);
    // no hip bone comes nearer to the middle than about 34 mm
    if (ax < 20) return 38 - ax;
    const place = clamp(z - WING_BOTTOM_Z, 0, outlines.length - 1.001);
    const row = place | 0;
    const t = place - row;
    const a = outlines[row];
    const b = outlines[row + 1];
    let d = 1e9;
    let px = 0;
    let py = 0;
    let pr = 0;
    for (let n = 0; n < 5; n++) {
      const p = a[n];
      const q = b[n];
      const qx = p[0] + t * (q[0] - p[0]);
      const qy = p[1] + t * (q[1] - p[1]);
      const qr = p[2] + t * (q[2] - p[2]);
      if (n > 0) d = Math.min(d, flatCapsule(ax, y, px, py, qx, qy, pr, qr));
      px = qx;
      py = qy;
      pr = qr;
    }
    d = Math.max(d * 0.85, z - WING_TOP_Z);
    if (z < -84) {
      const fromHip = Math.hypot(ax - widen - HIP[0], y - HIP[1], z - HIP[2]);
      const cup = smoothMax(fromHip - 31, ax - widen - HIP[0] - 6, 4);
      d = smoothMax(smoothMin(d, cup, 4), 25.5 - fromHip, 1);
    }
    if (d > 9) return d;
    d += 0.9 * rough(x / 13 + 9, y / 13, z / 13) + 0.5 * rough(x / 5 + 9, y / 5, z / 5);
    if (ax < 75 && z > -75) {
      const s = sacrum.frame.s(y, z);
      // behind the joint the gap opens into the ligament's recess
      const gap = parameters.jointGapMm + clamp((-sacrum.frame.v(y, z) - 9) * 0.4, 0, 6) * (s < 70 ? 1 : 0);
      d = smoothMax(d, gap - sacrum.outer(x, y, z), 1);
    }
    return d;
  };
}

/** Both femoral heads and necks. */
export function femora(sacrum: Sacrum): Distance {
  const widen = (sacrum.parameters.width - 1) * 50;
  return (x, y, z) => {
    const ax = Math.abs(x) - widen;
    const head = Math.hypot(ax - HIP[0], y - HIP[1], z - HIP[2]) - 23.5;
    const neck = capsule(ax, y, z, HIP, NECK_END, 16, 17);
    const trochanter = capsule(ax, y, z, TROCHANTER, SHAFT, 9, 17);
    return smoothMin(smoothMin(head, neck, 6), trochanter, 8);
  };
}
