// The worker's end of what is asked of an archive.
import { ok, type Result } from "#core/problem";
import { retrieveObjects } from "#dicom/dicomweb/archive-objects";
import { readArchiveSeries } from "#dicom/dicomweb/archive-series";
import type { ArchiveAddress, StoreOutcome } from "#dicom/dicomweb/archive-types";
import type { ArchiveCall, Network } from "#dicom/dicomweb/network";
import { searchSeries, searchStudies } from "#dicom/dicomweb/search";
import { storeObjects } from "#dicom/dicomweb/store";
import type { ReadResult } from "#dicom/open-files";
import type { ArchiveQuestion } from "./archive-line.ts";
import type { ImportedObject } from "./contract.ts";
import type { Progress, ReadOutcome } from "./worker-protocol.ts";

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

export interface ArchiveContext {
  readonly signal: AbortSignal;
  readonly progress: (progress: Progress) => void;
  /** Series that were read can be loaded from now on. */
  readonly remember: (found: Pick<ReadResult, "series">) => void;
}

/** Answers questions; rejects with the signal's reason when cancelled. */
export type ArchiveEnd = (question: ArchiveQuestion, context: ArchiveContext) => Promise<unknown>;

/**
 * One for a worker. Series that were read before a token ran out are loaded with the sign-in that was accepted last for the same
 * archive, so that a loading goes on after signing in again.
 */
export function createArchiveEnd(network: Network): ArchiveEnd {
  const accepted = new Map<string, ArchiveAddress>();
  return async (question, context) => {
    const { address } = question;
    const answered = await answerOf(
      question,
      network,
      context,
      () => accepted.get(address.rootUrl) ?? address,
    );
    if (wasAccepted(answered)) accepted.set(address.rootUrl, address);
    return answered;
  };
}

const wasAccepted = (answered: Result<unknown> | StoreOutcome): boolean =>
  "ok" in answered ? answered.ok : answered.complete;

async function answerOf(
  question: ArchiveQuestion,
  network: Network,
  context: ArchiveContext,
  latest: () => ArchiveAddress,
): Promise<Result<unknown> | StoreOutcome> {
  let last: Progress = { fraction: 0 };
  const call: ArchiveCall = {
    network,
    address: question.address,
    signal: context.signal,
    waiting: (waiting) => context.progress({ ...last, waiting }),
  };
  const progress = (done: number, total: number) =>
    context.progress((last = { fraction: done / total, files: { done, total } }));
  switch (question.ask) {
    case "search":
      return searchStudies(call, question.query);
    case "series":
      return searchSeries(call, question.studyInstanceUid);
    case "read": {
      const found = await readArchiveSeries(call, question.series, progress, latest);
      if (!found.ok) return found;
      const { series, rejected } = found.value;
      if (series.length > 0) context.remember({ series });
      const outcome: ReadOutcome = { series: series.map(({ summary }) => summary), rejected, objects: [] };
      return ok(outcome);
    }
    case "objects": {
      const mine = question.series.filter(({ kind }) => kind === "SEG" || kind === "SR");
      const found = await retrieveObjects(call, mine, progress);
      if (!found.ok) return found;
      const objects = found.value.flatMap(({ path, kind, bytes }): ImportedObject[] =>
        kind === "SEG" || kind === "SR" ? [{ path, kind, bytes: bytes.slice() }] : [],
      );
      return ok(objects);
    }
    case "store":
      return storeObjects(call, question.studyInstanceUid, question.objects, progress);
  }
}
