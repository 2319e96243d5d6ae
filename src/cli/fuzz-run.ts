// Reads and decodes one fuzz input as the viewer would, and says what must never happen: a throw, a hang, memory taken for nothing.
import { problemText } from "#core/problem-text";
import type { Problem } from "#core/problem";
import { decodeFrameToHu } from "#dicom/decode-pixels";
import type { SeriesContext } from "#core/study";
import { loadSeries } from "#dicom/load-series";
import { memoryFile, readBytes } from "#dicom/named-file";
import { type OtherObject, readFiles } from "#dicom/open-files";
import { readReport } from "#dicom/read-report";
import { readSegmentation } from "#dicom/read-segmentation";
import { segmentationStack } from "#dicom/segmentation-grid";
import type { ReadSeries } from "#dicom/series-list";
import { type NamedBytes, multiFrameSource } from "./fuzz-sources.ts";

/** Processor time of one input: it takes a few ms, and this much is a hang in the making. */
const SLOW_MS = 2000;
/** How often what an input's buffers hold is looked at: the question takes as long as a small input. */
const LOOK_EVERY = 8;
/** Inputs are at most some MB, and so is what they may ask for: the limits of the reader, not of the machine. */
const MOST_BYTES = 512 * 2 ** 20;
const MOST_PIXELS = 2 ** 26;

/** What went wrong with this input, in words; null where it was read or refused as it should be. */
export async function runInput(files: readonly NamedBytes[]): Promise<string | null> {
  const beganMs = performance.now();
  const found = await faultOf(files);
  if (found) return found;
  // By the clock first, for asking for processor time takes as long as an input; again where other programs may have delayed it.
  if (performance.now() - beganMs > SLOW_MS) {
    const started = process.cpuUsage();
    await faultOf(files);
    const { user, system } = process.cpuUsage(started);
    const tookMs = (user + system) / 1000;
    if (tookMs > SLOW_MS) return `slow: ${Math.round(tookMs)} ms`;
  }
  if (inputs++ % LOOK_EVERY !== 0) return null;
  const held = process.memoryUsage().arrayBuffers;
  return held > MOST_BYTES ? `memory: ${Math.round(held / 1e6)} MB of buffers` : null;
}
let inputs = 0;

async function faultOf(files: readonly NamedBytes[]): Promise<string | null> {
  try {
    const result = await readFiles(files.map(({ name, bytes }) => memoryFile(name, bytes)));
    // These files never move or change: the reader's own exception hides behind this refusal.
    const swallowed = result.rejected.find(({ problem }) => problem.code === "read/unreadable");
    if (swallowed) return `threw inside readFiles: ${JSON.stringify(swallowed.problem.details)}`;
    const found = result.rejected.map(({ problem }) => problem);
    for (const series of result.series) found.push(...series.summary.problems, ...(await decoded(series)));
    for (const object of result.otherObjects) found.push(...(await imported(object)));
    // All codecs are here: what asks for one that isn't was not recognised for what it is.
    const lost = found.find(({ code }) => code === "decode/codec-not-loaded");
    if (lost) return `no codec for ${JSON.stringify(lost.details)}`;
    const wordless = found.find((problem) => /undefined|\[object/.test(problemText(problem, "en")));
    if (wordless) return `no words for ${JSON.stringify(wordless)}`;
  } catch (error) {
    return `threw: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  }
  return null;
}

/** Problems of loading the series, or of decoding its slices one by one where they make no stack. */
async function decoded(series: ReadSeries): Promise<readonly Problem[]> {
  if (series.stack) {
    const loaded = await loadSeries(series, {
      allocate: (bytes) => {
        if (bytes > MOST_BYTES) throw new Error(`memory: ${bytes} bytes asked for`);
        return new ArrayBuffer(bytes);
      },
    });
    return loaded.ok ? loaded.problems : [loaded.problem];
  }
  const problems: Problem[] = [];
  for (const { header, file } of series.instances.slice(0, 3)) {
    const { rows, columns } = header.format;
    if (rows * columns > MOST_PIXELS) throw new Error(`memory: ${rows} x ${columns} passed`);
    const result = await decodeFrameToHu(header, await readBytes(file), new Int16Array(rows * columns));
    problems.push(...(result.ok ? result.problems : [result.problem]));
  }
  return problems;
}

/** A segmentation or report, read as if the multi-frame source were open. */
async function imported({ kind, bytes }: OtherObject): Promise<readonly Problem[]> {
  if (kind !== "SEG" && kind !== "SR") return [];
  const whole = await bytes();
  if (kind === "SEG") segmentationStack(whole);
  const result = kind === "SEG" ? readSegmentation(whole, await openCase()) : readReport(whole);
  return result.ok ? result.problems : [result.problem];
}

let opened: SeriesContext | undefined;
async function openCase(): Promise<SeriesContext> {
  const { name, bytes } = multiFrameSource();
  opened ??= (await readFiles([memoryFile(name, bytes)])).series[0]?.stack?.context;
  if (!opened) throw new Error("the multi-frame source does not open");
  return opened;
}
