// The partial-volume-aware estimate of any part of a case, with everything else of the case kept out of it.
import type { CtVolume } from "#core/volume";
import { plateauHu } from "#voxels/half-maximum";
import { isEmpty, voxelCount, type RunMask } from "#voxels/mask";
import { difference, unionAll } from "#voxels/set-operations";
import { estimateVolume, type VolumeEstimate } from "./volume-estimate.ts";
import { maskIdOfPart, type CaseDocument } from "../model/case-document.ts";

/**
 * One for all parts of a case. A proposed part that nobody changed keeps the engine's own estimate. Otherwise the plateau of the patient's cement is that of
 * its largest part in bone.
 */
export function volumeEstimator(
  document: CaseDocument,
  masks: ReadonlyMap<string, RunMask>,
  volume: CtVolume,
): (mask: RunMask) => VolumeEstimate {
  const cement = document.parts.flatMap((part) => {
    const mask = part.role === "not_cement" ? undefined : masks.get(maskIdOfPart(part.partId));
    return mask && !isEmpty(mask) ? [{ part, mask }] : [];
  });
  const everything = unionAll(
    volume.grid,
    cement.map(({ mask }) => mask),
  );
  const cast = cement
    .filter(({ part }) => part.role === "intraosseous")
    .toSorted((a, b) => voxelCount(b.mask) - voxelCount(a.mask))[0];
  const cementHu = (cast && plateauHu(cast.mask, volume)) ?? undefined;
  return (mask) => {
    const own = cement.find((entry) => entry.mask === mask)?.part.proposed?.estimate;
    if (own?.voxels === voxelCount(mask)) return { mm3: own.mm3, ci95Mm3: own.ci95Mm3, notes: [] };
    return estimateVolume(volume, mask, { cementHu, others: difference(everything, mask) });
  };
}
