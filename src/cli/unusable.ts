// What a person gave that a command can't work with: one line for them, exit code 2.

export class Unusable extends Error {}

/** The reason of a failed file operation, in words where it has some. */
export function fileTrouble(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const words: Readonly<Record<string, string>> = {
    ENOENT: "no such file or folder",
    ENOTDIR: "a part of the path is a file, not a folder",
    EEXIST: "there is a file of that name, not a folder",
    EISDIR: "a folder, not a file",
    EACCES: "no permission",
    EPERM: "no permission",
    EROFS: "the file system is read-only",
    ENOSPC: "no space left on the disk",
  };
  return words[code] ?? (error instanceof Error ? error.message.split("\n")[0] : String(error));
}
