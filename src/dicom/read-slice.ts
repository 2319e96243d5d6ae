// One slice in one reading: the header of a file and, where it belongs to the stack that is expected, its HU.
import type { Problem } from "#core/problem";
import { sliceMaximum } from "#voxels/threshold";
import { decodeFrameToHu, storableHuOf } from "./decode-pixels.ts";
import type { InstanceHeader } from "./instance-header.ts";
import type { DecodedSlice } from "./kept-slices.ts";
import { type NamedFile, readBytes } from "./named-file.ts";
import { readHeader } from "./read-header.ts";
import { asStoredValues } from "./relative-values.ts";

/** What all slices of a stack have in common, as far as a guess needs it. */
export interface StackKind {
  readonly seriesInstanceUid: string;
  readonly sopClassUid: string;
  readonly rows: number;
  readonly columns: number;
}

export interface SliceRead {
  readonly header: InstanceHeader;
  /** What was noticed in the header. */
  readonly problems: readonly Problem[];
  /** Null where it is another stack's, or can't be decoded: why is said when its series is loaded. */
  readonly slice: DecodedSlice | null;
}

export const kindOf = ({ seriesInstanceUid, sopClassUid, format }: InstanceHeader): StackKind => ({
  seriesInstanceUid,
  sopClassUid,
  rows: format.rows,
  columns: format.columns,
});

/** Whether the file holds one slice of that stack. */
export const isSliceOf = (kind: StackKind, header: InstanceHeader): boolean =>
  header.seriesInstanceUid === kind.seriesInstanceUid &&
  header.sopClassUid === kind.sopClassUid &&
  header.format.rows === kind.rows &&
  header.format.columns === kind.columns &&
  header.format.numberOfFrames <= 1 &&
  header.frames === null &&
  header.pixelData !== null;

/** Reads the whole file and writes its HU to `target` (`[j][i]`). Null where it has no header that can be read. Rejects where it can't be read. */
export async function readSlice(
  file: NamedFile,
  kind: StackKind,
  target: Int16Array,
): Promise<SliceRead | null> {
  const bytes = await readBytes(file);
  const header = readHeader(bytes, file.path);
  if (!header.ok) return null;
  const { value, problems } = header;
  if (!isSliceOf(kind, value)) return { header: value, problems, slice: null };
  const own = asStoredValues(value);
  const decoded = await decodeFrameToHu(own, bytes, target);
  if (!decoded.ok) return { header: value, problems, slice: null };
  return {
    header: value,
    problems,
    slice: {
      maxHu: decoded.value.maxHu,
      storableHu: storableHuOf(own.format),
      lossy: own.lossyImageCompression,
      blockMaximumHu: sliceMaximum(target, kind.columns, kind.rows),
      problems: decoded.problems,
    },
  };
}
