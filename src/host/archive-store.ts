// Storing the results of the open case: where they can go, and sending them there, into the study of its CT and no other.
import { ProblemError, problem } from "#core/problem";
import { derived, writable, type Readable } from "#core/readable";
import { archiveName } from "#dicom/dicomweb/archive-address";
import type { ArchiveAddress, ObjectToStore, StoreOutcome } from "#dicom/dicomweb/archive-types";
import type { AppStore } from "./app-store.ts";
import type { Archive } from "./archive.ts";
import type { ArchiveTarget } from "./contract.ts";
import type { CallOptions, WorkerLine } from "./worker-protocol.ts";

export interface ArchiveStore {
  /** Null where no archive is configured or was used. */
  readonly target: Readable<ArchiveTarget | null>;
  /** Rejects with a problem where nothing could be asked; what became of each object is in the outcome. */
  store(objects: readonly ObjectToStore[], options?: CallOptions): Promise<StoreOutcome>;
}

/** Sign-ins that the archive did not accept: the reader is asked again. */
const ASK_AGAIN = new Set(["archive/sign-in", "archive/wrong-credentials"]);

export function createArchiveStore(store: AppStore, worker: WorkerLine, archive: Archive): ArchiveStore {
  const target = writable<ArchiveTarget | null>(null);
  const refresh = () => {
    const { address, signIn } = archive.state.get();
    const name = address ? archiveName(address) : signIn.url;
    if (name !== (target.get()?.name ?? "")) target.set(name === "" ? null : { name });
  };
  refresh();
  derived(archive.state, ({ address, signIn }) => (address ? archiveName(address) : signIn.url)).subscribe(
    refresh,
  );

  async function addressOrSignIn(signal?: AbortSignal): Promise<ArchiveAddress> {
    const address = archive.addressForCase() ?? (await archive.askToSignIn(signal));
    if (!address) throw new ProblemError(problem("archive/not-signed-in", {}, "warning"));
    return address;
  }

  async function refuseOtherStudy(
    address: ArchiveAddress,
    study: string,
    options: CallOptions,
  ): Promise<void> {
    const series = await worker.archive.series(address, study, { signal: options.signal });
    if (!series.ok && series.problem.code !== "archive/not-found") throw new ProblemError(series.problem);
    if (!series.ok || series.value.length === 0)
      throw new ProblemError(problem("archive/study-not-there", { archive: archiveName(address) }));
  }

  return {
    target,
    async store(objects, options = {}) {
      const { series } = store.get().scene;
      if (!series) throw new ProblemError(problem("case/none-open"));
      const { studyInstanceUid } = series.study;
      for (let tried = 0; ; tried++) {
        const address = await addressOrSignIn(options.signal);
        try {
          if (!archive.isCaseFrom(address)) await refuseOtherStudy(address, studyInstanceUid, options);
          const outcome = await worker.archive.store(address, studyInstanceUid, objects, options);
          const refused = outcome.objects.some((one) => ASK_AGAIN.has(one.problem?.code ?? ""));
          if (!refused || tried > 0) return outcome;
        } catch (error) {
          const asked = error instanceof ProblemError && ASK_AGAIN.has(error.problem.code);
          if (!asked || tried > 0) throw error;
        }
        archive.forgetSignIn();
      }
    },
  };
}
