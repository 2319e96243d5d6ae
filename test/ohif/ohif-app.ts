// The built OHIF app from npm as static files in a scratch folder, checked against its published hash, and served on loopback.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, readdir, rename, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { PROJECT_FOLDER } from "../../src/cli/prepare.mjs";

/** The versions that are tried, each with the hash of its package. */
const HASH_OF_VERSION = {
  "3.13.2": "sha512-WZdxmpmG7rqFgW9ZJLcbgr3XCtLi1KDNPoMaeY5PPe6j4G4fjEjjkycZM6C6Zk2F87BKxFfpq+jd5xXZB9E8EA==",
} as const;
export type OhifVersion = keyof typeof HASH_OF_VERSION;

const CACHE = join(PROJECT_FOLDER, ".cache", "ohif");
const FETCH_MS = 120_000;

/** The folder of the app, fetched when it isn't there; or in words why it can't be had. */
export async function ohifApp(version: OhifVersion): Promise<{ folder: string } | { whyNot: string }> {
  const kept = join(CACHE, version);
  const folder = join(kept, "package", "dist");
  if (existsSync(join(folder, "index.html"))) return { folder };
  await mkdir(CACHE, { recursive: true });
  const part = await mkdtemp(join(CACHE, "part-"));
  try {
    // By npm itself, so that the registry of this machine is asked; it has been seen to hang.
    const asked = ["pack", "--loglevel=error", `@ohif/app@${version}`, "--pack-destination", part];
    const fetched = spawnSync("npm", asked, { timeout: FETCH_MS, killSignal: "SIGKILL", encoding: "utf8" });
    const [name] = await readdir(part);
    if (fetched.status !== 0 || !name) {
      const said = fetched.stderr?.trim().split("\n")[0] || (fetched.error?.message ?? "npm gave no reason");
      const reason = fetched.signal ? `no answer in ${FETCH_MS / 1000} s` : said;
      return { whyNot: `@ohif/app ${version} can't be fetched from npm: ${reason}` };
    }
    const bytes = await readFile(join(part, name));
    const hash = `sha512-${createHash("sha512").update(bytes).digest("base64")}`;
    if (hash !== HASH_OF_VERSION[version])
      throw new Error(
        `@ohif/app ${version} from npm is not the package that was published: its hash is ${hash}`,
      );
    const unpacked = spawnSync("tar", ["-xzf", join(part, name), "-C", part], { timeout: FETCH_MS });
    if (unpacked.status !== 0) return { whyNot: `@ohif/app ${version} can't be unpacked with tar` };
    await rm(join(part, name));
    await rm(kept, { recursive: true, force: true });
    await rename(part, kept);
    return { folder };
  } finally {
    await rm(part, { recursive: true, force: true });
  }
}

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".css": "text/css",
  ".json": "application/json",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
};

/** Settings of an OHIF that opens files from the disk: it ships without. */
const LOCAL_FILES_CONFIG = `window.config = {
  routerBasename: null, extensions: [], modes: [], customizationService: {}, showStudyList: true,
  maxNumberOfWebWorkers: 1, showWarningMessageForCrossOrigin: false, showCPUFallbackMessage: false, showLoadingIndicator: true,
  strictZSpacingForVolumeViewport: true, defaultDataSourceName: 'dicomlocal', disableConfirmationPrompts: false,
  investigationalUseDialog: { option: 'never' },
  dataSources: [{
    namespace: '@ohif/extension-default.dataSourcesModule.dicomlocal', sourceName: 'dicomlocal',
    configuration: { friendlyName: 'files' },
  }],
};`;

export interface ServedOhif {
  /** "http://127.0.0.1:PORT" */
  readonly url: string;
  close(): Promise<void>;
}

/** Serves it as OHIF asks to be: every path that is no file is the app. */
export async function serveOhif(folder: string): Promise<ServedOhif> {
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url ?? "/", "http://local").pathname));
    // Before SharedArrayBuffer is handed out.
    response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
    response.setHeader("Cross-Origin-Embedder-Policy", "require-corp");
    const type = TYPES[extname(path)];
    if (path === "/app-config.js") {
      response.writeHead(200, { "Content-Type": "text/javascript" }).end(LOCAL_FILES_CONFIG);
      return;
    }
    readFile(join(folder, path)).then(
      (bytes) => response.writeHead(200, { "Content-Type": type ?? "application/octet-stream" }).end(bytes),
      async () =>
        extname(path) === ""
          ? response
              .writeHead(200, { "Content-Type": "text/html" })
              .end(await readFile(join(folder, "index.html")))
          : response.writeHead(404).end(),
    );
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}
