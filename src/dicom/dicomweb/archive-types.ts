// What is asked of a DICOMweb archive and what it answers, as plain data that goes between page and worker.
import type { Problem } from "#core/problem";
import type { PatientIdentity, StudyIdentity } from "#core/study";

/** Sent in the Authorization header only: never in an address, a message or a log. */
export type Credentials =
  | { readonly kind: "none" }
  | { readonly kind: "basic"; readonly user: string; readonly password: string }
  | { readonly kind: "bearer"; readonly token: string };

/** Made by `parseArchiveAddress`. */
export interface ArchiveAddress {
  /** Absolute root of QIDO-RS, WADO-RS and STOW-RS without a slash at its end: "https://pacs.example/dicom-web". */
  readonly rootUrl: string;
  readonly credentials: Credentials;
}

/** Studies to look for; an empty text asks for all. `*` and `?` stand for any characters of a name or ID; a name without them for its beginning. */
export interface StudyQuery {
  readonly patientName: string;
  readonly patientId: string;
  /** DA ("20260131"), both ends included; empty leaves that end open. */
  readonly studyDateFrom: string;
  readonly studyDateTo: string;
  /** "CT", or empty. */
  readonly modality: string;
  readonly limit: number;
  /** Studies to pass over: a page begins here. */
  readonly offset: number;
}

export interface ArchiveStudy {
  readonly patient: PatientIdentity;
  readonly study: StudyIdentity;
  readonly modalities: readonly string[];
  /** Null where the archive does not say. */
  readonly seriesCount: number | null;
  readonly instanceCount: number | null;
}

export interface StudyPage {
  readonly studies: readonly ArchiveStudy[];
  readonly offset: number;
  /** Whether a page with a larger offset has others. */
  readonly hasMore: boolean;
}

/** What a series of the archive is good for: images to open, or a segmentation, report or key object note to open with them. */
export type ArchiveSeriesKind = "images" | "SEG" | "SR" | "KOS" | "other";

export interface ArchiveSeries {
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly seriesNumber: string;
  readonly seriesDescription: string;
  readonly modality: string;
  /** DA and TM, or empty. */
  readonly seriesDate: string;
  readonly seriesTime: string;
  readonly instanceCount: number | null;
  readonly kind: ArchiveSeriesKind;
}

/** A Part 10 file to be stored. */
export interface ObjectToStore {
  /** For messages. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * "stored": the archive says that it took it. "already-there": it had the same bytes before. "refused": by the archive, or because another
 * object has its UID there. "not-sent": something before it failed; storing again sends it.
 */
export type StoredState = "stored" | "already-there" | "refused" | "not-sent";

export interface StoredObject {
  readonly name: string;
  readonly sopInstanceUid: string;
  readonly state: StoredState;
  /** Why it was refused or not sent, or what the archive warned of. */
  readonly problem: Problem | null;
}

export interface StoreOutcome {
  /** In the order in which they are sent: segmentations, reports, then others. */
  readonly objects: readonly StoredObject[];
  /** Every object is in the archive. */
  readonly complete: boolean;
}
