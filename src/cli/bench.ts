// `npm run bench`: our voxel work against scipy, ITK, NiiVue, Cornerstone and dcmjs, in turn within one run, as ratios.
//
// Options: --rounds N (default 7; the slow sides run less often, see the table), --quick (two rounds, no floods of minutes),
// --folder (instead of all that: 2,000 files of 20 series opened in Chromium, see test/bench/folder-in-browser.ts).
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { voxelCount } from "#voxels/mask";
import { goalLines } from "./bench-goals.ts";
import {
  type Measurement,
  type Peer,
  type PeerOrReason,
  isMissing,
  startItk,
  startJavaScriptPeers,
  startScipy,
} from "./bench-peers.ts";
import { type Row, tableOf } from "./bench-report.ts";
import {
  type Tissue,
  benchInputs,
  denseBytes,
  frameBytes,
  largestPart,
  lowestHu,
  measure,
  ourWork,
} from "./bench-tasks.ts";

interface Side {
  readonly task: string;
  readonly side: string;
  readonly ours: boolean;
  readonly counts: string;
  /** Most runs; fewer where one takes seconds. */
  readonly most: number;
  readonly run: () => Measurement | Promise<Measurement>;
}

const { values: options } = parseArgs({
  options: {
    rounds: { type: "string", default: "7" },
    quick: { type: "boolean", default: false },
    folder: { type: "boolean", default: false },
  },
});
const rounds = options.quick ? 2 : Math.max(1, Number(options.rounds) || 7);

const project = fileURLToPath(new URL("../..", import.meta.url));
const work = join(project, ".cache", "bench");
const sources = join(project, "test", "bench");
if (options.folder) {
  const program = join(project, "test", "bench", "folder-in-browser.ts");
  const { status } = spawnSync(process.execPath, ["--import", "tsx", program], { stdio: "inherit" });
  process.exit(status ?? 1);
}
const say = (line: string) => process.stdout.write(`${line}\n`);
const load = () =>
  loadavg()
    .map((value) => value.toFixed(1))
    .join(" ");

mkdirSync(work, { recursive: true });
const inputs = benchInputs();
const volumeFile = join(work, "volume.i16");
const cropFile = join(work, "crop.u8");
const framesFile = join(work, "frames.u8");
writeFileSync(volumeFile, inputs.hu);
writeFileSync(cropFile, denseBytes(inputs.crop));
writeFileSync(framesFile, frameBytes(inputs.bone));
const begunAtLoad = load();

const scipy = await startScipy(sources, volumeFile, cropFile);
const itk = await startItk(sources, work, volumeFile, cropFile);
const node = await startJavaScriptPeers(sources, work, volumeFile, framesFile);
const peers: Peer[] = [];
for (const peer of [scipy, itk, node]) {
  if (isMissing(peer)) say(`without ${peer.name}: ${peer.missing}`);
  else peers.push(peer);
}

const mine = ourWork(inputs);
const ours = (task: string, name: string, side: string, counts: string, most = 4 * rounds): Side => ({
  task,
  side,
  ours: true,
  counts,
  most,
  run: () => measure(mine[name]),
});
const theirs = (
  task: string,
  peer: PeerOrReason,
  ask: string,
  counts: string,
  most: number,
  side = peer.name,
): Side[] => (isMissing(peer) ? [] : [{ task, side, ours: false, counts, most, run: () => peer.ask(ask) }]);

function labelling(tissue: Tissue): Side[] {
  const task = `${tissue}: HU >= ${lowestHu[tissue]}, 26-connected parts`;
  const low = lowestHu[tissue];
  const { seed, voxels } = largestPart(inputs, tissue);
  return [
    ours(task, `${tissue} kernels`, "ours, WebAssembly", "parts"),
    ours(task, `${tissue} twin`, "ours, plain JavaScript", "parts"),
    ours(task, `${tissue} table`, "ours, with the block table", "parts"),
    ...theirs(task, scipy, tissue, "parts", rounds),
    ...theirs(task, itk, tissue, "parts", rounds),
    ...theirs(task, node, `niivue ${low}`, "parts", Math.min(rounds, 3), "NiiVue bwlabel"),
    ...theirs(
      task,
      node,
      `cornerstone ${low} ${seed.join(" ")}`,
      `of ${voxels} voxels of the largest part`,
      tissue === "cement" ? Math.min(rounds, 3) : 1,
      "Cornerstone floodFill, one part",
    ),
  ];
}

function against(task: string, name: string, counts: string): Side[] {
  return [
    ours(task, name, "ours", counts, rounds),
    ...theirs(task, scipy, name, counts, Math.min(rounds, 3)),
    ...theirs(task, itk, name, counts, rounds),
  ];
}

const undo = "undo of an r = 10 mm brush in 0.25 M runs";
const sides: Side[] = [
  ...labelling("cement"),
  ...labelling("bone"),
  ours("reading the volume, a copy piece by piece", "reading", "ours", "voxels"),
  ours("block table of the volume", "table", "ours", "blocks"),
  ...against("closing, ball r = 3 voxels, 300x300x250", "closing", "voxels"),
  ...against("exact distance, 300x300x250", "distance", "voxels at most"),
  ...against("fill holes in 3D, 300x300x250", "fill", "voxels"),
  ours("SEG pixel data of 233 frames", "packing", "ours", "bits set"),
  ...theirs("SEG pixel data of 233 frames", node, "packing", "bits set", rounds, "dcmjs BitArray.pack"),
  ours("whole SEG, five segments", "five segments", "ours", "bytes", rounds),
  ours(undo, "undo record", "ours, record the delta", "bytes"),
  ours(undo, "undo record, slices not told", "ours, record, slices not told", "bytes"),
  ours(undo, "undo apply", "ours, apply it backward", "runs"),
  ...theirs(undo, node, "copy", "bytes", rounds, "a copy of the labels, 1 byte a voxel"),
];

// In turn: each round runs every side once (ours four times, they are short), so that all meet the same load.
const measured = new Map<Side, Measurement[]>(sides.map((side) => [side, []]));
for (const side of sides) if (side.ours) await side.run();
for (let round = 0; round < rounds; round++) {
  for (const [side, runs] of measured) {
    const wanted = Math.ceil((side.most * (round + 1)) / rounds);
    while (runs.length < wanted) runs.push(await side.run());
  }
}
for (const peer of peers) peer.stop();

const rows: Row[] = [...measured].map(([side, runs]) => ({ ...side, runs }));
const present = rows.filter(({ runs }) => !runs.some(({ ms }) => Number.isNaN(ms)));
say(
  `512x512x400 int16 in shared memory: ${voxelCount(inputs.bone)} voxels > 200 HU in ${inputs.bone.start.length} runs`,
);
say(`${cpus()[0].model}, ${availableParallelism()} threads, Node ${process.version}`);
say(
  `load average at the beginning ${begunAtLoad}, at the end ${load()} (1, 5, 15 min; 0 is a quiet machine)\n`,
);
say(tableOf(present));
say(`\ngoals (shared/notes/performance.md), medians of this run:`);
for (const line of goalLines(present)) say(line);
