// Opening: read files, choose a series, load it, bring back saved work, attach a prior CT.
import { ProblemError, problem } from "#core/problem";
import { areOfOnePatient } from "#core/study";
import { derived } from "#core/readable";
import { emptyScene, type AppState } from "./app-state.ts";
import type { AppStore } from "./app-store.ts";
import type { CaseEdits } from "./case-edits.ts";
import { beginLooking, type Coming, type ComingLook } from "./coming-port.ts";
import type { ImportedObject } from "./contract.ts";
import { emptyHistory, type CaseState } from "./edit-history.ts";
import type { CaseSource, Journal } from "./journal.ts";
import { markCaseBegun, markFilesGiven, markOpening } from "./opening-marks.ts";
import type { ActivePlugin } from "./registry.ts";
import type {
  FileWithPath,
  ComingSlice,
  LoadedSeries,
  LookingThrough,
  Progress,
  ReadOutcome,
  RejectedFile,
  WorkerLine,
} from "./worker-protocol.ts";

export interface OpenCase {
  /** `unreadable`: what was given but could not be handed out; it is told of beside what could. */
  openFiles(
    files: readonly FileWithPath[],
    source?: CaseSource,
    unreadable?: readonly RejectedFile[],
  ): Promise<void>;
  /** Series read elsewhere than from files; they are chosen from as those of files are. Whether any was found. */
  openRead(
    read: (signal: AbortSignal, progress: (progress: Progress) => void) => Promise<ReadOutcome>,
    source: CaseSource,
  ): Promise<boolean>;
  chooseSeries(seriesInstanceUid: string): Promise<void>;
  /** Shows the series list again, to open another one or a prior CT beside the case. */
  showSeries(role: "main" | "prior" | null): void;
  importWaiting(): Promise<void>;
  dropWaiting(): void;
  /** Goes to another slice of the series that is loading; places outside end at its ends. */
  lookAt(k: number): void;
  setComingLook(look: ComingLook): void;
  closePrior(): void;
  closeCase(): void;
  cancel(): void;
}

export interface OpenCaseOptions {
  readonly store: AppStore;
  readonly worker: WorkerLine;
  readonly journal: Journal | null;
  readonly edits: CaseEdits;
  readonly plugins: () => readonly ActivePlugin[];
  /** Resolves when the plugins are there: a case is theirs to show. */
  readonly ready: () => Promise<void>;
  readonly refreshSavedCases: () => Promise<void>;
  /** The case is whole and about to be shown; `coming` is what was looked at until now. */
  readonly landing?: (loaded: LoadedSeries, coming: Coming | null) => void;
}

const nothingYet: CaseState = { masks: new Map(), documents: {} };

export function createOpenCase(options: OpenCaseOptions): OpenCase {
  const { store, worker, journal, edits, plugins } = options;
  let running: AbortController | null = null;
  let source: CaseSource = { kind: "files" };
  /** What was looked at last: it stays while one step of an opening follows another. */
  let seen: Coming | null = null;
  const lookedAt = derived(store.state, ({ opening: now }) => now?.coming?.at ?? null);

  /**
   * Runs one opening; a newer one cancels it, and a failure leaves what was open as it was. With `goesOn` it stays on the screen when its
   * work is done, for the next step of the same.
   */
  async function opening<T>(
    what: NonNullable<AppState["opening"]>["what"],
    work: (signal: AbortSignal, progress: (progress: Progress) => void) => Promise<T>,
    goesOn = false,
  ): Promise<T | null> {
    running?.abort(new DOMException("replaced", "AbortError"));
    const mine = new AbortController();
    running = mine;
    const coming = what === "series" ? seen : null;
    store.update({ opening: { what, progress: { fraction: 0 }, ...(coming ? { coming } : {}) } });
    let isDone = false;
    try {
      const result = await work(mine.signal, (progress) => {
        if (running === mine) store.update((state) => ({ opening: { ...state.opening, what, progress } }));
      });
      isDone = true;
      return result;
    } catch (error) {
      store.reportThrown(error, what);
      return null;
    } finally {
      if (what !== "files") seen = null;
      if (running === mine) {
        running = null;
        if (!isDone || !goesOn) store.update({ opening: null });
      }
    }
  }

  function show(coming: Coming): void {
    seen = coming;
    store.update(({ opening: now }) => (now ? { opening: { ...now, coming } } : {}));
  }

  /** The first slice that comes is looked at; then only those that the reader goes to. */
  const lookingThrough = (signal: AbortSignal): LookingThrough => ({
    at: lookedAt,
    came(slice: ComingSlice) {
      const now = store.get().opening?.coming;
      if (signal.aborted || (now && now.at !== slice.k)) return;
      show(now ? { ...now, slice } : beginLooking(slice));
    },
  });

  async function importObjects(objects: readonly ImportedObject[]): Promise<void> {
    for (const { manifest, implementation } of plugins())
      for (const declared of manifest.importers) {
        const mine = objects.filter((object) => declared.accepts.includes(object.kind));
        if (mine.length === 0) continue;
        try {
          const result = await implementation.importers[declared.id].run(mine);
          if (!result.ok) store.report(result.problem);
          else for (const note of result.problems) store.report(note);
        } catch (error) {
          store.report(
            problem("plugin/threw", { plugin: manifest.id, where: "import", message: String(error) }),
          );
        }
      }
  }

  async function openFiles(
    files: readonly FileWithPath[],
    from: CaseSource = { kind: "files" },
    unreadable: readonly RejectedFile[] = [],
  ): Promise<void> {
    if (unreadable.length > 0)
      store.report(
        problem(
          "open/some-not-read",
          { count: unreadable.length, fileName: unreadable[0].path },
          files.length === 0 ? "error" : "warning",
        ),
      );
    if (files.length === 0) return;
    markFilesGiven();
    const found = await opening(
      "files",
      (signal, progress) => worker.read(files, { signal, progress, looking: lookingThrough(signal) }),
      true,
    );
    if (!found) return;
    const rejected = [...found.rejected, ...unreadable];
    const showing = showRead({ ...found, rejected }, files.length + unreadable.length, from);
    // A single series is loading by now, and what the reader looks at stays.
    if (!running) store.update({ opening: null });
    await showing;
  }

  async function showRead(found: ReadOutcome, files: number, from: CaseSource): Promise<void> {
    const openable = found.series.filter((series) => series.openable);
    const notable = (found.notes ?? []).filter(({ severity }) => severity !== "info");
    const caseIsOpen = store.get().scene.volume !== null;
    if (openable.length === 0 && found.objects.length > 0 && caseIsOpen) {
      await importObjects(found.objects);
      return;
    }
    if (openable.length === 0 && found.series.length === 0) {
      const first = found.rejected[0]?.problem;
      if (found.objects.length > 0) store.report(problem("open/findings-without-ct"));
      else if (found.rejected.length === 1 && first) store.report(first);
      else if (notable.length > 0) for (const note of notable) store.report(note);
      else store.report(problem("open/nothing-to-show", { files, rejected: found.rejected.length }));
      store.update({ read: found });
      return;
    }
    source = from;
    const role = store.get().choosing ?? (caseIsOpen ? "prior" : "main");
    store.update({ read: found, choosing: role });
    if (openable.length === 1 && found.series.length === 1 && !caseIsOpen) {
      store.update({ choosing: null });
      // No list is shown that would say it.
      for (const note of notable) store.report(note);
      await openMain(openable[0].seriesInstanceUid);
    }
  }

  async function openMain(seriesInstanceUid: string): Promise<void> {
    const objects = store.get().read?.objects ?? [];
    const loaded = await opening("series", async (signal, progress) => {
      const ready = options.ready();
      // Else a failure of the loading would leave this one's unheard.
      ready.catch(() => undefined);
      const result = await worker.load(seriesInstanceUid, "main", {
        signal,
        progress,
        looking: lookingThrough(signal),
      });
      if (!result.ok) throw new ProblemError(result.problem);
      markOpening("clv:volume");
      await ready;
      return { ...result, saved: await savedState(result.value), coming: seen };
    });
    if (!loaded) return;
    const { volume, context } = loaded.value;
    options.landing?.(loaded.value, loaded.coming);
    // In one step: a CT beside the masks of another one would be measured, drawn and journaled.
    store.update({
      scene: { series: context, volume },
      ...(loaded.saved ?? nothingYet),
      history: emptyHistory,
      prior: null,
      second: null,
      layout: "four",
      overview: {},
      large: null,
      problems: [...context.problems, ...loaded.problems.filter((note) => !context.problems.includes(note))],
      activeTool: null,
      waitingObjects: [],
      screen: "case",
    });
    edits.reset(loaded.saved ?? nothingYet, source);
    if (loaded.saved) store.report(problem("journal/restored", {}, "info"));
    if (loaded.saved && objects.length > 0) store.update({ waitingObjects: objects });
    else if (objects.length > 0) await importObjects(objects);
  }

  async function savedState({ context, volume }: LoadedSeries): Promise<CaseState | null> {
    try {
      return (await journal?.restore(context.seriesInstanceUid, volume.grid)) ?? null;
    } catch (error) {
      store.report(problem("journal/not-restored", { message: String(error) }));
      return null;
    }
  }

  async function openPrior(seriesInstanceUid: string): Promise<void> {
    // Before it is loaded: the worker would put it in the place of the prior that is shown.
    const main = store.get().scene.series;
    const asked = store.get().read?.series.find((series) => series.seriesInstanceUid === seriesInstanceUid);
    if (main && asked && !areOfOnePatient(asked, main)) {
      store.report(problem("open/prior-of-another-patient"));
      return;
    }
    const loaded = await opening("prior", async (signal, progress) => {
      const result = await worker.load(seriesInstanceUid, "prior", { signal, progress });
      if (!result.ok) throw new ProblemError(result.problem);
      return result.value;
    });
    if (!loaded) return;
    store.update({ prior: loaded });
  }

  return {
    openFiles,
    async openRead(read, from) {
      markFilesGiven();
      const found = await opening("archive", read);
      if (!found) return false;
      await showRead(found, found.rejected.length, from);
      return found.series.length > 0;
    },
    async chooseSeries(seriesInstanceUid) {
      // Of the files as a whole: it may have been of another series.
      seen = null;
      const role = store.get().choosing ?? "main";
      store.update({ choosing: null });
      markCaseBegun();
      if (role === "prior") await openPrior(seriesInstanceUid);
      else await openMain(seriesInstanceUid);
    },
    lookAt(k) {
      const now = store.get().opening?.coming;
      if (!now) return;
      const at = Math.max(0, Math.min(now.slice.slices - 1, Math.round(k)));
      if (at !== now.at) show({ ...now, at, moved: true });
    },
    setComingLook(look) {
      const now = store.get().opening?.coming;
      if (now) show({ ...now, look });
    },
    showSeries: (role) => store.update({ choosing: role }),
    async importWaiting() {
      const objects = store.get().waitingObjects;
      store.update({ waitingObjects: [] });
      await importObjects(objects);
    },
    dropWaiting: () => store.update({ waitingObjects: [] }),
    closePrior() {
      store.update({ prior: null });
      void worker.forget("prior");
    },
    closeCase() {
      seen = null;
      store.update({
        scene: emptyScene,
        prior: null,
        second: null,
        read: null,
        screen: store.get().page ? "page" : "start",
        problems: [],
        activeTool: null,
        choosing: null,
        waitingObjects: [],
      });
      edits.reset(nothingYet, { kind: "files" });
      void worker.forget("main");
      void worker.forget("prior");
      void options.refreshSavedCases();
    },
    cancel: () => running?.abort(new DOMException("cancelled by the reader", "AbortError")),
  };
}
