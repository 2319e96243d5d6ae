// Opens a zip archive as a list of files.
import { unzipSync } from "fflate";
import { type Problem, type Result, fail, ok, problem } from "#core/problem";
import { type NamedFile, memoryFile, readBytes } from "./named-file.ts";

/** Limits against zip bombs; a study of 4,000 slices is 2 GB. */
const MAX_ENTRIES = 100_000;
const MAX_TOTAL_BYTES = 3 * 2 ** 30;
/** Deflate shrinks nothing more than 1032 times (258 bytes in 2 bits, RFC 1951); who claims more lies about the size. */
const MAX_RATIO = 1100;

export const isZip = (bytes: Uint8Array): boolean =>
  bytes.length >= 4 && bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4;

/**
 * The files of a zip, unpacked in memory, paths prefixed with the archive's own. Folders are left out, and nothing is ever written by
 * these paths. Fails with `zip/too-large` before anything is unpacked, or with `zip/damaged`.
 */
export async function openZip(archive: NamedFile): Promise<Result<readonly NamedFile[]>> {
  const fileName = archive.path;
  const bytes = await readBytes(archive);
  let totalBytes = 0;
  let entries = 0;
  let refused: Problem | null = null;
  try {
    const unpacked = unzipSync(bytes, {
      filter: ({ name, originalSize, size }) => {
        if (refused || name.endsWith("/")) return false;
        totalBytes += originalSize;
        entries++;
        if (
          entries > MAX_ENTRIES ||
          totalBytes > MAX_TOTAL_BYTES ||
          originalSize > (size + 1) * MAX_RATIO + 1024
        ) {
          refused = problem("zip/too-large", { fileName });
        }
        return refused === null;
      },
    });
    if (refused) return fail(refused);
    return ok(
      Object.entries(unpacked)
        .map(([name, content]) => memoryFile(`${archive.path}/${name}`, content))
        .sort((a, b) => (a.path < b.path ? -1 : 1)),
    );
  } catch {
    return fail(problem("zip/damaged", { fileName }));
  }
}
