// The worker's end of what is asked of an archive.
import { ProblemError, problem } from "#core/problem";
import type { ArchiveCall, Network } from "#dicom/dicomweb/network";
import { searchSeries, searchStudies } from "#dicom/dicomweb/search";
import type { ArchiveQuestion } from "./archive-line.ts";

/** The browser's own network, clock and chance. */
export const browserNetwork: Network = {
  fetch: (url, init) => fetch(url, init),
  wait: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      const stop = () => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener("abort", stop);
        resolve();
      }, ms);
      signal?.addEventListener("abort", stop, { once: true });
    }),
  random: () => Math.random(),
};

/** Answers a question; rejects with the signal's reason when cancelled. */
export async function answerFromArchive(
  question: ArchiveQuestion,
  network: Network,
  signal: AbortSignal,
): Promise<unknown> {
  const call: ArchiveCall = { network, address: question.address, signal };
  switch (question.ask) {
    case "search":
      return searchStudies(call, question.query);
    case "series":
      return searchSeries(call, question.studyInstanceUid);
    case "read":
    case "objects":
    case "store":
      throw new ProblemError(problem("worker/unknown-job", { job: question.ask }));
  }
}
