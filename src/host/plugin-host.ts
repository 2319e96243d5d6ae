// The host as one plugin sees it: capabilities over the store, the viewport and the worker.
import { derived, type Readable } from "#core/readable";
import { isEarlier, type SeriesContext } from "#core/study";
import { problem } from "#core/problem";
import type { Vec3 } from "#core/space";
import { maskPrefix, type CaseEdits } from "./case-edits.ts";
import type { AppState } from "./app-state.ts";
import type { AppStore } from "./app-store.ts";
import type {
  ExportedFile,
  Figure,
  Host,
  Marker,
  MaskSet,
  OverlayLayer,
  PluginManifest,
} from "./contract.ts";
import { HOST_KEYS, keyLabel, keysFor } from "./key-map.ts";
import type { ViewportPort } from "./viewport-port.ts";
import type { WorkerLine } from "./worker-protocol.ts";

/** How files and pictures leave the page. */
export interface FileOutput {
  save(file: ExportedFile): void;
  copyText(text: string): Promise<void>;
  copyImage(png: Blob): Promise<void>;
  print(html: string): Promise<void>;
}

export interface PluginHostOptions {
  readonly store: AppStore;
  readonly edits: CaseEdits;
  readonly worker: WorkerLine;
  readonly viewport: Readable<ViewportPort | null>;
  readonly focus: Readable<Vec3 | null>;
  readonly seenUnmarked: Readable<Vec3 | null>;
  readonly seenAxial: Readable<Vec3 | null>;
  readonly files: FileOutput;
  readonly goTo: Host["view"]["goTo"];
  readonly archive: Host["archive"];
  readonly dicom: Host["dicom"];
  readonly page: Host["page"];
  readonly now: () => Date;
  readonly newUid: () => string;
  readonly activateTool: (toolId: string | null) => void;
  readonly draw: (
    pluginId: string,
    what: {
      layers?: readonly OverlayLayer[];
      markers?: readonly Marker[];
      figures?: readonly Figure[];
    },
  ) => void;
}

function earlierCt({ scene, prior }: AppState): SeriesContext | null {
  return prior && scene.series && isEarlier(prior.context, scene.series) ? prior.context : null;
}

export function pluginHost(manifest: PluginManifest, options: PluginHostOptions): Host {
  const { store, edits, worker, viewport, files } = options;
  /** What a plugin does when told of a change may throw: that costs the plugin its notice, never the host its step. */
  const guarded = <T>(source: Readable<T>): Readable<T> => ({
    get: source.get,
    subscribe: (listener) =>
      source.subscribe((value) => {
        try {
          listener(value);
        } catch (error) {
          store.report(
            problem("plugin/threw", { plugin: manifest.id, where: "listener", message: String(error) }),
          );
        }
      }),
  });
  const of = <T>(select: (state: AppState) => T): Readable<T> => guarded(derived(store.state, select));
  const prefix = maskPrefix(manifest.id);
  const masksOf = derived(
    derived(store.state, (state) => state.masks),
    (all): MaskSet =>
      new Map(
        [...all].filter(([id]) => id.startsWith(prefix)).map(([id, mask]) => [id.slice(prefix.length), mask]),
      ),
  );
  return {
    scene: of((state) => state.scene),
    prior: of(earlierCt),
    masks: guarded(masksOf),
    document: of((state) => state.documents[manifest.id] ?? null),
    edit: (name, change, how) => edits.edit(manifest.id, name, change, how),
    withdraw: edits.withdraw,
    overlays: { set: (layers) => options.draw(manifest.id, { layers }) },
    markers: { set: (markers) => options.draw(manifest.id, { markers }) },
    figures: { set: (figures) => options.draw(manifest.id, { figures }) },
    view: {
      setOverview: (overview) => store.update({ overview }),
      lookFrom: (outward, at) => viewport.get()?.lookFrom(outward, at),
      goTo: options.goTo,
      thinSlice() {
        const port = viewport.get();
        if (!port || port.state.get().slabMm === 0) return true;
        port.setSlab(0);
        return false;
      },
      focus: guarded(options.focus),
      overlaysVisible: of((state) => state.overlaysVisible),
      seenUnmarked: guarded(options.seenUnmarked),
      seenAxial: guarded(options.seenAxial),
      async capture(request) {
        const port = viewport.get();
        if (!port) throw new DOMException("no viewport", "AbortError");
        return port.capture(request);
      },
    },
    tools: {
      active: of((state) => state.activeTool),
      activate: options.activateTool,
      radiusMm: of((state) => state.brushRadiusMm),
    },
    jobs: {
      async run<Output>(
        jobId: string,
        input: unknown,
        call: { signal?: AbortSignal; progress?: (fraction: number, step?: string) => void } = {},
      ): Promise<Output> {
        const { signal, progress } = call;
        const { series } = store.get().scene;
        const result = await worker.job(jobId, input, {
          signal,
          seriesInstanceUid: series?.seriesInstanceUid,
          priorSeriesInstanceUid: earlierCt(store.get())?.seriesInstanceUid,
          progress: progress && ((at) => progress(at.fraction, at.step)),
        });
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion
        return result as Output; // the job's own declaration is the type; both ends come from one build
      },
    },
    dicom: options.dicom,
    files,
    page: options.page,
    archive: { ...options.archive, target: guarded(options.archive.target) },
    settings: of((state) => state.settings),
    habits: of((state) => state.habits[manifest.id] ?? null),
    setHabits: (habits) => store.update((state) => ({ habits: { ...state.habits, [manifest.id]: habits } })),
    keys: guarded(
      derived(
        derived(store.state, (state) => state.keyMap),
        (map) =>
          Object.fromEntries(
            [
              ...Object.entries(HOST_KEYS).map(([id, shortcut]) => ({ id, shortcut })),
              ...manifest.commands,
              ...manifest.tools,
            ].map(({ id, shortcut }) => [id, keyLabel(keysFor(map, id, shortcut))]),
          ),
      ),
    ),
    locale: of((state) => state.locale),
    appearance: of((state) => state.appearance),
    notify: store.notify,
    report: store.report,
    now: options.now,
    newUid: options.newUid,
  };
}
