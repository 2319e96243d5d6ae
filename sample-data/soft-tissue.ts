// Everything of the patient that is not bone: skin, fat, muscles, vessels, nerves, bowel, bladder, the sac; and the table.
import type { Vec3 } from "#core/space";
import type { Sacrum } from "./anatomy.ts";
import type { Layer } from "./render.ts";
import { noiseField, seededRandom } from "./seeded-noise.ts";
import { capsule, clamp, ellipse, ellipsoid, grownBox, profile, smoothMax, tube } from "./shapes.ts";
import type { Box, Distance, TubePoint } from "./shapes.ts";

/** Named courses that leaks and mimics follow: centre lines with radii, one a side (right first). */
export interface SoftTissue {
  readonly layersUnderBone: readonly Layer[];
  readonly layersOverBone: readonly Layer[];
  readonly iliacArteries: readonly (readonly TubePoint[])[];
  readonly iliacVeins: readonly (readonly TubePoint[])[];
  /** L5 root and lumbosacral trunk over the ala. */
  readonly lumbosacralTrunks: readonly (readonly TubePoint[])[];
}

const EVERYWHERE: Box = { min: [-400, -300, -400], max: [400, 300, 400] };
const bothSides = (points: readonly TubePoint[]): (readonly TubePoint[])[] =>
  [-1, 1].map((side) =>
    points.map((p) => ({ at: [p.at[0] * side, p.at[1], p.at[2]] as Vec3, radiusMm: p.radiusMm })),
  );

export function makeSoftTissue(seed: number, sacrum: Sacrum, iliac: Distance): SoftTissue {
  const random = seededRandom(seed, "soft tissue");
  const texture = noiseField(seed, "soft tissue texture");
  const [halfWidth, halfDepth, fatMm] = sacrum.parameters.trunkMm;
  const { frame } = sacrum;
  const widthAt = profile([-170, 20], [-110, 18], [-60, 10], [0, 0], [60, -6], [140, -12]);
  const cleftAt = profile([-150, 30], [-60, 14], [0, 4], [40, 8]);
  const trunk = (x: number, y: number, z: number, inset: number) =>
    ellipse(x, y + 2, halfWidth + widthAt(z) - inset, halfDepth - inset * (y > 0 ? 1 : 1.3));
  const skin: Distance = (x, y, z) => {
    const d = trunk(x, y, z, 0);
    const cleft = Math.hypot(x * 1.6, y - halfDepth - 6) - cleftAt(z);
    return smoothMax(d, -cleft, 10);
  };
  const layer = (distance: Distance, hu: Layer["hu"], box: Box = EVERYWHERE): Layer => ({
    distance,
    hu,
    box,
  });
  const fat =
    (base: number): Layer["hu"] =>
    (x, y, z) => {
      const n = texture(x / 7, y / 7, z / 9);
      const strand = Math.abs(n) < 0.05 ? (0.05 - Math.abs(n)) * 900 : 0;
      return base + 8 * n + strand;
    };
  const muscle =
    (base: number): Layer["hu"] =>
    (x, y, z) => {
      const n = texture(x / 8 + 5, y / 8, z / 30);
      const streak = clamp(1 - Math.abs(n) / 0.07, 0, 1);
      return base + 9 * texture(x / 3, y / 3, z / 10) - streak * 75;
    };
  const plain =
    (hu: number, spread = 6): Layer["hu"] =>
    (x, y, z) =>
      hu + spread * texture(x / 4, y / 4, z / 4 + 11);
  const tubeLayer = (points: readonly TubePoint[], hu: Layer["hu"]): Layer => {
    const solid = tube(points);
    return layer(solid.distance, hu, grownBox(solid.box, 2));
  };

  // a point in front of the sacrum: millimetres before the bodies' or the ala's surface
  const before = (x: number, s: number, mm: number): Vec3 => {
    const ala = Math.abs(x) > sacrum.bodyHalfWidthMm(s);
    return frame.patientFromSacral(x, (ala ? 18 - s * 0.08 : sacrum.bodyDepthMm(s)) + mm, s);
  };
  const point = (at: Vec3, radiusMm: number): TubePoint => ({ at, radiusMm });
  const wiggle = () => random.between(-3, 3);
  const arteries = bothSides([
    point([9, -38 + wiggle(), 70], 6),
    point([16, -36 + wiggle(), 30], 5.5),
    point([32, -32 + wiggle(), 4], 5),
    point([48, -38, -25], 4.6),
    point([58, -50, -60], 4.4),
    point([66, -66, -110], 4.2),
    point([70, -80, -160], 4.2),
  ]);
  const internal = bothSides([
    point([34, -29, 0], 3.8),
    point([40, -10, -24], 3.6),
    point([44, 8, -48], 3.2),
    point([50, 16, -70], 2.8),
  ]);
  const veins = bothSides([
    point([12, -24, 60], 8),
    point([20, -22, 28], 7),
    point([38, -21, 0], 6.2),
    point([52, -28, -28], 5.6),
    point([60, -42, -62], 5.4),
    point([68, -58, -112], 5.2),
    point([72, -72, -160], 5.2),
  ]);
  const trunks = bothSides([
    point(frame.patientFromSacral(20, -1, -9), 3),
    point(before(30, 4, 9), 3.2),
    point(before(37, 22, 6), 3.4),
    point(before(38, 42, 8), 4),
    point(before(44, 58, 12), 5),
  ]);

  const cavityWide = profile([-170, 48], [-120, 56], [-80, 68], [-30, 88], [10, 104], [70, 110]);
  const cavity: Distance = (x, y, z) => {
    const oval = ellipse(x, y + 30, cavityWide(z), 62);
    // the cavity ends in front of spine and sacrum
    return smoothMax(
      oval,
      17 + (z > 5 ? 14 : z * -0.02 + 12) * Math.exp(-((x / 26) ** 2)) - frame.v(y, z),
      10,
    );
  };
  const psoas: Distance = (x, y, z) => {
    const ax = Math.abs(x);
    const a = capsule(ax, y, z, [40, 2, 75], [50, -18, 0], 19, 19);
    return Math.min(a, capsule(ax, y, z, [50, -18, 0], [88, -58, -120], 19, 16));
  };
  const iliacus: Distance = (x, y, z) =>
    Math.max(iliac(x, y, z) - 11, trunk(x, y, z, fatMm + 4), -z - 120, 16 - frame.v(y, z));
  const piriformis: Distance = (x, y, z) => {
    const ax = Math.abs(x);
    const start = frame.patientFromSacral(22, 14, sacrum.segmentEndMm(2) + 8);
    return Math.min(
      capsule(ax, y, z, start, [66, 50, -72], 8, 12),
      capsule(ax, y, z, [66, 50, -72], [120, 22, -112], 12, 8),
    );
  };

  const bowel: Layer[] = [];
  for (let n = 0; n < 13; n++) {
    const z = random.between(-95, 75);
    const reach = cavityWide(z) - 32;
    const x = random.between(-reach, reach);
    const y = random.between(-76, -48);
    const [a, b, c] = [random.between(12, 22), random.between(10, 17), random.between(14, 34)];
    const kind = random.next();
    const lumen: Layer["hu"] =
      kind < 0.45
        ? (_x, py) => (py < y + b * 0.15 ? -960 : 22)
        : kind < 0.75
          ? (px, py, pz) => {
              const t = texture(px / 3.5, py / 3.5, pz / 3.5);
              return t > 0.2 ? -500 * t : 40 + 60 * t;
            }
          : plain(18, 10);
    const box: Box = { min: [x - a, y - b, z - c], max: [x + a, y + b, z + c] };
    const folded = (px: number, py: number, pz: number) => 1.6 * texture(px / 6, py / 6, pz / 6 + n);
    bowel.push(
      layer(
        (px, py, pz) => ellipsoid(px - x, py - y, pz - z, a, b, c) + folded(px, py, pz),
        plain(42),
        grownBox(box, 3),
      ),
      layer(
        (px, py, pz) => ellipsoid(px - x, py - y, pz - z, a, b, c) + folded(px, py, pz) + 2.4,
        lumen,
        box,
      ),
    );
  }
  const rectum = [56, 74, 92, 108, 124].map((s, n) =>
    point(before(random.between(-8, 8) * (n < 3 ? 1 : 0.3), s * 1, 22 - n), 13 - n * 0.6),
  );
  const stool: Layer["hu"] = (x, y, z) => {
    const t = texture(x / 4, y / 4, z / 4);
    return t > 0.1 ? -700 * Math.min(1, t * 1.6) : 30 + 50 * t;
  };
  const bladder: Distance = (x, y, z) => ellipsoid(x, y + 46, z + 122, 38, 30, 34);

  const sacEnd = sacrum.segmentEndMm(2) * random.between(0.86, 1.02);
  const sac: Distance = (x, y, z) => {
    const s = frame.s(y, z);
    const [w, depth] = sacrum.canalSizeMm(s);
    const taper = clamp((sacEnd - s) / 22, 0.02, 1) ** 0.5;
    const d = ellipse(x, frame.v(y, z) + depth * 0.62, w * 0.66 * taper, depth * 0.32 * taper);
    return Math.max(d, s - sacEnd);
  };
  const roots: Layer[] = [];
  for (let level = 1; level <= 4; level++) {
    const end = sacrum.segmentEndMm(level);
    const x = sacrum.foramenXMm(level);
    const radius = 2.9 - 0.35 * level;
    for (const points of bothSides([
      point(
        frame.patientFromSacral(4.5 + 0.5 * level, -sacrum.canalSizeMm(end - 22)[1] * 0.55, end - 26),
        radius * 0.8,
      ),
      point(frame.patientFromSacral(x * 0.6, -4, end - 4), radius),
      point(frame.patientFromSacral(x + 2.5, 10, end + 2), radius),
      point(before(x + 9, end + 9, 3), radius),
    ]))
      roots.push(tubeLayer(points, plain(34)));
  }

  const table: Layer[] = [
    layer((x, y) => Math.max(ellipse(x, y + 300, 560, 300 + halfDepth + 26), 208 + -y - 90), plain(-140, 10)),
    layer(
      (x, y) => Math.max(ellipse(x, y + 300, 558, 300 + halfDepth + 24.6), 209.5 + -y - 90),
      plain(-890, 10),
    ),
  ];
  return {
    layersUnderBone: [
      ...table.slice(0, 0),
      layer(skin, fat(-104)),
      layer((x, y, z) => Math.abs(skin(x, y, z) + 0.9) - 0.9, plain(10)),
      layer((x, y, z) => trunk(x, y, z, fatMm + 3 * texture(x / 25, y / 25, z / 25)), muscle(56)),
      layer(cavity, fat(-98)),
      layer(psoas, muscle(58)),
      layer(iliacus, muscle(57)),
      layer(piriformis, muscle(55)),
      ...bowel,
      layer(bladder, plain(6, 3), { min: [-42, -80, -160], max: [42, -10, -84] }),
      tubeLayer(rectum, plain(40)),
      tubeLayer(
        rectum.map((p) => ({ ...p, radiusMm: p.radiusMm - 3 })),
        stool,
      ),
      ...[...veins, ...arteries, ...internal].map((points) => tubeLayer(points, plain(46))),
      ...trunks.map((points) => tubeLayer(points, plain(36))),
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
      ...roots,
    ],
    iliacArteries: arteries,
    iliacVeins: veins,
    lumbosacralTrunks: trunks,
  };
}
