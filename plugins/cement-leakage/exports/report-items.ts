// Content items that several parts of the report are made of.
import type { CodedConcept } from "#core/coded-concept";
import type { ContentItem } from "#core/report-document";
import { STANDARD_CODES as S } from "#core/standard-codes";

export const answer = (concept: CodedConcept, value: CodedConcept): ContentItem => ({
  relationship: "CONTAINS",
  type: "CODE",
  concept,
  code: value,
});

/** A number, or nothing where it was not measured. */
export function number(
  concept: CodedConcept,
  value: number | undefined,
  decimals: number,
  unit: CodedConcept,
  children: readonly ContentItem[] = [],
  relationship: ContentItem["relationship"] = "CONTAINS",
): ContentItem[] {
  return value === undefined ? [] : [{ relationship, type: "NUM", concept, value, decimals, unit, children }];
}

export const remark = (text: string): ContentItem => ({
  relationship: "HAS PROPERTIES",
  type: "TEXT",
  concept: S.comment,
  text,
});
