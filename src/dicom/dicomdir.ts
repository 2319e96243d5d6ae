// The index of a disc (DICOMDIR, PS3.3 annex F, PS3.10 section 8): which files it names, and which of those are there.
import { type Problem, type Result, fail, ok, problem } from "#core/problem";
import { readWholeObject } from "./nested-items.ts";

/** A file that an index names. */
export interface IndexedFile {
  /** Components of Referenced File ID, as they stand. */
  readonly fileId: readonly string[];
  readonly sopInstanceUid: string;
}

/** An index that was found; `files` is null where it can't be read. */
export interface MediaIndex {
  readonly path: string;
  readonly files: readonly IndexedFile[] | null;
}

/** A file that is meant as an index, be it damaged, by its name alone. */
export const isIndexName = (path: string): boolean => /(^|\/)DICOMDIR(;\d+)?\.?$/i.test(path);

/** Whether a file whose header can't be read says in its meta header that it is an index. `first` are its first bytes. */
export function claimsToBeIndex(first: Uint8Array): boolean {
  const meta = String.fromCharCode(...first.subarray(128, 512));
  return meta.startsWith("DICM") && /1\.2\.840\.10008\.1\.3\.10(?![\d.])/.test(meta);
}

/**
 * The files of all records that are in use, in the order of the file: the records' offsets aren't followed, so that an index with
 * wrong offsets, or without a patient above its studies, names its files all the same. Fails where the bytes are no whole data set.
 */
export function readMediaIndex(bytes: Uint8Array): Result<readonly IndexedFile[]> {
  const whole = readWholeObject(bytes);
  if (!whole.ok) return whole;
  const { root } = whole.value;
  if (!root.has(DIRECTORY_RECORDS)) return fail(problem("read/truncated"));
  return ok(
    root.items(DIRECTORY_RECORDS).flatMap((record) => {
      const fileId = record.strings(REFERENCED_FILE_ID).filter((part) => part !== "");
      // Record In-use Flag 0 was a deleted record (retired); FFFF is every other.
      const inUse = record.uint16("x00041410") !== 0;
      return fileId.length > 0 && inUse ? [{ fileId, sopInstanceUid: record.string("x00041511") }] : [];
    }),
  );
}

const DIRECTORY_RECORDS = "x00041220";
const REFERENCED_FILE_ID = "x00041500";

/** A file that was given: its path, and its SOP Instance UID where it is DICOM. */
export interface GivenFile {
  readonly path: string;
  readonly sopInstanceUid: string | null;
}

/** Paths as a disc compares them: without case, without ISO 9660's version ";1" and the dot of an empty extension. */
const plainPath = (path: string): string => path.replace(/;\d+$/, "").replace(/\.$/, "").toLowerCase();
const folderOf = (path: string): string => path.slice(0, path.lastIndexOf("/") + 1);
const MAX_SHOWN = 120;
const shown = (name: string): string => name.slice(0, MAX_SHOWN);

/**
 * What is to be said of the indexes among `given`: files that one names and that are not there (by their path beside it, else by their
 * SOP Instance UID), images beside one that it doesn't name, an index that can't be read. Nothing in it is an error: what is there opens.
 */
export function indexProblems(
  indexes: readonly MediaIndex[],
  given: readonly GivenFile[],
): readonly Problem[] {
  const problems: Problem[] = [];
  const paths = new Set(given.map(({ path }) => plainPath(path)));
  const uids = new Set(given.flatMap(({ sopInstanceUid }) => sopInstanceUid ?? []));
  const named = new Set<string>();
  const namedUids = new Set<string>();
  for (const { path: index, files } of indexes) {
    if (!files) {
      problems.push(problem("media/damaged-index", { index }, "warning"));
      continue;
    }
    if (files.length === 0) {
      problems.push(problem("media/empty-index", { index }, "info"));
      continue;
    }
    const lost: string[] = [];
    for (const { fileId, sopInstanceUid } of files) {
      const path = plainPath(folderOf(index) + fileId.join("/"));
      named.add(path);
      namedUids.add(sopInstanceUid);
      if (!paths.has(path) && !uids.has(sopInstanceUid)) lost.push(fileId.join("/"));
    }
    if (lost.length === 0) {
      problems.push(problem("media/complete", { index, total: files.length }, "info"));
      continue;
    }
    const details = { index, total: files.length, missing: lost.length, first: shown(lost[0]) };
    problems.push(
      lost.length === files.length && given.length === 1
        ? problem("media/index-alone", details, "warning")
        : problem("media/missing-files", details, "warning"),
    );
  }
  for (const { path: index, files } of indexes) {
    if (!files || files.length === 0) continue;
    const beside = given.filter(
      ({ path, sopInstanceUid }) =>
        sopInstanceUid !== null &&
        path.startsWith(folderOf(index)) &&
        !named.has(plainPath(path)) &&
        !namedUids.has(sopInstanceUid),
    );
    if (beside.length === 0) continue;
    problems.push(
      problem("media/not-in-index", { index, count: beside.length, first: shown(beside[0].path) }, "info"),
    );
    break; // Several indexes of one folder would say the same.
  }
  return problems;
}
