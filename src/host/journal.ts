// Nothing is lost: every step of a case goes to the browser's own storage before the next one, with strict durability.
//
// A case is a snapshot plus the steps after it. Steps are appended; a newer snapshot replaces older steps in one
// transaction, so the last good state is never deleted before its replacement is safe. The CT's voxels are never stored.
import { openDB, type DBSchema, type IDBPDatabase } from "idb";
import { ProblemError, problem } from "#core/problem";
import type { MaskShape } from "#voxels/mask";
import { emptyMask } from "#voxels/mask";
import { applyDelta, deltaBetween, type RunDelta } from "#voxels/run-delta";
import type { CaseState, Documents, MaskChange } from "./edit-history.ts";

const STEPS_PER_SNAPSHOT = 40;

/** What the list of saved cases shows. No patient name: this is a shared computer's storage. */
export interface SavedCase {
  readonly caseKey: string;
  readonly seriesInstanceUid: string;
  readonly patientId: string;
  readonly studyDate: string;
  readonly description: string;
  readonly summary: string;
  readonly savedAt: string;
  readonly source: CaseSource;
}

/** How the CT can be attached again. */
export type CaseSource = { readonly kind: "sample" } | { readonly kind: "files" };

interface StoredSnapshot {
  caseKey: string;
  /** The last step that the snapshot contains. */
  step: number;
  shape: MaskShape;
  masks: { id: string; rows: RunDelta }[];
  documents: Documents;
}

interface StoredStep {
  caseKey: string;
  step: number;
  masks: { id: string; delta: RunDelta; direction: "forward" | "backward"; exists: boolean }[];
  documents: Documents;
}

interface JournalSchema extends DBSchema {
  cases: { key: string; value: SavedCase };
  snapshots: { key: string; value: StoredSnapshot };
  steps: { key: [string, number]; value: StoredStep };
}

export interface Journal {
  list(): Promise<SavedCase[]>;
  /** The last good state of a case, or null when nothing is saved for it. What is appended goes on from there. */
  restore(caseKey: string, shape: MaskShape): Promise<CaseState | null>;
  /**
   * Appends one step (an undo is a step too). Resolves once it is durable. Refused ("journal/changed-elsewhere") when
   * another tab has gone on with the case since it was restored here.
   */
  append(
    entry: SavedCase,
    shape: MaskShape,
    changes: readonly MaskChange[],
    direction: "forward" | "backward",
    state: CaseState,
  ): Promise<void>;
  remove(caseKey: string): Promise<void>;
  close(): void;
}

export async function openJournal(name = "cement-leakage-viewer"): Promise<Journal> {
  const database: IDBPDatabase<JournalSchema> = await openDB<JournalSchema>(name, 1, {
    upgrade(created) {
      created.createObjectStore("cases", { keyPath: "caseKey" });
      created.createObjectStore("snapshots", { keyPath: "caseKey" });
      created.createObjectStore("steps", { keyPath: ["caseKey", "step"] });
    },
  });
  const stores = ["cases", "snapshots", "steps"] as const;
  const stepsOf = (caseKey: string) => IDBKeyRange.bound([caseKey, -Infinity], [caseKey, Infinity]);
  /**
   * Per case, the step that this page's state stands on. `broken`: what is stored can't be continued (an append failed, or
   * nothing could be read), so the next write holds everything.
   */
  const standing = new Map<string, { step: number; broken: boolean }>();
  let queue: Promise<unknown> = Promise.resolve();

  /** One after the other: steps land in order, and what is read back holds every step before it. */
  const inOrder = <T>(work: () => Promise<T>): Promise<T> => {
    const result = queue.then(work, work);
    queue = result.catch(() => undefined);
    return result;
  };

  return {
    list: async () => (await database.getAll("cases")).sort((a, b) => b.savedAt.localeCompare(a.savedAt)),

    restore: (caseKey, shape) =>
      inOrder(async () => {
        const transaction = database.transaction(stores, "readonly");
        const [snapshot, steps] = await Promise.all([
          transaction.objectStore("snapshots").get(caseKey),
          transaction.objectStore("steps").getAll(stepsOf(caseKey)),
        ]);
        const step = steps.at(-1)?.step ?? snapshot?.step ?? 0;
        standing.set(caseKey, { step, broken: true });
        const nothing = emptyMask(shape);
        const masks = new Map(
          (snapshot?.masks ?? []).map((entry) => [entry.id, applyDelta(nothing, entry.rows, "forward")]),
        );
        let documents: Documents = snapshot?.documents ?? {};
        for (const { masks: changes, documents: after } of steps) {
          for (const change of changes) {
            if (!change.exists) masks.delete(change.id);
            else
              masks.set(
                change.id,
                applyDelta(masks.get(change.id) ?? nothing, change.delta, change.direction),
              );
          }
          documents = after;
        }
        standing.set(caseKey, { step, broken: false });
        return step === 0 ? null : { masks, documents };
      }),

    append: (entry, shape, changes, direction, state) =>
      inOrder(async () => {
        const { caseKey } = entry;
        const before = standing.get(caseKey) ?? { step: 0, broken: false };
        const step = before.step + 1;
        standing.set(caseKey, { step: before.step, broken: true });
        const transaction = database.transaction(stores, "readwrite", { durability: "strict" });
        const steps = transaction.objectStore("steps");
        const last =
          (await steps.getAllKeys(stepsOf(caseKey))).at(-1)?.[1] ??
          (await transaction.objectStore("snapshots").get(caseKey))?.step ??
          0;
        if (last !== before.step) {
          // Another tab went on with this case: our changes are changes of something that is no longer stored.
          standing.set(caseKey, before);
          throw new ProblemError(problem("journal/changed-elsewhere"));
        }
        void transaction.objectStore("cases").put(entry);
        void steps.put({
          caseKey,
          step,
          masks: changes.map((change) => ({
            id: change.id,
            delta: change.delta,
            direction,
            exists: direction === "forward" ? change.existsAfter : change.existedBefore,
          })),
          documents: state.documents,
        });
        if (before.broken || step % STEPS_PER_SNAPSHOT === 0) {
          const nothing = emptyMask(shape);
          void transaction.objectStore("snapshots").put({
            caseKey,
            step,
            shape,
            masks: [...state.masks].map(([id, mask]) => ({ id, rows: deltaBetween(nothing, mask) })),
            documents: state.documents,
          });
          void steps.delete(stepsOf(caseKey));
        }
        await transaction.done;
        standing.set(caseKey, { step, broken: false });
      }),

    remove: (caseKey) =>
      inOrder(async () => {
        const transaction = database.transaction(stores, "readwrite", { durability: "strict" });
        void transaction.objectStore("cases").delete(caseKey);
        void transaction.objectStore("snapshots").delete(caseKey);
        void transaction.objectStore("steps").delete(stepsOf(caseKey));
        await transaction.done;
        standing.delete(caseKey);
      }),

    close: () => database.close(),
  };
}
