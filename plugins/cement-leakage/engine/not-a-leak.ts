// Why a dense part beyond bone is no leak: one rule after the other, each with its reason in words.
import type { RunMask } from "#voxels/mask";
import type { LocalText } from "../model/sites.ts";
import type { MeasuredPart } from "./candidates.ts";
import { leastOfVein, ramp } from "./candidates.ts";
import { centreErrorMm, ON_CORTEX_EXCESS_HU, SOFT_TISSUE_HU } from "./leak-region.ts";
import { THIN_SLICE_MM } from "./thick-traces.ts";

export interface RejectedPart {
  readonly mask: RunMask;
  readonly reason: LocalText;
}

const reject = (en: string, zh: string): LocalText => ({ en, zh });

/** Less than this beyond the cortex is within the border's own uncertainty. */
const LEAST_BEYOND_MM = 1.3;
/** A canal leak smaller than this is noise at the canal's wall. */
const LEAST_IN_CANAL_MM3 = 10;
/** A vein of 0.8 mm radius under the kernel's blur sums up to this many mm of cement across the surface. */
const LEAST_LAYER_MM = 0.6;
/** Thin slices show a vein on bone as standing out by its whole calibre. */
const LEAST_VEIN_MM = 2;
/** In thick slices: so much brighter than the other side, and summed up across the surface so much more, mm of cement, bone never is. */
const SURELY_MORE_HU = 200;
const SURELY_MORE_MM = 1;
/** In thick slices, which blur cortex, no spur on one side is so much brighter than the other, and sums up to so much, mm of cement. */
const NO_SPUR_HU = 350;
const NO_SPUR_MM = 1.7;
/** Less tubular than this is a lump: as wide one way as the other, so that the blur takes little from its middle. */
const LUMP_TUBULAR = 0.3;
/** Share of the brightness that its mass asks for: of a tube, whose mass the ends of the mask blur, and of a lump. */
const LEAST_OF_TUBE = 0.7;
const LEAST_OF_LUMP = 0.75;
/** Cortex that is merely shifted comes less far above the brightest place within 2 mm on the other side. */
const DIM_EXCESS_HU = 180;
/** A thin rod is as bright as its mass allows, within the error of cutting it out: bone is wider, a ridge of cortex is cut off at its foot. */
const DIM_CONCENTRATION = [1.1, 1.8] as const;
/** Far from cement, cortex that lies elsewhere than on the other side sums up to this much, HU mm: what is no brighter has to show more. */
const FAR_MM = 18;
const FAR_BRIGHT = 0.35;
const SHIFTED_CORTEX_HU_MM = 1100;
/** From here on a part has a width to judge by: its volume, and in coarse voxels two of them each way. */
const WIDE_MM3 = 100;
const WIDE_VOXELS = 8;
/** Behind bone: so much more than the other side across the surface no crest is, mm of cement. */
const SURE_BEHIND_MM = 1.3;
/** Where there is too little of it to sum up, so much brighter than the other side; then less of it will do as well. */
const SURE_BEHIND_HU = 400;
/** In the canal: so much brighter than the other side, and so much more of it, mm of cement, no facet is. */
const SURE_IN_CANAL_HU = 350;
const SURE_IN_CANAL_MM = 1.5;
/** Brighter than this patient's cement and off bone: a piece of a needle. */
const METAL_BRIGHT = 1.08;
const METAL_OFF_BONE_MM = 3;
/** Veins near the bone fill from cement within this: the sacral veins join the iliac ones 2 cm in front of the ala. */
const LEADS_ON_MM = 20;
/** Farther out than this there is nothing to compare across the surface. */
const NEAR_BONE_MM = 6;

export interface ScanOfCement {
  /** Plateau of this patient's cement, HU. */
  readonly cementHu: number;
  readonly sliceMm: number;
  /** Side of a pixel. */
  readonly pixelMm: number;
}

/** Why a part is not a leak, or null when it can be one. */
export function whyNotALeak(
  measured: MeasuredPart,
  { cementHu, sliceMm, pixelMm }: ScanOfCement,
): LocalText | null {
  const { part, shape, attached, toCementMm, surfaceMm } = measured;
  const mm3 = Math.round(shape.volumeMm3);
  if (shape.volumeMm3 < 5) return reject(`Speck of ${mm3} mm³`, `微小斑点 ${mm3} mm³`);
  if (part.compartment === "disc")
    return toCementMm > 20
      ? reject(
          `Dense rim or calcification in the disc space, ${Math.round(toCementMm)} mm from any cement`,
          `椎间隙内致密边缘或钙化，距骨水泥 ${Math.round(toCementMm)} mm`,
        )
      : null;
  if (part.compartment === "canal" && shape.volumeMm3 < LEAST_IN_CANAL_MM3)
    return reject(`Speck of ${mm3} mm³ at the canal's wall`, `椎管壁处微小斑点 ${mm3} mm³`);
  // beside the cement in bone the border is bridged: an attached part has to stand out of that guess, and by more than the half pixel by
  // which the cement's own outermost pixels reach over it
  const voxelMm3 = pixelMm * pixelMm * sliceMm;
  const onCortex =
    (measured.excessHu ?? 0) >= ON_CORTEX_EXCESS_HU &&
    shape.volumeMm3 > 2.5 * voxelMm3 &&
    measured.evidence.behind < 0.5;
  const onCortexMm = onCortex ? 2 * centreErrorMm(pixelMm) : 0;
  const leastBeyond = attached
    ? Math.max(LEAST_BEYOND_MM, 0.9 * measured.uncertaintyMm + 0.4, pixelMm / 2)
    : LEAST_BEYOND_MM - onCortexMm;
  if (part.compartment === "outside" && part.beyondMm < leastBeyond)
    return reject(
      `Only ${part.beyondMm.toFixed(1)} mm beyond the cortex: within the border's own uncertainty`,
      `仅超出皮质 ${part.beyondMm.toFixed(1)} mm：在骨边界的不确定范围内`,
    );
  const bright = part.peakHu / Math.max(1, cementHu);
  // what stands out little must be bright, and brighter than the other side, to be more than an error of the border
  const standsOut =
    part.beyondMm +
    (attached ? 0 : onCortexMm) +
    2 * bright +
    Math.max(0, Math.min(1, (measured.excessHu ?? 0) / 500)) -
    0.05 * Math.max(0, toCementMm - 15);
  if (part.compartment === "outside" && standsOut < 2.45)
    return reject(
      `Faint and only ${part.beyondMm.toFixed(1)} mm beyond the cortex (${part.peakHu} HU)`,
      `密度低且仅超出皮质 ${part.beyondMm.toFixed(1)} mm（${part.peakHu} HU）`,
    );
  if (
    attached &&
    !(part.compartment === "outside" && measured.excessHu !== null && measured.excessHu < 40 && bright < 0.85)
  )
    return null;
  if (part.compartment === "outside" && measured.excessHu !== null && measured.excessHu < 80 && bright < 0.85)
    return reject(
      `Bone: as dense at the same place on the other side (${part.peakHu} HU)`,
      `骨质：对侧相同部位同样致密（${part.peakHu} HU）`,
    );
  const { layerHuMm, concentration } = measured.evidence;
  const lump = measured.evidence.tubular < LUMP_TUBULAR;
  // behind bone crests and facets are as unlike from side to side as spurs in front of it are rare
  const surelyMore =
    sliceMm > THIN_SLICE_MM &&
    !(lump && measured.evidence.behind > 0.5) &&
    (measured.excessHu ?? 0) >= (lump ? NO_SPUR_HU : SURELY_MORE_HU) &&
    (layerHuMm ?? 0) >= (lump ? NO_SPUR_MM : SURELY_MORE_MM) * (cementHu - SOFT_TISSUE_HU);
  if (bright < 0.75) {
    const comparable =
      part.compartment === "canal"
        ? toCementMm > 15
        : part.beyondMm < NEAR_BONE_MM || measured.evidence.behind > 0.5;
    // a vein within a slice that is thicker fills it in part only; it is as concentrated as cement and brighter than the other side
    const dimVein =
      concentration >= DIM_CONCENTRATION[0] &&
      concentration <= DIM_CONCENTRATION[1] &&
      (measured.excessHu ?? 0) >= DIM_EXCESS_HU;
    const filled = dimVein ? Math.min(1, THIN_SLICE_MM / sliceMm) : 1;
    const shifted = toCementMm > FAR_MM && bright < FAR_BRIGHT ? SHIFTED_CORTEX_HU_MM : 0;
    const leastLayer = Math.max(shifted, LEAST_LAYER_MM * filled * (cementHu - SOFT_TISSUE_HU));
    // far and dim, and too little of it to compare: it shows no more than shifted cortex does
    const shown = layerHuMm ?? (shifted > 0 ? 0 : Infinity);
    if (comparable && shown < leastLayer)
      return reject(
        `Bone: across the surface no denser than the other side, only shifted (${part.peakHu} HU)`,
        `骨质：与对侧相比仅位置不同，跨骨面密度总和并不更高（${part.peakHu} HU）`,
      );
    if (part.compartment === "outside" && sliceMm <= THIN_SLICE_MM && part.beyondMm < LEAST_VEIN_MM)
      return reject(
        `Cortex: ${part.beyondMm.toFixed(1)} mm beyond, ${part.peakHu} HU; a vein of cement stands out farther on thin slices`,
        `皮质：仅超出 ${part.beyondMm.toFixed(1)} mm，${part.peakHu} HU；薄层上静脉内骨水泥会超出更多`,
      );
    const wideMm3 = Math.max(WIDE_MM3, WIDE_VOXELS * voxelMm3);
    // a vein that a thick slice shares with its neighbours is wide and faint as well: there the other side decides; but a spur on one side
    // only is more than the other side too, and a lump of cement has no cause to be faint
    if (concentration < (lump ? LEAST_OF_LUMP : LEAST_OF_TUBE) && shape.volumeMm3 > wideMm3 && !surelyMore)
      return reject(
        `Wide and faint (${part.peakHu} HU over ${mm3} mm³): cement of this width would be brighter`,
        `范围大而密度低（${mm3} mm³，最高 ${part.peakHu} HU）：同等宽度的骨水泥应更致密`,
      );
  }
  // what is large enough to be resolved must be as bright as cement; only thin traces may be dim
  const wide = surelyMore ? 0 : 1 - ramp(concentration, 0.7, 0.85);
  const size = wide * ramp(Math.log(shape.volumeMm3), Math.log(60), Math.log(400));
  const leastBright =
    (measured.evidence.behind > 0.5 ? 0.22 + 0.3 * size : 0.17 + 0.16 * size) +
    0.35 * ramp(Math.log(shape.volumeMm3), Math.log(400), Math.log(1500));
  if (bright < leastBright || part.peakHu < leastOfVein(sliceMm, cementHu))
    return reject(
      `${part.peakHu} HU over ${mm3} mm³ is too faint for this cement (${cementHu} HU): bone or calcification`,
      `${mm3} mm³ 内最高 ${part.peakHu} HU，低于该骨水泥（${cementHu} HU）：骨质或钙化`,
    );
  if (part.compartment === "outside" && bright > METAL_BRIGHT && surfaceMm > METAL_OFF_BONE_MM)
    return reject(
      `Brighter than this cement (${part.peakHu} HU against ${cementHu} HU) and off bone: a piece of metal`,
      `比该骨水泥更亮（${part.peakHu} HU，骨水泥 ${cementHu} HU）且离开骨质：金属碎片`,
    );
  if (toCementMm > 45)
    return reject(
      `Calcification or other dense spot, ${Math.round(toCementMm)} mm from any cement`,
      `钙化或其他致密点，距骨水泥 ${Math.round(toCementMm)} mm`,
    );
  if (part.compartment === "canal") {
    // the farther from cement, the brighter it has to be: facets and ossified ligaments line the canal
    const sure =
      (measured.excessHu ?? 0) >= SURE_IN_CANAL_HU &&
      (layerHuMm ?? 0) >= SURE_IN_CANAL_MM * (cementHu - SOFT_TISSUE_HU);
    if (bright < 0.3 + 0.02 * Math.max(0, toCementMm - 15) && !(sure && bright > 0.45))
      return reject(
        `Edge of the canal's bone: ${part.peakHu} HU is too faint for cement ${Math.round(toCementMm)} mm from the rest`,
        `椎管骨缘：${part.peakHu} HU，距其余骨水泥 ${Math.round(toCementMm)} mm，密度过低`,
      );
    // where the other side cannot be compared because it is as dense, a dim part in the back half is a facet
    const alike =
      measured.excessHu === null
        ? measured.evidence.canalFront < 0.5 && toCementMm > 10
        : measured.excessHu < 120;
    if (alike && bright < 0.65)
      return reject("Edge of the canal's bone: as bright on the other side", "椎管骨缘：对侧同样致密");
    return null;
  }
  // the back of bone is uneven: crests and spines that differ from side to side stand out a little and are no brighter than bone
  const sureBehind =
    layerHuMm === null
      ? (measured.excessHu ?? 0) >= SURE_BEHIND_HU
      : (measured.excessHu ?? 0) >= SURELY_MORE_HU &&
        layerHuMm >=
          ((measured.excessHu ?? 0) >= SURE_BEHIND_HU ? SURELY_MORE_MM : SURE_BEHIND_MM) *
            (cementHu - SOFT_TISSUE_HU);
  if (measured.evidence.behind > 0.5 && part.beyondMm + 6 * bright < 7 && !sureBehind)
    return reject(
      `Uneven back of the bone: ${part.beyondMm.toFixed(1)} mm beyond, ${part.peakHu} HU`,
      `骨背侧不规则：超出 ${part.beyondMm.toFixed(1)} mm，${part.peakHu} HU`,
    );
  if (measured.evidence.behind < 0.5 && part.compartment === "outside" && part.beyondMm > 8 && bright < 0.5)
    return reject(
      `Vessel calcification: reaches ${part.beyondMm.toFixed(0)} mm away from bone, only ${part.peakHu} HU`,
      `血管钙化：距骨达 ${part.beyondMm.toFixed(0)} mm，仅 ${part.peakHu} HU`,
    );
  // off bone a needle left it behind, or a vein that leads on from cement nearby; farther on in front runs the ureter
  const leadsOn = measured.evidence.behind > 0.5 || toCementMm < LEADS_ON_MM;
  if (surfaceMm > 7 && !(surfaceMm < 14 && measured.evidence.tubular > 0.8 && bright > 0.5 && leadsOn))
    return reject(
      `Vessel calcification, phlebolith or bowel content: ${Math.round(surfaceMm)} mm away from bone, ${part.peakHu} HU`,
      `血管钙化、静脉石或肠内容物：距骨 ${Math.round(surfaceMm)} mm，${part.peakHu} HU`,
    );
  return null;
}
