// Measurement groups and qualitative evaluations of the report as FHIR R5 Observations, item by item, after HL7's "DICOM SR to FHIR"
// guide 1.0.0: what is said there is said here, so that the two cannot differ.
import type { ContentItem } from "#core/report-document";
import { STANDARD_CODES as S } from "#core/standard-codes";
import { UCUM, concept, sopClass, uidIdentifier, type Json, type ResourceSet } from "./fhir-parts.ts";

type NumberItem = ContentItem & { readonly type: "NUM" };

export interface ObservationContext {
  readonly resources: ResourceSet;
  /** Of every observation: status, subject, study, dates. */
  readonly common: { readonly [element: string]: Json | undefined };
  readonly patient: Json;
  readonly study: Json;
  readonly studyUid: string;
  readonly frameOfReferenceUid: string;
  readonly segmentationSeriesUid: string;
  readonly sourceSeriesUid: string;
  /** The program, or its algorithm by name and version. */
  device(name?: string, version?: string): Json;
  practitioner(name: string): Json;
}

/** What only the findings know of a group. */
export interface GroupFacts {
  /** Unique in the bundle. */
  readonly name: string;
  /** CT images that the segment lies on. */
  readonly sources: readonly {
    readonly sopClassUid: string;
    readonly sopInstanceUid: string;
    readonly frameNumber?: number;
  }[];
  /** The volume is a lower bound: cut off by the scan's edge. */
  readonly incomplete: boolean;
  /** HU at the scanner's ceiling. */
  readonly clipped: boolean;
  readonly note?: string;
}

const is = (item: ContentItem, code: { readonly value: string; readonly scheme: string }): boolean =>
  item.concept?.value === code.value && item.concept.scheme === code.scheme;

const find = <T extends ContentItem["type"]>(
  items: readonly ContentItem[],
  type: T,
  code: { readonly value: string; readonly scheme: string },
): (ContentItem & { readonly type: T }) | undefined =>
  items.find((item): item is ContentItem & { readonly type: T } => item.type === type && is(item, code));

/** Items that the group's own elements hold, and no observation of their own. */
const OF_THE_GROUP = [S.findingCategory, S.finding, S.findingSite, S.referencedSegment, S.sourceSeriesForSeg];

/** The observation of a measurement group, with one for each number and each answer below it. */
export function groupObservation(
  children: readonly ContentItem[],
  facts: GroupFacts,
  context: ObservationContext,
): Json {
  const { resources, common } = context;
  const algorithm = find(children, "TEXT", S.algorithmName);
  const device = algorithm
    ? context.device(algorithm.text, find(children, "TEXT", S.algorithmVersion)?.text)
    : context.device();
  const performer = children.flatMap((item) =>
    item.type === "PNAME" ? [context.practitioner(item.name)] : [],
  );
  const bodyStructure = bodyStructureOf(children, facts.name, context);
  const segment = segmentSelection(children, facts, bodyStructure, context);
  const shared = {
    ...common,
    ...(performer.length > 0 ? { performer } : {}),
    device,
    ...(bodyStructure ? { bodyStructure } : {}),
    ...(segment ? { derivedFrom: [segment] } : {}),
  };
  const items = children.filter(
    (item) => item.relationship === "CONTAINS" && !OF_THE_GROUP.some((code) => is(item, code)),
  );
  const members = items.flatMap((item, n): Json[] => {
    const name = `${facts.name} ${n}`;
    if (item.type === "NUM") return [resources.add("Observation", name, measurement(item, facts, shared))];
    if (item.type === "CODE" || item.type === "TEXT")
      return [resources.add("Observation", name, evaluation(item, shared))];
    return [];
  });
  const finding = find(children, "CODE", S.finding);
  const category = find(children, "CODE", S.findingCategory);
  return resources.add("Observation", facts.name, {
    ...shared,
    category: [concept(S.measurementGroup)],
    code: concept(category?.code ?? S.findingCategory),
    ...(finding ? { valueCodeableConcept: concept(finding.code) } : {}),
    ...(facts.note ? { note: [{ text: facts.note }] } : {}),
    ...(members.length > 0 ? { hasMember: members } : {}),
  });
}

const quantity = ({ value, decimals, unit }: NumberItem, lowerBound: boolean): Json => ({
  value: Number(value.toFixed(decimals)),
  ...(lowerBound ? { comparator: ">=" } : {}),
  unit: unit.meaning,
  system: UCUM,
  code: unit.value,
});

function measurement(
  item: NumberItem,
  { incomplete, clipped }: GroupFacts,
  shared: { readonly [element: string]: Json | undefined },
): { readonly [element: string]: Json | undefined } {
  const children = item.children ?? [];
  const method = find(children, "CODE", S.measurementMethod);
  const derivation = find(children, "CODE", S.derivation);
  const lowerBound =
    (incomplete && is(item, S.volume)) ||
    (clipped && is(item, S.attenuation) && derivation?.code.value !== S.sd.value);
  return {
    ...shared,
    code: concept(item.concept ?? S.finding),
    valueQuantity: quantity(item, lowerBound),
    ...(method ? { method: concept(method.code) } : {}),
    // The guide has no place for a derivation (mean, maximum): a component says which it is.
    ...(derivation
      ? { component: [{ code: concept(S.derivation), valueCodeableConcept: concept(derivation.code) }] }
      : {}),
    ...notesOf(children),
  };
}

/** An answer in a code or in words; numbers below it (a balance, a measured distance) become its components. */
function evaluation(
  item: ContentItem & ({ readonly type: "CODE" } | { readonly type: "TEXT" }),
  shared: { readonly [element: string]: Json | undefined },
): { readonly [element: string]: Json | undefined } {
  const children = item.children ?? [];
  const numbers = children.filter((child): child is NumberItem => child.type === "NUM");
  return {
    ...shared,
    category: [concept(S.qualitativeEvaluations)],
    code: concept(item.concept ?? S.comment),
    valueCodeableConcept: item.type === "CODE" ? concept(item.code) : { text: item.text },
    ...(numbers.length > 0
      ? {
          component: numbers.map((number) => ({
            code: componentCode(number),
            valueQuantity: quantity(number, false),
          })),
        }
      : {}),
    ...notesOf(children),
  };
}

/** Which of several attenuations it is stands in the words of its code. */
function componentCode(item: NumberItem): Json {
  const derivation = find(item.children ?? [], "CODE", S.derivation);
  const code = concept(item.concept ?? S.finding);
  return derivation && typeof code === "object" && "coding" in code
    ? { ...code, text: `${item.concept?.meaning ?? ""}, ${derivation.code.meaning}` }
    : code;
}

function notesOf(children: readonly ContentItem[]): { readonly note?: Json } {
  const texts = children.flatMap((child) =>
    child.type === "TEXT" && is(child, S.comment) ? [{ text: child.text }] : [],
  );
  return texts.length > 0 ? { note: texts } : {};
}

/** Study-level evaluations: leakage, technical success, each site of each lesion, what stands in words. */
export function studyObservations(container: ContentItem, context: ObservationContext): Json[] {
  const shared = { ...context.common, device: context.device() };
  return (container.children ?? []).flatMap((item, n): Json[] => {
    if (item.type !== "CODE" && item.type !== "TEXT") return [];
    const about = find(item.children ?? [], "TEXT", S.trackingIdentifier)?.text;
    const bodyStructure = about ? bodyStructureOf(item.children ?? [], about, context) : null;
    return [
      context.resources.add("Observation", `evaluation ${n}`, {
        ...evaluation(item, shared),
        ...(bodyStructure ? { bodyStructure } : {}),
      }),
    ];
  });
}

/** Finding site with its side, under the tracking identifiers (BodyStructureFindingSite of the guide). */
function bodyStructureOf(
  children: readonly ContentItem[],
  name: string,
  { resources, patient }: ObservationContext,
): Json | null {
  const site = find(children, "CODE", S.findingSite);
  if (!site) return null;
  const trackingId = find(children, "TEXT", S.trackingIdentifier);
  const trackingUid = find(children, "UIDREF", S.trackingUid);
  const side = find(site.children ?? [], "CODE", S.laterality);
  const qualifier = find(site.children ?? [], "CODE", S.topographicalModifier);
  return resources.add("BodyStructure", name, {
    identifier: [
      ...(trackingId ? [{ type: concept(S.trackingIdentifier), value: trackingId.text }] : []),
      ...(trackingUid ? [uidIdentifier(trackingUid.uid, S.trackingUid)] : []),
    ],
    includedStructure: [
      {
        structure: concept(site.code),
        ...(side ? { laterality: concept(side.code) } : {}),
        ...(qualifier ? { qualifier: [concept(qualifier.code)] } : {}),
      },
    ],
    patient,
  });
}

/** The segment, and the CT images that it was drawn on. */
function segmentSelection(
  children: readonly ContentItem[],
  { name, sources }: GroupFacts,
  bodyStructure: Json | null,
  context: ObservationContext,
): Json | null {
  const segment = find(children, "IMAGE", S.referencedSegment);
  if (!segment) return null;
  const common = {
    status: "available",
    subject: context.patient,
    derivedFrom: [context.study],
    studyUid: context.studyUid,
    frameOfReferenceUid: context.frameOfReferenceUid,
  };
  const source = context.resources.add("ImagingSelection", `source of ${name}`, {
    ...common,
    code: concept(S.sourceImageForSeg),
    seriesUid: context.sourceSeriesUid,
    instance: instancesOf(sources),
  });
  return context.resources.add("ImagingSelection", `segment of ${name}`, {
    ...common,
    code: concept(S.referencedSegment),
    seriesUid: context.segmentationSeriesUid,
    ...(bodyStructure ? { bodySite: { reference: bodyStructure } } : {}),
    focus: [source],
    instance: [
      {
        uid: segment.reference.sopInstanceUid,
        sopClass: sopClass(segment.reference.sopClassUid),
        subset: [String(segment.segmentNumber ?? 1)],
      },
    ],
  });
}

/** Each instance once, with its frames where it has several. */
export function instancesOf(references: GroupFacts["sources"]): Json[] {
  const frames = new Map<string, { readonly sopClassUid: string; readonly frames: number[] }>();
  for (const { sopInstanceUid, sopClassUid, frameNumber } of references) {
    const known = frames.get(sopInstanceUid) ?? { sopClassUid, frames: [] };
    if (frameNumber !== undefined && !known.frames.includes(frameNumber)) known.frames.push(frameNumber);
    frames.set(sopInstanceUid, known);
  }
  return [...frames].map(([uid, { sopClassUid, frames: numbers }]) => ({
    uid,
    sopClass: sopClass(sopClassUid),
    ...(numbers.length > 0 ? { subset: numbers.map(String) } : {}),
  }));
}
