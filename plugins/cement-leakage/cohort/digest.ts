// What is kept of a findings document in a cohort: its record, and what decides whether it counts. The document itself is let go.
import type { Findings } from "../model/findings.ts";
import { lastChangedAt } from "../model/versions.ts";
import { caseRecord, type CohortCase } from "./case-record.ts";

export interface FindingsDigest {
  readonly documentId: string;
  readonly status: Findings["status"];
  readonly changedAt: string;
  readonly supersedes?: string;
  readonly secondReadOf?: string;
  readonly adjudicates?: readonly [string, string];
  /** Agreement of the two reads that it adjudicates. */
  readonly pair?: Findings["pair"];
  readonly notForDiagnosis: string;
  readonly record: CohortCase;
}

export function digestOf(findings: Findings, path: string): FindingsDigest {
  const { documentId, status, supersedes, secondReadOf, adjudicates, pair, notForDiagnosis } = findings;
  return {
    documentId,
    status,
    changedAt: lastChangedAt(findings),
    ...(supersedes ? { supersedes } : {}),
    ...(secondReadOf ? { secondReadOf } : {}),
    ...(adjudicates ? { adjudicates } : {}),
    ...(pair ? { pair } : {}),
    notForDiagnosis,
    record: caseRecord(findings, path),
  };
}

/** The same document in two files: a JSON file, and inside a report. */
export const sameVersionKey = ({ documentId, status, changedAt }: FindingsDigest): string =>
  `${documentId} ${status} ${changedAt}`;
