// The host inside OHIF: the viewer's own host, with OHIF's services behind each of its ports. This folder is all that knows OHIF.
import { createApp, type App } from "#host/app";
import { downloads } from "#host/downloads";
import type { Deployment } from "#host/deployment";
import { openJournal } from "#host/journal";
import { uidsUnder } from "#host/new-uid";
import { pickFiles } from "#host/pick-files";
import { dicomOfPlugins } from "#host/plugin-dicom";
import { loadPreferences, savePreferences } from "#host/preferences";
import { listenForShortcuts } from "#host/shortcuts";
import { connectWorker, type WorkerLine } from "#host/worker-protocol";
import { watchedWorker } from "#host/worker-watch";
import type { FileWithPath, Plugin } from "#host/contract";
import { followCase, shownIn, type CaseFollower } from "./case-follower.ts";
import { archivePlace, signedInAsOhif } from "./data-source.ts";
import { tellInOhif } from "./notices.ts";
import { ohifLanguage } from "./ohif-language.ts";
import { ohifViews } from "./ohif-views.ts";
import type { CornerstoneModule, Ohif } from "./ohif-types.ts";

export interface OhifHost {
  readonly app: App;
  readonly follower: CaseFollower;
  readonly cornerstone: CornerstoneModule;
  readonly services: Ohif["servicesManager"]["services"];
  readonly worker: WorkerLine;
  /** The browser's dialog. */
  readonly pickFiles: () => Promise<readonly FileWithPath[]>;
  /** Where the full viewer lies; null where the installation has none. */
  readonly viewer: string | null;
  dispose(): void;
}

export interface AdapterOptions {
  readonly ohif: Ohif;
  readonly plugins: readonly Plugin[];
  readonly startWorker: () => Worker;
  /** What the installation set in config.json beside the module. */
  readonly deployment: Deployment;
  /** Address of the module. */
  readonly here: string;
}

/** Verbs of the viewer's own that OHIF has no place for: its layouts, planes, 3D and slabs are OHIF's. */
const LEFT_TO_OHIF =
  /^host\/(slab|one-view|four-views|sacral-views|track-views|prior-views|tilt-.*|second|standard-view)$/;

const COMMON = "@ohif/extension-cornerstone.utilityModule.common";

/** For as long as one mode is open. */
export async function createOhifHost({
  ohif,
  plugins,
  startWorker,
  deployment,
  here,
}: AdapterOptions): Promise<OhifHost> {
  const { services } = ohif.servicesManager;
  const cornerstone = ohif.extensionManager.getModuleEntry(COMMON)?.exports;
  if (!cornerstone) throw new Error(`this OHIF has no ${COMMON}`);
  const place = archivePlace(ohif.extensionManager);
  const preferences = loadPreferences(localStorage, ohifLanguage(), deployment);
  const journal = await openJournal().catch(() => null);
  const worker = signedInAsOhif(
    connectWorker(watchedWorker(startWorker)),
    services.userAuthenticationService,
  );
  const app = createApp({
    plugins: { plugins, dicom: dicomOfPlugins },
    loadViewport: async () =>
      ohifViews(cornerstone.getCornerstoneLibraries().cornerstone, (viewportId) =>
        shownIn(services, viewportId).map(({ SeriesInstanceUID }) => SeriesInstanceUID),
      ),
    worker,
    journal,
    files: downloads(document),
    pickFiles: pickFiles(document),
    ...preferences,
    leftToHost: (verbId) => LEFT_TO_OHIF.test(verbId),
    archive: {
      ...(place ? { place } : {}),
      // OHIF's data source is the one archive; nothing about it is kept.
      storage: { getItem: () => null, setItem: () => undefined },
      pageUri: document.baseURI,
      mayConnect: () => true,
    },
    now: () => new Date(),
    newUid: uidsUnder(preferences.settings.uidRoot),
  });
  const stops = [
    savePreferences(app, localStorage),
    tellInOhif(app, services.uiNotificationService),
    // OHIF listens on the document: a key that the reading uses decides there, and nothing else.
    listenForShortcuts(app, document.body, { alone: true }),
    warnBeforeLeaving(app),
  ];
  await app.startViewport();
  const follower = followCase({
    app,
    services,
    loader: cornerstone.dicomLoaderService,
    isArchive: place !== null,
  });
  return {
    app,
    follower,
    cornerstone,
    services,
    worker,
    pickFiles: () => pickFiles(document)("files"),
    viewer: deployment.viewer ? new URL(deployment.viewer, here).href : null,
    dispose() {
      follower.stop();
      for (const stop of stops) stop();
      app.dispose();
    },
  };
}

function warnBeforeLeaving(app: App): () => void {
  const warn = (event: BeforeUnloadEvent): void => {
    if (app.state.get().saving !== "saved") event.preventDefault();
  };
  window.addEventListener("beforeunload", warn);
  return () => window.removeEventListener("beforeunload", warn);
}
