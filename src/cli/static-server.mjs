// Serves one folder of files on the loopback interface, with the headers the app is meant to run under.
import { createReadStream } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, resolve, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import { policyOfServer } from "./page-policy.mjs";

const HOST = "127.0.0.1";

/** A port that somebody holds is passed over this many times before giving up. */
const PORTS_TO_TRY = 50;

/** @type {Readonly<Record<string, string>>} */
const TYPE_OF_EXTENSION = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".map": "application/json; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
  ".csv": "text/csv; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".ico": "image/x-icon",
  ".webp": "image/webp",
  ".woff2": "font/woff2",
  ".webmanifest": "application/manifest+json",
  ".wasm": "application/wasm",
  ".dcm": "application/dicom",
  ".zip": "application/zip",
};

/** @type {Readonly<Record<string, string>>} */
const HEADERS_OF_EVERY_ANSWER = {
  // Both are needed before a browser hands out SharedArrayBuffer.
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  // A rebuilt app must never meet yesterday's index.html; the ETag keeps a reload cheap.
  "Cache-Control": "no-cache",
};

/**
 * The file below `root` that a request path names, or undefined: an undecodable path, one with a NUL or a backslash,
 * one that climbs out of the root, also by a symbolic link.
 * @param {string} root absolute folder, symbolic links resolved
 * @param {string} requestPath the path of the URL, still percent-encoded
 */
async function fileForRequest(root, requestPath) {
  let decoded;
  try {
    decoded = decodeURIComponent(requestPath);
  } catch {
    return undefined;
  }
  if (decoded.includes("\0") || decoded.includes("\\") || decoded.split("/").includes("..")) return undefined;
  const wanted = resolve(root, `.${decoded.endsWith("/") ? `${decoded}index.html` : decoded}`);
  try {
    const path = await realpath(wanted);
    if (path !== root && !path.startsWith(root + sep)) return undefined;
    const info = await stat(path);
    return info.isFile() ? { path, bytes: info.size, changedMs: info.mtimeMs } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * @param {{ root: string, policy: string }} site
 * @param {import("node:http").IncomingMessage} request
 * @param {import("node:http").ServerResponse} response
 */
async function answer({ root, policy }, request, response) {
  response.setHeader("Content-Security-Policy", policy);
  for (const [name, value] of Object.entries(HEADERS_OF_EVERY_ANSWER)) response.setHeader(name, value);
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.writeHead(405, { Allow: "GET, HEAD", "Content-Type": "text/plain" }).end("Only GET and HEAD.\n");
    return;
  }
  // Not `new URL`: that would fold "/../" away before it can be refused.
  const requestPath = (request.url ?? "/").split(/[?#]/, 1)[0] ?? "/";
  const file = requestPath.startsWith("/") ? await fileForRequest(root, requestPath) : undefined;
  if (!file) {
    response.writeHead(404, { "Content-Type": "text/plain" }).end("Not found.\n");
    return;
  }
  const etag = `"${file.bytes.toString(36)}-${Math.trunc(file.changedMs).toString(36)}"`;
  response.setHeader("ETag", etag);
  if (request.headers["if-none-match"] === etag) {
    response.writeHead(304).end();
    return;
  }
  response.writeHead(200, {
    "Content-Type": TYPE_OF_EXTENSION[extname(file.path).toLowerCase()] ?? "application/octet-stream",
    "Content-Length": file.bytes,
  });
  if (request.method === "HEAD") response.end();
  else await pipeline(createReadStream(file.path), response);
}

/**
 * @param {import("node:http").Server} server
 * @param {number} port
 * @returns {Promise<number>} the port it listens on; rejects with the system's error
 */
function listen(server, port) {
  return new Promise((accept, reject) => {
    server.once("error", reject);
    server.listen(port, HOST, () => {
      server.removeListener("error", reject);
      const address = server.address();
      accept(typeof address === "object" && address ? address.port : port);
    });
  });
}

/**
 * Starts serving `folder` on 127.0.0.1.
 * @param {string} folder must exist
 * @param {{
 *   port?: number,
 *   nextWhenTaken?: boolean,
 *   archives?: readonly string[],
 *   before?: (request: import("node:http").IncomingMessage, response: import("node:http").ServerResponse) => boolean,
 * }} [options] port 0 (the default) is any free one; with `nextWhenTaken` a port in use is passed over for the next higher one,
 *   otherwise it is an error (EADDRINUSE). The page may connect to `archives` (origins) too. What `before` takes it answers itself.
 * @returns {Promise<{ url: string, port: number, close: () => Promise<void> }>} `close` also ends open connections
 */
export async function serveFolder(folder, options = {}) {
  const root = await realpath(folder);
  const site = { root, policy: policyOfServer(options.archives) };
  const server = createServer((request, response) => {
    if (options.before?.(request, response)) return;
    // A reader that goes away in the middle of a file is ordinary; anything else ends this one answer, not the server.
    answer(site, request, response).catch(() => response.destroy());
  });
  const firstPort = options.port ?? 0;
  for (let port = firstPort; ; port++) {
    try {
      const bound = await listen(server, port);
      return {
        url: `http://${HOST}:${bound}/`,
        port: bound,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            server.closeAllConnections();
          }),
      };
    } catch (error) {
      const taken = error instanceof Error && "code" in error && error.code === "EADDRINUSE";
      if (!taken || !options.nextWhenTaken || port - firstPort >= PORTS_TO_TRY || port >= 65535) throw error;
    }
  }
}
