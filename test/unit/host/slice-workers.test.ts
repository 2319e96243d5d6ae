// Workers that read slices: shared memory or not, several at once, and one that a codec holds fast.
import { afterEach, describe, expect, it, vi } from "vitest";
import { blobFile, memoryFile } from "#dicom/named-file";
import { kindOf } from "#dicom/read-slice";
import { readHeader } from "#dicom/read-header";
import {
  type SliceAnswer,
  type SliceOrder,
  type SliceWorkerPort,
  answerSlice,
  createSliceWorkers,
} from "#host/slice-workers";
import { COLUMNS, ROWS, sliceFile } from "../dicom/synthetic-ct.ts";

const VOXELS = ROWS * COLUMNS;
const bytes = sliceFile({ position: [0, 0, 7] });
const header = readHeader(bytes, "s07");
const kind = header.ok ? kindOf(header.value) : null;
const file = () => blobFile("s07", new Blob([new Uint8Array(bytes)]));

class FakeWorker implements SliceWorkerPort {
  onmessage: SliceWorkerPort["onmessage"] = null;
  onerror: SliceWorkerPort["onerror"] = null;
  readonly orders: SliceOrder[] = [];
  deaf = false;
  ended = false;

  postMessage(order: SliceOrder): void {
    this.orders.push(order);
    if (!this.deaf) void answerSlice(order).then((answer) => this.#say(answer));
  }

  #say(data: SliceAnswer): void {
    if (!this.ended) this.onmessage?.(new MessageEvent("message", { data }));
  }

  terminate(): void {
    this.ended = true;
  }
}

function made(count: number, quietMs?: number) {
  const started: FakeWorker[] = [];
  const workers = createSliceWorkers(
    () => {
      const worker = new FakeWorker();
      started.push(worker);
      return worker;
    },
    count,
    quietMs,
  );
  return { started, workers };
}

describe.skipIf(!kind)("workers that read slices", () => {
  const wanted = kind ?? { seriesInstanceUid: "", sopClassUid: "", rows: 0, columns: 0 };
  afterEach(() => vi.useRealTimers());

  it("write into shared memory, and send back what is not shared", async () => {
    const { workers } = made(1);
    for (const memory of [new SharedArrayBuffer(4 * VOXELS), new ArrayBuffer(4 * VOXELS)]) {
      const target = new Int16Array(memory, 2 * VOXELS, VOXELS);
      const read = await workers.read(file(), wanted, target);
      expect(read?.header.sopInstanceUid).toBe(header.ok && header.value.sopInstanceUid);
      expect(read?.slice?.maxHu).toBe(7);
      expect([...new Int16Array(memory)]).toEqual([...Array(VOXELS).fill(0), ...Array(VOXELS).fill(7)]);
    }
  });

  it("share the files among them, and start only when they are needed", async () => {
    const { started, workers } = made(2);
    expect(started).toHaveLength(0);
    await Promise.all(Array.from({ length: 6 }, () => workers.read(file(), wanted, new Int16Array(VOXELS))));
    expect(started.map(({ orders }) => orders.length)).toEqual([3, 3]);
  });

  it("give back what is no file on this machine", async () => {
    const { started, workers } = made(1);
    expect(await workers.read(memoryFile("s07", bytes), wanted, new Int16Array(VOXELS))).toBeNull();
    expect(started[0].orders).toEqual([]);
  });

  it("give back what one had that doesn't answer any more or crashed, and go on with the others", async () => {
    vi.useFakeTimers();
    const { started, workers } = made(2, 1000);
    workers.wake();
    started[0].deaf = true;
    const [held, read] = [0, 1].map(() => workers.read(file(), wanted, new Int16Array(VOXELS)));
    await vi.advanceTimersByTimeAsync(1001);
    expect(await held).toBeNull();
    expect((await read)?.slice?.maxHu).toBe(7);
    expect(started.map(({ ended }) => ended)).toEqual([true, false]);
    started[1].deaf = true;
    const lost = workers.read(file(), wanted, new Int16Array(VOXELS));
    // Node has no ErrorEvent; what it holds is not looked at here.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    started[1].onerror?.(new Event("error") as ErrorEvent);
    expect(await lost).toBeNull();
    expect(await workers.read(file(), wanted, new Int16Array(VOXELS))).toBeNull();
  });
});
