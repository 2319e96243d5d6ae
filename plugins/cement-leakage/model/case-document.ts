// The case as it is being read: what a person decided, and nothing that can be computed.
// The host keeps it as JSON beside the masks, undoes and journals both together. Masks have the ids of `maskIdOfPart`.
import { z } from "zod";
import {
  answerSchema,
  confidenceSchema,
  findingsSchema,
  routeSchema,
  siteSchema,
  type Answer,
  type Findings,
} from "./findings.ts";
import { auditEntrySchema } from "./audit-entry.ts";
import { measurementSchema } from "./measurements.ts";
import { checklistFor, localTermSchema, sitesFor, type Site, type SiteId } from "./sites.ts";

const leakShape = findingsSchema.shape.leaks.element.shape;
const lesionShape = findingsSchema.shape.lesions.element.shape;

/** Fields of a leak that the engine proposes; nothing of it counts until a reader accepts it. */
const proposedSchema = z.strictObject({
  site: siteSchema,
  route: routeSchema,
  side: leakShape.side,
  sacralLevels: leakShape.sacralLevels,
  denisZoneOrigin: leakShape.denisZoneOrigin,
  confidence: confidenceSchema,
  maxBeyondCortexMm: leakShape.maxBeyondCortexMm,
  geometry: leakShape.geometry,
  score: z.number().min(0).max(1),
  reason: z.strictObject({ en: z.string(), zh: z.string() }),
  engineVersion: z.string(),
  /** What makes it less sure, and what lies near. */
  notes: z.array(z.strictObject({ en: z.string(), zh: z.string() })).optional(),
  /** The engine's own estimate, made with the bone's border in view; valid while the part has the voxels it was made for. */
  estimate: z
    .strictObject({ voxels: z.int(), mm3: z.number(), ci95Mm3: z.tuple([z.number(), z.number()]) })
    .optional(),
});

/** The fields of a leak that a reader answers; measured values are not among them. */
const leakFieldsSchema = z.strictObject({
  /** Shown in images and lists; never reused in a case. */
  number: z.int().positive(),
  site: siteSchema.nullable(),
  siteText: leakShape.siteText,
  route: routeSchema,
  side: leakShape.side,
  sacralLevels: leakShape.sacralLevels,
  denisZoneOrigin: leakShape.denisZoneOrigin,
  yeomTypes: leakShape.yeomTypes,
  alsoPresacral: leakShape.alsoPresacral,
  neuralRelation: leakShape.neuralRelation,
  roots: leakShape.roots,
  canalOccupancy: leakShape.canalOccupancy,
  cortexInterpolated: leakShape.cortexInterpolated,
  maxBeyondCortexMm: leakShape.maxBeyondCortexMm,
  geometry: leakShape.geometry,
  symptom: leakShape.symptom,
  complication: leakShape.complication,
  confidence: confidenceSchema,
  proposal: leakShape.proposal,
  communicated: leakShape.communicated,
  comment: leakShape.comment,
  adjudicated: leakShape.adjudicated,
});

const partSchema = z.strictObject({
  partId: z.string().min(1),
  role: z.enum(["undecided", "intraosseous", "leak", "not_cement"]),
  lesionId: z.string().nullable(),
  /** Parts cut from one connected component share it: one leak event in every rate. */
  componentId: z.string(),
  origin: z.enum(["found", "proposed", "cut", "painted", "imported"]),
  trackingUid: z.string(),
  /** Its own threshold where that is not the case's floor: a thin leak is measured at its local half maximum. */
  thresholdHu: z.number().optional(),
  /** Why it is not cement, or what the engine thinks of it. */
  reason: z.string().optional(),
  /** Metal and cement can't be told apart: the site counts, the voxels do not. */
  notMeasurable: z.literal("metal").optional(),
  /** Cement of an earlier procedure: as little counted as what is "not_cement", but exported as a segment of its own. */
  previous: z.literal(true).optional(),
  /** Not proposed as a leak, but a person has to look. */
  alert: z.boolean().optional(),
  /** What another program's segmentation called it, until a person decides what it is. */
  segment: z
    .strictObject({
      label: z.string(),
      /** "Neoplasm (108369006, SCT)": Segmented Property Type. */
      propertyType: z.string(),
      algorithm: z.string(),
      /** "#rrggbb", or empty. */
      color: z.string(),
    })
    .optional(),
  /** Locked voxels are changed by nothing; hidden ones are not drawn either. */
  locked: z.literal(true).optional(),
  hidden: z.literal(true).optional(),
  /** For a part without voxels here (read back from a file that keeps only its place). */
  lastKnown: z
    .strictObject({ volumeMm3: z.number(), centroidMm: z.tuple([z.number(), z.number(), z.number()]) })
    .optional(),
  leak: leakFieldsSchema.nullable(),
  proposed: proposedSchema.optional(),
});

const lesionSchema = z.strictObject({
  lesionId: z.string().min(1),
  bone: lesionShape.bone,
  vertebra: lesionShape.vertebra,
  side: lesionShape.side,
  sacralLevels: lesionShape.sacralLevels,
  denisZones: lesionShape.denisZones,
  pathology: lesionShape.pathology,
  lysis: lesionShape.lysis,
  corticalBreachPre: lesionShape.corticalBreachPre,
  injectedVolumeMl: lesionShape.injectedVolumeMl,
  needles: lesionShape.needles,
  trackingUid: z.string(),
});

/** A reading of the same case that is put aside: hidden while another reader reads blinded, then compared with. */
const otherReadSchema = z.strictObject({
  /** "R1": its masks have the ids `read/R1/part/P3`. */
  readId: z.string().min(1),
  documentId: z.string(),
  readerName: z.string(),
  role: z.string(),
  signedAt: z.string(),
  /** Its own working document, as it was signed; parsed where it is used. */
  document: z.json(),
});

export const caseDocumentSchema = z.strictObject({
  kind: z.literal("cement-leakage-case"),
  version: z.literal(1),
  documentId: z.string(),
  createdAt: z.string(),
  status: z.enum(["draft", "final"]),
  supersedes: z.string().optional(),
  secondReadOf: findingsSchema.shape.secondReadOf,
  adjudicates: findingsSchema.shape.adjudicates,
  signed: z
    .strictObject({
      readerName: z.string(),
      role: z.string(),
      at: z.string(),
      blinded: z.boolean().optional(),
    })
    .optional(),
  /** Lower bound of cement in HU; null until cement was searched. */
  floorHu: z.number().nullable(),
  proposedFloorHu: z.number().nullable(),
  parts: z.array(partSchema),
  lesions: z.array(lesionSchema),
  /** Explicit answers "absent" and "not assessable"; "present" follows from the leaks. */
  assessments: z.array(
    z.strictObject({
      lesionId: z.string(),
      site: siteSchema,
      answer: answerSchema,
      reason: z.string().optional(),
      seenSlices: findingsSchema.shape.siteAssessments.element.shape.seenSlices,
      adjudicated: findingsSchema.shape.siteAssessments.element.shape.adjudicated,
    }),
  ),
  complications: findingsSchema.shape.complications,
  /** What no header says of the CT: hours after the procedure, contrast given, what the field of view covers. */
  imagingFacts: findingsSchema.shape.imaging
    .pick({ hoursAfterProcedure: true, marUsed: true, contrast: true, vesselHu: true, fieldOfView: true })
    .optional(),
  /** Distances, angles and ellipses that the reader drew. */
  measurements: z.array(measurementSchema).optional(),
  procedure: findingsSchema.shape.procedure,
  /** The study of the earlier CT that the engine compared with. */
  priorStudyUid: findingsSchema.shape.imaging.shape.priorStudyUid,
  /** Left and right confirmed by a person where the headers contradict each other. */
  sideConfirmed: z.boolean(),
  /** The reader went through the cement once with the engine's marks off. */
  unmarkedLook: z.boolean().optional(),
  /** What was done to every value, oldest first; only added to (`withAudit`). */
  audit: z.array(auditEntrySchema).optional(),
  otherReads: z.array(otherReadSchema).optional(),
  adjudication: findingsSchema.shape.adjudication,
  /** Definitions of the local sites that it rests on (`withTerms`). */
  terms: z.array(localTermSchema).optional(),
  pair: findingsSchema.shape.pair,
  /** Readers before the one who signs: of an adjudicated case, the two. */
  otherReaders: findingsSchema.shape.readers.optional(),
  /** Next number for leaks, lesions and parts, so that none is used twice. */
  next: z.strictObject({ leak: z.int(), lesion: z.int(), part: z.int() }),
});

export type CaseDocument = z.infer<typeof caseDocumentSchema>;
export type OtherRead = z.infer<typeof otherReadSchema>;
export type Part = CaseDocument["parts"][number];
export type Lesion = CaseDocument["lesions"][number];
export type LeakFields = NonNullable<Part["leak"]>;
export type Proposed = z.infer<typeof proposedSchema>;
export type LeakPart = Part & { readonly role: "leak"; readonly leak: LeakFields };

/** Everything found below the size of a part, together. */
export const SPECKS_MASK_ID = "specks";
export const maskIdOfPart = (partId: string): string =>
  partId === SPECKS_MASK_ID ? partId : `part/${partId}`;

export function newCase(options: {
  documentId: string;
  createdAt: string;
  trackingUid: string;
  procedureType?: Findings["procedure"]["type"];
}): CaseDocument {
  return {
    kind: "cement-leakage-case",
    version: 1,
    documentId: options.documentId,
    createdAt: options.createdAt,
    status: "draft",
    floorHu: null,
    proposedFloorHu: null,
    parts: [],
    lesions: [{ lesionId: "L1", bone: "sacrum", side: "midline", trackingUid: options.trackingUid }],
    assessments: [],
    procedure: { type: options.procedureType ?? "sacroplasty" },
    sideConfirmed: false,
    next: { leak: 1, lesion: 2, part: 1 },
  };
}

export const isLeak = (part: Part): part is LeakPart => part.role === "leak" && part.leak !== null;
/** Once it is decided to be cement of this procedure, it is none of an earlier one. */
export const isPrevious = (part: Part): boolean => part.role === "not_cement" && part.previous === true;
export const leaksOf = (document: CaseDocument): LeakPart[] =>
  document.parts.filter(isLeak).sort((a, b) => a.leak.number - b.leak.number);
export const partOf = (document: CaseDocument, partId: string): Part | undefined =>
  document.parts.find((part) => part.partId === partId);
export const lesionOf = (document: CaseDocument, lesionId: string | null): Lesion | undefined =>
  document.lesions.find((lesion) => lesion.lesionId === lesionId);

export function withPart(document: CaseDocument, partId: string, change: (part: Part) => Part): CaseDocument {
  return { ...document, parts: document.parts.map((part) => (part.partId === partId ? change(part) : part)) };
}

export interface NewPart {
  readonly newUid: () => string;
  readonly origin: Part["origin"];
  readonly role: Part["role"];
  readonly lesionId: string | null;
  readonly componentId?: string;
  readonly reason?: string;
  readonly proposed?: Proposed;
  readonly notMeasurable?: Part["notMeasurable"];
  readonly previous?: Part["previous"];
  readonly alert?: boolean;
}

/** Adds a part, whose id is `P` and the document's next number; its mask is the caller's to keep under that id. */
export function withPartAdded(document: CaseDocument, part: NewPart): CaseDocument {
  const partId = `P${document.next.part}`;
  return {
    ...document,
    next: { ...document.next, part: document.next.part + 1 },
    parts: [
      ...document.parts,
      {
        partId,
        role: part.role,
        lesionId: part.lesionId,
        componentId: part.componentId ?? partId,
        origin: part.origin,
        trackingUid: part.newUid(),
        ...(part.reason ? { reason: part.reason } : {}),
        leak: null,
        ...(part.proposed ? { proposed: part.proposed } : {}),
        ...(part.notMeasurable ? { notMeasurable: part.notMeasurable } : {}),
        ...(part.previous ? { previous: part.previous } : {}),
        ...(part.alert ? { alert: true } : {}),
      },
    ],
  };
}

/** What the engine proposed as the fields of a leak; the proposal itself stays beside them. */
export function leakFieldsOfProposed(proposed: Proposed, number: number): LeakFields {
  const { score, reason, engineVersion, estimate: _estimate, notes: _notes, ...fields } = proposed;
  return {
    number,
    ...fields,
    symptom: "not_assessed", // imaging alone cannot say "asymptomatic" (DOMAIN §1.6)
    proposal: { site: fields.site, route: fields.route, score, reason: reason.en, engineVersion },
  };
}

export function withLesion(document: CaseDocument, lesionId: string, change: Partial<Lesion>): CaseDocument {
  return {
    ...document,
    lesions: document.lesions.map((lesion) =>
      lesion.lesionId === lesionId ? { ...lesion, ...change } : lesion,
    ),
  };
}

type SiteAnswer = Pick<
  CaseDocument["assessments"][number],
  "answer" | "reason" | "seenSlices" | "adjudicated"
>;

/**
 * The answer to one line of a lesion's checklist. A tagged leak answers "present" by itself; a leak that belongs to no
 * single lesion answers it for every lesion whose bone has that site.
 */
export function siteAnswer(document: CaseDocument, lesionId: string, site: SiteId): SiteAnswer | null {
  const lesion = lesionOf(document, lesionId);
  const leaksHere = leaksOf(document).some(
    (part) =>
      part.leak.site === site &&
      (part.lesionId === lesionId ||
        (part.lesionId === null && lesion && sitesFor(lesion.bone).some((entry) => entry.id === site))),
  );
  if (leaksHere) return { answer: "present" };
  const stated = document.assessments.find((entry) => entry.lesionId === lesionId && entry.site === site);
  if (!stated) return null;
  const { answer, reason, seenSlices, adjudicated } = stated;
  return {
    answer,
    reason,
    ...(seenSlices ? { seenSlices } : {}),
    ...(adjudicated ? { adjudicated } : {}),
  };
}

/** States an answer (null takes it back). "present" is never stated: it follows from a leak with that site. */
export function withAnswer(
  document: CaseDocument,
  lesionId: string,
  site: SiteId,
  answer: (Pick<SiteAnswer, "reason" | "seenSlices"> & { answer: Exclude<Answer, "present"> }) | null,
): CaseDocument {
  const others = document.assessments.filter((entry) => entry.lesionId !== lesionId || entry.site !== site);
  return { ...document, assessments: answer ? [...others, { lesionId, site, ...answer }] : others };
}

/** What is asked of a lesion; of a signed case what was asked then. */
export const checklistOf = (document: CaseDocument, lesion: Lesion): readonly Site[] =>
  checklistFor(lesion.bone, document.status === "final" ? (document.terms ?? []) : undefined);

/** Checklist sites of a lesion that nobody has answered yet. */
export const openSites = (document: CaseDocument, lesion: Lesion): SiteId[] =>
  checklistOf(document, lesion)
    .map((entry) => entry.id)
    .filter((site) => siteAnswer(document, lesion.lesionId, site) === null);
