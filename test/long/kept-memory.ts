// What a page keeps in memory, counted object by object in heap snapshots of the page and of its worker, and as the system counts
// the page's process. The machine code that V8 makes of the app's functions while they run is counted apart: it belongs to the
// app and not to a case, and grows for as long as V8 finds functions worth it.
import { readFile } from "node:fs/promises";
import type { Browser, CDPSession, Page } from "playwright-core";

const BYTES_OF_MB = 1e6;
const BYTES_OF_KB = 1024;

/** All in MB, after collections of garbage. */
export interface Kept {
  /** Objects, elements, arrays and pixels of the page, shared arrays included. */
  readonly page: number;
  /** The same of the worker that reads files and runs the engine. */
  readonly worker: number;
  /** Bytecode and machine code of both. */
  readonly code: number;
  /** Memory of the page's process that no other process shares. */
  readonly process: number;
  /** Elements on the page and beside it, not MB. */
  readonly nodes: number;
}

type Send = (method: string, params?: Record<string, unknown>) => Promise<unknown>;

/** A target's commands, and what it says of itself. */
interface Line {
  readonly send: Send;
  /** Tells `listener` of each event of that name until it is stopped. */
  listen(event: string, listener: (params: unknown) => void): () => void;
}

/** Measures `page` as often as it is called. The page must have one worker. */
export async function measuring(browser: Browser, page: Page): Promise<() => Promise<Kept>> {
  const session = await page.context().newCDPSession(page);
  const whole = await browser.newBrowserCDPSession();
  const ofPage = pageLine(session);
  const ofWorker = await workerLine(session);
  for (const { send } of [ofPage, ofWorker]) await send("HeapProfiler.enable");
  return async () => {
    // Frames and workers let go of things a little later; a second collection takes what the first one freed.
    for (let round = 0; round < 2; round++) {
      for (const { send } of [ofPage, ofWorker]) await send("HeapProfiler.collectGarbage");
      await page.waitForTimeout(1000);
    }
    const { nodes } = await session.send("Memory.getDOMCounters");
    const processBytes = await privateBytes(whole);
    const onPage = await heapOf(ofPage);
    const inWorker = await heapOf(ofWorker);
    return {
      page: onPage.objects / BYTES_OF_MB,
      worker: inWorker.objects / BYTES_OF_MB,
      code: (onPage.code + inWorker.code) / BYTES_OF_MB,
      process: processBytes / BYTES_OF_MB,
      nodes,
    };
  };
}

/** Everything that is reachable. */
async function snapshotFrom({ send, listen }: Line): Promise<Snapshot> {
  const chunks: string[] = [];
  const stop = listen("HeapProfiler.addHeapSnapshotChunk", (params) => void chunks.push(chunkOf(params)));
  await send("HeapProfiler.takeHeapSnapshot", { reportProgress: false });
  stop();
  return snapshotOf(chunks.join(""));
}

/**
 * Bytes of each piece of memory behind arrays that is at least as large as asked, largest first, after a collection of garbage. Memory
 * that two threads share counts for both.
 */
export async function piecesOf(line: Line, leastBytes: number): Promise<readonly number[]> {
  await line.send("HeapProfiler.enable");
  await line.send("HeapProfiler.collectGarbage");
  const { snapshot, nodes, strings } = await snapshotFrom(line);
  const { node_fields: fields } = snapshot.meta;
  const [nameAt, sizeAt] = [fields.indexOf("name"), fields.indexOf("self_size")];
  const sizes: number[] = [];
  for (let at = 0; at < nodes.length; at += fields.length)
    if (nodes[at + sizeAt] >= leastBytes && strings[nodes[at + nameAt]] === ARRAY_MEMORY)
      sizes.push(nodes[at + sizeAt]);
  return sizes.sort((a, b) => b - a);
}

/** V8's name of what an ArrayBuffer or SharedArrayBuffer holds. */
const ARRAY_MEMORY = "system / JSArrayBufferData";

/** Bytes by a snapshot of everything that is reachable. */
async function heapOf(line: Line): Promise<{ readonly objects: number; readonly code: number }> {
  const { snapshot, nodes } = await snapshotFrom(line);
  const { node_fields: fields, node_types: types } = snapshot.meta;
  const code = Array.isArray(types[0]) ? types[0].indexOf("code") : -1;
  const [typeAt, sizeAt] = [fields.indexOf("type"), fields.indexOf("self_size")];
  if (code < 0 || typeAt < 0 || sizeAt < 0) throw new Error("a heap snapshot of another form");
  let bytes = 0;
  let ofCode = 0;
  for (let at = 0; at < nodes.length; at += fields.length) {
    bytes += nodes[at + sizeAt];
    if (nodes[at + typeAt] === code) ofCode += nodes[at + sizeAt];
  }
  return { objects: bytes - ofCode, code: ofCode };
}

interface Snapshot {
  readonly snapshot: {
    readonly meta: { readonly node_fields: readonly string[]; readonly node_types: readonly unknown[] };
  };
  readonly nodes: readonly number[];
  readonly strings: readonly string[];
}

// V8's own format (v8-profiler.h); the fields that are read are checked where they are read.
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
const snapshotOf = (text: string): Snapshot => JSON.parse(text) as Snapshot;

const chunkOf = (params: unknown): string =>
  typeof params === "object" && params !== null && "chunk" in params ? String(params.chunk) : "";

export function pageLine(session: CDPSession): Line {
  return {
    send: (method, params) => Reflect.apply(session.send, session, [method, params]),
    listen(event, listener) {
      Reflect.apply(session.on, session, [event, listener]);
      return () => void Reflect.apply(session.off, session, [event, listener]);
    },
  };
}

/** The page's own worker; Playwright speaks to its pages only. */
export async function workerLine(session: CDPSession): Promise<Line> {
  const attached = new Promise<string>((accept) =>
    session.on("Target.attachedToTarget", ({ sessionId, targetInfo }) => {
      if (targetInfo.type === "worker") accept(sessionId);
    }),
  );
  await session.send("Target.setAutoAttach", {
    autoAttach: true,
    waitForDebuggerOnStart: false,
    flatten: false,
  });
  const sessionId = await attached;
  const listeners = new Set<(message: Readonly<Record<string, unknown>>) => void>();
  session.on("Target.receivedMessageFromTarget", ({ sessionId: from, message }) => {
    const said: unknown = JSON.parse(message);
    if (from !== sessionId || typeof said !== "object" || said === null) return;
    for (const listener of [...listeners]) listener({ ...said });
  });
  const each = (listener: (message: Readonly<Record<string, unknown>>) => void): (() => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  let last = 0;
  return {
    async send(method, params = {}) {
      const id = ++last;
      const answered = new Promise<unknown>((accept, refuse) => {
        const stop = each((message) => {
          if (message.id !== id) return;
          stop();
          if ("result" in message) accept(message.result);
          else refuse(new Error(`${method}: ${JSON.stringify(message)}`));
        });
      });
      await session.send("Target.sendMessageToTarget", {
        sessionId,
        message: JSON.stringify({ id, method, params }),
      });
      return answered;
    },
    listen: (event, listener) =>
      each(({ method, params }) => {
        if (method === event) listener(params);
      }),
  };
}

/** The largest of the browser's page processes is the page under test: the others show nothing. */
async function privateBytes(whole: CDPSession): Promise<number> {
  const { processInfo } = await whole.send("SystemInfo.getProcessInfo");
  const sizes = await Promise.all(
    processInfo
      .filter(({ type }) => type === "renderer")
      .map(async ({ id }) => {
        const rollup = await readFile(`/proc/${id}/smaps_rollup`, "utf8").catch(() => "");
        const kilobytes = [...rollup.matchAll(/^Private_(?:Clean|Dirty):\s+(\d+) kB/gm)].map(([, kB]) =>
          Number(kB),
        );
        return BYTES_OF_KB * kilobytes.reduce((sum, kB) => sum + kB, 0);
      }),
  );
  return Math.max(0, ...sizes);
}
