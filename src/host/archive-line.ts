// What the page asks of a DICOMweb archive: the worker does all of it, so that no other part of the page speaks to a network.
import type { Result } from "#core/problem";
import type {
  ArchiveAddress,
  ArchiveSeries,
  ObjectToStore,
  StoreOutcome,
  StudyPage,
  StudyQuery,
} from "#dicom/dicomweb/archive-types";
import type { ImportedObject } from "./contract.ts";
import type { CallOptions, ReadOutcome } from "./worker-protocol.ts";

/**
 * Every call can be cancelled (it rejects with the signal's reason) and fails with a problem (`archive/*`) that says what to do; none is
 * made unless asked for. Answers are checked: what is not DICOM is refused in words.
 */
export interface ArchiveLine {
  /** One page of studies, its newest first. Also the way to try an address and its credentials. */
  search(address: ArchiveAddress, query: StudyQuery, options?: CallOptions): Promise<Result<StudyPage>>;
  /** The series of a study, by number. */
  series(
    address: ArchiveAddress,
    studyInstanceUid: string,
    options?: CallOptions,
  ): Promise<Result<readonly ArchiveSeries[]>>;
  /**
   * Reads the headers of these series, without pixels, and stacks them: as reading files does. `load` then opens one of them, the middle
   * slices first; where that fails half-way, what was retrieved is kept and the same `load` goes on from there.
   */
  read(
    address: ArchiveAddress,
    series: readonly ArchiveSeries[],
    options?: CallOptions,
  ): Promise<Result<ReadOutcome>>;
  /** Retrieves the segmentations and reports of these series whole (series of other kinds are passed over). */
  objects(
    address: ArchiveAddress,
    series: readonly ArchiveSeries[],
    options?: CallOptions,
  ): Promise<Result<readonly ImportedObject[]>>;
  /**
   * Stores objects into a study: segmentations first, then reports, each by itself. Nothing that is there already is sent again or
   * overwritten, so that a store that was interrupted goes on when it is asked for again. Resolves with what became of each object.
   */
  store(
    address: ArchiveAddress,
    studyInstanceUid: string,
    objects: readonly ObjectToStore[],
    options?: CallOptions,
  ): Promise<StoreOutcome>;
}

/** One request to the worker's end; `answers` in archive-end.ts names what each is answered with. */
export type ArchiveQuestion = { readonly address: ArchiveAddress } & (
  | { readonly ask: "search"; readonly query: StudyQuery }
  | { readonly ask: "series"; readonly studyInstanceUid: string }
  | { readonly ask: "read" | "objects"; readonly series: readonly ArchiveSeries[] }
  | {
      readonly ask: "store";
      readonly studyInstanceUid: string;
      readonly objects: readonly ObjectToStore[];
    }
);

/** The page's end, over one way to call the worker. */
export const archiveLine = (
  call: <T>(question: ArchiveQuestion, options?: CallOptions) => Promise<T>,
): ArchiveLine => ({
  search: (address, query, options) => call({ ask: "search", address, query }, options),
  series: (address, studyInstanceUid, options) => call({ ask: "series", address, studyInstanceUid }, options),
  read: (address, series, options) => call({ ask: "read", address, series }, options),
  objects: (address, series, options) => call({ ask: "objects", address, series }, options),
  store: (address, studyInstanceUid, objects, options) =>
    call({ ask: "store", address, studyInstanceUid, objects }, options),
});
