// The engine's draft on the screen: candidates wait in a queue; nothing becomes a leak until the reader says so, one by one.
import { draftFromProposal } from "../engine/draft.ts";
import { injectedInAll } from "../model/mass-balance.ts";
import { voxelCount } from "#voxels/mask";
import { difference } from "#voxels/set-operations";
import type { Proposal } from "../engine/proposal.ts";
import type { RunCementJob } from "../jobs.ts";
import { lesionOf, type CaseDocument, type Part } from "../model/case-document.ts";
import { CANDIDATE_FIELD_MM } from "./decide.ts";
import type { Reading } from "./reading.ts";
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
      const stillHere = (): boolean => reading.host.scene.get().series === series;
      const { procedure, lesions } = reading.document.get();
      const priorStudyUid = reading.host.prior.get()?.study.studyInstanceUid;
      const injectedVolumeMl = injectedInAll(lesions);
      try {
        const proposal = await run(
          "cement-leakage/propose",
          {
            procedure: {
              ...(injectedVolumeMl === undefined ? {} : { injectedVolumeMl }),
              ...(lesions[0]?.lysis ? { lysis: lesions[0].lysis } : {}),
              ...(procedure.indication ? { pathology: procedure.indication } : {}),
            },
            ...(series?.contrastAgent ? { contrastAgent: series.contrastAgent } : {}),
          },
          {
            signal: running.signal,
            progress: (fraction) => stillHere() && reading.setState({ busy: fraction }),
          },
        );
        if (!stillHere()) return;
        reading.setState({ busy: null });
        land(reading, proposal, proposal.priorCompared ? priorStudyUid : undefined);
      } finally {
        if (stillHere()) {
          running = null;
          reading.setState({ busy: null });
        }
      }
    },
    cancel: () => running?.abort(new DOMException("cancelled by the reader", "AbortError")),
  };
}

/** `priorStudyUid`: the study that it was compared with. */
function land(reading: Reading, proposal: Proposal, priorStudyUid: string | undefined): void {
  const alerts = proposal.rejected.flatMap((part) => (part.kind === "alert" ? [part.reason.en] : []));
  for (const note of proposal.notes)
    reading.host.notify(reading.say(note), alerts.includes(note.en) ? "error" : "info");
  if (proposal.intraosseous.length === 0 && proposal.candidates.length === 0) return;
  let first: string | null = null;
  const done = reading.change(STEP.propose, (draft) => {
    const { document, masks } = draftFromProposal(draft.document, proposal, {
      newUid: reading.host.newUid,
      locale: reading.host.locale.get(),
    });
    const drafted = new Set(document.parts.map((part) => part.partId));
    const kept = draft.document.parts.filter((part) => drafted.has(part.partId) || turnedDown(part));
    for (const part of draft.document.parts) if (!kept.includes(part)) draft.deleteMask(part.partId);
    const decided = kept.map((part) => draft.mask(part.partId)).filter((mask) => mask !== null);
    const parts = [...kept];
    for (const part of document.parts) {
      const mask = masks.get(part.partId);
      if (!mask) continue;
      // A voxel belongs to one part, and what has been decided about it is not asked again.
      const rest = decided.reduce((left, other) => difference(left, other), mask);
      if (voxelCount(rest) < LEAST_SHARE_UNDECIDED * voxelCount(mask)) continue;
      draft.setMask(part.partId, rest);
      parts.push(part);
      if (part.role === "undecided") first ??= part.partId;
    }
    const { priorStudyUid: _before, ...rest } = document;
    return {
      ...rest,
      parts,
      lesions: keptFacts(draft.document, document),
      ...(priorStudyUid ? { priorStudyUid } : {}),
    };
  });
  if (done) reading.select(first, { jump: true, fieldMm: CANDIDATE_FIELD_MM });
}

/** Less of a proposed part than this lies outside what has been decided: it says the same once more. */
const LEAST_SHARE_UNDECIDED = 0.5;

/** A candidate that a reader said is something else. */
const turnedDown = (part: Part): boolean =>
  part.proposed !== undefined && (part.role === "not_cement" || part.role === "intraosseous");

/** Lesions after an earlier draft, or that a reader has described, keep their bone, side and levels: they may have been corrected. */
function keptFacts(before: CaseDocument, after: CaseDocument): CaseDocument["lesions"] {
  const again = before.parts.some((part) => part.origin === "proposed");
  return after.lesions.map((lesion) => {
    const known = lesionOf(before, lesion.lesionId);
    const described =
      known &&
      (known.bone !== "sacrum" ||
        known.sacralLevels !== undefined ||
        before.assessments.some((entry) => entry.lesionId === known.lesionId));
    return known && (again || described) ? known : lesion;
  });
}
