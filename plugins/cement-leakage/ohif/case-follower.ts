// Which CT is read: the one in OHIF's active viewport, opened when nothing is; another one only when the reader says so.
import { ProblemError } from "#core/problem";
import { writable, type Readable } from "#core/readable";
import type { App } from "#host/app";
import { isOfFiles, originalFiles } from "./original-files.ts";
import type { CornerstoneModule, DisplaySet, OhifServices } from "./ohif-types.ts";
import { noWholeImages } from "./words.ts";

export interface Followed {
  /** The CT in the active viewport; null where that shows none. */
  readonly shown: DisplaySet | null;
  /** Its files are being fetched from OHIF. */
  readonly fetching: boolean;
}

export interface CaseFollower {
  readonly state: Readable<Followed>;
  /** Opens what is shown, in place of what is open; what was done there is saved already. */
  openShown(): Promise<void>;
  stop(): void;
}

export interface FollowerOptions {
  readonly app: App;
  readonly services: Pick<
    OhifServices,
    "viewportGridService" | "displaySetService" | "userAuthenticationService"
  >;
  readonly loader: CornerstoneModule["dicomLoaderService"];
  /** Whether OHIF's data source is an archive that whole images can be asked of. */
  readonly isArchive: boolean;
}

/** What a viewport shows. */
export function shownIn(
  { viewportGridService, displaySetService }: Pick<OhifServices, "viewportGridService" | "displaySetService">,
  viewportId: string,
): DisplaySet[] {
  const uids = viewportGridService.getState().viewports.get(viewportId)?.displaySetInstanceUIDs ?? [];
  return uids.flatMap((uid) => displaySetService.getDisplaySetByUID(uid) ?? []);
}

export function followCase(options: FollowerOptions): CaseFollower {
  const { app, loader, services } = options;
  const { viewportGridService, displaySetService } = services;
  const state = writable<Followed>({ shown: null, fetching: false });
  let running: AbortController | null = null;
  /** Tried once by itself; after that the reader asks. */
  const tried = new Set<string>();

  function shownNow(): DisplaySet | null {
    const sets = shownIn(services, viewportGridService.getActiveViewportId());
    return sets.find(({ Modality }) => Modality === "CT") ?? null;
  }

  /** The viewer's list of series would say it; here is none. Whether the series was read and can't be opened. */
  function sayWhyRefused({ SeriesInstanceUID }: DisplaySet): boolean {
    const read = app.store.get().read?.series;
    const series = read?.find(({ seriesInstanceUid }) => seriesInstanceUid === SeriesInstanceUID);
    if (!series || series.openable) return false;
    app.showSeries(null);
    for (const reason of series.problems) if (reason.severity === "error") app.store.report(reason);
    return true;
  }

  async function open(displaySet: DisplaySet): Promise<void> {
    running?.abort(new DOMException("another series was chosen", "AbortError"));
    const mine = new AbortController();
    running = mine;
    for (const { id, severity } of app.store.get().notices) if (severity === "error") app.store.dismiss(id);
    if (app.store.get().scene.volume) app.closeCase();
    try {
      if (isOfFiles(displaySet)) {
        state.set({ ...state.get(), fetching: true });
        const headers = services.userAuthenticationService.getAuthorizationHeader();
        const files = await originalFiles(displaySet, loader, headers, mine.signal);
        state.set({ ...state.get(), fetching: false });
        await app.openFiles(files, { kind: "files" });
        sayWhyRefused(displaySet);
      } else if (options.isArchive) {
        await app.archive.openStudy(displaySet.StudyInstanceUID);
        // A study of one series was opened at once.
        if (!sayWhyRefused(displaySet) && app.store.get().choosing !== null)
          await app.archive.chooseSeries(displaySet.SeriesInstanceUID);
      } else throw new ProblemError(noWholeImages());
    } catch (error) {
      if (!mine.signal.aborted) app.store.reportThrown(error, "files");
    } finally {
      if (running === mine) state.set({ ...state.get(), fetching: false });
    }
  }

  function look(): void {
    const shown = shownNow();
    state.set({ ...state.get(), shown });
    const { scene, opening } = app.store.get();
    if (!shown || scene.volume || opening || state.get().fetching) return;
    if (tried.has(shown.displaySetInstanceUID)) return;
    tried.add(shown.displaySetInstanceUID);
    void open(shown);
  }

  const stops = [viewportGridService, displaySetService].flatMap((service) =>
    Object.values(service.EVENTS).map((event) => service.subscribe(event, look)),
  );
  look();
  return {
    state,
    async openShown() {
      const { shown } = state.get();
      if (shown) await open(shown);
    },
    stop() {
      running?.abort(new DOMException("the mode was left", "AbortError"));
      for (const one of stops) one.unsubscribe();
    },
  };
}
