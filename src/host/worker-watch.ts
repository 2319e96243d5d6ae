// Between the page and its worker: one that a codec holds fast at a damaged file is ended, and another takes its place with the open case.
import { problem } from "#core/problem";
import type {
  FileWithPath,
  FromWorker,
  LoadedSeries,
  SeriesRole,
  ToWorker,
  WorkerRequest,
} from "./worker-protocol.ts";

/** What the worker says beside its answers: the file that a codec begins with, or that the codec came back. */
export interface CodecNote {
  readonly decoding: string | null;
}

/** The part of a Worker that is used here, and that is given to the page's end of the line. */
export interface WorkerPort {
  postMessage(message: ToWorker): void;
  terminate(): void;
  onmessage: ((event: MessageEvent<FromWorker>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
}

/** The worker that `watchedWorker` keeps going; it starts with the first message. */
export interface WatchedWorker extends WorkerPort {
  /** Starts it ahead of that. */
  wake(): void;
}

export interface WatchOptions {
  /** How long one call of a codec may take. */
  readonly quietMs?: number;
  /** How long the page then listens whether it was itself asleep, and the answer has been waiting. */
  readonly graceMs?: number;
}

/** The slowest sound frame (4096 x 4096 in JPEG 2000 on a slow machine) takes some ten seconds. */
const QUIET_MS = 40_000;
const GRACE_MS = 3_000;

type Sent = Extract<ToWorker, { readonly request: WorkerRequest }>;

/** Requests that decode pixels: they are not made again where a file hung. */
const DECODING: readonly string[] = ["load", "thumbnail"];
const readsFiles = (request: WorkerRequest): boolean =>
  request.kind === "read" || (request.kind === "archive" && request.question.ask === "read");

/**
 * A worker for `connectWorker` that is replaced when a codec does not come back. The call that was decoding ends in the problem
 * "decode/took-too-long", which names the file; other calls are made again in the new worker, which first gets the loaded volumes (shared
 * memory where there is any) and reads the headers of the chosen files again. What the page shows, and the journal, know nothing of it.
 */
export function watchedWorker(
  start: () => WorkerPort,
  { quietMs = QUIET_MS, graceMs = GRACE_MS }: WatchOptions = {},
): WatchedWorker {
  const open = new Map<number, WorkerRequest>();
  const volumes = new Map<SeriesRole, LoadedSeries>();
  /** Files that were sent ahead of the request to read them. */
  const ahead = new Map<number, readonly FileWithPath[]>();
  let read: WorkerRequest | null = null;
  /** The new worker's own reading of the files, and what waits until it is done. */
  let restoring: { readonly id: number; readonly held: Sent[] } | null = null;
  let lastOwnId = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let worker: WorkerPort | null = null;
  const wake = (): WorkerPort => (worker ??= begin());

  const port: WatchedWorker = { postMessage, terminate, wake, onmessage: null, onerror: null };
  const answer = (data: FromWorker): void => port.onmessage?.(new MessageEvent("message", { data }));

  function begin(): WorkerPort {
    const next = start();
    next.onmessage = ({ data }: MessageEvent<FromWorker | CodecNote>) => {
      clearTimeout(timer);
      if ("decoding" in data) watch(data.decoding);
      else hear(data);
    };
    next.onerror = (event) => port.onerror?.(event);
    return next;
  }

  function watch(fileName: string | null): void {
    if (fileName === null) return;
    timer = setTimeout(() => {
      // A page that slept hears what was said meanwhile before this second wait is over.
      timer = setTimeout(() => replace(fileName), graceMs);
    }, quietMs);
  }

  function hear(data: FromWorker): void {
    const isAnswer = "value" in data || "problem" in data;
    if (isAnswer && data.id === restoring?.id) {
      const { held } = restoring;
      restoring = null;
      for (const message of held) wake().postMessage(message);
    }
    if (data.id <= 0) return;
    const request = open.get(data.id);
    if (isAnswer) open.delete(data.id);
    if (request && "value" in data) remember(request, data.value);
    answer(data);
  }

  function remember(request: WorkerRequest, value: unknown): void {
    if (readsFiles(request)) read = request;
    if (request.kind !== "load") return;
    // The worker answers a load with this; both ends come from one build.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const result = value as { readonly ok: boolean; readonly value: LoadedSeries };
    if (result.ok) volumes.set(request.role, result.value);
  }

  function replace(fileName: string): void {
    worker?.terminate();
    const waiting = [...open];
    const ended = waiting.filter(([, request]) => DECODING.includes(request.kind) || readsFiles(request));
    const again = waiting.filter(([id]) => !ended.some(([endedId]) => endedId === id));
    // Files whose reading did not come back are not read once more.
    if (restoring || ended.some(([, request]) => readsFiles(request))) read = null;
    restoring = null;
    const next = (worker = begin());
    for (const [role, loaded] of volumes)
      next.postMessage({ id: --lastOwnId, request: { kind: "adopt", role, loaded } });
    if (read) {
      restoring = { id: --lastOwnId, held: [] };
      next.postMessage({ id: restoring.id, request: read });
    }
    for (const [id, files] of ahead) next.postMessage({ id, files });
    for (const [id, request] of again) send({ id, request });
    const reason = problem("decode/took-too-long", { fileName, seconds: Math.round(quietMs / 1000) });
    for (const [id] of ended) {
      open.delete(id);
      answer({ id, problem: reason });
    }
  }

  function send(message: Sent): void {
    if (restoring) restoring.held.push(message);
    else wake().postMessage(message);
  }

  function postMessage(message: ToWorker): void {
    if ("files" in message) {
      ahead.set(message.id, [...(ahead.get(message.id) ?? []), ...message.files]);
      wake().postMessage(message);
      return;
    }
    if ("look" in message) {
      worker?.postMessage(message);
      return;
    }
    const before = ahead.get(message.id) ?? [];
    ahead.delete(message.id);
    if ("cancel" in message) {
      const at = restoring?.held.findIndex(({ id }) => id === message.id) ?? -1;
      if (at >= 0) restoring?.held.splice(at, 1);
      else worker?.postMessage(message);
      return;
    }
    const { request } = message;
    open.set(
      message.id,
      request.kind === "read" ? { ...request, files: [...before, ...request.files] } : request,
    );
    if (request.kind === "forget") {
      volumes.delete(request.role);
      if (request.role === "main") read = null;
    }
    send(message);
  }

  function terminate(): void {
    clearTimeout(timer);
    worker?.terminate();
  }

  return port;
}
