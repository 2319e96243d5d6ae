// FHIR R5 (5.0.0) as far as the exports use it: element names, types and cardinalities of hl7.org/fhir/R5, written here by hand, strict,
// so that a misspelt or misplaced element is refused. Kept apart from the writer: it imports nothing of it.
import { z } from "zod";

const id = z.string().regex(/^[A-Za-z0-9\-.]{1,64}$/);
const code = z.string().regex(/^[^\s]+( [^\s]+)*$/);
const text = z.string().min(1);
const date = z.string().regex(/^\d{4}(-\d{2}(-\d{2})?)?$/);
const instant = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/);
const dateTime = z.union([date, instant]);
const uri = z.string().regex(/^\S+$/);
/** Elements that may repeat are absent or have an item. */
const many = <T extends z.ZodType>(item: T) => z.array(item).min(1).optional();

const coding = z.strictObject({
  system: uri.optional(),
  version: text.optional(),
  code: code.optional(),
  display: text.optional(),
});
const concept = z
  .strictObject({ coding: many(coding), text: text.optional() })
  .refine((value) => value.coding !== undefined || value.text !== undefined, "an empty CodeableConcept");
const identifier = z.strictObject({
  use: z.enum(["usual", "official", "temp", "secondary", "old"]).optional(),
  type: concept.optional(),
  system: uri.optional(),
  value: text.optional(),
});
const reference = z.strictObject({
  reference: text.optional(),
  type: uri.optional(),
  identifier: identifier.optional(),
  display: text.optional(),
});
const quantity = z
  .strictObject({
    value: z.number().optional(),
    comparator: z.enum(["<", "<=", ">=", ">", "ad"]).optional(),
    unit: text.optional(),
    system: uri.optional(),
    code: code.optional(),
  })
  // qty-3: a code has its system.
  .refine((value) => value.code === undefined || value.system !== undefined, "qty-3");
const annotation = z.strictObject({ text });
const humanName = z.strictObject({
  text: text.optional(),
  family: text.optional(),
  given: many(text),
  prefix: many(text),
  suffix: many(text),
});
const codeableReference = z.strictObject({ concept: concept.optional(), reference: reference.optional() });
const base = { id, meta: z.strictObject({ tag: many(coding) }) };
const value = { valueQuantity: quantity.optional(), valueCodeableConcept: concept.optional() };

const patient = z.strictObject({
  resourceType: z.literal("Patient"),
  ...base,
  identifier: many(identifier),
  name: many(humanName),
  gender: z.enum(["male", "female", "other", "unknown"]).optional(),
  birthDate: date.optional(),
});

const practitioner = z.strictObject({
  resourceType: z.literal("Practitioner"),
  ...base,
  identifier: many(identifier),
  name: many(humanName),
});

const device = z.strictObject({
  resourceType: z.literal("Device"),
  ...base,
  identifier: many(identifier),
  displayName: text.optional(),
  manufacturer: text.optional(),
  serialNumber: text.optional(),
  version: many(z.strictObject({ value: text })),
  parent: reference.optional(),
});

const imagingStudy = z.strictObject({
  resourceType: z.literal("ImagingStudy"),
  ...base,
  identifier: many(identifier),
  status: z.enum(["registered", "available", "cancelled", "entered-in-error", "unknown", "inactive"]),
  subject: reference,
  started: dateTime.optional(),
  description: text.optional(),
  series: many(
    z.strictObject({
      uid: id,
      modality: concept,
      description: text.optional(),
      instance: many(z.strictObject({ uid: id, sopClass: coding })),
    }),
  ),
});

const bodyStructure = z.strictObject({
  resourceType: z.literal("BodyStructure"),
  ...base,
  identifier: many(identifier),
  includedStructure: z
    .array(
      z.strictObject({
        structure: concept,
        laterality: concept.optional(),
        qualifier: many(concept),
      }),
    )
    .min(1),
  patient: reference,
});

const imagingSelection = z.strictObject({
  resourceType: z.literal("ImagingSelection"),
  ...base,
  identifier: many(identifier),
  status: z.enum(["available", "entered-in-error", "unknown"]),
  subject: reference.optional(),
  derivedFrom: many(reference),
  code: concept,
  studyUid: id.optional(),
  seriesUid: id.optional(),
  frameOfReferenceUid: id.optional(),
  bodySite: codeableReference.optional(),
  focus: many(reference),
  instance: many(z.strictObject({ uid: id, sopClass: coding.optional(), subset: many(text) })),
});

const observation = z
  .strictObject({
    resourceType: z.literal("Observation"),
    ...base,
    identifier: many(identifier),
    partOf: many(reference),
    status: z.enum([
      "registered",
      "preliminary",
      "final",
      "amended",
      "corrected",
      "cancelled",
      "entered-in-error",
      "unknown",
    ]),
    category: many(concept),
    code: concept,
    subject: reference.optional(),
    effectiveDateTime: dateTime.optional(),
    issued: instant.optional(),
    performer: many(reference),
    ...value,
    note: many(annotation),
    bodySite: concept.optional(),
    bodyStructure: reference.optional(),
    method: concept.optional(),
    device: reference.optional(),
    hasMember: many(reference),
    derivedFrom: many(reference),
    component: many(z.strictObject({ code: concept, ...value })),
  })
  // Choice types: one value at most. obs-8: a body structure stands in place of a body site.
  .refine((one) => one.valueQuantity === undefined || one.valueCodeableConcept === undefined, "value[x]")
  .refine((one) => one.bodySite === undefined || one.bodyStructure === undefined, "obs-8")
  // obs-7: a component does not repeat the code that has a value.
  .refine(
    (one) =>
      (one.valueQuantity ?? one.valueCodeableConcept) === undefined ||
      !(one.component ?? []).some((part) => JSON.stringify(part.code) === JSON.stringify(one.code)),
    "obs-7",
  );

const diagnosticReport = z.strictObject({
  resourceType: z.literal("DiagnosticReport"),
  ...base,
  identifier: many(identifier),
  status: z.enum([
    "registered",
    "partial",
    "preliminary",
    "modified",
    "final",
    "amended",
    "corrected",
    "appended",
    "cancelled",
    "entered-in-error",
    "unknown",
  ]),
  code: concept,
  subject: reference.optional(),
  effectiveDateTime: dateTime.optional(),
  issued: instant.optional(),
  performer: many(reference),
  result: many(reference),
  study: many(reference),
  conclusion: text.optional(),
});

const resource = z.discriminatedUnion("resourceType", [
  patient,
  practitioner,
  device,
  imagingStudy,
  bodyStructure,
  imagingSelection,
  observation,
  diagnosticReport,
]);

export const bundleSchema = z
  .strictObject({
    resourceType: z.literal("Bundle"),
    ...base,
    identifier: identifier.optional(),
    type: z.literal("collection"),
    timestamp: instant.optional(),
    entry: many(z.strictObject({ fullUrl: uri, resource })),
  })
  // bdl-7: full URLs are unique; here a reference leads to a resource of the bundle, too.
  .refine(({ entry = [] }) => new Set(entry.map(({ fullUrl }) => fullUrl)).size === entry.length, "bdl-7");

export type R5Bundle = z.infer<typeof bundleSchema>;
export type R5Resource = NonNullable<R5Bundle["entry"]>[number]["resource"];
export type R5Observation = z.infer<typeof observation>;

/** Every Reference.reference anywhere in a value. */
export function referencesIn(part: unknown): string[] {
  if (Array.isArray(part)) return part.flatMap(referencesIn);
  if (typeof part !== "object" || part === null) return [];
  return Object.entries(part).flatMap(([key, entry]) =>
    key === "reference" && typeof entry === "string" ? [entry] : referencesIn(entry),
  );
}
