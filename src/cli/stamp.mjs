// Remembers in .cache/ from which inputs something was made, so that the next start makes only what changed.
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/**
 * One hash over the names and contents of files and folders; a missing one counts as missing, not as an error.
 * @param {string} root
 * @param {readonly string[]} paths relative to root, files or folders
 */
export async function hashOfPaths(root, paths) {
  const hash = createHash("sha256");
  /** @param {string} relative */
  const add = async (relative) => {
    const absolute = join(root, relative);
    const info = await stat(absolute).catch(() => undefined);
    if (!info) hash.update(`${relative}\0missing\0`);
    else if (info.isDirectory())
      for (const name of (await readdir(absolute)).sort()) await add(`${relative}/${name}`);
    else hash.update(`${relative}\0${info.size}\0`).update(await readFile(absolute));
  };
  for (const path of paths) await add(path);
  return hash.digest("hex");
}

/**
 * Runs `make` unless the stamp says that its result is already there. The stamp is written only after `make` succeeded.
 * @param {{ stampFile: string, hash: string, outputExists: boolean, make: () => Promise<void> }} what
 * @returns {Promise<boolean>} whether something was made
 */
export async function makeWhenChanged({ stampFile, hash, outputExists, make }) {
  const known = await readFile(stampFile, "utf8").catch(() => "");
  if (outputExists && known.trim() === hash) return false;
  await rm(stampFile, { force: true });
  await make();
  await mkdir(dirname(stampFile), { recursive: true });
  await writeFile(stampFile, `${hash}\n`);
  return true;
}
