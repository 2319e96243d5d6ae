// Files of the disk for the reader: their bytes on demand.
import { open, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { NamedFile } from "#dicom/named-file";
import { fileTrouble, Unusable } from "./unusable.ts";

/** Bytes on demand: 300 slices are never in memory as files. */
const diskFile = (path: string, size: number): NamedFile => ({
  path,
  size,
  slice: (start, end) => ({
    async arrayBuffer() {
      const handle = await open(path);
      try {
        const bytes = new Uint8Array(Math.max(0, Math.min(end, size) - start));
        let done = 0;
        while (done < bytes.length) {
          const { bytesRead } = await handle.read(bytes, done, bytes.length - done, start + done);
          if (bytesRead === 0) break;
          done += bytesRead;
        }
        return bytes.buffer.slice(0, done);
      } finally {
        await handle.close();
      }
    },
  }),
});

/** Every file at or below `path`. Throws Unusable where it can't be read. */
export async function filesUnder(path: string): Promise<NamedFile[]> {
  try {
    const found = await stat(path);
    if (found.isFile()) return [diskFile(path, found.size)];
    const files: NamedFile[] = [];
    for (const entry of await readdir(path, { recursive: true, withFileTypes: true })) {
      if (entry.isDirectory()) continue;
      const name = join(entry.parentPath, entry.name);
      const one = await stat(name).catch(() => null); // a link that leads nowhere
      if (one?.isFile()) files.push(diskFile(name, one.size));
    }
    return files;
  } catch (error) {
    throw new Unusable(`${path}: ${fileTrouble(error)}`);
  }
}
