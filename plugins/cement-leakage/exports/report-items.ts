// Content items that several parts of the report are made of.
import type { CodedConcept } from "#core/coded-concept";
import type { ContentItem } from "#core/report-document";
import { STANDARD_CODES as S } from "#core/standard-codes";
import type { Side } from "../model/findings.ts";
import { sideCode } from "./segment-words.ts";

/** Modifies a finding site. The list of lateralities (CID 244) has no midline: that is a topographical modifier. */
export const sideModifier = (side: Side): ContentItem => ({
  relationship: "HAS CONCEPT MOD",
  type: "CODE",
  concept: side === "midline" ? S.topographicalModifier : S.laterality,
  code: sideCode(side),
});

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
