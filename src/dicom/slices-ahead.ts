// One reading instead of two: while the headers of what looks like one series are read, its slices are decoded into their places.
import { cross, dot } from "#core/space";
import { formatProblem } from "./decode-pixels.ts";
import { volumeProblem } from "./input-limits.ts";
import type { InstanceHeader } from "./instance-header.ts";
import { type DecodedSlice, KeptSlices } from "./kept-slices.ts";
import { type NamedFile, readBytes } from "./named-file.ts";
import { readHeader } from "./read-header.ts";
import { type LookedAt, ReadingOrder } from "./reading-order.ts";
import { type SliceRead, type StackKind, isSliceOf, kindOf, readSlice } from "./read-slice.ts";
import { asStoredValues, uncalibratedReason } from "./relative-values.ts";
import type { ReadSeries } from "./series-list.ts";
import { transferSyntaxOf } from "./transfer-syntax.ts";

/** Fewer files are read twice in no time, and their slices are no volume worth being early for. */
const LEAST_FILES = 8;
/** Where the headers of three files end, nearly always; where they do not, everything is read in two passes. */
const PROBE_BYTES = 65_536;
/** A file that is this many times as large as the middle one is none of its series. */
const SAME_SIZE = 4;

/** A slice that was decoded before its series is known: `n` of `of` files in the order of their names, seen from the feet. */
export interface EarlySlice {
  readonly header: InstanceHeader;
  readonly n: number;
  readonly of: number;
  /** HU, `[j][i]`; a part of memory that the other slices are written into, and that is put in order later. */
  readonly hu: Int16Array;
}

/** Reads slices elsewhere, several at once; null where it gives this one back. */
export type SliceReader = (file: NamedFile, kind: StackKind, target: Int16Array) => Promise<SliceRead | null>;

export interface AheadOptions {
  readonly allocate?: (bytes: number) => ArrayBufferLike;
  /** Told of each slice whose values are HU, the middle one first. */
  readonly decoded?: (slice: EarlySlice) => void;
  /** Which slice is wanted first, as `EarlySlice.n`. */
  readonly lookedAt?: LookedAt;
  /** Without it slices are read here, and those that need a codec are not read ahead: one that hangs would hold up all files. */
  readonly elsewhere?: SliceReader;
}

/** Memory for one volume, a place in it for each file, and what was decoded into it so far. */
export class SlicesAhead {
  /** By their places, seen from the feet. */
  readonly #files: readonly NamedFile[];
  readonly #order: ReadingOrder;
  readonly #kind: StackKind;
  readonly #placeOf: ReadonlyMap<NamedFile, number>;
  readonly #largestBytes: number;
  readonly #options: AheadOptions;
  readonly #read: SliceReader;
  readonly #early = new Map<NamedFile, Promise<SliceRead | null>>();
  readonly #decoded = new Map<NamedFile, DecodedSlice>();
  #hu: Int16Array | null;

  private constructor(
    like: InstanceHeader,
    files: readonly NamedFile[],
    hu: Int16Array,
    options: AheadOptions,
  ) {
    this.#files = files;
    this.#order = new ReadingOrder(files.length, options.lookedAt);
    this.#kind = kindOf(like);
    this.#placeOf = new Map(files.map((file, place) => [file, place]));
    this.#largestBytes = SAME_SIZE * like.fileSizeBytes;
    this.#hu = hu;
    this.#options = options;
    this.#read = options.elsewhere ?? readSlice;
  }

  /**
   * Looks into the middle, first and last of the files, which stand in the order of their names; null where they are not slices of one
   * series, or there is no memory. The middle one is then read before the others are asked for: there is something to look at.
   */
  static async begin(files: readonly NamedFile[], options: AheadOptions = {}): Promise<SlicesAhead | null> {
    if (files.length < LEAST_FILES || files.some((file) => file.retrieve)) return null;
    const inMiddle = files[files.length >> 1];
    const [like, first, last] = await Promise.all(
      [inMiddle, files[0], files[files.length - 1]].map(headerOf),
    );
    if (!like || !first || !last) return null;
    if (![like, first, last].every((header) => isSliceOf(kindOf(like), header))) return null;
    if (formatProblem(asStoredValues(like)) !== null) return null;
    if (transferSyntaxOf(like.transferSyntaxUid).encapsulated && !options.elsewhere) return null;
    const { rows, columns } = like.format;
    const fileBytes = files.reduce((sum, file) => sum + file.size, 0);
    if (volumeProblem({ rows, columns, slices: files.length }, fileBytes)) return null;
    let hu: Int16Array;
    try {
      const volumeBytes = rows * columns * files.length * 2;
      hu = new Int16Array(options.allocate?.(volumeBytes) ?? new ArrayBuffer(volumeBytes));
    } catch {
      return null;
    }
    const order = isAscending(first, last) ? files : files.toReversed();
    const ahead = new SlicesAhead(like, order, hu, options);
    void ahead.read(inMiddle);
    return ahead;
  }

  /** The file to read next, each once: that of the slice nearest to where the reader looks. Null after the last. */
  next(): NamedFile | null {
    const place = this.#order.next();
    return place === null ? null : this.#files[place];
  }

  /**
   * The header of a file, its slice decoded on the way; null where the file should be looked at by its beginning, as every other. One of
   * another series ends the decoding ahead: what to load is then for the reader to choose.
   */
  read(file: NamedFile): Promise<SliceRead | null> {
    const begun = this.#early.get(file) ?? this.#readNow(file);
    this.#early.set(file, begun);
    return begun;
  }

  async #readNow(file: NamedFile): Promise<SliceRead | null> {
    const place = this.#placeOf.get(file);
    if (!this.#hu || place === undefined || file.size > this.#largestBytes) return null;
    const voxels = this.#kind.rows * this.#kind.columns;
    const target = this.#hu.subarray(place * voxels, (place + 1) * voxels);
    const read = await this.#read(file, this.#kind, target).catch(() => null);
    if (!read) return null;
    const { header, slice } = read;
    if (!isSliceOf(this.#kind, header)) {
      this.#hu = null;
      this.#decoded.clear();
    } else if (slice && this.#hu) {
      this.#decoded.set(file, slice);
      if (uncalibratedReason(header) === null)
        this.#options.decoded?.({ header, n: place, of: this.#placeOf.size, hu: target });
    }
    return read;
  }

  /** What a loading of this series begins with, each slice in its place; null where nothing of it was decoded. Hands the memory on. */
  keptFor({ stack, instances }: ReadSeries): KeptSlices | null {
    const hu = this.#hu;
    if (!hu || !stack || stack.order.some((header) => header.frame)) return null;
    const { rows, columns, slices } = stack.context.grid;
    const voxels = rows * columns;
    if (slices * voxels > hu.length) return null;
    const fileOf = new Map(instances.map(({ header, file }) => [header, file]));
    const found = stack.order.map((header) => {
      const file = fileOf.get(header.asRead ?? header);
      const slice = file && this.#decoded.get(file);
      return slice ? { slice, place: this.#placeOf.get(file) ?? 0 } : null;
    });
    if (found.every((slice) => slice === null)) return null;
    putInOrder(
      hu,
      voxels,
      found.map((slice) => slice?.place ?? null),
    );
    this.#hu = null;
    const kept = new KeptSlices();
    kept.hu = hu.subarray(0, slices * voxels);
    found.forEach((one, k) => one && kept.slices.set(k, one.slice));
    return kept;
  }
}

async function headerOf(file: NamedFile): Promise<InstanceHeader | null> {
  try {
    const bytes = await readBytes(file, 0, Math.min(file.size, PROBE_BYTES));
    const header = readHeader(bytes, file.path, file.size);
    return header.ok ? header.value : null;
  } catch {
    return null;
  }
}

/** Whether names go the way slices are stacked: along the normal of the image. */
function isAscending(
  { position: from, rowDirection, columnDirection }: InstanceHeader,
  last: InstanceHeader,
): boolean {
  if (!from || !last.position || !rowDirection || !columnDirection) return true;
  const normal = cross(rowDirection, columnDirection);
  return dot(from, normal) <= dot(last.position, normal);
}

/** Puts the slice at `places[k]` to k, in place; what has no place ends up wherever there is room. */
export function putInOrder(hu: Int16Array, voxels: number, places: readonly (number | null)[]): void {
  const count = Math.floor(hu.length / voxels);
  /** Where the slice of each place is now, and which lies in each place. */
  const nowAt = Array.from({ length: count }, (_, n) => n);
  const lies = [...nowAt];
  const spare = new Int16Array(voxels);
  const slice = (n: number): Int16Array => hu.subarray(n * voxels, (n + 1) * voxels);
  places.forEach((place, k) => {
    if (place === null || nowAt[place] === k) return;
    const from = nowAt[place];
    const other = lies[k];
    spare.set(slice(k));
    slice(k).set(slice(from));
    slice(from).set(spare);
    [nowAt[place], nowAt[other]] = [k, from];
    [lies[k], lies[from]] = [place, other];
  });
}
