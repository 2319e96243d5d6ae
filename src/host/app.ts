// Assembles the viewer without pixels or React: store, edits, opening, plugins, and the viewport once it is there.
import { derived, writable, type Readable, type Writable } from "#core/readable";
import type { Vec3 } from "#core/space";
import type { CtVolume } from "#core/volume";
import { initialState, type AppState } from "./app-state.ts";
import { noUpdates, type AppUpdate } from "./app-update.ts";
import { archiveMemory } from "./archive-memory.ts";
import { createArchive, type Archive } from "./archive.ts";
import { createArchiveStore } from "./archive-store.ts";
import { createStore, type AppStore } from "./app-store.ts";
import { type ComingView, type Landing, landingOf, type MountComing } from "./coming-port.ts";
import { createCaseEdits } from "./case-edits.ts";
import type {
  DeploymentSettings,
  Figure,
  FileWithPath,
  Host,
  ImageWindow,
  Marker,
  OverlayLayer,
  PluginManifest,
  ToolImplementation,
} from "./contract.ts";
import { layersFault, type FaultSink } from "./guard-plugin.ts";
import { casePicture } from "./case-picture.ts";
import type { ArchivePlace } from "./deployment.ts";
import type { KeyMap } from "./key-map.ts";
import type { Journal } from "./journal.ts";
import { landingSink } from "./landing-sink.ts";
import { createLayouts, type Layouts } from "./layouts.ts";
import { markDrawn, markOpening } from "./opening-marks.ts";
import { createPriorBeside } from "./prior-beside.ts";
import { createOpenCase, type OpenCase } from "./open-case.ts";
import { createPages, pageHost, type Pages } from "./pages.ts";
import { createPluginLoading, type LaterPlugins, type PluginSet } from "./plugin-set.ts";
import { pluginHost, type FileOutput } from "./plugin-host.ts";
import { activatePlugins, type ActivePlugin } from "./registry.ts";
import { createSecondSeries, type SecondSeries } from "./second-series.ts";
import { createThumbnails, type Thumbnails } from "./thumbnails.ts";
import { createSavedCases, type SavedCases } from "./saved-cases.ts";
import type { CreateViewport, Drawing, GestureSink, ViewportPort } from "./viewport-port.ts";
import type { WorkerLine } from "./worker-protocol.ts";

export const CEMENT_WINDOW: ImageWindow = { widthHu: 3000, levelHu: 1000 };
export const BONE_WINDOW: ImageWindow = { widthHu: 2000, levelHu: 500 };
export const SOFT_TISSUE_WINDOW: ImageWindow = { widthHu: 400, levelHu: 40 };
export const SLAB_MM = 10;

export interface AppOptions {
  readonly plugins: PluginSet | LaterPlugins;
  /** Loads the image viewer on demand: it is most of the page's size. */
  readonly loadViewport: () => Promise<CreateViewport>;
  /** Loads the view of slices that are still coming; without it an opening shows its progress alone. */
  readonly loadComingView?: () => Promise<MountComing>;
  /** What draws the planes; by itself: the GPU where there is one. */
  readonly drawing?: Drawing;
  readonly worker: WorkerLine;
  readonly journal: Journal | null;
  readonly files: FileOutput;
  readonly pickFiles: (what: "files" | "folder") => Promise<readonly FileWithPath[]>;
  readonly settings: DeploymentSettings;
  readonly locale: AppState["locale"];
  readonly appearance: AppState["appearance"];
  readonly keyMap: KeyMap;
  readonly habits: Readonly<Record<string, unknown>>;
  /** Verbs of the viewer's own, by id, that the host around it does in ways of its own: here they have no key and stand in no list. */
  readonly leftToHost?: (verbId: string) => boolean;
  /** Where an archive is, and what is kept of it; without it the page begins with none and keeps nothing. */
  readonly archive?: {
    readonly place?: ArchivePlace;
    readonly storage: Pick<Storage, "getItem" | "setItem">;
    /** Relative addresses are meant from here. */
    readonly pageUri: string;
    /** Whether the page's policy lets it connect there. */
    readonly mayConnect: (url: string) => boolean;
  };
  readonly now: () => Date;
  readonly newUid: () => string;
}

export interface App extends OpenCase, SavedCases, Layouts, SecondSeries, Thumbnails, Pages {
  readonly store: AppStore;
  readonly archive: Archive;
  /** Whether a newer version of the app waits; set once its service worker was looked at. */
  readonly update: Writable<AppUpdate>;
  readonly state: Readable<AppState>;
  /** What the plugins offer, from the start. */
  readonly manifests: readonly PluginManifest[];
  /** None before they are loaded, which a case and a page of theirs wait for. */
  readonly plugins: readonly ActivePlugin[];
  /** Loads the plugins if they aren't there yet. */
  loadPlugins(): Promise<void>;
  readonly viewport: Readable<ViewportPort | null>;
  /** Starts the image viewer if it isn't there yet. */
  startViewport(): Promise<void>;
  /** Puts a view of the slices that are coming into an element; null where there is none. */
  mountComing(element: HTMLElement): Promise<ComingView | null>;
  undo(): void;
  redo(): void;
  /** Goes to the state after this many of all steps, done and undone; 0 is the case as opened. */
  goToStep(done: number): void;
  activateTool(toolId: string | null): void;
  setBrushRadius(radiusMm: number): void;
  setWindow(window: ImageWindow): void;
  toggleSlab(): void;
  toggleOverlays(): void;
  showKeys(shown: boolean): void;
  /** Whether the host around does this verb of the viewer's own in ways of its own. */
  leftToHost(verbId: string): boolean;
  setKeyMap(keyMap: KeyMap): void;
  setLocale(locale: AppState["locale"]): void;
  setAppearance(appearance: AppState["appearance"]): void;
  setReader(readerName: string, readerRole: string): void;
  dispose(): void;
}

const nothingKept = { getItem: () => null, setItem: () => undefined };

export function createApp(options: AppOptions): App {
  const store = createStore(initialState(options));
  const viewport = writable<ViewportPort | null>(null);
  const focus = writable<Vec3 | null>(null);
  const seenUnmarked = writable<Vec3 | null>(null);
  const seenAxial = writable<Vec3 | null>(null);
  const layers = new Map<string, readonly OverlayLayer[]>();
  const markers = new Map<string, readonly Marker[]>();
  const figures = new Map<string, readonly Figure[]>();
  const active = (): readonly ActivePlugin[] => loading.active();

  const summaryOf = (): string =>
    active()
      .map(({ implementation }) => implementation.summary?.() ?? "")
      .join(" ");
  const pictureOf = () => {
    const { volume } = store.get().scene;
    return volume ? casePicture([...layers.values()].flat(), volume.grid) : null;
  };
  const edits = createCaseEdits(store, options.journal, { summaryOf, pictureOf }, options.now);

  /** One for each tool: a gesture goes on only as long as its sink stays the same. */
  const sinks = new WeakMap<ToolImplementation, GestureSink>();
  function sinkOf(tool: ToolImplementation): GestureSink {
    const known = sinks.get(tool) ?? landingSink(tool);
    sinks.set(tool, known);
    return known;
  }

  function showGesture(): void {
    const { activeTool, brushRadiusMm } = store.get();
    const port = viewport.get();
    if (!port) return;
    for (const { manifest, implementation } of active()) {
      const tool = manifest.tools.find((declared) => declared.id === activeTool);
      if (!tool) continue;
      port.setGesture({
        kind: tool.gesture,
        radiusMm: brushRadiusMm,
        sink: sinkOf(implementation.tools[tool.id]),
      });
      return;
    }
    port.setGesture(null);
  }

  const activateTool = (toolId: string | null): void => {
    store.update({ activeTool: toolId });
    showGesture();
  };

  const savedCases = createSavedCases(store, options.journal, options.files, options.now);
  const openCase = createOpenCase({
    store,
    worker: options.worker,
    journal: options.journal,
    edits,
    plugins: active,
    ready: () => loading.ready(),
    refreshSavedCases: savedCases.refreshSavedCases,
    landing(loaded, coming) {
      const landing = landingOf(loaded, coming);
      wanted = landing && { volume: loaded.volume, ...landing };
    },
  });

  const archive = createArchive({
    store,
    worker: options.worker,
    openCase,
    memory: archiveMemory(options.archive?.place, options.archive?.storage ?? nothingKept),
    pageUri: options.archive?.pageUri ?? "http://localhost/",
    mayConnect: options.archive?.mayConnect ?? (() => false),
  });
  const archiveStore = createArchiveStore(store, options.worker, archive);

  /** Where somebody went last: a CT that is not drawn yet goes there once it is. */
  let wanted: (Landing & { readonly volume: CtVolume | null }) | null = null;
  const goTo = (at: Vec3, fieldMm?: number): void => {
    wanted = { volume: store.get().scene.volume, at, ...(fieldMm === undefined ? {} : { fieldMm }) };
    viewport.get()?.goTo(at, fieldMm);
  };

  const hostFor = (manifest: PluginManifest, dicom: Host["dicom"]): Host =>
    pluginHost(manifest, {
      dicom,
      store,
      edits,
      worker: options.worker,
      viewport,
      focus,
      goTo,
      seenUnmarked,
      seenAxial,
      files: options.files,
      page: pageHost(manifest.id, {
        store,
        worker: options.worker,
        pickFiles: options.pickFiles,
        openFiles: (files) => openCase.openFiles(files),
        archive: { openStudy: archive.openStudy, signedIn: archiveStore.signedIn },
      }),
      archive: archiveStore,
      now: options.now,
      newUid: options.newUid,
      activateTool,
      draw(pluginId, what) {
        if (what.layers) {
          const { volume } = store.get().scene;
          const fault = volume && layersFault(what.layers, volume.grid);
          if (fault) throw new Error(fault);
          layers.set(pluginId, what.layers);
          viewport.get()?.setOverlays([...layers.values()].flat());
        }
        if (what.markers) {
          markers.set(pluginId, what.markers);
          viewport.get()?.setMarkers([...markers.values()].flat());
        }
        if (what.figures) {
          figures.set(pluginId, what.figures);
          viewport.get()?.setFigures([...figures.values()].flat());
        }
      },
    });
  const sink: FaultSink = { report: store.report, locale: () => store.get().locale };
  const loading = createPluginLoading(
    options.plugins,
    ({ plugins, dicom }) => {
      const given = dicom(store, options.worker);
      return activatePlugins(plugins, (manifest) => hostFor(manifest, given), sink);
    },
    store,
  );

  const priorBeside = createPriorBeside({ store, viewport, plugins: active });
  const stops: (() => void)[] = [];
  let starting: Promise<void> | null = null;

  async function startViewport(): Promise<void> {
    const create = await options.loadViewport();
    const port = await create(
      {
        onPick: (at) => {
          for (const { implementation } of active()) implementation.pick?.(at);
        },
        onDrawn: (plane, volume) => volume === store.get().scene.volume && markDrawn(plane, volume),
        onAxial(at, { marked, turned }) {
          if (!turned) seenAxial.set(at);
          if (!marked) seenUnmarked.set(at);
        },
      },
      options.drawing ?? "auto",
    );
    viewport.set(port);
    stops.push(
      () => port.dispose(),
      port.state.subscribe((state) => focus.set(state.focus)),
    );
    const showScene = async (): Promise<void> => {
      const { scene } = store.get();
      const shown = port.show(scene.volume, scene.series);
      const mine = wanted?.volume && wanted.volume === scene.volume ? wanted : null;
      if (mine?.window) port.setWindow(mine.window);
      await shown;
      port.setOverlays([...layers.values()].flat());
      port.setMarkers([...markers.values()].flat());
      port.setFigures([...figures.values()].flat());
      showGesture();
      if (wanted?.volume && wanted.volume === scene.volume) port.goTo(wanted.at, wanted.fieldMm);
    };
    const scene = derived(store.state, (state) => state.scene);
    stops.push(
      scene.subscribe(
        () => void showScene().catch((error: unknown) => store.reportThrown(error, "viewport")),
      ),
      priorBeside.followPrior(port),
    );
    await showScene();
  }

  return {
    ...openCase,
    chooseSeries: archive.chooseSeries,
    cancel: archive.cancelOpening,
    archive,
    update: writable(noUpdates),
    ...savedCases,
    ...createLayouts(store, viewport, active, priorBeside.placePrior),
    ...createSecondSeries({ store, worker: options.worker, viewport }),
    ...createThumbnails(store, options.worker),
    ...createPages({ store, manifests: loading.manifests, closeCase: openCase.closeCase }),
    store,
    state: store.state,
    manifests: loading.manifests,
    get plugins() {
      return active();
    },
    loadPlugins: loading.ready,
    viewport,
    async mountComing(element) {
      const mount = await options.loadComingView?.();
      if (!mount) return null;
      return mount(element, {
        onLookAt: openCase.lookAt,
        onLook: openCase.setComingLook,
        onDrawn: () => markOpening("clv:first-image"),
      });
    },
    startViewport: () =>
      (starting ??= startViewport().catch((error: unknown) => {
        starting = null;
        throw error;
      })),
    undo: edits.undo,
    redo: edits.redo,
    goToStep: edits.goToStep,
    activateTool,
    setBrushRadius(radiusMm) {
      store.update({ brushRadiusMm: Math.min(30, Math.max(0.5, radiusMm)) });
      showGesture();
    },
    setWindow: (window) => viewport.get()?.setWindow(window),
    toggleSlab() {
      const port = viewport.get();
      port?.setSlab(port.state.get().slabMm > 0 ? 0 : SLAB_MM);
    },
    toggleOverlays() {
      store.update((state) => ({ overlaysVisible: !state.overlaysVisible }));
      viewport.get()?.setOverlaysVisible(store.get().overlaysVisible);
    },
    leftToHost: options.leftToHost ?? (() => false),
    setKeyMap: (keyMap) => store.update({ keyMap }),
    showKeys: (keysShown) => store.update({ keysShown }),
    setLocale: (locale) => store.update({ locale }),
    setAppearance: (appearance) => store.update({ appearance }),
    setReader: (readerName, readerRole) =>
      store.update((state) => ({ settings: { ...state.settings, readerName, readerRole } })),
    dispose() {
      for (const stop of stops) stop();
      loading.dispose();
      options.worker.dispose();
      options.journal?.close();
    },
  };
}
