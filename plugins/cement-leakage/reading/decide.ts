// What a reader decides of a part, a leak, a lesion and the checklist: one verb, one undo step.
import { componentMask, components } from "#voxels/components";
import { difference } from "#voxels/set-operations";
import { patientMidline, sideOf } from "../engine/side.ts";
import {
  leakFieldsOfProposed,
  lesionOf,
  openSites,
  partOf,
  SPECKS_MASK_ID,
  siteAnswer,
  withAnswer,
  withLesion,
  withPart,
  type CaseDocument,
  type LeakFields,
  type Lesion,
  type Part,
} from "../model/case-document.ts";
import type { Route } from "../model/findings.ts";
import {
  departmentExportsSeenSlices,
  sitesFor,
  type Bone,
  type LocalText,
  type SiteId,
} from "../model/sites.ts";
import { measurePart } from "../model/measures.ts";
import { withNewPart } from "./find.ts";
import { createRearranging, type Rearranging } from "./rearrange.ts";
import type { Reading } from "./reading.ts";
import { EARLIER_CEMENT, type RejectReason } from "./reject-reasons.ts";
import { STEP, WHY } from "./words.ts";

/** Sites with a key of their own (1 to 9), for the bone of the lesion at hand. */
export const sitesWithKeys = (bone: Bone): readonly SiteId[] =>
  sitesFor(bone)
    .slice(0, 9)
    .map((site) => site.id);

/** The route that a site implies by its definition (DOMAIN §1.2); anything else stays unknown until the reader says. */
const impliedRoute = (site: SiteId): Route | null =>
  site === "puncture_path" || site === "vertebral_puncture_path"
    ? "needle_track"
    : [
          "sacral_venous_plexus",
          "iliac_vein",
          "paravertebral_vein",
          "prevertebral_vein",
          "azygos_or_ivc",
        ].includes(site)
      ? "vein"
      : ["anterior_sacral_foramen", "posterior_sacral_foramen", "intervertebral_foramen"].includes(site)
        ? "foramen"
        : null;

/** Shown around a candidate: bone on both sides of it, and 2 mm are some ten pixels. */
export const CANDIDATE_FIELD_MM = 110;
/** More than a reader would look at one by one. */
const MOST_SPECKS = 30;

export interface Deciding extends Rearranging {
  /** Marks the selected part; goes on to the next undecided one. */
  markIntraosseous(): void;
  markNotCement(reason?: string): void;
  /** Turns the selected part down for one of the reasons; cement of an earlier procedure stays cement, kept apart. */
  reject(reason: RejectReason): void;
  /** Takes over what the engine proposes for the selected part. */
  accept(): void;
  /** Makes the selected part a leak (if it isn't one) with this site; null leaves the site open. */
  markLeak(site: SiteId | null): void;
  /** Site by its key, counted from 1, for the bone of the selected lesion. */
  markLeakByKey(key: number): void;
  setLeak(partId: string, change: Partial<LeakFields>): void;
  setPartLesion(partId: string, lesionId: string | null): void;
  remove(): void;
  /** Makes each of the largest specks a part of its own, to be decided like any other. */
  listSpecks(): void;
  countSpecks(): number;
  step(direction: 1 | -1, onlyUndecided: boolean): void;
  setLesion(lesionId: string, change: Partial<Lesion>): void;
  addLesion(): void;
  removeLesion(lesionId: string): void;
  setProcedure(change: Partial<CaseDocument["procedure"]>): void;
  setImagingFacts(change: Partial<NonNullable<CaseDocument["imagingFacts"]>>): void;
  setComplications(complications: NonNullable<CaseDocument["complications"]>): void;
  answer(lesionId: string, site: SiteId, answer: "absent" | "not_assessable" | null, reason?: string): void;
  /** States "absent" for the first open line of the selected lesion's checklist: one line at a time, each a decision. */
  answerNextAbsent(): void;
  confirmSide(): void;
}

export function createDeciding(reading: Reading): Deciding {
  const { host } = reading;

  function onSelected(
    name: LocalText,
    change: (part: Part, document: CaseDocument) => CaseDocument,
  ): boolean {
    const part = reading.selected();
    if (!part) {
      host.notify(reading.say(WHY.nothingSelected), "warning");
      return false;
    }
    return reading.change(name, (draft) => change(part, draft.document));
  }

  /** After a decision: the next undecided part, or stay. */
  function goOn(): void {
    const next = reading.document.get().parts.find((part) => part.role === "undecided");
    if (next) show(next);
  }

  /** Selects a part and shows the whole of it, with what lies around: the zoom of the part before may hide half of it. */
  function show(part: Part): void {
    const { volume } = host.scene.get();
    const mask = reading.maskOf(part.partId);
    const longestMm = volume && mask ? measurePart(mask, volume).longestExtentMm : 0;
    reading.select(part.partId, {
      jump: true,
      ...(part.role === "undecided" && part.proposed
        ? { fieldMm: Math.max(CANDIDATE_FIELD_MM, 1.6 * longestMm) }
        : {}),
    });
  }

  function leakFields(part: Part, document: CaseDocument): LeakFields {
    if (part.leak) return part.leak;
    if (part.proposed) return leakFieldsOfProposed(part.proposed, document.next.leak);
    const { volume } = host.scene.get();
    const mask = reading.maskOf(part.partId);
    const midline = volume && patientMidline(volume);
    const side =
      volume && mask && midline ? sideOf(midline, measurePart(mask, volume).centroidPatient) : "midline";
    return {
      number: document.next.leak,
      site: null,
      route: "unknown",
      side,
      symptom: "not_assessed", // imaging alone cannot say "asymptomatic" (DOMAIN §1.6)
      confidence: "definite",
    };
  }

  /** The engine leaves the lesion of a candidate open where two are as near: then it stays "not attributable" until the reader says. */
  function lesionIdFor(part: Part, { lesions }: CaseDocument): string | null {
    return part.proposed && lesions.length > 1 ? null : reading.selectedLesionId();
  }

  function turnDown(reason: string | undefined, previous: boolean): void {
    const done = onSelected(STEP.markNotCement, (part, document) =>
      withPart(document, part.partId, ({ previous: _previous, ...before }) => ({
        ...before,
        role: "not_cement",
        lesionId: null,
        leak: null,
        ...(previous ? { previous } : {}),
        // The program's words say why it might be cement: no reason for a reader who says that it is not.
        reason:
          reason ?? (before.role === "not_cement" ? before.reason : undefined) ?? reading.say(WHY.turnedDown),
      })),
    );
    if (done) goOn();
  }

  function markLeak(site: SiteId | null): void {
    if (site && reading.selected() && !host.view.thinSlice()) {
      host.notify(reading.say(WHY.slabOff), "info");
      return;
    }
    const done = onSelected(site ? STEP.setSite : STEP.markLeak, (part, document) => {
      const leak = leakFields(part, document);
      const route = site ? impliedRoute(site) : null;
      const taken = part.leak ? document.next : { ...document.next, leak: document.next.leak + 1 };
      return withPart({ ...document, next: taken }, part.partId, (before) => ({
        ...before,
        role: "leak",
        lesionId: before.lesionId ?? lesionIdFor(before, document),
        leak: {
          ...leak,
          site: site ?? leak.site,
          // The engine's route belongs to the engine's site: another site has its own.
          route:
            site && part.proposed && site !== part.proposed.site
              ? (route ?? "unknown")
              : (leak.route === "unknown" && route) || leak.route,
        },
      }));
    });
    if (done && site) goOn();
  }

  /** Leaves the machine only where the department wants it. */
  function seenFor(
    answer: "absent" | "not_assessable",
  ): Pick<CaseDocument["assessments"][number], "seenSlices"> {
    if (answer !== "absent" || !departmentExportsSeenSlices()) return {};
    return { seenSlices: reading.seenSlices.get().map(([first, last]) => [first + 1, last + 1]) };
  }

  return {
    markIntraosseous() {
      const done = onSelected(STEP.markIntraosseous, (part, document) =>
        withPart(document, part.partId, (before) => ({
          ...before,
          role: "intraosseous",
          lesionId: before.lesionId ?? reading.selectedLesionId(),
          leak: null,
        })),
      );
      if (done) goOn();
    },
    markNotCement: (reason) => turnDown(reason, false),
    reject: (reason) => turnDown(reading.say(reason.text), reason.id === EARLIER_CEMENT),
    accept() {
      const part = reading.selected();
      if (part?.role === "undecided" && part.proposed) markLeak(part.proposed.site);
      else host.notify(reading.say(part ? WHY.nothingProposed : WHY.nothingSelected), "warning");
    },
    markLeak,
    markLeakByKey(key) {
      const bone = lesionOf(reading.document.get(), reading.selectedLesionId())?.bone ?? "sacrum";
      const site = sitesWithKeys(bone)[key - 1];
      if (site) markLeak(site);
    },
    setLeak(partId, change) {
      reading.change(STEP.leakField, (draft) =>
        withPart(draft.document, partId, (part) =>
          part.leak ? { ...part, leak: { ...part.leak, ...change } } : part,
        ),
      );
    },
    setPartLesion(partId, lesionId) {
      reading.change(STEP.leakField, (draft) =>
        withPart(draft.document, partId, (part) => ({ ...part, lesionId })),
      );
    },
    remove() {
      const part = reading.selected();
      if (!part) return void host.notify(reading.say(WHY.nothingSelected), "warning");
      const done = reading.change(STEP.remove, (draft) => {
        draft.deleteMask(part.partId);
        return {
          ...draft.document,
          parts: draft.document.parts.filter((other) => other.partId !== part.partId),
        };
      });
      if (done) reading.select(null);
    },
    countSpecks() {
      const specks = reading.maskOf(SPECKS_MASK_ID);
      return specks ? components(specks).count : 0;
    },
    listSpecks() {
      reading.change(STEP.listSpecks, (draft) => {
        const specks = draft.mask(SPECKS_MASK_ID);
        if (!specks) return draft.document;
        const labels = components(specks);
        let { document } = draft;
        let rest = specks;
        for (let label = 1; label <= Math.min(labels.count, MOST_SPECKS); label++) {
          const speck = componentMask(specks, labels, label);
          rest = difference(rest, speck);
          document = withNewPart(draft, document, speck, {
            newUid: host.newUid,
            origin: "found",
            role: "undecided",
            lesionId: null,
          });
        }
        draft.setMask(SPECKS_MASK_ID, rest);
        return document;
      });
    },
    ...createRearranging(reading),
    step(direction, onlyUndecided) {
      const { parts } = reading.document.get();
      const wanted = parts.filter((part) =>
        onlyUndecided ? part.role === "undecided" : part.role !== "not_cement",
      );
      const list = wanted.length > 0 ? wanted : parts.filter((part) => part.role !== "not_cement");
      if (list.length === 0) return;
      const now = list.findIndex((part) => part.partId === reading.state.get().selectedPartId);
      const next =
        now < 0 ? (direction > 0 ? 0 : list.length - 1) : (now + direction + list.length) % list.length;
      show(list[next]);
    },
    setLesion(lesionId, change) {
      reading.change(STEP.lesionField, (draft) => {
        const document = withLesion(draft.document, lesionId, change);
        if (!change.bone) return document;
        const lesion = lesionOf(document, lesionId);
        if (!lesion) return document;
        // Another bone has another checklist; fields of the former bone would say something that nobody meant.
        const allowed = new Set(sitesFor(lesion.bone).map((site) => site.id));
        const { sacralLevels, denisZones, vertebra, ...rest } = lesion;
        const kept = lesion.bone === "sacrum" ? { sacralLevels, denisZones } : { vertebra };
        return {
          ...document,
          lesions: document.lesions.map((entry) =>
            entry.lesionId === lesionId ? { ...rest, ...kept } : entry,
          ),
          assessments: document.assessments.filter(
            (entry) => entry.lesionId !== lesionId || allowed.has(entry.site),
          ),
        };
      });
    },
    addLesion() {
      let added = "";
      reading.change(STEP.addLesion, ({ document }) => {
        added = `L${document.next.lesion}`;
        const bone = document.lesions.at(-1)?.bone ?? "sacrum";
        return {
          ...document,
          next: { ...document.next, lesion: document.next.lesion + 1 },
          lesions: [
            ...document.lesions,
            { lesionId: added, bone, side: "midline", trackingUid: host.newUid() },
          ],
        };
      });
      if (added) reading.setState({ selectedLesionId: added });
    },
    removeLesion(lesionId) {
      reading.change(STEP.removeLesion, ({ document }) =>
        document.lesions.length < 2
          ? document
          : {
              ...document,
              lesions: document.lesions.filter((lesion) => lesion.lesionId !== lesionId),
              assessments: document.assessments.filter((entry) => entry.lesionId !== lesionId),
              parts: document.parts.map((part) => {
                if (part.lesionId !== lesionId) return part;
                const role = part.role === "intraosseous" ? "undecided" : part.role;
                return { ...part, lesionId: null, role };
              }),
            },
      );
    },
    setProcedure(change) {
      reading.change(STEP.procedureField, (draft) => ({
        ...draft.document,
        procedure: { ...draft.document.procedure, ...change },
      }));
    },
    setImagingFacts(change) {
      reading.change(STEP.imagingFacts, ({ document }) => ({
        ...document,
        imagingFacts: { ...document.imagingFacts, ...change },
      }));
    },
    setComplications(complications) {
      reading.change(STEP.complications, ({ document }) => ({ ...document, complications }));
    },
    answer(lesionId, site, answer, reason) {
      if (siteAnswer(reading.document.get(), lesionId, site)?.answer === "present" && answer !== null) {
        const leak = reading.document
          .get()
          .parts.find(
            (part) => part.leak?.site === site && (part.lesionId === lesionId || part.lesionId === null),
          );
        if (leak && partOf(reading.document.get(), leak.partId)) reading.select(leak.partId);
        return;
      }
      reading.change(STEP.answer, (draft) =>
        withAnswer(
          draft.document,
          lesionId,
          site,
          answer && { answer, ...(reason ? { reason } : {}), ...seenFor(answer) },
        ),
      );
    },
    answerNextAbsent() {
      const document = reading.document.get();
      const lesion = lesionOf(document, reading.selectedLesionId());
      const next = lesion && openSites(document, lesion)[0];
      if (lesion && next)
        reading.change(STEP.answer, (draft) =>
          withAnswer(draft.document, lesion.lesionId, next, { answer: "absent", ...seenFor("absent") }),
        );
      else host.notify(reading.say(WHY.nothingOpen), "info");
    },
    confirmSide() {
      reading.change(STEP.confirmSide, (draft) => ({ ...draft.document, sideConfirmed: true }));
    },
  };
}
