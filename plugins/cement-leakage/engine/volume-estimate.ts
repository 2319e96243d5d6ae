// How much cement there is, partial volume counted, with a 95 % interval; kept apart from the voxel count of the segment.
import { spacingMm, voxelVolumeMm3 } from "#core/space";
import type { CtVolume } from "#core/volume";
import type { RunMask } from "#voxels/mask";
import { forEachRun, maskHas } from "#voxels/mask";
import { dilate } from "#voxels/morphology";
import { difference } from "#voxels/set-operations";
import type { LocalText } from "../model/sites.ts";
import { withHalo } from "./cement-mask.ts";
import { boxAround } from "./dense-crop.ts";
import { localMedian } from "./local-median.ts";

export interface VolumeEstimate {
  readonly mm3: number;
  readonly ci95Mm3: readonly [number, number];
  /** What makes it less certain, in words: thick slices, clipped voxels. */
  readonly notes: readonly LocalText[];
}

export interface VolumeOptions {
  /** Plateau of this patient's cement where it is thick; a thin part has none of its own. */
  readonly cementHu?: number;
  /** Voxels that belong to something else (the cement beyond the cut, bone). */
  readonly others?: RunMask;
}

/** Differences between the surroundings here and there count this much more than noise: which of them stands behind a voxel is a guess. */
const UNEVEN = 2;
/** Slices thicker than this blur a part into its neighbours as far as the slices reach. */
const THIN_SLICE_MM = 1.5;
/** The blur of a usual kernel reaches this far from a part whose border is drawn at half its height: what lies beyond is bone. */
const HALO_MM = 1.7;

const quantile = (sorted: readonly number[], share: number): number =>
  sorted.length === 0 ? 0 : sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];

/**
 * Sum over the part and its halo of the share of each voxel that cement fills: (HU - surroundings) / (plateau - surroundings), between 0
 * and 1. The surroundings are those near the voxel: marrow on one side, sclerotic bone or cortex on another. A part thick enough to have
 * a plateau uses its own; a thin one the patient's, which makes its interval wider.
 */
export function estimateVolume(volume: CtVolume, part: RunMask, options: VolumeOptions = {}): VolumeEstimate {
  const { grid, hu } = volume;
  const [sx, sy, sz] = spacingMm(grid);
  const inner: number[] = [];
  let voxels = 0;
  let counted = 0;
  const at = (i: number, j: number, k: number) => (k * grid.rows + j) * grid.columns + i;
  const deep: number[] = [];
  forEachRun(part, (j, k, start, end) => {
    for (let i = start; i < end; i++) {
      const value = hu[at(i, j, k)];
      inner.push(value);
      voxels++;
      counted += voxelVolumeMm3(grid, k);
      const reach = Math.max(1, Math.round(0.8 / Math.max(sx, sy)));
      if (
        i - start >= reach &&
        end - i > reach &&
        maskHas(part, i, j - reach, k) &&
        maskHas(part, i, j + reach, k) &&
        maskHas(part, i, j, k - 1) &&
        maskHas(part, i, j, k + 1)
      )
        deep.push(value);
    }
  });
  if (voxels === 0) return { mm3: 0, ci95Mm3: [0, 0], notes: [] };
  inner.sort((a, b) => a - b);
  deep.sort((a, b) => a - b);
  const thin = sz <= THIN_SLICE_MM;
  const halo = thin ? dilate(part, grid, HALO_MM) : withHalo(part, volume, -2000);
  const ring = difference(dilate(halo, grid, Math.max(1.6, 1.1 * Math.max(sx, sy))), halo);
  const around: number[] = [];
  const clean = options.others ? difference(ring, options.others) : ring;
  forEachRun(clean, (j, k, start, end) => {
    for (let i = start; i < end; i++) around.push(hu[at(i, j, k)]);
  });
  around.sort((a, b) => a - b);
  const backgroundHu = quantile(around, 0.5);

  // inner voxels of a thin part still lose a little to the blur: its plateau is nearer their upper end
  const deepShare = deep.length / voxels;
  const ownHu = deep.length >= 8 ? quantile(deep, deepShare > 0.3 ? 0.5 : 0.8) : 0;
  const thick = ownHu > 0;
  const topHu = quantile(inner, 0.9);
  const plateauHu = thick ? ownHu : Math.max(topHu, options.cementHu ?? topHu);
  const contrast = Math.max(100, plateauHu - backgroundHu);
  const box = thin ? boxAround(ring, grid, 0) : null;
  const behindHu = box ? localMedian(volume, clean, box, backgroundHu) : () => backgroundHu;
  const off: number[] = [];
  const behinds: number[] = [];
  forEachRun(clean, (j, k, start, end) => {
    for (let i = start; i < end; i++) {
      const behind = behindHu(i, j, k);
      off.push(hu[at(i, j, k)] - behind);
      behinds.push(behind);
    }
  });
  off.sort((a, b) => a - b);
  behinds.sort((a, b) => a - b);
  // bone on one side and fat on the other: where one ends and the other begins is hidden
  const unevenHu = (quantile(behinds, 0.84) - quantile(behinds, 0.16)) / 2;
  const spreadHu = (quantile(off, 0.84) - quantile(off, 0.16)) / 2;
  let mm3 = 0;
  let softMm3 = 0;
  forEachRun(options.others ? difference(halo, options.others) : halo, (j, k, start, end) => {
    const voxelMm3 = voxelVolumeMm3(grid, k);
    for (let i = start; i < end; i++) {
      const behind = behindHu(i, j, k);
      const share = (hu[at(i, j, k)] - behind) / Math.max(100, plateauHu - behind);
      // a voxel below the surroundings is noise and may count against one above them
      const filled = Math.max(-0.15, Math.min(1, share));
      mm3 += filled * voxelMm3;
      if (share < 0.95) softMm3 += voxelMm3;
    }
  });
  mm3 = Math.max(mm3, 0.25 * counted);
  const plateauError = thick ? 0.045 + 0.06 * Math.max(0, 0.4 - deepShare) : options.cementHu ? 0.16 : 0.3;
  const backgroundError =
    ((thick ? 0.25 : 0.4) * Math.hypot(Math.max(15, spreadHu), UNEVEN * unevenHu) * softMm3) / contrast;
  const edgeError = 0.12 * Math.cbrt(sx * sy * sz) * (6 * counted) ** (2 / 3) * 0.35;
  const sd = Math.sqrt((plateauError * mm3) ** 2 + backgroundError ** 2 + edgeError ** 2);
  return { mm3, ci95Mm3: [Math.max(0, mm3 - 1.96 * sd), mm3 + 1.96 * sd], notes: volumeNotes(volume, part) };
}

/** What makes a part's volume less certain: thick slices, voxels at the scanner's ceiling. */
export function volumeNotes({ grid, hu, clippedAtHu }: CtVolume, part: RunMask): LocalText[] {
  const [, , sz] = spacingMm(grid);
  let clipped = 0;
  if (clippedAtHu !== null)
    forEachRun(part, (j, k, start, end) => {
      const row = (k * grid.rows + j) * grid.columns;
      for (let i = start; i < end; i++) if (hu[row + i] >= clippedAtHu) clipped++;
    });
  const notes: LocalText[] = [];
  if (sz > 1.5)
    notes.push({
      en: `Slices of ${sz.toFixed(1)} mm are thick for this volume`,
      zh: `层厚 ${sz.toFixed(1)} mm，对该体积偏厚`,
    });
  if (clipped > 0)
    notes.push({
      en: `${clipped} voxels are at the scanner's ceiling: mean and maximum are lower bounds`,
      zh: `${clipped} 个体素达到扫描仪上限：均值与最大值为下限`,
    });
  return notes;
}
