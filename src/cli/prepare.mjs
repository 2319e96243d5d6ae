// Brings a checkout to the point where it can be served or tested: npm packages, sample case, built app. Each only when needed.
import { copyFile, link, mkdir, readFile, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import { StepFailed, runStep } from "./run-step.mjs";
import { CONFIG_NAME, finishSite } from "./site-config.mjs";
import { sourceClosure } from "./source-closure.mjs";
import { hashOfPaths, makeWhenChanged } from "./stamp.mjs";

/** The folder that holds package.json. */
export const PROJECT_FOLDER = fileURLToPath(new URL("../..", import.meta.url)).replace(/[\\/]$/, "");

const CACHE = join(PROJECT_FOLDER, ".cache");
/** The built app, ready to be copied to any web server. */
export const DIST = join(PROJECT_FOLDER, "dist");
/** The modules for OHIF, ready to be put beside it. */
export const DIST_OHIF = join(PROJECT_FOLDER, "dist-ohif");
/** What a build is made from. */
const SOURCES = ["src", "plugins", "package.json", "package-lock.json", "tsconfig.json"];
/** The sample case as the phantom maker wrote it, truth.json included. */
export const SAMPLE_CASE = join(CACHE, "sample-case");

const OLDEST_NODE_MAJOR = 20;
const LOCK_WAIT_MS = 15 * 60 * 1000;

/** @param {string} line */
const say = (line) => process.stdout.write(`${line}\n`);

/** @param {number} startedMs */
const seconds = (startedMs) => `${((performance.now() - startedMs) / 1000).toFixed(1)} s`;

export function refuseOldNode() {
  const major = Number(process.versions.node.split(".")[0]);
  if (major < OLDEST_NODE_MAJOR)
    throw new StepFailed(
      `Node.js ${OLDEST_NODE_MAJOR} or newer is needed, this is ${process.versions.node}.`,
    );
}

/**
 * @typedef {{ version?: string, optional?: boolean, devOptional?: boolean, dependencies?: object, devDependencies?: object }} LockEntry
 * @param {string} path
 * @returns {Promise<Record<string, LockEntry> | undefined>}
 */
async function packagesOfLockfile(path) {
  try {
    return JSON.parse(await readFile(path, "utf8")).packages;
  } catch {
    return undefined;
  }
}

/** Whether npm's own record of node_modules names every package of package-lock.json in its version (optional ones may lack). */
async function installedAsLocked() {
  const locked = await packagesOfLockfile(join(PROJECT_FOLDER, "package-lock.json"));
  const installed = await packagesOfLockfile(join(PROJECT_FOLDER, "node_modules/.package-lock.json"));
  if (!locked || !installed) return false;
  return Object.entries(locked).every(
    ([path, entry]) =>
      path === "" ||
      installed[path]?.version === entry.version ||
      ((entry.optional || entry.devOptional) && !installed[path]),
  );
}

/** npm would otherwise resolve anew, and everybody would test other versions. */
async function refuseOutdatedLock() {
  /** @type {LockEntry} */
  const wanted = JSON.parse(await readFile(join(PROJECT_FOLDER, "package.json"), "utf8"));
  const locked = (await packagesOfLockfile(join(PROJECT_FOLDER, "package-lock.json")))?.[""];
  for (const kind of /** @type {const} */ (["dependencies", "devDependencies"])) {
    if (!isDeepStrictEqual(wanted[kind] ?? {}, locked?.[kind] ?? {}))
      throw new StepFailed(
        `package-lock.json does not match the ${kind} of package.json: run npm install and commit both.`,
      );
  }
}

/**
 * Installs the npm packages of package-lock.json when node_modules was made from another one. Not `npm ci`: it refuses a lock
 * without every platform's build of an optional package, and a registry may carry those for some platforms only.
 * The exact versions are checked afterwards instead.
 */
export async function installPackages() {
  const started = performance.now();
  let installed = false;
  await makeWhenChanged({
    stampFile: join(CACHE, "packages.stamp"),
    hash: await hashOfPaths(PROJECT_FOLDER, ["package-lock.json"]),
    outputExists: existsSync(join(PROJECT_FOLDER, "node_modules")),
    make: async () => {
      if (await installedAsLocked()) return;
      say("Installing npm packages …");
      await refuseOutdatedLock();
      await runStep("Installing npm packages", "npm", ["install", "--no-save", "--no-audit", "--no-fund"], {
        cwd: PROJECT_FOLDER,
        // Also where the environment says production: the tests and the build need the rest.
        env: { NODE_ENV: "development" },
      });
      if (!(await installedAsLocked()))
        throw new StepFailed(
          "Installing npm packages failed: node_modules is not what package-lock.json says.",
        );
      installed = true;
    },
  });
  say(installed ? `npm packages installed (${seconds(started)})` : "npm packages: up to date");
}

/** Makes the sample case into .cache/sample-case when its maker, or what that is built on, changed. */
export async function makeSampleCase() {
  const started = performance.now();
  const maker = "sample-data/make-phantom.ts";
  const made = await makeWhenChanged({
    stampFile: join(CACHE, "sample-case.stamp"),
    hash: await hashOfPaths(PROJECT_FOLDER, await sourceClosure(PROJECT_FOLDER, maker)),
    outputExists: existsSync(SAMPLE_CASE),
    make: async () => {
      say("Making the sample case …");
      // Beside its place first, so that an interrupted run leaves the old case or none, never half of one.
      const part = join(CACHE, `sample-case.part-${process.pid}`);
      await rm(part, { recursive: true, force: true });
      await mkdir(CACHE, { recursive: true });
      try {
        const tsx = join("node_modules", "tsx", "dist", "cli.mjs");
        await runStep("Making the sample case", process.execPath, [tsx, maker, "--out", part], {
          cwd: PROJECT_FOLDER,
        });
        await rm(SAMPLE_CASE, { recursive: true, force: true });
        await rename(part, SAMPLE_CASE);
      } finally {
        await rm(part, { recursive: true, force: true });
      }
    },
  });
  say(made ? `sample case made (${seconds(started)})` : "sample case: up to date");
}

/** @param {string} folder @returns {Promise<{ path: string, bytes: number }[]>} DICOM files below it, sorted by path with "/" */
async function dicomFilesIn(folder, prefix = "") {
  const files = [];
  for (const entry of await readdir(join(folder, prefix), { withFileTypes: true })) {
    const path = `${prefix}${entry.name}`;
    if (entry.isDirectory()) files.push(...(await dicomFilesIn(folder, `${path}/`)));
    else if (entry.name.endsWith(".dcm")) files.push({ path, bytes: (await stat(join(folder, path))).size });
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * Puts the sample case into dist/sample-case with the list that the start page's button reads:
 * `manifest.json` = `{ "files": [{ "path", "bytes" }], "totalBytes" }`, paths relative to the manifest. The truth stays outside.
 */
async function addSampleCaseToDist() {
  const target = join(DIST, "sample-case");
  await rm(target, { recursive: true, force: true });
  const files = await dicomFilesIn(SAMPLE_CASE);
  if (files.length === 0)
    throw new StepFailed("Adding the sample case failed: .cache/sample-case holds no .dcm file");
  for (const { path } of files) {
    await mkdir(dirname(join(target, path)), { recursive: true });
    // A hard link costs no disk; not every file system has them.
    await link(join(SAMPLE_CASE, path), join(target, path)).catch(() =>
      copyFile(join(SAMPLE_CASE, path), join(target, path)),
    );
  }
  const totalBytes = files.reduce((sum, { bytes }) => sum + bytes, 0);
  await writeFile(join(target, "manifest.json"), `${JSON.stringify({ files, totalBytes }, null, 1)}\n`);
}

/** Puts the synthetic cohort into dist/sample-cohort, for the button of the cohort's page. */
async function addSampleCohortToDist() {
  const maker = join("sample-data", "make-cohort.ts");
  const tsx = join("node_modules", "tsx", "dist", "cli.mjs");
  await runStep(
    "Making the sample cohort",
    process.execPath,
    [tsx, maker, "--out", join(DIST, "sample-cohort")],
    {
      cwd: PROJECT_FOLDER,
    },
  );
}

/** Builds the app into dist when its sources changed, and puts the sample case beside it. */
export async function buildApp() {
  const started = performance.now();
  const built = await makeWhenChanged({
    stampFile: join(CACHE, "build.stamp"),
    hash: await hashOfPaths(PROJECT_FOLDER, SOURCES),
    outputExists: existsSync(join(DIST, "index.html")),
    make: async () => {
      say("Building the app …");
      // What a department put beside the app is not ours to empty away.
      const kept = await Promise.all(
        ["terms.json", CONFIG_NAME].map(async (name) => ({
          path: join(DIST, name),
          bytes: await readFile(join(DIST, name)).catch(() => null),
        })),
      );
      const vite = join("node_modules", "vite", "bin", "vite.js");
      try {
        await runStep(
          "Building the app",
          process.execPath,
          [vite, "build", "src", "--config", join("src", "vite.config.ts"), "--logLevel", "warn"],
          { cwd: PROJECT_FOLDER, env: { NODE_ENV: "production" } },
        );
      } finally {
        await mkdir(DIST, { recursive: true });
        for (const { path, bytes } of kept) if (bytes) await writeFile(path, bytes);
      }
    },
  });
  await finishSite(DIST);
  say(built ? `app built (${seconds(started)})` : "app: up to date");
  await makeWhenChanged({
    stampFile: join(CACHE, "dist-sample-case.stamp"),
    hash: await hashOfPaths(PROJECT_FOLDER, [".cache/sample-case.stamp", ".cache/build.stamp"]),
    outputExists: existsSync(join(DIST, "sample-case", "manifest.json")),
    make: addSampleCaseToDist,
  });
  await makeWhenChanged({
    stampFile: join(CACHE, "dist-sample-cohort.stamp"),
    hash: await hashOfPaths(PROJECT_FOLDER, ["sample-data", ".cache/build.stamp"]),
    outputExists: existsSync(join(DIST, "sample-cohort", "findings.zip")),
    make: addSampleCohortToDist,
  });
}

/** Builds the modules for OHIF into dist-ohif when their sources changed, with the lines for OHIF's app-config.js beside them. */
export async function buildForOhif() {
  const started = performance.now();
  const folder = join("plugins", "cement-leakage", "ohif");
  const built = await makeWhenChanged({
    stampFile: join(CACHE, "build-ohif.stamp"),
    hash: await hashOfPaths(PROJECT_FOLDER, SOURCES),
    outputExists: existsSync(join(DIST_OHIF, "cement-ext.mjs")),
    make: async () => {
      const vite = join("node_modules", "vite", "bin", "vite.js");
      await runStep(
        "Building the modules for OHIF",
        process.execPath,
        [vite, "build", folder, "--config", join(folder, "vite.config.ts"), "--logLevel", "error"],
        { cwd: PROJECT_FOLDER, env: { NODE_ENV: "production" } },
      );
      // A text here, for it is no module of this project; a script there.
      await copyFile(
        join(PROJECT_FOLDER, folder, "app-config.cement.txt"),
        join(DIST_OHIF, "app-config.cement.js"),
      );
      await copyFile(join(PROJECT_FOLDER, folder, "README.md"), join(DIST_OHIF, "README.md"));
    },
  });
  say(built ? `modules for OHIF built (${seconds(started)})` : "modules for OHIF: up to date");
}

/**
 * Runs `work` while no other start or test of this checkout prepares: two builds into one dist would mix their files.
 * A lock whose process has gone is taken over.
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function alone(work) {
  const lock = join(CACHE, "prepare.lock");
  await mkdir(CACHE, { recursive: true });
  const waitUntilMs = Date.now() + LOCK_WAIT_MS;
  let said = false;
  for (;;) {
    try {
      await writeFile(lock, String(process.pid), { flag: "wx" });
      break;
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
      const holder = Number(await readFile(lock, "utf8").catch(() => "0"));
      if (holder > 0 && !isRunning(holder)) await rm(lock, { force: true });
      else if (Date.now() > waitUntilMs)
        throw new StepFailed(`Process ${holder} holds .cache/prepare.lock for too long.`);
      else {
        if (!said) say(`Waiting for process ${holder}, which is preparing the same checkout …`);
        said = true;
        await new Promise((wake) => setTimeout(wake, 500));
      }
    }
  }
  try {
    return await work();
  } finally {
    await rm(lock, { force: true });
  }
}

/** @param {number} pid */
function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
