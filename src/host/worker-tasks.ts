// The worker's end of tasks: a plugin's work without an open CT, with a memory of its own.
import { ProblemError, problem } from "#core/problem";
import { blobFile } from "#dicom/named-file";
import { readFiles } from "#dicom/open-files";
import { readReport } from "#dicom/read-report";
import type { FolderContents, Task, TaskContext, TaskTable } from "./contract-page.ts";
import type { Progress, WorkerRequest } from "./worker-protocol.ts";

interface Call {
  readonly signal: AbortSignal;
  readonly progress: (progress: Progress) => void;
}

/** Runs tasks; what a plugin keeps stays with its id until the worker ends. */
export function taskRunner(tasks: TaskTable) {
  const memories = new Map<string, Map<string, unknown>>();
  return async (request: Extract<WorkerRequest, { kind: "task" }>, call: Call): Promise<unknown> => {
    // The id decides the input's type; the caller's table and this one come from one build.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const run = tasks[request.taskId] as Task<unknown, unknown> | undefined;
    if (!run) throw new ProblemError(problem("worker/unknown-job", { job: request.taskId }));
    const memory = memories.get(request.pluginId) ?? new Map<string, unknown>();
    memories.set(request.pluginId, memory);
    const context: TaskContext = {
      signal: call.signal,
      progress: (fraction, step) => call.progress({ fraction, step }),
      memory,
      async readFolder(files): Promise<FolderContents> {
        const found = await readFiles(
          files.map(({ path, file }) => blobFile(path, file)),
          {
            signal: call.signal,
            progress: ({ filesDone, filesTotal }) =>
              call.progress({
                fraction: filesDone / Math.max(1, filesTotal),
                files: { done: filesDone, total: filesTotal },
              }),
          },
        );
        return {
          objects: found.otherObjects.flatMap(({ path, kind, bytes }) =>
            kind === "JSON" || kind === "SEG" || kind === "SR" || kind === "RTSTRUCT"
              ? [{ path, kind, bytes }]
              : [],
          ),
          series: found.series.map(({ summary, instances }) => ({
            seriesInstanceUid: summary.seriesInstanceUid,
            paths: instances.map(({ file }) => file.path),
          })),
          rejected: found.rejected,
        };
      },
      readReport,
    };
    return run(request.input, context);
  };
}
