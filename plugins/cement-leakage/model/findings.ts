// The findings document as it is exported and read back: the master schema (JSON Schema is made from it).
// Units are in the field names; UIDs are strings; absent and not assessed are different answers (DOMAIN §8).
import { z } from "zod";
import { auditEntrySchema } from "./audit-entry.ts";
import { checkSchema, imagingSchema } from "./imaging-fields.ts";
import { geometrySchema, measures, nonNegative, uid } from "./measured-fields.ts";
import { localSiteIdSchema, localTermSchema, SITE_IDS } from "./sites.ts";
import { measurementSchema } from "./measurements.ts";

z.config({ jitless: true }); // no `new Function`: the page's Content-Security-Policy forbids it

export const SCHEMA_VERSION = "1.3.0";
export const DEFINITIONS_VERSION = "project draft";
/** Private creator of the findings that an SR carries whole beside its tree: an archive keeps the SR, not the JSON. */
export const FINDINGS_CREATOR = "CEMENT LEAKAGE VIEWER FINDINGS";

const sides = z.enum(["left", "right", "midline", "bilateral"]);
const sacralLevel = z.enum(["S1", "S2", "S3", "S4", "S5"]);
const denisZone = z.union([z.literal(1), z.literal(2), z.literal(3)]);
export const approachSchema = z.enum([
  "posterior_long_axis",
  "posterior_short_axis",
  "posterior_unspecified",
  "transiliac",
  "anterior_oblique",
  "interpedicular",
  "transpedicular",
  "parapedicular",
  "other",
]);
export const guidanceSchema = z.enum([
  "fluoroscopy",
  "ct",
  "ct_fluoroscopy",
  "cbct",
  "navigation",
  "combined",
]);
export const routeSchema = z.enum([
  "vein",
  "cortical_defect",
  "needle_track",
  "fracture_line",
  "foramen",
  "unknown",
]);
export const confidenceSchema = z.enum(["definite", "probable", "possible"]);
export const siteSchema = z.union([z.enum(SITE_IDS), localSiteIdSchema], {
  error: "must be one of the listed sites, or a department's own (local_…) that the document defines",
});
export const answerSchema = z.enum(["present", "absent", "not_assessable"]);

/** Metal and cement can't be told apart here: what is tagged has a site and no volume. */
const notMeasurable = z.literal("metal").optional();

/** Cement that was there before this procedure: shown, and kept out of volumes, balance and rates (DOMAIN §1.6). */
const previousCementSchema = z.strictObject({
  /** "E1", as its segment is called. */
  previousId: z.string().min(1),
  /** Its name in `history`. */
  partId: z.string().min(1).optional(),
  ...measures,
  /** Absent where the midline could not be found. */
  side: sides.optional(),
  /** What tells that it was there before. */
  reason: z.string(),
  centroidMm: z.tuple([z.number(), z.number(), z.number()]),
});

const complicationSchema = z.strictObject({
  tian2020: z.enum(["major", "minor", "none", "undefined"]),
  sir: z.enum(["major", "minor", "none"]).optional(),
  cirseGrade: z.string().optional(),
  cirseEdition: z.enum(["2017", "2026"]).optional(),
  /** SIR adverse event scale, beside the classic classes: never a bare number (DOMAIN §1.8). */
  sirAdverseEvent: z.strictObject({ grade: z.string(), edition: z.literal("2017") }).optional(),
});

const proposalSchema = z.strictObject({
  site: siteSchema,
  route: routeSchema.optional(),
  /** 0 to 1. */
  score: z.number().min(0).max(1),
  reason: z.string(),
  engineVersion: z.string(),
});

const adjudicatedSchema = z.strictObject({
  origins: z.array(z.strictObject({ documentId: z.string(), leakId: z.string() })),
  /** Absent where the two reads agreed. */
  reason: z.string().optional(),
});

const lesionSchema = z.strictObject({
  lesionId: z.string().min(1),
  bone: z.enum(["sacrum", "vertebra", "ilium", "other"]),
  vertebra: z
    .string()
    .regex(/^(C[1-7]|T([1-9]|1[0-2])|L[1-5])$/, "must be C1 to C7, T1 to T12 or L1 to L5")
    .optional(),
  side: sides,
  sacralLevels: z.array(sacralLevel).optional(),
  denisZones: z.array(denisZone).optional(),
  pathology: z
    .enum([
      "metastasis",
      "insufficiency_fracture",
      "osteoporotic_fracture",
      "myeloma",
      "haemangioma",
      "other",
    ])
    .optional(),
  lysis: z.enum(["lytic", "blastic", "mixed", "none"]).optional(),
  corticalBreachPre: z.enum(["present", "absent", "not_assessed"]).optional(),
  injectedVolumeMl: nonNegative.optional(),
  needles: z
    .array(
      z.strictObject({
        approach: approachSchema,
        gauge: nonNegative.optional(),
        side: z.enum(["left", "right", "midline"]).optional(),
        /** Where it went into bone and where its tip was, patient mm of this CT, where navigation or planning tells. */
        entryMm: z.tuple([z.number(), z.number(), z.number()]).optional(),
        targetMm: z.tuple([z.number(), z.number(), z.number()]).optional(),
      }),
    )
    .optional(),
  cement: z.strictObject(measures).optional(),
  leakage: z.enum(["present", "absent", "not_assessed"]),
});

const leakSchema = z.strictObject({
  leakId: z.string().min(1),
  /** Its name in `history`. */
  partId: z.string().min(1).optional(),
  /** null: cannot be attributed to one lesion. */
  lesionRef: z.string().nullable(),
  /** Parts of one connected component (or beads of one venous trail) share it and are one leak event. */
  componentId: z.string().optional(),
  ...measures,
  notMeasurable,
  site: siteSchema,
  siteText: z.string().optional(),
  route: routeSchema,
  yeomTypes: z.array(z.enum(["B", "S", "C", "D"])).optional(),
  tian2020Category: z.enum([
    "sacral_venous_plexus",
    "puncture_path",
    "anterior_epidural_space",
    "anterior_sacral_space",
    "other",
  ]),
  alsoPresacral: z.boolean().optional(),
  side: sides,
  sacralLevels: z.array(sacralLevel).optional(),
  denisZoneOrigin: denisZone.optional(),
  maxBeyondCortexMm: nonNegative.optional(),
  geometry: geometrySchema.optional(),
  leakFractionPct: z.number().min(0).max(100).optional(),
  extentGrade: z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)]).optional(),
  neuralRelation: z.enum(["none", "contact", "compression"]).optional(),
  roots: z.array(z.string()).optional(),
  canalOccupancy: z.enum(["none", "lt25", "25to50", "gt50"]).optional(),
  cortexInterpolated: z.boolean().optional(),
  symptom: z.enum(["asymptomatic", "radicular", "deficit", "sphincter", "dyspnea", "other", "not_assessed"]),
  complication: complicationSchema.optional(),
  confidence: confidenceSchema,
  proposal: proposalSchema.optional(),
  communicated: z.strictObject({ to: z.string(), at: z.string() }).optional(),
  keyImages: z
    .array(z.strictObject({ sopInstanceUid: uid, frame: z.int().positive().optional() }))
    .optional(),
  comment: z.string().optional(),
  /** In an adjudicated document: the leaks of the two reads that this one stands for, and why where they differed. */
  adjudicated: adjudicatedSchema.optional(),
});

const siteAssessmentSchema = z.strictObject({
  lesionRef: z.string(),
  site: siteSchema,
  answer: answerSchema,
  reason: z.string().optional(),
  /**
   * Axial slices that had been displayed when it was answered, first and last of each range, from 1 in the order of the stack. Only
   * where a department wants it; a slice that was displayed was not therefore looked at.
   */
  seenSlices: z.array(z.tuple([z.int().positive(), z.int().positive()])).optional(),
  /** In an adjudicated document: the two reads, and why where they differed. */
  adjudicated: z.strictObject({ documentIds: z.array(z.string()), reason: z.string().optional() }).optional(),
});

export const findingsSchema = z.strictObject({
  schemaVersion: z.literal(SCHEMA_VERSION),
  documentId: z.string().min(1),
  createdAt: z.string(),
  status: z.enum(["draft", "final", "amended"]),
  supersedes: z.string().optional(),
  /** The signed document whose case this one reads a second time, its findings unseen. */
  secondReadOf: z.string().optional(),
  /** The two signed documents that this one decides between. */
  adjudicates: z.tuple([z.string(), z.string()]).optional(),
  /** How the two reads agreed before they were adjudicated: counts, so that a cohort can make its figures of them. */
  pair: z
    .strictObject({
      presenceAgrees: z.boolean(),
      /** Sites of the leaks that both have: the first reader's, the second's. */
      matchedSites: z.array(z.tuple([siteSchema, siteSchema])),
      onlyFirst: z.int().nonnegative(),
      onlySecond: z.int().nonnegative(),
      /** Checklist lines that both answered. */
      answers: z.array(z.tuple([answerSchema, answerSchema])),
      /** Of all leaked voxels; null where neither has any. */
      dice: z.number().min(0).max(1).nullable(),
      /** Second less first. */
      volumeDifferenceMm3: z.number(),
    })
    .optional(),
  /** What was decided of each leak of the two reads. */
  adjudication: z
    .array(
      z.strictObject({
        firstLeakId: z.string().nullable(),
        secondLeakId: z.string().nullable(),
        choice: z.enum(["first", "second", "neither"]),
        reason: z.string().optional(),
      }),
    )
    .optional(),
  definitionsVersion: z.string(),
  /** The local sites that this document uses or was asked for, as the department defines them. */
  terms: z.array(localTermSchema).optional(),
  notForDiagnosis: z.string(),
  software: z.strictObject({ name: z.string(), version: z.string() }),
  subject: z
    .strictObject({
      pseudonym: z.string().optional(),
      patientKey: z.string().optional(),
      ageYears: nonNegative.optional(),
      sex: z.enum(["M", "F", "O", "U"]).optional(),
    })
    .optional(),
  imaging: imagingSchema,
  procedure: z.strictObject({
    procedureId: z.string().optional(),
    operatorKey: z.string().optional(),
    type: z.enum(["sacroplasty", "vertebroplasty", "kyphoplasty", "other"]),
    date: z.string().optional(),
    guidance: z.array(guidanceSchema).optional(),
    indication: z.string().optional(),
    cement: z
      .strictObject({
        product: z.string().optional(),
        manufacturer: z.string().optional(),
        lot: z.string().optional(),
        udi: z.string().optional(),
        radiopacifier: z
          .enum(["barium_sulfate", "zirconium_dioxide", "tantalum", "other", "unknown"])
          .optional(),
        radiopacifierPct: z.number().min(0).max(100).optional(),
        viscosity: z.enum(["low", "medium", "high", "unknown"]).optional(),
      })
      .optional(),
    adjunct: z.array(z.enum(["rfa", "balloon", "screw", "mesh", "other"])).optional(),
    technicalSuccess: z
      .strictObject({
        value: z.enum(["yes", "no", "unknown"]),
        definition: z.enum(["tian2020", "other"]),
        text: z.string().optional(),
      })
      .optional(),
  }),
  lesions: z.array(lesionSchema),
  leaks: z.array(leakSchema),
  previousCement: z.array(previousCementSchema).optional(),
  /** Injected against found, all lesions together. Missing cement is a reason to look again, no proof of a leak. */
  massBalance: z
    .strictObject({
      injectedMl: nonNegative,
      /** In bone and leaked, with its 95 % interval. */
      foundMl: nonNegative,
      foundCi95Ml: z.tuple([nonNegative, nonNegative]),
      /** Absent: nothing is missing beyond what the interval and the syringe leave open. */
      missingMl: nonNegative.optional(),
      words: z.string(),
    })
    .optional(),
  siteAssessments: z.array(siteAssessmentSchema),
  /** Parts looked at and found to be something else, with the reason: never silently dropped. */
  notCement: z
    .array(
      z.strictObject({
        partId: z.string(),
        reason: z.string(),
        volumeMm3: nonNegative.optional(),
        notMeasurable,
        centroidMm: z.tuple([z.number(), z.number(), z.number()]).optional(),
      }),
    )
    .optional(),
  /** What the reader measured beside the volumes; `pointsMm` as in the working document (patient, LPS). */
  measurements: z
    .array(
      z.strictObject({
        measurementId: z.string(),
        trackingUid: uid,
        kind: measurementSchema.shape.kind,
        pointsMm: measurementSchema.shape.points,
        lengthMm: nonNegative.optional(),
        angleDegrees: nonNegative.optional(),
        areaMm2: nonNegative.optional(),
        huMean: z.number().optional(),
        huSd: nonNegative.optional(),
        huMin: z.number().optional(),
        huMax: z.number().optional(),
        voxels: z.int().optional(),
      }),
    )
    .optional(),
  notAssessed: z.array(z.string()).optional(),
  complications: z
    .array(
      z.strictObject({
        type: z.enum([
          "nerve_root_injury",
          "cauda_equina",
          "pulmonary_embolism",
          "intestinal_rupture",
          "death",
          "urinary_retention",
          "wound_haematoma",
          "infection",
          "cement_leak_symptomatic",
          "other",
        ]),
        text: z.string().optional(),
        ...complicationSchema.shape,
      }),
    )
    .optional(),
  readers: z.array(
    z.strictObject({
      readerId: z.string(),
      role: z.string(),
      readAt: z.string().optional(),
      blinded: z.boolean().optional(),
    }),
  ),
  references: z
    .strictObject({
      segSopInstanceUid: uid.optional(),
      srSopInstanceUid: uid.optional(),
      kosSopInstanceUid: uid.optional(),
    })
    .optional(),
  /** What was done to every value, oldest first. */
  history: z.array(auditEntrySchema).optional(),
  /** What was assumed, dropped or repaired when the series was read, in words. */
  verificationLog: z.array(z.string()).optional(),
  /** Every check of the series when it was opened, in order, passed or not. Units stand in the names of the figures. */
  verification: z.array(checkSchema).optional(),
});

export type Findings = z.infer<typeof findingsSchema>;
export type FindingsLesion = Findings["lesions"][number];
export type FindingsLeak = Findings["leaks"][number];
export type FindingsPrevious = NonNullable<Findings["previousCement"]>[number];
export type FindingsMeasurement = NonNullable<Findings["measurements"]>[number];
export type Measures = z.infer<z.ZodObject<typeof measures>>;
export type Route = z.infer<typeof routeSchema>;
export type Confidence = z.infer<typeof confidenceSchema>;
export type Answer = z.infer<typeof answerSchema>;
export type Approach = z.infer<typeof approachSchema>;
export type Guidance = z.infer<typeof guidanceSchema>;
export type Side = z.infer<typeof sides>;
export type SacralLevel = z.infer<typeof sacralLevel>;
export type DenisZone = z.infer<typeof denisZone>;

/** JSON Schema (2020-12) of the findings, published beside the exports. */
export const findingsJsonSchema = (): object => ({
  $id: `urn:cement-leakage-viewer:findings:${SCHEMA_VERSION}`,
  title: "Cement leakage findings",
  ...z.toJSONSchema(findingsSchema),
});
