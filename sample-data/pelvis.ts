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
    d = smoothMin(d, capsule(ax, v, s, [15, 4, top + 9], [17, -12, top + 11], 5.5, 5), 3);
    if (v < 8) {
      const [cw, cd] = sacrum.canalSizeMm(s);
      let arch = ellipse(ax, v + cd * 0.5, cw + 5.5, cd * 0.5 + 5.5);
      arch = smoothMax(arch, smoothMax(top + 9 + 0.12 * ax - s, s - top - 30 - 0.25 * ax, 3), 4);
      arch = smoothMax(arch, v + 4, 3);
      d = smoothMin(d, arch, 3);
      const spine = smoothMax(smoothMax(ax - 3, -v - 46, 4), Math.abs(s - top - 24 + 0.12 * (v + 30)) - 9, 4);
      d = smoothMin(d, Math.max(spine, v + cd), 3);
      d = smoothMin(d, capsule(ax, v, s, [18, -5, top + 11], [44, -9, top + 10], 5, 3.5), 4);
      d = smoothMin(d, capsule(ax, v, s, [15, -14, top + 10], [16, -14, top - 6], 6, 4.5), 3);
      d = smoothMin(d, capsule(ax, v, s, [14, -19, top + 24], [15, -23, top + 42], 6, 4), 3);
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

interface WingLevel {
  readonly z: number;
  /** (x, y, half thickness) from the back to the front. */
  readonly points: readonly Vec3[];
}

// Axial outlines of an iliac bone, read off the usual shape: crest, joint, greater notch, roof of the hip.
const WING: readonly WingLevel[] = [
  {
    z: 62,
    points: [
      [96, 26, 2],
      [100, 20, 2],
      [104, 12, 2],
      [108, 4, 2],
      [112, -6, 2],
    ],
  },
  {
    z: 48,
    points: [
      [70, 60, 5],
      [84, 44, 4],
      [98, 24, 4],
      [110, 0, 4.5],
      [116, -22, 4],
    ],
  },
  {
    z: 20,
    points: [
      [48, 84, 7],
      [62, 62, 8],
      [84, 34, 4.5],
      [107, 0, 4.5],
      [123, -42, 5.5],
    ],
  },
  {
    z: -10,
    points: [
      [41, 94, 8],
      [54, 68, 9.5],
      [74, 36, 6.5],
      [98, -8, 4.5],
      [121, -58, 6.5],
    ],
  },
  {
    z: -35,
    points: [
      [42, 93, 8],
      [54, 70, 9],
      [70, 38, 8],
      [92, -8, 6],
      [113, -58, 7],
    ],
  },
  {
    z: -55,
    points: [
      [50, 82, 5],
      [58, 62, 8],
      [70, 36, 9],
      [90, -10, 8],
      [106, -52, 6.5],
    ],
  },
  {
    z: -68,
    points: [
      [66, 48, 3],
      [70, 38, 8],
      [76, 20, 10],
      [88, -12, 11],
      [100, -44, 7.5],
    ],
  },
  {
    z: -84,
    points: [
      [72, 34, 5],
      [74, 28, 8],
      [80, 8, 13],
      [88, -14, 16],
      [94, -36, 9],
    ],
  },
  {
    z: -98,
    points: [
      [74, 30, 5],
      [75, 26, 7],
      [79, 10, 13],
      [86, -14, 17],
      [90, -34, 10],
    ],
  },
  {
    z: -125,
    points: [
      [74, 28, 4],
      [74, 24, 5],
      [72, 14, 8],
      [66, -14, 6],
      [64, -36, 7],
    ],
  },
  {
    z: -150,
    points: [
      [72, 30, 6],
      [74, 26, 8],
      [74, 18, 8],
      [58, -36, 5],
      [40, -52, 6],
    ],
  },
];
const HIP: Vec3 = [91, -12, -124];

/** Both hip bones (without the femora); carved so that a joint gap stays free around the sacrum. */
export function iliacBones(sacrum: Sacrum): Distance {
  const { rough, parameters } = sacrum;
  const widen = (parameters.width - 1) * 50;
  return (x, y, z) => {
    const ax = Math.abs(x) - widen;
    if (ax < 20) return 22 - ax;
    let upper = 1;
    while (upper < WING.length - 1 && z < WING[upper].z) upper++;
    const a = WING[upper - 1];
    const b = WING[upper];
    const t = clamp((a.z - z) / (a.z - b.z), 0, 1);
    let d = 1e9;
    let px = 0;
    let py = 0;
    let pr = 0;
    for (let n = 0; n < 5; n++) {
      const p = a.points[n];
      const q = b.points[n];
      const qx = p[0] + t * (q[0] - p[0]);
      const qy = p[1] + t * (q[1] - p[1]);
      const qr = p[2] + t * (q[2] - p[2]);
      if (n > 0) d = Math.min(d, flatCapsule(ax, y, px, py, qx, qy, pr, qr));
      px = qx;
      py = qy;
      pr = qr;
    }
    d = Math.max(d * 0.85, z - 62);
    if (z < -84) {
      const fromHip = Math.hypot(ax - HIP[0], y - HIP[1], z - HIP[2]);
      const cup = smoothMax(fromHip - 31, ax - HIP[0] - 6, 4);
      d = smoothMax(smoothMin(d, cup, 4), 25.5 - fromHip, 1);
    }
    d += 0.6 * rough(x / 8 + 9, y / 8, z / 8);
    if (d < 8 && ax < 75 && z > -75) {
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
    const neck = capsule(ax, y, z, HIP, [128, 4, -146], 16, 17);
    const trochanter = capsule(ax, y, z, [138, 14, -122], [136, 10, -170], 9, 17);
    return smoothMin(smoothMin(head, neck, 6), trochanter, 8);
  };
}
