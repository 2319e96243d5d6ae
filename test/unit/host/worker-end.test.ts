// The worker's end of the line: a job runs on the CTs that the page shows, or not at all.
import { describe, expect, it } from "vitest";
import { readBytes } from "#dicom/named-file";
import { serveWorker } from "#host/worker-end";
import { connectWorker, type FromWorker, type ToWorker, type WorkerRequest } from "#host/worker-protocol";
import { watchedWorker, type WorkerPort } from "#host/worker-watch";
import { smallCtFiles, smallSeries } from "../dicom/small-series.ts";
import { seriesFiles } from "../dicom/synthetic-ct.ts";

describe("a job", () => {
  it("is refused when another series is in memory than the one on the screen", async () => {
    const files = await Promise.all(
      seriesFiles().map(async (file) => ({
        path: file.path,
        file: new File([new Uint8Array(await readBytes(file))], file.path),
      })),
    );
    const told = new Map<number, (message: FromWorker) => void>();
    const line = serveWorker(
      {
        size: async (_input, { volume }) => volume.hu.length,
        prior: async (_input, { prior }) => prior !== undefined,
      },
      (message) => {
        if (!("progress" in message)) told.get(message.id)?.(message);
      },
    );
    let lastId = 0;
    const ask = (request: WorkerRequest) =>
      new Promise<FromWorker>((resolve) => {
        const id = ++lastId;
        told.set(id, resolve);
        line.receive({ id, request });
      });
    await ask({ kind: "read", files });
    await ask({ kind: "load", seriesInstanceUid: "2.25.1001", role: "main" });
    const job = { kind: "job", jobId: "size", input: null } as const;
    expect(await ask({ ...job, seriesInstanceUid: "2.25.1001" })).toHaveProperty("value");
    await ask({ kind: "load", seriesInstanceUid: "2.25.1001", role: "prior" });
    const beside = await ask({ ...job, jobId: "prior", priorSeriesInstanceUid: "2.25.1001" });
    expect(beside).toHaveProperty("value", true);
    expect(await ask({ ...job, jobId: "prior" })).toHaveProperty("value", false);
    expect(await ask({ ...job, jobId: "prior", priorSeriesInstanceUid: "1.2" })).toHaveProperty(
      "value",
      false,
    );
    const refused = await ask({ ...job, seriesInstanceUid: "1.2.3" });
    expect(refused).toHaveProperty("problem.code", "open/series-gone");
    // With the case its files go: another one is read before it is loaded.
    await ask({ kind: "forget", role: "main" });
    expect(await ask(job)).toHaveProperty("problem.code", "case/none-open");
    const gone = await ask({ kind: "load", seriesInstanceUid: "2.25.1001", role: "main" });
    expect(gone).toHaveProperty("problem.code", "open/series-gone");
  });
});

describe("the files of an open series", () => {
  it("are at hand after another folder was read, for a teaching case, until the case is closed", async () => {
    const told = new Map<number, (message: FromWorker) => void>();
    const { receive } = serveWorker({}, (message) => {
      if (!("progress" in message)) told.get(message.id)?.(message);
    });
    let lastId = 0;
    const ask = (request: WorkerRequest) =>
      new Promise<FromWorker>((resolve) => {
        const id = ++lastId;
        told.set(id, resolve);
        receive({ id, request });
      });
    const [main, prior] = ["main", "prior"].map((name) => smallSeries({ name, slices: 4 }));
    const filesOf = (series: typeof main) =>
      smallCtFiles(series).map((bytes, k) => ({ path: `${k}`, file: new File([bytes.slice()], `${k}`) }));
    const originals = ({ seriesInstanceUid, instances: [first] }: typeof main) =>
      ask({ kind: "originals", seriesInstanceUid, sopInstanceUids: [first.sopInstanceUid] });
    for (const [role, series] of [["main", main] as const, ["prior", prior] as const]) {
      await ask({ kind: "read", files: filesOf(series) });
      await ask({ kind: "load", seriesInstanceUid: series.seriesInstanceUid, role });
    }
    expect(await originals(main)).toMatchObject({ value: [{ name: "0" }] });
    expect(await originals(prior)).toMatchObject({ value: [{ name: "0" }] });
    await ask({ kind: "forget", role: "main" });
    expect(await originals(main)).toHaveProperty("problem.code", "open/series-gone");
  });
});

describe("a file that became unreadable after its header was read", () => {
  it("is listed as rejected, and the others are read", async () => {
    const report = (path: string) => new File(['{"schemaVersion":"1.0.0"}'], path);
    const gone = report("b.json");
    const slice = gone.slice.bind(gone);
    let reads = 0;
    gone.slice = (...range) => {
      if (reads++ === 0) return slice(...range);
      throw new DOMException("moved", "NotFoundError");
    };
    const answer = await new Promise<FromWorker>((resolve) => {
      const { receive } = serveWorker({}, (message) => {
        if (!("progress" in message)) resolve(message);
      });
      const files = [report("a.json"), gone, report("c.json")].map((file) => ({ path: file.name, file }));
      receive({ id: 1, request: { kind: "read", files } });
    });
    expect(answer).toMatchObject({
      value: {
        objects: [{ path: "a.json" }, { path: "c.json" }],
        rejected: [
          { path: "b.json", problem: { code: "read/unreadable", details: { why: "NotFoundError" } } },
        ],
      },
    });
  });
});

describe("thousands of files", () => {
  const files = Array.from({ length: 1050 }, (_, n) => ({
    path: `notes/${n}.txt`,
    file: new File([`note ${n}`], `${n}.txt`),
  }));

  /** The page's end on the worker's, with the messages that went to it. */
  function connected() {
    const sent: ToWorker[] = [];
    const port: WorkerPort = {
      onmessage: null,
      onerror: null,
      terminate: () => undefined,
      postMessage: (message) => {
        sent.push(message);
        end.receive(message);
      },
    };
    const end = serveWorker({}, (data) => port.onmessage?.(new MessageEvent("message", { data })));
    return { sent, line: connectWorker(watchedWorker(() => port)) };
  }

  it("are sent a hundred at a time, the page free between, and read as one folder", async () => {
    const { sent, line } = connected();
    let turns = 0;
    const turning = setInterval(() => turns++);
    const found = await line.read(files);
    clearInterval(turning);
    expect(found.rejected.map(({ path }) => path).sort()).toEqual(files.map(({ path }) => path).sort());
    expect(sent.map((message) => ("files" in message ? message.files.length : "request"))).toEqual([
      ...Array.from({ length: 10 }, () => 100),
      "request",
    ]);
    expect(turns).toBeGreaterThan(0);
  });

  it("are forgotten when the reader cancels while they are sent", async () => {
    const { sent, line } = connected();
    const cancel = new AbortController();
    const reading = line.read(files, { signal: cancel.signal }).catch((error: unknown) => error);
    cancel.abort(new Error("enough"));
    expect(await reading).toEqual(new Error("enough"));
    await new Promise((later) => setTimeout(later, 20));
    expect(sent).toHaveLength(2);
    expect((await line.read(files.slice(0, 3))).rejected).toHaveLength(3);
  });
});
