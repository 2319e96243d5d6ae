// The worker's end of tasks: a plugin's work without an open CT, with a memory of its own.
import { ProblemError, problem } from "#core/problem";
import { retrieveReports } from "#dicom/dicomweb/archive-reports";
import type { Network } from "#dicom/dicomweb/network";
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
export function taskRunner(tasks: TaskTable, network: Network) {
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
      async archiveReports({ description, known, take }) {
        const { archive: address } = request;
        if (!address) throw new ProblemError(problem("archive/not-signed-in", {}, "warning"));
        let last: Progress = { fraction: 0 };
        const found = await retrieveReports(
          {
            network,
            address,
            signal: call.signal,
            waiting: (waiting) => call.progress({ ...last, waiting }),
          },
          {
            description,
            known,
            take: ({ seriesInstanceUid }, reports) =>
              take(
                seriesInstanceUid,
                reports.map(({ bytes }) => bytes),
              ),
          },
          (done, total) => call.progress((last = { fraction: done / total, files: { done, total } })),
        );
        if (!found.ok) throw new ProblemError(found.problem);
        return found.value;
      },
    };
    return run(request.input, context);
  };
}
