// What is known of a study, a series and its instances after their headers are read; identity attributes for exports.
import type { Problem } from "./problem.ts";
import type { VoxelGrid } from "./space.ts";
import type { VerificationEntry } from "./verification-log.ts";

export interface PatientIdentity {
  readonly patientName: string;
  readonly patientId: string;
  /** DA, or empty. */
  readonly patientBirthDate: string;
  readonly patientSex: string;
  /** AS as stored ("067Y"), or empty. */
  readonly patientAge: string;
}

export interface StudyIdentity {
  readonly studyInstanceUid: string;
  readonly studyId: string;
  readonly studyDate: string;
  readonly studyTime: string;
  readonly studyDescription: string;
  readonly accessionNumber: string;
  readonly referringPhysicianName: string;
}

/** An instance, or one frame of a multi-frame one. */
export interface InstanceReference {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  /** From 1; absent where the reference is to the whole instance. */
  readonly frameNumber?: number;
}

/** Why a series is kept apart from the CT volumes of its study. */
export type AsideReason = "localizer" | "capture" | "dose" | "few-slices" | "other-modality";

/** What speaks for a reconstruction when cement is to be read; by its numbers and by its own names. */
export type Merit = "thin" | "bone-kernel" | "metal-artefact-reduction";

/** One series as the series list shows it. `imageCount` counts frames. */
export interface SeriesSummary {
  readonly patient: PatientIdentity;
  readonly study: StudyIdentity;
  readonly seriesInstanceUid: string;
  readonly seriesNumber: string;
  readonly seriesDescription: string;
  readonly modality: string;
  readonly imageCount: number;
  /** mm between slices, or null where positions are missing. */
  readonly sliceSpacingMm: number | null;
  readonly sliceThicknessMm: number | null;
  readonly convolutionKernel: string;
  readonly rows: number;
  readonly columns: number;
  /** Null for a CT volume, openable or not. */
  readonly aside: AsideReason | null;
  readonly merits: readonly Merit[];
  /** Whether it can be opened as a CT volume; if not, why. */
  readonly openable: boolean;
  readonly problems: readonly Problem[];
}

/** Everything of an opened series that exports and the screen need beside its voxels. */
export interface SeriesContext {
  readonly patient: PatientIdentity;
  readonly study: StudyIdentity;
  readonly seriesInstanceUid: string;
  readonly seriesNumber: string;
  readonly seriesDescription: string;
  readonly frameOfReferenceUid: string;
  /** HFS, HFP, FFS, FFP, … or empty. */
  readonly patientPosition: string;
  readonly modality: "CT";
  readonly sliceThicknessMm: number | null;
  readonly kvp: number | null;
  readonly convolutionKernel: string;
  readonly seriesDate: string;
  readonly lossyImageCompression: boolean;
  readonly grid: VoxelGrid;
  /** The CT instance, or the frame of one, of each slice k, in the order of `grid.slicePositions`. */
  readonly instances: readonly InstanceReference[];
  /** Contrast or bolus agent as the header names it. */
  readonly contrastAgent?: string;
  /** What was assumed, dropped or repaired while stacking; shown on screen and kept with the export. */
  readonly problems: readonly Problem[];
  /** Every check made when the series was opened, in order, passed or not. */
  readonly verification: readonly VerificationEntry[];
  /** True where Patient Position contradicts Image Orientation, so that a person must confirm left and right. */
  readonly sideNeedsConfirmation: boolean;
}

interface OfAPatient {
  readonly patient: Pick<PatientIdentity, "patientId">;
  readonly study: Pick<StudyIdentity, "studyInstanceUid">;
}

/** Whether two series are of one patient by Patient ID; without an ID only within one study, for identity is never guessed. */
export const areOfOnePatient = (a: OfAPatient, b: OfAPatient): boolean =>
  a.patient.patientId === b.patient.patientId &&
  (a.patient.patientId !== "" || a.study.studyInstanceUid === b.study.studyInstanceUid);

/** Whether `prior` can show the patient before `current`: another series, of no later day. Empty dates decide nothing. */
export function isEarlier(prior: SeriesContext, current: SeriesContext): boolean {
  if (prior.seriesInstanceUid === current.seriesInstanceUid) return false;
  const dayOf = ({ study, seriesDate }: SeriesContext) => study.studyDate || seriesDate;
  const [then, now] = [dayOf(prior), dayOf(current)];
  return then === "" || now === "" || then <= now;
}
