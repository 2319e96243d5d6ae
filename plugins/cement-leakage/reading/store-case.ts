// Storing the case's DICOM objects in the archive: the same case gives the same objects, so that nothing is there twice.
import type { StoreOutcome } from "#contract";
import { ProblemError, type Problem } from "#core/problem";
import { writable, type Readable } from "#core/readable";
import type { Evidence } from "#core/report-document";
import type { CaseFile } from "../exports/bundle.ts";
import type { InstanceUids } from "../exports/prepare.ts";
import type { CaseDocument } from "../model/case-document.ts";
import type { Exporting, ExportIdentity } from "./export-case.ts";
import type { Reading } from "./reading.ts";
import { reportOf, signedUids } from "./signed-identity.ts";
import { WHY } from "./words.ts";

export interface StoringState {
  readonly busy: boolean;
  /** What became of each object of the last attempt; null before one, and once the case has changed. */
  readonly outcome: StoreOutcome | null;
  /** Why nothing could be sent. */
  readonly problem: Problem | null;
}

export interface Storing {
  readonly state: Readable<StoringState>;
  /** Null where the case can be stored; else why not. */
  whyNot(): string | null;
  /** Goes on with what is missing where an earlier attempt was interrupted. */
  store(): Promise<void>;
  cancel(): void;
  dispose(): void;
}

const idle: StoringState = { busy: false, outcome: null, problem: null };

export function createStoring(reading: Reading, exporting: Exporting): Storing {
  const { host } = reading;
  const state = writable<StoringState>(idle);
  let running: AbortController | null = null;
  /** The objects of a case that has not changed since. */
  let made: {
    readonly document: CaseDocument;
    readonly masks: unknown;
    readonly key: string;
    readonly files: readonly CaseFile[];
  } | null = null;

  const stop = reading.document.subscribe(() => {
    if (!state.get().busy) state.set(idle);
  });

  function whyNot(): string | null {
    if (host.archive.target.get() === null) return reading.say(WHY.noArchive);
    return exporting.whyNot("cement-leakage/export-sr");
  }

  function objects(predecessor: Evidence | undefined): readonly CaseFile[] {
    const document = reading.document.get();
    const masks = host.masks.get();
    const settings = host.settings.get();
    const key = JSON.stringify([settings, predecessor ?? null]);
    if (made?.document === document && made.masks === masks && made.key === key) return made.files;
    const files = exporting.dicomObjects({
      ...identityOf(document),
      ...(predecessor ? { predecessor } : {}),
    });
    made = { document, masks, key, files };
    return files;
  }

  /** Signed findings have their UIDs from their document, which is signed once: stored from elsewhere or later they are the same. */
  function identityOf(document: CaseDocument): ExportIdentity {
    const { uidRoot } = host.settings.get();
    if (document.signed)
      return { uids: signedUids(document.documentId, uidRoot), createdAt: new Date(document.signed.at) };
    const uids = (): InstanceUids => ({ sopInstanceUid: host.newUid(), seriesInstanceUid: host.newUid() });
    return {
      uids: { segmentation: uids(), report: uids(), keyObjects: uids() },
      createdAt: host.now(),
    };
  }

  /** The report of the document that this one amends, where the archive has it. */
  function predecessorAmong(there: readonly string[]): Evidence | undefined {
    const { supersedes } = reading.document.get();
    const { series } = host.scene.get();
    if (supersedes === undefined || !series) return undefined;
    const report = reportOf(supersedes, host.settings.get().uidRoot, series.study.studyInstanceUid);
    return there.includes(report.seriesInstanceUid) ? report : undefined;
  }

  return {
    state,
    whyNot,
    async store() {
      const why = whyNot();
      if (why) return host.notify(why, "warning");
      running?.abort(new DOMException("replaced", "AbortError"));
      const mine = new AbortController();
      running = mine;
      state.set({ ...idle, busy: true });
      const { signal } = mine;
      try {
        const there = await host.archive.seriesThere({ signal });
        const outcome = await host.archive.store(
          // Named by kind: a file's name holds the patient ID, and messages repeat it.
          objects(predecessorAmong(there)).map(({ kind, bytes }) => ({ name: kind, bytes })),
          { signal },
        );
        state.set({ ...idle, outcome });
      } catch (error) {
        if (signal.aborted) state.set(idle);
        else if (error instanceof ProblemError) state.set({ ...idle, problem: error.problem });
        else {
          state.set(idle);
          throw error;
        }
      } finally {
        if (running === mine) running = null;
      }
    },
    cancel: () => running?.abort(new DOMException("cancelled by the reader", "AbortError")),
    dispose() {
      stop();
      running?.abort(new DOMException("closed", "AbortError"));
    },
  };
}
