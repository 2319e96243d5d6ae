// Which files a TypeScript entry runs with: its imports, followed; so that an edit elsewhere doesn't remake what it makes.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join, posix } from "node:path";

/** Static and dynamic imports and re-exports of values; whole `import type` statements are gone at run time. */
const IMPORT =
  /(?:^|[\n;])\s*(?:import|export)\s+(?!type\b)(?:[^"';]*?\bfrom\s*)?"([^"]+)"|\bimport\(\s*"([^"]+)"/g;

/**
 * The entry and all project files that it imports, directly or not, sorted. Packages are left out.
 * @param {string} root folder of package.json, whose "imports" give the # prefixes
 * @param {string} entry relative to root
 * @returns {Promise<string[]>} relative paths with "/"
 */
export async function sourceClosure(root, entry) {
  /** @type {Record<string, string>} */
  const prefixes = JSON.parse(await readFile(join(root, "package.json"), "utf8")).imports ?? {};
  /** @type {Set<string>} */
  const seen = new Set();
  const waiting = [entry];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (seen.has(path)) continue;
    seen.add(path);
    if (!existsSync(join(root, path))) continue;
    for (const [, fixed, dynamic] of (await readFile(join(root, path), "utf8")).matchAll(IMPORT)) {
      const file = fileOf(fixed ?? dynamic ?? "", path, prefixes);
      if (file !== undefined) waiting.push(file);
    }
  }
  return [...seen].sort();
}

/**
 * @param {string} specifier
 * @param {string} importer
 * @param {Record<string, string>} prefixes
 */
function fileOf(specifier, importer, prefixes) {
  if (specifier.startsWith(".")) return posix.join(dirname(importer), specifier);
  for (const [prefix, target] of Object.entries(prefixes)) {
    const file = target.replace(/^\.\//, "");
    if (specifier === prefix) return file;
    if (prefix.endsWith("*") && specifier.startsWith(prefix.slice(0, -1)))
      return file.replace("*", specifier.slice(prefix.length - 1));
  }
  return undefined;
}
