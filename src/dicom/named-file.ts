// A file as the reader sees it: a path and bytes on demand, whether from a picker, a folder, a zip, an archive or a test.
import type { Problem, Result } from "#core/problem";

export interface NamedFile {
  /** Path as the user knows it ("disc/IM0001", "case.zip/IM0001"); for messages and sorting. */
  readonly path: string;
  readonly size: number;
  /** Where it is one: another thread can be given it. */
  readonly blob?: Blob;
  slice(start: number, end: number): { arrayBuffer(): Promise<ArrayBuffer> };
  /**
   * Where bytes come over a network: the whole file at once or why not; `size` is an estimate until then.
   */
  retrieve?(options?: RetrieveOptions): Promise<Result<Uint8Array>>;
}

export interface RetrieveOptions {
  readonly signal?: AbortSignal;
  /** The next asking has the bytes at hand. */
  readonly keep?: boolean;
  /** Told each time that the other side does not answer and will be asked again. */
  readonly waiting?: (why: Problem) => void;
}

/** A browser File (or any Blob) under the path by which the user knows it. */
export const blobFile = (path: string, blob: Blob): NamedFile => ({
  path,
  size: blob.size,
  blob,
  slice: (start, end) => blob.slice(start, end),
});

/** Bytes in memory as a file. */
export const memoryFile = (path: string, bytes: Uint8Array): NamedFile => ({
  path,
  size: bytes.length,
  slice: (start, end) => ({
    arrayBuffer: () => Promise.resolve(new Uint8Array(bytes.subarray(start, end)).buffer),
  }),
});

export async function readBytes(
  file: NamedFile,
  start = 0,
  end = file.size,
): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await file.slice(start, end).arrayBuffer());
}
