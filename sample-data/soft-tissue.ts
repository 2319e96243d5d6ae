// Everything of the patient that is not bone: skin, fat, muscles, nerves and sac, the cavity's contents; and the table.
import type { Sacrum } from "./anatomy.ts";
import type { Layer } from "./render.ts";
import { noiseField, seededRandom } from "./seeded-noise.ts";
import { clamp, ellipse, profile, smoothMax, tube } from "./shapes.ts";
import type { Box, Distance } from "./shapes.ts";
import { beforeSacrum, bothSides, makeViscera, tubeLayer, tubePoint } from "./viscera.ts";
import type { Courses } from "./viscera.ts";

export interface SoftTissue {
  readonly layersUnderBone: readonly Layer[];
  readonly layersOverBone: readonly Layer[];
  readonly courses: Courses;
}

const EVERYWHERE: Box = { min: [-400, -300, -400], max: [400, 300, 400] };

export function makeSoftTissue(seed: number, sacrum: Sacrum, iliac: Distance): SoftTissue {
  const random = seededRandom(seed, "soft tissue");
  const texture = noiseField(seed, "soft tissue texture");
  const [halfWidth, halfDepth, fatMm] = sacrum.parameters.trunkMm;
  const { frame } = sacrum;
  const widthAt = profile([-170, 20], [-110, 18], [-60, 10], [0, 0], [60, -6], [140, -12]);
  const cleftAt = profile([-150, 30], [-60, 14], [0, 4], [40, 8]);
  // between an ellipse and a rectangle, as a trunk is
  const trunk = (x: number, y: number, z: number, insetMm: number): number => {
    const a = halfWidth + widthAt(z) - insetMm;
    const b = halfDepth - insetMm * (y > 0 ? 1 : 1.2);
    const u = (x * x) / (a * a);
    const v = ((y + 2) * (y + 2)) / (b * b);
    const reach = 0.62 * Math.sqrt(u + v) + 0.38 * Math.sqrt(Math.sqrt(u * u + v * v));
    if (reach < 0.05) return -b;
    const d = (Math.hypot(x, y + 2) * (reach - 1)) / reach;
    return d * 0.85;
  };
  const skin: Distance = (x, y, z) => {
    const d = trunk(x, y, z, 0);
    if (y < 40 || d < -30) return d;
    const cleft = Math.hypot(x * 1.6, y - halfDepth - 6) - cleftAt(z);
    return smoothMax(d, -cleft, 10);
  };
  const layer = (distance: Distance, hu: Layer["hu"], box: Box = EVERYWHERE): Layer => ({
    distance,
    hu,
    box,
  });
  const fat =
    (base: number): Distance =>
    (x, y, z) => {
      const n = texture(x / 7, y / 7, z / 9);
      const strand = n < 0.04 && n > -0.04 ? (0.04 - Math.abs(n)) * 1300 : 0;
      return base + 7 * n + strand;
    };
  const underSkin = fat(-104);
  const skinAndFat: Layer["hu"] = (x, y, z, d) => {
    const share = clamp((d + 2.2) / 0.7, 0, 1);
    return share >= 1 ? 12 : underSkin(x, y, z) * (1 - share) + 12 * share;
  };
  /** Bundles along z, parted by thin planes of fat. */
  const muscle =
    (base: number, fatty = 1): Layer["hu"] =>
    (x, y, z) => {
      const n = texture(x / 12 + 5, y / 9, z / 40);
      const plane = clamp(1 - Math.abs(n) / 0.075, 0, 1);
      return base + 8 * n - fatty * plane * 110;
    };
  const plain =
    (hu: number, spread = 6): Layer["hu"] =>
    (x, y, z) =>
      hu + spread * texture(x / 4, y / 4, z / 4 + 11);

  const cavityHalfWidth = profile([-170, 46], [-120, 52], [-80, 62], [-30, 84], [10, 98], [70, 112]);
  const cavityDepth = halfDepth - fatMm * 1.2 - 12;
  const cavity: Distance = (x, y, z) => {
    const oval = ellipse(x, y + cavityDepth - 62, cavityHalfWidth(z), 62);
    // it ends in front of spine and sacrum, further back at the sides
    return smoothMax(oval, 9 - 0.12 * Math.abs(x) - frame.v(y, z), 16);
  };
  const psoasTube = tube([
    tubePoint([36, 2, 150], 13),
    tubePoint([40, 0, 75], 18),
    tubePoint([52, -14, 0], 18),
    tubePoint([86, -58, -120], 15),
  ]).distance;
  const psoas: Distance = (x, y, z) => psoasTube(Math.abs(x), y, z);
  const iliacus: Distance = (x, y, z) => {
    const d = iliac(x, y, z);
    if (d > 16) return d - 12;
    const thickness = 13 + 3 * texture(x / 20, y / 20, z / 20);
    return Math.max(d - thickness, trunk(x, y, z, fatMm + 5), -z - 120, -4 - frame.v(y, z));
  };
  /** Fat between the gluteal muscles, at two depths over the hip bone. */
  const glutealPlanes: Distance = (x, y, z) => {
    const d = iliac(x, y, z);
    if (d > 45) return d - 45;
    const bend = 5 * texture(x / 30, y / 30, z / 30);
    const outer = Math.abs(d - 34 - bend) - 1.1;
    const inner = Math.abs(d - 15 - bend * 0.6) - 0.7;
    // only behind and outside the bone
    const plane = Math.max(Math.min(outer, inner), 6 - (Math.abs(x) - 64) * 0.75 - (y - 10) * 0.6);
    return plane > 3 ? plane : Math.max(plane, trunk(x, y, z, fatMm - 1));
  };
  const piriformisTube = tube([
    tubePoint(frame.patientFromSacral(24, 16, sacrum.segmentEndMm(2) + 10), 8),
    tubePoint([66, 48, -74], 11),
    tubePoint([120, 22, -112], 7),
  ]).distance;
  const piriformis: Distance = (x, y, z) => piriformisTube(Math.abs(x), y, z);

  const sacEnd = sacrum.segmentEndMm(2) * random.between(0.86, 1.02);
  const sac: Distance = (x, y, z) => {
    const s = frame.s(y, z);
    const w = sacrum.canalHalfWidthMm(s);
    const depth = sacrum.canalDepthMm(s);
    const taper = clamp((sacEnd - s) / 22, 0.02, 1) ** 0.5;
    const d = ellipse(x, frame.v(y, z) + depth * 0.62, w * 0.66 * taper, depth * 0.32 * taper);
    return Math.max(d, s - sacEnd);
  };
  const viscera = makeViscera(sacrum, random, texture, cavityHalfWidth, cavityDepth);

  return {
    layersUnderBone: [
      ...table(halfDepth),
      layer(skin, skinAndFat),
      layer((x, y, z) => {
        const d = trunk(x, y, z, fatMm);
        return d > 6 || d < -6 ? d : d + 3 * texture(x / 25, y / 25, z / 25);
      }, muscle(56)),
      layer(glutealPlanes, plain(-70, 25), { min: [-190, -50, -170], max: [190, 120, 66] }),
      layer(cavity, fat(-99), { min: [-120, -140, -400], max: [120, 60, 400] }),
      layer(iliacus, muscle(57, 0.4), { min: [-150, -100, -121], max: [150, 70, 80] }),
      layer(psoas, muscle(58, 0.4), { min: [-120, -90, -130], max: [120, 40, 400] }),
      layer(piriformis, muscle(55), { min: [-130, 0, -125], max: [130, 75, -20] }),
      ...viscera.layers,
    ],
    layersOverBone: [
      layer((x, y, z) => Math.max(sacrum.canal(x, y, z), Math.abs(x) - 30), fat(-70), {
        min: [-30, -60, -400],
        max: [30, 140, 400],
      }),
      layer((x, y, z) => Math.max(sacrum.foramina(x, y, z), sacrum.outer(x, y, z)), fat(-72), {
        min: [-60, -60, -140],
        max: [60, 140, 10],
      }),
      layer(sac, plain(22), { min: [-18, -60, -400], max: [18, 140, 400] }),
      ...sacralRoots(sacrum, plain(34)),
    ],
    courses: viscera.courses,
  };
}

/** S1 to S4 of both sides, from the canal through the ventral foramina. */
function sacralRoots(sacrum: Sacrum, hu: Layer["hu"]): Layer[] {
  const { frame } = sacrum;
  return [1, 2, 3, 4].flatMap((level) => {
    const end = sacrum.segmentEndMm(level);
    const x = sacrum.foramenXMm(level);
    const radius = 2.9 - 0.35 * level;
    const middle = -sacrum.canalDepthMm(end - 22) * 0.55;
    return bothSides([
      tubePoint(frame.patientFromSacral(4.5 + 0.5 * level, middle, end - 26), radius * 0.8),
      tubePoint(frame.patientFromSacral(x * 0.6, -4, end - 4), radius),
      tubePoint(frame.patientFromSacral(x + 2.5, 10, end + 2), radius),
      tubePoint(beforeSacrum(sacrum, x + 9, end + 9, 3), radius),
    ]).map((points) => tubeLayer(points, hu));
  });
}

/** A carbon shell over foam, behind the patient. */
function table(halfDepthMm: number): Layer[] {
  const radius = 420;
  const top = (x: number, y: number) => radius + 3 - Math.hypot(x, y + radius - halfDepthMm - 2);
  const box: Box = { min: [-230, 0, -400], max: [230, 300, 400] };
  const body: Distance = (x, y) => Math.max(top(x, y), y - halfDepthMm - 46, Math.abs(x) - 215);
  return [
    { distance: body, hu: () => -60, box },
    { distance: (x, y, z) => body(x, y, z) + 1.8, hu: () => -930, box },
  ];
}
