// What can be asked of the phantom maker, and its defaults.

export const PHANTOM_CASES = [
  "default",
  "no-leak",
  "two-lesions",
  "blastic",
  "lytic",
  "cut-off",
  "vertebral",
  "fracture",
  "osteoporotic",
  "metal",
  "previous-cement",
] as const;
export type PhantomCase = (typeof PHANTOM_CASES)[number];

export const PATIENT_POSITIONS = ["HFS", "HFP", "FFS", "FFP"] as const;
export type PatientPosition = (typeof PATIENT_POSITIONS)[number];

export const FILE_ORDERS = ["ascending", "descending", "shuffled"] as const;
export type FileOrder = (typeof FILE_ORDERS)[number];

export interface PhantomOptions {
  readonly seed: number;
  readonly case: PhantomCase;
  readonly position: PatientPosition;
  readonly sliceMm: number;
  readonly columns: number;
  /** Side of the square field of view. */
  readonly fovMm: number;
  /** Patient y (mm) of the middle of the field of view; a small field must move towards the sacrum. */
  readonly fovCentreYMm: number;
  /** Order of the files: along the normal, against it, or shuffled with instance numbers that say nothing about position. */
  readonly fileOrder: FileOrder;
  /** HU noise after the blur; 0 for none. */
  readonly noiseHu: number;
  /** The same patient before the procedure: no cement of it, no leaks, no piece of needle; earlier cement stays. */
  readonly before: boolean;
}

export const DEFAULT_OPTIONS: PhantomOptions = {
  seed: 1,
  case: "default",
  position: "HFS",
  sliceMm: 1,
  columns: 512,
  fovMm: 358.4,
  fovCentreYMm: 4,
  fileOrder: "descending",
  noiseHu: 20,
  before: false,
};
