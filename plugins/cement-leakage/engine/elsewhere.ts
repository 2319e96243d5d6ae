// What is dense elsewhere in the field of view: cement in pelvic veins is pointed out, mimics are listed with a reason that is true.
import type { Vec3 } from "#core/space";
import { distance, voxelFromPatient } from "#core/space";
import type { CtVolume } from "#core/volume";
import { type RunMask, voxelCount } from "#voxels/mask";
import { overlapCount, unionAll } from "#voxels/set-operations";
import type { LocalText } from "../model/sites.ts";
import type { DensePart, DenseParts } from "./cement-mask.ts";
import { type PartFeatures, partFeatures } from "./part-features.ts";
import type { Proposal, Rejected } from "./proposal.ts";
import { shapeOf } from "./shape.ts";
import { leftOfMidlineMm, type Midline, sideOf } from "./side.ts";

type Listed = Pick<Proposal, "intraosseous" | "candidates" | "rejected">;

/** As bright as this share of the cement's plateau, a part can be cement. */
const CEMENT_BRIGHT = 0.7;
/** More of its shell than this looks like bone: the part lies in or on bone. */
const IN_BONE = 0.35;
const IN_SOFT_TISSUE = 0.25;
const TUBULAR = 2.5;
/** Iliac veins and cava run in front of the sacrum, at most this far beside the midline. */
const VEINS_BESIDE_MM = 80;
const VEINS_IN_FRONT_MM = 5;
const LEAST_MM3 = 8;
/** A lump of dense bone is listed by itself: it can be a sclerotic metastasis. Thin cortex and small spots are listed together. */
const LUMP_MM3 = 100;
const LUMP_THICK_MM = 3.5;

/**
 * The rejected parts with what nobody listed yet: dense parts far from the treated bone. Metal is marked as not measurable; tubes as
 * bright as cement in the course of pelvic veins become alerts, with a note that says where to look.
 */
export function explainElsewhere(
  volume: CtVolume,
  dense: DenseParts,
  midline: Midline | null,
  { intraosseous, candidates, rejected }: Listed,
  decided: readonly { readonly mask: RunMask }[] = [],
): { readonly rejected: Rejected[]; readonly notes: LocalText[] } {
  const metal = new Set(dense.metal.map((part) => part.mask));
  const marked = rejected.map((part): Rejected => (metal.has(part.mask) ? asMetal(volume, part) : part));
  const cast = intraosseous.toSorted((a, b) => b.volumeMm3 - a.volumeMm3).at(0);
  if (!cast || !midline) return { rejected: marked, notes: [] };
  const covered = unionAll(
    volume.grid,
    [...intraosseous, ...candidates, ...rejected].map((part) => part.mask),
  );
  const listed = (part: DensePart): boolean => overlapCount(part.mask, covered) > 0.3 * voxelCount(part.mask);
  const place = { volume, midline, castMm: cast.centroidMm, plateauHu: dense.floor.plateauHu };
  const settled = new Set(decided.map((part) => part.mask));
  const known = marked.map((part): Rejected => {
    if (part.kind === "metal" || settled.has(part.mask) || part.volumeMm3 < LEAST_MM3) return part;
    const features = partFeatures(volume, part.mask);
    const alert = veinAlert(part.mask, features, place);
    if (alert) return alert;
    // as bright as cement, in soft tissue: no other reason than its form speaks against it
    const open = isBright(features, place) && features.ringBoneShare <= IN_SOFT_TISSUE;
    return open && inVeinCourse(features, place) ? { ...part, reason: whyNotCement(features, place) } : part;
  });
  const bone: RunMask[] = [];
  const fresh = [...dense.main, ...dense.other].flatMap((part): Rejected[] => {
    const { features, mask } = part;
    if (listed(part)) return [];
    const lump = features.volumeMm3 >= LUMP_MM3 && features.thicknessMm >= LUMP_THICK_MM;
    if (features.ringBoneShare > IN_BONE && !lump) {
      bone.push(mask);
      return [];
    }
    const alert = features.volumeMm3 < LEAST_MM3 ? null : veinAlert(mask, features, place);
    return [alert ?? entry(mask, features, whyNotCement(features, place))];
  });
  if (bone.length > 0) {
    const mask = unionAll(volume.grid, bone);
    fresh.push(
      entry(mask, partFeatures(volume, mask), {
        en: `Dense bone: ${bone.length} ${bone.length === 1 ? "place" : "places"}, small or as thin as cortex, with bone around, apart from the cement`,
        zh: `致密骨质：${bone.length} 处，细小或薄如皮质，周围为骨，与骨水泥分离`,
      }),
    );
  }
  const all = [...known, ...fresh];
  return {
    rejected: all,
    notes: all.flatMap((part) => (part.kind === "alert" ? [part.reason] : [])),
  };
}

const entry = (mask: RunMask, features: PartFeatures, reason: LocalText): Rejected => ({
  mask,
  reason,
  volumeMm3: features.volumeMm3,
  centroidMm: features.centroidMm,
});

function asMetal(volume: CtVolume, part: Rejected): Rejected {
  const { huMax } = partFeatures(volume, part.mask);
  return {
    ...part,
    kind: "metal",
    reason: {
      en: `Metal, with what cement may touch it (up to ${huMax} HU): not measurable (metal)`,
      zh: `金属及可能与之相接的骨水泥（最高 ${huMax} HU）：不可测（金属）`,
    },
  };
}

interface Place {
  readonly volume: CtVolume;
  readonly midline: Midline;
  readonly castMm: Vec3;
  readonly plateauHu: number;
}

const isBright = ({ huMax }: PartFeatures, { plateauHu }: Place): boolean =>
  huMax >= CEMENT_BRIGHT * plateauHu;

function inVeinCourse({ centroidMm }: PartFeatures, { midline, castMm }: Place): boolean {
  return (
    castMm[1] - centroidMm[1] > VEINS_IN_FRONT_MM &&
    Math.abs(leftOfMidlineMm(midline, centroidMm)) <= VEINS_BESIDE_MM
  );
}

/** A tube as bright as cement, with soft tissue around it, in front of the treated bone. */
function veinAlert(mask: RunMask, features: PartFeatures, place: Place): Rejected | null {
  const { grid } = place.volume;
  if (!isBright(features, place) || features.ringBoneShare > IN_SOFT_TISSUE) return null;
  if (features.ringHu < -300 || !inVeinCourse(features, place)) return null;
  if (shapeOf(mask, grid).elongation < TUBULAR) return null;
  const mm3 = Math.round(features.volumeMm3);
  const slice = Math.round(voxelFromPatient(grid, features.centroidMm)[2]) + 1;
  const beside = Math.round(Math.abs(leftOfMidlineMm(place.midline, features.centroidMm)));
  const side = sideOf(place.midline, features.centroidMm);
  const away = Math.round(distance(features.centroidMm, place.castMm));
  return {
    ...entry(mask, features, {
      en: `Possible cement in a pelvic vein, ${mm3} mm³: look here (${side}, ${beside} mm beside the midline, ${away} mm from the middle of the cement in bone, slice ${slice}; tubular, ${features.huMax} HU)`,
      zh: `盆腔静脉内可能有骨水泥，${mm3} mm³：请查看此处（${{ left: "左侧", right: "右侧", midline: "中线" }[side]}，距中线 ${beside} mm，距骨内骨水泥中心 ${away} mm，第 ${slice} 层；管状，${features.huMax} HU）`,
    }),
    kind: "alert",
  };
}

/** Says only what was seen of the part. */
function whyNotCement(features: PartFeatures, place: Place): LocalText {
  const { huMax } = features;
  const away = Math.round(distance(features.centroidMm, place.castMm));
  if (features.ringHu < -300)
    return { en: `Outside the body or in air: ${huMax} HU`, zh: `位于体外或气体中：${huMax} HU` };
  if (features.ringBoneShare > IN_BONE)
    return {
      en: `Dense bone, ${huMax} HU, ${away} mm from the middle of the cement: sclerosis or an earlier procedure`,
      zh: `致密骨质，${huMax} HU，距骨水泥中心 ${away} mm：硬化或既往手术`,
    };
  if (!isBright(features, place))
    return {
      en: `In soft tissue, ${away} mm from the middle of the cement, and less dense than it (${huMax} of ${place.plateauHu} HU): calcification, phlebolith or bowel contrast`,
      zh: `位于软组织内，距骨水泥中心 ${away} mm，密度低于骨水泥（${huMax} / ${place.plateauHu} HU）：钙化、静脉石或肠道对比剂`,
    };
  return inVeinCourse(features, place)
    ? {
        en: `As bright as cement (${huMax} HU), but not tubular, ${away} mm from the middle of the cement: calcification, phlebolith or bowel contrast is likelier; cement in a vein is not excluded`,
        zh: `与骨水泥同样致密（${huMax} HU），但非管状，距骨水泥中心 ${away} mm：钙化、静脉石或肠道对比剂可能性更大；不能排除静脉内骨水泥`,
      }
    : {
        en: `As bright as cement (${huMax} HU), but ${away} mm from its middle and off the course of the pelvic veins: calcification, contrast or a foreign body is likelier`,
        zh: `与骨水泥同样致密（${huMax} HU），但距其中心 ${away} mm 且不在盆腔静脉走行区：钙化、对比剂或异物可能性更大`,
      };
}
