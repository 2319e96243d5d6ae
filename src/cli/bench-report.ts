// What `npm run bench` prints: a table of medians and ratios, and each goal with what was reached.
import type { Measurement } from "./bench-peers.ts";

/** Measurements of one side of one task. */
export interface Row {
  readonly task: string;
  readonly side: string;
  readonly ours: boolean;
  readonly runs: readonly Measurement[];
  /** What the result counts: parts, voxels, bytes. */
  readonly counts: string;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export const medianMs = (row: Row): number => median(row.runs.map(({ ms }) => ms));

const inWords = (ms: number): string => (ms < 10 ? ms.toFixed(2) : ms < 100 ? ms.toFixed(1) : ms.toFixed(0));
const times = (ratio: number): string => (ratio < 10 ? ratio.toFixed(2) : ratio.toFixed(0));

/** One line a side; the ratio is the side's median over that of our first side of the task. */
export function tableOf(rows: readonly Row[]): string {
  const lines = [["task", "side", "median ms", "lowest", "runs", "over ours", "result"]];
  let ours: Row | undefined;
  for (const row of rows) {
    const first = ours?.task !== row.task;
    if (first) ours = row;
    lines.push([
      first ? row.task : "",
      row.side,
      inWords(medianMs(row)),
      inWords(Math.min(...row.runs.map(({ ms }) => ms))),
      String(row.runs.length),
      ours && !first ? `${times(medianMs(row) / medianMs(ours))}x` : "",
      `${row.runs[0].result} ${row.counts}`,
    ]);
  }
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  const left = new Set([0, 1, 6]);
  return lines
    .map((line) =>
      line
        .map((cell, column) =>
          left.has(column) ? cell.padEnd(widths[column]) : cell.padStart(widths[column]),
        )
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** What one demand asks for: a ratio of at least, or a ratio or ms of at most; `why` is said when it is missed. */
export interface Demand {
  readonly what: string;
  readonly reached: number | null;
  readonly wanted: number;
  readonly unit: "x at least" | "x at most" | "ms at most";
  readonly why: string;
}

/** "met", or by how much not and why. */
export function verdict({ what, reached, wanted, unit, why }: Demand): string {
  if (reached === null || Number.isNaN(reached)) return `${what}: not measured (the other side is missing)`;
  const atLeast = unit === "x at least";
  const suffix = unit === "ms at most" ? " ms" : "x";
  const goal = `${what}: ${times(reached)}${suffix} (goal ${atLeast ? ">=" : "<="} ${wanted}${suffix})`;
  if (atLeast ? reached >= wanted : reached <= wanted) return `${goal} met`;
  return `${goal} MISSED by a factor ${(atLeast ? wanted / reached : reached / wanted).toFixed(2)}: ${why}`;
}
