// `npm run bench:app`: this viewer, OHIF and VolView open the same generated series in the same Chromium, in turn, several times; medians,
// ratios and goals are printed. README.md beside this folder says how the peers are driven and what counts as what.
//
// Options: --only ours|ohif|volview, --series small|large|jpeg-ls (both may be given more than once), --runs N (default 3),
// --write (the tables of a whole run into README.md and test/bench/README.md).
import { availableParallelism, cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { alone, buildApp, makeSampleCase } from "../../../src/cli/prepare.mjs";
import { ContestantFailed } from "./contestant.ts";
import { writeReadmes } from "./readme-tables.ts";
import { goalLines, tableOf } from "./report.ts";
import { measureInTurn } from "./rounds.ts";
import { benchSeries, SERIES_NAMES, type BenchSeries } from "./series.ts";

const say = (line: string) => process.stdout.write(`${line}\n`);
const load = () =>
  loadavg()
    .map((value) => value.toFixed(1))
    .join(" ");

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
  const machine = `${cpus()[0].model}, ${availableParallelism()} cores, no GPU (SwiftShader)`;
  const begunAtLoad = load();
  say(`${machine}; load average ${begunAtLoad} (1, 5, 15 min; 0 is a quiet machine)`);

  const { results, roundsDone, lost, missing } = await measureInTurn(names, all, rounds, say);
  const minutes = ((Date.now() - begun) / 60_000).toFixed(0);
  const date = new Date().toISOString().slice(0, 10);
  const runs = roundsDone === 1 ? "one run" : `medians of ${roundsDone} runs in turn`;
  const about = `${date}, ${machine}; ${runs}, ${minutes} min; load average ${begunAtLoad} at the beginning, ${load()} at the end${lost.map((words) => `; ${words}`).join("")}`;
  say(`\n${about}`);
  for (const result of results) say(`\n${tableOf(result)}`);
  const goals = goalLines(results);
  if (goals.length > 0) say(`\ngoals, medians of this run:`);
  for (const line of goals) say(line);
  if (values.write) {
    if (missing) throw new ContestantFailed(`the READMEs stay as they are, for ${missing}`);
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
