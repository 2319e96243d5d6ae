// The proposed floor: half way between the local plateau of the densest cement-like parts and what surrounds them.
import { spacingMm } from "#core/space";
import type { CtVolume } from "#core/volume";
import { componentMasks, components } from "#voxels/components";
import type { RunMask } from "#voxels/mask";
import { thresholdMask } from "#voxels/threshold";
import type { PartFeatures } from "./part-features.ts";
import { partFeatures } from "./part-features.ts";

export interface CementFloor {
  readonly proposedFloorHu: number;
  /** Median of the densest quarter of the cement-like parts; 0 where there are none. */
  readonly plateauHu: number;
  /** Median of the shell around them. */
  readonly backgroundHu: number;
  /** HU that all but 1 % of the bone in this volume stays below. */
  readonly denseBoneHu: number;
}

/** Bone of most people ends below this; used as it is only where nothing cement-like is found. */
const FALLBACK_FLOOR_HU = 1000;
const LOWEST_FLOOR_HU = 350;
const LEAST_DENSE_BONE_HU = 700;
const MOST_DENSE_BONE_HU = 1100;

/** A nail or screw is brighter than this even where thick slices blur it. */
const LEAST_ROD_HU = 2300;

/**
 * Hardware: a straight rod of even calibre, thicker than any needle. For a cylinder two standard deviations are its radius across and
 * 0.577 of its length along, so that volume over pi * across * across * along * 1.73 is 1; a cast of cement fills far less of that.
 */
function isRod({ halfLengthsMm: [along, across, thin], volumeMm3 }: PartFeatures): boolean {
  if (across < 2.8 || along < 3.2 * across || across > 1.8 * thin) return false;
  const filled = volumeMm3 / (Math.PI * across * thin * along * Math.sqrt(3));
  return filled > 0.8 && filled < 1.2;
}

/** Metal by brightness and by what it does around itself: streaks, or a straight rod. */
export function looksLikeMetal(part: PartFeatures, clippedAtHu: number | null): boolean {
  const atCeiling = clippedAtHu !== null && part.plateauHu >= clippedAtHu;
  const veryBright = part.plateauHu >= 2700 || part.huMax >= 3000;
  if (!veryBright) return isRod(part) && part.plateauHu >= LEAST_ROD_HU;
  const rod =
    part.halfLengthsMm[0] > 4 * part.halfLengthsMm[1] && part.widthMm < 2.5 && part.plateauHu >= 2300;
  // a screw: thick, but straight and at the ceiling all through
  const screw = part.halfLengthsMm[0] > 4 * part.halfLengthsMm[1] && (atCeiling || part.plateauHu >= 2900);
  // a cast with a needle's end in it is as bright as metal in few voxels; metal is so all through
  const streaks = part.ringDarkShare > 0.06 && part.plateauHu >= LEAST_ROD_HU;
  return (
    isRod(part) ||
    (rod && (atCeiling || part.huMax >= 3000)) ||
    screw ||
    streaks ||
    (part.plateauHu >= 3000 && !atCeiling && part.huMax > 3150)
  );
}

/**
 * HU that `share` of the bone (at or above `fromHu`) stays below. Voxels with equally dense ones 2.5 mm away on five sides are left
 * out: cortex is a sheet, cement a lump, and cement must not set the scale it is judged by.
 */
function boneShareHu({ hu, grid }: CtVolume, fromHu: number, share: number): number {
  const [sx, sy, sz] = spacingMm(grid);
  const reachI = Math.max(1, Math.round(2.5 / sx));
  const reachJ = Math.max(1, Math.round(2.5 / sy)) * grid.columns;
  const reachK = Math.max(1, Math.round(2.5 / sz)) * grid.columns * grid.rows;
  const counts = new Uint32Array(1600 - fromHu);
  let total = 0;
  // every third voxel is plenty for a percentile
  for (let n = 0; n < hu.length; n += 3) {
    const value = hu[n];
    if (value < fromHu || value >= 1600) continue;
    if (value > 600) {
      const least = value * 0.8;
      const dense = (at: number) => (hu[at] > least ? 1 : 0);
      const sides =
        dense(n - reachI) +
        dense(n + reachI) +
        dense(n - reachJ) +
        dense(n + reachJ) +
        dense(n - reachK) +
        dense(n + reachK);
      const lump = sides >= 5;
      if (lump) continue;
    }
    counts[value - fromHu]++;
    total++;
  }
  let seen = 0;
  for (let n = 0; n < counts.length; n++) {
    seen += counts[n];
    // a crop around a lot of cement would otherwise call cement bone
    if (seen >= share * total) return Math.max(LEAST_DENSE_BONE_HU, Math.min(MOST_DENSE_BONE_HU, fromHu + n));
  }
  return 1000;
}

/** Parts at `thresholdHu` that could be cement: bright enough, thick enough, inside the body, not metal. */
function cementCores(volume: CtVolume, thresholdHu: number, leastMm3: number, leastThicknessMm: number) {
  const mask = thresholdMask(volume.hu, volume.grid, thresholdHu);
  const labels = components(mask);
  const wanted: number[] = [];
  for (let label = 1; label <= Math.min(labels.count, 40); label++) wanted.push(label);
  const cores: { mask: RunMask; features: PartFeatures }[] = [];
  for (const core of componentMasks(mask, labels, wanted)) {
    const features = partFeatures(volume, core);
    if (features.volumeMm3 < leastMm3) break;
    if (features.thicknessMm < leastThicknessMm || features.ringHu < -300) continue;
    if (looksLikeMetal(features, volume.clippedAtHu)) continue;
    cores.push({ mask: core, features });
  }
  return cores;
}

/** Proposes a floor from the series itself (DOMAIN §2); never from a fixed number unless nothing cement-like is there. */
export function cementFloor(volume: CtVolume): CementFloor {
  const denseBoneHu = boneShareHu(volume, 250, 0.99);
  const brighterThanBone = Math.max(1350, denseBoneHu * 1.25);
  const cores =
    [cementCores(volume, brighterThanBone, 150, 0)].find((list) => list.length > 0) ??
    cementCores(volume, Math.max(850, denseBoneHu * 0.95), 150, 2.2).filter(
      ({ features }) => features.plateauHu > 1.15 * denseBoneHu && features.ringBoneShare < 0.9,
    );
  if (cores.length === 0)
    return {
      proposedFloorHu: Math.max(FALLBACK_FLOOR_HU, Math.round(denseBoneHu)),
      plateauHu: 0,
      backgroundHu: 0,
      denseBoneHu,
    };
  let weight = 0;
  let plateau = 0;
  let background = 0;
  for (const { features } of cores) {
    weight += features.volumeMm3;
    plateau += features.volumeMm3 * features.plateauHu;
    background += features.volumeMm3 * features.ringHu;
  }
  const plateauHu = plateau / weight;
  const backgroundHu = background / weight;
  const halfMaximum = (plateauHu + backgroundHu) / 2;
  // Where half maximum would take the cortex in with the cement, the floor stays just above dense bone, but below the plateau.
  const aboveBone = Math.min(denseBoneHu * 0.9, plateauHu * 0.75);
  return {
    proposedFloorHu: Math.round(Math.max(LOWEST_FLOOR_HU, halfMaximum, aboveBone) / 10) * 10,
    plateauHu: Math.round(plateauHu),
    backgroundHu: Math.round(backgroundHu),
    denseBoneHu,
  };
}
