// The case that is open here, in our own viewer: as it is, or taken up by a page of a plugin. It goes by message, never by address.
import type { FileWithPath, PageDeclaration } from "#contract";
import { handOver, type HandedCt, type HandedOver } from "#host/hand-over";
import type { ActivePlugin } from "#host/registry";
import type { OhifHost } from "./host-adapter.ts";
import { isOfFiles } from "./original-files.ts";
import { noWindow, wordsIn, type Words } from "./words.ts";

/** A page of a plugin in our own viewer. */
export interface LinkedPage {
  readonly plugin: ActivePlugin;
  readonly page: PageDeclaration;
}

/** Why the page would open without the case, in words; null where it opens with it. */
export function whyWithoutCase(
  { plugin: { implementation }, page: { fromCase } }: LinkedPage,
  viewer: string,
  words: Words,
): string | null {
  if (new URL(viewer).origin !== window.location.origin) return words.otherServer;
  if (!fromCase) return words.takesNoCase;
  if ("exporter" in fromCase) return implementation.exporters[fromCase.exporter].disabledReason();
  return implementation.commands[fromCase.command].disabledReason?.() ?? null;
}

/** In a window of its own. Without `linked` the case alone; a page that takes nothing of it opens as it is. */
export function openInViewer(host: OhifHost, viewer: string, linked?: LinkedPage): void {
  const { app } = host;
  const address = linked ? `${viewer}#/p/${linked.plugin.manifest.id}/${linked.page.path}` : viewer;
  if (linked && whyWithoutCase(linked, viewer, wordsIn(app.state.get().locale)) !== null) {
    window.open(address, "_blank", "noopener");
    return;
  }
  const handed = caseOf(host, linked);
  handed.catch((error: unknown) => app.store.reportThrown(error, "viewer"));
  if (!handOver(window, address, handed)) app.store.report(noWindow());
}

/** The open case as another page can take it up; its work is in the storage of both. */
async function caseOf(host: OhifHost, linked: LinkedPage | undefined): Promise<HandedOver> {
  const ct = await ctOf(host);
  return linked ? { ct, page: { id: linked.page.id, files: await exportedFiles(linked) } } : { ct };
}

async function ctOf({ app, worker, services }: OhifHost): Promise<HandedCt> {
  const { series } = app.state.get().scene;
  if (!series) throw new DOMException("the case was closed", "AbortError");
  const { seriesInstanceUid, study, instances } = series;
  const shown = services.displaySetService
    .getActiveDisplaySets()
    .find((set) => set.SeriesInstanceUID === seriesInstanceUid);
  if (shown && !isOfFiles(shown))
    return { kind: "archive", studyInstanceUid: study.studyInstanceUid, seriesInstanceUid };
  const uids = [...new Set(instances.map(({ sopInstanceUid }) => sopInstanceUid))];
  const originals = await worker.originals(seriesInstanceUid, uids);
  return {
    kind: "files",
    files: originals.map(({ name, bytes }) => ({ path: name, file: new File([bytes.slice()], name) })),
  };
}

async function exportedFiles({
  plugin: { implementation },
  page: { fromCase },
}: LinkedPage): Promise<readonly FileWithPath[]> {
  if (!fromCase || !("exporter" in fromCase)) return [];
  const exported = await implementation.exporters[fromCase.exporter].run();
  return exported.map(({ name, mediaType, bytes }) => ({
    path: name,
    file: new File([bytes.slice()], name, { type: mediaType }),
  }));
}
