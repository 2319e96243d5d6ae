// Writes the service worker of a built app: its own source under a version and the list of the files that it keeps.
import { createHash } from "node:crypto";
import { readFile, readdir, writeFile } from "node:fs/promises";
import { join, sep } from "node:path";
import { fileURLToPath } from "node:url";

const SOURCE = fileURLToPath(new URL("./offline-worker.js", import.meta.url));
const NAME = "offline-worker.js";

/** Of a built app, what is needed offline: not the samples, and not what an installation puts beside it. @param {string} path */
export const isKeptOffline = (path) =>
  /^(index\.html|app\.webmanifest|icon[^/]*\.(png|svg)|assets\/.+)$/.test(path);

/** @param {string} folder the built app @returns {Promise<string[]>} paths with "/", sorted */
export async function offlineFiles(folder) {
  const found = await readdir(folder, { recursive: true });
  return found
    .map((path) => path.split(sep).join("/"))
    .filter(isKeptOffline)
    .sort();
}

/**
 * Writes `offline-worker.js`, the service worker, into the folder. The version is made of the kept files' bytes and of the worker itself: an app that did
 * not change is no new version.
 * @param {string} folder the built app
 */
export async function writeServiceWorker(folder) {
  const files = await offlineFiles(folder);
  const source = await readFile(SOURCE, "utf8");
  const hash = createHash("sha256").update(source);
  for (const path of files) hash.update(`${path}\n`).update(await readFile(join(folder, path)));
  const version = hash.digest("hex").slice(0, 16);
  const text = `self.VERSION = ${JSON.stringify(version)};\nself.FILES = ${JSON.stringify(files)};\n${source}`;
  const path = join(folder, NAME);
  // Only where it would change: browsers compare its bytes.
  if ((await readFile(path, "utf8").catch(() => null)) !== text) await writeFile(path, text);
}
