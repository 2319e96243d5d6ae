// Nothing is lost: every step of a case goes to the browser's own storage before the next one, with strict durability.
//
// A case is a snapshot plus the steps after it. Steps are appended; a newer snapshot replaces older steps in one
// transaction, so the last good state is never deleted before its replacement is safe. What can't be read here is set aside
// under a key of its own before anything is written in its place. The CT's voxels are never stored.
import { openDB, type DBSchema, type IDBPDatabase, type IDBPTransaction } from "idb";
import { ProblemError, problem } from "#core/problem";
import type { MaskShape } from "#voxels/mask";
import { emptyMask } from "#voxels/mask";
import { applyDelta, deltaBetween, type RunDelta } from "#voxels/run-delta";
import type { CasePicture } from "./case-picture.ts";
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
  /** What was marked, from the front; no CT. */
  readonly picture?: CasePicture;
  /** ISO time at which it made room for other work on the same CT, because it could not be read or a file replaced it. */
  readonly setAside?: string;
}

/** As listed: with the bytes that it takes here. */
export interface StoredCase extends SavedCase {
  readonly bytes: number;
}

/** All that is stored of one case, for a file and back. */
export interface CaseContent {
  readonly entry: SavedCase;
  readonly snapshot: StoredSnapshot | null;
  readonly steps: readonly StoredStep[];
}

/** What this browser gives to this page's storage, bytes. */
export interface StorageRoom {
  readonly usedBytes: number;
  readonly quotaBytes: number;
}

/** How the CT can be attached again. */
export type CaseSource =
  | { readonly kind: "sample" }
  | { readonly kind: "files" }
  /** A study of the archive, which is asked for it again: by UID, and whichever archive the page is signed in to. */
  | { readonly kind: "archive"; readonly studyInstanceUid: string };

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
  /** Newest first. */
  list(): Promise<StoredCase[]>;
  /** Null where the browser doesn't say. */
  room(): Promise<StorageRoom | null>;
  content(caseKey: string): Promise<CaseContent | null>;
  /** Puts a case in from a file; what was stored for the same CT is set aside first, as of `at`. */
  take(content: CaseContent, at: string): Promise<void>;
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

/** Bytes of data as stored: typed arrays count as they are, text by its UTF-16 units, the rest little. */
function bytesOf(value: unknown): number {
  if (ArrayBuffer.isView(value)) return value.byteLength;
  if (typeof value === "string") return 2 * value.length;
  if (typeof value !== "object" || value === null) return 8;
  return Object.entries(value).reduce((sum, [name, inside]) => sum + 2 * name.length + bytesOf(inside), 0);
}

/** A request that fails fails its transaction, which is waited for. */
const whatTheTransactionTells = (): undefined => undefined;

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
   * nothing could be read), so the next write holds everything. `unreadable`: the next write sets it aside first. `loose`: that
   * step stands among the steps and not in a snapshot.
   */
  const standing = new Map<
    string,
    { step: number; broken: boolean; unreadable?: boolean; loose?: boolean }
  >();
  let queue: Promise<unknown> = Promise.resolve();

  /** One after the other: steps land in order, and what is read back holds every step before it. */
  const inOrder = <T>(work: () => Promise<T>): Promise<T> => {
    const result = queue.then(work, work);
    queue = result.catch(() => undefined);
    return result;
  };

  type Writing = IDBPTransaction<JournalSchema, typeof stores, "readwrite">;

  /** Moves all that is stored of a case under a key of its own, within the transaction that writes in its place. */
  async function setAside(
    transaction: Writing,
    caseKey: string,
    fallback: SavedCase,
    at: string,
  ): Promise<void> {
    const key = `${caseKey} set aside ${at}`;
    const [entry, snapshot, steps] = await Promise.all([
      transaction.objectStore("cases").get(caseKey),
      transaction.objectStore("snapshots").get(caseKey),
      transaction.objectStore("steps").getAll(stepsOf(caseKey)),
    ]);
    if (!snapshot && steps.length === 0) return;
    void transaction.objectStore("cases").put({ ...(entry ?? fallback), caseKey: key, setAside: at });
    if (snapshot) void transaction.objectStore("snapshots").put({ ...snapshot, caseKey: key });
    for (const step of steps) void transaction.objectStore("steps").put({ ...step, caseKey: key });
    void transaction.objectStore("snapshots").delete(caseKey);
    void transaction.objectStore("steps").delete(stepsOf(caseKey));
  }

  async function content(caseKey: string): Promise<CaseContent | null> {
    const transaction = database.transaction(stores, "readonly");
    const [entry, snapshot, steps] = await Promise.all([
      transaction.objectStore("cases").get(caseKey),
      transaction.objectStore("snapshots").get(caseKey),
      transaction.objectStore("steps").getAll(stepsOf(caseKey)),
    ]);
    return entry ? { entry, snapshot: snapshot ?? null, steps } : null;
  }

  return {
    async list() {
      const listed: StoredCase[] = [];
      // One after the other: all cases at once would be in memory together.
      for (const entry of await database.getAll("cases"))
        listed.push({ ...entry, bytes: bytesOf(await content(entry.caseKey)) });
      return listed.sort((a, b) => b.savedAt.localeCompare(a.savedAt));
    },

    async room() {
      const found = await navigator.storage?.estimate?.().catch(() => null);
      return found?.usage !== undefined && found.quota !== undefined
        ? { usedBytes: found.usage, quotaBytes: found.quota }
        : null;
    },

    content: (caseKey) => inOrder(() => content(caseKey)),

    take: ({ entry, snapshot, steps }, at) =>
      inOrder(async () => {
        const { caseKey } = entry;
        const transaction = database.transaction(stores, "readwrite", { durability: "strict" });
        await setAside(transaction, caseKey, entry, at);
        void transaction.objectStore("cases").put(entry);
        if (snapshot) void transaction.objectStore("snapshots").put({ ...snapshot, caseKey });
        for (const step of steps) void transaction.objectStore("steps").put({ ...step, caseKey });
        await transaction.done;
        standing.delete(caseKey);
      }),

    restore: (caseKey, shape) =>
      inOrder(async () => {
        const transaction = database.transaction(stores, "readonly");
        const [snapshot, steps] = await Promise.all([
          transaction.objectStore("snapshots").get(caseKey),
          transaction.objectStore("steps").getAll(stepsOf(caseKey)),
        ]);
        const step = steps.at(-1)?.step ?? snapshot?.step ?? 0;
        standing.set(caseKey, { step, broken: true, unreadable: true });
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
        standing.set(caseKey, { step, broken: false, loose: steps.length > 0 });
        return step === 0 ? null : { masks, documents };
      }),

    append: (entry, shape, changes, direction, state) =>
      inOrder(async () => {
        const { caseKey } = entry;
        const before = standing.get(caseKey) ?? { step: 0, broken: false };
        const step = before.step + 1;
        standing.set(caseKey, { ...before, broken: true });
        const transaction = database.transaction(stores, "readwrite", { durability: "strict" });
        const steps = transaction.objectStore("steps");
        const change: StoredStep = {
          caseKey,
          step,
          masks: changes.map(({ id, delta, existsAfter, existedBefore }) => ({
            id,
            delta,
            direction,
            exists: direction === "forward" ? existsAfter : existedBefore,
          })),
          documents: state.documents,
        };
        const lastKey = steps.getAllKeys(stepsOf(caseKey)).then((keys) => keys.at(-1)?.[1]);
        const whole = before.broken || step % STEPS_PER_SNAPSHOT === 0;
        if (before.loose && !whole) {
          // All is asked for in one turn, so that a page that is busy or about to be killed is needed once and not twice.
          void transaction.objectStore("cases").put(entry).catch(whatTheTransactionTells);
          void steps.put(change).catch(whatTheTransactionTells);
          if ((await lastKey) !== before.step) {
            transaction.abort();
            await transaction.done.catch(whatTheTransactionTells);
            standing.set(caseKey, before);
            throw new ProblemError(problem("journal/changed-elsewhere"));
          }
          await transaction.done;
          standing.set(caseKey, { step, broken: false, loose: true });
          return;
        }
        const last = (await lastKey) ?? (await transaction.objectStore("snapshots").get(caseKey))?.step ?? 0;
        if (last !== before.step) {
          // Another tab went on with this case: our changes are changes of something that is no longer stored.
          standing.set(caseKey, before);
          throw new ProblemError(problem("journal/changed-elsewhere"));
        }
        if (before.unreadable) await setAside(transaction, caseKey, entry, entry.savedAt);
        void transaction.objectStore("cases").put(entry);
        void steps.put(change);
        if (whole) {
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
        standing.set(caseKey, { step, broken: false, loose: !whole });
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
