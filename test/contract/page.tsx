// Our own page with the checking plugin in place of the one for cement.
import "#host/no-eval";
import "@mantine/core/styles.css";
import { createRoot } from "react-dom/client";
import { createApp } from "#host/app";
import { parseDeployment } from "#host/deployment";
import { downloads } from "#host/downloads";
import { openJournal } from "#host/journal";
import { uidsUnder } from "#host/new-uid";
import { pickFiles } from "#host/pick-files";
import { dicomOfPlugins } from "#host/plugin-dicom";
import { loadPreferences } from "#host/preferences";
import { connectWorker } from "#host/worker-protocol";
import { watchedWorker } from "#host/worker-watch";
import { Shell } from "#ui/shell";
import { contractWorker, offeringPlugin } from "./held-to.ts";

const preferences = loadPreferences(localStorage, "en", parseDeployment("{}").deployment);
const app = createApp({
  plugins: { plugins: [offeringPlugin()], dicom: dicomOfPlugins },
  loadViewport: async () => (await import("#viewport/viewport")).createViewport,
  worker: connectWorker(watchedWorker(contractWorker)),
  journal: await openJournal(),
  files: downloads(document),
  pickFiles: pickFiles(document),
  ...preferences,
  now: () => new Date(),
  newUid: uidsUnder(preferences.settings.uidRoot),
});
const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");
createRoot(root).render(<Shell app={app} />);
