// Who is answerable for a segment: the readers who decided about it, or the program alone where nobody has yet.
import type { CodedConcept } from "#core/coded-concept";
import { derivedUid } from "#core/derived-uid";
import type { ContentItem } from "#core/report-document";
import type { Equipment } from "#core/segmentation-document";
import { STANDARD_CODES as S } from "#core/standard-codes";
import type { Findings } from "../model/findings.ts";
import type { NumberedSegment } from "./prepare.ts";
import { personName } from "./segment-words.ts";

/** Steps of the history that a person took. */
const DECIDED = new Set(["accepted", "changed", "entered", "habit", "imported"]);

/**
 * Names of the readers who decided about this segment, in the order of their first step; of a signed document without such steps, its
 * readers. Empty: the program's proposal that nobody has touched.
 */
export function decidedBy(segment: NumberedSegment, findings: Findings): readonly string[] {
  const readers = findings.readers.map(({ readerId }) => readerId);
  if (segment.kind !== "leak") return readers;
  const { partId, proposal } = segment.leak;
  const steps = (findings.history ?? []).filter(
    ({ about, origin, who }) =>
      partId !== undefined && about === `part ${partId}` && DECIDED.has(origin ?? "") && who !== "",
  );
  if (steps.length > 0) return [...new Set(steps.map(({ who }) => who))];
  return findings.status === "draft" && proposal ? [] : readers;
}

/** What found the voxels, and in which version: the engine's own where it proposed the leak. */
export const algorithmVersion = (segment: NumberedSegment, findings: Findings): string =>
  (segment.kind === "leak" ? segment.leak.proposal?.engineVersion : undefined) ?? findings.software.version;

export const personObserver = (name: string): ContentItem[] => [
  { relationship: "HAS OBS CONTEXT", type: "CODE", concept: S.observerType, code: S.observerPerson },
  { relationship: "HAS OBS CONTEXT", type: "PNAME", concept: S.personObserverName, name: personName(name) },
];

/** The program itself (TID 1004). Its UID follows from what the installation says of itself. */
export const deviceUid = ({ manufacturer, manufacturerModelName, deviceSerialNumber }: Equipment): string =>
  derivedUid("device", manufacturer, manufacturerModelName, deviceSerialNumber);

export function deviceObserver(findings: Findings, equipment: Equipment): ContentItem[] {
  const text = (concept: CodedConcept, value: string): ContentItem => ({
    relationship: "HAS OBS CONTEXT",
    type: "TEXT",
    concept,
    text: value,
  });
  return [
    { relationship: "HAS OBS CONTEXT", type: "CODE", concept: S.observerType, code: S.observerDevice },
    {
      relationship: "HAS OBS CONTEXT",
      type: "UIDREF",
      concept: S.deviceObserverUid,
      uid: deviceUid(equipment),
    },
    text(S.deviceObserverName, findings.software.name),
    text(S.deviceObserverManufacturer, equipment.manufacturer),
    text(S.deviceObserverModelName, `${equipment.manufacturerModelName} ${equipment.softwareVersions}`),
  ];
}
