// The app before a real Orthanc, for the tests of the archive: cases stored there, and a server that passes on and counts what the page asks.
import { cp, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { archiveProxy } from "../../src/cli/archive-proxy.mjs";
import { DIST } from "../../src/cli/prepare.mjs";
import { finishSite } from "../../src/cli/site-config.mjs";
import { serveFolder } from "../../src/cli/static-server.mjs";
import { makePhantom } from "../../sample-data/make-phantom.ts";
import { SMALL_VOXELS } from "./small-sample.ts";
import type { Orthanc } from "../interop/orthanc.ts";

const CONFIG = { archive: { url: "/dicom-web", login: "password" } };

export interface ArchiveSite {
  readonly url: string;
  /** What the page asked of the archive: "GET /dicom-web/studies?…". */
  readonly asked: readonly string[];
  /** Called before a request is passed on; what it waits for holds the request. */
  beforePassing: ((asked: string) => Promise<void>) | null;
  close(): Promise<void>;
}

/** The built app on loopback with `orthanc` at /dicom-web, as `npm start -- --archive` serves it. */
export async function serveWithArchive(orthanc: Orthanc): Promise<ArchiveSite> {
  const asked: string[] = [];
  const pass = archiveProxy(orthanc.dicomWeb, "/dicom-web/");
  const site = {
    url: "",
    asked,
    beforePassing: null as ((asked: string) => Promise<void>) | null,
    close: async () => undefined,
  };
  const isArchives = (request: IncomingMessage) => request.url?.startsWith("/dicom-web/") === true;
  const server = await serveFolder(DIST, {
    before(request, response) {
      if (request.url === "/config.json") {
        response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(CONFIG));
        return true;
      }
      if (!isArchives(request)) return false;
      const what = `${request.method} ${request.url}`;
      asked.push(what);
      request.pause();
      void Promise.resolve(site.beforePassing?.(what)).then(() => pass(request, response));
      return true;
    },
  });
  return Object.assign(site, { url: server.url, close: server.close });
}

/** A copy of the built app with this archive in its config.json, and its policy after that. */
export async function appWithArchive(url: string): Promise<{ folder: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "clv-app-"));
  await cp(DIST, folder, { recursive: true, filter: (path) => !path.startsWith(join(DIST, "sample-case")) });
  await writeFile(join(folder, "config.json"), JSON.stringify({ archive: { url } }));
  await finishSite(folder);
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** Orthanc at an origin of its own that lets pages of `page` ask: what Orthanc by itself does not. */
export async function serveAcrossOrigins(
  orthanc: Orthanc,
  page: () => string,
): Promise<{ url: string; close(): Promise<unknown> }> {
  const server = createServer((request, response) => {
    response.setHeader("Access-Control-Allow-Origin", page());
    // An Accept with quotation marks is not one of those that need no permission (Fetch, CORS-unsafe request-header byte).
    response.setHeader("Access-Control-Allow-Headers", "accept, authorization, content-type");
    if (request.method === "OPTIONS") {
      response.writeHead(204).end();
      return;
    }
    void fetch(new URL(request.url ?? "/", orthanc.url), {
      headers: { accept: request.headers.accept ?? "*/*" },
    }).then(async (answer) => {
      response.writeHead(answer.status, { "Content-Type": answer.headers.get("content-type") ?? "" });
      response.end(new Uint8Array(await answer.arrayBuffer()));
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => new Promise((done) => server.close(done).closeAllConnections()),
  };
}

export async function storeFolder(orthanc: Orthanc, folder: string): Promise<void> {
  for (const name of await readdir(folder)) await storeFile(orthanc, await readFile(join(folder, name)));
}

/** A phantom of few voxels: 128 × 128, 2 mm slices. How many there are. */
export async function storeSmallCase(orthanc: Orthanc): Promise<number> {
  let files = 0;
  for (const { bytes } of makePhantom(SMALL_VOXELS, 1).files()) {
    await storeFile(orthanc, bytes);
    files++;
  }
  return files;
}

async function storeFile(orthanc: Orthanc, bytes: Uint8Array): Promise<void> {
  const answer = await orthanc.rest("instances", { method: "POST", body: new Uint8Array(bytes) });
  if (!answer.ok) throw new Error(`Orthanc refused a file: ${answer.status}`);
}

/** "SEG", "SR", "KO" … of all series, sorted. */
export async function modalitiesIn(orthanc: Orthanc): Promise<string[]> {
  const series = (await (await orthanc.rest("series?expand")).json()) as {
    MainDicomTags: { Modality: string };
  }[];
  return series.map(({ MainDicomTags }) => MainDicomTags.Modality).toSorted();
}
