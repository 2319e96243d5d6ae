// The plugins of the page: there from the start, or known by their manifests until a case or a page of theirs needs the code.
import { ProblemError, problem, type Problem } from "#core/problem";
import type { AppStore } from "./app-store.ts";
import type { Host, Plugin, PluginManifest } from "./contract.ts";
import type { WorkerLine } from "./worker-protocol.ts";
import type { ActivePlugin, Registry } from "./registry.ts";

/** Plugins, and what the host gives them of DICOM (`dicomOfPlugins`): loaded together, for nothing else on the page writes DICOM. */
export interface PluginSet {
  readonly plugins: readonly Plugin[];
  readonly dicom: (store: AppStore, worker: WorkerLine) => Host["dicom"];
  /** What was wrong on the way. */
  readonly problems?: readonly Problem[];
}

/** What the start page says of plugins is all in their manifests. */
export interface LaterPlugins {
  readonly manifests: readonly PluginManifest[];
  load(): Promise<PluginSet>;
}

export interface PluginLoading {
  readonly manifests: readonly PluginManifest[];
  /** None before `ready`. */
  active(): readonly ActivePlugin[];
  /** Rejects with "app/part-not-loaded" where the code can't be had; the next call tries again. */
  ready(): Promise<void>;
  dispose(): void;
}

export function createPluginLoading(
  source: PluginSet | LaterPlugins,
  activate: (set: PluginSet) => Registry,
  store: AppStore,
): PluginLoading {
  let registry: Registry | null = null;
  let loading: Promise<void> | null = null;
  let disposed = false;
  function take(set: PluginSet): void {
    if (disposed) return;
    registry = activate(set);
    for (const reason of [...(set.problems ?? []), ...registry.problems]) store.report(reason);
    store.update({ pluginsReady: true });
  }
  const load = async ({ load: loadSet }: LaterPlugins): Promise<void> => {
    const set = await loadSet().catch((error: unknown) => {
      loading = null;
      throw new ProblemError(problem("app/part-not-loaded", { message: String(error) }));
    });
    take(set);
  };
  if ("plugins" in source) take(source);
  return {
    manifests: "plugins" in source ? source.plugins.map(({ manifest }) => manifest) : source.manifests,
    active: () => registry?.active ?? [],
    ready: () => (loading ??= "plugins" in source ? Promise.resolve() : load(source)),
    dispose() {
      disposed = true;
      registry?.dispose();
    },
  };
}
