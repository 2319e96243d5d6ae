// A cemented lumbar vertebra with leaks to disc, epidural space, segmental and prevertebral veins, needle track and psoas.
import type { Vec3 } from "#core/space";
import type { Sacrum } from "./anatomy.ts";
import { boxAlong } from "./bone-tissue.ts";
import type { Skeleton } from "./bone-tissue.ts";
import type { TreatedLesion } from "./cement.ts";
import { epiduralSheet } from "./epidural-sheet.ts";
import { neckTo } from "./leaks.ts";
import type { LeakPlan, LeakRoute, LeakSite } from "./leaks.ts";
import { vertebra, VERTEBRA_HEIGHT_MM, vertebraTopMm } from "./pelvis.ts";
import { planLesion } from "./plan-lesion.ts";
import type { PlannedLesion } from "./plan-lesion.ts";
import { noiseField } from "./seeded-noise.ts";
import type { Random } from "./seeded-noise.ts";
import { ellipsoid, grownBox, tube } from "./shapes.ts";
import type { Distance, Solid, TubePoint } from "./shapes.ts";

/** The vertebra being filled: what its leaks are drawn from. */
interface Site {
  readonly sacrum: Sacrum;
  readonly bone: Distance;
  readonly lesion: TreatedLesion;
  readonly topS: number;
  readonly seed: number;
  readonly random: Random;
}

const LEVEL = 4;
const LESION_ID = "lesion-1";

/** L4 with its cement and leaks, and its envelope. */
export function planVertebra(
  seed: number,
  sacrum: Sacrum,
  skeleton: Skeleton,
  random: Random,
): { readonly lesion: PlannedLesion; readonly envelope: Solid } {
  const bone = skeleton.vertebrae.get(LEVEL) ?? vertebra(sacrum, LEVEL);
  const topS = vertebraTopMm(LEVEL);
  const neighbours = [3, 5].flatMap((level) => skeleton.vertebrae.get(level) ?? []);
  const anyBone: Distance = (x, y, z) => {
    let d = bone(x, y, z);
    for (const other of neighbours) d = Math.min(d, other(x, y, z));
    return d;
  };
  const unilateral = random.pick([-1, 1]);
  const lesion = planLesion(seed, `vertebral/${LESION_ID}`, 20, bone, anyBone, (draw) => {
    const drawn = makeLesion(sacrum, bone, topS, unilateral, seed, draw);
    const site: Site = { sacrum, bone, lesion: drawn, topS, seed, random: draw };
    const all = [
      discLeak(site),
      epidural(site),
      segmentalVein(site, unilateral),
      needleTrack(site, unilateral),
      prevertebralVein(site),
      psoasLeak(site, unilateral),
    ];
    const needle = all[3];
    if (needle === null) return null;
    const plans = all.flatMap((plan, n) => (plan && (seed === 1 ? n < 5 : draw.chance(0.65)) ? [plan] : []));
    return plans.length > 0 ? { lesion: drawn, plans } : null;
  });
  return { lesion, envelope: { distance: bone, box: boxAlong(sacrum, topS - 10, topS + 50) } };
}

function makeLesion(
  sacrum: Sacrum,
  bone: Distance,
  topS: number,
  side: number,
  seed: number,
  random: Random,
): TreatedLesion {
  const centre: Vec3 = [
    side * random.between(1, 7),
    random.between(16, 20) * sacrum.parameters.depth,
    topS + random.between(13, 16),
  ];
  const radii: Vec3 = [random.between(11, 15), random.between(8.5, 11), random.between(8.5, 11)];
  const coarse = noiseField(seed, "vertebral cast");
  const fine = noiseField(seed, "vertebral interdigitation");
  const coverMm = random.between(2, 2.8);
  const centreMm = sacrum.frame.patientFromSacral(...centre);
  return {
    lesionId: LESION_ID,
    bone: "vertebra",
    vertebra: `L${LEVEL}`,
    side: "midline",
    levels: [],
    centreMm,
    cast: {
      distance: (x, y, z) => {
        const s = sacrum.frame.s(y, z);
        const d = ellipsoid(x - centre[0], sacrum.frame.v(y, z) - centre[1], s - centre[2], ...radii);
        if (d > 6) return d * 0.5;
        const ragged = 2.4 * coarse(x / 6, y / 6, z / 6) + 1.6 * fine(x / 2.1, y / 2.1, z / 2.1);
        return Math.max((d + ragged) * 0.55, (bone(x, y, z) + coverMm) * 0.8);
      },
      box: grownBox({ min: centreMm, max: centreMm }, Math.max(...radii) + 6),
    },
    layers: [],
  };
}

const leak = (
  { lesion }: Site,
  site: LeakSite,
  route: LeakRoute,
  atX: number,
  shape: Solid,
  target: Vec3 | null,
  neckRadiusMm: number,
): LeakPlan => ({
  lesionId: LESION_ID,
  site,
  route,
  side: Math.abs(atX) < 3 ? "midline" : atX > 0 ? "left" : "right",
  shape,
  neck: target && neckTo(lesion, target, neckRadiusMm),
  neckRadiusMm: target && neckRadiusMm,
  neckTargetMm: target,
  levels: [],
  needle: null,
});

/** Millimetres from `from` towards `to` at which the bone begins, or null. */
function boneAlong(bone: Distance, from: Vec3, to: Vec3): number | null {
  const span = Math.hypot(to[0] - from[0], to[1] - from[1], to[2] - from[2]);
  for (let mm = 0; mm < span;) {
    const t = mm / span;
    const d = bone(
      from[0] + t * (to[0] - from[0]),
      from[1] + t * (to[1] - from[1]),
      from[2] + t * (to[2] - from[2]),
    );
    if (d < 0.03) return mm;
    mm += Math.max(0.05, d * 0.6);
  }
  return null;
}

/** A blob of the given half axes in x, v, s. */
function blob(site: Site, at: Vec3, semi: Vec3, name: string): Solid {
  const { frame } = site.sacrum;
  const rough = noiseField(site.seed, name);
  const atMm = frame.patientFromSacral(...at);
  return {
    distance: (x, y, z) => {
      const d = ellipsoid(x - at[0], frame.v(y, z) - at[1], frame.s(y, z) - at[2], ...semi);
      return 0.7 * (d + 0.9 * rough(x / 4, y / 4, z / 4) + 0.3 * rough(x / 1.6, y / 1.6, z / 1.6));
    },
    box: grownBox({ min: atMm, max: atMm }, Math.max(...semi) + 2),
  };
}

function discLeak(site: Site): LeakPlan {
  const { random, topS, sacrum } = site;
  const below = random.chance(0.5);
  const at: Vec3 = [
    random.between(-8, 8),
    random.between(13, 21),
    below ? topS + VERTEBRA_HEIGHT_MM + 5.2 : topS - 5.2,
  ];
  const semi: Vec3 = [random.between(5, 8), random.between(4.5, 7), random.between(2.2, 3)];
  const target = sacrum.frame.patientFromSacral(...at);
  const shape = blob(site, at, semi, "disc leak");
  return leak(site, "intervertebral_disc", "cortical_defect", at[0], shape, target, random.between(1, 1.5));
}

function epidural(site: Site): LeakPlan {
  const { random, sacrum, topS, seed } = site;
  const x = random.between(-5, 5);
  const s = topS + random.between(12, 17);
  const size = {
    halfWidthMm: random.between(3.6, 5.4),
    halfLengthMm: random.between(6, 10),
    thicknessMm: random.between(1.7, 2.4),
  };
  const shape = epiduralSheet(sacrum, x, s, size, noiseField(seed, "epidural leak"));
  const target = sacrum.frame.patientFromSacral(x * 0.5, -1.8, s);
  return leak(site, "spinal_epidural_space", "vein", x, shape, target, random.between(0.9, 1.2));
}

/** Points on the wall of the body: angle 90 degrees is its front, 0 its side. */
function onWall(
  site: Site,
  side: number,
  angleDegrees: number,
  s: number,
  radiusMm: number,
): TubePoint | null {
  const { frame, parameters } = site.sacrum;
  const a = (angleDegrees * Math.PI) / 180;
  const middleV = 16 * parameters.depth;
  const at = (mm: number) => frame.patientFromSacral(side * Math.cos(a) * mm, middleV + Math.sin(a) * mm, s);
  const into = boneAlong(site.bone, at(48), at(0));
  return into === null ? null : { at: at(48 - into + radiusMm + 0.4), radiusMm };
}

function wallTube(points: readonly (TubePoint | null)[]): Solid | null {
  const found = points.flatMap((p) => p ?? []);
  return found.length === points.length ? tube(found) : null;
}

function segmentalVein(site: Site, side: number): LeakPlan | null {
  const { random, topS } = site;
  const s = topS + random.between(13, 17);
  const from = random.between(58, 72);
  const points: (TubePoint | null)[] = [];
  for (let n = 0; n <= 9; n++)
    points.push(onWall(site, side, from - n * 9, s + Math.sin(n) * 0.5, random.between(0.8, 1.2)));
  const shape = wallTube(points);
  const first = points[3];
  if (!shape || !first) return null;
  const attached = random.chance(0.5);
  return leak(site, "paravertebral_vein", "vein", side * 20, shape, attached ? first.at : null, 0.95);
}

function prevertebralVein(site: Site): LeakPlan | null {
  const { random, topS } = site;
  const side = random.pick([-1, 1]);
  const angle = random.between(80, 88);
  const points: (TubePoint | null)[] = [];
  for (let n = 0; n <= 8; n++)
    points.push(onWall(site, side, angle + n * 0.6, topS + 20 - n * 2.2, random.between(0.9, 1.3)));
  const shape = wallTube(points);
  const first = points[1];
  return shape && first && leak(site, "prevertebral_vein", "vein", side * 2, shape, first.at, 0.95);
}

function psoasLeak(site: Site, side: number): LeakPlan | null {
  const { random, topS, sacrum } = site;
  const s = topS + random.between(6, 22);
  const wall = onWall(site, -side, random.between(15, 40), s, 1.6);
  if (!wall) return null;
  const at: Vec3 = [wall.at[0], sacrum.frame.v(wall.at[1], wall.at[2]), s];
  const shape = blob(
    site,
    at,
    [random.between(2.6, 3.6), random.between(4, 6), random.between(4, 6)],
    "psoas leak",
  );
  return leak(
    site,
    "paravertebral_soft_tissue",
    "cortical_defect",
    at[0],
    shape,
    wall.at,
    random.between(1, 1.4),
  );
}

/** Straight behind the pedicle, in line with the needle. */
function needleTrack(site: Site, side: number): LeakPlan | null {
  const { random, sacrum, bone, topS, lesion } = site;
  const pedicle = sacrum.frame.patientFromSacral(
    side * random.between(16, 17.5),
    -12,
    topS + random.between(9, 12),
  );
  const span = Math.hypot(...pedicle.map((value, n) => value - lesion.centreMm[n]));
  const step = (axis: 0 | 1 | 2) => (pedicle[axis] - lesion.centreMm[axis]) / span;
  const outward: Vec3 = [step(0), step(1), step(2)];
  const along = (mm: number): Vec3 => [
    lesion.centreMm[0] + outward[0] * mm,
    lesion.centreMm[1] + outward[1] * mm,
    lesion.centreMm[2] + outward[2] * mm,
  ];
  for (let mm = 0; mm < span; mm += 2) if (sacrum.canal(...along(mm)) < 2) return null;
  const inside = boneAlong(bone, along(75), along(0));
  if (inside === null) return null;
  const entry = 75 - inside;
  const radiusMm = random.between(1.3, 1.65);
  const lengthMm = random.between(9, 17);
  const points: TubePoint[] = [];
  for (let mm = -1; mm <= lengthMm; mm += 1.5)
    points.push({ at: along(entry + mm), radiusMm: radiusMm * random.between(0.93, 1.06) });
  return {
    ...leak(
      site,
      "vertebral_puncture_path",
      "needle_track",
      side * 20,
      tube(points),
      along(entry + 0.5),
      1.25,
    ),
    needle: { entryMm: along(entry), outward },
  };
}
