// What an opening may cost, counted and not timed: bytes read, pieces of memory, bytes that are copied between the threads, tasks. The
// bytes of the start page are counted in test/browser/start-bytes.test.ts, the copies that a browser holds in given-back.test.ts beside
// it, and what goes to the GPU in one task in drawing.test.ts.
import { afterEach, describe, expect, it, vi } from "vitest";
import type { VoxelGrid } from "#core/space";
import { type NamedFile, readBytes } from "#dicom/named-file";
import { serveWorker } from "#host/worker-end";
import {
  type ComingSlice,
  connectWorker,
  type FileWithPath,
  type FromWorker,
  type ToWorker,
} from "#host/worker-protocol";
import { writable } from "#core/readable";
import { COLUMNS, ROWS, seriesFiles } from "../dicom/synthetic-ct.ts";

const SLICE_BYTES = 2 * ROWS * COLUMNS;

/** What may be counted, in the unit that it grows with. */
const BUDGET = {
  /** Each file once, and the beginnings of three. */
  readsOf: (slices: number) => slices + 3,
  /** All voxels in one piece, shared by page and worker. */
  memoryOf: (slices: number) => [slices * SLICE_BYTES],
  /** The slice that is looked at while the others come: as it is read, and once more as the loading takes over. */
  slicesSent: 2,
  /** One answer for the files, one for the series. */
  answers: 2,
};

interface Cost {
  reads: number;
  bytesRead: number;
  readonly allocated: number[];
  /** Bytes that went from one thread to the other other than by sharing. */
  copiedBytes: number;
  answers: number;
  slicesSent: number;
}

/** Bytes of all arrays in a message whose memory is not shared. */
function copiedIn(message: unknown, seen = new Set<unknown>()): number {
  if (typeof message !== "object" || message === null || seen.has(message)) return 0;
  seen.add(message);
  if (ArrayBuffer.isView(message)) return message.buffer instanceof ArrayBuffer ? message.byteLength : 0;
  return Object.values(message).reduce((sum: number, value) => sum + copiedIn(value, seen), 0);
}

async function counted(file: NamedFile, cost: Cost): Promise<FileWithPath> {
  const given = new File([new Uint8Array(await readBytes(file))], file.path);
  const slice = given.slice.bind(given);
  given.slice = (from = 0, to = given.size) => {
    cost.reads++;
    cost.bytesRead += to - from;
    return slice(from, to);
  };
  return { path: file.path, file: given };
}

/** Opens a series of so many slices through both ends of the line. */
async function opened(slices: number) {
  const cost: Cost = { reads: 0, bytesRead: 0, allocated: [], copiedBytes: 0, answers: 0, slicesSent: 0 };
  vi.stubGlobal(
    "SharedArrayBuffer",
    class extends SharedArrayBuffer {
      constructor(bytes: number) {
        super(bytes);
        cost.allocated.push(bytes);
      }
    },
  );
  const names = seriesFiles({ slices }).map((file, k) => ({
    ...file,
    path: `s${String(k).padStart(5, "0")}`,
  }));
  const files = await Promise.all(names.map((file) => counted(file, cost)));
  const port: Parameters<typeof connectWorker>[0] = {
    onmessage: null,
    onerror: null,
    terminate: () => undefined,
    postMessage(message: ToWorker) {
      cost.copiedBytes += copiedIn(message);
      end.receive(message);
    },
  };
  const end = serveWorker({}, (data: FromWorker) => {
    cost.copiedBytes += copiedIn(data);
    if ("value" in data) cost.answers++;
    port.onmessage?.(new MessageEvent("message", { data }));
  });
  const line = connectWorker(port);
  const at = writable<number | null>(null);
  const came = ({ k }: ComingSlice): void => {
    cost.slicesSent++;
    at.set(k);
  };
  const found = await line.read(files, { looking: { at, came } });
  const loaded = await line.load(found.series[0].seriesInstanceUid, "main", { looking: { at, came } });
  if (!loaded.ok) throw new Error(loaded.problem.code);
  const held = files.reduce((sum, { file }) => sum + file.size, 0);
  return { cost, held, ...loaded.value };
}

const voxelsOf = ({ columns, rows, slices }: VoxelGrid): number => columns * rows * slices;

describe("an opening", () => {
  afterEach(() => vi.unstubAllGlobals());

  it.each([40, 160, 640])(
    "of %i slices keeps to its budget, which grows with the slices alone",
    async (slices) => {
      const { cost, held, volume } = await opened(slices);
      expect(volume.hu).toHaveLength(voxelsOf(volume.grid));
      expect(volume.hu.buffer).not.toBeInstanceOf(ArrayBuffer);
      expect(cost.reads).toBe(BUDGET.readsOf(slices));
      expect(cost.bytesRead).toBeLessThanOrEqual((held * (slices + 3)) / slices);
      expect(cost.allocated).toEqual(BUDGET.memoryOf(slices));
      expect(cost.answers).toBe(BUDGET.answers);
      // Once while the files are read; and once more from the loading, where it takes over at the same slice.
      expect(cost.slicesSent).toBe(2);
      expect(cost.copiedBytes).toBe(BUDGET.slicesSent * SLICE_BYTES);
    },
  );
});
