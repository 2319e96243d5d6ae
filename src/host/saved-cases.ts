// The cases kept in this browser: listed with size and room, removed, written to a file, put back from one.
import { ProblemError, problem } from "#core/problem";
import type { AppStore } from "./app-store.ts";
import type { Journal } from "./journal.ts";
import type { FileOutput } from "./plugin-host.ts";
import { readSavedCaseFile, savedCaseFile } from "./saved-case-file.ts";

export interface SavedCases {
  refreshSavedCases(): Promise<void>;
  forgetSavedCase(caseKey: string): Promise<void>;
  exportSavedCase(caseKey: string): Promise<void>;
  /** What is stored for the same CT is set aside, not lost. */
  importSavedCase(file: Blob): Promise<void>;
}

export function createSavedCases(
  store: AppStore,
  journal: Journal | null,
  files: FileOutput,
  now: () => Date,
): SavedCases {
  let asked = 0;
  async function refreshSavedCases(): Promise<void> {
    if (!journal) return;
    const mine = ++asked;
    const [savedCases, storageRoom] = await Promise.all([journal.list(), journal.room()]);
    // An older answer that comes later would bring a removed case back into the list.
    if (mine === asked) store.update({ savedCases, storageRoom });
  }
  /** Storage that fails here is said; the list stays as it was. */
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
      await refreshSavedCases();
    } catch (error) {
      if (error instanceof ProblemError) store.report(error.problem);
      else store.report(problem("journal/storage-failed", { message: String(error) }));
    }
  };
  return {
    refreshSavedCases: () => attempt(async () => undefined),
    forgetSavedCase: (caseKey) => attempt(async () => journal?.remove(caseKey)),
    exportSavedCase: (caseKey) =>
      attempt(async () => {
        const content = await journal?.content(caseKey);
        if (content) files.save(savedCaseFile(content));
      }),
    importSavedCase: (file) =>
      attempt(async () => {
        const read = readSavedCaseFile(new Uint8Array(await file.arrayBuffer()));
        if (!read.ok) throw new ProblemError(read.problem);
        await journal?.take(read.value, now().toISOString());
      }),
  };
}
