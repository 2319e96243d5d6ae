// What an installation puts beside the built app: config.json, kept over every build, and what the page's policy takes from it.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writeServiceWorker } from "./offline-files.mjs";
import { archiveOrigins, withPolicy } from "./page-policy.mjs";
import { StepFailed } from "./run-step.mjs";

export const CONFIG_NAME = "config.json";

/**
 * @param {string} path
 * @returns {Promise<Record<string, unknown> | null>} null where there is none
 */
export async function readConfig(path) {
  const text = await readFile(path, "utf8").catch(() => null);
  if (text === null) return null;
  try {
    const content = JSON.parse(text);
    if (typeof content !== "object" || content === null || Array.isArray(content))
      throw new Error("no object {…}");
    return content;
  } catch (error) {
    throw new StepFailed(
      `${path} is not valid JSON: ${error instanceof Error ? error.message : String(error)}.`,
    );
  }
}

/** Writes it only where it would change, so that a server's ETag stays. @param {string} path @param {string} text */
async function writeChanged(path, text) {
  if ((await readFile(path, "utf8").catch(() => null)) !== text) await writeFile(path, text);
}

/**
 * Gives the built page its config.json ({} where it has none: a page that looks for it makes no 404) and the policy that allows
 * its archive.
 * @param {string} folder the built app
 * @returns {Promise<{ origins: string[], url: string | null }>} the archive as configured
 */
export async function finishSite(folder) {
  const path = join(folder, CONFIG_NAME);
  const config = await readConfig(path);
  if (config === null) await writeFile(path, "{}\n");
  const origins = archiveOrigins(config);
  const page = join(folder, "index.html");
  await writeChanged(page, withPolicy(await readFile(page, "utf8"), origins));
  // After the page, whose bytes are part of the version.
  await writeServiceWorker(folder);
  const { archive } = config ?? {};
  const url = typeof archive === "object" && archive !== null && "url" in archive ? archive.url : null;
  return { origins, url: typeof url === "string" ? url : null };
}
