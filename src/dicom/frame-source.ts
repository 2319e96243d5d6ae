// The frames of one multi-frame file, read one at a time: a native frame alone, an encoded or deflated file once.
import { type Result, fail, ok, problem } from "#core/problem";
import { pixelBytes } from "./data-set.ts";
import { placeOfNativeFrame, storedFrames } from "./decode-pixels.ts";
import type { InstanceHeader } from "./instance-header.ts";
import { type NamedFile, readBytes } from "./named-file.ts";
import { readHeader } from "./read-header.ts";
import { transferSyntaxOf } from "./transfer-syntax.ts";

/** Reads the stored bytes of a frame by its index from 0. Rejects where the file can't be read. */
type FrameSource = (index: number) => Promise<Uint8Array>;

/**
 * Opens `file`, whose header was read as `header`. Nothing is read under another file's geometry: one that was replaced since is
 * refused ("load/file-changed"). Other problems are those of `storedFrames`.
 */
export async function openFrames(header: InstanceHeader, file: NamedFile): Promise<Result<FrameSource>> {
  const { pixelData, transferSyntaxUid, fileName } = header;
  if (!pixelData) return fail(problem("decode/no-pixels", { fileName }));
  const isNative = pixelData.lengthBytes >= 0 && !transferSyntaxOf(transferSyntaxUid).deflated;
  const bytes = await readBytes(file, 0, isNative ? pixelData.offsetBytes : file.size);
  const again = readHeader(bytes, file.path, isNative ? bytes.length : file.size);
  if (!again.ok) return again;
  const { sopInstanceUid } = again.value;
  if (sopInstanceUid !== header.sopInstanceUid || file.size !== header.fileSizeBytes)
    return fail(problem("load/file-changed", { fileName }));
  if (isNative) {
    return ok((index) => {
      const { from, to } = placeOfNativeFrame(header, index);
      return readBytes(file, from, to);
    });
  }
  const source = pixelBytes(bytes, header);
  if (!source) return fail(problem("decode/damaged-pixels", { fileName }));
  const stored = storedFrames(header, source);
  return stored.ok ? ok((index) => Promise.resolve(stored.value(index))) : stored;
}
