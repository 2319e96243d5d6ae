// `npm test` and `npm run test:long`: sets up what the tests need, runs every step, ends with "N passed, N failed".
// Works from a clone without node_modules, so this file and what it imports use nothing but Node.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import {
  PROJECT_FOLDER,
  alone,
  buildApp,
  installPackages,
  makeSampleCase,
  refuseOldNode,
} from "../src/cli/prepare.mjs";
import { StepFailed } from "../src/cli/run-step.mjs";
import { TOOLS, installTools } from "./tools.mjs";

const RESULTS = join(PROJECT_FOLDER, ".cache", "test-results");
/** A step that hangs is ended: the longest honest one takes a fraction of this. */
const STEP_LIMIT_MS = 15 * 60_000;
const LONG_STEP_LIMIT_MS = 28 * 60_000;
/** What `npm test` is promised to take at most, set-up included. */
const PROMISED_MINUTES = 12;

/** @typedef {{ passed: number, failed: number, skipped: number }} Count */

const { values: options } = parseArgs({
  options: {
    long: { type: "boolean", default: false },
    /** Comma-separated step names, for a look at one step while working. */
    only: { type: "string" },
  },
});
const inCi = process.env.CI === "true" || process.env.CI === "1";
const startedMs = performance.now();
/** @type {{ step: string, count: Count, seconds: number }[]} */
const done = [];
/** @type {Set<import("node:child_process").ChildProcess>} */
const running = new Set();

/** @param {string} line */
const say = (line) => process.stdout.write(`${line}\n`);

/** Ends a child and what it started. @param {import("node:child_process").ChildProcess} child @param {NodeJS.Signals} signal */
function end(child, signal) {
  try {
    // The child leads its own process group, so that its Chromium and Java go with it.
    if (child.pid) process.kill(-child.pid, signal);
  } catch {
    child.kill(signal);
  }
}

/**
 * @param {readonly string[]} command
 * @param {{ temporary: string, limitMs: number }} where
 * @returns {Promise<boolean>} whether it ended with code 0 in time
 */
function run(command, { temporary, limitMs }) {
  return new Promise((accept) => {
    const [program = "", ...args] = command;
    const child = spawn(program, args, {
      cwd: PROJECT_FOLDER,
      env: { ...process.env, TMPDIR: temporary, FORCE_COLOR: "0", NO_COLOR: "1" },
      stdio: ["ignore", "inherit", "inherit"],
      detached: process.platform !== "win32",
    });
    running.add(child);
    const timer = setTimeout(() => {
      say(`stopped after ${limitMs / 60_000} min`);
      end(child, "SIGKILL");
    }, limitMs);
    const finish = (/** @type {boolean} */ good) => {
      clearTimeout(timer);
      running.delete(child);
      accept(good);
    };
    child.once("error", (error) => {
      say(`${program} could not be started: ${error.message}`);
      finish(false);
    });
    child.once("close", (code) => finish(code === 0));
  });
}

/** @param {boolean} good @returns {Count} */
const oneCheck = (good) => ({ passed: good ? 1 : 0, failed: good ? 0 : 1, skipped: 0 });

/** @param {string} name the file in node_modules/<package> that its command runs */
const tool = (name) => [process.execPath, join("node_modules", name)];

/**
 * Counts what vitest wrote. A file that could not be loaded, or an error outside any test, counts as one failure,
 * so that it can't hide behind zero failed tests.
 * @param {string} file
 * @param {boolean} exitedWell
 * @returns {Promise<Count>}
 */
async function countOf(file, exitedWell) {
  let report;
  try {
    report = JSON.parse(await readFile(file, "utf8"));
  } catch {
    return oneCheck(false);
  }
  const unloaded = report.testResults.filter(
    (/** @type {{ status: string, assertionResults: { status: string }[] }} */ result) =>
      result.status === "failed" && !result.assertionResults.some(({ status }) => status === "failed"),
  ).length;
  const failed = report.numFailedTests + unloaded;
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && !exitedWell ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/**
 * @param {string} project
 * @param {{ temporary: string, limitMs: number }} where
 * @param {readonly string[]} [more]
 */
async function vitest(project, where, more = []) {
  const file = join(RESULTS, `${project}.json`);
  await rm(file, { force: true });
  const command = [
    ...tool("vitest/vitest.mjs"),
    ...["run", "--config", "test/vitest.config.ts", "--project", project],
    ...["--reporter", "default", "--reporter", "json", `--outputFile.json=${file}`],
    ...more,
  ];
  return countOf(file, await run(command, where));
}

/** Steps that only set up count when they fail: a tool that is there proves nothing about the code. */
async function setUp() {
  refuseOldNode();
  await installPackages();
  const missing = installTools(say);
  for (const { name, check } of missing) say(`NOT RUN: ${check} (${name} is missing and can't be installed)`);
  if (missing.length === 0) say(`system tools: ${TOOLS.length} present`);
  return { passed: 0, failed: inCi ? missing.length : 0, skipped: inCi ? 0 : missing.length };
}

/** @type {Promise<Count> | undefined} */
let building;

/** Begun as soon as the packages are there, beside the steps that need one core: the sample case takes a while to make. */
function build() {
  building ??= alone(async () => {
    await makeSampleCase();
    await buildApp();
    return oneCheck(true);
  });
  return building;
}

/** @type {readonly { step: string, work: (where: { temporary: string, limitMs: number }) => Promise<Count> }[]} */
const SHORT_STEPS = [
  {
    step: "format",
    work: async (w) =>
      oneCheck(
        await run(
          [
            ...tool("prettier/bin/prettier.cjs"),
            "--check",
            "--cache",
            "--cache-location",
            ".cache/prettier",
            ".",
          ],
          w,
        ),
      ),
  },
  { step: "types", work: async (w) => oneCheck(await run([...tool("typescript/bin/tsc"), "-p", "."], w)) },
  {
    step: "lint",
    work: async (w) =>
      oneCheck(await run([...tool("oxlint/bin/oxlint"), "--type-aware", "--deny-warnings", "--quiet"], w)),
  },
  {
    step: "dead code",
    work: async (w) => oneCheck(await run([...tool("knip/bin/knip.js"), "--no-progress"], w)),
  },
  { step: "architecture", work: (w) => vitest("architecture", w) },
  { step: "unit", work: (w) => vitest("unit", w) },
  { step: "build", work: build },
  { step: "interop", work: (w) => vitest("interop", w) },
  { step: "browser", work: (w) => vitest("browser", w) },
];

/** @type {typeof SHORT_STEPS} */
const LONG_STEPS = [
  { step: "build", work: build },
  { step: "long", work: (w) => vitest("long", w, ["--passWithNoTests"]) },
  { step: "ohif", work: (w) => vitest("ohif", w) },
];

/**
 * @param {string} step
 * @param {() => Promise<Count>} work
 */
async function timed(step, work) {
  say(`\n=== ${step}`);
  const stepStartedMs = performance.now();
  /** @type {Count} */
  let count;
  try {
    count = await work();
  } catch (error) {
    say(error instanceof StepFailed ? error.message : String(error instanceof Error ? error.stack : error));
    count = oneCheck(false);
  }
  done.push({ step, count, seconds: (performance.now() - stepStartedMs) / 1000 });
}

/** @param {Count} count */
const inWords = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;

function summary() {
  say("\n=== summary");
  for (const { step, count, seconds } of done)
    say(
      `${count.failed > 0 ? "FAIL" : "ok  "} ${step.padEnd(14)} ${seconds.toFixed(1).padStart(7)} s  ${inWords(count)}`,
    );
  const minutes = (performance.now() - startedMs) / 60_000;
  say(`wall time ${minutes.toFixed(1)} min`);
  if (!options.long && minutes > PROMISED_MINUTES) say(`longer than the promised ${PROMISED_MINUTES} min`);
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const { count } of done) {
    total.passed += count.passed;
    total.failed += count.failed;
    total.skipped += count.skipped;
  }
  say(inWords(total));
  return total.failed;
}

// Short on purpose: Chromium puts a socket into it, whose path may have 107 characters.
const temporary = await mkdtemp(join(tmpdir(), "clv-"));
const leave = async (/** @type {number} */ code) => {
  for (const child of running) end(child, "SIGKILL");
  await rm(temporary, { recursive: true, force: true, maxRetries: 3 });
  process.exit(code);
};
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"]))
  process.once(signal, () => void leave(130));

await mkdir(RESULTS, { recursive: true });
const wanted = options.only?.split(",");
const steps = (options.long ? LONG_STEPS : SHORT_STEPS).filter(
  ({ step }) => !wanted || wanted.includes(step),
);
const where = { temporary, limitMs: options.long ? LONG_STEP_LIMIT_MS : STEP_LIMIT_MS };
await timed("set-up", () => alone(setUp));
if (existsSync(join(PROJECT_FOLDER, "node_modules"))) {
  // What goes wrong is told by the build's own step, which waits for this same promise.
  if (steps.some(({ step }) => step === "build")) build().catch(() => {});
  for (const { step, work } of steps) await timed(step, () => work(where));
}
await leave(summary() > 0 ? 1 : 0);
