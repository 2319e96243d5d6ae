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
  const reading = ms("reading", "ours");
  const memory = `a bare copy of the volume takes ${reading?.toFixed(0) ?? "?"} ms here, and without the table all of it is read`;
  const atLeast = (what: string, reached: number | null, wanted: number, why: string) =>
    verdict({ what, reached, wanted, unit: "x at least", why });
  const atMostMs = (what: string, reached: number | null, wanted: number, why: string) =>
    verdict({ what, reached, wanted, unit: "ms at most", why });
  const twin = "the engine has no SIMD without WebAssembly";
  return [
    `1. ${atLeast("cement over ITK, WebAssembly", over("cement", "ITK", kernels), 20, memory)}`,
    `   ${atLeast("cement over scipy, WebAssembly", over("cement", "scipy", kernels), 40, memory)}`,
    `   ${atLeast("cement over ITK, plain JavaScript", over("cement", "ITK", plain), 3, twin)}`,
    `   ${atLeast("cement over scipy, plain JavaScript", over("cement", "scipy", plain), 5, twin)}`,
    `2. ${atMostMs("relabel at the cement threshold with the block table", ms("cement", table), 10, `rows that can hold cement are copied and scanned, the table is read; ${memory.split(", and")[0]}`)}`,
    `   ${atMostMs("relabel at the bone threshold with the block table", ms("bone", table), 10, "a third of the rows can hold bone, and a quarter of a million runs are joined")}`,
    `3. ${atLeast("bone over ITK", over("bone", "ITK", kernels), 10, memory)}`,
    `   ${atLeast("closing over ITK", over("closing", "ITK"), 20, "plain JavaScript on bit rows")}`,
    `   ${verdict({
      what: "exact distance, part of ITK's time",
      reached: under(over("exact distance", "ITK")),
      wanted: 1,
      unit: "x at most",
      why: "ours uses one core, ITK all of them",
    })}`,
    `   ${atLeast("fill holes over ITK", over("fill holes", "ITK"), 5, "the runs of the whole background are joined")}`,
    `4. ${atLeast("SEG pixel data over dcmjs", over("SEG pixel", "dcmjs"), 50, "the buffer of 8 MB is new each time")}`,
    `   ${atMostMs("whole SEG of five segments", ms("whole SEG", "ours"), 100, "36 MB of frames: all cement and the four largest bones, far more than a case holds")}`,
    `5. ${atMostMs("record a brush stroke", ms("undo", "ours, record the"), 1, "the rows of its slices are compared")}`,
    `   ${atMostMs("record it, slices not told", ms("undo", "ours, record, slices"), 1, "every row and run of both masks is compared; the brush and the eraser tell their slices, a cut or a new search does not")}`,
    `   ${atMostMs("undo it", ms("undo", "ours, apply"), 1, "the runs of the whole mask are copied")}`,
  ];
}
