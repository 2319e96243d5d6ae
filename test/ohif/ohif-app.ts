// The built OHIF app from npm as static files in a scratch folder, checked against its published hash, and served on loopback.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, readdir, rename, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { extname, join, normalize } from "node:path";
import { PROJECT_FOLDER } from "../../src/cli/prepare.mjs";

/** The versions that are tried, each with the hash of its package. */
const HASH_OF_VERSION = {
  "3.11.1": "sha512-0lJRyHguGuIR06PxeJ3rqnPWf1OAqsaXGuqT2kl5HkNjIOxBDnRTTMvyHnkn3ZyjcHlsIhY8gf0h7AhVORqsSQ==",
  "3.12.10":
    "sha512-0kuF66Mq9c9dMD++bUsTjMrJpXJwaZhz9B4uS244DawAjSkTwIYFU93pxPuRUQixaRi7QAHlF3Fe1qudBlZrmA==",
  "3.13.2": "sha512-WZdxmpmG7rqFgW9ZJLcbgr3XCtLi1KDNPoMaeY5PPe6j4G4fjEjjkycZM6C6Zk2F87BKxFfpq+jd5xXZB9E8EA==",
  // The newest beta: what fails there is told, and fails no test.
  "3.14.0-beta.6":
    "sha512-QwA0talqhh4VlUR+QgT2t8FP7NpX++4s6Z9Cp5VIcta3JMd2zGBPTp/R9t7JaX0Xi1AHAZAJxTv502R+SawaBg==",
} as const;
export type OhifVersion = keyof typeof HASH_OF_VERSION;
/** Oldest first. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of the object above
export const OHIF_VERSIONS = Object.keys(HASH_OF_VERSION) as readonly OhifVersion[];
export const isBeta = (version: OhifVersion): boolean => version.includes("beta");

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

interface Source {
  readonly namespace: string;
  readonly sourceName: string;
  readonly configuration: object;
}

/** OHIF's app-config.js with these data sources, the first of them the default. */
const configWith = (sources: readonly Source[]): string => `window.config = {
  routerBasename: null, extensions: [], modes: [], customizationService: {}, showStudyList: true,
  maxNumberOfWebWorkers: 1, showWarningMessageForCrossOrigin: false, showCPUFallbackMessage: false, showLoadingIndicator: true,
  strictZSpacingForVolumeViewport: true, defaultDataSourceName: '${sources[0].sourceName}', disableConfirmationPrompts: false,
  investigationalUseDialog: { option: 'never' },
  dataSources: ${JSON.stringify(sources)},
};
`;

/** Opens files from the disk, which OHIF ships without. */
export const LOCAL_FILES_CONFIG = configWith([
  {
    namespace: "@ohif/extension-default.dataSourcesModule.dicomlocal",
    sourceName: "dicomlocal",
    configuration: { friendlyName: "files" },
  },
]);

/** Reads from and stores to a DICOMweb archive at this address. */
export const archiveConfig = (root: string): string =>
  configWith([
    {
      namespace: "@ohif/extension-default.dataSourcesModule.dicomweb",
      sourceName: "archive",
      configuration: {
        friendlyName: "archive",
        name: "archive",
        wadoUriRoot: root,
        qidoRoot: root,
        wadoRoot: root,
        qidoSupportsIncludeField: true,
        imageRendering: "wadors",
        thumbnailRendering: "wadors",
        enableStudyLazyLoad: true,
        supportsFuzzyMatching: false,
        supportsWildcard: true,
        dicomUploadEnabled: true,
        omitQuotationForMultipartRequest: true,
      },
    },
  ]);

export interface ServedOhif {
  /** "http://127.0.0.1:PORT" */
  readonly url: string;
  close(): Promise<void>;
}

export interface ServeOptions {
  /** The text of app-config.js. */
  readonly config?: string;
  /** Folders beside the app by the path that they are served at, "/cement/". */
  readonly beside?: Readonly<Record<string, string>>;
  /** What it takes it answers itself. */
  readonly before?: (request: IncomingMessage, response: ServerResponse) => boolean;
}

/** Serves it as OHIF asks to be: every path that is no file is the app. */
export async function serveOhif(
  folder: string,
  { config = LOCAL_FILES_CONFIG, beside = {}, before }: ServeOptions = {},
): Promise<ServedOhif> {
  const fileOf = (path: string): string => {
    const [at, other] = Object.entries(beside).find(([start]) => path.startsWith(start)) ?? ["/", folder];
    const inside = path.slice(at.length);
    return join(other, other !== folder && inside === "" ? "index.html" : inside);
  };
  const server = createServer((request, response) => {
    if (before?.(request, response)) return;
    const path = normalize(decodeURIComponent(new URL(request.url ?? "/", "http://local").pathname));
    // Before SharedArrayBuffer is handed out.
    response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
    response.setHeader("Cross-Origin-Embedder-Policy", "require-corp");
    const type = TYPES[extname(fileOf(path))];
    if (path === "/app-config.js") {
      response.writeHead(200, { "Content-Type": "text/javascript" }).end(config);
      return;
    }
    readFile(fileOf(path)).then(
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
