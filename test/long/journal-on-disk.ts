// What the browser's storage holds of the one case that is in it: the step it stands on, and a part's voxels as they would come back.
import type { Page } from "playwright-core";
import { emptyMask, type MaskShape, type RunMask } from "#voxels/mask";
import { applyDelta, type RunDelta } from "#voxels/run-delta";

/** A delta as it comes through the page's border: arrays instead of typed ones. */
interface PlainDelta {
  readonly changedRows: number[];
  readonly sides: readonly { readonly offset: number[]; readonly start: number[]; readonly end: number[] }[];
}

interface PlainChange {
  readonly id: string;
  readonly delta: PlainDelta;
  readonly direction: "forward" | "backward";
  readonly exists: boolean;
}

export interface OnDisk {
  /** The number of the last step. */
  readonly step: number;
  /** By mask id; the plugin's own prefix stands before its ids. */
  readonly masks: ReadonlyMap<string, RunMask>;
}

/** Reads it on any screen of the app; nothing need be open. */
export async function onDisk(page: Page, shape: MaskShape): Promise<OnDisk> {
  const { snapshot, steps } = await page.evaluate(read);
  const nothing = emptyMask(shape);
  const masks = new Map(
    (snapshot?.masks ?? []).map(({ id, delta }) => [id, applyDelta(nothing, typed(delta, shape), "forward")]),
  );
  for (const { changes } of steps)
    for (const { id, delta, direction, exists } of changes)
      if (!exists) masks.delete(id);
      else masks.set(id, applyDelta(masks.get(id) ?? nothing, typed(delta, shape), direction));
  return { step: steps.at(-1)?.step ?? snapshot?.step ?? 0, masks };
}

function typed({ changedRows, sides }: PlainDelta, { columns, rows, slices }: MaskShape): RunDelta {
  const [before, after] = sides.map(({ offset, start, end }) => ({
    offset: Uint32Array.from(offset),
    start: Uint16Array.from(start),
    end: Uint16Array.from(end),
  }));
  return { columns, rows, slices, changedRows: Uint32Array.from(changedRows), before, after };
}

/** Runs in the page: the stored rows (host/journal.ts) as plain arrays. */
async function read(): Promise<{
  snapshot: { step: number; masks: { id: string; delta: PlainDelta }[] } | null;
  steps: { step: number; changes: PlainChange[] }[];
}> {
  type Side = { offset: Uint32Array; start: Uint16Array; end: Uint16Array };
  type Delta = { changedRows: Uint32Array; before: Side; after: Side };
  const settled = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((accept, refuse) => {
      request.onsuccess = () => accept(request.result);
      request.onerror = () => refuse(request.error ?? new Error("storage"));
    });
  const plain = ({ changedRows, before, after }: Delta): PlainDelta => ({
    changedRows: [...changedRows],
    sides: [before, after].map(({ offset, start, end }) => ({
      offset: [...offset],
      start: [...start],
      end: [...end],
    })),
  });
  const database = await settled(indexedDB.open("cement-leakage-viewer"));
  const stores = database.transaction(["steps", "snapshots"]);
  const [snapshot]: { step: number; masks: { id: string; rows: Delta }[] }[] = await settled(
    stores.objectStore("snapshots").getAll(),
  );
  const steps: {
    step: number;
    masks: { id: string; delta: Delta; direction: "forward" | "backward"; exists: boolean }[];
  }[] = await settled(stores.objectStore("steps").getAll());
  database.close();
  return {
    snapshot: snapshot
      ? { step: snapshot.step, masks: snapshot.masks.map(({ id, rows }) => ({ id, delta: plain(rows) })) }
      : null,
    steps: steps
      .sort((a, b) => a.step - b.step)
      .map(({ step, masks }) => ({
        step,
        changes: masks.map(({ delta, ...rest }) => ({ ...rest, delta: plain(delta) })),
      })),
  };
}
