// The engine's draft on the screen: candidates wait in a queue; nothing becomes a leak until the reader says so, one by one.
import { draftFromProposal } from "../engine/draft.ts";
import type { Proposal } from "../engine/proposal.ts";
import type { RunCementJob } from "../jobs.ts";
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
          {
            signal: running.signal,
            progress: (fraction) => stillHere() && reading.setState({ busy: fraction }),
          },
        );
        if (!stillHere()) return;
        reading.setState({ busy: null });
        land(reading, proposal);
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

function land(reading: Reading, proposal: Proposal): void {
  for (const note of proposal.notes) reading.host.notify(reading.say(note), "info");
  if (proposal.intraosseous.length === 0 && proposal.candidates.length === 0) return;
  let first: string | null = null;
  reading.change(STEP.propose, (draft) => {
    const { document, masks } = draftFromProposal(draft.document, proposal, {
      newUid: reading.host.newUid,
      locale: reading.host.locale.get(),
    });
    const kept = new Set(document.parts.map((part) => part.partId));
    for (const { partId } of draft.document.parts) if (!kept.has(partId)) draft.deleteMask(partId);
    for (const [partId, mask] of masks) draft.setMask(partId, mask);
    first =
      document.parts.find((part) => part.role === "undecided" && masks.has(part.partId))?.partId ?? null;
    return document;
  });
  reading.select(first, { jump: true, fieldMm: 110 });
}
