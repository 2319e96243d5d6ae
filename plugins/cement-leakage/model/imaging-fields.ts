// Fields of the CT itself in the findings: which series, how it was scanned, and what was checked of it when it was opened.
import { z } from "zod";
import { nonNegative, uid } from "./measured-fields.ts";

export const imagingSchema = z.strictObject({
  studyInstanceUid: uid,
  seriesInstanceUid: uid,
  frameOfReferenceUid: uid,
  modality: z.literal("CT"),
  studyDate: z.string().optional(),
  hoursAfterProcedure: nonNegative.optional(),
  sliceThicknessMm: nonNegative.optional(),
  sliceSpacingMm: nonNegative,
  pixelSpacingMm: z.tuple([nonNegative, nonNegative]),
  kvp: nonNegative.optional(),
  kernel: z.string().optional(),
  marUsed: z.boolean().optional(),
  contrast: z.boolean().optional(),
  /** As the header names it. */
  contrastAgent: z.string().optional(),
  /** Of a vessel in front of the treated bone that is brighter than 200 HU. */
  vesselHu: z.number().optional(),
  /** The values are no HU (cone-beam CT): HU, thresholds and what rests on them are withheld in this document. */
  huCalibrated: z.literal(false).optional(),
  /** Why they are withheld. */
  huWithheld: z.string().optional(),
  /** The floor that the cement was found at, where values are no HU: on the scale of air at -1000 and soft tissue at 50. */
  relativeFloor: z.number().optional(),
  huClipped: z.boolean().optional(),
  patientPosition: z.string().optional(),
  sideConfirmedByReader: z.boolean().optional(),
  priorStudyUid: uid.optional(),
  fieldOfView: z.array(z.enum(["sacrum", "lumbar", "thoracic", "cervical", "chest", "pelvis"])).optional(),
});

const inBothLanguages = z.strictObject({ en: z.string(), zh: z.string() });

/** One check of the verification log. Units stand in the names of the figures. */
export const checkSchema = z.strictObject({
  check: z.string().min(1),
  outcome: z.enum(["passed", "handled", "attention"]),
  figures: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
  checked: inBothLanguages,
  found: inBothLanguages,
  done: inBothLanguages.optional(),
});
