// Reads the pixels of a stacked series straight into one volume.
import { type Problem, type Result, fail, ok, problem } from "#core/problem";
import type { SeriesContext } from "#core/study";
import type { CtVolume } from "#core/volume";
import { clippedAt } from "./clipping.ts";
import { decodeFrameToHu, decodeStoredFrame, storableHuOf } from "./decode-pixels.ts";
import { openFrames } from "./frame-source.ts";
import { volumeProblem } from "./input-limits.ts";
import type { InstanceHeader } from "./instance-header.ts";
import { type NamedFile, readBytes } from "./named-file.ts";
import type { ReadOptions } from "./open-files.ts";
import { mapInParallel } from "./parallel.ts";
import { readHeader } from "./read-header.ts";
import type { ReadSeries } from "./series-list.ts";

export interface LoadOptions extends ReadOptions {
  /** Memory for the voxels: a SharedArrayBuffer where the page is cross-origin isolated. An ArrayBuffer unless given. */
  readonly allocate?: (bytes: number) => ArrayBufferLike;
}

export interface LoadedSeries {
  readonly volume: CtVolume;
  /** The stack's context; its problems now also hold what decoding noticed, once per kind. */
  readonly context: SeriesContext;
}

/**
 * Reads and decodes every slice, six files at a time, each into its place; a multi-frame file frame by frame. Whole or not at all: a slice that cannot be read or decoded
 * refuses the series and names the file (`load/*`, `decode/*`, `read/*`). Rejects with the signal's reason when cancelled.
 */
export async function loadSeries(
  series: ReadSeries,
  options: LoadOptions = {},
): Promise<Result<LoadedSeries>> {
  const { stack } = series;
  if (!stack) {
    const reason = series.summary.problems.find((found) => found.severity === "error");
    return fail(reason ?? problem("stack/no-images"));
  }
  const { grid } = stack.context;
  const sliceVoxels = grid.rows * grid.columns;
  const impossible = volumeProblem(
    grid,
    stack.order.reduce((sum, header) => sum + header.fileSizeBytes, 0),
  );
  if (impossible) return fail(impossible);
  const buffer = allocateVolume(options.allocate, sliceVoxels * grid.slices * 2);
  if (!buffer.ok) return buffer;
  const hu = new Int16Array(buffer.value);
  const fileOf = new Map<InstanceHeader, NamedFile>(
    series.instances.map(({ header, file }) => [header, file]),
  );
  const bytesTotal = stack.order.reduce((sum, header) => sum + header.fileSizeBytes, 0);
  const sliceMaxHu = Array.from({ length: grid.slices }, () => -32768);
  const noticed = new Map<string, Problem>();
  const opened: OpenedFiles = new Map();
  let filesDone = 0;
  let bytesDone = 0;
  let failure: Problem | null = null;

  const readSlice = async (header: InstanceHeader, k: number): Promise<void> => {
    const file = fileOf.get(header.frame?.file ?? header);
    if (failure || !file) return;
    const target = hu.subarray(k * sliceVoxels, (k + 1) * sliceVoxels);
    const decoded = await (header.frame
      ? decodeFrame(header, file, opened, target)
      : decodeSlice(header, file, target));
    if (!decoded.ok) {
      failure ??= decoded.problem;
      return;
    }
    sliceMaxHu[k] = decoded.value.maxHu;
    for (const found of decoded.problems) if (!noticed.has(found.code)) noticed.set(found.code, found);
    filesDone++;
    bytesDone += header.fileSizeBytes;
    options.progress?.({ filesDone, filesTotal: grid.slices, bytesDone, bytesTotal });
  };
  await mapInParallel(stack.order, options.concurrency ?? 6, readSlice, options.signal);
  if (failure) return fail(failure);

  const ranges = stack.order.map((header) => storableHuOf(header.format));
  const storableHu = [
    Math.min(...ranges.map((range) => range[0])),
    Math.max(...ranges.map((range) => range[1])),
  ] as const;
  const volume: CtVolume = {
    grid,
    hu,
    storableHu,
    clippedAtHu: clippedAt(hu, sliceVoxels, sliceMaxHu, storableHu[1]),
  };
  const problems = [...stack.context.problems, ...noticed.values()];
  return ok({ volume, context: { ...stack.context, problems } }, problems);
}

function allocateVolume(allocate: LoadOptions["allocate"], bytes: number): Result<ArrayBufferLike> {
  try {
    return ok(allocate ? allocate(bytes) : new ArrayBuffer(bytes));
  } catch {
    return fail(problem("load/out-of-memory", { megabytes: Math.ceil(bytes / 1e6) }));
  }
}

/** Multi-frame files that are open, so that each is opened once for all its frames. */
type OpenedFiles = Map<NamedFile, ReturnType<typeof openFrames>>;

async function decodeFrame(
  header: InstanceHeader,
  file: NamedFile,
  opened: OpenedFiles,
  target: Int16Array,
): ReturnType<typeof decodeFrameToHu> {
  const { file: whole, number } = header.frame ?? { file: header, number: 1 };
  const opening = opened.get(file) ?? openFrames(whole, file);
  opened.set(file, opening);
  let stored: Uint8Array;
  try {
    const source = await opening;
    if (!source.ok) return source;
    stored = await source.value(number - 1);
  } catch {
    return fail(problem("read/unreadable", { fileName: file.path }));
  }
  return decodeStoredFrame(header, stored, target);
}

async function decodeSlice(
  header: InstanceHeader,
  file: NamedFile,
  target: Int16Array,
): ReturnType<typeof decodeFrameToHu> {
  let bytes: Uint8Array;
  try {
    bytes = await readBytes(file);
  } catch {
    return fail(problem("read/unreadable", { fileName: file.path }));
  }
  // The file may have been replaced since its header was read: nothing is decoded under another file's geometry.
  const again = readHeader(bytes, file.path);
  if (!again.ok) return again;
  if (again.value.sopInstanceUid !== header.sopInstanceUid)
    return fail(problem("load/file-changed", { fileName: file.path }));
  return decodeFrameToHu(again.value, bytes, target);
}
