// Which of several findings of one case stand: drafts, signed ones, amendments, second reads and what was decided between them.
import type { Findings } from "./findings.ts";

/** When anything of it was last changed: ISO 8601 sorts as text. */
export const lastChangedAt = ({ createdAt, readers, history = [] }: Findings): string =>
  [createdAt, ...readers.flatMap(({ readAt }) => readAt ?? []), ...history.map(({ at }) => at)]
    .toSorted()
    .at(-1) ?? createdAt;

/** Alike for the same findings in two files: a JSON file, and inside a report. */
export const versionKey = (findings: Findings): string =>
  `${findings.documentId} ${findings.status} ${lastChangedAt(findings)}`;

/** Ids of documents that one of these replaces, or decides between. */
export const replacedIds = (versions: readonly Findings[]): ReadonlySet<string> =>
  new Set(
    versions
      .flatMap(({ supersedes, adjudicates }) => [supersedes, ...(adjudicates ?? [])])
      .filter((id) => id !== undefined),
  );
