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
import { isBlank, lesionAt, matchLesions } from "./match-lesions.ts";
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
  /** The lesion of each cast of the proposal, in its order. */
  readonly lesionIdOfCast: readonly string[];
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
    ...(proposal.contrast?.vessel
      ? { imagingFacts: { ...document.imagingFacts, vesselHu: proposal.contrast.vessel.hu } }
      : {}),
  };
  const add = (mask: RunMask, part: Omit<NewPart, "newUid" | "origin">): void => {
    masks.set(`P${draft.next.part}`, mask);
    draft = withPartAdded(draft, { ...part, newUid, origin: "proposed" });
  };
  const lesionOfCast = matchLesions(draft.lesions, proposal.intraosseous);
  draft = withLesionsFor(draft, lesionOfCast, proposal.intraosseous, newUid);
  const lesionIdOfCast = lesionOfCast.map((at) => draft.lesions[at].lesionId);
  proposal.intraosseous.forEach((cement, n) =>
    add(cement.mask, { role: "intraosseous", lesionId: lesionIdOfCast[n] }),
  );
  const queue = proposal.candidates.toSorted(
    (a, b) => b.score - a.score || voxelCount(b.mask) - voxelCount(a.mask),
  );
  const lesionOf = (candidate: Candidate): string | null => {
    const at = lesionAt(candidate, proposal.intraosseous, lesionOfCast);
    return at === null ? null : draft.lesions[at].lesionId;
  };
  for (const candidate of queue)
    add(candidate.mask, {
      role: "undecided",
      lesionId: lesionOf(candidate),
      componentId: candidate.componentId,
      reason: candidate.reason[locale],
      proposed: proposedOf(candidate, proposal.engineVersion),
    });
  for (const rejected of proposal.rejected)
    add(rejected.mask, {
      // a person has to look at what may be cement after all
      role: rejected.kind === "alert" ? "undecided" : "not_cement",
      lesionId: null,
      reason: rejected.reason[locale],
      ...(rejected.kind === "alert" ? { alert: true } : {}),
      ...(rejected.kind === "metal" ? { notMeasurable: "metal" } : {}),
      ...(rejected.kind === "previous" ? { previous: true } : {}),
    });
  return { document: draft, masks, lesionIdOfCast };
}

/** The cast found by threshold is drawn anew as well. */
const withoutUndecided = (document: CaseDocument): CaseDocument => ({
  ...document,
  parts: document.parts.filter(
    (part) =>
      (part.origin !== "found" && part.origin !== "proposed") || (part.role === "leak" && part.leak !== null),
  ),
});

/** What the casts tell of their lesions; what was stated stays. Casts that fit none make lesions of their own. */
function withLesionsFor(
  document: CaseDocument,
  lesionOfCast: readonly number[],
  casts: readonly Intraosseous[],
  newUid: () => string,
): CaseDocument {
  const lesions = [...document.lesions];
  let next = document.next.lesion;
  for (const at of [...new Set(lesionOfCast)].sort((a, b) => a - b)) {
    const own = casts.filter((_, n) => lesionOfCast[n] === at);
    const [largest] = own.toSorted((a, b) => b.volumeMm3 - a.volumeMm3);
    const { bone, side } = largest;
    const levels = bone === "sacrum" ? [...new Set(own.flatMap((cast) => cast.levels))].sort() : [];
    const seen: Partial<Lesion> = levels.length > 0 ? { sacralLevels: levels } : {};
    const stated = lesions[at] as Lesion | undefined;
    if (!stated) lesions[at] = { lesionId: `L${next++}`, bone, side, trackingUid: newUid(), ...seen };
    else if (isBlank(stated)) lesions[at] = { ...stated, bone, side, ...seen };
    else
      lesions[at] = {
        ...seen,
        ...stated,
        side: stated.side === "midline" && !stated.sacralLevels ? side : stated.side,
      };
  }
  return { ...document, next: { ...document.next, lesion: next }, lesions };
}

const proposedOf = (candidate: Candidate, engineVersion: string): Proposed => ({
  site: candidate.site,
  route: candidate.route,
  side: candidate.side,
  ...(candidate.sacralLevels.length > 0 ? { sacralLevels: [...candidate.sacralLevels] } : {}),
  ...(candidate.denisZoneOrigin ? { denisZoneOrigin: candidate.denisZoneOrigin } : {}),
  confidence: candidate.confidence,
  maxBeyondCortexMm: candidate.maxBeyondCortexMm,
  geometry: geometryOf(candidate),
  score: candidate.score,
  reason: candidate.reason,
  engineVersion,
  ...(candidate.notes.length > 0 ? { notes: [...candidate.notes] } : {}),
  estimate: {
    voxels: voxelCount(candidate.mask),
    mm3: candidate.volumeEstimateMm3,
    ci95Mm3: [...candidate.volumeCi95Mm3],
  },
});

function geometryOf(candidate: Candidate): Proposed["geometry"] {
  const {
    canalNarrowing,
    neckAreaMm2,
    toCanalMm,
    toForamenMm,
    toPelvicSurfaceMm,
    toL5RootMm,
    toLumbosacralTrunkMm,
  } = candidate;
  const known = (mm: number | null): number | undefined =>
    mm === null || !Number.isFinite(mm) ? undefined : Number(mm.toFixed(1));
  return withoutGaps({
    voxels: voxelCount(candidate.mask),
    attached: candidate.attached,
    neckAreaMm2: known(neckAreaMm2),
    shape: candidate.shape,
    borderUncertaintyMm: known(candidate.borderUncertaintyMm) ?? 0,
    toCanalMm: known(toCanalMm),
    toForamenMm: known(toForamenMm),
    toPelvicSurfaceMm: known(toPelvicSurfaceMm),
    toL5RootEstimatedMm: known(toL5RootMm),
    toLumbosacralTrunkEstimatedMm: known(toLumbosacralTrunkMm),
    canalNarrowingPct: canalNarrowing === null ? undefined : Math.round(100 * canalNarrowing),
  });
}

/** What is not known is not said at all, so that a document read back is the same. */
function withoutGaps(geometry: NonNullable<Proposed["geometry"]>): NonNullable<Proposed["geometry"]> {
  const known = { ...geometry };
  for (const key of GAPS) if (known[key] === undefined) delete known[key];
  return known;
}
const GAPS = [
  "neckAreaMm2",
  "toCanalMm",
  "toForamenMm",
  "toPelvicSurfaceMm",
  "toL5RootEstimatedMm",
  "toLumbosacralTrunkEstimatedMm",
  "canalNarrowingPct",
] as const;
