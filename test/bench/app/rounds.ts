// The rounds of `npm run bench:app`: each app in turn on each series, as often as was asked for or as time allows.
import { ContestantFailed, type Contestant, type ContestantName } from "./contestant.ts";
import { bareRead, measured, type Figures } from "./measure.ts";
import { ohif } from "./ohif.ts";
import { ours } from "./ours.ts";
import type { SeriesResult } from "./report.ts";
import type { BenchSeries } from "./series.ts";
import { volview } from "./volview.ts";

const START = { ours, ohif, volview } satisfies Record<ContestantName, () => Promise<Contestant>>;
/** No further round is begun when it could end later than this. */
const LIMIT_MS = 20 * 60_000;

type Say = (line: string) => void;

/** An app as it takes part, with what it has measured on each series so far. */
interface Side {
  readonly name: ContestantName;
  readonly title: string;
  /** Null when it can't be had; `whyNot` says so in words. */
  readonly contestant: Contestant | null;
  readonly whyNot?: string;
  readonly runs: Map<BenchSeries, Figures[]>;
  /** Runs that did not come through. */
  lostRuns: number;
}

/** What all rounds gave. */
export interface Measured {
  readonly results: readonly SeriesResult[];
  readonly roundsDone: number;
  /** Runs of peers that did not come through, in words. */
  readonly lost: readonly string[];
  /** Why this is no whole run, in words; null when every app has figures of every series. */
  readonly missing: string | null;
}

/** Measures these apps on these series, `rounds` times; `say` is told of each run. Throws where this viewer does not come through. */
export async function measureInTurn(
  names: readonly ContestantName[],
  all: readonly BenchSeries[],
  rounds: number,
  say: Say,
): Promise<Measured> {
  const begun = Date.now();
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
        for (const side of sides) await run(side, series, say);
      }
      lastMs = Date.now() - roundBegun;
    }
  } finally {
    for (const { contestant } of sides) await contestant?.close();
  }
  return {
    results: all.map((series) => ({
      series,
      bareReadMs: bare.get(series) ?? [],
      sides: sides.map(({ name, title, runs }) => ({ name, title, runs: runs.get(series) ?? [] })),
    })),
    roundsDone,
    lost: sides.flatMap(({ title, lostRuns }) =>
      lostRuns > 0 ? [`${title} did not come through ${lostRuns} times`] : [],
    ),
    missing: missingFrom(sides, all),
  };
}

async function started(name: ContestantName): Promise<Side> {
  const runs = new Map<BenchSeries, Figures[]>();
  try {
    const contestant = await START[name]();
    return { name, title: contestant.title, contestant, runs, lostRuns: 0 };
  } catch (error) {
    if (name === "ours" || !(error instanceof ContestantFailed)) throw error;
    return { name, title: name, contestant: null, whyNot: error.message, runs, lostRuns: 0 };
  }
}

/** One run of one side; a peer's run that does not come through is told of and counts for nothing, this viewer's ends the command. */
async function run(side: Side, series: BenchSeries, say: Say): Promise<void> {
  if (!side.contestant) return;
  try {
    const figures = await measured(side.contestant, series);
    const runs = side.runs.get(series) ?? [];
    side.runs.set(series, [...runs, figures]);
    const { firstImageMs, volumeMs, planesMs } = figures;
    const seconds = [firstImageMs, volumeMs, planesMs].map((ms) => (ms / 1000).toFixed(2)).join(" / ");
    say(`  ${side.title}: first image / whole volume / planes after ${seconds} s`);
  } catch (error) {
    if (side.name === "ours") throw error;
    side.lostRuns++;
    say(`  ${side.title}: ${error instanceof Error ? error.message.split("\n")[0] : String(error)}`);
  }
}

/** What is missing from a whole run, in words; null when nothing is. */
function missingFrom(sides: readonly Side[], all: readonly BenchSeries[]): string | null {
  for (const { title, whyNot, runs } of sides) {
    if (whyNot) return `${title} is missing: ${whyNot}`;
    const without = all.find((series) => !runs.has(series));
    if (without) return `${title} never came through with ${without.title}`;
  }
  return null;
}
