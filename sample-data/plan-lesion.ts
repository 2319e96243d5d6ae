// One treated lesion with its leaks: draws shapes until they are of a size worth finding and keep apart from each other.
import { seededRandom } from "./seeded-noise.ts";
import type { Random } from "./seeded-noise.ts";
import type { TreatedLesion } from "./cement.ts";
import type { LeakPlan } from "./leaks.ts";
import { measure } from "./occupancy.ts";
import { unionBox } from "./shapes.ts";
import type { Distance, Solid } from "./shapes.ts";

export interface PlannedLeak {
  readonly leakId: string;
  readonly plan: LeakPlan;
  /** The cement outside bone: what counts as the leak. */
  readonly solid: Solid;
}

export interface PlannedLesion {
  readonly lesion: TreatedLesion;
  readonly leaks: readonly PlannedLeak[];
  /** All cement inside the bone's envelope. */
  readonly intraosseous: Solid;
}

/** A lesion and the leaks wanted of it; null when a leak found no way. */
export interface Draft {
  readonly lesion: TreatedLesion;
  readonly plans: readonly LeakPlan[];
}

const LARGEST_LEAK_MM3 = 620;
/** Cement parts that are not joined stay this far apart, so that blur does not join them. */
const APART_MM = 2.6;

/**
 * Draws from the random `stream` until a draft fits. `envelope` is the treated bone, `anyBone` all bones in reach; cement in another bone than the treated one
 * would be neither, so leaks keep out of it.
 */
export function planLesion(
  seed: number,
  stream: string,
  smallestMm3: number,
  envelope: Distance,
  anyBone: Distance,
  draw: (random: Random) => Draft | null,
): PlannedLesion {
  for (let attempt = 0; attempt < 60; attempt++) {
    const draft = draw(seededRandom(seed, `${stream}/${attempt}`));
    if (draft === null) continue;
    const { lesion, plans } = draft;
    const leaks = plans.map((plan, n) => ({
      leakId: `${lesion.lesionId}-leak-${n + 1}`,
      plan,
      solid: outside(plan, anyBone),
    }));
    const volumes = leaks.map(({ solid }) => measure(solid, 0.25).volumeMm3);
    if (volumes.some((mm3) => mm3 < smallestMm3 || mm3 > LARGEST_LEAK_MM3)) continue;
    const intraosseous = inside(lesion, plans, envelope);
    if (!keptApart(leaks, intraosseous)) continue;
    return { lesion, leaks, intraosseous };
  }
  throw new Error(`seed ${seed}: no arrangement of leaks was found for ${stream}`);
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

function inside(lesion: TreatedLesion, plans: readonly LeakPlan[], bone: Distance): Solid {
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

/** Points of a solid on a 0.8 mm lattice, x y z after each other. */
export function pointsOf({ distance, box }: Solid): Float32Array {
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

/** Smallest distance between two clouds of points, mm. */
export function gapMm(a: Float32Array, b: Float32Array): number {
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
