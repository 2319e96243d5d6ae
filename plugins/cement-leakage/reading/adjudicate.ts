// The pieces of an adjudicated document: what both readers agree on, what was decided between them, and how they agreed.
import type { EditDraft } from "#contract";
import { isEmpty } from "#voxels/mask";
import { difference, unionAll } from "#voxels/set-operations";
import type { ComparedLeak, Comparison } from "../cohort/compare-reads.ts";
import { maskIdOfPart, type CaseDocument, type Part } from "../model/case-document.ts";
import type { SiteId } from "../model/sites.ts";
import type { OtherReadSide } from "./other-reads.ts";

/** Takes an earlier decision of the same line back, with the part that it made. */
export function withoutLine(
  draft: EditDraft,
  document: CaseDocument,
  [first, second]: readonly [OtherReadSide, OtherReadSide],
  line: ComparedLeak,
): CaseDocument {
  const of = (part: Part): boolean =>
    part.leak?.adjudicated?.origins.some(
      ({ documentId, leakId }) =>
        (documentId === first.document.documentId && leakId === line.first?.leakId) ||
        (documentId === second.document.documentId && leakId === line.second?.leakId),
    ) ?? false;
  for (const part of document.parts.filter(of)) draft.deleteMask(maskIdOfPart(part.partId));
  return {
    ...document,
    parts: document.parts.filter((part) => !of(part)),
    adjudication: (document.adjudication ?? []).filter((entry) => !isOf(entry, line)),
  };
}

type Decision = NonNullable<CaseDocument["adjudication"]>[number];

const isOf = (entry: Decision, line: ComparedLeak): boolean =>
  entry.firstLeakId === (line.first?.leakId ?? null) && entry.secondLeakId === (line.second?.leakId ?? null);

/** What was decided of a line of the comparison; null while it is open. */
export const decisionOf = (document: CaseDocument, line: ComparedLeak): Decision | null =>
  document.adjudication?.find((entry) => isOf(entry, line)) ?? null;

/** Writes a decision down. */
export function withLine(
  document: CaseDocument,
  line: ComparedLeak,
  choice: Decision["choice"],
  reason: string,
): CaseDocument {
  const entry: Decision = {
    firstLeakId: line.first?.leakId ?? null,
    secondLeakId: line.second?.leakId ?? null,
    choice,
    ...(reason ? { reason } : {}),
  };
  return { ...document, adjudication: [...(document.adjudication ?? []), entry] };
}

/** Cement in bone of a lesion is the first reader's, less what is a leak now. */
export function withBone(
  draft: EditDraft,
  document: CaseDocument,
  side: OtherReadSide,
  lesionId: string,
): CaseDocument {
  const leaks = document.parts.flatMap((part) => draft.mask(maskIdOfPart(part.partId)) ?? []);
  const parts = side.document.parts
    .filter((source) => source.role === "intraosseous" && source.lesionId === lesionId)
    .map((source, index): Part => {
      const mask = side.maskOf(source.partId);
      const rest = mask && leaks.length > 0 ? difference(mask, unionAll(mask, leaks)) : mask;
      const partId = `P${document.next.part + index}`;
      if (rest && !isEmpty(rest)) draft.setMask(maskIdOfPart(partId), rest);
      return { ...source, partId };
    });
  return {
    ...document,
    parts: [...document.parts, ...parts],
    next: { ...document.next, part: document.next.part + parts.length },
  };
}

/** Explicit negatives that both readers stated. */
export function withAgreedAnswers(
  document: CaseDocument,
  [first, second]: readonly [OtherReadSide, OtherReadSide],
): CaseDocument {
  const agreed = first.document.assessments.filter(
    (a) =>
      a.answer !== "present" &&
      second.document.assessments.some(
        (b) => b.lesionId === a.lesionId && b.site === a.site && b.answer === a.answer,
      ),
  );
  const documentIds = [first, second].map(({ document: own }) => own.documentId);
  return {
    ...document,
    assessments: agreed.map(({ seenSlices: _firstOnes, ...entry }) => ({
      ...entry,
      adjudicated: { documentIds },
    })),
  };
}

/** The figures of the pair, as counts. */
export function pairOf(result: Comparison): NonNullable<CaseDocument["pair"]> {
  return {
    presenceAgrees: result.presenceAgrees,
    matchedSites: result.leaks.flatMap(({ first, second }): [SiteId, SiteId][] =>
      first?.site && second?.site ? [[first.site, second.site]] : [],
    ),
    onlyFirst: result.leaks.filter(({ second }) => !second).length,
    onlySecond: result.leaks.filter(({ first }) => !first).length,
    answers: [...result.answeredPairs],
    dice: result.dice,
    volumeDifferenceMm3: Number(result.volumeDifferenceMm3.toFixed(3)),
  };
}
