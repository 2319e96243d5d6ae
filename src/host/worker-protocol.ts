// The messages between the page and its worker, and the page's end of the line.
import { ProblemError, problem, type Problem, type Result } from "#core/problem";
import type { Readable } from "#core/readable";
import type { VoxelGrid } from "#core/space";
import type { SeriesContext, SeriesSummary } from "#core/study";
import type { ArchiveAddress } from "#dicom/dicomweb/archive-types";
import type { CtVolume } from "#core/volume";
import type { OriginalFile } from "#dicom/deidentify/deidentify";
import type { Thumbnail } from "#dicom/thumbnail";
import { archiveLine, type ArchiveLine, type ArchiveQuestion } from "./archive-line.ts";
import type { ImportedObject } from "./contract.ts";
import type { FileWithPath } from "./contract-page.ts";

export type { FileWithPath } from "./contract-page.ts";
import type { WorkerPort } from "./worker-watch.ts";

export interface RejectedFile {
  readonly path: string;
  readonly problem: Problem;
}

/** What reading a set of files found. */
export interface ReadOutcome {
  readonly series: readonly SeriesSummary[];
  readonly rejected: readonly RejectedFile[];
  /** Segmentations, reports and findings that came with the images. */
  readonly objects: readonly ImportedObject[];
  /** About the disc or folder as a whole: what its index names, and whether that is there. */
  readonly notes?: readonly Problem[];
}

export type { Thumbnail } from "#dicom/thumbnail";

export interface Progress {
  /** 0 to 1. */
  readonly fraction: number;
  readonly files?: { readonly done: number; readonly total: number };
  readonly bytes?: { readonly done: number; readonly total: number };
  readonly step?: string;
  /** Why nothing comes at present, where it will be asked for again. */
  readonly waiting?: Problem;
}

/** A slice of a series that is still loading: there to be looked at, and for nothing else. */
export interface ComingSlice {
  /** Place in the volume that will be loaded, and how many slices that has. */
  readonly k: number;
  readonly slices: number;
  /** `known`: by position. Else as the files' names have it, until all headers are read. */
  readonly place: "known" | "by-name";
  readonly sopInstanceUid: string;
  /** The grid of this slice alone. */
  readonly grid: VoxelGrid;
  /** HU, `[j][i]`; memory of its own. */
  readonly hu: Int16Array;
}

export interface LoadedSeries {
  readonly volume: CtVolume;
  readonly context: SeriesContext;
}

/** What a series is opened as: the case, an earlier CT beside it, or a second reconstruction of the same scan. */
export type SeriesRole = "main" | "prior" | "second";

export type WorkerRequest =
  | {
      readonly kind: "read";
      readonly files: readonly FileWithPath[];
      /** Given where slices that are decoded on the way are looked at: which one now. */
      readonly looking?: { readonly at: number | null };
    }
  | {
      readonly kind: "load";
      readonly seriesInstanceUid: string;
      readonly role: SeriesRole;
      /** Given where slices are looked at while the others load: which one now. */
      readonly looking?: { readonly at: number | null };
    }
  | {
      readonly kind: "job";
      readonly jobId: string;
      readonly input: unknown;
      /** The series that the page shows: what is found belongs to it, or the job is refused. */
      readonly seriesInstanceUid?: string;
      /** The earlier CT that the page shows beside it; without it the job gets none. */
      readonly priorSeriesInstanceUid?: string;
    }
  /** Work of a plugin that needs no open CT. */
  | {
      readonly kind: "task";
      readonly pluginId: string;
      readonly taskId: string;
      readonly input: unknown;
      /** That the task may ask. */
      readonly archive?: ArchiveAddress;
    }
  | { readonly kind: "thumbnail"; readonly seriesInstanceUid: string }
  /** Files of images of a series, as they were opened. */
  | {
      readonly kind: "originals";
      readonly seriesInstanceUid: string;
      readonly sopInstanceUids: readonly string[];
    }
  | { readonly kind: "forget"; readonly role: SeriesRole }
  /** A new worker takes over what the page has loaded already. */
  | { readonly kind: "adopt"; readonly role: SeriesRole; readonly loaded: LoadedSeries }
  | { readonly kind: "archive"; readonly question: ArchiveQuestion };

export type ToWorker =
  | { readonly id: number; readonly request: WorkerRequest }
  /** The first of the files of a request to read, which follows under the same id with the last of them. */
  | { readonly id: number; readonly files: readonly FileWithPath[] }
  /** The reader looks at this slice of what is being loaded: it is read next, and sent as soon as it is there. */
  | { readonly id: number; readonly look: number }
  | { readonly id: number; readonly cancel: true };

/** Copying a File costs the page some tenths of a millisecond: thousands in one message would hold it up. */
const FILES_IN_A_MESSAGE = 100;

export type FromWorker =
  | { readonly id: number; readonly progress: Progress }
  | { readonly id: number; readonly coming: ComingSlice }
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly problem: Problem };

export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly progress?: (progress: Progress) => void;
}

/** How a reader looks through the slices of a series that is still loading. */
export interface LookingThrough {
  /** Place of the slice that is looked at; null before the first has come. */
  readonly at: Readable<number | null>;
  /** Called with the first slice that is decoded, and with each that is looked at, as soon as it is there. */
  readonly came: (slice: ComingSlice) => void;
}

export interface LoadOptions extends CallOptions {
  readonly looking?: LookingThrough;
}

/** The worker as the host sees it. A cancelled call rejects with the signal's reason. */
export interface WorkerLine {
  read(files: readonly FileWithPath[], options?: LoadOptions): Promise<ReadOutcome>;
  load(seriesInstanceUid: string, role: SeriesRole, options?: LoadOptions): Promise<Result<LoadedSeries>>;
  job(
    jobId: string,
    input: unknown,
    options?: CallOptions & { readonly seriesInstanceUid?: string; readonly priorSeriesInstanceUid?: string },
  ): Promise<unknown>;
  task(
    pluginId: string,
    taskId: string,
    input: unknown,
    options?: CallOptions & { readonly archive?: ArchiveAddress },
  ): Promise<unknown>;
  thumbnail(seriesInstanceUid: string, options?: CallOptions): Promise<Thumbnail | null>;
  /** Rejects with a problem where the files are not at hand any more. */
  originals(
    seriesInstanceUid: string,
    sopInstanceUids: readonly string[],
    options?: CallOptions,
  ): Promise<readonly OriginalFile[]>;
  forget(role: SeriesRole): Promise<unknown>;
  readonly archive: ArchiveLine;
  dispose(): void;
}

interface Waiting {
  resolve(value: unknown): void;
  reject(reason: unknown): void;
  progress?: (progress: Progress) => void;
  came?: (slice: ComingSlice) => void;
  stopListening(): void;
}

export function connectWorker(worker: WorkerPort): WorkerLine {
  let lastId = 0;
  const waiting = new Map<number, Waiting>();

  const settle = (id: number): Waiting | undefined => {
    const open = waiting.get(id);
    waiting.delete(id);
    open?.stopListening();
    return open;
  };

  worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
    if ("progress" in data) waiting.get(data.id)?.progress?.(data.progress);
    else if ("coming" in data) waiting.get(data.id)?.came?.(data.coming);
    else if ("problem" in data) settle(data.id)?.reject(new ProblemError(data.problem));
    else settle(data.id)?.resolve(data.value);
  };
  worker.onerror = (event) => {
    event.preventDefault();
    const crash = new ProblemError(problem("worker/crashed", { message: event.message ?? "" }));
    for (const id of [...waiting.keys()]) settle(id)?.reject(crash);
  };

  function call<T>(request: WorkerRequest, options: LoadOptions = {}): Promise<T> {
    const id = ++lastId;
    return new Promise<T>((resolve, reject) => {
      const { signal, looking } = options;
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      const cancel = () => {
        worker.postMessage({ id, cancel: true } satisfies ToWorker);
        settle(id)?.reject(signal?.reason);
      };
      signal?.addEventListener("abort", cancel, { once: true });
      const look = (at: number | null): void => {
        if (at !== null) worker.postMessage({ id, look: at } satisfies ToWorker);
      };
      const stopLooking = looking?.at.subscribe(look);
      waiting.set(id, {
        // The worker answers each kind of request with one kind of value; both ends come from one build.
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion
        resolve: (value) => resolve(value as T),
        reject,
        progress: options.progress,
        came: looking?.came,
        stopListening() {
          signal?.removeEventListener("abort", cancel);
          stopLooking?.();
        },
      });
      if (request.kind === "read")
        postInPieces(id, request).catch((error: unknown) => settle(id)?.reject(error));
      else worker.postMessage({ id, request } satisfies ToWorker);
    });
  }

  async function postInPieces(id: number, request: Extract<WorkerRequest, { kind: "read" }>): Promise<void> {
    const { files } = request;
    let from = 0;
    for (; files.length - from > FILES_IN_A_MESSAGE; from += FILES_IN_A_MESSAGE) {
      worker.postMessage({ id, files: files.slice(from, from + FILES_IN_A_MESSAGE) } satisfies ToWorker);
      await nextTask();
      // Cancelled meanwhile, or the worker has crashed.
      if (!waiting.has(id)) return;
    }
    worker.postMessage({ id, request: { ...request, files: files.slice(from) } } satisfies ToWorker);
  }

  return {
    read: (files, options = {}) => call({ kind: "read", files, ...lookingNow(options) }, options),
    load: (seriesInstanceUid, role, options = {}) =>
      call({ kind: "load", seriesInstanceUid, role, ...lookingNow(options) }, options),
    job: (jobId, input, options) =>
      call(
        {
          kind: "job",
          jobId,
          input,
          seriesInstanceUid: options?.seriesInstanceUid,
          priorSeriesInstanceUid: options?.priorSeriesInstanceUid,
        },
        options,
      ),
    task: (pluginId, taskId, input, options) =>
      call({ kind: "task", pluginId, taskId, input, archive: options?.archive }, options),
    thumbnail: (seriesInstanceUid, options) => call({ kind: "thumbnail", seriesInstanceUid }, options),
    originals: (seriesInstanceUid, sopInstanceUids, options) =>
      call({ kind: "originals", seriesInstanceUid, sopInstanceUids }, options),
    forget: (role) => call({ kind: "forget", role }),
    archive: archiveLine((question, options) => call({ kind: "archive", question }, options)),
    dispose: () => worker.terminate(),
  };
}

const lookingNow = ({ looking }: LoadOptions): { readonly looking?: { readonly at: number | null } } =>
  looking ? { looking: { at: looking.at.get() } } : {};

/** Lets the page do what else it has to do. A timer would wait up to a second in a tab that is not in front. */
const nextTask = (): Promise<void> =>
  new Promise((go) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      go();
    };
    port2.postMessage(null);
  });
