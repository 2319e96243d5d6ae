// Files of a drop or a picker, with their paths; folders are walked to the bottom.
import { problem } from "#core/problem";
import type { FileWithPath, RejectedFile } from "#host/worker-protocol";

export interface DroppedFiles {
  readonly files: readonly FileWithPath[];
  /** What the browser could not hand out: a broken link, a locked file, a folder that may not be listed. */
  readonly unreadable: readonly RejectedFile[];
}

/** Must be called within the drop event: the browser takes its items away afterwards. One bad entry takes nothing from the others. */
export async function droppedFiles(transfer: DataTransfer): Promise<DroppedFiles> {
  const entries = [...transfer.items]
    .map((item) => item.webkitGetAsEntry())
    .filter((entry) => entry !== null);
  const loose = [...transfer.files];
  if (entries.length === 0)
    return { files: loose.map((file) => ({ path: file.name, file })), unreadable: [] };
  return together(await Promise.all(entries.map(walk)));
}

async function walk(entry: FileSystemEntry): Promise<DroppedFiles> {
  const path = entry.fullPath.replace(/^\//, "");
  const all: FileSystemEntry[] = [];
  try {
    if (isFile(entry)) {
      const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
      return { files: [{ path, file }], unreadable: [] };
    }
    if (!isDirectory(entry)) return nothing;
    const reader = entry.createReader();
    for (;;) {
      // A reader hands out a hundred entries at a time and an empty list at the end.
      const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
        reader.readEntries(resolve, reject),
      );
      if (some.length === 0) break;
      all.push(...some);
    }
  } catch (error) {
    const why = error instanceof Error ? error.name : "";
    const unreadable = { path, problem: problem("read/unreadable", { fileName: path, why }) };
    const listed = await Promise.all(all.map(walk));
    return together([...listed, { files: [], unreadable: [unreadable] }]);
  }
  return together(await Promise.all(all.map(walk)));
}

const nothing: DroppedFiles = { files: [], unreadable: [] };

const together = (parts: readonly DroppedFiles[]): DroppedFiles => ({
  files: parts.flatMap(({ files }) => files),
  unreadable: parts.flatMap(({ unreadable }) => unreadable),
});

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isDirectory = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;

/** Files of an <input type="file">, with the folder's relative paths where there is one. */
export const pickedFiles = (list: FileList | null): FileWithPath[] =>
  [...(list ?? [])].map((file) => ({ path: file.webkitRelativePath || file.name, file }));
