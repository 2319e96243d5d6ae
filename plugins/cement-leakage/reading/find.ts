// One click finds the cement; the floor slider tries another floor and lands it with every decision carried over.
import type { CtVolume } from "#core/volume";
import { voxelCount, type RunMask } from "#voxels/mask";
import { difference, unionAll } from "#voxels/set-operations";
import type { FoundCement, FoundPart } from "../engine/find-cement.ts";
import type { TriedFloor } from "../engine/try-floor.ts";
import { atLocalHalfMaximum } from "../engine/local-half-maximum.ts";
import { patientMidline, sideOf } from "../engine/side.ts";
import type { RunCementJob } from "../jobs.ts";
import {
  isLeak,
  SPECKS_MASK_ID,
  withPart,
  withPartAdded,
  type CaseDocument,
  type NewPart,
  type Part,
} from "../model/case-document.ts";
import { measurePart } from "../model/measures.ts";
import { carryDecisions } from "./carry-decisions.ts";
import type { CaseDraft, Reading } from "./reading.ts";
import { STEP } from "./words.ts";

export interface Finder {
  /** Searches at the proposed floor (null) or at a given one, HU. */
  find(floorHu: number | null): Promise<void>;
  /** Shows what another floor would find, without changing the case: one floor after the other, and always the latest asked for. */
  tryFloor(floorHu: number | null): void;
  cancel(): void;
  /** What the tried floor found, for the overlay; null when none is being tried. */
  tried(): TriedFloor | null;
}

export function createFinder(reading: Reading, onTried: () => void): Finder {
  const run = reading.host.jobs.run as RunCementJob; // ids and types of this plugin's own table
  let running: AbortController | null = null;
  /** The floor that is to be tried: while one is at work, later ones replace each other here instead of piling up behind it. */
  let wantedHu: number | null = null;
  let following = false;
  /** With the CT that it was found in: another case must not be drawn with it. */
  let tried: { readonly series: unknown; readonly found: TriedFloor } | null = null;
  const seriesNow = (): unknown => reading.host.scene.get().series;

  const stopTrying = (): void => {
    wantedHu = null;
    tried = null;
    reading.trial.set(null);
  };

  async function follow(): Promise<void> {
    if (following) return;
    following = true;
    try {
      while (wantedHu !== null) {
        const floorHu: number = wantedHu;
        const series = seriesNow();
        const found = await run("cement-leakage/try-floor", { floorHu });
        if (wantedHu === null) return;
        if (wantedHu === floorHu) wantedHu = null;
        if (seriesNow() !== series) continue;
        tried = { series, found };
        reading.trial.set({ floorHu: wantedHu ?? floorHu, found });
        onTried();
      }
    } catch {
      // A real fault shows itself when the floor is set.
    } finally {
      following = false;
    }
  }

  return {
    async find(floorHu) {
      const why = reading.whyNot();
      if (why) {
        reading.host.notify(why, "warning");
        return;
      }
      stopTrying();
      running = new AbortController();
      const { signal } = running;
      reading.setState({ busy: 0 });
      const series = seriesNow();
      const stillHere = (): boolean => seriesNow() === series;
      try {
        const found = await run("cement-leakage/find", floorHu === null ? {} : { floorHu }, {
          signal,
          progress: (fraction) => stillHere() && reading.setState({ busy: fraction }),
        });
        if (!stillHere()) return;
        reading.setState({ busy: null });
        land(reading, found);
      } finally {
        if (stillHere()) {
          running = null;
          reading.setState({ busy: null });
          onTried();
        }
      }
    },
    tryFloor(floorHu) {
      if (floorHu === null) {
        stopTrying();
        onTried();
        return;
      }
      wantedHu = floorHu;
      reading.trial.set({ floorHu, found: reading.trial.get()?.found ?? null });
      void follow();
    },
    cancel: () => running?.abort(new DOMException("cancelled by the reader", "AbortError")),
    tried: () => (tried && tried.series === seriesNow() ? tried.found : null),
  };
}

/** Shows the sacrum and what lies around it: a leak of 2 mm is some ten pixels wide. */
const READING_FIELD_MM = 150;

/** Lands a search as one undo step. */
function land(reading: Reading, found: FoundCement): void {
  const first = reading.document.get().floorHu === null;
  let select: string | null = null;
  const stayed = new Map<string, RunMask>();
  const done = reading.change(first ? STEP.findCement : STEP.changeFloor, (draft) => {
    const { volume } = reading.host.scene.get();
    let document: CaseDocument = {
      ...draft.document,
      floorHu: found.floorHu,
      proposedFloorHu: found.proposedFloorHu,
    };
    if (!volume) return document;
    const decided = (part: Part): boolean => part.role !== "undecided" || part.origin !== "found";
    const earlier = new Map<string, RunMask>();
    for (const part of document.parts) {
      const mask = draft.mask(part.partId);
      if (mask && decided(part)) earlier.set(part.partId, mask);
    }
    const carried = carryDecisions(earlier, found.parts, volume.grid);
    const parts: Part[] = [];
    for (const part of document.parts) {
      const { thresholdHu, ...bare } = part;
      const mask = carried.kept.get(part.partId);
      const before = earlier.get(part.partId);
      if (mask) {
        draft.setMask(part.partId, mask);
        parts.push(bare); // drawn at the new floor; its own threshold went with its former voxels
      } else if (before && (isLeak(part) || part.origin !== "found")) {
        // A floor says what is found, not what a reader has decided or drawn: that stays, at the floor that it was made with.
        stayed.set(part.partId, before);
        const madeAtHu = thresholdHu ?? draft.document.floorHu ?? undefined;
        parts.push({ ...bare, ...(madeAtHu === undefined ? {} : { thresholdHu: madeAtHu }) });
      } else {
        draft.deleteMask(part.partId);
        if (part.lastKnown && !before) parts.push(part);
      }
    }
    document = { ...document, parts };
    const everything = unionAll(volume.grid, [...found.parts.map((part) => part.mask), found.specks]);
    const atProposed = found.floorHu === found.proposedFloorHu;
    draft.setMask(SPECKS_MASK_ID, difference(found.specks, unionAll(volume.grid, [...stayed.values()])));
    const hasIntraosseous = parts.some((part) => part.role === "intraosseous");
    carried.fresh.forEach(({ mask, found: part }, index) => {
      const intraosseous = !hasIntraosseous && index === 0 && part.suggestion === "cement";
      document = withNewPart(draft, document, mask, {
        newUid: reading.host.newUid,
        origin: "found",
        role: intraosseous ? "intraosseous" : part.suggestion === "not_cement" ? "not_cement" : "undecided",
        lesionId: intraosseous ? reading.selectedLesionId() : null,
        reason: reasonOf(reading, part),
      });
    });
    if (atProposed) {
      const cast = largestOf(document, draft);
      for (const part of document.parts)
        if (
          part.role !== "not_cement" &&
          part.partId !== cast &&
          part.origin !== "painted" &&
          !stayed.has(part.partId)
        )
          document = withLocalThreshold(draft, document, part.partId, everything, volume);
    }
    const main = document.parts.find((part) => part.role === "intraosseous");
    const mainMask = main && draft.mask(main.partId);
    if (first && mainMask) document = proposeSide(document, mainMask, reading);
    select = document.parts.find((part) => part.role === "undecided")?.partId ?? main?.partId ?? null;
    return document;
  });
  if (!done) return; // a locked or hidden part would have changed: that has been said
  if (stayed.size > 0) {
    const names = [...stayed.keys()].join(", ");
    reading.host.notify(
      reading.say({
        en: `Not found at this floor, kept as decided: ${names}`,
        zh: `在此下限未找到，按已有判定保留：${names}`,
      }),
      "info",
    );
  }
  reading.select(select, { jump: true, fieldMm: first ? READING_FIELD_MM : undefined });
}

/** The biggest part: the cast itself, which the series' floor was made for. */
function largestOf(document: CaseDocument, draft: CaseDraft): string | null {
  let largest: string | null = null;
  let most = 0;
  for (const { partId } of document.parts) {
    const mask = draft.mask(partId);
    const voxels = mask ? voxelCount(mask) : 0;
    if (voxels > most) [largest, most] = [partId, voxels];
  }
  return largest;
}

/** Draws a part again at its own half maximum, beside all other cement (`everything`, which may hold the part itself). */
export function withLocalThreshold(
  draft: CaseDraft,
  document: CaseDocument,
  partId: string,
  everything: RunMask,
  volume: CtVolume,
): CaseDocument {
  const mask = draft.mask(partId);
  const refined = mask && atLocalHalfMaximum(mask, volume, difference(everything, mask));
  if (!refined) return document;
  draft.setMask(partId, refined.mask);
  return withPart(document, partId, (part) => ({ ...part, thresholdHu: refined.thresholdHu }));
}

const reasonOf = (reading: Reading, part: FoundPart): string => reading.say(part.reason);

/** Fills the first lesion's side from where the cement lies; a default that the reader sees and can change. */
function proposeSide(document: CaseDocument, mask: RunMask, reading: Reading): CaseDocument {
  const { volume } = reading.host.scene.get();
  const midline = volume && patientMidline(volume);
  if (!volume || !midline) return document;
  const side = sideOf(midline, measurePart(mask, volume).centroidPatient);
  return {
    ...document,
    lesions: document.lesions.map((lesion, index) => (index === 0 ? { ...lesion, side } : lesion)),
  };
}

/** Adds a part with its mask to a draft; numbers are never reused. */
export function withNewPart(
  draft: CaseDraft,
  document: CaseDocument,
  mask: RunMask,
  part: NewPart,
): CaseDocument {
  draft.setMask(`P${document.next.part}`, mask);
  return withPartAdded(document, part);
}
