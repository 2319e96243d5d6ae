// OHIF with our modules beside it, as plugins/cement-leakage/ohif/README.md says, and our own viewer at /viewer/ of the same server.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { archiveProxy } from "../../src/cli/archive-proxy.mjs";
import { DIST, DIST_OHIF } from "../../src/cli/prepare.mjs";
import type { Orthanc } from "../interop/orthanc.ts";
import type { ServedApp } from "../npm-app.ts";
import { archiveConfig, localFilesConfig, serveOhif } from "./ohif-app.ts";

export interface SiteOptions {
  /** Behind /dicom-web of the same server, and OHIF's only data source; without it OHIF opens files from the disk. */
  readonly orthanc?: Orthanc;
  /** What lies at /cement/; the built modules where left out. */
  readonly modules?: string;
  /** The config.json of both, beside the modules and beside the viewer. */
  readonly settings?: object;
}

export async function serveCement(app: string, options: SiteOptions = {}): Promise<ServedApp> {
  const { orthanc, modules = DIST_OHIF, settings = {} } = options;
  const lines = await readFile(join(DIST_OHIF, "app-config.cement.js"), "utf8");
  const pass = orthanc && archiveProxy(orthanc.dicomWeb, "/dicom-web/");
  return serveOhif(app, {
    config: (orthanc ? archiveConfig("/dicom-web") : localFilesConfig()) + lines,
    beside: { "/cement/": modules, "/viewer/": DIST },
    before(request, response) {
      const path = (request.url ?? "").split("?")[0];
      if (/^\/(cement|viewer)\/config\.json$/.test(path)) {
        const archive = orthanc ? { archive: { url: "/dicom-web" } } : {};
        response
          .writeHead(200, { "Content-Type": "application/json" })
          .end(JSON.stringify({ ...(path.startsWith("/viewer/") ? archive : {}), ...settings }));
        return true;
      }
      if (!pass || !path.startsWith("/dicom-web/")) return false;
      pass(request, response);
      return true;
    },
  });
}
