// The worker's end of the line: holds what was read and loaded, answers requests, reports progress.
import type { Job, JobTable } from "#core/job";
import { ProblemError, problem, type Problem } from "#core/problem";
import type { Network } from "#dicom/dicomweb/network";
import { KeptSlices } from "#dicom/kept-slices";
import { type LoadOptions, loadSeries } from "#dicom/load-series";
import type { OriginalFile } from "#dicom/deidentify/deidentify";
import { blobFile, readBytes } from "#dicom/named-file";
import { readFiles, unusedObjects, type ReadProgress, type ReadResult } from "#dicom/open-files";
import type { InstanceFile } from "#dicom/series-list";
import type { EarlySlice, SliceReader } from "#dicom/slices-ahead";
import { thumbnailOf } from "#dicom/thumbnail";
import { keptBlockMaximum } from "#voxels/threshold";
import { browserNetwork, createArchiveEnd } from "./archive-end.ts";
import { comingEarly, comingFromStack, type ComingSlices, comingSlices } from "./coming-slices.ts";
import type { ImportedObject } from "./contract.ts";
import type { TaskTable } from "./contract-page.ts";
import { taskRunner } from "./worker-tasks.ts";
import type {
  FileWithPath,
  FromWorker,
  LoadedSeries,
  Progress,
  ReadOutcome,
  RejectedFile,
  SeriesRole,
  ToWorker,
  WorkerRequest,
} from "./worker-protocol.ts";

interface CallContext {
  readonly signal: AbortSignal;
  readonly progress: (progress: Progress) => void;
  /** Begins to let the reader look through slices: `look` messages of this request go there. */
  readonly letLook: (at: number | null) => ComingSlices;
}

/** Memory that page and worker share where the page is isolated; else each holds its own copy. */
const allocate = (bytes: number): ArrayBufferLike =>
  typeof SharedArrayBuffer === "undefined" ? new ArrayBuffer(bytes) : new SharedArrayBuffer(bytes);

export function serveWorker(
  jobs: JobTable,
  post: (message: FromWorker, transfer?: Transferable[]) => void,
  network: Network = browserNetwork,
  tasks: TaskTable = {},
  readSlices?: SliceReader,
): { receive(message: ToWorker): void } {
  const answerFromArchive = createArchiveEnd(network);
  const running = new Map<number, AbortController>();
  /** By the request whose slices the reader looks through. */
  const lookers = new Map<number, ComingSlices>();
  /** Files that came ahead of the request to read them. */
  const ahead = new Map<number, readonly FileWithPath[]>();
  const runTask = taskRunner(tasks, network);
  const loaded: Record<SeriesRole, LoadedSeries | null> = { main: null, prior: null, second: null };
  let lastRead: Pick<ReadResult, "series"> | null = null;
  /** Where the open series came from: another folder may have been read since. */
  const opened: Record<SeriesRole, ReadResult["series"][number] | null> = {
    main: null,
    prior: null,
    second: null,
  };
  /**
   * Slices by Series Instance UID: of files that were decoded as their headers were read, and of an archive's series whose loading
   * failed half-way.
   */
  let kept = new Map<string, KeptSlices>();

  function remember(found: Pick<ReadResult, "series">): void {
    lastRead = found;
    kept = new Map();
  }

  async function read(
    request: Extract<WorkerRequest, { kind: "read" }>,
    context: CallContext,
  ): Promise<ReadOutcome> {
    const coming = request.looking && context.letLook(request.looking.at);
    const found = await readFiles(
      request.files.map(({ path, file }) => blobFile(path, file)),
      {
        signal: context.signal,
        progress: (at) => context.progress(progressOf(at)),
        ahead: {
          allocate,
          elsewhere: readSlices,
          ...(coming && {
            lookedAt: coming.lookedAt,
            decoded(early: EarlySlice) {
              const slice = comingEarly(early);
              if (slice) coming.decoded(slice);
            },
          }),
        },
      },
    );
    if (found.series.length > 0) remember(found);
    for (const series of found.series) {
      const slices = found.ahead?.keptFor(series);
      if (slices) kept.set(series.summary.seriesInstanceUid, slices);
    }
    const objects: ImportedObject[] = [];
    const unreadable: RejectedFile[] = [];
    for (const { path, kind, bytes } of found.otherObjects) {
      if (kind !== "SEG" && kind !== "RTSTRUCT" && kind !== "SR" && kind !== "JSON") continue;
      try {
        objects.push({ path, kind, bytes: await bytes() });
      } catch (error) {
        context.signal.throwIfAborted();
        // Its header could be read a moment ago: it was moved since, or its medium taken out.
        const why = error instanceof Error ? error.name : "";
        unreadable.push({ path, problem: problem("read/unreadable", { fileName: path, why }) });
      }
    }
    return {
      series: found.series.map((series) => series.summary),
      rejected: [...found.rejected, ...unreadable, ...unusedObjects(found.otherObjects)],
      objects,
      notes: found.notes,
    };
  }

  async function load(
    request: Extract<WorkerRequest, { kind: "load" }>,
    context: CallContext,
  ): Promise<unknown> {
    const series = lastRead?.series.find(
      (entry) => entry.summary.seriesInstanceUid === request.seriesInstanceUid,
    );
    if (!series) throw new ProblemError(problem("open/series-gone"));
    // Files can be read again at once; what came over a network is kept.
    const isRemote = series.instances.some(({ file }) => file.retrieve);
    const slices = kept.get(request.seriesInstanceUid) ?? new KeptSlices();
    if (isRemote) kept.set(request.seriesInstanceUid, slices);
    const looking = request.looking ? lookThrough(series, slices, context.letLook(request.looking.at)) : {};
    let last: Progress = { fraction: 0 };
    const result = await loadSeries(series, {
      signal: context.signal,
      allocate,
      progress: (at) => context.progress((last = progressOf(at))),
      waiting: (waiting) => context.progress({ ...last, waiting }),
      kept: slices,
      ...looking,
    });
    if (result.ok) {
      kept.delete(request.seriesInstanceUid);
      adopt(request.role, result.value);
      opened[request.role] = series;
    }
    return result;
  }

  function adopt(role: SeriesRole, series: LoadedSeries): void {
    loaded[role] = series;
    // For the threshold slider, where it didn't come with the slices; a prior is only looked at.
    if (role === "main") keptBlockMaximum(series.volume.hu, series.volume.grid);
  }

  async function job(
    request: Extract<WorkerRequest, { kind: "job" }>,
    context: CallContext,
  ): Promise<unknown> {
    // The id decides the input's type; the caller's table and this one come from one build.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const run = jobs[request.jobId] as Job<unknown, unknown> | undefined;
    if (!run) throw new ProblemError(problem("worker/unknown-job", { job: request.jobId }));
    if (!loaded.main) throw new ProblemError(problem("case/none-open"));
    // A cancelled opening may have been loaded here and never shown: its cement must not land on the CT on the screen.
    const { seriesInstanceUid } = loaded.main.context;
    if (request.seriesInstanceUid !== undefined && request.seriesInstanceUid !== seriesInstanceUid)
      throw new ProblemError(problem("open/series-gone"));
    // As with the case: an earlier CT that was loaded here and turned away on the page decides nothing.
    const beside = loaded.prior?.context.seriesInstanceUid === request.priorSeriesInstanceUid;
    return run(request.input, {
      volume: loaded.main.volume,
      ...(loaded.prior && beside ? { prior: loaded.prior.volume } : {}),
      signal: context.signal,
      progress: (fraction, step) => context.progress({ fraction, step }),
    });
  }

  async function answer(request: WorkerRequest, context: CallContext): Promise<unknown> {
    switch (request.kind) {
      case "read":
        return read(request, context);
      case "load":
        return load(request, context);
      case "job":
        return job(request, context);
      case "task":
        return runTask(request, context);
      case "thumbnail": {
        const series = lastRead?.series.find(
          (entry) => entry.summary.seriesInstanceUid === request.seriesInstanceUid,
        );
        return series ? thumbnailOf(series) : null;
      }
      case "originals": {
        const series = [...Object.values(opened), ...(lastRead?.series ?? [])].find(
          (entry) => entry?.summary.seriesInstanceUid === request.seriesInstanceUid,
        );
        if (!series) throw new ProblemError(problem("open/series-gone"));
        return originalsOf(series.instances, new Set(request.sopInstanceUids), context.signal);
      }
      case "adopt":
        adopt(request.role, request.loaded);
        return null;
      case "forget":
        loaded[request.role] = null;
        opened[request.role] = null;
        // The case was closed: the files that it came from are of no more use.
        if (request.role === "main") {
          lastRead = null;
          kept = new Map();
        }
        return null;
      case "archive":
        return answerFromArchive(request.question, { ...context, remember });
    }
  }

  return {
    receive(message) {
      if ("cancel" in message) {
        ahead.delete(message.id);
        running.get(message.id)?.abort(new DOMException("cancelled", "AbortError"));
        return;
      }
      const { id } = message;
      if ("look" in message) {
        lookers.get(id)?.look(message.look);
        return;
      }
      const before = ahead.get(id) ?? [];
      if ("files" in message) {
        ahead.set(id, [...before, ...message.files]);
        return;
      }
      ahead.delete(id);
      const request =
        message.request.kind === "read"
          ? { ...message.request, files: [...before, ...message.request.files] }
          : message.request;
      const control = new AbortController();
      running.set(id, control);
      answer(request, {
        signal: control.signal,
        progress: paced((progress) => post({ id, progress })),
        letLook(at) {
          const coming = comingSlices((slice, memory) => post({ id, coming: slice }, [memory]), at);
          lookers.set(id, coming);
          return coming;
        },
      })
        .then((value) => post({ id, value }))
        .catch((error: unknown) => post({ id, problem: problemOf(error, request) }))
        .finally(() => {
          running.delete(id);
          lookers.delete(id);
        });
    },
  };
}

/** Whole files; one that comes over a network is asked for again. */
async function originalsOf(
  instances: readonly InstanceFile[],
  wanted: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<OriginalFile[]> {
  const files: OriginalFile[] = [];
  for (const { file, header } of instances) {
    if (!wanted.has(header.sopInstanceUid)) continue;
    signal.throwIfAborted();
    const retrieved = await file.retrieve?.({ signal });
    if (retrieved && !retrieved.ok) throw new ProblemError(retrieved.problem);
    files.push({ name: file.path, bytes: retrieved ? retrieved.value : await readBytes(file) });
  }
  return files;
}

/** What a loading is told so that the reader can look through its slices, those that are decoded already among them. */
function lookThrough(
  { stack }: ReadResult["series"][number],
  kept: KeptSlices,
  coming: ComingSlices,
): Pick<LoadOptions, "decoded" | "lookedAt"> {
  if (!stack) return {};
  const { grid, instances } = stack.context;
  const decoded = (k: number, hu: Int16Array): void =>
    coming.decoded(comingFromStack(grid, instances, k, hu));
  const voxels = grid.rows * grid.columns;
  for (const k of kept.slices.keys())
    if (kept.hu && !stack.order[k].format.stored) decoded(k, kept.hu.subarray(k * voxels, (k + 1) * voxels));
  return { decoded, lookedAt: coming.lookedAt };
}

/** At most a message in 500 ms: each is a drawing of the whole page, and thousands of files would be thousands. Another step is told at once. */
function paced(tell: (progress: Progress) => void): (progress: Progress) => void {
  let last = -Infinity;
  let step: string | undefined;
  return (progress) => {
    const now = performance.now();
    if (now - last < 500 && progress.step === step && !progress.waiting) return;
    last = now;
    step = progress.step;
    tell(progress);
  };
}

const progressOf = (at: ReadProgress): Progress => ({
  fraction: at.bytesTotal > 0 ? at.bytesDone / at.bytesTotal : at.filesDone / Math.max(1, at.filesTotal),
  files: { done: at.filesDone, total: at.filesTotal },
  bytes: { done: at.bytesDone, total: at.bytesTotal },
});

function problemOf(error: unknown, request: WorkerRequest): Problem {
  if (error instanceof ProblemError) return error.problem;
  if (error instanceof RangeError && /allocation|memory/i.test(error.message))
    return problem("worker/out-of-memory", { doing: request.kind });
  return problem("app/unexpected", { where: request.kind, message: String(error) });
}
