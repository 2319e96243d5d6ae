// Other people's built apps from npm as static files in a scratch folder, checked against their published hashes and served on loopback.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, readdir, rename, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { extname, join, normalize } from "node:path";
import { PROJECT_FOLDER } from "../src/cli/prepare.mjs";

export interface NpmApp {
  /** The package's name on npm. */
  readonly name: string;
  readonly version: string;
  /** The registry's `dist.integrity`. */
  readonly hash: string;
  /** Where it is kept below .cache/, under its version. */
  readonly keptIn: string;
}

const FETCH_MS = 120_000;

/** The folder of the built app (its `dist`), fetched when it isn't there; or in words why it can't be had. */
export async function builtApp({
  name,
  version,
  hash,
  keptIn,
}: NpmApp): Promise<{ folder: string } | { whyNot: string }> {
  const cache = join(PROJECT_FOLDER, ".cache", keptIn);
  const kept = join(cache, version);
  const folder = join(kept, "package", "dist");
  if (existsSync(join(folder, "index.html"))) return { folder };
  await mkdir(cache, { recursive: true });
  const part = await mkdtemp(join(cache, "part-"));
  try {
    // By npm itself, so that the registry of this machine is asked; it has been seen to hang.
    const asked = ["pack", "--loglevel=error", `${name}@${version}`, "--pack-destination", part];
    const fetched = spawnSync("npm", asked, { timeout: FETCH_MS, killSignal: "SIGKILL", encoding: "utf8" });
    const [packed] = await readdir(part);
    if (fetched.status !== 0 || !packed) {
      const said = fetched.stderr?.trim().split("\n")[0] || (fetched.error?.message ?? "npm gave no reason");
      const reason = fetched.signal ? `no answer in ${FETCH_MS / 1000} s` : said;
      return { whyNot: `${name} ${version} can't be fetched from npm: ${reason}` };
    }
    const bytes = await readFile(join(part, packed));
    const found = `sha512-${createHash("sha512").update(bytes).digest("base64")}`;
    if (found !== hash)
      throw new Error(
        `${name} ${version} from npm is not the package that was published: its hash is ${found}`,
      );
    const unpacked = spawnSync("tar", ["-xzf", join(part, packed), "-C", part], { timeout: FETCH_MS });
    if (unpacked.status !== 0) return { whyNot: `${name} ${version} can't be unpacked with tar` };
    await rm(join(part, packed));
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

export interface ServedApp {
  /** "http://127.0.0.1:PORT" */
  readonly url: string;
  close(): Promise<void>;
}

export interface ServeOptions {
  /** Scripts by path, in place of the app's own. */
  readonly instead?: ReadonlyMap<string, string>;
  /** Folders beside the app by the path that they are served at, "/cement/". */
  readonly beside?: Readonly<Record<string, string>>;
  /** What it takes it answers itself. */
  readonly before?: (request: IncomingMessage, response: ServerResponse) => boolean;
}

/** Serves a built app as such apps ask to be: every path that is no file is the app. */
export async function serveApp(
  folder: string,
  { instead = new Map(), beside = {}, before }: ServeOptions = {},
): Promise<ServedApp> {
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
    const script = instead.get(path);
    if (script !== undefined) {
      response.writeHead(200, { "Content-Type": "text/javascript" }).end(script);
      return;
    }
    const file = fileOf(path);
    const type = TYPES[extname(file)] ?? "application/octet-stream";
    readFile(file).then(
      (bytes) => response.writeHead(200, { "Content-Type": type }).end(bytes),
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
