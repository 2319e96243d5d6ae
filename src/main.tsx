// Composition root of the page: host, worker, journal, plugins, shell.
import "#host/no-eval";
import "@mantine/core/styles.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { fail, problem } from "#core/problem";
import { watchUpdates } from "#host/app-update";
import { createApp } from "#host/app";
import type { MountComing } from "#host/coming-port";
import { textBesidePage } from "#host/beside-page";
import type { Plugin } from "#contract";
import { CONFIG, parseDeployment } from "#host/deployment";
import { downloads } from "#host/downloads";
import { followAddress } from "#host/follow-address";
import { takeHandedOver } from "#host/hand-over";
import { openJournal } from "#host/journal";
import { mayConnect } from "#host/page-policy";
import type { PluginSet } from "#host/plugin-set";
import { loadPreferences, savePreferences } from "#host/preferences";
import { whenIdle } from "#host/when-idle";
import { uidsUnder } from "#host/new-uid";
import { connectWorker } from "#host/worker-protocol";
import { takeCase } from "#host/take-case";
import { watchedWorker } from "#host/worker-watch";
import { pickFiles } from "#host/pick-files";
import { learnPseudoLanguage } from "#ui/pseudo-language";
import { Shell } from "#ui/shell";
import { extraPlugins } from "./extra-plugins.ts";
import { manifest as cementLeakage } from "../plugins/cement-leakage/manifest.ts";

/** A department's own sites, in the folder of index.html. */
const TERMS = "terms.json";
const KEEP_AFTER_MS = 5000;
const terms = textBesidePage(TERMS, document.baseURI);
terms.catch(() => undefined);

/** The plugins, with the department's sites set before any of their code asks for one. */
async function loadPlugins(extra: readonly Plugin[]): Promise<PluginSet> {
  const [{ plugin }, { dicomOfPlugins }, { parseDepartmentTerms, unreadableTerms }, { setDepartmentTerms }] =
    await Promise.all([
      import("../plugins/cement-leakage/plugin.ts"),
      import("#host/plugin-dicom"),
      import("../plugins/cement-leakage/model/department-terms.ts"),
      import("../plugins/cement-leakage/model/sites.ts"),
    ]);
  const parsed = await terms.then(
    (text) => (text === null ? null : parseDepartmentTerms(text, TERMS)),
    (error: unknown) => fail(unreadableTerms(TERMS, error)),
  );
  if (parsed?.ok) setDepartmentTerms(parsed.value);
  return {
    plugins: [plugin, ...extra],
    dicom: dicomOfPlugins,
    problems: parsed && !parsed.ok ? [parsed.problem] : [],
  };
}

let comingView: Promise<MountComing> | null = null;
/** Kept, for the first picture of a case would wait for another look for it. */
const loadComingView = (): Promise<MountComing> =>
  (comingView ??= import("#viewport/coming-view").then(
    ({ mountComing }) => mountComing,
    (error: unknown) => {
      comingView = null;
      throw error;
    },
  ));

const [journal, config] = await Promise.all([
  openJournal().catch(() => null),
  textBesidePage(CONFIG, document.baseURI).then(
    (text) => parseDeployment(text ?? "{}"),
    (error: unknown) => ({
      ...parseDeployment("{}"),
      problems: [problem("config/unreadable", { message: String(error) }, "warning")],
    }),
  ),
]);
const extra = await extraPlugins(config.deployment.plugins);
const preferences = loadPreferences(localStorage, navigator.language, config.deployment);
const pseudo = new URLSearchParams(location.search).get("lang") === "pseudo";
const worker = watchedWorker(() => new Worker(new URL("./worker.ts", import.meta.url), { type: "module" }));
const app = createApp({
  plugins: {
    manifests: [cementLeakage, ...extra.plugins.map(({ manifest }) => manifest)],
    load: () => loadPlugins(extra.plugins),
  },
  loadViewport: async () => (await import("#viewport/viewport")).createViewport,
  loadComingView,
  drawing: config.deployment.drawing,
  worker: connectWorker(worker),
  journal,
  files: downloads(document),
  pickFiles: pickFiles(document),
  ...preferences,
  archive: {
    place: config.deployment.archive,
    storage: localStorage,
    pageUri: document.baseURI,
    mayConnect: (url) => mayConnect(document, url),
  },
  ...(pseudo ? { locale: learnPseudoLanguage() } : {}),
  now: () => new Date(),
  newUid: uidsUnder(preferences.settings.uidRoot),
});
for (const wrong of [...config.problems, ...extra.problems]) app.store.report(wrong);
if (!pseudo) savePreferences(app, localStorage);
followAddress(app, window);
// What nobody caught is said on the screen instead of in a console that no reader opens.
window.addEventListener("unhandledrejection", ({ reason }) => app.store.reportThrown(reason, "page"));
window.addEventListener("error", ({ error }) => {
  if (error instanceof Error) app.store.reportThrown(error, "page");
});
takeHandedOver(window, (handed) => void takeCase(app, handed));
const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");
createRoot(root).render(
  <StrictMode>
    <Shell app={app} />
  </StrictMode>,
);
// What the first case needs is fetched while its reader looks for it: the start page is there without.
whenIdle(async () => {
  worker.wake();
  await Promise.all([loadComingView(), app.loadPlugins(), app.startViewport()]);
  // Last, for it fetches everything once more, to keep it; a first case should not have to share with that.
  do await new Promise((wake) => setTimeout(wake, KEEP_AFTER_MS));
  while (app.state.get().opening);
  app.update.set(await watchUpdates(navigator.serviceWorker, "./offline-worker.js", () => location.reload()));
});
