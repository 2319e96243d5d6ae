// What is known of a phantom: exact volumes of the continuous shapes, sites, sides, levels, attachment, and the mimics.
import { add, distance, normalize, scale, subtract, type Vec3 } from "#core/space";
import type { LeakRoute, LeakSite } from "./leaks.ts";
import type { MimicKind } from "./mimics.ts";
import { measure } from "./occupancy.ts";
import type { PhantomOptions } from "./phantom-options.ts";
import type { PlannedCase } from "./plan-case.ts";
import type { Solid } from "./shapes.ts";

export interface TruthLeak {
  readonly leakId: string;
  readonly lesionId: string;
  readonly site: LeakSite;
  readonly route: LeakRoute;
  readonly side: "left" | "right" | "midline";
  readonly sacralLevels: readonly string[];
  readonly attachment: "attached" | "detached";
  /** Nominal cross-section of the neck in the cortex, or null. */
  readonly neckAreaMm2: number | null;
  /** Where the neck leaves bone, and its outward unit direction; null for a detached leak. */
  readonly neck: { readonly atMm: Vec3; readonly outward: Vec3 } | null;
  readonly volumeMm3: number;
  /** The part of the volume within the scanned slices; less than `volumeMm3` where the scan cuts through. */
  readonly scannedVolumeMm3: number;
  readonly centroidMm: Vec3;
  /** Entry hole and outward unit direction of the needle, or null. */
  readonly needle: { readonly entryMm: Vec3; readonly outward: Vec3 } | null;
}

export interface TruthLesion {
  readonly lesionId: string;
  readonly bone: "sacrum" | "vertebra";
  readonly vertebra: string | null;
  readonly side: "left" | "right" | "midline";
  readonly sacralLevels: readonly string[];
  readonly volumeMm3: number;
  /** The part of the volume within the scanned slices; less than `volumeMm3` where the scan cuts through. */
  readonly scannedVolumeMm3: number;
  readonly centroidMm: Vec3;
}

export interface TruthMimic {
  readonly mimicId: string;
  readonly kind: MimicKind;
  readonly volumeMm3: number;
  /** The part of the volume within the scanned slices; less than `volumeMm3` where the scan cuts through. */
  readonly scannedVolumeMm3: number;
  readonly centroidMm: Vec3;
}

export interface PhantomTruth {
  readonly format: "phantom-truth";
  readonly formatVersion: 1;
  readonly options: PhantomOptions;
  /** Patient space is LPS in mm; volumes are of the continuous shapes, counted in steps of `stepMm`. */
  readonly stepMm: number;
  readonly lesions: readonly TruthLesion[];
  readonly leaks: readonly TruthLeak[];
  readonly mimics: readonly TruthMimic[];
}

const round = (value: number, digits: number) => Number(value.toFixed(digits));
const roundPoint = (p: Vec3): Vec3 => [round(p[0], 2), round(p[1], 2), round(p[2], 2)];
const roundDirection = (p: Vec3): Vec3 => [round(p[0], 4), round(p[1], 4), round(p[2], 4)];
const levelNames = (levels: readonly number[]) => levels.map((n) => `S${n}`);

/**
 * Measures everything that was planned. Steps of 0.125 mm are exact to about 0.1 %; unit tests take coarser ones.
 * `scannedZ` is the patient z where the first slice begins and the last one ends.
 */
export function truthOf(
  planned: PlannedCase,
  options: PhantomOptions,
  stepMm: number,
  scannedZ: readonly [number, number],
): PhantomTruth {
  const measured = (solid: Solid, step = stepMm) => {
    const { volumeMm3, centroidMm } = measure(solid, step);
    const [low, high] = scannedZ;
    const cut = solid.box.min[2] < low || solid.box.max[2] > high;
    const scanned: Solid = {
      distance: (x, y, z) => Math.max(solid.distance(x, y, z), low - z, z - high),
      box: solid.box,
    };
    return {
      volumeMm3: round(volumeMm3, 2),
      scannedVolumeMm3: round(cut ? measure(scanned, step).volumeMm3 : volumeMm3, 2),
      centroidMm: roundPoint(centroidMm),
    };
  };
  return {
    format: "phantom-truth",
    formatVersion: 1,
    options,
    stepMm,
    lesions: planned.lesions.map(({ lesion, intraosseous }) => ({
      lesionId: lesion.lesionId,
      bone: lesion.bone,
      vertebra: lesion.vertebra,
      side: lesion.side,
      sacralLevels: levelNames(lesion.levels),
      ...measured(intraosseous, Math.max(stepMm, 0.25)),
    })),
    leaks: planned.lesions.flatMap(({ lesion, leaks }) =>
      leaks.map(({ leakId, plan, solid }) => ({
        leakId,
        lesionId: plan.lesionId,
        site: plan.site,
        route: plan.route,
        side: plan.side,
        sacralLevels: levelNames(plan.levels),
        attachment: plan.neck ? ("attached" as const) : ("detached" as const),
        neckAreaMm2: plan.neckRadiusMm === null ? null : round(Math.PI * plan.neckRadiusMm ** 2, 2),
        neck: plan.neckTargetMm && neckOf(lesion.centreMm, plan.neckTargetMm, planned.envelope.distance),
        ...measured(solid),
        needle: plan.needle && {
          entryMm: roundPoint(plan.needle.entryMm),
          outward: roundDirection(plan.needle.outward),
        },
      })),
    ),
    mimics: planned.mimics.map(({ mimicId, kind, solid }) => ({ mimicId, kind, ...measured(solid) })),
  };
}

/** The last point of bone on the straight way from the lesion to where the neck leads. */
function neckOf(from: Vec3, to: Vec3, bone: Solid["distance"]): { atMm: Vec3; outward: Vec3 } {
  const span = distance(from, to);
  const outward = normalize(subtract(to, from));
  let leavesMm = span;
  for (let mm = 0; mm < span; mm += 0.1) if (bone(...add(from, scale(outward, mm))) < 0) leavesMm = mm;
  return { atMm: roundPoint(add(from, scale(outward, leavesMm))), outward: roundDirection(outward) };
}
