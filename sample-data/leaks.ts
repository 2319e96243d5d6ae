// Leaks of an ala lesion to the four mission sites, each shaped by how cement gets there, and joined through a narrow neck or not.
import { distance as pointDistance } from "#core/space";
import type { Vec3 } from "#core/space";
import type { Sacrum } from "./anatomy.ts";
import type { AlaLesion, TreatedLesion } from "./cement.ts";
import { epiduralSheet } from "./epidural-sheet.ts";
import { noiseField } from "./seeded-noise.ts";
import type { Random } from "./seeded-noise.ts";
import { ellipsoid, grownBox, tube, union } from "./shapes.ts";
import type { Distance, Solid, TubePoint } from "./shapes.ts";

/** Site and route ids of the findings document (DOMAIN 3.2, 8). */
export type LeakSite =
  | "sacral_venous_plexus"
  | "puncture_path"
  | "anterior_epidural_space"
  | "anterior_sacral_space"
  | "anterior_sacral_foramen"
  | "intervertebral_disc"
  | "paravertebral_vein"
  | "prevertebral_vein"
  | "spinal_epidural_space"
  | "vertebral_puncture_path"
  | "paravertebral_soft_tissue";
export type LeakRoute = "vein" | "cortical_defect" | "needle_track" | "fracture_line" | "foramen";

/** A leak before bone is taken away from it. */
export interface LeakPlan {
  readonly lesionId: string;
  readonly site: LeakSite;
  readonly route: LeakRoute;
  /** The cement outside; may overlap bone, where it does not count. */
  readonly shape: Solid;
  /** The passage through bone, or null for a detached leak. */
  readonly neck: Solid | null;
  readonly neckRadiusMm: number | null;
  /** Where the neck leads to; it begins in the middle of the lesion. */
  readonly neckTargetMm: Vec3 | null;
  readonly side: "left" | "right" | "midline";
  /** Sacral levels 1 to 5 that it passes; empty beside a vertebra. */
  readonly levels: readonly number[];
  /** Entry hole and outward unit direction of the needle, for a puncture path. */
  readonly needle: { readonly entryMm: Vec3; readonly outward: Vec3 } | null;
}

/** v of the ventral (`from` = 45) or dorsal (`from` = -60) surface of the sacrum at (x, s), canal and foramina filled in. */
export function surfaceV(sacrum: Sacrum, x: number, s: number, from: 45 | -60): number {
  const step = from > 0 ? -1 : 1;
  let v: number = from;
  for (let n = 0; n < 400; n++) {
    const d = sacrum.outer(...sacrum.frame.patientFromSacral(x, v, s));
    if (d < 0.03) return v;
    v += step * Math.max(0.05, d * 0.6);
    if (Math.abs(v) > 80) break;
  }
  return v;
}

const levelsAlong = (sacrum: Sacrum, ...s: number[]): number[] => {
  const first = sacrum.levelAt(Math.min(...s));
  const last = sacrum.levelAt(Math.max(...s));
  return Array.from({ length: last - first + 1 }, (_, n) => first + n);
};

/** A straight passage from the middle of the lesion. */
export const neckTo = (lesion: TreatedLesion, target: Vec3, radiusMm: number): Solid =>
  tube([
    { at: lesion.centreMm, radiusMm },
    { at: target, radiusMm },
  ]);

/** `extent` scales the size of any of the leaks; 1 gives about 80 to 500 mm3. Lateral sacral vein: thin, branching, on the pelvic surface; one branch looks into a ventral foramen. */
export function venousLeak(
  sacrum: Sacrum,
  lesion: AlaLesion,
  random: Random,
  extent: number,
  attached: boolean,
  beaded: boolean,
): LeakPlan {
  const side = lesion.sideSign;
  const calibre = () => random.between(0.8, 1.2);
  const foramen = lesion.level;
  const mouthS = sacrum.segmentEndMm(foramen) + 4;
  const mouthX = sacrum.foramenXMm(foramen) + 4;
  const startS = attached ? lesion.centre[2] + random.between(2, 6) : mouthS - random.between(1, 5);
  const startX = attached
    ? Math.abs(lesion.centre[0]) - random.between(1, 5)
    : mouthX + random.between(7, 10);
  const drop = random.between(12, 26) * extent;
  const onSurface = (x: number, s: number, radiusMm: number): TubePoint => ({
    at: sacrum.frame.patientFromSacral(side * x, surfaceV(sacrum, side * x, s, 45) + radiusMm + 0.5, s),
    radiusMm,
  });
  const course = (knots: readonly (readonly [number, number])[]): TubePoint[] => {
    const points: TubePoint[] = [];
    for (let n = 0; n < knots.length - 1; n++) {
      const parts = 6;
      for (let m = 0; m < parts + (n === knots.length - 2 ? 1 : 0); m++) {
        const t = m / parts;
        const mix = (axis: 0 | 1) => knots[n][axis] * (1 - t) + knots[n + 1][axis] * t;
        const sway = Math.sin((n + t) * 2.4) * 0.8;
        points.push(onSurface(mix(0) + sway, mix(1), calibre()));
      }
    }
    return points;
  };
  const fork: readonly [number, number] = [mouthX + 6, mouthS + random.between(0, 3)];
  const trunk = course([
    [startX, startS],
    [(startX + fork[0]) / 2 + 1.5, (startS + fork[1]) / 2],
    fork,
    [mouthX + random.between(3, 6), mouthS + drop * 0.5],
    [mouthX + random.between(-1, 2), mouthS + drop],
  ]);
  // cement may break up into beads on its way; they stay one leak
  const solids = beaded
    ? [trunk.slice(0, 9), trunk.slice(11, 16), trunk.slice(18)].map((points) => tube(points))
    : [tube(trunk)];
  // the branch into the foramen, along its axis
  const towards = (depth: number): Vec3 =>
    sacrum.frame.patientFromSacral(
      side * (mouthX - 0.2 * depth),
      surfaceV(sacrum, side * (mouthX + 8), mouthS, 45) - depth,
      mouthS - depth * 0.2,
    );
  solids.push(
    tube([
      { ...onSurface(...fork, 1) },
      { at: towards(-1), radiusMm: calibre() },
      { at: towards(random.between(3, 6)), radiusMm: calibre() },
    ]),
  );
  if (random.chance(0.8 * extent)) {
    const from = trunk[Math.floor(trunk.length * 0.75)];
    const s = mouthS + drop * 0.55;
    const inward = course([
      [mouthX + 1, s + 2],
      [mouthX - random.between(6, 11), s + random.between(2, 6)],
    ]);
    solids.push(tube([{ ...from }, ...inward]));
  }
  const shape = union(solids);
  const radiusMm = random.between(0.9, 1.1);
  return {
    lesionId: lesion.lesionId,
    side: lesion.side,
    site: "sacral_venous_plexus",
    route: "vein",
    shape,
    neck: attached ? neckTo(lesion, trunk[0].at, radiusMm) : null,
    neckRadiusMm: attached ? radiusMm : null,
    neckTargetMm: attached ? trunk[0].at : null,
    levels: levelsAlong(sacrum, startS, mouthS + drop),
    needle: null,
  };
}

/** A straight column in the needle's track behind the dorsal cortex. Null when no way past the iliac bone was found. */
export function punctureLeak(
  sacrum: Sacrum,
  lesion: AlaLesion,
  random: Random,
  extent: number,
  iliac: Distance,
): LeakPlan | null {
  const { sideSign: side, centre } = lesion;
  for (let attempt = 0; attempt < 40; attempt++) {
    const x = side * (Math.abs(centre[0]) - random.between(0, 9));
    const s = centre[2] + random.between(-4, 7);
    const entry = sacrum.frame.patientFromSacral(x, surfaceV(sacrum, x, s, -60), s);
    const lengthMm = random.between(10, 19) * extent;
    const span = pointDistance(entry, lesion.centreMm);
    const outward: Vec3 = [
      (entry[0] - lesion.centreMm[0]) / span,
      (entry[1] - lesion.centreMm[1]) / span,
      (entry[2] - lesion.centreMm[2]) / span,
    ];
    const along = (mm: number): Vec3 => [
      entry[0] + outward[0] * mm,
      entry[1] + outward[1] * mm,
      entry[2] + outward[2] * mm,
    ];
    const beside = Math.min(...[0, 5, 10, 15, 20, 30, 45].map((mm) => iliac(...along(mm))));
    const openings = Math.min(
      ...[-6, -3, 0, 3].flatMap((mm) => [sacrum.foramina(...along(mm)), sacrum.canal(...along(mm))]),
    );
    if (beside < 3 || openings < 3 || sacrum.outer(...along(4)) < 2.5) continue;
    const radiusMm = random.between(1.3, 1.65);
    const points: TubePoint[] = [];
    for (let mm = -1; mm <= lengthMm; mm += 1.5)
      points.push({ at: along(mm), radiusMm: radiusMm * random.between(0.93, 1.06) });
    return {
      lesionId: lesion.lesionId,
      side: lesion.side,
      site: "puncture_path",
      route: "needle_track",
      shape: tube(points),
      neck: neckTo(lesion, along(0.5), 1.25),
      neckRadiusMm: 1.25,
      neckTargetMm: along(0.5),
      levels: levelsAlong(sacrum, s),
      needle: { entryMm: entry, outward },
    };
  }
  return null;
}

/** Cement in the anterior epidural space of the sacrum. */
export function epiduralLeak(
  sacrum: Sacrum,
  lesion: AlaLesion,
  seed: number,
  random: Random,
  extent: number,
  attached: boolean,
): LeakPlan {
  const { sideSign: side, centre } = lesion;
  const middleX = side * random.between(4.5, 6.5) * (lesion.level === 1 ? 1 : 0.7);
  const middleS = centre[2] + random.between(-2, 4);
  const size = {
    halfWidthMm: random.between(3.6, 5.2) * Math.sqrt(extent) * (lesion.level === 1 ? 1 : 0.75),
    halfLengthMm: random.between(6, 10) * extent,
    thicknessMm: random.between(1.7, 2.5) * (lesion.level === 1 ? 1 : 0.8),
  };
  const target = sacrum.frame.patientFromSacral(middleX + side * size.halfWidthMm * 0.7, -1.6, middleS);
  const radiusMm = random.between(0.95, 1.2);
  return {
    lesionId: lesion.lesionId,
    site: "anterior_epidural_space",
    route: attached ? "cortical_defect" : "vein",
    side: lesion.side,
    shape: epiduralSheet(sacrum, middleX, middleS, size, noiseField(seed, `epidural ${lesion.lesionId}`)),
    neck: attached ? neckTo(lesion, target, radiusMm) : null,
    neckRadiusMm: attached ? radiusMm : null,
    neckTargetMm: attached ? target : null,
    levels: levelsAlong(sacrum, middleS - size.halfLengthMm, middleS + size.halfLengthMm),
    needle: null,
  };
}

/** A plaque on the pelvic surface of the ala; `through` is what let it out. */
export function presacralLeak(
  sacrum: Sacrum,
  lesion: AlaLesion,
  seed: number,
  random: Random,
  extent: number,
  through: { readonly route: "cortical_defect" } | { readonly route: "fracture_line"; readonly xMm: number },
): LeakPlan {
  const { sideSign: side, centre } = lesion;
  const rough = noiseField(seed, `presacral ${lesion.lesionId}`);
  const beside = random.between(-1, 5);
  const x = through.route === "fracture_line" ? through.xMm : side * (Math.abs(centre[0]) + beside);
  const s = centre[2] - random.between(3, 7);
  const semi: Vec3 = [
    random.between(4.5, 7) * extent,
    random.between(2.4, 3.4) * Math.sqrt(extent),
    random.between(4, 6) * extent,
  ];
  const v = surfaceV(sacrum, x, s, 45) + semi[1] * 0.5;
  const blob: Distance = (px, py, pz) => {
    const d = ellipsoid(px - x, sacrum.frame.v(py, pz) - v, sacrum.frame.s(py, pz) - s, ...semi);
    return 0.7 * (d + 0.9 * rough(px / 4, py / 4, pz / 4) + 0.3 * rough(px / 1.6, py / 1.6, pz / 1.6));
  };
  const at = sacrum.frame.patientFromSacral(x, v, s);
  const radiusMm = random.between(1, 1.4);
  return {
    lesionId: lesion.lesionId,
    side: lesion.side,
    site: "anterior_sacral_space",
    route: through.route,
    shape: { distance: blob, box: grownBox({ min: at, max: at }, 9.5) },
    neck: neckTo(lesion, at, radiusMm),
    neckRadiusMm: radiusMm,
    neckTargetMm: at,
    levels: levelsAlong(sacrum, s - semi[2] * 0.7, s + semi[2] * 0.7),
    needle: null,
  };
}
