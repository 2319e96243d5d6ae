// What `npm run bench:app` prints: medians and ratios of each series as a table, and each goal with what was reached.
import { type Demand, median, verdict } from "../../../src/cli/bench-report.ts";
import type { ContestantName } from "./contestant.ts";
import type { Figures } from "./measure.ts";
import type { PeakMemory } from "./process-memory.ts";
import type { BenchSeries } from "./series.ts";

/** All runs of one app on one series. */
export interface Side {
  readonly name: ContestantName;
  readonly title: string;
  /** None when it could not be measured. */
  readonly runs: readonly Figures[];
}

/** All that was measured on one series. */
export interface SeriesResult {
  readonly series: Omit<BenchSeries, "files">;
  readonly bareReadMs: readonly number[];
  readonly sides: readonly Side[];
}

type Unit = "ms" | "MB";
interface Row {
  readonly what: string;
  readonly unit: Unit;
  /** The median of a side; null where it has no such function or was not measured. */
  readonly of: (side: Side) => number | null;
}

const BYTES_OF_MB = 1e6;

const medianOf = (side: Side, figure: (run: Figures) => number | readonly number[] | null): number | null => {
  const values = side.runs.flatMap((run) => figure(run) ?? []);
  return values.length > 0 ? median(values) : null;
};
const memoryOf = (side: Side, part: keyof PeakMemory): number | null => {
  const bytes = medianOf(side, ({ memory }) => memory?.[part] ?? null);
  return bytes === null ? null : bytes / BYTES_OF_MB;
};

const ROWS: readonly Row[] = [
  { what: "first image", unit: "ms", of: (side) => medianOf(side, (run) => run.firstImageMs) },
  { what: "whole volume", unit: "ms", of: (side) => medianOf(side, (run) => run.volumeMs) },
  { what: "three planes (MPR) ready", unit: "ms", of: (side) => medianOf(side, (run) => run.planesMs) },
  { what: "longest main-thread task", unit: "ms", of: (side) => medianOf(side, (run) => run.longestTaskMs) },
  { what: "threshold response", unit: "ms", of: (side) => medianOf(side, (run) => run.thresholdMs) },
  { what: "SEG written", unit: "ms", of: (side) => medianOf(side, (run) => run.segMs) },
  { what: "peak memory, page", unit: "MB", of: (side) => memoryOf(side, "page") },
  { what: "peak memory, GPU process", unit: "MB", of: (side) => memoryOf(side, "gpu") },
  { what: "peak memory, both at once", unit: "MB", of: (side) => memoryOf(side, "both") },
];

const inWords = (value: number, unit: Unit): string => {
  if (unit === "MB") return `${value.toFixed(0)} MB`;
  return value < 1000 ? `${value.toFixed(0)} ms` : `${(value / 1000).toFixed(value < 10_000 ? 2 : 1)} s`;
};
const times = (ratio: number): string => `${ratio < 10 ? ratio.toFixed(1) : ratio.toFixed(0)}x`;

/** A Markdown table of one series: a row a figure, a column an app; a peer's ratio is its median over ours. */
export function tableOf({ series, bareReadMs, sides }: SeriesResult): string {
  const ours = sides.find(({ name }) => name === "ours");
  const cells = ROWS.map(({ what, unit, of }) => [
    what,
    ...sides.map((side) => {
      const value = of(side);
      const own = ours && side !== ours ? of(ours) : null;
      if (value === null) return "-";
      return inWords(value, unit) + (own === null ? "" : ` (${times(value / own)})`);
    }),
  ]);
  const bare = ["bare read of the same bytes", ...sides.map(() => "")];
  bare[1] = inWords(median(bareReadMs), "ms");
  return markdown([[series.title, ...sides.map(({ title }) => title)], ...cells, bare]);
}

function markdown(lines: readonly (readonly string[])[]): string {
  const widths = lines[0].map((_, column) => Math.max(3, ...lines.map((line) => line[column].length)));
  const row = (line: readonly string[]) =>
    `| ${line.map((cell, column) => cell.padEnd(widths[column])).join(" | ")} |`;
  return [row(lines[0]), row(widths.map((width) => "-".repeat(width))), ...lines.slice(1).map(row)].join(
    "\n",
  );
}

/** What the goals ask for. The series are those on which a goal is judged. */
interface Goal extends Omit<Demand, "reached" | "what"> {
  readonly what: string;
  readonly on: BenchSeries["name"];
  readonly reached: (result: SeriesResult) => number | null;
}

const rowNamed = (what: string): Row => ROWS.find((row) => row.what === what) ?? ROWS[0];
const sideNamed = (result: SeriesResult, name: ContestantName): Side | undefined =>
  result.sides.find((side) => side.name === name);
const valueOf = (result: SeriesResult, name: ContestantName, what: string): number | null => {
  const side = sideNamed(result, name);
  return side ? rowNamed(what).of(side) : null;
};
const ratio = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? null : a / b;
const over =
  (what: string, peer: ContestantName) =>
  (result: SeriesResult): number | null =>
    ratio(valueOf(result, peer, what), valueOf(result, "ours", what));
const overBareRead = (result: SeriesResult): number | null =>
  ratio(valueOf(result, "ours", "whole volume"), median(result.bareReadMs));

const IN_SOFTWARE = "WebGL runs in software here and takes its share of the processor";
const READING = "each slice is also decoded and put into one volume, on the same cores";
const GOALS: readonly Goal[] = [
  atLeast("first image over OHIF", over("first image", "ohif"), 8),
  atLeast("first image over VolView", over("first image", "volview"), 20),
  atLeast("whole volume over OHIF", over("whole volume", "ohif"), 2),
  atLeast("whole volume over VolView", over("whole volume", "volview"), 8),
  atLeast("peak memory of OHIF over ours", over("peak memory, both at once", "ohif"), 1),
  atLeast("peak memory of VolView over ours", over("peak memory, both at once", "volview"), 1),
  {
    what: "whole volume over a bare read of the same bytes",
    on: "large",
    reached: overBareRead,
    wanted: 1.5,
    unit: "x at most",
    why: READING,
  },
  {
    what: "the same, goal 6 of performance.md",
    on: "large",
    reached: overBareRead,
    wanted: 1.2,
    unit: "x at most",
    why: READING,
  },
  {
    what: "peak memory of the page over its voxels, goal 7",
    on: "large",
    reached: (result) => {
      const megabytes = valueOf(result, "ours", "peak memory, page");
      return megabytes === null ? null : (megabytes * BYTES_OF_MB) / result.series.voxelBytes;
    },
    wanted: 2.2,
    unit: "x at most",
    why: "the page, its workers and codecs count too; the small series shows what they take almost without voxels",
  },
  {
    what: "first image of 400 slices, goal 6",
    on: "jpeg-ls",
    reached: (result) => valueOf(result, "ours", "first image"),
    wanted: 250,
    unit: "ms at most",
    why: `workers and codec are started before a first slice is decoded; ${IN_SOFTWARE}`,
  },
  {
    what: "threshold response in all planes on 400 slices (10 a second; goal 2's work alone is timed by npm run bench)",
    on: "jpeg-ls",
    reached: (result) => valueOf(result, "ours", "threshold response"),
    wanted: 100,
    unit: "ms at most",
    why: `three planes are drawn with the mask each time; ${IN_SOFTWARE}`,
  },
];

function atLeast(what: string, reached: Goal["reached"], wanted: number): Goal {
  return { what, on: "large", reached, wanted, unit: "x at least", why: IN_SOFTWARE };
}

/** A line for each goal that the measured series can judge. */
export function goalLines(results: readonly SeriesResult[]): string[] {
  return GOALS.flatMap(({ on, reached, ...goal }) => {
    const result = results.find(({ series }) => series.name === on);
    return result ? [verdict({ ...goal, reached: reached(result) })] : [];
  });
}
