// Cement of an earlier procedure in the findings: measured like any other, and part of no volume, balance or rate.
import type { Vec3 } from "#core/space";
import type { CtVolume } from "#core/volume";
import { isEmpty, type RunMask } from "#voxels/mask";
import { difference } from "#voxels/set-operations";
import { isPrevious, maskIdOfPart, type CaseDocument } from "../model/case-document.ts";
import type { FindingsPrevious, Measures, Side } from "../model/findings.ts";
import { measurePart } from "../model/measures.ts";

export interface PreviousInput {
  readonly document: CaseDocument;
  /** By part mask id. */
  readonly masks: ReadonlyMap<string, RunMask>;
  readonly volume: CtVolume;
  /** Side of a patient point (mm, LPS); null where the midline is not known. */
  readonly sideAt: (point: Vec3) => Side | null;
}

export interface PreviousCement {
  readonly entries: readonly FindingsPrevious[];
  /** By id ("E1"). */
  readonly masks: ReadonlyMap<string, RunMask>;
}

/** `counted`: the masks of this procedure's cement, to which a voxel that both hold belongs. Parts that hold nothing else are left out. */
export function previousCement(
  { document, masks, volume, sideAt }: PreviousInput,
  counted: Iterable<RunMask>,
  measured: (mask: RunMask) => Measures,
): PreviousCement {
  const taken = [...counted];
  const entries: FindingsPrevious[] = [];
  const kept = new Map<string, RunMask>();
  for (const part of document.parts.filter(isPrevious)) {
    const whole = masks.get(maskIdOfPart(part.partId));
    const mask = whole && taken.reduce(difference, whole);
    if (!mask || isEmpty(mask)) continue;
    taken.push(mask);
    const previousId = `E${entries.length + 1}`;
    const [x, y, z] = measurePart(mask, volume).centroidPatient;
    const side = sideAt([x, y, z]);
    kept.set(previousId, mask);
    entries.push({
      previousId,
      partId: part.partId,
      ...measured(mask),
      trackingId: `Earlier cement ${previousId}`,
      trackingUid: part.trackingUid,
      ...(side ? { side } : {}),
      reason: part.reason ?? "",
      centroidMm: [Number(x.toFixed(2)), Number(y.toFixed(2)), Number(z.toFixed(2))],
    });
  }
  return { entries, masks: kept };
}
