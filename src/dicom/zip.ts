// Opens a zip archive as a list of files. Its directory is read and judged as a whole before anything is unpacked.
import { type Problem, type Result, fail, ok, problem } from "#core/problem";
import { inflateUpTo } from "./inflate.ts";
import { type NamedFile, memoryFile, readBytes } from "./named-file.ts";

/** Limits against zip bombs; a study of 4,000 slices is 2 GB. */
const MAX_ENTRIES = 100_000;
const MAX_TOTAL_BYTES = 3 * 2 ** 30;
/** Deflate shrinks nothing more than 1032 times (258 bytes in 2 bits, RFC 1951); who claims more lies about the size. */
const MAX_ENTRY_RATIO = 1100;
/** One blank file may shrink so far, a whole study never does: a CT packs to a half or a quarter. */
const MAX_RATIO = 200;
const SMALL_BYTES = 256 * 2 ** 20;
const MAX_NAME_LENGTH = 1024;

export const isZip = (bytes: Uint8Array): boolean =>
  bytes.length >= 4 && bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4;

/** What may still be unpacked in one reading: archives and the archives in them share it. */
export class UnpackBudget {
  #entries = MAX_ENTRIES;
  #bytes = MAX_TOTAL_BYTES;

  /** Takes that much, or nothing where it is more than is left. */
  take(entries: number, bytes: number): boolean {
    if (entries > this.#entries || bytes > this.#bytes) return false;
    this.#entries -= entries;
    this.#bytes -= bytes;
    return true;
  }
}

/** A file as the central directory describes it. */
interface ZipEntry {
  readonly name: string;
  readonly packedBytes: number;
  readonly bytes: number;
  readonly deflated: boolean;
  /** Place of its local header. */
  readonly offset: number;
}

/**
 * The files of a zip, unpacked in memory, paths prefixed with the archive's own. Folders are left out, and nothing is ever written by
 * these paths. Fails before anything is unpacked with `zip/too-large` (sizes, numbers or ratios of a bomb; parts of it used twice) or
 * `zip/unsafe-name` (a path that leaves its folder); with `zip/damaged` for what is broken, encrypted or packed otherwise.
 */
export async function openZip(
  archive: NamedFile,
  budget = new UnpackBudget(),
): Promise<Result<readonly NamedFile[]>> {
  const fileName = archive.path;
  if (archive.size > MAX_TOTAL_BYTES) return fail(problem("zip/too-large", { fileName }));
  const bytes = await readBytes(archive);
  try {
    const entries = directoryOf(bytes);
    const refused = entries
      ? refusal(entries, bytes.length, fileName)
      : problem("zip/too-large", { fileName });
    if (!entries || refused) return fail(refused ?? problem("zip/damaged", { fileName }));
    const total = entries.reduce((sum, entry) => sum + entry.bytes, 0);
    if (!budget.take(entries.length, total)) return fail(problem("zip/too-large", { fileName }));
    return ok(
      entries
        .map((entry) => memoryFile(`${fileName}/${entry.name}`, unpack(bytes, entry)))
        .sort((a, b) => (a.path < b.path ? -1 : 1)),
    );
  } catch {
    return fail(problem("zip/damaged", { fileName }));
  }
}

function refusal(entries: readonly ZipEntry[], archiveBytes: number, fileName: string): Problem | null {
  let total = 0;
  let packed = 0;
  for (const { name, bytes, packedBytes } of entries) {
    if (isUnsafe(name)) return problem("zip/unsafe-name", { fileName, entry: shown(name) });
    if (bytes > (packedBytes + 1) * MAX_ENTRY_RATIO + 1024) return problem("zip/too-large", { fileName });
    total += bytes;
    packed += packedBytes;
  }
  // More packed bytes than the archive has: entries lie over each other.
  const isBomb = packed > archiveBytes || (total > SMALL_BYTES && total > archiveBytes * MAX_RATIO);
  return isBomb ? problem("zip/too-large", { fileName }) : null;
}

/** A name that would leave its folder if it were ever written, or that a reader can't see for what it is. */
const isUnsafe = (name: string): boolean =>
  name.length > MAX_NAME_LENGTH ||
  name.startsWith("/") ||
  /^[a-z]:/i.test(name) ||
  // oxlint-disable-next-line no-control-regex -- these are what is looked for
  /[\u0000-\u001f\u007f]/u.test(name) ||
  name.split("/").includes("..");

// oxlint-disable-next-line no-control-regex -- these are what is replaced
const shown = (name: string): string => name.slice(0, 80).replace(/[\u0000-\u001f\u007f]/gu, "\ufffd");

const END = 0x06054b50;
const END_64_PLACE = 0x07064b50;
const END_64 = 0x06064b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
const IN_64 = 0xffffffff;

/** Files of the central directory; null where it has more than any study. Throws where it is broken, encrypted or packed otherwise. */
function directoryOf(bytes: Uint8Array): readonly ZipEntry[] | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = bytes.length - 22;
  const lowest = Math.max(0, end - 65_535);
  while (view.getUint32(end, true) !== END) if (--end < lowest) throw new RangeError("no end of directory");
  let count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  if (end >= 20 && view.getUint32(end - 20, true) === END_64_PLACE) {
    const end64 = uint64(view, end - 12);
    if (view.getUint32(end64, true) !== END_64) throw new RangeError("no zip64 directory");
    count = uint64(view, end64 + 32);
    at = uint64(view, end64 + 48);
  }
  if (count > MAX_ENTRIES) return null;
  const entries: ZipEntry[] = [];
  for (let n = 0; n < count; n++) {
    if (view.getUint32(at, true) !== ENTRY) throw new RangeError("no directory entry");
    const nameBytes = view.getUint16(at + 28, true);
    const extraBytes = view.getUint16(at + 30, true);
    const entry = entryAt(view, bytes, at);
    if (!entry.name.endsWith("/")) entries.push(entry);
    at += 46 + nameBytes + extraBytes + view.getUint16(at + 32, true);
  }
  return entries;
}

function entryAt(view: DataView, bytes: Uint8Array, at: number): ZipEntry {
  const flags = view.getUint16(at + 8, true);
  const method = view.getUint16(at + 10, true);
  if ((flags & 1) !== 0 || (method !== 0 && method !== 8))
    throw new RangeError("encrypted, or packed otherwise");
  const nameBytes = view.getUint16(at + 28, true);
  const name = bytes.subarray(at + 46, at + 46 + nameBytes);
  let extra = at + 46 + nameBytes;
  const extraEnd = extra + view.getUint16(at + 30, true);
  while (extra + 4 <= extraEnd && view.getUint16(extra, true) !== 1)
    extra += 4 + view.getUint16(extra + 2, true);
  extra += 4;
  // Sizes and place that don't fit 32 bits stand in the zip64 extra field, in this order, and only those.
  const [size, packedBytes, offset] = [at + 24, at + 20, at + 42].map((place) => {
    const value = view.getUint32(place, true);
    if (value !== IN_64 || extra + 8 > extraEnd) return value;
    extra += 8;
    return uint64(view, extra - 8);
  });
  return {
    // Windows' old packers wrote backslashes, which the format forbids (4.4.17.1).
    name: new TextDecoder((flags & 0x800) === 0 ? "windows-1252" : "utf-8")
      .decode(name)
      .replaceAll("\\", "/"),
    bytes: size,
    packedBytes,
    deflated: method === 8,
    offset,
  };
}

const uint64 = (view: DataView, at: number): number => Number(view.getBigUint64(at, true));

/** Its bytes; throws where they are not as many as the directory says. No more memory than that is taken. */
function unpack(archive: Uint8Array, { offset, packedBytes, bytes, deflated }: ZipEntry): Uint8Array {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  if (view.getUint32(offset, true) !== LOCAL) throw new RangeError("no local header");
  const start = offset + 30 + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
  if (start + packedBytes > archive.length) throw new RangeError("the entry runs past the end");
  const packed = archive.subarray(start, start + packedBytes);
  const { bytes: out, whole } = deflated
    ? inflateUpTo(packed, bytes)
    : { bytes: packed.slice(), whole: true };
  if (!whole || out.length !== bytes) throw new RangeError("not as long as the directory says");
  return out;
}
