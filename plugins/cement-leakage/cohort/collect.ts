// Which of the findings that were given count: signed, the newest of each document, each case once; everything else is listed with why.
import type { Problem, Result } from "#core/problem";
import type { LocalText } from "../model/sites.ts";
import type { CohortCase } from "./case-record.ts";
import { sameVersionKey, type FindingsDigest } from "./digest.ts";

/** What was found in one file; the same document may stand in several. */
export interface GivenFindings {
  /** For the list of what was left out; never a patient's name. */
  readonly path: string;
  readonly findings: Result<FindingsDigest>;
}

export type LeftOutBecause =
  "unreadable" | "duplicate" | "older version" | "superseded" | "draft" | "second read" | "adjudicated";

export interface LeftOut {
  readonly path: string;
  readonly because: LeftOutBecause;
  /** Where the file could not be read: what was wrong with it. */
  readonly problem?: Problem;
  readonly documentId?: string;
}

export interface Collected {
  readonly counted: readonly CohortCase[];
  /** Of each counted document: when it was last changed, and what it replaces. */
  readonly standing: readonly Pick<FindingsDigest, "documentId" | "changedAt" | "supersedes">[];
  /** In the order given. */
  readonly leftOut: readonly LeftOut[];
  /** Second reads and reads that were adjudicated: for agreement, never for rates. */
  readonly otherReads: readonly FindingsDigest[];
  /** Counted documents that were decided between two reads, with how the two agreed. */
  readonly adjudications: readonly FindingsDigest[];
}

export const LEFT_OUT_TEXT: Readonly<Record<LeftOutBecause, LocalText>> = {
  unreadable: { en: "not readable as findings", zh: "无法作为结果读取" },
  duplicate: { en: "the same findings twice", zh: "重复的结果" },
  "older version": { en: "an older state of the same document", zh: "同一文档的较早状态" },
  superseded: { en: "replaced by an amendment", zh: "已被修订版替代" },
  draft: { en: "not signed", zh: "未签署" },
  "second read": { en: "a second read: counts for agreement only", zh: "第二次阅片：仅用于一致性" },
  adjudicated: { en: "one of two reads that were adjudicated", zh: "已裁定的两次阅片之一" },
};

/** Sorts findings; the order in which files are given does not matter to what counts. */
export function collect(given: readonly GivenFindings[]): Collected {
  const leftOut = new Map<GivenFindings, LeftOut>();
  const leave = (one: GivenFindings, because: LeftOutBecause): void => {
    const { path, findings } = one;
    leftOut.set(one, {
      path,
      because,
      ...(findings.ok ? { documentId: findings.value.documentId } : { problem: findings.problem }),
    });
  };
  const readable: { readonly one: GivenFindings; readonly findings: FindingsDigest }[] = [];
  const seen = new Set<string>();
  for (const one of given) {
    if (!one.findings.ok) leave(one, "unreadable");
    else if (seen.has(sameVersionKey(one.findings.value))) leave(one, "duplicate");
    else {
      seen.add(sameVersionKey(one.findings.value));
      readable.push({ one, findings: one.findings.value });
    }
  }
  const signed = readable.filter(({ one, findings }) => {
    if (findings.status === "draft") leave(one, "draft");
    return findings.status !== "draft";
  });
  const newest = new Map<string, (typeof signed)[number]>();
  for (const entry of signed) {
    const before = newest.get(entry.findings.documentId);
    if (!before) newest.set(entry.findings.documentId, entry);
    else {
      const later = entry.findings.changedAt > before.findings.changedAt;
      leave((later ? before : entry).one, "older version");
      if (later) newest.set(entry.findings.documentId, entry);
    }
  }
  const standing = [...newest.values()];
  const decided = new Set(standing.flatMap(({ findings }) => findings.adjudicates ?? []));
  const superseded = new Set(standing.flatMap(({ findings }) => findings.supersedes ?? []));
  const counted: { readonly digest: FindingsDigest; readonly record: CohortCase }[] = [];
  const otherReads: FindingsDigest[] = [];
  for (const { one, findings: digest } of standing) {
    const { documentId, secondReadOf } = digest;
    if (decided.has(documentId)) leave(one, "adjudicated");
    else if (superseded.has(documentId)) leave(one, "superseded");
    else if (secondReadOf !== undefined && digest.adjudicates === undefined) leave(one, "second read");
    else {
      counted.push({ digest, record: digest.record });
      continue;
    }
    if (!superseded.has(documentId)) otherReads.push(digest);
  }
  counted.sort((a, b) => (a.digest.documentId < b.digest.documentId ? -1 : 1));
  return {
    counted: counted.map(({ record }) => record),
    standing: counted.map(({ digest: { documentId, changedAt, supersedes } }) => ({
      documentId,
      changedAt,
      ...(supersedes ? { supersedes } : {}),
    })),
    leftOut: given.flatMap((one) => leftOut.get(one) ?? []),
    otherReads,
    adjudications: counted.flatMap(({ digest }) => (digest.adjudicates ? [digest] : [])),
  };
}
