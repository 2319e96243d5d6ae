// Plugins whose code comes later: what is known before, that a case waits for them, and what a failure of the network costs.
import { describe, expect, it } from "vitest";
import type { Plugin, PluginManifest } from "#contract";
import { ProblemError } from "#core/problem";
import type { AppState } from "#host/app-state";
import { initialState } from "#host/app-state";
import { createStore } from "#host/app-store";
import { createPluginLoading, type PluginSet } from "#host/plugin-set";
import { activatePlugins } from "#host/registry";

const manifest = {
  id: "later",
  title: { en: "Later", zh: "稍后" },
  version: "1.0.0",
  contract: 1,
  commands: [],
  tools: [],
  panels: [],
  pages: [],
  exporters: [],
  importers: [],
} as const satisfies PluginManifest;

function loadingOf(load: () => Promise<PluginSet>) {
  const store = createStore(
    initialState({} as Pick<AppState, "locale" | "appearance" | "settings" | "keyMap" | "habits">),
  ); // of which nothing is asked here
  const loading = createPluginLoading(
    { manifests: [manifest], load },
    // Nothing of the host is asked by a plugin that declares nothing.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    ({ plugins }) =>
      activatePlugins(plugins, () => ({}) as never, { report: store.report, locale: () => "en" }),
    store,
  );
  return { store, loading };
}

function setWith(activated: string[]): PluginSet {
  const plugin: Plugin = {
    manifest,
    jobs: {},
    activate() {
      activated.push(manifest.id);
      return { commands: {}, tools: {}, panels: {}, pages: {}, exporters: {}, importers: {} };
    },
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return { plugins: [plugin], dicom: () => ({}) as never };
}

describe("plugins that are loaded later", () => {
  it("are known by their manifests, and activated once however often they are asked for", async () => {
    const activated: string[] = [];
    const { store, loading } = loadingOf(() => Promise.resolve(setWith(activated)));
    expect(loading.manifests).toEqual([manifest]);
    expect(loading.active()).toEqual([]);
    expect(store.get().pluginsReady).toBe(false);
    await Promise.all([loading.ready(), loading.ready()]);
    await loading.ready();
    expect(activated).toEqual(["later"]);
    expect(loading.active().map((plugin) => plugin.manifest)).toEqual([manifest]);
    expect(store.get().pluginsReady).toBe(true);
  });

  it("are asked for again after their code could not be had, which is said in words", async () => {
    const activated: string[] = [];
    let tries = 0;
    const { loading } = loadingOf(() =>
      tries++ === 0 ? Promise.reject(new TypeError("Failed to fetch")) : Promise.resolve(setWith(activated)),
    );
    const failure = await loading.ready().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ProblemError);
    expect(failure).toHaveProperty("problem.code", "app/part-not-loaded");
    await loading.ready();
    expect(activated).toEqual(["later"]);
  });

  it("stay away from a page that has gone meanwhile", async () => {
    const activated: string[] = [];
    const { loading } = loadingOf(() => Promise.resolve(setWith(activated)));
    const ready = loading.ready();
    loading.dispose();
    await ready;
    expect(activated).toEqual([]);
  });
});
