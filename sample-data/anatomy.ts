// The sacrum of a made-up patient as signed distances: outer surface, canal, foramina, and the bone between them.
import type { Vec3 } from "#core/space";
import type { AnatomyParameters } from "./anatomy-parameters.ts";
import { noiseField } from "./seeded-noise.ts";
import type { Noise } from "./seeded-noise.ts";
import { sacralFrame } from "./sacral-frame.ts";
import type { SacralFrame } from "./sacral-frame.ts";
import { capsule, ellipse, profile, smoothMax, smoothMin, tube } from "./shapes.ts";
import type { Distance } from "./shapes.ts";

/** s (mm) of the lower border of S1 to S5 before the height is scaled; foramina lie there. */
const SEGMENT_ENDS_MM = [30, 55, 76, 94, 109];
export const COCCYX_TIP_MM = 138;
const COCCYX_CLEFTS_MM = [111.5, 121, 130];
// the upper articular process of S1, in (x, v, s)
const FACET_BASE: Vec3 = [17, -13, 8];
const FACET_TIP: Vec3 = [20, -19, -6];

export interface Sacrum {
  readonly frame: SacralFrame;
  readonly parameters: AnatomyParameters;
  /** The sacrum and coccyx with canal and foramina filled in. */
  readonly outer: Distance;
  /** The sacral and lumbar canal. */
  readonly canal: Distance;
  /** Ventral and dorsal foramina S1 to S4 of both sides. */
  readonly foramina: Distance;
  /** The bone as its outer cortex bounds it (cavities of disease included, canal and foramina not). */
  readonly bone: Distance;
  /** Half width, and depth from front to back, of the canal at s. */
  canalHalfWidthMm(s: number): number;
  canalDepthMm(s: number): number;
  bodyHalfWidthMm(s: number): number;
  bodyDepthMm(s: number): number;
  /** v of the pelvic and of the dorsal surface of the ala at s. */
  alaFrontMm(s: number): number;
  alaBackMm(s: number): number;
  /** Half width of the sacrum at (v, s): the joint surface of its upper part. */
  lateralXMm(v: number, s: number): number;
  /** s of the lower border of segment 1 to 5; foramen n leaves there. */
  segmentEndMm(level: number): number;
  /** Lateral position of the foramina of level 1 to 4. */
  foramenXMm(level: number): number;
  /** Sacral level 1 to 5 at s. */
  levelAt(s: number): number;
  readonly rough: Noise;
}

/** Builds the sacrum of a patient; `rough` roughens its surface so that the sides differ. */
export function makeSacrum(seed: number, parameters: AnatomyParameters): Sacrum {
  const p = parameters;
  const frame = sacralFrame(p.kyphosis, p.slopeDegrees, 14);
  const rough = noiseField(seed, "bone surface");
  const h = p.height;
  const along = (...knots: (readonly [number, number])[]) =>
    profile(...knots.map(([s, value]) => [s * h, value] as const));
  const scaled = (by: number, ...knots: (readonly [number, number])[]) =>
    along(...knots.map(([s, value]) => [s, value * by] as const));

  const bodyHalfWidth = scaled(
    p.width,
    [0, 25],
    [14, 21.5],
    [30, 18],
    [42, 15],
    [55, 14.5],
    [76, 12.5],
    [94, 11],
    [109, 9],
    [114, 8.5],
    [138, 4],
  );
  const bodyDepth = scaled(
    p.depth,
    [0, 31],
    [14, 26.5],
    [30, 21.5],
    [42, 17.5],
    [55, 16],
    [76, 12.5],
    [94, 10],
    [109, 8],
    [114, 7.5],
    [138, 4.5],
  );
  const alaHalfWidth = scaled(
    p.width,
    [0, 51],
    [14, 53],
    [30, 51],
    [42, 48],
    [58, 43],
    [76, 36],
    [94, 28.5],
    [106, 20],
    [113, 9],
    [120, 3],
  );
  const alaFront = scaled(p.depth, [0, 17], [15, 16.5], [30, 15], [55, 12], [76, 9.5], [94, 7.5], [109, 5]);
  const alaBack = scaled(
    p.depth,
    [0, -13],
    [15, -16],
    [30, -17],
    [55, -14.5],
    [76, -11],
    [94, -8],
    [109, -3],
  );
  const canalHalfWidth = along(
    [-60, 12],
    [-6, 13.5],
    [8, 15],
    [30, 13],
    [55, 9.5],
    [76, 7.5],
    [94, 6],
    [101, 4.5],
  );
  const canalDepth = along(
    [-60, 16],
    [-6, 16],
    [8, 14.5],
    [30, 12.5],
    [55, 8.5],
    [76, 6.5],
    [94, 5.2],
    [101, 3.5],
  );
  const crestHeight = along(
    [4, 2],
    [14, 12],
    [22, 12],
    [31, 5],
    [42, 11],
    [50, 9],
    [56, 4],
    [66, 8],
    [78, 3],
    [86, 4],
    [90, 0],
  );
  const hiatusS = 87 * h;
  const canalEnd = 104 * h;
  const angle = (p.auricularAngleDegrees * Math.PI) / 180;
  const cosAngle = Math.cos(angle);
  const tanAngle = Math.tan(angle);
  const foramenX = (level: number) => p.width * (17.5 - 1.1 * (level - 1));
  const segmentEnd = (level: number) => SEGMENT_ENDS_MM[level - 1] * h;

  const solid = (x: number, v: number, s: number): number => {
    const ax = Math.abs(x);
    const half = bodyHalfWidth(s);
    const depth = bodyDepth(s);
    let body = ellipse(ax, v - depth * 0.46, half, depth * 0.54);
    body = smoothMax(body, -s - 0.0012 * ax * ax, 4);
    body = smoothMax(body, s - COCCYX_TIP_MM * h, 4);
    // the clefts between S5 and the pieces of the coccyx
    if (s > 108 * h) for (const gap of COCCYX_CLEFTS_MM) body = Math.max(body, 0.9 - Math.abs(s - gap * h));
    if (s > 118 * h) return body;
    const wing = alaHalfWidth(s);
    const ventral = v - alaFront(s) - 0.004 * (ax - 30) * (ax - 30) * (ax > 30 ? 1 : 0.4);
    const lateral = (ax - wing - tanAngle * (v - alaFront(s))) * cosAngle;
    const dorsal = alaBack(s) - v - 0.12 * (ax - 20);
    const top = -s - 1 + p.alaSlope * (ax - 22) + 0.02 * Math.max(0, ax - 36) ** 2;
    const bottom = s - 112 * h;
    let ala = smoothMax(smoothMax(ventral, lateral, 9), dorsal, 8);
    ala = smoothMax(smoothMax(ala, top, 9), bottom, 6);
    let d = smoothMin(body, ala, 7);
    if (s < hiatusS + 6 && v < 6) {
      const cw = canalHalfWidth(s);
      const cd = canalDepth(s);
      let arch = ellipse(ax, v + cd * 0.52, cw + 4.5, cd * 0.52 + 4.5);
      arch = smoothMax(arch, smoothMax(4 - s + 0.25 * ax, s - hiatusS, 2), 3);
      const crest = smoothMax(
        smoothMax(ax - 2.6, -v - cd - 4 - crestHeight(s), 3),
        smoothMax(5 - s, s - hiatusS + 2, 2),
        3,
      );
      d = smoothMin(d, smoothMin(arch, Math.max(crest, v + cd), 3), 4);
      const facet = capsule(ax, v, s, FACET_BASE, FACET_TIP, 6.5, 4.5);
      d = smoothMin(d, facet, 4);
    }
    return d;
  };
  const canalLocal = (x: number, v: number, s: number): number => {
    const cw = canalHalfWidth(s);
    const cd = canalDepth(s);
    // wider in front: a rounded triangle
    const widen = 1 - 0.22 * ((-v - cd * 0.5) / cd);
    return Math.max(ellipse(x / widen, v + cd * 0.5 + 0.6, cw, cd * 0.5), s - canalEnd);
  };
  // in (x, v, s), from the canal to the pelvic and to the dorsal surface
  const openings = [1, 2, 3, 4].map((level) => {
    const end = segmentEnd(level);
    const shrink = 1 - 0.13 * (level - 1);
    const x = foramenX(level);
    const inner: Vec3 = [canalHalfWidth(end) * 0.72, -canalDepth(end) * 0.42, end - 2];
    const ventral = tube([
      { at: inner, radiusMm: 3.3 * shrink },
      { at: [x + 4, alaFront(end) + 7, end + 4], radiusMm: 6.4 * shrink },
    ]);
    const dorsal = tube([
      { at: inner, radiusMm: 2.2 * shrink },
      { at: [x + 1, alaBack(end) - 7, end + 2], radiusMm: 3.3 * shrink },
    ]);
    return { end, ventral: ventral.distance, dorsal: dorsal.distance };
  });
  const foraminaLocal = (x: number, v: number, s: number): number => {
    const ax = Math.abs(x);
    let d = 20;
    for (let n = 0; n < 4; n++) {
      const opening = openings[n];
      if (Math.abs(s - opening.end) > 24) continue;
      d = Math.min(d, opening.ventral(ax, v, s), opening.dorsal(ax, v, s));
    }
    return d;
  };

  // (s, v) do not change along a row of voxels
  let lastY = Number.NaN;
  let lastZ = Number.NaN;
  let s = 0;
  let v = 0;
  const locate = (y: number, z: number) => {
    if (y === lastY && z === lastZ) return;
    lastY = y;
    lastZ = z;
    s = frame.s(y, z);
    v = frame.v(y, z);
  };
  const outer: Distance = (x, y, z) => {
    locate(y, z);
    const d = solid(x, v, s);
    if (d > 6 || d < -6) return d;
    return (
      d +
      1.3 * rough(x / 17 + 4, y / 17, z / 17) +
      0.6 * rough(x / 8, y / 8, z / 8) +
      0.3 * rough(x / 3.5, y / 3.5, z / 3.5)
    );
  };
  const canal: Distance = (x, y, z) => {
    locate(y, z);
    return canalLocal(x, v, s);
  };
  const foramina: Distance = (x, y, z) => {
    locate(y, z);
    return foraminaLocal(x, v, s) + 0.4 * rough(x / 5, y / 5, z / 5);
  };
  return {
    frame,
    parameters,
    outer,
    canal,
    foramina,
    bone: (x, y, z) => {
      const d = outer(x, y, z);
      if (d > 3) return d;
      return smoothMax(smoothMax(d, -canal(x, y, z), 1.5), -foramina(x, y, z), 1.5);
    },
    canalHalfWidthMm: canalHalfWidth,
    canalDepthMm: canalDepth,
    bodyHalfWidthMm: bodyHalfWidth,
    bodyDepthMm: bodyDepth,
    alaFrontMm: alaFront,
    alaBackMm: alaBack,
    lateralXMm: (depthV, at) => alaHalfWidth(at) + tanAngle * (depthV - alaFront(at)),
    segmentEndMm: segmentEnd,
    foramenXMm: foramenX,
    levelAt: (at) => {
      for (let level = 1; level < 5; level++) if (at < segmentEnd(level)) return level;
      return 5;
    },
    rough,
  };
}
