// Pictures for the series list: asked for when they come into view, two at a time, kept as long as the list that they belong to.
import type { AppStore } from "./app-store.ts";
import type { ReadOutcome, Thumbnail, WorkerLine } from "./worker-protocol.ts";

export interface Thumbnails {
  /** Null where the series can't be shown in small. Rejects with the signal's reason; nothing is decoded for who no longer looks. */
  thumbnail(seriesInstanceUid: string, signal: AbortSignal): Promise<Thumbnail | null>;
}

/** More would hold up a series that the reader opens meanwhile. */
const IN_FLIGHT = 2;

export function createThumbnails(store: AppStore, worker: WorkerLine): Thumbnails {
  const known = new WeakMap<ReadOutcome, Map<string, Thumbnail | null>>();
  const waiting: (() => void)[] = [];
  let running = 0;

  async function turn(): Promise<void> {
    if (running < IN_FLIGHT) {
      running++;
      return;
    }
    // Whoever is done hands over its place.
    await new Promise<void>((resolve) => waiting.push(resolve));
  }

  function done(): void {
    const next = waiting.shift();
    if (next) next();
    else running--;
  }

  return {
    async thumbnail(seriesInstanceUid, signal) {
      const { read } = store.get();
      if (!read) return null;
      const kept = known.get(read) ?? new Map<string, Thumbnail | null>();
      known.set(read, kept);
      const before = kept.get(seriesInstanceUid);
      if (before !== undefined) return before;
      await turn();
      try {
        signal.throwIfAborted();
        const made = await worker.thumbnail(seriesInstanceUid, { signal });
        kept.set(seriesInstanceUid, made);
        return made;
      } finally {
        done();
      }
    },
  };
}
