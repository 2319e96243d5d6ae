// What a page of a plugin is given: files, tasks in the worker without a CT, an address of its own, and ways to open a case. Part of the contract.
import type { Result } from "#core/problem";
import type { Readable } from "#core/readable";
import type { Problem } from "#core/problem";
import type { DecodedReport } from "#dicom/read-report";

/** A file with its path inside the folder or zip that it came from. */
export interface FileWithPath {
  readonly path: string;
  readonly file: File;
}

/** What a folder or zip holds, its headers read. */
export interface FolderContents {
  readonly objects: readonly {
    readonly path: string;
    readonly kind: "JSON" | "SEG" | "SR" | "RTSTRUCT";
    readonly bytes: () => Promise<Uint8Array>;
  }[];
  readonly series: readonly { readonly seriesInstanceUid: string; readonly paths: readonly string[] }[];
  readonly rejected: readonly { readonly path: string; readonly problem: Problem }[];
}

/** Reports of this program in the archive that the reader is signed in to. */
interface WantedReports {
  /** Their Series Description begins so. */
  readonly description: string;
  /** Series that were taken before, with their number of reports: passed over while the archive counts as many. */
  readonly known: ReadonlyMap<string, number>;
  /** Told of each series as soon as it is there. */
  take(seriesInstanceUid: string, reports: readonly Uint8Array[]): void;
}

interface FoundReports {
  /** UIDs of all such series that the archive has now, known ones too. */
  readonly series: readonly string[];
  /** Series (`path` is their UID) that could not be retrieved. */
  readonly rejected: readonly { readonly path: string; readonly problem: Problem }[];
}

export interface TaskContext {
  readonly signal: AbortSignal;
  /** 0 to 1, with a word for the step. */
  readonly progress: (fraction: number, step?: string) => void;
  /** What this plugin's tasks keep from one to the next, because it is too large to be sent: gone with the page. */
  readonly memory: Map<string, unknown>;
  readFolder(files: readonly FileWithPath[]): Promise<FolderContents>;
  readReport(bytes: Uint8Array): Result<DecodedReport>;
  /** A few at a time, with progress. Rejects with a problem where the archive can't be asked; for tasks run `withArchive` only. */
  archiveReports(wanted: WantedReports): Promise<FoundReports>;
}

/** Input and output must survive structured clone; files do. */
export type Task<Input, Output> = (input: Input, context: TaskContext) => Output | Promise<Output>;
/** By id "plugin/task". */
export type TaskTable = Readonly<Record<string, Task<never, unknown>>>;

export interface PageHost {
  /** What stands behind "?" in the page's address: filters. Never patient data. */
  readonly query: Readable<string>;
  setQuery(query: string): void;
  /** Files that the page was opened with by a link from a case (`fromCase` of its manifest); none once they are taken. */
  readonly given: Readable<readonly FileWithPath[]>;
  /** Those files, given once. */
  takeGiven(): readonly FileWithPath[];
  /** The browser's own dialog; none where it is closed without a choice. */
  pickFiles(what: "files" | "folder"): Promise<readonly FileWithPath[]>;
  runTask<Output>(
    taskId: string,
    input: unknown,
    options?: {
      signal?: AbortSignal;
      progress?: (fraction: number, step?: string) => void;
      /** The task asks the archive; the reader may be asked to sign in, and what they type goes to the worker only. */
      withArchive?: boolean;
    },
  ): Promise<Output>;
  /** A file that the installation holds beside the page (sample data); null where there is none. */
  fileBeside(name: string): Promise<FileWithPath | null>;
  /** Opens files as if they had been dropped; the case's bar leads back to this page. Resolves once they are open, or refused in words. */
  openCase(files: readonly FileWithPath[]): Promise<void>;
  /** Opens a study of the archive as if it had been chosen there; the case's bar leads back to this page. */
  openArchivedStudy(studyInstanceUid: string): Promise<void>;
  /** Back to the start page. */
  close(): void;
}
