// The engine's draft on the screen: candidates wait in a queue; nothing becomes a leak until the reader says so, one by one.
import { voxelCount } from "#voxels/mask";
import type { Candidate, Proposal } from "../engine/proposal.ts";
import type { RunCementJob } from "../jobs.ts";
import { withPart, type CaseDocument, type Lesion, type Proposed } from "../model/case-document.ts";
import { withNewPart } from "./find.ts";
import type { CaseDraft, Reading } from "./reading.ts";
import { STEP } from "./words.ts";

export interface Proposing {
  /** Runs the engine and lands its draft as one undo step. Parts that a reader decided or drew are kept as they are. */
  propose(): Promise<void>;
  cancel(): void;
}

export function createProposing(reading: Reading): Proposing {
  const run = reading.host.jobs.run as RunCementJob; // ids and types of this plugin's own table
  let running: AbortController | null = null;
  return {
    async propose() {
      const why = reading.whyNot();
      if (why) {
        reading.host.notify(why, "warning");
        return;
      }
      running = new AbortController();
      reading.setState({ busy: 0 });
      const { series } = reading.host.scene.get();
      const { procedure, lesions } = reading.document.get();
      const injected = lesions.map((lesion) => lesion.injectedVolumeMl);
      const known = injected.every((millilitres) => millilitres !== undefined);
      try {
        const proposal = await run(
          "cement-leakage/propose",
          {
            procedure: {
              ...(known
                ? { injectedVolumeMl: injected.reduce<number>((sum, ml) => sum + (ml ?? 0), 0) }
                : {}),
              ...(lesions[0]?.lysis ? { lysis: lesions[0].lysis } : {}),
              ...(procedure.indication ? { pathology: procedure.indication } : {}),
            },
          },
          { signal: running.signal, progress: (fraction) => reading.setState({ busy: fraction }) },
        );
        if (reading.host.scene.get().series !== series) return;
        reading.setState({ busy: null });
        land(reading, proposal);
      } finally {
        running = null;
        reading.setState({ busy: null });
      }
    },
    cancel: () => running?.abort(new DOMException("cancelled by the reader", "AbortError")),
  };
}

function land(reading: Reading, proposal: Proposal): void {
  for (const note of proposal.notes) reading.host.notify(reading.say(note), "info");
  if (proposal.intraosseous.length === 0 && proposal.candidates.length === 0) return;
  let first: string | null = null;
  reading.change(STEP.propose, (draft) => {
    let document = withoutUndecided(draft);
    document = { ...document, floorHu: proposal.floorHu, proposedFloorHu: proposal.floorHu };
    proposal.intraosseous.forEach((cement, index) => {
      document = withLesionFor(document, index, cement, reading.host.newUid);
      document = withNewPart(draft, document, cement.mask, {
        newUid: reading.host.newUid,
        origin: "proposed",
        role: "intraosseous",
        lesionId: document.lesions[index].lesionId,
      });
    });
    const lesionOfComponent = document.lesions[0]?.lesionId ?? null;
    const queue = proposal.candidates.toSorted(
      (a, b) => b.score - a.score || voxelCount(b.mask) - voxelCount(a.mask),
    );
    for (const candidate of queue) {
      const partId = `P${document.next.part}`;
      first ??= partId;
      document = withNewPart(draft, document, candidate.mask, {
        newUid: reading.host.newUid,
        origin: "proposed",
        role: "undecided",
        lesionId: lesionNear(document, candidate) ?? lesionOfComponent,
        componentId: candidate.componentId,
        reason: reading.say(candidate.reason),
      });
      document = withPart(document, partId, (part) => ({
        ...part,
        proposed: proposedOf(candidate, proposal.engineVersion),
      }));
    }
    for (const rejected of proposal.rejected)
      document = withNewPart(draft, document, rejected.mask, {
        newUid: reading.host.newUid,
        origin: "proposed",
        role: "not_cement",
        lesionId: null,
        reason: reading.say(rejected.reason),
      });
    return document;
  });
  reading.select(first, { jump: true, fieldMm: 110 });
}

/** What a search or an earlier draft left without a decision makes room; the cast found by threshold is drawn anew. */
function withoutUndecided(draft: CaseDraft): CaseDocument {
  const { document } = draft;
  const kept = document.parts.filter(
    (part) =>
      (part.origin !== "found" && part.origin !== "proposed") || (part.role === "leak" && part.leak !== null),
  );
  for (const part of document.parts) if (!kept.includes(part)) draft.deleteMask(part.partId);
  return { ...document, parts: kept };
}

/** The lesion that a cast belongs to: the first ones are filled in, more casts make more lesions. */
function withLesionFor(
  document: CaseDocument,
  index: number,
  cement: Proposal["intraosseous"][number],
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

/** The lesion of the candidate's own side, where that is one; else nothing is assumed. */
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
});
