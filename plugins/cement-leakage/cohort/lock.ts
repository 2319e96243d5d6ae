// What a locked report rests on: its cases, filters and definitions, with a hash; and what has changed since.
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { z } from "zod";
import type { CohortFilters } from "./analysis.ts";
import type { Collected } from "./collect.ts";

const lockSchema = z.strictObject({
  kind: z.literal("cement-leakage-cohort-lock"),
  version: z.literal(1),
  /** ISO 8601: the day after which nothing was taken in. */
  cutOff: z.string(),
  filters: z.strictObject({
    groups: z.record(z.string(), z.string()),
    from: z.string(),
    to: z.string(),
  }),
  definitions: z.array(z.string()),
  software: z.string(),
  /** SHA-256 over the sorted lines "document id, last change" of `cases`, as hex. */
  sha256: z.string().length(64),
  cases: z.array(z.tuple([z.string(), z.string()])),
});
export type CohortLock = z.infer<typeof lockSchema>;

export function lockOf(
  { counted, standing }: Collected,
  filters: CohortFilters,
  cutOff: string,
  software: string,
): CohortLock {
  const cases = standing
    .map(({ documentId, changedAt }): [string, string] => [documentId, changedAt])
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return {
    kind: "cement-leakage-cohort-lock",
    version: 1,
    cutOff,
    filters: { groups: { ...filters.groups }, from: filters.from, to: filters.to },
    definitions: [...new Set(counted.map(({ definitionsVersion }) => definitionsVersion))].toSorted(),
    software,
    sha256: hashOf(cases),
    cases,
  };
}

const hashOf = (cases: CohortLock["cases"]): string =>
  bytesToHex(sha256(utf8ToBytes(cases.map((line) => line.join(" ")).join("\n"))));

export interface SinceLocked {
  readonly added: readonly string[];
  /** Signed anew since, under the same id or by an amendment. */
  readonly changed: readonly string[];
  readonly gone: readonly string[];
}

/** Throws Error where the text is no lock, or its list does not have the hash that it states. */
export function readLock(text: string): CohortLock {
  const lock = lockSchema.parse(JSON.parse(text));
  if (hashOf(lock.cases) !== lock.sha256)
    throw new Error("the list of cases does not have the hash that the lock states: one of them was changed");
  return lock;
}

export function sinceLocked(lock: CohortLock, { standing }: Collected): SinceLocked {
  const now = new Map(standing.map((one) => [one.documentId, one]));
  const then = new Map(lock.cases);
  const amended = new Map(
    standing.flatMap(({ documentId, supersedes }) => (supersedes ? [[supersedes, documentId] as const] : [])),
  );
  const isChanged = ([id, changedAt]: readonly [string, string]): boolean => {
    const found = now.get(id);
    return found ? found.changedAt !== changedAt : amended.has(id);
  };
  const replacing = new Set([...amended].filter(([old]) => then.has(old)).map(([, id]) => id));
  return {
    added: [...now.keys()].filter((id) => !then.has(id) && !replacing.has(id)),
    changed: lock.cases.filter(isChanged).map(([id]) => id),
    gone: lock.cases.filter(([id]) => !now.has(id) && !amended.has(id)).map(([id]) => id),
  };
}
