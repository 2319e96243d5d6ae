// The programs that `npm run bench` compares with: each runs in a process of its own and answers one task at a time.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** One measured call: how long it took and a number that tells whether it did the same work. */
export interface Measurement {
  readonly ms: number;
  readonly result: number;
}

export interface Peer {
  /** What it is, with its version. */
  readonly name: string;
  ask(task: string): Promise<Measurement>;
  stop(): void;
}

export interface MissingPeer {
  readonly name: string;
  /** Why, in words. */
  readonly missing: string;
}

export type PeerOrReason = Peer | MissingPeer;

export const isMissing = (peer: PeerOrReason): peer is MissingPeer => "missing" in peer;

/** Pinned: a ratio against "the newest" can't be repeated. */
const NIIVUE = "0.69.0";

/** Starts a program that reads a task a line and answers "result <ms> <number>"; other lines are its own chatter. */
async function start(name: string, command: readonly string[]): Promise<PeerOrReason> {
  const [program, ...args] = command;
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe"] });
  let complaint = "";
  child.stderr.on("data", (chunk) => (complaint = (complaint + String(chunk)).slice(-2000)));
  const waiting: ((line: string | null) => void)[] = [];
  const lines = createInterface({ input: child.stdout });
  lines.on("line", (line) => {
    if (/^(ready|result )/.test(line)) waiting.shift()?.(line);
  });
  const ended = () => waiting.splice(0).forEach((tell) => tell(null));
  lines.once("close", ended);
  child.once("error", ended);
  child.stdin.on("error", ended);
  const answer = () => new Promise<string | null>((tell) => waiting.push(tell));
  if ((await answer()) === null) return { name, missing: `did not start: ${complaint.trim().slice(-300)}` };
  return {
    name,
    ask: async (task) => {
      const answered = answer();
      child.stdin.write(`${task}\n`);
      const [, ms, result] = (await answered)?.split(" ") ?? [];
      if (ms === undefined) throw new Error(`${name} ended at "${task}": ${complaint.trim()}`);
      return { ms: Number(ms), result: Number(result) };
    },
    stop: () => child.stdin.end(),
  };
}

const versionOf = (command: string, args: readonly string[]): string | null => {
  const { status, stdout } = spawnSync(command, args, { encoding: "utf8" });
  return status === 0 ? stdout.trim() : null;
};

/** scipy.ndimage of the system's Python. */
export function startScipy(sources: string, volumeFile: string, cropFile: string): Promise<PeerOrReason> {
  const python = "/usr/bin/python3";
  const version = versionOf(python, ["-c", "import scipy; print(scipy.__version__)"]);
  if (!version) return Promise.resolve({ name: "scipy", missing: "python3-scipy is not installed" });
  return start(`scipy ${version}`, [python, join(sources, "scipy_peer.py"), volumeFile, cropFile]);
}

/** ITK's C++ filters, compiled for this processor. */
export function startItk(
  sources: string,
  work: string,
  volumeFile: string,
  cropFile: string,
): Promise<PeerOrReason> {
  const name = "ITK";
  const headers = "/usr/include";
  const folder = existsSync(headers) ? readdirSync(headers).find((entry) => entry.startsWith("ITK-")) : null;
  if (!folder) return Promise.resolve({ name, missing: "libinsighttoolkit5-dev is not installed (apt)" });
  const version = folder.slice("ITK-".length);
  const source = join(sources, "itk.cpp");
  const program = join(work, "itk");
  if (!existsSync(program) || statSync(program).mtimeMs < statSync(source).mtimeMs) {
    const libraries = ["ITKCommon", "ITKStatistics", "ITKLabelMap", "itksys", "itkvnl", "itkvnl_algo"];
    const { status, stderr } = spawnSync(
      "g++",
      [
        ...["-O3", "-march=native", "-std=c++17", `-I${join(headers, folder)}`, source, "-o", program],
        ...libraries.map((library) => `-l${library}-${version}`),
      ],
      { encoding: "utf8" },
    );
    if (status !== 0)
      return Promise.resolve({ name, missing: `g++ can't compile it: ${String(stderr).slice(-300)}` });
  }
  return start(`ITK ${version}, C++`, [program, volumeFile, cropFile]);
}

/** NiiVue, Cornerstone and dcmjs in Node; NiiVue is installed into the bench's own folder, never into the project. */
export function startJavaScriptPeers(
  sources: string,
  work: string,
  volumeFile: string,
  framesFile: string,
): Promise<PeerOrReason> {
  const manifest = join(work, "node_modules", "@niivue", "niivue", "package.json");
  if (!existsSync(manifest)) {
    mkdirSync(work, { recursive: true });
    writeFileSync(join(work, "package.json"), '{ "name": "bench-peers", "private": true }\n');
    // A peer that can't be fetched is told by the line of its task.
    spawnSync("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", `@niivue/niivue@${NIIVUE}`], {
      cwd: work,
      stdio: "ignore",
    });
  }
  const script = join(sources, "javascript-peers.mjs");
  return start(`Node ${process.version}`, [process.execPath, script, volumeFile, framesFile, work]);
}
