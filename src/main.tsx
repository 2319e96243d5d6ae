// Composition root of the page: host, worker, journal, plugins, shell.
import "#host/no-eval";
import "@mantine/core/styles.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { fail, problem } from "#core/problem";
import { createApp } from "#host/app";
import { textBesidePage } from "#host/beside-page";
import { CONFIG, parseDeployment } from "#host/deployment";
import { downloads } from "#host/downloads";
import { followAddress } from "#host/follow-address";
import { takeHandedOver } from "#host/hand-over";
import { openJournal } from "#host/journal";
import { mayConnect } from "#host/page-policy";
import { loadPreferences, savePreferences } from "#host/preferences";
import { uidsUnder } from "#host/new-uid";
import { connectWorker } from "#host/worker-protocol";
import { watchedWorker } from "#host/worker-watch";
import { pickFiles } from "#host/pick-files";
import { learnPseudoLanguage } from "#ui/pseudo-language";
import { Shell } from "#ui/shell";
import { extraPlugins } from "./extra-plugins.ts";
import { parseDepartmentTerms, unreadableTerms } from "../plugins/cement-leakage/model/department-terms.ts";
import { setDepartmentTerms } from "../plugins/cement-leakage/model/sites.ts";
import { plugin as cementLeakage } from "../plugins/cement-leakage/plugin.ts";

/** A department's own sites, in the folder of index.html. */
const TERMS = "terms.json";
const [journal, terms, config] = await Promise.all([
  openJournal().catch(() => null),
  textBesidePage(TERMS, document.baseURI).then(
    (text) => (text === null ? null : parseDepartmentTerms(text, TERMS)),
    (error: unknown) => fail(unreadableTerms(TERMS, error)),
  ),
  textBesidePage(CONFIG, document.baseURI).then(
    (text) => parseDeployment(text ?? "{}"),
    (error: unknown) => ({
      ...parseDeployment("{}"),
      problems: [problem("config/unreadable", { message: String(error) }, "warning")],
    }),
  ),
]);
if (terms?.ok) setDepartmentTerms(terms.value);
const extra = await extraPlugins(config.deployment.plugins);
const preferences = loadPreferences(localStorage, navigator.language, config.deployment);
const pseudo = new URLSearchParams(location.search).get("lang") === "pseudo";
const app = createApp({
  plugins: [cementLeakage, ...extra.plugins],
  loadViewport: async () => (await import("#viewport/viewport")).createViewport,
  worker: connectWorker(
    watchedWorker(() => new Worker(new URL("./worker.ts", import.meta.url), { type: "module" })),
  ),
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
if (terms && !terms.ok) app.store.report(terms.problem);
for (const wrong of [...config.problems, ...extra.problems]) app.store.report(wrong);
if (!pseudo) savePreferences(app, localStorage);
followAddress(app, window);
// What nobody caught is said on the screen instead of in a console that no reader opens.
window.addEventListener("unhandledrejection", ({ reason }) => app.store.reportThrown(reason, "page"));
window.addEventListener("error", ({ error }) => {
  if (error instanceof Error) app.store.reportThrown(error, "page");
});
takeHandedOver(window, {
  openFiles: app.openFiles,
  async openStudy(studyInstanceUid, seriesInstanceUid) {
    await app.archive.openStudy(studyInstanceUid);
    // A study of one series was opened at once.
    if (app.state.get().choosing) await app.archive.chooseSeries(seriesInstanceUid);
  },
});
const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");
createRoot(root).render(
  <StrictMode>
    <Shell app={app} />
  </StrictMode>,
);
