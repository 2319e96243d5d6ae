// Undo and redo of one case: each step holds only the rows that changed and the document before and after.
import { emptyMask, type MaskShape, type RunMask } from "#voxels/mask";
import { joinDeltas } from "#voxels/join-deltas";
import { applyDelta, deltaBetween, type RunDelta } from "#voxels/run-delta";
import type { EditDraft, LocalText, MaskSet } from "./contract.ts";

export const UNDO_STEPS = 200;

/** A mask that came into being or went away within a step is a delta from or to the empty mask. */
export interface MaskChange {
  readonly id: string;
  readonly delta: RunDelta;
  readonly existedBefore: boolean;
  readonly existsAfter: boolean;
}

export interface EditStep {
  readonly name: LocalText;
  readonly masks: readonly MaskChange[];
  readonly documentsBefore: Documents;
  readonly documentsAfter: Documents;
}

/** One JSON document per plugin id. */
export type Documents = Readonly<Record<string, unknown>>;

export interface CaseState {
  readonly masks: MaskSet;
  readonly documents: Documents;
}

/** What an edit may touch; the caller narrows it to one plugin. */
export interface CaseDraft extends Pick<EditDraft, "mask" | "setMask" | "deleteMask"> {
  readonly documents: Documents;
  setDocuments(documents: Documents): void;
}

interface Touched {
  readonly after: RunMask | null;
  /** Where it may differ from the mask before the edit; anywhere when left out. */
  readonly slices?: Slices;
}
type Slices = readonly [k0: number, k1: number];

/** Both together; anywhere when either is not known. */
const spanOf = (a: Slices | undefined, b: Slices | undefined): Slices | undefined =>
  a && b && [Math.min(a[0], b[0]), Math.max(a[1], b[1])];

/** Runs `change` on a draft of `state`; null when nothing changed. Throws what `change` throws, with `state` untouched. */
export function recordEdit(
  state: CaseState,
  shape: MaskShape,
  name: LocalText,
  change: (draft: CaseDraft) => void,
): EditStep | null {
  const touched = new Map<string, Touched>();
  let documents = state.documents;
  change({
    mask: (id) => touched.get(id)?.after ?? (touched.has(id) ? null : (state.masks.get(id) ?? null)),
    setMask(id, mask, changedSlices) {
      const earlier = touched.get(id);
      const slices = earlier ? spanOf(earlier.slices, changedSlices) : changedSlices;
      touched.set(id, { after: mask, slices });
    },
    deleteMask: (id) => void touched.set(id, { after: null }),
    get documents() {
      return documents;
    },
    setDocuments(next) {
      documents = next;
    },
  });
  const masks: MaskChange[] = [];
  for (const [id, { after, slices }] of touched) {
    const before = state.masks.get(id) ?? null;
    if (before === after) continue;
    masks.push({
      id,
      delta:
        before && after
          ? deltaBetween(before, after, slices)
          : deltaBetween(before ?? emptyMask(shape), after ?? emptyMask(shape)),
      existedBefore: before !== null,
      existsAfter: after !== null,
    });
  }
  if (masks.length === 0 && documents === state.documents) return null;
  return { name, masks, documentsBefore: state.documents, documentsAfter: documents };
}

/** Two steps that follow each other as one, under the first one's name. Costs the rows that they changed. */
export function joinSteps(first: EditStep, second: EditStep): EditStep {
  const later = new Map(second.masks.map((change) => [change.id, change]));
  const masks = first.masks.map((change): MaskChange => {
    const next = later.get(change.id);
    later.delete(change.id);
    return next
      ? { ...change, delta: joinDeltas(change.delta, next.delta), existsAfter: next.existsAfter }
      : change;
  });
  return {
    name: first.name,
    masks: [...masks, ...later.values()],
    documentsBefore: first.documentsBefore,
    documentsAfter: second.documentsAfter,
  };
}

/** The state on the other side of a step. */
export function applyStep(
  state: CaseState,
  shape: MaskShape,
  step: EditStep,
  direction: "forward" | "backward",
): CaseState {
  const masks = new Map(state.masks);
  const nothing = emptyMask(shape);
  for (const change of step.masks) {
    const exists = direction === "forward" ? change.existsAfter : change.existedBefore;
    if (!exists) masks.delete(change.id);
    else masks.set(change.id, applyDelta(masks.get(change.id) ?? nothing, change.delta, direction));
  }
  return { masks, documents: direction === "forward" ? step.documentsAfter : step.documentsBefore };
}

/** The steps done and undone, newest last; at most `UNDO_STEPS` to go back. */
export interface EditHistory {
  readonly done: readonly EditStep[];
  readonly undone: readonly EditStep[];
}

export const emptyHistory: EditHistory = { done: [], undone: [] };

export const afterEdit = (history: EditHistory, step: EditStep): EditHistory => ({
  done: [...history.done.slice(-(UNDO_STEPS - 1)), step],
  undone: [],
});

export const afterUndo = (history: EditHistory): EditHistory => ({
  done: history.done.slice(0, -1),
  undone: [...history.undone, ...history.done.slice(-1)],
});

/** State and history when `count` steps are done, however many lie between; `name` is the last step passed, null when none was. */
export function travelled(
  from: CaseState,
  shape: MaskShape,
  along: EditHistory,
  count: number,
): { readonly state: CaseState; readonly history: EditHistory; readonly name: LocalText | null } {
  let [state, history] = [from, along];
  let name: LocalText | null = null;
  const pass = (step: EditStep, direction: "forward" | "backward"): void => {
    state = applyStep(state, shape, step, direction);
    history = direction === "forward" ? afterRedo(history) : afterUndo(history);
    name = step.name;
  };
  for (let step = history.done.at(-1); step && history.done.length > count; step = history.done.at(-1))
    pass(step, "backward");
  for (let step = history.undone.at(-1); step && history.done.length < count; step = history.undone.at(-1))
    pass(step, "forward");
  return { state, history, name };
}

export const afterRedo = (history: EditHistory): EditHistory => ({
  done: [...history.done, ...history.undone.slice(-1)],
  undone: history.undone.slice(0, -1),
});
