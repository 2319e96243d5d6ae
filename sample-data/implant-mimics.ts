// What looks like a leak in a real CT and is none: calcifications, stones, contrast, sclerosis, bony spurs, a piece of needle.
import type { Vec3 } from "#core/space";
import { add, cross, dot, normalize, scale, subtract } from "#core/space";
import type { CleanBone } from "./clean-bone.ts";
import { exitPoint } from "./implant-leaks.ts";
import type { Random } from "./seeded-noise.ts";
import type { Solid, TubePoint } from "./shapes.ts";
import { ellipsoid, grownBox, tube } from "./shapes.ts";

export interface ImplantMimic {
  readonly kind: string;
  readonly solid: Solid;
  readonly hu: (p: Vec3) => number;
}

const ball = (at: Vec3, radius: number): Solid => ({
  distance: (x, y, z) => Math.hypot(x - at[0], y - at[1], z - at[2]) - radius,
  box: grownBox({ min: at, max: at }, radius + 0.5),
});

/** A calcification, a stone, a metastasis on the other side, a needle fragment and bowel contrast, each in some of the cases. */
export function implantMimics(bone: CleanBone, middle: Vec3, side: number, random: Random): ImplantMimic[] {
  const mimics: ImplantMimic[] = [];
  const put = (kind: string, solid: Solid, hu: number) => mimics.push({ kind, solid, hu: () => hu });
  const outside = (at: Vec3, leastMm: number) => bone.surfaceMm(at) > leastMm;
  const artery = add(middle, [
    random.pick([-1, 1]) * random.between(28, 42),
    random.between(-62, -42),
    random.between(-15, 25),
  ]);
  if (random.chance(0.6) && outside(artery, 6)) {
    const end = add(artery, [random.between(-3, 3), random.between(-3, 3), random.between(4, 10)]);
    const solid = tube([
      { at: artery, radiusMm: random.between(0.8, 1.6) },
      { at: end, radiusMm: random.between(0.8, 1.6) },
    ]);
    put("arterial_calcification", solid, random.between(500, 1300));
  }
  const stone = add(middle, [
    random.pick([-1, 1]) * random.between(35, 55),
    random.between(-40, -10),
    random.between(-85, -60),
  ]);
  if (random.chance(0.5) && outside(stone, 6))
    put("phlebolith", ball(stone, random.between(1.5, 2.8)), random.between(400, 900));
  if (random.chance(0.3)) {
    const at = add(middle, [-side * random.between(18, 34), random.between(-3, 3), random.between(-8, 8)]);
    put("sclerotic_metastasis", inBone(bone, at, [6, 5, 7], 1.5), random.between(500, 900));
  }
  if (random.chance(0.3)) {
    const at = add(middle, [side * random.between(15, 35), random.between(38, 50), random.between(-10, 10)]);
    if (outside(at, 5)) {
      const end = add(at, [random.between(-3, 3), random.between(6, 12), random.between(-3, 3)]);
      const solid = tube([
        { at, radiusMm: 0.9 },
        { at: end, radiusMm: 0.9 },
      ]);
      put("needle_fragment", solid, 9000);
    }
  }
  if (random.chance(0.3)) {
    const at = add(middle, [random.between(-25, 25), random.between(-75, -60), random.between(-20, 20)]);
    if (outside(at, 12)) put("bowel_contrast", ball(at, random.between(5, 9)), random.between(300, 700));
  }
  return mimics;
}

const inBone = (bone: CleanBone, at: Vec3, [a, b, c]: Vec3, coverMm: number): Solid => ({
  distance: (x, y, z) =>
    Math.max(ellipsoid(x - at[0], y - at[1], z - at[2], a, b, c), bone.surfaceMm([x, y, z]) + coverMm),
  box: grownBox({ min: at, max: at }, Math.max(a, b, c) + 1),
});

/** Nearer than this to cement the two would be one thing, and no reader could tell them apart. */
const APART_MM = 6;
const AROUND: readonly Vec3[] = [-1, 0, 1].flatMap((x) =>
  [-1, 0, 1].flatMap((y) => [-1, 0, 1].map((z): Vec3 => normalize([x, y, z]))),
);
/** A union of solids knows distances up to 2 mm only: places round a point tell what is farther. */
const isApart = (cement: Solid, at: Vec3): boolean =>
  AROUND.every((d) => cement.distance(...add(at, scale(d, APART_MM - 1))) > 1) && cement.distance(...at) > 1;

/**
 * Mimics that lie nearer to bone than those of `implantMimics`, on both sides: enostoses and bridging spurs of the sacroiliac joint, plaques
 * along the internal iliac vessels, contrast in a vein or a ureter in front of the ala, stones beside the lower sacrum, calcified scars of
 * injections behind. Each in a fifth to a half of the cases; none within 6 mm of `cement`.
 */
export function mimicsNearBone(
  bone: CleanBone,
  middle: Vec3,
  cement: Solid,
  random: Random,
): readonly ImplantMimic[] {
  const mimics: ImplantMimic[] = [];
  const put = (kind: string, at: readonly Vec3[], solid: Solid, hu: ImplantMimic["hu"]) => {
    if (at.every((p) => isApart(cement, p))) mimics.push({ kind, solid, hu });
  };
  const evenly = (hu: number) => () => hu;
  const oneSide = () => random.pick([-1, 1]);
  /** Where the pelvic surface is in front of a place in bone. */
  const front = (beside: number, z: number, turn = 0) =>
    exitPoint(bone, add(middle, [beside, 2, z]), normalize([turn, -1, 0]), 45);

  if (random.chance(0.4)) {
    const at = add(middle, [
      oneSide() * random.between(14, 42),
      random.between(-12, 10),
      random.between(-22, 14),
    ]);
    const size: Vec3 = [random.between(2, 5), random.between(2, 5), random.between(2.5, 6)];
    if (bone.surfaceMm(at) < -1)
      put("enostosis", [at], inBone(bone, at, size, 0), evenly(random.between(700, 1250)));
  }
  if (random.chance(0.45)) {
    const beside = oneSide() * random.between(36, 50);
    const at = front(beside, random.between(-14, 12), Math.sign(beside) * random.between(-0.3, 0.3));
    if (at) put("osteophyte", [at], spur(bone, at, random), spurHu(bone, random));
  }
  for (let n = random.chance(0.6) ? 1 + Math.floor(random.between(0, 2.5)) : 0; n > 0; n--) {
    const start = front(oneSide() * random.between(22, 46), random.between(-30, 12));
    if (!start) continue;
    const vessel = course(bone, start, random.between(5, 14), random.between(4, 11), 0.3, random);
    const radiusMm = random.between(0.6, 1.4);
    const points = vessel.map((at) => ({ at, radiusMm: radiusMm * random.between(0.7, 1.2) }));
    put("arterial_calcification", vessel, tube(points), evenly(random.between(450, 1300)));
  }
  if (random.chance(0.25)) {
    const start = front(oneSide() * random.between(18, 40), random.between(0, 16));
    if (start) {
      const radiusMm = random.between(3, 5.5);
      const vein = course(bone, start, radiusMm + random.between(2, 6), random.between(25, 50), 0.15, random);
      put("vessel_contrast", vein, tube(withRadius(vein, radiusMm)), evenly(random.between(180, 360)));
    }
  }
  if (random.chance(0.2)) {
    const start = front(oneSide() * random.between(26, 42), random.between(0, 16));
    if (start) {
      const ureter = course(bone, start, random.between(9, 18), random.between(25, 55), 0.15, random);
      const radiusMm = random.between(1.2, 2.2);
      put("ureter_contrast", ureter, tube(withRadius(ureter, radiusMm)), evenly(random.between(400, 1400)));
    }
  }
  for (let n = random.chance(0.4) ? 1 + Math.floor(random.between(0, 2.5)) : 0; n > 0; n--) {
    const start = front(oneSide() * random.between(8, 36), random.between(-55, -25));
    if (!start) continue;
    const at = add(start, scale(bone.outward(start), random.between(8, 20)));
    if (bone.surfaceMm(at) > 6)
      put("phlebolith", [at], ball(at, random.between(1.4, 2.8)), evenly(random.between(350, 1000)));
  }
  if (random.chance(0.25)) {
    const at = add(middle, [
      oneSide() * random.between(25, 60),
      random.between(45, 68),
      random.between(-25, 15),
    ]);
    const radius = random.between(2, 5);
    const rimHu = random.between(350, 900);
    if (bone.surfaceMm(at) > radius + 4)
      put("injection_granuloma", [at], ball(at, radius), (p) =>
        Math.hypot(...subtract(p, at)) > radius - 1.2 ? rimHu : 0.5 * rimHu,
      );
  }
  return mimics;
}

const withRadius = (line: readonly Vec3[], radiusMm: number): TubePoint[] =>
  line.map((at) => ({ at, radiusMm }));

/** A vessel's course: downwards along the pelvic surface from `start`, `offMm` off bone, bending by up to `bend` a mm. */
function course(
  bone: CleanBone,
  start: Vec3,
  offMm: number,
  lengthMm: number,
  bend: number,
  random: Random,
): Vec3[] {
  const points: Vec3[] = [];
  let at = add(start, scale(bone.outward(start), offMm));
  let heading = normalize([random.between(-0.4, 0.4), 0, -1]);
  for (let mm = 0; mm <= lengthMm; mm++) {
    const normal = bone.outward(at);
    at = add(at, scale(normal, Math.max(-1, Math.min(1, offMm - bone.surfaceMm(at)))));
    points.push(at);
    const bent = add(heading, [
      random.between(-bend, bend),
      random.between(-bend, bend),
      random.between(-bend, bend),
    ]);
    heading = normalize(subtract(bent, scale(normal, dot(bent, normal))));
    at = add(at, heading);
  }
  return points;
}

/** A spur that bridges the joint's front: a flat cap on bone, 2 to 4.5 mm high. */
function spur(bone: CleanBone, at: Vec3, random: Random): Solid {
  const normal = bone.outward(at);
  const across = normalize(cross(normal, [0, 0, 1]));
  const along = cross(normal, across);
  const size: Vec3 = [random.between(3, 7), random.between(3, 8), random.between(2, 4.5)];
  return {
    distance: (x, y, z) => {
      const p = subtract([x, y, z], at);
      const cap = ellipsoid(dot(p, across), dot(p, along), dot(p, normal), ...size);
      return Math.max(0.8 * cap, -bone.surfaceMm([x, y, z]) - 0.5);
    },
    box: grownBox({ min: at, max: at }, Math.max(...size) + 1),
  };
}

/** Cortex outside, marrow within 1.5 mm of the old surface. */
function spurHu(bone: CleanBone, random: Random): ImplantMimic["hu"] {
  const rim = random.between(500, 1050);
  const marrow = random.between(250, 450);
  return (p) => (bone.surfaceMm(p) > 1.5 ? rim : marrow);
}
