// One click finds the cement in 3D: a proposed floor, its connected parts, and what each part looks like, with a reason.
import type { Vec3 } from "#core/space";
import { distance, voxelVolumeMm3 } from "#core/space";
import type { CtVolume } from "#core/volume";
import { componentMasks, components, selectComponents } from "#voxels/components";
import type { RunMask } from "#voxels/mask";
import { forEachRun } from "#voxels/mask";
import { keptBlockMaximum, thresholdWithBlocks } from "#voxels/threshold";
import type { LocalText } from "../model/sites.ts";
import { type CementFloor, cementFloor, looksLikeMetal } from "./cement-floor.ts";
import type { PartFeatures } from "./part-features.ts";
import { partFeatures } from "./part-features.ts";
import { inRelativeWords } from "./uncalibrated.ts";

export type PartSuggestion = "cement" | "not_cement" | "unclear";

export interface FoundPart {
  readonly mask: RunMask;
  readonly volumeMm3: number;
  readonly huMax: number;
  /** Patient mm, LPS. */
  readonly centroidMm: Vec3;
  /** Reaches the first or last slice or the edge of the image: its volume is a lower bound. */
  readonly touchesEdge: boolean;
  readonly suggestion: PartSuggestion;
  readonly reason: LocalText;
}

export interface FoundCement {
  readonly proposedFloorHu: number;
  /** The floor that was used: the reader's, or the proposed one. */
  readonly floorHu: number;
  readonly plateauHu: number;
  readonly backgroundHu: number;
  /** By volume, largest first. */
  readonly parts: readonly FoundPart[];
  /** All parts below about 3 mm3 together. */
  readonly specks: RunMask;
  readonly speckCount: number;
}

export interface FindOptions {
  readonly floorHu?: number;
}

export interface FindContext {
  readonly signal?: AbortSignal;
  readonly progress?: (fraction: number, step?: string) => void;
}

/** A part below it is a speck: counted, not listed. */
export const SPECK_MM3 = 3;
/** Cement of one procedure lies together; dense spots farther than this from it need another reason to be cement. */
const NEAR_CEMENT_MM = 45;

const floors = new WeakMap<CtVolume, CementFloor>();

/** The proposed floor of a series does not follow the slider: it is worked out once for a volume, which nobody writes to. */
function keptFloor(volume: CtVolume): CementFloor {
  const floor = floors.get(volume) ?? cementFloor(volume);
  floors.set(volume, floor);
  return floor;
}

/**
 * Finds everything at or above the floor (the full stored range; no ceiling) as 26-connected parts. Nothing is dropped: a part that
 * looks like metal, bone or a calcification is listed as not cement, with the reason; parts below 3 mm3 are counted as specks.
 */
export function findCement(
  volume: CtVolume,
  options: FindOptions = {},
  context: FindContext = {},
): FoundCement {
  const { grid, hu } = volume;
  context.progress?.(0.05, "floor");
  const floor = keptFloor(volume);
  context.signal?.throwIfAborted();
  const floorHu = options.floorHu ?? floor.proposedFloorHu;
  const mask = thresholdWithBlocks(hu, keptBlockMaximum(hu, grid), floorHu);
  const labels = components(mask);
  context.progress?.(0.4, "parts");
  context.signal?.throwIfAborted();

  const volumes = new Float64Array(labels.count + 1);
  forEachRun(mask, (_j, k, start, end, run) => {
    volumes[labels.labelOfRun[run]] += (end - start) * voxelVolumeMm3(grid, k);
  });
  const large: number[] = [];
  for (let label = 1; label <= labels.count; label++) if (volumes[label] >= SPECK_MM3) large.push(label);
  const masks = componentMasks(mask, labels, large);
  const measured = masks.map((part, n) => {
    if (n % 8 === 0) {
      context.signal?.throwIfAborted();
      context.progress?.(0.4 + (0.6 * n) / masks.length, "parts");
    }
    return { mask: part, features: partFeatures(volume, part) };
  });
  const sure = measured.filter(({ features }) =>
    isSurelyCement(features, floor.denseBoneHu, volume.clippedAtHu),
  );
  const parts = measured
    .map(({ mask: part, features }): FoundPart => {
      const nearestMm = Math.min(
        ...sure.map(
          (s) => distance(s.features.centroidMm, features.centroidMm) - s.features.halfLengthsMm[0],
        ),
      );
      return {
        mask: part,
        volumeMm3: features.volumeMm3,
        huMax: features.huMax,
        centroidMm: features.centroidMm,
        touchesEdge: features.touchesEdge,
        ...suggest(features, floor.denseBoneHu, volume.clippedAtHu, nearestMm),
      };
    })
    .sort((a, b) => b.volumeMm3 - a.volumeMm3);
  context.progress?.(1, "parts");
  return {
    proposedFloorHu: floor.proposedFloorHu,
    floorHu,
    plateauHu: floor.plateauHu,
    backgroundHu: floor.backgroundHu,
    parts: volume.relative ? inRelativeWords(parts) : parts,
    specks: selectComponents(mask, labels, (label) => volumes[label] < SPECK_MM3),
    speckCount: labels.count - large.length,
  };
}

function isSurelyCement(part: PartFeatures, denseBoneHu: number, clippedAtHu: number | null): boolean {
  if (looksLikeMetal(part, clippedAtHu) || part.ringHu < -300) return false;
  const brightHu =
    part.thicknessMm >= 2.5 ? Math.max(1100, 1.15 * denseBoneHu) : Math.max(1350, 1.2 * denseBoneHu);
  return part.plateauHu > brightHu && part.volumeMm3 > 150 && part.voxels >= 12;
}

function suggest(
  part: PartFeatures,
  denseBoneHu: number,
  clippedAtHu: number | null,
  nearestCementMm: number,
): { suggestion: PartSuggestion; reason: LocalText } {
  const hu = Math.round(part.plateauHu);
  const say = (suggestion: PartSuggestion, en: string, zh: string) => ({ suggestion, reason: { en, zh } });
  if (part.ringHu < -300)
    return say(
      "not_cement",
      "Lies in air: table, cable or skin marker",
      "位于空气中：检查床、导线或体表标记",
    );
  if (looksLikeMetal(part, clippedAtHu))
    return say(
      "not_cement",
      `Metal: up to ${part.huMax} HU${part.ringDarkShare > 0.06 ? " with dark streaks beside it" : ", a straight rod"}; volume not measurable`,
      `金属：最高 ${part.huMax} HU${part.ringDarkShare > 0.06 ? "，旁有暗条状伪影" : "，呈直杆状"}；体积不可测`,
    );
  if (isSurelyCement(part, denseBoneHu, clippedAtHu))
    return say(
      "cement",
      `Plateau ${hu} HU, far above this patient's dense bone (${denseBoneHu} HU)`,
      `平台值 ${hu} HU，远高于该患者致密骨（${denseBoneHu} HU）`,
    );
  const near = nearestCementMm <= NEAR_CEMENT_MM;
  const brighterThanBone = part.plateauHu > 1.1 * denseBoneHu;
  if (part.ringBoneShare > 0.45 && !brighterThanBone)
    return say(
      "not_cement",
      `Dense bone: ${hu} HU within bone, no brighter than cortex elsewhere (${denseBoneHu} HU)`,
      `致密骨：骨内 ${hu} HU，不高于其他部位皮质（${denseBoneHu} HU）`,
    );
  const small = part.volumeMm3 < 400;
  if (!near && small)
    return say(
      "not_cement",
      part.ringBoneShare > 0.3
        ? `Small dense spot in bone, far from any cement`
        : `Calcification or phlebolith: ${Math.round(part.volumeMm3)} mm³ in soft tissue, far from any cement`,
      part.ringBoneShare > 0.3
        ? `骨内小致密点，远离骨水泥`
        : `钙化或静脉石：软组织内 ${Math.round(part.volumeMm3)} mm³，远离骨水泥`,
    );
  if (near && brighterThanBone && nearestCementMm <= 25)
    return say(
      "cement",
      `${hu} HU, brighter than bone, ${Math.max(0, Math.round(nearestCementMm))} mm from the cement`,
      `${hu} HU，高于骨质，距骨水泥 ${Math.max(0, Math.round(nearestCementMm))} mm`,
    );
  if (!brighterThanBone && !near)
    return say(
      "not_cement",
      `No brighter than dense bone (${denseBoneHu} HU) and far from any cement`,
      `不高于致密骨（${denseBoneHu} HU），且远离骨水泥`,
    );
  return say(
    "unclear",
    `${hu} HU: cement, dense bone and calcification overlap here; look`,
    `${hu} HU：骨水泥、致密骨与钙化在此范围重叠，请人工判断`,
  );
}
