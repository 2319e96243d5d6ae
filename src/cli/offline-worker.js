// The service worker: keeps the app's own files, so that it starts without a network. `offline-files.mjs` puts VERSION and FILES above it.
//
// It answers for nothing but the page, its own files and the two settings files. Everything else - an archive, the sample case, files of
// patients - goes past it, so that its cache can't hold patient data. A newer version waits until the page asks for it.

/** @typedef {{ readonly VERSION: string, readonly FILES: readonly string[] }} Written FILES: paths relative to this file */
// What this file runs in.
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
const worker = /** @type {ServiceWorkerGlobalScope & Written} */ (/** @type {unknown} */ (self));
const { VERSION: version, FILES: files } = worker;
/** What an installation may change at any time: asked of the network first. */
const SETTINGS = ["config.json", "terms.json"];
const scope = new URL("./", worker.location.href);
/** Caches belong to an origin, on which the app may stand in several folders. */
const PREFIX = `cement-leakage-viewer ${scope.pathname} `;
const CACHE = `${PREFIX}${version}`;
const known = new Set(files);

/** @param {Request} request @returns {string | null} the path of one of the app's files; null where it is none of this worker's business */
function ownPath({ method, url }) {
  const asked = new URL(url);
  if (method !== "GET" || !asked.href.startsWith(scope.href)) return null;
  const path = decodeURIComponent(asked.pathname.slice(scope.pathname.length));
  return path === "" ? "index.html" : path;
}

async function keepFiles() {
  const cache = await caches.open(CACHE);
  // Past the browser's own cache: a file of another version under the same name would break the page.
  await cache.addAll(files.map((path) => new Request(new URL(path, scope), { cache: "no-cache" })));
}

async function forgetOlder() {
  const names = await caches.keys();
  await Promise.all(
    names.filter((name) => name.startsWith(PREFIX) && name !== CACHE).map((name) => caches.delete(name)),
  );
}

/** @param {Request} request @param {string} path */
async function fromKept(request, path) {
  const kept = await caches.match(new URL(path, scope).href, { cacheName: CACHE });
  return kept ?? fetch(request);
}

/** @param {Request} request @param {string} path */
async function networkFirst(request, path) {
  const cache = await caches.open(CACHE);
  const address = new URL(path, scope).href;
  try {
    const answer = await fetch(request);
    // A file that was taken away must not come back from here.
    if (answer.ok) await cache.put(address, answer.clone());
    else if (answer.status === 404) await cache.delete(address);
    return answer;
  } catch {
    const kept = await cache.match(address);
    if (kept) return kept;
    // There was none when it was last asked for.
    return new Response("", { status: 404 });
  }
}

worker.addEventListener("install", (event) => event.waitUntil(keepFiles()));
worker.addEventListener("activate", (event) => event.waitUntil(forgetOlder()));
worker.addEventListener("fetch", (event) => {
  const path = ownPath(event.request);
  if (path === null) return;
  if (SETTINGS.includes(path)) event.respondWith(networkFirst(event.request, path));
  else if (known.has(path)) event.respondWith(fromKept(event.request, path));
});

/** Asked by the page with a port to answer on: "taking-over", or "other-windows" where another one may have a case open. */
worker.addEventListener("message", (event) => {
  if (event.data !== "take-over") return;
  event.waitUntil(
    worker.clients.matchAll({ type: "window", includeUncontrolled: true }).then(async (windows) => {
      const alone = windows.filter(({ url }) => url.startsWith(scope.href)).length <= 1;
      event.ports[0]?.postMessage(alone ? "taking-over" : "other-windows");
      if (alone) await worker.skipWaiting();
    }),
  );
});
