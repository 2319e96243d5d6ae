// Reads the pixels of a stacked series straight into one volume.
import { type Problem, type Result, fail, ok, problem } from "#core/problem";
import type { VoxelGrid } from "#core/space";
import type { SeriesContext } from "#core/study";
import type { CtVolume } from "#core/volume";
import { keepSliceMaxima, sliceMaximum } from "#voxels/threshold";
import { clippedAt } from "./clipping.ts";
import { decodeFrameToHu, decodeStoredFrame, storableHuOf } from "./decode-pixels.ts";
import { frameHeaders } from "./frame-groups.ts";
import { openFrames } from "./frame-source.ts";
import { volumeProblem } from "./input-limits.ts";
import type { InstanceHeader } from "./instance-header.ts";
import { type DecodedSlice, KeptSlices } from "./kept-slices.ts";
import { type NamedFile, memoryFile, readBytes } from "./named-file.ts";
import { verifyVoxels } from "./load-verification.ts";
import type { ReadOptions } from "./open-files.ts";
import { mapInParallel } from "./parallel.ts";
import { readHeader } from "./read-header.ts";
import { type LookedAt, ReadingOrder } from "./reading-order.ts";
import { asStoredValues, toRelativeScale, whyNoHu } from "./relative-values.ts";
import type { ReadSeries } from "./series-list.ts";

export interface LoadOptions extends ReadOptions {
  /** Memory for the voxels: a SharedArrayBuffer where the page is cross-origin isolated. An ArrayBuffer unless given. */
  readonly allocate?: (bytes: number) => ArrayBufferLike;
  /** Called with each slice once it is decoded: its place, and its part of the volume's voxels. */
  readonly decoded?: (k: number, hu: Int16Array) => void;
  /** Which slice is wanted first; the middle one unless given. */
  readonly lookedAt?: LookedAt;
  /** Told when images come over a network and the other side does not answer for now. */
  readonly waiting?: (why: Problem) => void;
  /** Slices of a loading that failed half-way: they stay here, and the next one with the same goes on. */
  readonly kept?: KeptSlices;
}

export interface LoadedSeries {
  readonly volume: CtVolume;
  /** The stack's context; its problems now also hold what decoding noticed, once per kind. */
  readonly context: SeriesContext;
}

/**
 * Reads and decodes every slice, those nearest to where the reader looks first, six files at a time, each into its place; a multi-frame file frame by frame. Whole or not at all: a slice that cannot be read or decoded
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
  const kept = options.kept ?? new KeptSlices();
  if (!kept.hu) {
    const buffer = allocateVolume(grid, options.allocate);
    if (!buffer.ok) return buffer;
    kept.hu = new Int16Array(buffer.value);
    kept.slices.clear();
  }
  const { hu, slices } = kept;
  const fileOf = new Map<InstanceHeader, NamedFile>(
    series.instances.map(({ header, file }) => [header, file]),
  );
  const bytesTotal = stack.order.reduce((sum, header) => sum + header.fileSizeBytes, 0);
  const opened: OpenedFiles = new Map();
  let bytesDone = [...slices.keys()].reduce((sum, k) => sum + stack.order[k].fileSizeBytes, 0);
  let failure: Problem | null = null;

  const readSlice = async (k: number): Promise<void> => {
    const header = stack.order[k];
    const file = fileOf.get(header.frame?.file ?? header.asRead ?? header);
    if (failure) return;
    if (!file) {
      // Left out, its voxels would stay 0, which is as dense as water.
      failure = problem("load/slice-without-file", { slice: k + 1, fileName: header.fileName });
      return;
    }
    const target = hu.subarray(k * sliceVoxels, (k + 1) * sliceVoxels);
    const decoded = await (header.frame
      ? decodeFrame(header, file, opened, target, options)
      : decodeSlice(header, file, target, options));
    if (!decoded.ok) {
      failure ??= decoded.problem;
      return;
    }
    slices.set(k, {
      ...decoded.value,
      problems: decoded.problems,
      blockMaximumHu: sliceMaximum(target, grid.columns, grid.rows),
    });
    bytesDone += header.fileSizeBytes;
    options.progress?.({ filesDone: slices.size, filesTotal: grid.slices, bytesDone, bytesTotal });
    // Stored values are put on their scale when all are there.
    if (!stack.order[k].format.stored) options.decoded?.(k, target);
  };
  const order = new ReadingOrder(grid.slices, options.lookedAt, (k) => slices.has(k));
  const places = stack.order.map((_, k) => k);
  await mapInParallel(places, options.concurrency ?? 6, readSlice, options.signal, () => order.next());
  if (failure) return fail(failure);
  kept.hu = null;

  const all = stack.order.map((_, k) => slices.get(k)).filter((slice) => slice !== undefined);
  const because = whyNoHu(stack.order, hu);
  const relative = because && toRelativeScale(hu, grid, because, stack.order[0].format.rescaleIntercept ?? 0);
  if (relative && !relative.ok) return relative;
  // What was seen as slices were decoded holds as long as their values were not put on another scale.
  if (!relative)
    keepSliceMaxima(
      hu,
      grid,
      all.map(({ blockMaximumHu }) => blockMaximumHu),
    );
  const scaled = relative ? relative.value.scaled : (value: number): number => value;
  const storableHu = [
    scaled(Math.min(...all.map((slice) => slice.storableHu[0]))),
    scaled(Math.max(...all.map((slice) => slice.storableHu[1]))),
  ] as const;
  const volume: CtVolume = {
    grid,
    hu,
    storableHu,
    clippedAtHu: clippedAt(
      hu,
      sliceVoxels,
      all.map((slice) => scaled(slice.maxHu)),
      storableHu[1],
    ),
    ...(relative ? { relative: relative.value.scale } : {}),
  };
  const noticed = new Map<string, Problem>();
  for (const found of all.flatMap((slice) => slice.problems))
    if (!noticed.has(found.code)) noticed.set(found.code, found);
  // An archive may list images without saying that they are lossy.
  const lossyImageCompression = all.some((slice) => slice.lossy);
  if (lossyImageCompression && !stack.context.lossyImageCompression)
    noticed.set("stack/lossy-compression", problem("stack/lossy-compression", {}, "warning"));
  if (because === "values-cannot-be-hu")
    noticed.set("values/uncalibrated", problem("values/uncalibrated", { because }, "warning"));
  const problems = [...stack.context.problems, ...noticed.values()];
  const verification = verifyVoxels(stack.context.verification, volume, all, [...noticed.values()]);
  return ok(
    { volume, context: { ...stack.context, lossyImageCompression, problems, verification } },
    problems,
  );
}

/** Where there is no memory for all slices, the problem says how many would have it. */
function allocateVolume(
  { rows, columns, slices }: VoxelGrid,
  allocate: NonNullable<LoadOptions["allocate"]> = (bytes) => new ArrayBuffer(bytes),
): Result<ArrayBufferLike> {
  const sliceBytes = 2 * rows * columns;
  const room = (count: number): ArrayBufferLike | null => {
    try {
      return allocate(count * sliceBytes);
    } catch {
      return null;
    }
  };
  const whole = room(slices);
  if (whole) return ok(whole);
  const parts = [3 / 4, 1 / 2, 1 / 4, 1 / 8].map((part) => Math.floor(part * slices));
  const slicesThatFit = parts.find((count) => count >= LEAST_PART && room(count) !== null) ?? 0;
  const megabytes = Math.ceil((slices * sliceBytes) / 1e6);
  return fail(problem("load/out-of-memory", { megabytes, slices, slicesThatFit }));
}

/** Fewer slices show no treated bone with what is beside it. */
const LEAST_PART = 30;

/** Multi-frame files that are open, so that each is opened once for all its frames. */
type OpenedFiles = Map<NamedFile, ReturnType<typeof openFile>>;

type DecodedPixels = Promise<Result<Omit<DecodedSlice, "problems" | "blockMaximumHu">>>;

/** The headers of a file's frames as the file itself has them, and where each frame's bytes come from. */
async function openFile(whole: InstanceHeader, file: NamedFile, { signal, waiting }: LoadOptions) {
  if (!file.retrieve) {
    const source = await openFrames(whole, file);
    return source.ok ? ok({ frames: null, source: source.value }) : source;
  }
  const bytes = await file.retrieve({ signal, waiting });
  if (!bytes.ok) return bytes;
  const header = readHeader(bytes.value, file.path);
  if (!header.ok) return header;
  const source = await openFrames(header.value, memoryFile(file.path, bytes.value));
  return source.ok ? ok({ frames: frameHeaders(header.value), source: source.value }) : source;
}

async function decodeFrame(
  listed: InstanceHeader,
  file: NamedFile,
  opened: OpenedFiles,
  target: Int16Array,
  options: LoadOptions,
): DecodedPixels {
  const { file: whole, number } = listed.frame ?? { file: listed, number: 1 };
  const opening = opened.get(file) ?? openFile(whole, file, options);
  opened.set(file, opening);
  let header = listed;
  let stored: Uint8Array;
  try {
    const open = await opening;
    if (!open.ok) return open;
    header = asStoredValues(open.value.frames?.[number - 1] ?? listed);
    stored = await open.value.source(number - 1);
  } catch {
    options.signal?.throwIfAborted();
    return fail(problem("read/unreadable", { fileName: file.path }));
  }
  return decodedAs(header, await decodeStoredFrame(header, stored, target));
}

async function decodeSlice(
  header: InstanceHeader,
  file: NamedFile,
  target: Int16Array,
  { signal, waiting }: LoadOptions,
): DecodedPixels {
  let bytes: Result<Uint8Array>;
  try {
    bytes = file.retrieve ? await file.retrieve({ signal, waiting }) : ok(await readBytes(file));
  } catch {
    signal?.throwIfAborted();
    return fail(problem("read/unreadable", { fileName: file.path }));
  }
  if (!bytes.ok) return bytes;
  // The file may have been replaced since its header was read: nothing is decoded under another file's geometry.
  const again = readHeader(bytes.value, file.path);
  if (!again.ok) return again;
  if (again.value.sopInstanceUid !== header.sopInstanceUid)
    return fail(problem("load/file-changed", { fileName: file.path }));
  const own = asStoredValues(again.value);
  return decodedAs(own, await decodeFrameToHu(own, bytes.value, target));
}

/** What decoding told, with what the file's own header says of it. */
function decodedAs(
  header: InstanceHeader,
  decoded: Awaited<ReturnType<typeof decodeFrameToHu>>,
): Awaited<DecodedPixels> {
  if (!decoded.ok) return decoded;
  const { maxHu } = decoded.value;
  const storableHu = storableHuOf(header.format);
  return ok({ maxHu, storableHu, lossy: header.lossyImageCompression }, decoded.problems);
}
