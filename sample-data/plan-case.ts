// Puts one case together: the patient, the lesions with their leaks, bone disease, metalwork and mimics.
import { makeSacrum } from "./anatomy.ts";
import { drawParameters } from "./anatomy-parameters.ts";
import type { Sacrum } from "./anatomy.ts";
import { alaFracture, previousCement, scleroticMetastases } from "./bone-disease.ts";
import type { AlaFracture } from "./bone-disease.ts";
import { makeSkeleton, SACRUM_BOX } from "./bone-tissue.ts";
import type { Skeleton } from "./bone-tissue.ts";
import { makeAlaLesion } from "./cement.ts";
import type { AlaLesion, LesionKind, SideSign } from "./cement.ts";
import { epiduralLeak, presacralLeak, punctureLeak, venousLeak } from "./leaks.ts";
import type { LeakPlan } from "./leaks.ts";
import { iliosacralScrew } from "./metalwork.ts";
import { bowelContrast, makeMimics } from "./mimics.ts";
import type { Mimic } from "./mimics.ts";
import type { PhantomCase, PhantomOptions } from "./phantom-options.ts";
import { gapMm, planLesion, pointsOf } from "./plan-lesion.ts";
import type { PlannedLesion } from "./plan-lesion.ts";
import type { Layer } from "./render.ts";
import { seededRandom } from "./seeded-noise.ts";
import type { Random } from "./seeded-noise.ts";
import type { Distance, Solid } from "./shapes.ts";
import { makeSoftTissue } from "./soft-tissue.ts";
import type { SoftTissue } from "./soft-tissue.ts";
import { planVertebra } from "./vertebral.ts";

export interface PlannedCase {
  readonly sacrum: Sacrum;
  readonly layers: readonly Layer[];
  readonly lesions: readonly PlannedLesion[];
  readonly mimics: readonly Mimic[];
  /** The treated bone as its cortex bounds it. */
  readonly envelope: Solid;
}

const MIMICS_APART_MM = 4;

const LESION_KINDS: Readonly<Partial<Record<PhantomCase, LesionKind>>> = {
  lytic: "destroyed",
  blastic: "sclerotic",
  fracture: "no change",
  osteoporotic: "no change",
};

let latest: { readonly key: string; readonly planned: PlannedCase } | null = null;

/** The case of a seed; the latest is kept, as position, slices and pixels of the scan do not change it. */
export function planCase(options: PhantomOptions): PlannedCase {
  const key = `${options.seed}/${options.case}`;
  if (latest?.key !== key) latest = { key, planned: drawCase(options) };
  return latest.planned;
}

function drawCase(options: PhantomOptions): PlannedCase {
  const { seed } = options;
  const sacrum = makeSacrum(seed, drawParameters(seed, options.case === "osteoporotic"));
  const skeleton = makeSkeleton(seed, sacrum, options.case === "vertebral" ? [5, 4, 3, 2] : [5, 4]);
  const soft = makeSoftTissue(seed, sacrum, skeleton.iliac);
  const random = seededRandom(seed, `procedure/${options.case}`);
  // the first case treats the left ala of S1, as the read-me shows; other seeds choose
  const side: SideSign = seed === 1 || random.chance(0.5) ? 1 : -1;
  const level = seed === 1 || random.chance(0.7) ? 1 : 2;
  const other: SideSign = side === 1 ? -1 : 1;
  if (options.case === "vertebral") {
    const planned = planVertebra(seed, sacrum, skeleton, random);
    const lesions = [planned.lesion];
    return {
      sacrum,
      layers: allLayers(soft, skeleton, lesions, []),
      lesions,
      mimics: mimicsApart(lesions, options, (draw) => makeMimics(sacrum, soft, side, seed, draw)),
      envelope: planned.envelope,
    };
  }
  const fracture = options.case === "fracture" ? alaFracture(sacrum, side, seed, random) : null;
  const lesions = [planAla(options, sacrum, skeleton, side, level, "lesion-1", fracture)];
  if (options.case === "two-lesions")
    lesions.push(planAla(options, sacrum, skeleton, other, 1, "lesion-2", null));
  const mimics = mimicsApart(lesions, options, (draw) => makeMimics(sacrum, soft, side, seed, draw));
  const contrast =
    options.case !== "default" && random.chance(0.4) ? bowelContrast(soft, random, seed) : null;
  if (contrast) mimics.push(contrast);
  if (options.case === "blastic")
    mimics.push(...scleroticMetastases(sacrum, skeleton, lesions[0].lesion.centreMm, seed, random));
  if (options.case === "previous-cement") mimics.push(previousCement(sacrum, skeleton, seed, random));
  if (options.case === "metal") mimics.push(iliosacralScrew(sacrum, other, random));
  return {
    sacrum,
    layers: allLayers(soft, skeleton, lesions, fracture?.layers ?? []),
    lesions,
    mimics,
    envelope: { distance: sacrum.bone, box: SACRUM_BOX },
  };
}

const allLayers = (
  soft: SoftTissue,
  skeleton: Skeleton,
  lesions: readonly PlannedLesion[],
  more: readonly Layer[],
): Layer[] => [
  ...soft.layersUnderBone,
  ...skeleton.layers,
  ...soft.layersOverBone,
  ...more,
  ...lesions.flatMap(({ lesion }) => lesion.layers),
];

function planAla(
  options: PhantomOptions,
  sacrum: Sacrum,
  skeleton: Skeleton,
  side: SideSign,
  level: 1 | 2,
  lesionId: string,
  fracture: AlaFracture | null,
): PlannedLesion {
  const { seed } = options;
  const kind = LESION_KINDS[options.case] ?? "cavity";
  const anyBone: Distance = (x, y, z) =>
    Math.min(sacrum.bone(x, y, z), skeleton.iliac(x, y, z), skeleton.lowestVertebra(x, y, z));
  const smallestMm3 = options.case === "default" ? 60 : 20;
  return planLesion(seed, `${options.case}/${lesionId}`, smallestMm3, sacrum.bone, anyBone, (random) => {
    const size = random.between(0.9, 1.1) * (level === 1 ? 1 : 0.82) * (kind === "destroyed" ? 1.08 : 1);
    const coverMm = kind === "destroyed" ? random.between(0.5, 1.3) : random.between(2.2, 3);
    const lesion = makeAlaLesion(sacrum, { lesionId, side, level, kind, size, coverMm }, seed, random);
    const plans = alaLeaks(options, sacrum, lesion, skeleton.iliac, fracture, random);
    return plans && { lesion, plans };
  });
}

/** The four sites; in cases that are not the default one some may be missing. Null when the needle found no way. */
function alaLeaks(
  options: PhantomOptions,
  sacrum: Sacrum,
  lesion: AlaLesion,
  iliac: Distance,
  fracture: AlaFracture | null,
  random: Random,
): LeakPlan[] | null {
  if (options.case === "no-leak") return [];
  const { seed } = options;
  const detachedVein = random.chance(0.65);
  // the default case has leaks worth showing, the others small ones too
  const extent = () => (options.case === "default" ? 1 : random.between(0.55, 1.1));
  const puncture = punctureLeak(sacrum, lesion, random, extent(), iliac);
  if (!puncture) return null;
  const all = [
    venousLeak(
      sacrum,
      lesion,
      random,
      extent(),
      !detachedVein,
      options.case !== "default" && random.chance(0.3),
    ),
    puncture,
    epiduralLeak(sacrum, lesion, seed, random, extent(), detachedVein),
    presacralLeak(
      sacrum,
      lesion,
      seed,
      random,
      extent(),
      fracture
        ? { route: "fracture_line", xMm: fracture.xAt(lesion.centre[2]) }
        : { route: "cortical_defect" },
    ),
  ];
  if (options.case === "default") return all;
  const kept = all.filter((plan) => plan.route === "fracture_line" || random.chance(0.75));
  return kept.length > 0 ? kept : [all[0]];
}

/** Mimics that touch no leak, so that each part of the truth is one thing. */
function mimicsApart(
  lesions: readonly PlannedLesion[],
  options: PhantomOptions,
  draw: (random: Random) => Mimic[],
): Mimic[] {
  const cement = lesions.flatMap(({ leaks }) => leaks.map(({ solid }) => pointsOf(solid)));
  for (let attempt = 0; attempt < 40; attempt++) {
    const mimics = draw(seededRandom(options.seed, `mimics/${options.case}/${attempt}`));
    const clouds = mimics.map(({ solid }) => pointsOf(solid));
    if (clouds.every((a) => cement.every((b) => gapMm(a, b) > MIMICS_APART_MM))) return mimics;
  }
  throw new Error(`seed ${options.seed}: no place was found for the mimics`);
}
