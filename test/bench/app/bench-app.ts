// `npm run bench:app`: this viewer, OHIF and VolView open the same generated series in the same Chromium, in turn, several times; medians,
// ratios and goals are printed. README.md beside this folder says how the peers are driven and what counts as what.
//
// Options: --only ours|ohif|volview, --series small|large|jpeg-ls (both may be given more than once), --runs N (default 3),
// --write (the tables of a whole run into README.md and test/bench/README.md).
import { availableParallelism, cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { alone, buildApp, makeSampleCase } from "../../../src/cli/prepare.mjs";
import { ContestantFailed, type Contestant, type ContestantName } from "./contestant.ts";
import { bareRead, measured, type Figures } from "./measure.ts";
import { ohif } from "./ohif.ts";
import { ours } from "./ours.ts";
import { writeReadmes } from "./readme-tables.ts";
import { goalLines, tableOf, type SeriesResult } from "./report.ts";
import { benchSeries, SERIES_NAMES, type BenchSeries } from "./series.ts";
import { volview } from "./volview.ts";

const START = { ours, ohif, volview } satisfies Record<ContestantName, () => Promise<Contestant>>;
/** No further round is begun when it could end later than this. */
const LIMIT_MS = 20 * 60_000;

const say = (line: string) => process.stdout.write(`${line}\n`);
const load = () =>
  loadavg()
    .map((value) => value.toFixed(1))
    .join(" ");

/** An app as it takes part, with what it has measured on each series so far. */
interface Side {
  readonly name: ContestantName;
  title: string;
  contestant: Contestant | null;
  whyNot?: string;
  readonly runs: Map<BenchSeries, Figures[]>;
}

function chosen<T extends string>(
  option: string,
  given: readonly string[] | undefined,
  all: readonly T[],
): T[] {
  const wrong = given?.find((name) => !all.some((known) => known === name));
  if (wrong !== undefined)
    throw new ContestantFailed(`--${option} ${wrong} is not known: give one of ${all.join(", ")}`);
  return all.filter((name) => given?.includes(name) ?? true);
}

async function started(name: ContestantName): Promise<Side> {
  const runs = new Map<BenchSeries, Figures[]>();
  try {
    const contestant = await START[name]();
    return { name, title: contestant.title, contestant, runs };
  } catch (error) {
    if (name === "ours" || !(error instanceof ContestantFailed)) throw error;
    return { name, title: name, contestant: null, whyNot: error.message, runs };
  }
}

/** One run of one side; a peer that does not come through is told of and left out from then on, this viewer ends the command. */
async function run(side: Side, series: BenchSeries): Promise<void> {
  if (!side.contestant || side.whyNot) return;
  try {
    const figures = await measured(side.contestant, series);
    const runs = side.runs.get(series) ?? [];
    side.runs.set(series, [...runs, figures]);
    const { firstImageMs, volumeMs, planesMs } = figures;
    const seconds = [firstImageMs, volumeMs, planesMs].map((ms) => (ms / 1000).toFixed(2)).join(" / ");
    say(`  ${side.title}: first image / whole volume / planes after ${seconds} s`);
  } catch (error) {
    if (side.name === "ours") throw error;
    side.whyNot = error instanceof Error ? error.message.split("\n")[0] : String(error);
    say(`  ${side.title} is left out from here on: ${side.whyNot}`);
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: "string", multiple: true },
      series: { type: "string", multiple: true },
      runs: { type: "string", default: "3" },
      write: { type: "boolean", default: false },
    },
  });
  const names = chosen("only", values.only, ["ours", "ohif", "volview"] as const);
  const seriesNames = chosen("series", values.series, SERIES_NAMES);
  const rounds = Number(values.runs);
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new ContestantFailed(`--runs ${values.runs} is no number of runs: give 1 or more`);
  if (values.write && (values.only || values.series))
    throw new ContestantFailed("--write wants the tables of a whole run: leave out --only and --series");

  await alone(async () => {
    await makeSampleCase();
    await buildApp();
  });
  const all: BenchSeries[] = [];
  for (const name of seriesNames) all.push(await benchSeries(name, say));
  const begun = Date.now();
  const machine = `${cpus()[0].model}, ${availableParallelism()} threads, no GPU (SwiftShader)`;
  const begunAtLoad = load();
  say(`${machine}; load average ${begunAtLoad} (1, 5, 15 min; 0 is a quiet machine)`);

  const sides: Side[] = [];
  const bare = new Map<BenchSeries, number[]>(all.map((series) => [series, []]));
  let roundsDone = 0;
  try {
    for (const name of names) sides.push(await started(name));
    for (const { title, whyNot } of sides) if (whyNot) say(`without ${title}: ${whyNot}`);
    // The files are in the system's memory afterwards, for everybody.
    for (const series of all) await bareRead(series);
    for (let lastMs = 0; roundsDone < rounds; roundsDone++) {
      const roundBegun = Date.now();
      if (roundsDone > 0 && roundBegun - begun + lastMs > LIMIT_MS) {
        say(`no further round: ${LIMIT_MS / 60_000} minutes would be over`);
        break;
      }
      for (const series of all) {
        say(`run ${roundsDone + 1}, ${series.title}:`);
        bare.get(series)?.push(await bareRead(series));
        for (const side of sides) await run(side, series);
      }
      lastMs = Date.now() - roundBegun;
    }
  } finally {
    for (const { contestant } of sides) await contestant?.close();
  }

  const results: SeriesResult[] = all.map((series) => ({
    series,
    bareReadMs: bare.get(series) ?? [],
    sides: sides.map(({ name, title, whyNot, runs }) => ({
      name,
      title,
      whyNot,
      runs: runs.get(series) ?? [],
    })),
  }));
  const minutes = ((Date.now() - begun) / 60_000).toFixed(0);
  const date = new Date().toISOString().slice(0, 10);
  const about = `${date}, ${machine}; ${roundsDone === 1 ? "one run" : `medians of ${roundsDone} runs in turn`}, ${minutes} min; load average ${begunAtLoad} at the beginning, ${load()} at the end`;
  say(`\n${about}`);
  for (const result of results) say(`\n${tableOf(result)}`);
  const goals = goalLines(results);
  if (goals.length > 0) say(`\ngoals, medians of this run:`);
  for (const line of goals) say(line);
  if (values.write) {
    const missing = sides.find(({ whyNot }) => whyNot);
    if (missing) throw new ContestantFailed(`the READMEs stay as they are, for ${missing.title} is missing`);
    await writeReadmes({ about, results, goals });
    say("\nwritten into README.md and test/bench/README.md");
  }
}

await main().catch((error: unknown) => {
  const words =
    error instanceof ContestantFailed ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`bench:app: ${words}\n`);
  process.exitCode = 1;
});
