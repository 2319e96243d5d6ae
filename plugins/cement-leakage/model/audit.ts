// The history of every value: who set it, when, in which step, from what to what, and what the engine had proposed.
// It is made by comparing the document before and after a step, so no verb can forget it. It only ever grows: undo takes a
// step's entries back together with the step, and a signature, which can't be undone, seals all before it.
import type { z } from "zod";
import type { AuditEntry } from "./audit-entry.ts";
import type { CaseDocument, Part } from "./case-document.ts";

type Json = z.infer<ReturnType<typeof z.json>>;

export interface AuditStamp {
  readonly at: string;
  readonly who: string;
  readonly what: string;
  /** "imported": the values came from a file; "habit": from what the department always does. */
  readonly origin?: "imported" | "habit";
}

/** Counts of voxels of a part before and after a step; null where it had no mask. */
export interface VoxelChange {
  readonly partId: string;
  readonly from: number | null;
  readonly to: number | null;
}

/** Not values that a reader gave: identities, numbering, and the trail itself. */
const UNTRACKED = new Set([
  "kind",
  "version",
  "documentId",
  "createdAt",
  "next",
  "audit",
  "trackingUid",
  "partId",
  "lesionId",
  "measurementId",
  "componentId",
  "number",
  "proposed",
  "proposal",
  "geometry",
  "lastKnown",
  "alert",
  "terms",
]);

type Leaves = ReadonlyMap<string, Json>;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Paths and values of a record; arrays are one value each. Keys named in UNTRACKED stay out, on every level. */
function leavesOf(value: unknown, prefix = "", into = new Map<string, Json>()): Leaves {
  if (!isRecord(value)) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    if (value !== undefined && value !== null) into.set(prefix, value as Json); // a leaf of a JSON document
    return into;
  }
  for (const [key, entry] of Object.entries(value))
    if (!UNTRACKED.has(key)) leavesOf(entry, prefix ? `${prefix}.${key}` : key, into);
  return into;
}

/** What was found and nobody has decided or proposed anything of is no value yet. */
const isTracked = (part: Part | undefined): part is Part =>
  part !== undefined && (part.role !== "undecided" || part.proposed !== undefined);

/** A part belongs to a lesion by the reader's word: here the id is a value. A proposal is one value, its site. */
const valuesOfPart = (part: Part): Leaves =>
  leavesOf({
    ...part,
    lesion: part.lesionId,
    ...(part.proposed ? { proposedSite: part.proposed.site } : {}),
  });

/** Everything in a document that has a value, by what it is about. */
function valuesOf(document: CaseDocument): ReadonlyMap<string, Leaves> {
  const { procedure, lesions, parts, assessments, measurements, otherReads: _reads, ...rest } = document;
  return new Map<string, Leaves>([
    ["case", leavesOf(rest)],
    ["procedure", leavesOf(procedure)],
    ...lesions.map((lesion): [string, Leaves] => [`lesion ${lesion.lesionId}`, leavesOf(lesion)]),
    ...parts.filter(isTracked).map((part): [string, Leaves] => [`part ${part.partId}`, valuesOfPart(part)]),
    ...assessments.map((entry): [string, Leaves] => [
      `site ${entry.lesionId}/${entry.site}`,
      leavesOf({ answer: entry.answer, reason: entry.reason }),
    ]),
    ...(measurements ?? []).map((one): [string, Leaves] => [
      `measurement ${one.measurementId}`,
      leavesOf(one),
    ]),
  ]);
}

const same = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);

const NOTHING: Leaves = new Map();

/** Where a value came from, in the light of what the engine had proposed for its part. */
function originOf(
  part: Part | undefined,
  field: string,
  to: Json | undefined,
): Pick<AuditEntry, "origin" | "engineVersion" | "score"> {
  if (to === undefined) return { origin: "removed" };
  const { proposed } = part ?? {};
  if (!proposed) return { origin: "entered" };
  const { engineVersion, score } = proposed;
  if (field === "proposedSite") return { origin: "proposed", engineVersion, score };
  const offers = new Map(Object.entries(proposed));
  const of = /^leak\.(\w+)$/.exec(field)?.[1] ?? "";
  if (field === "role" && to !== "undecided")
    return { origin: to === "leak" ? "accepted" : "changed", engineVersion, score };
  if (!offers.has(of)) return { origin: "entered" };
  return { origin: same(offers.get(of), to) ? "accepted" : "changed", engineVersion, score };
}

/** The entries of one step. `voxels`: parts whose mask the step changed. */
export function auditOf(
  before: CaseDocument,
  after: CaseDocument,
  voxels: readonly VoxelChange[],
  { at, who, what, origin: given }: AuditStamp,
): AuditEntry[] {
  const was = valuesOf(before);
  const is = valuesOf(after);
  const partsAfter = new Map(after.parts.map((part) => [`part ${part.partId}`, part]));
  const entries: AuditEntry[] = [];
  for (const about of new Set([...was.keys(), ...is.keys()])) {
    const old = was.get(about) ?? NOTHING;
    const now = is.get(about) ?? NOTHING;
    if (now.size === 0 && old.size > 0 && !is.has(about)) {
      entries.push({ at, who, what, about, origin: "removed" });
      continue;
    }
    for (const field of new Set([...old.keys(), ...now.keys()])) {
      const from = old.get(field);
      const to = now.get(field);
      if (same(from, to)) continue;
      entries.push({
        at,
        who,
        what,
        about,
        field,
        ...(from === undefined ? {} : { from }),
        ...(to === undefined ? {} : { to }),
        ...(given ? { origin: given } : originOf(partsAfter.get(about), field, to)),
      });
    }
  }
  const decided = (document: CaseDocument, partId: string): boolean =>
    isTracked(document.parts.find((part) => part.partId === partId));
  for (const { partId, from, to } of voxels)
    if (from !== to && (decided(before, partId) || decided(after, partId)))
      entries.push({
        at,
        who,
        what,
        about: `part ${partId}`,
        field: "voxels",
        ...(from === null ? {} : { from }),
        ...(to === null ? {} : { to }),
        ...(given ? { origin: given } : {}),
      });
  return entries;
}

/** The document with what a step changed written at the end of its trail; the trail before it is never touched. */
export function withAudit(
  before: CaseDocument,
  after: CaseDocument,
  voxels: readonly VoxelChange[],
  stamp: AuditStamp,
): CaseDocument {
  const entries = auditOf(before, after, voxels, stamp);
  const trail = after.audit ?? [];
  return entries.length > 0 ? { ...after, audit: [...trail, ...entries] } : after;
}

/** How one value came to be, oldest first; of a whole part, lesion or site where `field` is left out. */
export const historyOf = (document: CaseDocument, about: string, field?: string): readonly AuditEntry[] =>
  (document.audit ?? []).filter(
    (entry) => entry.about === about && (field === undefined || entry.field === field),
  );
