// What lies in the pelvic cavity: iliac vessels, the lumbosacral trunks, bowel, rectum, bladder.
import type { Vec3 } from "#core/space";
import type { Sacrum } from "./anatomy.ts";
import type { Layer } from "./render.ts";
import type { Noise, Random } from "./seeded-noise.ts";
import { ellipsoid, grownBox, tube } from "./shapes.ts";
import type { Box, Distance, TubePoint } from "./shapes.ts";

/** Named courses that leaks and mimics follow: centre lines with radii, one a side (right first). */
export interface Courses {
  readonly iliacArteries: readonly (readonly TubePoint[])[];
  readonly iliacVeins: readonly (readonly TubePoint[])[];
  /** L5 root and lumbosacral trunk over the ala. */
  readonly lumbosacralTrunks: readonly (readonly TubePoint[])[];
  /** Large loops of bowel: middle and half axes. */
  readonly bowelLoops: readonly { readonly at: Vec3; readonly semiMm: Vec3 }[];
}

export const bothSides = (points: readonly TubePoint[]): (readonly TubePoint[])[] =>
  [-1, 1].map((side) =>
    points.map((p) => ({ at: [p.at[0] * side, p.at[1], p.at[2]] as Vec3, radiusMm: p.radiusMm })),
  );

export const tubePoint = (at: Vec3, radiusMm: number): TubePoint => ({ at, radiusMm });

export function tubeLayer(points: readonly TubePoint[], hu: Layer["hu"]): Layer {
  const solid = tube(points);
  return { distance: solid.distance, hu, box: grownBox(solid.box, 2) };
}

/** A point `mm` in front of the bodies or the ala. */
export function beforeSacrum(sacrum: Sacrum, x: number, s: number, mm: number): Vec3 {
  const ala = Math.abs(x) > sacrum.bodyHalfWidthMm(s);
  return sacrum.frame.patientFromSacral(x, (ala ? 18 - s * 0.08 : sacrum.bodyDepthMm(s)) + mm, s);
}

/** Layers of the cavity's contents, in painting order, and the courses. The cavity's front is at y = -cavityDepthMm. */
export function makeViscera(
  sacrum: Sacrum,
  random: Random,
  texture: Noise,
  cavityHalfWidth: (z: number) => number,
  cavityDepthMm: number,
): { readonly layers: readonly Layer[]; readonly courses: Courses } {
  const plain =
    (hu: number, spread = 6): Layer["hu"] =>
    (x, y, z) =>
      hu + spread * texture(x / 4, y / 4, z / 4 + 11);
  const wiggle = () => random.between(-3, 3);
  // in front of the lumbar bodies; aorta and vena cava part at L4 and L5
  const lumbar = (x: number, v: number, at: number, radius: number) =>
    tubePoint(sacrum.frame.patientFromSacral(x, v * sacrum.parameters.depth, at), radius);
  const aorta = [lumbar(7, 46, -170, 8.5), lumbar(6, 46, -110, 8.5), lumbar(3, 45, -78, 8)];
  const arteries = bothSides([
    lumbar(4, 44, -76, 6),
    lumbar(13, 43, -54, 5.6),
    lumbar(21, 41, -26, 5.4),
    tubePoint([32, -32 + wiggle(), 4], 5),
    tubePoint([48, -38, -25], 4.6),
    tubePoint([58, -50, -60], 4.4),
    tubePoint([66, -66, -110], 4.2),
    tubePoint([70, -80, -160], 4.2),
  ]);
  const internal = bothSides([
    tubePoint([34, -29, 0], 3.8),
    tubePoint([40, -10, -24], 3.6),
    tubePoint([46, 6, -48], 3.2),
    tubePoint([52, 14, -70], 2.8),
  ]);
  const cava = [lumbar(-19, 40, -170, 10), lumbar(-17, 41, -110, 10), lumbar(-14, 41, -66, 9)];
  const crossing = [lumbar(-12, 40, -62, 7), lumbar(6, 39, -54, 6.5), lumbar(18, 36, -38, 6.5)];
  const veins = bothSides([
    lumbar(16, 38, -44, 6.6),
    lumbar(25, 33, -20, 6.4),
    tubePoint([38, -21, 0], 6.2),
    tubePoint([52, -28, -28], 5.6),
    tubePoint([60, -42, -62], 5.4),
    tubePoint([68, -58, -112], 5.2),
    tubePoint([72, -72, -160], 5.2),
  ]);
  const trunks = bothSides([
    tubePoint(sacrum.frame.patientFromSacral(20, -1, -9), 3),
    tubePoint(beforeSacrum(sacrum, 30, 4, 9), 3.2),
    tubePoint(beforeSacrum(sacrum, 37, 22, 6), 3.4),
    tubePoint(beforeSacrum(sacrum, 38, 42, 8), 4),
    tubePoint(beforeSacrum(sacrum, 44, 58, 12), 5),
  ]);
  const rectum = [52, 70, 88, 106, 124].map((s, n) =>
    tubePoint(beforeSacrum(sacrum, random.between(-9, 9) * (n < 3 ? 1 : 0.3), s, 22 - n), 12.5 - n * 0.5),
  );
  const stool: Layer["hu"] = (x, y, z) => {
    const t = texture(x / 4, y / 4, z / 4);
    return t > 0.1 ? -700 * Math.min(1, t * 1.6) : 30 + 50 * t;
  };
  const bladder: Distance = (x, y, z) => ellipsoid(x, y + 46, z + 122, 38, 29, 33);
  const bowel = bowelLoops(random, texture, cavityHalfWidth, cavityDepthMm, plain);
  const branches: Layer[] = [];
  for (let n = 0; n < 22; n++) {
    // mesenteric vessels: short tubes through the fat
    const start: Vec3 = [random.between(-50, 50), random.between(-60, -25), random.between(-70, 70)];
    const step = () => random.between(-16, 16);
    const middle: Vec3 = [start[0] + step(), start[1] + step(), start[2] + step()];
    const end: Vec3 = [middle[0] + step(), middle[1] + step(), middle[2] + step()];
    branches.push(tubeLayer([tubePoint(start, 1.6), tubePoint(middle, 1.2), tubePoint(end, 0.8)], plain(35)));
  }
  return {
    layers: [
      ...branches,
      ...bowel.layers,
      {
        distance: (x, y, z) => bladder(x, y, z) - 2,
        hu: plain(38),
        box: { min: [-44, -80, -162], max: [44, -10, -84] },
      },
      { distance: bladder, hu: plain(5, 3), box: { min: [-42, -80, -160], max: [42, -10, -86] } },
      tubeLayer(rectum, plain(40)),
      tubeLayer(
        rectum.map((p) => ({ ...p, radiusMm: p.radiusMm - 3.2 })),
        stool,
      ),
      ...[cava, crossing, aorta, ...veins, ...arteries, ...internal].map((points) =>
        tubeLayer(points, plain(46)),
      ),
      ...trunks.map((points) => tubeLayer(points, plain(36))),
    ],
    courses: {
      iliacArteries: arteries,
      iliacVeins: veins,
      lumbosacralTrunks: trunks,
      bowelLoops: bowel.loops,
    },
  };
}

function bowelLoops(
  random: Random,
  texture: Noise,
  cavityHalfWidth: (z: number) => number,
  cavityDepthMm: number,
  plain: (hu: number, spread?: number) => Layer["hu"],
): { readonly layers: Layer[]; readonly loops: { at: Vec3; semiMm: Vec3 }[] } {
  const layers: Layer[] = [];
  const loops: { at: Vec3; semiMm: Vec3 }[] = [];
  for (let n = 0; n < 44; n++) {
    const z = random.between(-92, 80);
    const reach = cavityHalfWidth(z) - 30;
    const x = random.between(-reach, reach);
    const large = random.chance(0.3);
    const [a, b, c] = large
      ? [random.between(15, 22), random.between(11, 16), random.between(20, 36)]
      : [random.between(9, 17), random.between(7, 11), random.between(9, 20)];
    const front = -cavityDepthMm + Math.max(a, b) * 0.8 + 3 + 0.004 * x * x;
    const y = random.between(front, Math.max(front + 4, z < -10 ? -32 : -48));
    const kind = random.next();
    const level = y + b * random.between(-0.5, 0.3);
    const lumen: Layer["hu"] =
      kind < 0.3
        ? (_x, py) => (py < level ? -960 : 22)
        : kind < 0.62 && large
          ? (px, py, pz) => {
              const t = texture(px / 3.5, py / 3.5, pz / 3.5);
              return t > 0.2 ? -500 * t : 40 + 60 * t;
            }
          : plain(20, 9);
    if (large) loops.push({ at: [x, y, z], semiMm: [a, b, c] });
    const wallMm = large ? 2.2 : 1.8;
    const turn = random.between(-0.9, 0.9);
    const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
    const wall: Distance = (px, py, pz) => {
      const dx = (px - x) * cos + (py - y) * sin;
      const dy = (py - y) * cos - (px - x) * sin;
      const d = ellipsoid(dx, dy, pz - z, a, b, c);
      return d > 5 ? d : d + 2.2 * texture(px / 7, py / 7, pz / 7 + n);
    };
    const reachXy = Math.max(a, b) + 3;
    const box: Box = {
      min: [x - reachXy, y - reachXy, z - c - 3],
      max: [x + reachXy, y + reachXy, z + c + 3],
    };
    layers.push({ distance: wall, hu: plain(42), box });
    layers.push({ distance: (px, py, pz) => wall(px, py, pz) + wallMm, hu: lumen, box });
  }
  return { layers, loops };
}
