// One request to an archive: signed in, cancelled, limited in time, tried again where the line failed, and every failure in words.
import { type Problem, type Result, fail, problem } from "#core/problem";
import { archiveName } from "./archive-address.ts";
import type { ArchiveAddress } from "./archive-types.ts";

/** What lies outside of this layer: the network, waiting, and chance for the jitter. */
export interface Network {
  fetch(url: string, init: RequestInit): Promise<Response>;
  /** Rejects with the signal's reason when cancelled. */
  wait(ms: number, signal?: AbortSignal): Promise<void>;
  /** 0 to 1. */
  random(): number;
}

export interface ArchiveCall {
  readonly network: Network;
  readonly address: ArchiveAddress;
  readonly signal?: AbortSignal;
  /** Told each time that the archive does not answer, or is busy, and will be asked again. */
  readonly waiting?: (why: Problem) => void;
}

export interface ArchiveRequest {
  /** Below the archive's root, beginning with "/". */
  readonly path: string;
  readonly accept: string;
  readonly method?: "GET" | "POST";
  readonly contentType?: string;
  readonly body?: Uint8Array<ArrayBuffer>;
  /** Answers other than 2xx that the reader of the answer understands. */
  readonly statuses?: readonly number[];
  /** How long the other side may give no sign before it answers or within its answer; 30 s unless given. */
  readonly patienceMs?: number;
}

const PATIENCE_MS = 30_000;
/** Who was silent for so long is asked once more, not five times. */
const TRIES_IN_SILENCE = 2;
/** Waits before the second, third, … try; each is shortened by up to a half, so that six requests do not come back at once. */
const BACK_OFF_MS = [500, 1000, 2000, 4000, 8000];
const LONGEST_ASKED_WAIT_MS = 30_000;
/** Busy, or a proxy before an archive that is being restarted. */
const TRY_AGAIN_STATUSES = new Set([408, 425, 429, 502, 503, 504]);

/**
 * Sends the request and gives the answer to `read`. A line that fails or falls silent, also within the answer, and an archive that is
 * busy are tried again, with growing waits; what `read` itself refuses (a problem) is not. POST is sent once.
 * Rejects only with the signal's reason.
 */
export async function ask<T>(
  call: ArchiveCall,
  request: ArchiveRequest,
  read: (answer: Response, progressed: () => void) => Promise<Result<T>>,
): Promise<Result<T>> {
  const tries = request.method === "POST" ? 1 : BACK_OFF_MS.length + 1;
  let silences = 0;
  for (let n = 1; ; n++) {
    const outcome = await askOnce(call, request, read);
    if (outcome.kind === "done") return outcome.result;
    if (outcome.problem.code === "archive/timeout") silences++;
    if (n >= tries || silences >= TRIES_IN_SILENCE) return fail(outcome.problem);
    call.waiting?.(problem("archive/waiting", { archive: archiveName(call.address) }, "info"));
    await waitBefore(call, n, outcome.askedWaitMs);
  }
}

/** Waits before try `n + 1`. */
export async function waitBefore(
  { network, signal }: ArchiveCall,
  n: number,
  askedMs: number | null = null,
): Promise<void> {
  const longest = BACK_OFF_MS[Math.min(n, BACK_OFF_MS.length) - 1];
  const ms = longest * (1 - network.random() / 2);
  await network.wait(Math.max(ms, Math.min(askedMs ?? 0, LONGEST_ASKED_WAIT_MS)), signal);
}

type Outcome<T> =
  | { readonly kind: "done"; readonly result: Result<T> }
  | { readonly kind: "again"; readonly problem: Problem; readonly askedWaitMs: number | null };

async function askOnce<T>(
  call: ArchiveCall,
  request: ArchiveRequest,
  read: (answer: Response, progressed: () => void) => Promise<Result<T>>,
): Promise<Outcome<T>> {
  const { network, address, signal } = call;
  signal?.throwIfAborted();
  const archive = archiveName(address);
  const silence = new Silence(network, request.patienceMs ?? PATIENCE_MS);
  const stop = () => silence.control.abort(signal?.reason);
  signal?.addEventListener("abort", stop, { once: true });
  try {
    const answer = await network.fetch(address.rootUrl + request.path, {
      method: request.method ?? "GET",
      headers: headersOf(address, request),
      body: request.body,
      signal: silence.control.signal,
      // The browser's own login to the server that the page came from counts where no other is given; no other site learns of it. With
      // one given, a browser that may add its own would answer a refusal (401) with a login window of its own, and wait for that.
      credentials: address.credentials.kind === "none" ? "same-origin" : "omit",
      // Patient data stays out of the browser's cache.
      cache: "no-store",
      referrerPolicy: "no-referrer",
      // A password goes to the address that it was given for, and nowhere else.
      redirect: address.credentials.kind === "none" ? "follow" : "manual",
    });
    silence.broken();
    if (answer.type === "opaqueredirect" || (answer.status >= 300 && answer.status < 400))
      return { kind: "done", result: fail(problem("archive/redirected", { archive })) };
    if (TRY_AGAIN_STATUSES.has(answer.status)) {
      await answer.body?.cancel().catch(() => undefined);
      return {
        kind: "again",
        problem: problem("archive/busy", { archive, status: answer.status }),
        askedWaitMs: askedWait(answer),
      };
    }
    if (!answer.ok && !request.statuses?.includes(answer.status)) {
      await answer.body?.cancel().catch(() => undefined);
      return { kind: "done", result: fail(statusProblem(answer.status, address)) };
    }
    const result = await read(answer, () => silence.broken());
    // A proxy may end an answer as if it were whole.
    return !result.ok && result.problem.code === "archive/answer-cut-off"
      ? { kind: "again", problem: result.problem, askedWaitMs: null }
      : { kind: "done", result };
  } catch (error) {
    signal?.throwIfAborted();
    if (silence.timedOut)
      return { kind: "again", problem: problem("archive/timeout", { archive }), askedWaitMs: null };
    // fetch and streams fail with a TypeError when the line does; anything else is ours.
    if (!(error instanceof TypeError) && !(error instanceof DOMException)) throw error;
    return { kind: "again", problem: problem("archive/unreachable", { archive }), askedWaitMs: null };
  } finally {
    silence.end();
    signal?.removeEventListener("abort", stop);
  }
}

/** Aborts `control` when `broken` was not called for too long. */
class Silence {
  readonly control = new AbortController();
  timedOut = false;
  readonly #network: Network;
  readonly #longestMs: number;
  #clock = new AbortController();

  constructor(network: Network, longestMs: number) {
    this.#network = network;
    this.#longestMs = longestMs;
    this.#start();
  }

  broken(): void {
    this.end();
    this.#clock = new AbortController();
    this.#start();
  }

  end(): void {
    this.#clock.abort();
  }

  #start(): void {
    this.#network.wait(this.#longestMs, this.#clock.signal).then(
      () => {
        this.timedOut = true;
        this.control.abort(new DOMException("silent", "TimeoutError"));
      },
      () => undefined,
    );
  }
}

function headersOf({ credentials }: ArchiveAddress, request: ArchiveRequest): Record<string, string> {
  const headers: Record<string, string> = { Accept: request.accept };
  if (request.contentType) headers["Content-Type"] = request.contentType;
  if (credentials.kind === "basic") {
    const bytes = new TextEncoder().encode(`${credentials.user}:${credentials.password}`);
    headers.Authorization = `Basic ${btoa(String.fromCharCode(...bytes))}`;
  } else if (credentials.kind === "bearer") headers.Authorization = `Bearer ${credentials.token}`;
  return headers;
}

/** Retry-After in seconds; a date is left to the own waits. */
function askedWait(answer: Response): number | null {
  const seconds = Number(answer.headers.get("Retry-After") ?? Number.NaN);
  return Number.isFinite(seconds) ? seconds * 1000 : null;
}

function statusProblem(status: number, address: ArchiveAddress): Problem {
  const archive = archiveName(address);
  switch (status) {
    case 401:
      return address.credentials.kind === "none"
        ? problem("archive/sign-in", { archive })
        : problem("archive/wrong-credentials", { archive });
    case 403:
      return problem("archive/forbidden", { archive });
    case 404:
      return problem("archive/not-found", { archive });
    case 409:
      return problem("archive/conflict", { archive });
    default:
      return status >= 500
        ? problem("archive/server-error", { archive, status })
        : problem("archive/unexpected-status", { archive, status });
  }
}

/** Whether a request never got through, or met an archive that was busy: it can be made again as it is. */
export const canBeAskedAgain = ({ code }: Problem): boolean =>
  ["archive/timeout", "archive/unreachable", "archive/busy", "archive/answer-cut-off"].includes(code);
