// The real host without pixels and without a page: a worker in process, a volume in memory, files kept in a list.
import { createApp, type App, type AppOptions } from "#host/app";
import type { ExportedFile, FileWithPath, Host, Plugin } from "#contract";
import type { JobTable, Job } from "#core/job";
import { ok } from "#core/problem";
import type { SeriesContext } from "#core/study";
import type { CtVolume } from "#core/volume";
import type { OriginalFile } from "#dicom/deidentify/deidentify";
import { archiveLine } from "#host/archive-line";
import { dicomOfPlugins } from "#host/plugin-dicom";
import type { Journal } from "#host/journal";
import type { WorkerLine } from "#host/worker-protocol";

export interface Headless {
  readonly app: App;
  readonly saved: ExportedFile[];
  readonly copied: string[];
  /** Pages sent to the printer. */
  readonly printed: string[];
  /** What the file dialog gives when it is opened next. */
  choose(files: readonly FileWithPath[]): void;
  /** Opens the volume as if its files had been read. */
  open(volume: CtVolume, series: SeriesContext, originals?: readonly OriginalFile[]): Promise<void>;
  /** Sets a plugin's document in one undo step, as its panel would. */
  edit(pluginId: string, document: unknown): void;
  /** What the plugin was given: for a second instance of its verbs over the same case. */
  hostOf(pluginId: string): Host;
}

/** Clock and UIDs are fixed, so that the same case gives the same bytes. */
export function headless(
  plugins: readonly Plugin[],
  jobs: JobTable = {},
  journal: Journal | null = null,
  more: Pick<AppOptions, "leftToHost"> = {},
): Headless {
  let current: { volume: CtVolume; context: SeriesContext } | null = null;
  let files: readonly OriginalFile[] = [];
  let chosen: readonly FileWithPath[] = [];
  const saved: ExportedFile[] = [];
  const copied: string[] = [];
  const printed: string[] = [];
  const worker: WorkerLine = {
    read: async () => {
      if (!current) throw new Error("nothing to read");
      const { context } = current;
      return {
        series: [
          {
            ...context,
            imageCount: context.instances.length,
            sliceSpacingMm: 1,
            rows: context.grid.rows,
            columns: context.grid.columns,
            aside: null,
            merits: [],
            openable: true,
          },
        ],
        rejected: [],
        objects: [],
      };
    },
    load: async () => {
      if (!current) throw new Error("nothing to load");
      return ok(current);
    },
    job: async (jobId, input, options) => {
      if (!current) throw new Error("no volume");
      const run = jobs[jobId] as Job<unknown, unknown>;
      return run(input, {
        volume: current.volume,
        signal: options?.signal ?? new AbortController().signal,
        progress: (fraction, step) => options?.progress?.({ fraction, step }),
      });
    },
    task: async () => null,
    thumbnail: async () => null,
    originals: async () => {
      if (files.length === 0) throw new Error("no files were given");
      return files;
    },
    forget: async () => null,
    archive: archiveLine(() => Promise.reject(new Error("no archive"))),
    dispose: () => undefined,
  };
  let lastUid = 0;
  const hosts = new Map<string, Host>();
  const watched = plugins.map((plugin): Plugin => ({
    ...plugin,
    activate(host) {
      hosts.set(plugin.manifest.id, host);
      return plugin.activate(host);
    },
  }));
  const app = createApp({
    plugins: { plugins: watched, dicom: dicomOfPlugins },
    loadViewport: () => Promise.reject(new Error("headless")),
    worker,
    journal,
    pickFiles: async () => chosen,
    files: {
      save: (file) => void saved.push(file),
      copyText: async (text) => void copied.push(text),
      copyImage: async () => undefined,
      print: async (html) => void printed.push(html),
    },
    settings: {
      uidRoot: "2.25",
      equipment: {
        manufacturer: "Test",
        manufacturerModelName: "Headless",
        deviceSerialNumber: "1",
        softwareVersions: "0.0.0",
      },
      readerName: "Reader One",
      readerRole: "radiologist",
    },
    locale: "en",
    appearance: "dark",
    keyMap: {},
    habits: {},
    ...more,
    now: () => new Date("2026-01-02T03:04:05Z"),
    newUid: () => `2.25.${1_000_000 + ++lastUid}`,
  });
  return {
    hostOf(pluginId) {
      const host = hosts.get(pluginId);
      if (!host) throw new Error(`no plugin ${pluginId}`);
      return host;
    },
    edit: (pluginId, document) =>
      hosts.get(pluginId)?.edit({ en: "Test", zh: "Test" }, (draft) => draft.setDocument(document)),
    app,
    saved,
    copied,
    printed,
    choose: (next) => void (chosen = next),
    async open(volume, context, originals = []) {
      files = originals;
      current = { volume, context };
      await app.openFiles([{ path: "ct", file: new File(["x"], "ct") }]);
    },
  };
}
