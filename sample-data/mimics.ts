// What is not a leak but looks like one: vessel calcification, phlebolith, a piece of needle, a speck.
import type { Vec3 } from "#core/space";
import type { Sacrum } from "./anatomy.ts";
import type { SideSign } from "./cement.ts";
import { noiseField } from "./seeded-noise.ts";
import type { Random } from "./seeded-noise.ts";
import { capsule, ellipsoid, grownBox, tube } from "./shapes.ts";
import type { Distance, Solid, TubePoint } from "./shapes.ts";
import type { SoftTissue } from "./soft-tissue.ts";

export type MimicKind =
  | "arterial_calcification"
  | "phlebolith"
  | "needle_fragment"
  | "speck"
  | "bowel_contrast"
  | "sclerotic_metastasis"
  | "screw"
  | "previous_cement";

export interface Mimic {
  readonly mimicId: string;
  readonly kind: MimicKind;
  readonly solid: Solid;
  readonly hu: Distance;
}

const ball = (at: Vec3, radiusMm: number): Solid => ({
  distance: (x, y, z) => Math.hypot(x - at[0], y - at[1], z - at[2]) - radiusMm,
  box: grownBox({ min: at, max: at }, radiusMm + 0.2),
});

/** A plaque in the wall of a vessel: part of the shell round its centre line. */
function wallPlaque(vessel: readonly TubePoint[], segment: number, seed: number, random: Random): Solid {
  const a = vessel[segment];
  const b = vessel[segment + 1];
  const t = random.between(0.25, 0.75);
  const mix = (axis: 0 | 1 | 2) => a.at[axis] * (1 - t) + b.at[axis] * t;
  const at: Vec3 = [mix(0), mix(1), mix(2)];
  const radius = a.radiusMm * (1 - t) + b.radiusMm * t;
  const half = random.between(3, 6);
  const rough = noiseField(seed, `plaque ${segment}`);
  const turn = random.between(0, Math.PI * 2);
  return {
    distance: (x, y, z) => {
      const wall = Math.abs(capsule(x, y, z, a.at, b.at, a.radiusMm, b.radiusMm) + 0.5) - 0.55;
      const away =
        Math.hypot(x - at[0] - radius * Math.cos(turn), y - at[1] - radius * Math.sin(turn), z - at[2]) -
        half;
      return 0.8 * (Math.max(wall, away) + 0.25 * rough(x / 2, y / 2, z / 2));
    },
    box: grownBox({ min: at, max: at }, radius + half + 1),
  };
}

/** Oral contrast lying in a loop of bowel, or null where no loop is large enough. */
export function bowelContrast(soft: SoftTissue, random: Random, seed: number): Mimic | null {
  const loops = soft.courses.bowelLoops.filter(({ at }) => at[2] > -80 && at[2] < 30);
  if (loops.length === 0) return null;
  const { at, semiMm } = random.pick(loops);
  const grain = noiseField(seed, "contrast grain");
  const shrink = random.between(0.35, 0.6);
  const semi: Vec3 = [semiMm[0] * shrink, semiMm[1] * shrink, semiMm[2] * shrink];
  const dense = random.between(450, 1000);
  return {
    mimicId: "M5",
    kind: "bowel_contrast",
    solid: {
      distance: (x, y, z) => {
        const d = ellipsoid(x - at[0], y - at[1], z - at[2], ...semi);
        return d > 4 ? d : 0.7 * (d + 1.2 * grain(x / 4, y / 4, z / 4));
      },
      box: grownBox({ min: at, max: at }, Math.max(...semi) + 2),
    },
    hu: (x, y, z) => dense + 120 * grain(x / 3, y / 3, z / 3),
  };
}

/** The four mimics of every case; `side` is where the needle went in. */
export function makeMimics(
  sacrum: Sacrum,
  soft: SoftTissue,
  side: SideSign,
  seed: number,
  random: Random,
): Mimic[] {
  const vessel = soft.courses.iliacArteries[random.chance(0.5) ? 0 : 1];
  const grain = noiseField(seed, "mimic grain");
  const calcified = random.between(550, 950);
  const stoneAt: Vec3 = [
    random.pick([-1, 1]) * random.between(46, 58),
    random.between(-2, 14),
    random.between(-108, -88),
  ];
  const stoneRadius = random.between(1.7, 2.6);
  const stoneHu = random.between(380, 620);
  const behind = sacrum.frame.patientFromSacral(
    side * random.between(18, 26),
    -random.between(42, 52),
    random.between(22, 40),
  );
  const tip: Vec3 = [
    behind[0] + random.between(-2, 2),
    behind[1] + random.between(4, 6),
    behind[2] + random.between(-2, 2),
  ];
  const speckAt = sacrum.frame.patientFromSacral(
    side * random.between(8, 16),
    -random.between(34, 40),
    random.between(6, 18),
  );
  return [
    {
      mimicId: "M1",
      kind: "arterial_calcification",
      solid: wallPlaque(vessel, random.pick([1, 2, 3]), seed, random),
      hu: (x, y, z) => calcified + 200 * grain(x / 1.5, y / 1.5, z / 1.5),
    },
    {
      mimicId: "M2",
      kind: "phlebolith",
      solid: ball(stoneAt, stoneRadius),
      // paler in its centre
      hu: (x, y, z) =>
        stoneHu * (Math.hypot(x - stoneAt[0], y - stoneAt[1], z - stoneAt[2]) < stoneRadius * 0.4 ? 0.55 : 1),
    },
    {
      mimicId: "M3",
      kind: "needle_fragment",
      solid: tube([
        { at: behind, radiusMm: 0.75 },
        { at: tip, radiusMm: 0.75 },
      ]),
      hu: () => 9000,
    },
    {
      mimicId: "M4",
      kind: "speck",
      solid: ball(speckAt, random.between(0.6, 0.85)),
      hu: () => 1400,
    },
  ];
}
