// The performance goals that `npm run bench` can judge, each from the medians of one run.
import { type Row, medianMs, verdict } from "./bench-report.ts";

/** A line for each of the goals 1 to 5: what was reached, and met or by how much not. */
export function goalLines(rows: readonly Row[]): string[] {
  const ms = (task: string, side: string): number | null => {
    const row = rows.find((each) => each.task.startsWith(task) && each.side.startsWith(side));
    return row ? medianMs(row) : null;
  };
  const over = (task: string, peer: string, side = "ours"): number | null => {
    const theirs = ms(task, peer);
    const ours = ms(task, side);
    return theirs === null || ours === null ? null : theirs / ours;
  };
  const under = (ratio: number | null) => (ratio === null ? null : 1 / ratio);
  const kernels = "ours, WebAssembly";
  const plain = "ours, plain";
  const table = "ours, with";
  return [
    `1. ${verdict("cement over ITK, WebAssembly", over("cement", "ITK", kernels), 20, "x")}`,
    `   ${verdict("cement over scipy, WebAssembly", over("cement", "scipy", kernels), 40, "x")}`,
    `   ${verdict("cement over ITK, plain JavaScript", over("cement", "ITK", plain), 3, "x")}`,
    `   ${verdict("cement over scipy, plain JavaScript", over("cement", "scipy", plain), 5, "x")}`,
    `2. ${verdict("relabel at the cement threshold with the block table", ms("cement", table), 10, "ms")}`,
    `   ${verdict("relabel at the bone threshold with the block table", ms("bone", table), 10, "ms")}`,
    `3. ${verdict("bone over ITK", over("bone", "ITK", kernels), 10, "x")}`,
    `   ${verdict("closing over ITK", over("closing", "ITK"), 20, "x")}`,
    `   ${verdict("exact distance, part of ITK's time", under(over("exact distance", "ITK")), 1, "x at most")}`,
    `   ${verdict("fill holes over ITK", over("fill holes", "ITK"), 5, "x")}`,
    `4. ${verdict("SEG pixel data over dcmjs", over("SEG pixel", "dcmjs"), 50, "x")}`,
    `   ${verdict("whole SEG of five segments", ms("whole SEG", "ours"), 100, "ms")}`,
    `5. ${verdict("record a brush stroke", ms("undo", "ours, record the"), 1, "ms")}`,
    `   ${verdict("record it, slices not told", ms("undo", "ours, record, slices"), 1, "ms")}`,
    `   ${verdict("undo it", ms("undo", "ours, apply"), 1, "ms")}`,
  ];
}
