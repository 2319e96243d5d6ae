// What the viewer does with a case that another page handed over: opens it, begins a plugin's verb in it, or gives it to a plugin's page.
import type { App } from "./app.ts";
import type { HandedCt, HandedOver } from "./hand-over.ts";
import { runVerb, shortcuts } from "./shortcuts.ts";

/** What is wrong with the case is said as if it had been opened by hand. */
export async function takeCase(app: App, { ct, page }: HandedOver): Promise<void> {
  const linked = page && linkedPage(app, page.id);
  if (!linked) return openCt(app, ct);
  const { pluginId, fromCase } = linked;
  // The case's bar leads back to the page.
  app.showPage(
    { pluginId, pageId: page.id, query: "" },
    "exporter" in fromCase ? [...(ct.kind === "files" ? ct.files : []), ...page.files] : [],
  );
  if (!("command" in fromCase)) return;
  await openCt(app, ct);
  if (!app.state.get().scene.volume) return;
  const verb = shortcuts(app).find(({ id }) => id === fromCase.command);
  if (verb) await runVerb(app, verb);
}

/** Only what a page declares is run, whatever the message asks for. */
function linkedPage(app: App, pageId: string) {
  for (const { id: pluginId, pages } of app.manifests)
    for (const { id, fromCase } of pages) if (id === pageId && fromCase) return { pluginId, fromCase };
  return null;
}

async function openCt(app: App, ct: HandedCt): Promise<void> {
  if (ct.kind === "files") return app.openFiles(ct.files, { kind: "files" });
  await app.archive.openStudy(ct.studyInstanceUid);
  // A study of one series was opened at once.
  if (app.state.get().choosing) await app.archive.chooseSeries(ct.seriesInstanceUid);
}
