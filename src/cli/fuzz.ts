// npm run fuzz [-- --count N --seed N --out DIR]: mutated DICOM files and zips against the reader; each finding is kept as a file.
import { fork } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { provideInstalledCodecs } from "./codec-files.ts";
import { fuzzInput } from "./fuzz-mutations.ts";
import { runInput } from "./fuzz-run.ts";
import { fuzzSources } from "./fuzz-sources.ts";

/** No input is waited for longer: its process is ended and another goes on behind it. */
const HANG_MS = 120_000;
const LOOK_EVERY_MS = 500;
const SAMPLE_EVERY = 200;
const SAY_EVERY = 10_000;
/** What the process may hold more in the last quarter of a run than in its first. */
const MOST_GROWTH_BYTES = 64 * 2 ** 20;

type Told =
  | { readonly is: "begin"; readonly index: number }
  | { readonly is: "finding"; readonly index: number; readonly what: string }
  | { readonly is: "memory"; readonly index: number; readonly bytes: number }
  | { readonly is: "end" };

interface Finding {
  readonly index: number;
  readonly what: string;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      count: { type: "string", default: "20000" },
      seed: { type: "string", default: "1" },
      out: { type: "string", default: ".cache/fuzz" },
    },
  });
  const count = Number(values.count);
  const seed = Number(values.seed);
  if (!Number.isInteger(count) || count < 1 || !Number.isInteger(seed)) {
    process.stderr.write("--count and --seed are whole numbers\n");
    process.exitCode = 2;
    return;
  }
  const startedMs = performance.now();
  const findings: Finding[] = [];
  let from = 0;
  let grown = 0;
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());
  while (from < count && !stop.signal.aborted) {
    const part = await runPart(seed, from, count, stop.signal, (found) => {
      findings.push(found);
      keep(found, seed, values.out);
    });
    from = part.next;
    grown = Math.max(grown, part.grownBytes);
    process.stderr.write(`${from}/${count}, ${findings.length} findings\n`);
  }
  const seconds = (performance.now() - startedMs) / 1000;
  process.stdout.write(
    `${from} inputs of seed ${seed} in ${seconds.toFixed(0)} s (${Math.round(from / seconds)} a second): ${findings.length} findings, memory grew by at most ${Math.round(grown / 2 ** 20)} MB\n`,
  );
  process.exitCode = findings.length > 0 ? 1 : 0;
}

/** Runs inputs from `from` on in a process of their own, until the end, a hang or a crash, or until it is stopped. */
async function runPart(
  seed: number,
  from: number,
  count: number,
  stop: AbortSignal,
  found: (finding: Finding) => void,
): Promise<{ next: number; grownBytes: number }> {
  const child = fork(
    fileURLToPath(import.meta.url),
    ["--worker", String(seed), String(from), String(count)],
    {
      execArgv: ["--expose-gc", "--max-old-space-size=1024", "--import", "tsx"],
      // The codecs print what they think of a stream.
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    },
  );
  const samples: number[] = [];
  let index = from;
  let beganMs = performance.now();
  let ended = false;
  child.on("message", (told: Told) => {
    if (told.is === "end") ended = true;
    else index = told.index;
    if (told.is === "begin") beganMs = performance.now();
    if (told.is === "finding") found({ index, what: told.what });
    if (told.is === "memory") samples.push(told.bytes);
    if (told.is === "memory" && (index + 1) % SAY_EVERY === 0)
      process.stderr.write(`${index + 1}/${count}, ${Math.round(told.bytes / 2 ** 20)} MB held\n`);
  });
  const isRunning = (): boolean => child.exitCode === null && child.signalCode === null;
  while (isRunning()) {
    await pause(LOOK_EVERY_MS);
    if (stop.aborted) child.kill("SIGKILL");
    else if (isRunning() && performance.now() - beganMs > HANG_MS) {
      found({ index, what: `hang: longer than ${HANG_MS / 1000} s` });
      child.kill("SIGKILL");
      return { next: index + 1, grownBytes: 0 };
    }
  }
  const grownBytes = growthOf(samples);
  if (grownBytes > MOST_GROWTH_BYTES)
    found({ index, what: `memory: grew by ${Math.round(grownBytes / 2 ** 20)} MB` });
  if (stop.aborted) return { next: ended ? count : index, grownBytes };
  if (!ended) found({ index, what: `crash: exit ${child.exitCode}, signal ${child.signalCode}` });
  return { next: ended ? count : index + 1, grownBytes };
}

/** From the least held in the first quarter to the least in the last: a codec made anew is 50 MB, and its memory is given back late. */
function growthOf(samples: readonly number[]): number {
  const quarter = Math.floor(samples.length / 4);
  if (quarter === 0) return 0;
  return Math.max(0, Math.min(...samples.slice(-quarter)) - Math.min(...samples.slice(0, quarter)));
}

/** The finding's files, named by seed, number and place, and what was found beside them: at once, for a run may be ended. */
function keep({ index, what }: Finding, seed: number, folder: string): void {
  mkdirSync(folder, { recursive: true });
  const name = `${seed}-${index}`;
  writeFileSync(join(folder, `${name}.txt`), `${what}\n`);
  fuzzInput(seed, index, fuzzSources()).forEach((file, n) =>
    writeFileSync(join(folder, `${name}-${n}${file.name.endsWith(".zip") ? ".zip" : ".dcm"}`), file.bytes),
  );
  process.stdout.write(`${name}: ${what.split("\n").slice(0, 3).join(" ")}\n`);
}

async function work(seed: number, from: number, count: number): Promise<void> {
  const tell = (told: Told): void => void process.send?.(told);
  provideInstalledCodecs();
  const sources = fuzzSources();
  for (let index = from; index < count; index++) {
    tell({ is: "begin", index });
    const what = await runInput(fuzzInput(seed, index, sources));
    if (what) tell({ is: "finding", index, what });
    // Messages leave the process between two inputs, so that a hang is known by its number.
    await new Promise((resolve) => setImmediate(resolve));
    if (index % SAMPLE_EVERY === SAMPLE_EVERY - 1) {
      globalThis.gc?.();
      const { heapUsed, external } = process.memoryUsage();
      tell({ is: "memory", index, bytes: heapUsed + external });
    }
  }
  tell({ is: "end" });
  process.disconnect();
}

const [mode, seed, from, count] = process.argv.slice(2);
if (mode === "--worker") await work(Number(seed), Number(from), Number(count));
else await main();
