// The engine's proposal as a case document: every candidate a leak of a draft, every rejected part "not cement" with its reason.
import type { Proposal } from "#cement/engine/proposal";
import type { CaseDocument, Part } from "#cement/model/case-document";
import { maskIdOfPart, newCase } from "#cement/model/case-document";
import type { RunMask } from "#voxels/mask";

export interface DraftCase {
  readonly document: CaseDocument;
  /** By part mask id. */
  readonly masks: ReadonlyMap<string, RunMask>;
}

export interface DraftOptions {
  readonly documentId: string;
  readonly createdAt: Date;
  readonly newUid: () => string;
  readonly procedure: CaseDocument["procedure"];
  readonly injectedVolumeMl?: number;
}

/** A draft in which nothing is decided by a person: status stays draft, confidences are the engine's own, never "definite". */
export function draftCase(proposal: Proposal, options: DraftOptions): DraftCase {
  const { newUid } = options;
  const empty = newCase({
    documentId: options.documentId,
    createdAt: options.createdAt.toISOString(),
    trackingUid: newUid(),
  });
  const masks = new Map<string, RunMask>();
  const parts: Part[] = [];
  const lesions = proposal.intraosseous.map((cement, n) => ({
    ...empty.lesions[0],
    lesionId: `L${n + 1}`,
    trackingUid: newUid(),
    bone: cement.bone,
    side: cement.side,
    ...(cement.bone === "sacrum" && cement.levels.length > 0 ? { sacralLevels: [...cement.levels] } : {}),
    ...(options.injectedVolumeMl !== undefined && proposal.intraosseous.length === 1
      ? { injectedVolumeMl: options.injectedVolumeMl }
      : {}),
  }));
  const add = (mask: RunMask, part: Omit<Part, "partId" | "trackingUid" | "origin">) => {
    const partId = `P${parts.length + 1}`;
    masks.set(maskIdOfPart(partId), mask);
    parts.push({ ...part, partId, trackingUid: newUid(), origin: "proposed" });
  };
  proposal.intraosseous.forEach((cement, n) =>
    add(cement.mask, { role: "intraosseous", lesionId: `L${n + 1}`, componentId: `C${n + 1}`, leak: null }),
  );
  proposal.candidates.forEach((candidate, n) => {
    const same = lesions.filter((lesion) => lesion.side === candidate.side);
    const lesion = lesions.length === 1 ? lesions[0] : same.length === 1 ? same[0] : null;
    add(candidate.mask, {
      role: "leak",
      lesionId: lesion?.lesionId ?? null,
      componentId: candidate.componentId,
      leak: {
        number: n + 1,
        site: candidate.site,
        route: candidate.route,
        side: candidate.side,
        ...(candidate.sacralLevels.length > 0 && lesion?.bone === "sacrum"
          ? { sacralLevels: [...candidate.sacralLevels] }
          : {}),
        ...(candidate.denisZoneOrigin && lesion?.bone === "sacrum"
          ? { denisZoneOrigin: candidate.denisZoneOrigin }
          : {}),
        ...(candidate.maxBeyondCortexMm > 0 ? { maxBeyondCortexMm: candidate.maxBeyondCortexMm } : {}),
        symptom: "not_assessed",
        confidence: candidate.confidence,
        proposal: {
          site: candidate.site,
          route: candidate.route,
          score: Number(candidate.score.toFixed(3)),
          reason: candidate.reason.en,
          engineVersion: proposal.engineVersion,
        },
      },
    });
  });
  for (const rejected of proposal.rejected)
    add(rejected.mask, {
      role: "not_cement",
      lesionId: null,
      componentId: `N${parts.length + 1}`,
      reason: rejected.reason.en,
      leak: null,
    });
  return {
    document: {
      ...empty,
      floorHu: proposal.floorHu,
      proposedFloorHu: proposal.floorHu,
      parts,
      lesions: lesions.length > 0 ? lesions : [],
      procedure: options.procedure,
      next: { leak: proposal.candidates.length + 1, lesion: lesions.length + 1, part: parts.length + 1 },
    },
    masks,
  };
}
