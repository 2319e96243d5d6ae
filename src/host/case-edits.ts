// Edits of the open case: one named step over masks and document, undo and redo, each journaled before the next.
import { ProblemError, problem } from "#core/problem";
import type { AppStore } from "./app-store.ts";
import type { EditDraft, LocalText } from "./contract.ts";
import {
  afterEdit,
  afterRedo,
  afterUndo,
  applyStep,
  emptyHistory,
  joinSteps,
  travelled,
  recordEdit,
  type CaseState,
  type EditHistory,
  type EditStep,
} from "./edit-history.ts";
import type { CasePicture } from "./case-picture.ts";
import type { CaseSource, Journal, SavedCase } from "./journal.ts";

export interface CaseEdits {
  /** `pluginId` owns the document and prefixes the mask ids. */
  edit(
    pluginId: string,
    name: LocalText,
    change: (draft: EditDraft) => void,
    options?: { readonly lasting?: boolean; readonly within?: object },
  ): void;
  /** As in the contract. */
  withdraw(within: object): void;
  undo(): void;
  redo(): void;
  /** Goes back or forth until `done` of the steps (done and undone together) are done; one write, however far. */
  goToStep(done: number): void;
  /** Sets a restored or fresh state; nothing to undo. */
  reset(state: CaseState, source: CaseSource): void;
}

/** What the list of saved cases shows of the open one. */
export interface CaseShown {
  summaryOf(): string;
  /** Drawn anew every few seconds at most. */
  pictureOf(): CasePicture | null;
}

const PICTURE_EVERY_MS = 3000;

export const maskPrefix = (pluginId: string): string => `${pluginId}:`;

export function createCaseEdits(
  store: AppStore,
  journal: Journal | null,
  shown: CaseShown,
  now: () => Date,
): CaseEdits {
  let source: CaseSource = { kind: "files" };
  let writing = 0;
  /** The step that edits with the same `within` are joined to, and what there was to undo and redo before it. */
  let joined: { readonly within: object; readonly step: EditStep; readonly before: EditHistory } | null =
    null;
  let picture: { readonly of: string; readonly atMs: number; readonly drawn: CasePicture | null } | null =
    null;

  function pictureNow(caseKey: string): Pick<SavedCase, "picture"> {
    const atMs = now().getTime();
    if (picture?.of !== caseKey || !picture.drawn || atMs - picture.atMs >= PICTURE_EVERY_MS)
      picture = { of: caseKey, atMs, drawn: shown.pictureOf() };
    return picture.drawn ? { picture: picture.drawn } : {};
  }

  const caseState = (): CaseState => ({ masks: store.get().masks, documents: store.get().documents });

  function land(step: EditStep, direction: "forward" | "backward", history: EditHistory): void {
    const { series, volume } = store.get().scene;
    if (!series || !volume) return;
    const next = applyStep(caseState(), volume.grid, step, direction);
    store.update({ masks: next.masks, documents: next.documents, history });
    if (!journal) {
      // Storage is forbidden here (a private window, a policy): nothing on the screen may say that it is saved.
      if (store.get().saving !== "failed") store.report(problem("journal/not-saved"));
      store.update({ saving: "failed" });
      return;
    }
    const entry: SavedCase = {
      caseKey: series.seriesInstanceUid,
      seriesInstanceUid: series.seriesInstanceUid,
      patientId: series.patient.patientId,
      studyDate: series.study.studyDate,
      description: series.seriesDescription,
      summary: shown.summaryOf(),
      savedAt: now().toISOString(),
      source,
      ...pictureNow(series.seriesInstanceUid),
    };
    writing++;
    store.update({ saving: "saving" });
    journal.append(entry, volume.grid, step.masks, direction, next).then(
      () => {
        if (--writing === 0 && store.get().saving === "saving") store.update({ saving: "saved" });
      },
      (error: unknown) => {
        writing--;
        if (store.get().saving !== "failed")
          store.report(
            error instanceof ProblemError
              ? error.problem
              : problem("journal/not-saved", { message: String(error) }),
          );
        store.update({ saving: "failed" });
      },
    );
  }

  /** Only while nothing was undone or done besides. */
  const goingOn = (within: object | undefined): typeof joined =>
    joined && joined.within === within && store.get().history.done.at(-1) === joined.step ? joined : null;

  return {
    edit(pluginId, name, change, { lasting = false, within } = {}) {
      const { volume } = store.get().scene;
      if (!volume) return;
      const prefix = maskPrefix(pluginId);
      const step = recordEdit(caseState(), volume.grid, name, (draft) => {
        change({
          mask: (id) => draft.mask(prefix + id),
          setMask: (id, mask, changedSlices) => draft.setMask(prefix + id, mask, changedSlices),
          deleteMask: (id) => draft.deleteMask(prefix + id),
          get document() {
            return draft.documents[pluginId] ?? null;
          },
          setDocument: (document) => draft.setDocuments({ ...draft.documents, [pluginId]: document }),
        });
      });
      if (!step) return;
      const going = goingOn(within);
      const whole = going ? joinSteps(going.step, step) : step;
      const before = going?.before ?? store.get().history;
      // The journal gets what is new, the list of steps the whole.
      land(step, "forward", lasting ? emptyHistory : afterEdit(before, whole));
      joined = within && !lasting ? { within, step: whole, before } : null;
    },
    withdraw(within) {
      const going = goingOn(within);
      joined = null;
      if (going) land(going.step, "backward", going.before);
    },
    undo() {
      const { history } = store.get();
      const step = history.done.at(-1);
      if (step) land(step, "backward", afterUndo(history));
    },
    redo() {
      const { history } = store.get();
      const step = history.undone.at(-1);
      if (step) land(step, "forward", afterRedo(history));
    },
    goToStep(done) {
      const { volume } = store.get().scene;
      if (!volume) return;
      const before = caseState();
      const { state, history, name } = travelled(before, volume.grid, store.get().history, done);
      if (!name) return;
      const whole = recordEdit(before, volume.grid, name, (draft) => {
        for (const id of new Set([...before.masks.keys(), ...state.masks.keys()])) {
          const mask = state.masks.get(id);
          if (mask) draft.setMask(id, mask);
          else draft.deleteMask(id);
        }
        draft.setDocuments(state.documents);
      });
      if (whole) land(whole, "forward", history);
      else store.update({ history });
    },
    reset(state, from) {
      source = from;
      joined = null;
      store.update({
        masks: state.masks,
        documents: state.documents,
        history: emptyHistory,
        saving: "saved",
      });
    },
  };
}
