// Reads the headers of whatever the user gave - files, folders, zips - and sorts it into series, other objects and rejects.
import { type Problem, type Result, fail, problem } from "#core/problem";
import {
  type GivenFile,
  type IndexedFile,
  type MediaIndex,
  indexProblems,
  claimsToBeIndex,
  isIndexName,
  readMediaIndex,
} from "./dicomdir.ts";
import { foreignProblem } from "./foreign-file.ts";
import { MAX_HEADER_BYTES, MAX_JSON_BYTES, MAX_OBJECT_BYTES } from "./input-limits.ts";
import type { InstanceHeader } from "./instance-header.ts";
import { type NamedFile, readBytes } from "./named-file.ts";
import { mapInParallel } from "./parallel.ts";
import { NEEDS_MORE_BYTES, readHeader } from "./read-header.ts";
import { type InstanceFile, type ReadSeries, listSeries } from "./series-list.ts";
import { MEDIA_INDEX, type ObjectKind, objectKindOf } from "./sop-class.ts";
import { type AheadOptions, SlicesAhead } from "./slices-ahead.ts";
import { isZip, openZip, UnpackBudget } from "./zip.ts";

/** Most CT headers end within this; where one does not, the following files are read further at once. */
const FIRST_BYTES = 16_384;
const MAX_FIRST_BYTES = 2 ** 18;
const READS_IN_FLIGHT = 6;
const ZIP_DEPTH = 2;

export interface ReadProgress {
  readonly filesDone: number;
  readonly filesTotal: number;
  readonly bytesDone: number;
  readonly bytesTotal: number;
}

export interface ReadOptions {
  readonly signal?: AbortSignal;
  readonly progress?: (progress: ReadProgress) => void;
  /** Reads in flight at once; six was fastest (417 against 700 ms for 400 files one at a time). */
  readonly concurrency?: number;
  /** Where the files look like one series, its slices are decoded on the way. */
  readonly ahead?: AheadOptions;
}

/** A file that is not an image of a series but may belong to one: an exported SEG, SR, KOS or findings JSON is reopened with its CT. */
export interface OtherObject {
  readonly path: string;
  readonly kind: ObjectKind;
  /** Empty for JSON. */
  readonly sopClassUid: string;
  readonly studyInstanceUid: string;
  readonly bytes: () => Promise<Uint8Array<ArrayBuffer>>;
}

export interface RejectedFile {
  readonly path: string;
  readonly problem: Problem;
}

export interface ReadResult {
  /** The one to propose first. */
  readonly series: readonly ReadSeries[];
  readonly otherObjects: readonly OtherObject[];
  readonly rejected: readonly RejectedFile[];
  /** About the disc or folder as a whole: what its index (DICOMDIR) names, whether that is there. No errors. */
  readonly notes: readonly Problem[];
  /** What was decoded on the way; null where the files are not one series, or it was not asked for. */
  readonly ahead: SlicesAhead | null;
}

type Sorted =
  | { readonly is: "instance"; readonly instance: InstanceFile }
  | { readonly is: "object"; readonly object: OtherObject; readonly sopInstanceUid: string | null }
  | { readonly is: "index"; readonly index: MediaIndex }
  | { readonly is: "rejected"; readonly rejected: RejectedFile };

/**
 * Reads headers only, six files at a time, from the first 16 kB of each (more where a header is longer). Zips are opened, and zips in
 * zips. A file that cannot be used ends in `rejected` with its reason; none stops the others. The order of files does not matter.
 * Rejects with the signal's reason when cancelled.
 */
export async function readFiles(files: readonly NamedFile[], options: ReadOptions = {}): Promise<ReadResult> {
  const given = [...files].sort(byPath);
  const ahead = options.ahead ? await SlicesAhead.begin(given, options.ahead) : null;
  const sorted = await new HeaderPass(options, ahead).read(given, ZIP_DEPTH);
  const instances = sorted.flatMap((one) => (one.is === "instance" ? [one.instance] : []));
  const rejected = sorted.flatMap((one) => (one.is === "rejected" ? [one.rejected] : []));
  for (const { file, problems } of instances) {
    const fatal = problems.find((found) => found.severity === "error");
    if (fatal) rejected.push({ path: file.path, problem: fatal });
  }
  return {
    series: listSeries(instances),
    otherObjects: sorted.flatMap((one) => (one.is === "object" ? [one.object] : [])).sort(byPath),
    rejected: rejected.sort(byPath),
    notes: notesOf(sorted),
    ahead,
  };
}

function notesOf(sorted: readonly Sorted[]): readonly Problem[] {
  const indexes = sorted.flatMap((one) => (one.is === "index" ? [one.index] : []));
  if (indexes.length === 0) return [];
  const given = sorted.map((one): GivenFile => {
    if (one.is === "instance")
      return { path: one.instance.file.path, sopInstanceUid: one.instance.header.sopInstanceUid };
    if (one.is === "object") return { path: one.object.path, sopInstanceUid: one.sopInstanceUid };
    return { path: one.is === "index" ? one.index.path : one.rejected.path, sopInstanceUid: null };
  });
  return indexProblems(indexes, given);
}

/** Objects that no importer takes, as files that were not used: counted and named, never passed over. */
export function unusedObjects(objects: readonly OtherObject[]): readonly RejectedFile[] {
  return objects.flatMap(({ path, kind }) =>
    kind === "SEG" || kind === "SR" || kind === "RTSTRUCT" || kind === "JSON"
      ? []
      : [{ path, problem: problem("read/object-not-used", { fileName: path, kind }, "info") }],
  );
}

const byPath = (a: { path: string }, b: { path: string }): number =>
  a.path < b.path ? -1 : a.path > b.path ? 1 : 0;

/** One reading of headers: counts its progress, and what may still be unpacked, over all archives. */
class HeaderPass {
  readonly #options: ReadOptions;
  readonly #unpack = new UnpackBudget();
  #firstBytes = FIRST_BYTES;
  #done = { files: 0, bytes: 0 };
  #total = { files: 0, bytes: 0 };

  readonly #ahead: SlicesAhead | null;

  constructor(options: ReadOptions, ahead: SlicesAhead | null) {
    this.#options = options;
    this.#ahead = ahead;
  }

  async read(files: readonly NamedFile[], zipDepth: number): Promise<readonly Sorted[]> {
    const { signal, concurrency = READS_IN_FLIGHT } = this.#options;
    this.#total.files += files.length;
    this.#total.bytes += files.reduce((sum, file) => sum + file.size, 0);
    // Slices that are decoded on the way come in the order in which they are looked at.
    const ahead = zipDepth === ZIP_DEPTH ? this.#ahead : null;
    const inOrder = [...files].sort(byPath);
    const placeOf = new Map(inOrder.map((file, place) => [file, place]));
    const wanted = (): number | null => {
      const file = ahead?.next();
      return file ? (placeOf.get(file) ?? null) : null;
    };
    const sorted = await mapInParallel(
      inOrder,
      concurrency,
      async (file) => {
        const found = await this.#sort(file, zipDepth);
        this.#done.files++;
        this.#done.bytes += file.size;
        this.#options.progress?.({
          filesDone: this.#done.files,
          filesTotal: this.#total.files,
          bytesDone: this.#done.bytes,
          bytesTotal: this.#total.bytes,
        });
        return found;
      },
      signal,
      ahead ? wanted : undefined,
    );
    return sorted.flat();
  }

  async #sort(file: NamedFile, zipDepth: number): Promise<readonly Sorted[]> {
    const reject = (reason: Problem): readonly Sorted[] => [
      { is: "rejected", rejected: { path: file.path, problem: reason } },
    ];
    try {
      const early = await this.#ahead?.read(file);
      if (early) return [sortInstance(file, early.header, early.problems)];
      const first = await readBytes(file, 0, Math.min(file.size, this.#firstBytes));
      if (isZip(first)) {
        if (zipDepth === 0) return reject(problem("zip/too-deep", { fileName: file.path }));
        const entries = await openZip(file, this.#unpack);
        return entries.ok ? await this.read(entries.value, zipDepth - 1) : reject(entries.problem);
      }
      if (looksLikeJson(first) && file.size > MAX_JSON_BYTES) return reject(tooLarge(file));
      if (looksLikeJson(first))
        return [{ is: "object", object: objectOf(file, "JSON", "", ""), sopInstanceUid: null }];
      const header = await this.#readHeader(file, first);
      const isIndex = header.ok
        ? header.value.sopClassUid === MEDIA_INDEX || (isIndexName(file.path) && !header.value.pixelData)
        : isIndexName(file.path) || claimsToBeIndex(first);
      if (isIndex) return [{ is: "index", index: { path: file.path, files: await indexOf(file) } }];
      if (header.ok) return [sortInstance(file, header.value, header.problems)];
      return reject(
        header.problem.code === "read/not-dicom" ? foreignProblem(first, file.path) : header.problem,
      );
    } catch (error) {
      this.#options.signal?.throwIfAborted();
      // A file that was moved or is locked since it was chosen: the browser's NotFoundError or NotReadableError.
      return reject(
        problem("read/unreadable", { fileName: file.path, why: error instanceof Error ? error.name : "" }),
      );
    }
  }

  /** Reads four times as much until the header is whole or longer than any is. */
  async #readHeader(file: NamedFile, first: Uint8Array): Promise<Result<InstanceHeader>> {
    let bytes = first;
    for (;;) {
      const header = readHeader(bytes, file.path, file.size);
      if (header.ok || header.problem.code !== NEEDS_MORE_BYTES) return header;
      if (bytes.length >= file.size) return fail(problem("read/truncated-header", { fileName: file.path }));
      if (bytes.length >= MAX_HEADER_BYTES)
        return fail(problem("read/header-too-long", { fileName: file.path }));
      const more = Math.min(bytes.length * 4, MAX_HEADER_BYTES);
      this.#firstBytes = Math.max(this.#firstBytes, Math.min(more, MAX_FIRST_BYTES));
      bytes = await readBytes(file, 0, Math.min(file.size, more));
    }
  }
}

function sortInstance(file: NamedFile, header: InstanceHeader, problems: readonly Problem[]): Sorted {
  const kind = objectKindOf(header.sopClassUid, header.pixelData !== null || header.format.rows > 0);
  if (kind && file.size > MAX_OBJECT_BYTES)
    return { is: "rejected", rejected: { path: file.path, problem: tooLarge(file) } };
  if (kind)
    return {
      is: "object",
      object: objectOf(file, kind, header.sopClassUid, header.study.studyInstanceUid),
      sopInstanceUid: header.sopInstanceUid,
    };
  if (header.seriesInstanceUid === "") {
    return {
      is: "rejected",
      rejected: { path: file.path, problem: problem("read/no-series-uid", { fileName: file.path }) },
    };
  }
  return { is: "instance", instance: { header, file, problems } };
}

async function indexOf(file: NamedFile): Promise<readonly IndexedFile[] | null> {
  if (file.size > MAX_JSON_BYTES) return null;
  const files = readMediaIndex(await readBytes(file));
  return files.ok ? files.value : null;
}

const tooLarge = ({ path, size }: NamedFile): Problem =>
  problem("read/object-too-large", { fileName: path, megabytes: Math.ceil(size / 1e6) });

const objectOf = (
  file: NamedFile,
  kind: ObjectKind,
  sopClassUid: string,
  studyInstanceUid: string,
): OtherObject => ({
  path: file.path,
  kind,
  sopClassUid,
  studyInstanceUid,
  bytes: () => readBytes(file),
});

function looksLikeJson(bytes: Uint8Array): boolean {
  const start = new TextDecoder().decode(bytes.subarray(0, 256)).trimStart();
  return start.startsWith("{") || (start.startsWith("[") && /^\[\s*[[{"\d\]]/.test(start));
}
