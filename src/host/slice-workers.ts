// Workers that read and decode slices for the worker that owns the volume: as many as the machine has processors for, each file in one of them.
import { blobFile } from "#dicom/named-file";
import type { SliceReader } from "#dicom/slices-ahead";
import { type SliceRead, type StackKind, readSlice } from "#dicom/read-slice";

export interface SliceOrder {
  readonly id: number;
  readonly path: string;
  readonly blob: Blob;
  readonly kind: StackKind;
  /** Memory of the volume that both ends share, and where the slice begins in it; null where the HU are sent back. */
  readonly place: { readonly memory: SharedArrayBuffer; readonly voxel: number } | null;
}

export interface SliceAnswer {
  readonly id: number;
  /** Null where the file can't be read there. */
  readonly read: SliceRead | null;
  /** HU, where no memory is shared. */
  readonly hu?: Int16Array<ArrayBuffer>;
}

/** The part of a Worker that is used here. */
export interface SliceWorkerPort {
  postMessage(order: SliceOrder): void;
  terminate(): void;
  onmessage: ((event: MessageEvent<SliceAnswer>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
}

interface Member {
  readonly port: SliceWorkerPort;
  /** By id; each is given null where the worker is ended. */
  readonly open: Map<number, (answer: SliceAnswer | null) => void>;
  timer?: ReturnType<typeof setTimeout>;
}

/** The slowest sound frame takes some ten seconds; a codec that says nothing for longer is not waited for. */
const QUIET_MS = 40_000;
/** A worker costs some 10 MB, and the reading itself has no more than six files in flight. */
const MOST_WORKERS = 4;

export const sliceWorkerCount = (processors: number): number =>
  Math.max(1, Math.min(MOST_WORKERS, processors));

export interface SliceWorkers {
  readonly read: SliceReader;
  /** Starts them ahead of the first slice. */
  wake(): void;
}

/**
 * Slices of files on this machine are read by the worker that has least to do; others are given back. A worker that a codec holds fast,
 * or that crashes, is ended: what it had is given back too, and read by the one that owns the volume, which says which file it is.
 */
export function createSliceWorkers(
  start: () => SliceWorkerPort,
  count: number,
  quietMs: number = QUIET_MS,
): SliceWorkers {
  let members: Member[] | null = null;
  let lastId = 0;

  function wake(): readonly Member[] {
    members ??= Array.from({ length: count }, begin);
    return members;
  }

  function begin(): Member {
    const member: Member = { port: start(), open: new Map() };
    member.port.onmessage = ({ data }) => {
      const answered = member.open.get(data.id);
      member.open.delete(data.id);
      watch(member);
      answered?.(data);
    };
    member.port.onerror = (event) => {
      event.preventDefault?.();
      end(member);
    };
    return member;
  }

  function watch(member: Member): void {
    clearTimeout(member.timer);
    if (member.open.size > 0) member.timer = setTimeout(() => end(member), quietMs);
  }

  function end(member: Member): void {
    clearTimeout(member.timer);
    member.port.terminate();
    members = members?.filter((other) => other !== member) ?? null;
    for (const answer of member.open.values()) answer(null);
    member.open.clear();
  }

  async function read(...[file, kind, target]: Parameters<SliceReader>): Promise<SliceRead | null> {
    const [first, ...others] = wake();
    if (!file.blob || !first) return null;
    const member = others.reduce(
      (least, other) => (other.open.size < least.open.size ? other : least),
      first,
    );
    const id = ++lastId;
    const { buffer, byteOffset } = target;
    const place = buffer instanceof ArrayBuffer ? null : { memory: buffer, voxel: byteOffset / 2 };
    const answer = await new Promise<SliceAnswer | null>((resolve) => {
      member.open.set(id, resolve);
      watch(member);
      member.port.postMessage({ id, path: file.path, blob: file.blob ?? new Blob(), kind, place });
    });
    if (answer?.hu) target.set(answer.hu);
    return answer?.read ?? null;
  }

  return { read, wake };
}

/** The other end: reads and decodes one file. */
export async function answerSlice({ id, path, blob, kind, place }: SliceOrder): Promise<SliceAnswer> {
  const voxels = kind.rows * kind.columns;
  const own = place ? null : new Int16Array(voxels);
  const target = place ? new Int16Array(place.memory, 2 * place.voxel, voxels) : new Int16Array(0);
  const read = await readSlice(blobFile(path, blob), kind, own ?? target).catch(() => null);
  return own ? { id, read, hu: own } : { id, read };
}
