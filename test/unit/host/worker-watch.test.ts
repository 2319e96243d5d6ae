// A worker that a codec holds fast is ended and another takes its place: the reader is told which file it was, and nothing else is lost.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ProblemError } from "#core/problem";
import { problemText } from "#core/problem-text";
import { connectWorker, type FromWorker, type ToWorker } from "#host/worker-protocol";
import { type CodecNote, watchedWorker, type WorkerPort } from "#host/worker-watch";
import { serveWorker } from "#host/worker-end";
import { readBytes } from "#dicom/named-file";
import { seriesFiles } from "../dicom/synthetic-ct.ts";

const QUIET_MS = 40_000;
const GRACE_MS = 3_000;

/** A worker in this process: what it is sent waits until `open`, and `hang` makes it deaf as a codec does. */
class FakeWorker implements WorkerPort {
  onmessage: WorkerPort["onmessage"] = null;
  onerror: WorkerPort["onerror"] = null;
  readonly received: ToWorker[] = [];
  ended = false;
  deafFor: ((message: ToWorker) => string | null) | null = null;
  #deaf = false;
  readonly #end = serveWorker(
    {
      size: async (_input, { volume }) => volume.hu.length,
      never: () => new Promise(() => undefined),
    },
    (message) => this.say(message),
  );

  say(message: FromWorker | CodecNote): void {
    if (!this.#deaf && !this.ended)
      // A note travels the same way as an answer.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      this.onmessage?.(new MessageEvent("message", { data: message as FromWorker }));
  }

  postMessage(message: ToWorker): void {
    this.received.push(message);
    const file = this.deafFor?.(message) ?? null;
    if (file !== null) {
      this.say({ decoding: file });
      this.#deaf = true;
    }
    if (!this.#deaf) this.#end.receive(message);
  }

  terminate(): void {
    this.ended = true;
  }
}

describe("a worker that a codec holds fast", () => {
  const started: FakeWorker[] = [];
  const start = () => {
    const worker = new FakeWorker();
    started.push(worker);
    return worker;
  };
  beforeEach(() => {
    started.length = 0;
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  });
  afterEach(() => vi.useRealTimers());

  const isLoad = (uid: string) => (message: ToWorker) =>
    "request" in message && message.request.kind === "load" && message.request.seriesInstanceUid === uid
      ? "disc/IM7"
      : null;
  const kindsOf = ({ received }: FakeWorker) =>
    received.map((message) => ("request" in message ? message.request.kind : "cancel"));

  async function opened() {
    const line = connectWorker(watchedWorker(start, { quietMs: QUIET_MS, graceMs: GRACE_MS }));
    const files = await Promise.all(
      seriesFiles().map(async (file) => ({
        path: file.path,
        file: new File([new Uint8Array(await readBytes(file))], file.path),
      })),
    );
    await line.read(files);
    const loaded = await line.load("2.25.1001", "main");
    if (!loaded.ok) throw new Error(loaded.problem.code);
    return { line, voxels: loaded.value.volume.hu.length };
  }

  it("is replaced, the file is named, and the open case goes on in the new one", async () => {
    const { line, voxels } = await opened();
    expect(await line.job("size", null, { seriesInstanceUid: "2.25.1001" })).toBe(voxels);
    const [first] = started;
    first.deafFor = isLoad("2.25.7");
    const hung = line.load("2.25.7", "prior").catch((error: unknown) => error);
    // Asked of the deaf worker: it is asked again of the next one.
    const job = line.job("size", null, { seriesInstanceUid: "2.25.1001" });
    await vi.advanceTimersByTimeAsync(QUIET_MS + GRACE_MS - 1);
    expect(started).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(2);
    expect(first.ended).toBe(true);
    const error = await hung;
    if (!(error instanceof ProblemError)) throw new Error("no problem");
    expect(error.problem).toMatchObject({
      code: "decode/took-too-long",
      details: { fileName: "disc/IM7", seconds: 40 },
    });
    expect(problemText(error.problem, "en")).toContain("disc/IM7");
    expect(await job).toBe(voxels);
    // The list of series is there again too: another one of the same files opens.
    expect(kindsOf(started[1])).toEqual(["adopt", "read", "job"]);
    expect((await line.load("2.25.1001", "prior")).ok).toBe(true);
  });

  it("is left alone while frame after frame comes, however long it takes, and when a page slept", async () => {
    await opened();
    const [worker] = started;
    for (let n = 0; n < 5; n++) {
      worker.say({ decoding: `IM${n}` });
      await vi.advanceTimersByTimeAsync(QUIET_MS - 1000);
      worker.say({ decoding: null });
    }
    await vi.advanceTimersByTimeAsync(10 * QUIET_MS);
    // The timer of a page that slept rings before what was said meanwhile is heard.
    worker.say({ decoding: "IM9" });
    await vi.advanceTimersByTimeAsync(QUIET_MS + 10);
    worker.say({ decoding: null });
    await vi.advanceTimersByTimeAsync(10 * QUIET_MS);
    expect(started).toHaveLength(1);
  });

  it("takes a call that was cancelled while it hung out of the way of the next", async () => {
    const { line, voxels } = await opened();
    started[0].deafFor = isLoad("2.25.7");
    const cancel = new AbortController();
    const hung = line.load("2.25.7", "second", { signal: cancel.signal }).catch((error: unknown) => error);
    cancel.abort(new Error("enough"));
    expect(await hung).toEqual(new Error("enough"));
    const job = line.job("size", null);
    await vi.advanceTimersByTimeAsync(QUIET_MS + GRACE_MS + 1);
    expect(await job).toBe(voxels);
  });

  it("does not read files again whose reading hung, nor keep a case that was closed", async () => {
    const { line } = await opened();
    await line.forget("main");
    started[0].deafFor = (message) =>
      "request" in message && message.request.kind === "read" ? "preview/IM1" : null;
    const hung = line.read([]).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(QUIET_MS + GRACE_MS + 1);
    expect(await hung).toHaveProperty("problem.code", "decode/took-too-long");
    expect(kindsOf(started[1])).toEqual([]);
  });

  it("starts with the first message, or ahead of it", () => {
    const port = watchedWorker(start);
    expect(started).toHaveLength(0);
    port.wake();
    port.wake();
    expect(started).toHaveLength(1);
  });

  it("passes a crash of the worker on, and ends it when the page is done", () => {
    const port = watchedWorker(start);
    port.wake();
    const heard: unknown[] = [];
    port.onerror = (event) => heard.push(event);
    // Node has no ErrorEvent; what it holds is not looked at here.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    started[0].onerror?.(new Event("error") as ErrorEvent);
    expect(heard).toHaveLength(1);
    port.terminate();
    expect(started[0].ended).toBe(true);
  });
});
