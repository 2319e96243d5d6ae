// The engine's proposal as parts of a case: cement in bone by lesion, a queue of undecided candidates, and what is not cement.
import { voxelCount, type RunMask } from "#voxels/mask";
import {
  withPartAdded,
  type CaseDocument,
  type Lesion,
  type NewPart,
  type Proposed,
} from "../model/case-document.ts";
import type { LocalText } from "../model/sites.ts";
import type { Candidate, Intraosseous, Proposal } from "./proposal.ts";

export interface DraftOptions {
  readonly newUid: () => string;
  /** Language of the reasons that are kept with a part. */
  readonly locale: keyof LocalText;
}

export interface ProposalDraft {
  readonly document: CaseDocument;
  /** Masks of the parts that the proposal brought, by part id; parts that are no longer in the document have lost theirs. */
  readonly masks: ReadonlyMap<string, RunMask>;
}

/**
 * Parts that a reader decided or drew are kept; what a search or an earlier draft left without a decision makes room. Candidates
 * come as undecided parts, the surest and largest first: nothing is a leak before a person says so.
 */
export function draftFromProposal(
  document: CaseDocument,
  proposal: Proposal,
  { newUid, locale }: DraftOptions,
): ProposalDraft {
  const masks = new Map<string, RunMask>();
  let draft: CaseDocument = {
    ...withoutUndecided(document),
    floorHu: proposal.floorHu,
    proposedFloorHu: proposal.floorHu,
  };
  const add = (mask: RunMask, part: Omit<NewPart, "newUid" | "origin">): void => {
    masks.set(`P${draft.next.part}`, mask);
    draft = withPartAdded(draft, { ...part, newUid, origin: "proposed" });
  };
  proposal.intraosseous.forEach((cement, index) => {
    draft = withLesionFor(draft, index, cement, newUid);
    add(cement.mask, { role: "intraosseous", lesionId: draft.lesions[index].lesionId });
  });
  const firstLesion = draft.lesions[0]?.lesionId ?? null;
  const queue = proposal.candidates.toSorted(
    (a, b) => b.score - a.score || voxelCount(b.mask) - voxelCount(a.mask),
  );
  for (const candidate of queue)
    add(candidate.mask, {
      role: "undecided",
      lesionId: lesionNear(draft, candidate) ?? firstLesion,
      componentId: candidate.componentId,
      reason: candidate.reason[locale],
      proposed: proposedOf(candidate, proposal.engineVersion),
    });
  for (const rejected of proposal.rejected)
    add(rejected.mask, { role: "not_cement", lesionId: null, reason: rejected.reason[locale] });
  return { document: draft, masks };
}

/** The cast found by threshold is drawn anew as well. */
const withoutUndecided = (document: CaseDocument): CaseDocument => ({
  ...document,
  parts: document.parts.filter(
    (part) =>
      (part.origin !== "found" && part.origin !== "proposed") || (part.role === "leak" && part.leak !== null),
  ),
});

/** The lesion that a cast belongs to: the first ones are filled in, more casts make more lesions. */
function withLesionFor(
  document: CaseDocument,
  index: number,
  cement: Intraosseous,
  newUid: () => string,
): CaseDocument {
  const facts: Partial<Lesion> = {
    bone: cement.bone,
    side: cement.side,
    ...(cement.bone === "sacrum" && cement.levels.length > 0 ? { sacralLevels: [...cement.levels] } : {}),
  };
  const present = document.lesions[index];
  if (present)
    return {
      ...document,
      lesions: document.lesions.map((lesion) => (lesion === present ? { ...lesion, ...facts } : lesion)),
    };
  const lesionId = `L${document.next.lesion}`;
  return {
    ...document,
    next: { ...document.next, lesion: document.next.lesion + 1 },
    lesions: [
      ...document.lesions,
      { lesionId, bone: cement.bone, side: cement.side, trackingUid: newUid(), ...facts },
    ],
  };
}

/** The lesion of the candidate's own side, where that is one. */
function lesionNear(document: CaseDocument, candidate: Candidate): string | null {
  if (document.lesions.length === 1) return document.lesions[0].lesionId;
  const same = document.lesions.filter((lesion) => lesion.side === candidate.side);
  return same.length === 1 ? same[0].lesionId : null;
}

const proposedOf = (candidate: Candidate, engineVersion: string): Proposed => ({
  site: candidate.site,
  route: candidate.route,
  side: candidate.side,
  ...(candidate.sacralLevels.length > 0 ? { sacralLevels: [...candidate.sacralLevels] } : {}),
  ...(candidate.denisZoneOrigin ? { denisZoneOrigin: candidate.denisZoneOrigin } : {}),
  confidence: candidate.confidence,
  maxBeyondCortexMm: candidate.maxBeyondCortexMm,
  score: candidate.score,
  reason: candidate.reason,
  engineVersion,
  estimate: {
    voxels: voxelCount(candidate.mask),
    mm3: candidate.volumeEstimateMm3,
    ci95Mm3: [...candidate.volumeCi95Mm3],
  },
});
