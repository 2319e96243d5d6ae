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
  /** UIDs of what the archive has of the open case's study; rejects with a problem where it does not have the study. */
  seriesThere(options?: Pick<CallOptions, "signal">): Promise<readonly string[]>;
  /** Work at the archive that the reader is signed in to, or signs in to now; asked once more where the sign-in is refused. */
  signedIn<T>(signal: AbortSignal | undefined, work: (address: ArchiveAddress) => Promise<T>): Promise<T>;
  /** Into the open case's study. Rejects with a problem where nothing could be asked; what became of each object is in the outcome. */
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

  /** Asks once more where the sign-in was refused; what the archive says the second time stands. */
  async function signedIn<T>(
    signal: AbortSignal | undefined,
    work: (address: ArchiveAddress) => Promise<T>,
    refusedIn: (value: T) => boolean = () => false,
  ): Promise<T> {
    for (let again = false; ; again = true) {
      const address = await addressOrSignIn(signal);
      try {
        const value = await work(address);
        if (again || !refusedIn(value)) return value;
      } catch (error) {
        if (again || !(error instanceof ProblemError && ASK_AGAIN.has(error.problem.code))) throw error;
      }
      archive.forgetSignIn();
    }
  }

  function openStudy(): string {
    const { series } = store.get().scene;
    if (!series) throw new ProblemError(problem("case/none-open"));
    return series.study.studyInstanceUid;
  }

  async function seriesThere(
    study: string,
    address: ArchiveAddress,
    signal?: AbortSignal,
  ): Promise<string[]> {
    const found = await worker.archive.series(address, study, { signal });
    if (found.ok && found.value.length > 0) return found.value.map((series) => series.seriesInstanceUid);
    if (found.ok || found.problem.code === "archive/not-found")
      throw new ProblemError(problem("archive/study-not-there", { archive: archiveName(address) }));
    throw new ProblemError(found.problem);
  }

  return {
    target,
    signedIn: (signal, work) => signedIn(signal, work),
    seriesThere: ({ signal } = {}) =>
      signedIn(signal, (address) => seriesThere(openStudy(), address, signal)),
    store: (objects, options = {}) =>
      signedIn(
        options.signal,
        (address) => worker.archive.store(address, openStudy(), objects, options),
        (outcome) => outcome.objects.some((one) => ASK_AGAIN.has(one.problem?.code ?? "")),
      ),
  };
}
