// Puts one case together: the patient, the lesions, leaks that keep apart from each other, and the mimics.
import { drawParameters, makeSacrum } from "./anatomy.ts";
import type { Sacrum } from "./anatomy.ts";
import { makeSkeleton } from "./bone-tissue.ts";
import type { Skeleton } from "./bone-tissue.ts";
import { makeAlaLesion } from "./cement.ts";
import type { AlaLesion, SideSign } from "./cement.ts";
import { epiduralLeak, presacralLeak, punctureLeak, venousLeak } from "./leaks.ts";
import type { LeakPlan } from "./leaks.ts";
import { makeMimics } from "./mimics.ts";
import type { Mimic } from "./mimics.ts";
import { measure } from "./occupancy.ts";
import type { PhantomOptions } from "./phantom-options.ts";
import { seededRandom } from "./seeded-noise.ts";
import type { Random } from "./seeded-noise.ts";
import type { Distance, Solid } from "./shapes.ts";
import { unionBox } from "./shapes.ts";
import { makeSoftTissue } from "./soft-tissue.ts";
import type { SoftTissue } from "./soft-tissue.ts";

export interface PlannedLeak {
  readonly leakId: string;
  readonly plan: LeakPlan;
  /** The cement outside bone: what counts as the leak. */
  readonly solid: Solid;
}

export interface PlannedLesion {
  readonly lesion: AlaLesion;
  readonly leaks: readonly PlannedLeak[];
  /** All cement inside the bone's envelope. */
  readonly intraosseous: Solid;
}

export interface PlannedCase {
  readonly sacrum: Sacrum;
  readonly skeleton: Skeleton;
  readonly soft: SoftTissue;
  readonly lesions: readonly PlannedLesion[];
  readonly mimics: readonly Mimic[];
}

const SMALLEST_LEAK_MM3 = 60;
const LARGEST_LEAK_MM3 = 620;
/** Cement parts that are not joined stay this far apart, so that blur does not join them. */
const APART_MM = 2.6;

export function planCase(options: PhantomOptions): PlannedCase {
  const { seed } = options;
  const sacrum = makeSacrum(seed, drawParameters(seed, options.case === "osteoporotic"));
  const skeleton = makeSkeleton(seed, sacrum, [5, 4]);
  const soft = makeSoftTissue(seed, sacrum, skeleton.iliac);
  const random = seededRandom(seed, "procedure");
  // the first case treats the left ala of S1, as the read-me shows; other seeds choose
  const side: SideSign = seed === 1 || random.chance(0.5) ? 1 : -1;
  const level = seed === 1 || random.chance(0.7) ? 1 : 2;
  const sides: SideSign[] = options.case === "two-lesions" ? [side, side === 1 ? -1 : 1] : [side];
  const lesions = sides.map((sign, n) =>
    planLesion(options, sacrum, skeleton, sign, n === 0 ? level : 1, `lesion-${n + 1}`),
  );
  return { sacrum, skeleton, soft, lesions, mimics: makeMimics(sacrum, soft, side, seed, random) };
}

function planLesion(
  options: PhantomOptions,
  sacrum: Sacrum,
  skeleton: Skeleton,
  side: SideSign,
  level: 1 | 2,
  lesionId: string,
): PlannedLesion {
  const { seed } = options;
  const vertebraL5 = skeleton.vertebrae.get(5);
  const anyBone: Distance = (x, y, z) =>
    Math.min(sacrum.bone(x, y, z), skeleton.iliac(x, y, z), vertebraL5 ? vertebraL5(x, y, z) : 1e9);
  for (let attempt = 0; attempt < 30; attempt++) {
    const random = seededRandom(seed, `${lesionId}/${attempt}`);
    const size = random.between(0.9, 1.1) * (level === 1 ? 1 : 0.82);
    const lesion = makeAlaLesion(
      sacrum,
      { lesionId, side, level, size, coverMm: random.between(2.2, 3) },
      seed,
      random,
    );
    const plans = options.case === "no-leak" ? [] : leakPlans(sacrum, lesion, skeleton.iliac, seed, random);
    if (plans === null) continue;
    const leaks = plans.map((plan, n) => ({
      leakId: `${lesionId}-leak-${n + 1}`,
      plan,
      solid: outside(plan, anyBone),
    }));
    const volumes = leaks.map(({ solid }) => measure(solid, 0.34).volumeMm3);
    if (volumes.some((mm3) => mm3 < SMALLEST_LEAK_MM3 || mm3 > LARGEST_LEAK_MM3)) continue;
    const intraosseous = inside(lesion, plans, sacrum.bone);
    if (!keptApart(leaks, intraosseous)) continue;
    return { lesion, leaks, intraosseous };
  }
  throw new Error(`seed ${seed}: no arrangement of leaks was found for ${lesionId}`);
}

function leakPlans(
  sacrum: Sacrum,
  lesion: AlaLesion,
  iliac: Distance,
  seed: number,
  random: Random,
): LeakPlan[] | null {
  const detachedVein = random.chance(0.65);
  const puncture = punctureLeak(sacrum, lesion, random, iliac);
  if (!puncture) return null;
  return [
    venousLeak(sacrum, lesion, random, !detachedVein),
    puncture,
    epiduralLeak(sacrum, lesion, seed, random, detachedVein),
    presacralLeak(sacrum, lesion, seed, random),
  ];
}

function outside(plan: LeakPlan, bone: Distance): Solid {
  const { shape, neck } = plan;
  return {
    distance: (x, y, z) => {
      const d = neck ? Math.min(shape.distance(x, y, z), neck.distance(x, y, z)) : shape.distance(x, y, z);
      return d > 2.5 ? d : Math.max(d, -bone(x, y, z));
    },
    box: neck ? unionBox([shape.box, neck.box]) : shape.box,
  };
}

function inside(lesion: AlaLesion, plans: readonly LeakPlan[], bone: Distance): Solid {
  const necks = plans.flatMap((plan) => (plan.neck ? [plan.neck] : []));
  return {
    distance: (x, y, z) => {
      let d = lesion.cast.distance(x, y, z);
      for (const neck of necks) d = Math.min(d, neck.distance(x, y, z));
      return d > 2.5 ? d : Math.max(d, bone(x, y, z));
    },
    box: unionBox([lesion.cast.box, ...necks.map((neck) => neck.box)]),
  };
}

/** Points of a solid on a 0.8 mm lattice. */
function pointsOf({ distance, box }: Solid): Float32Array {
  const step = 0.8;
  const points: number[] = [];
  for (let z = box.min[2]; z <= box.max[2]; z += step)
    for (let y = box.min[1]; y <= box.max[1]; y += step)
      for (let x = box.min[0]; x <= box.max[0]; x += step) {
        const d = distance(x, y, z);
        if (d < 0) points.push(x, y, z);
        else if (d > 2 * step) x += step;
      }
  return Float32Array.from(points);
}

function gapMm(a: Float32Array, b: Float32Array): number {
  let best = 1e9;
  for (let n = 0; n < a.length; n += 3)
    for (let m = 0; m < b.length; m += 3) {
      const squared = (a[n] - b[m]) ** 2 + (a[n + 1] - b[m + 1]) ** 2 + (a[n + 2] - b[m + 2]) ** 2;
      if (squared < best) best = squared;
    }
  return Math.sqrt(best);
}

function keptApart(leaks: readonly PlannedLeak[], intraosseous: Solid): boolean {
  const clouds = leaks.map(({ solid }) => pointsOf(solid));
  for (let a = 0; a < clouds.length; a++)
    for (let b = a + 1; b < clouds.length; b++) if (gapMm(clouds[a], clouds[b]) < APART_MM) return false;
  const inner = leaks.some(({ plan }) => plan.neck === null) ? pointsOf(intraosseous) : null;
  return leaks.every(
    ({ plan }, n) => plan.neck !== null || inner === null || gapMm(clouds[n], inner) >= APART_MM,
  );
}
