// The case being read: the verbs a radiologist uses, each one undo step, over the host's document and masks.
import type { EditDraft, Host } from "#contract";
import { derived, writable, type Writable, type Readable } from "#core/readable";
import { add, scale, subtract, voxelFromPatient, type Vec3 } from "#core/space";
import { isEmpty, maskHas, voxelCount, type RunMask } from "#voxels/mask";
import {
  caseDocumentSchema,
  lesionOf,
  maskIdOfPart,
  newCase,
  partOf,
  type CaseDocument,
  type Part,
} from "../model/case-document.ts";
import { termsIn, withTerms } from "../model/case-terms.ts";
import { withAudit, type AuditStamp, type VoxelChange } from "../model/audit.ts";
import { parseHabits, procedureWithHabits } from "../model/habits.ts";
import { measurePart } from "../model/measures.ts";
import { nearestInside } from "./nearest-inside.ts";
import type { TriedFloor } from "../engine/try-floor.ts";
import { openCaseTerms, type LocalText } from "../model/sites.ts";
import type { ForeignReport } from "./foreign-report.ts";
import { withKeys } from "./keys-in-words.ts";
import { watchSeenSlices, type SliceRange } from "./seen-slices.ts";
import { STEP, WHY } from "./words.ts";

/** What the panel shows beside the document: never journaled. */
export interface ReadingState {
  readonly selectedPartId: string | null;
  readonly selectedLesionId: string;
  /** The search under way: 0 to 1. */
  readonly busy: number | null;
  /** Selected before the present one: where a moved piece goes. */
  readonly previousPartId: string | null;
  /** The part whose changed form is shown and waits for a yes. */
  readonly waitingPartId: string | null;
  readonly edit: EditSettings;
  /** Reports of others that came with this CT. */
  readonly foreignReports: readonly ForeignReport[];
}

/** A floor that is being tried with the slider. Beside the rest of the state, for it changes as often as the pointer moves. */
export interface FloorTrial {
  readonly floorHu: number;
  /** What the last one would find; null before the first answer. */
  readonly found: Pick<TriedFloor, "floorHu" | "partCount" | "speckCount" | "volumeMm3"> | null;
}

/** Which voxels a brush takes: at or above the floor, any, or those below it. */
export type HuRange = "above" | "all" | "below";

/** How the editing verbs work; kept from case to case while the page is open. */
export interface EditSettings {
  readonly brushShape: "ball" | "disc";
  readonly paintRange: HuRange;
  readonly eraseRange: HuRange;
  /** How deep a contour cuts: through everything, or through what the view shows (its slice or slab). */
  readonly cutDepth: "all" | "shown";
  /** Growing takes only voxels at or above the floor. */
  readonly growDense: boolean;
  /** mm of one step of growing or shrinking. */
  readonly stepMm: number;
  readonly smoothMm: number;
  /** Pieces below it are removed, mm3. */
  readonly smallMm3: number;
}

export interface Reading {
  readonly host: Host;
  readonly state: Readable<ReadingState>;
  readonly document: Readable<CaseDocument>;
  /** Null while no floor is tried. */
  readonly trial: Writable<FloorTrial | null>;
  setState(change: Partial<ReadingState>): void;
  maskOf(partId: string): RunMask | null;
  /** A point inside the part, for jumping there and for its label; null without voxels. */
  pointOf(part: Part): Vec3 | null;
  /** `fieldMm`: how much to show around it; the zoom stays as it is without. */
  select(partId: string | null, options?: { jump: boolean; fieldMm?: number }): void;
  selected(): Part | null;
  selectedLesionId(): string;
  pick(at: Vec3): boolean;
  /** One undo step that may change document and masks. Refused with a notice when the case is signed. */
  change(
    name: LocalText,
    change: (draft: CaseDraft) => CaseDocument,
    options?: { readonly lasting?: boolean; readonly within?: object },
  ): boolean;
  /** Why the case can't be changed now; null when it can. */
  whyNot(): string | null;
  /** Why the selected part's voxels can't be changed now: nothing selected, locked or hidden; null when they can. */
  whyNotVoxels(): string | null;
  /** Who and when, for the history of what a step changes. */
  stamp(name: LocalText): AuditStamp;
  /** Axial slices displayed one by one since this reading of the case began. */
  readonly seenSlices: Readable<readonly SliceRange[]>;
  /** In the reader's language, with the keys that the verbs named in it have now: `({find})`, or `({host/overlays})`. */
  say(text: LocalText): string;
  dispose(): void;
}

export interface CaseDraft {
  readonly document: CaseDocument;
  mask(partId: string): RunMask | null;
  /** `changedSlices` as in the host's draft. */
  setMask(partId: string, mask: RunMask, changedSlices?: readonly [k0: number, k1: number]): void;
  deleteMask(partId: string): void;
}

const initial: ReadingState = {
  selectedPartId: null,
  selectedLesionId: "L1",
  busy: null,
  previousPartId: null,
  waitingPartId: null,
  foreignReports: [],
  edit: {
    brushShape: "ball",
    paintRange: "above",
    eraseRange: "all",
    cutDepth: "all",
    growDense: true,
    stepMm: 1,
    smoothMm: 1,
    smallMm3: 5,
  },
};

/** A locked or hidden part would have been changed. */
class KeptPartError extends Error {
  constructor(readonly part: Part) {
    super(`part ${part.partId} is locked or hidden`);
  }
}

/** From the middle of the cement in bone to a leak: the side it is seen from without the cement in front of it. Null for other parts. */
function outwardOf(
  document: CaseDocument,
  part: Part,
  point: Vec3,
  pointOf: (part: Part) => Vec3 | null,
): Vec3 | null {
  if (part.role !== "leak" && part.role !== "undecided") return null;
  const inBone = document.parts
    .filter((other) => other.role === "intraosseous" && (!part.lesionId || other.lesionId === part.lesionId))
    .map(pointOf)
    .filter((at) => at !== null);
  if (inBone.length === 0) return null;
  const middle = scale(inBone.reduce<Vec3>(add, [0, 0, 0]), 1 / inBone.length);
  return subtract(point, middle);
}

/** Counts what a step does to the parts' voxels, for the history. */
function voxelChanges(draft: EditDraft): { willChange(partId: string): void; changes(): VoxelChange[] } {
  const before = new Map<string, number | null>();
  const count = (partId: string): number | null => {
    const mask = draft.mask(maskIdOfPart(partId));
    return mask ? voxelCount(mask) : null;
  };
  return {
    willChange: (partId) => void (before.has(partId) || before.set(partId, count(partId))),
    changes: () => [...before].map(([partId, from]) => ({ partId, from, to: count(partId) })),
  };
}

export function createReading(host: Host): Reading {
  const state = writable<ReadingState>(initial);
  const trial = writable<FloorTrial | null>(null);
  const setState = (change: Partial<ReadingState>): void => state.set({ ...state.get(), ...change });

  /** Until the first edit there is no document; this one is shown and becomes the first. */
  let unsaved: { series: unknown; document: CaseDocument } | null = null;
  function freshCase(): CaseDocument {
    const { series } = host.scene.get();
    if (unsaved?.series !== series || !unsaved)
      unsaved = {
        series,
        document: withHabits(
          newCase({
            documentId: host.newUid(),
            createdAt: host.now().toISOString(),
            trackingUid: host.newUid(),
          }),
        ),
      };
    return unsaved.document;
  }
  /** Starts a case with what the department always does; its history says so. */
  function withHabits(fresh: CaseDocument): CaseDocument {
    const procedure = procedureWithHabits(fresh.procedure, parseHabits(host.habits.get()));
    return withAudit(fresh, { ...fresh, procedure }, [], { ...stamp(STEP.habits), origin: "habit" });
  }
  const stamp = (name: LocalText): AuditStamp => ({
    at: host.now().toISOString(),
    who: host.settings.get().readerName.trim() || "unnamed reader",
    what: name.en,
  });
  const stored = derived(host.document, (document): CaseDocument | null => {
    openCaseTerms([]);
    if (document === null) return null;
    const parsed = caseDocumentSchema.safeParse(document);
    if (parsed.success) {
      openCaseTerms(termsIn(parsed.data)); // before anyone asks for a site of this case by its id
      return parsed.data;
    }
    host.report({
      code: "cement/document-unreadable",
      severity: "error",
      details: {},
      text: {
        en: "The saved work of this case can't be read; it is kept, and nothing was overwritten",
        zh: "无法读取该病例保存的内容；原内容已保留，未被覆盖",
      },
    });
    return null;
  });
  const document: Readable<CaseDocument> = {
    get: () => stored.get() ?? freshCase(),
    subscribe(listener) {
      const tell = () => listener(document.get());
      const stops = [stored.subscribe(tell), host.scene.subscribe(tell)];
      return () => stops.forEach((stop) => stop());
    },
  };

  const say = (text: LocalText): string => withKeys(text[host.locale.get()], host.keys.get());
  const maskOf = (partId: string): RunMask | null => {
    const mask = host.masks.get().get(maskIdOfPart(partId));
    return mask && !isEmpty(mask) ? mask : null;
  };

  function pointOf(part: Part): Vec3 | null {
    const mask = maskOf(part.partId);
    const { volume } = host.scene.get();
    if (!mask || !volume) return part.lastKnown?.centroidMm ?? null;
    return nearestInside(mask, volume.grid, measurePart(mask, volume).centroidPatient);
  }

  function whyNot(): string | null {
    if (!host.scene.get().volume) return say(WHY.noCase);
    if (host.document.get() !== null && stored.get() === null) return say(WHY.unreadable);
    if (state.get().busy !== null) return say(WHY.busy);
    return document.get().status === "final" ? say(WHY.signed) : null;
  }

  const whyKept = (part: Part): string => {
    const key = host.keys.get()[`cement-leakage/${part.locked ? "lock" : "hide"}`] ?? "";
    const at = { en: key && ` (${key})`, zh: key && `（${key}）` };
    return part.locked
      ? say({
          en: `${part.partId} is locked: unlock it first${at.en}`,
          zh: `${part.partId} 已锁定：请先解锁${at.zh}`,
        })
      : say({
          en: `${part.partId} is hidden: show it first${at.en}`,
          zh: `${part.partId} 已隐藏：请先显示${at.zh}`,
        });
  };

  const watching = watchSeenSlices(host);
  const stopState = host.scene.subscribe(() => {
    trial.set(null);
    setState({ ...initial, edit: state.get().edit });
  });
  const reading: Reading = {
    host,
    state,
    trial,
    document,
    setState,
    maskOf,
    pointOf,
    select(partId, options = { jump: true }) {
      const { selectedPartId } = state.get();
      setState({
        selectedPartId: partId,
        ...(selectedPartId !== null && selectedPartId !== partId ? { previousPartId: selectedPartId } : {}),
      });
      const part = partId === null ? undefined : partOf(document.get(), partId);
      if (part?.lesionId) setState({ selectedLesionId: part.lesionId });
      const point = part && options.jump ? pointOf(part) : null;
      if (!part || !point) return;
      host.view.goTo(point, options.fieldMm);
      const outward = outwardOf(document.get(), part, point, pointOf);
      if (outward) host.view.lookFrom(outward, point);
    },
    selected() {
      const { selectedPartId } = state.get();
      return (selectedPartId !== null && partOf(document.get(), selectedPartId)) || null;
    },
    selectedLesionId() {
      const wanted = state.get().selectedLesionId;
      return lesionOf(document.get(), wanted) ? wanted : (document.get().lesions[0]?.lesionId ?? "L1");
    },
    pick(at) {
      const { volume } = host.scene.get();
      if (!volume) return false;
      const [i, j, k] = voxelFromPatient(volume.grid, at).map(Math.round);
      const hit = document.get().parts.find((part) => {
        const mask = part.hidden ? null : maskOf(part.partId);
        return mask !== null && maskHas(mask, i, j, k);
      });
      if (!hit) return false;
      reading.select(hit.partId, { jump: false });
      return true;
    },
    change(name, change, options) {
      const why = whyNot();
      if (why) {
        host.notify(why, "warning");
        return false;
      }
      const before = document.get();
      const open = (partId: string): string => {
        const part = partOf(before, partId);
        if (part?.locked || part?.hidden) throw new KeptPartError(part);
        return maskIdOfPart(partId);
      };
      const edit = () =>
        host.edit(
          name,
          (draft) => {
            const voxels = voxelChanges(draft);
            const after = change({
              document: before,
              mask: (partId) => draft.mask(maskIdOfPart(partId)),
              setMask(partId, mask, changedSlices) {
                const id = open(partId);
                voxels.willChange(partId);
                draft.setMask(id, mask, changedSlices);
              },
              deleteMask(partId) {
                const id = open(partId);
                voxels.willChange(partId);
                draft.deleteMask(id);
              },
            });
            draft.setDocument(withAudit(before, withTerms(after), voxels.changes(), reading.stamp(name)));
          },
          options,
        );
      try {
        edit();
      } catch (error) {
        if (!(error instanceof KeptPartError)) throw error;
        host.notify(whyKept(error.part), "warning");
        return false;
      }
      return true;
    },
    whyNot,
    whyNotVoxels() {
      const why = whyNot();
      if (why) return why;
      const part = reading.selected();
      if (!part) return say(WHY.nothingSelected);
      return part.locked || part.hidden ? whyKept(part) : null;
    },
    stamp,
    say,
    seenSlices: watching.seen,
    dispose() {
      stopState();
      watching.dispose();
    },
  };
  return reading;
}
