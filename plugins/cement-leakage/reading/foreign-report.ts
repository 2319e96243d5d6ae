// A structured report of any writer as far as it is understood: its measurement groups (TID 1410, 1411, 1501), and what is left over.
import type { DecodedReport } from "#contract";
import type { CodedConcept } from "#core/coded-concept";
import type { Problem } from "#core/problem";
import type { ContentItem } from "#core/report-document";
import { STANDARD_CODES as S } from "#core/standard-codes";

export interface ReportedValue {
  readonly name: string;
  /** With its unit; a code's meaning; a text. */
  readonly value: string;
}

export interface ReportedGroup {
  /** Tracking Identifier, or the finding, or nothing. */
  readonly name: string;
  readonly values: readonly ReportedValue[];
}

export interface ForeignReport {
  readonly path: string;
  readonly title: string;
  readonly madeBy: string;
  /** DICOM date and time of its content; empty where absent. */
  readonly when: string;
  readonly signed: boolean;
  readonly groups: readonly ReportedGroup[];
  /** Values outside any group: evaluations of the whole study. */
  readonly others: readonly ReportedValue[];
  /** Kinds of items that are not shown, with their number: "SCOORD (3)". */
  readonly notUnderstood: readonly string[];
}

const same = (a: CodedConcept | null, b: CodedConcept): boolean =>
  a !== null && a.value === b.value && a.scheme === b.scheme;

type Tree = readonly ContentItem[];
const everyItem = (items: Tree): Tree => items.flatMap((item) => [item, ...everyItem(item.children ?? [])]);

const isGroup = (item: ContentItem): boolean =>
  item.type === "CONTAINER" && same(item.concept, S.measurementGroup);

/** What the report says of each measured thing. `problems` are the reader's warnings: what it could not read. */
export function foreignReport(
  report: DecodedReport,
  path: string,
  problems: readonly Problem[],
): ForeignReport {
  const groups = everyItem(report.content).filter(isGroup);
  const inGroups = new Set(groups.flatMap((group) => everyItem([group])));
  const about: readonly CodedConcept[] = [S.language, S.observerType, S.modality];
  return {
    path,
    title: report.title.meaning,
    madeBy: report.madeBy,
    when: report.contentDateTime,
    signed: report.completion === "COMPLETE",
    groups: groups.map(groupOf),
    others: everyItem(report.content)
      .filter((item) => !inGroups.has(item) && item.relationship === "CONTAINS")
      .filter((item) => !about.some((concept) => same(item.concept, concept)))
      .flatMap(valueOf),
    notUnderstood: problems.flatMap(({ code, details }) =>
      code === "sr/not-understood" ? [`${String(details.kind)} (${String(details.count)})`] : [],
    ),
  };
}

function groupOf(group: ContentItem): ReportedGroup {
  const items = group.children ?? [];
  const tracking = items.find((item) => item.type === "TEXT" && same(item.concept, S.trackingIdentifier));
  const finding = items.find((item) => item.type === "CODE" && same(item.concept, S.finding));
  const name =
    (tracking?.type === "TEXT" ? tracking.text : "") ||
    (finding?.type === "CODE" ? finding.code.meaning : "");
  return { name, values: items.filter((item) => item !== tracking).flatMap(valueOf) };
}

function valueOf(item: ContentItem): ReportedValue[] {
  const name = item.concept?.meaning ?? "";
  switch (item.type) {
    case "NUM": {
      const derivation = (item.children ?? []).find((child) => same(child.concept, S.derivation));
      const how = derivation?.type === "CODE" ? ` (${derivation.code.meaning})` : "";
      return [
        { name: `${name}${how}`, value: `${item.value.toFixed(item.decimals)} ${unitOf(item.unit)}`.trim() },
      ];
    }
    case "CODE":
      return [{ name, value: item.code.meaning || item.code.value }];
    case "TEXT":
      return item.text === "" ? [] : [{ name, value: item.text }];
    case "CONTAINER":
    case "UIDREF":
    case "PNAME":
    case "SCOORD3D":
    case "IMAGE":
    case "COMPOSITE":
      return [];
  }
}

/** UCUM writes "no units" as 1. */
const unitOf = ({ value }: CodedConcept): string => (value === "1" ? "" : value);

/** Volume (voxel count, mm3) of each measurement group by its Tracking Unique Identifier. */
export function volumesByTrackingUid({ content }: DecodedReport): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const { children = [] } of everyItem(content).filter(isGroup)) {
    const tracking = children.find((item) => item.type === "UIDREF" && same(item.concept, S.trackingUid));
    const volume = children.find((item) => item.type === "NUM" && same(item.concept, S.volume));
    if (tracking?.type === "UIDREF" && volume?.type === "NUM") found.set(tracking.uid, volume.value);
  }
  return found;
}
