// What a reader measured, in the report: a text for each, with its coded numbers and its place in the patient (SCOORD3D) below it.
// The study-level container holds them: a measurement group of TID 1500 belongs to one segment here, and these belong to none.
import type { CodedConcept } from "#core/coded-concept";
import type { ContentItem } from "#core/report-document";
import { STANDARD_CODES as S } from "#core/standard-codes";
import type { FindingsMeasurement } from "../model/findings.ts";
import { measuredText } from "../model/measurements.ts";
import { DECIMALS } from "./prepare.ts";

const KINDS = {
  distance: "distance",
  angle: "angle between two lines",
  ellipse: "HU in an ellipse",
} as const;

export function measurementItems(
  measurements: readonly FindingsMeasurement[],
  frameOfReferenceUid: string,
): ContentItem[] {
  return measurements.map((one): ContentItem => ({
    relationship: "CONTAINS",
    type: "TEXT",
    concept: S.comment,
    text: `${one.measurementId}, ${KINDS[one.kind]}: ${measuredText(one)}`,
    children: [
      {
        relationship: "HAS PROPERTIES",
        type: "TEXT",
        concept: S.trackingIdentifier,
        text: one.measurementId,
      },
      { relationship: "HAS PROPERTIES", type: "UIDREF", concept: S.trackingUid, uid: one.trackingUid },
      ...numbers(one, frameOfReferenceUid),
    ],
  }));
}

function numbers(one: FindingsMeasurement, frameOfReferenceUid: string): ContentItem[] {
  const place = (
    graphicType: "POLYLINE" | "ELLIPSE",
    points: FindingsMeasurement["pointsMm"],
  ): ContentItem => ({
    relationship: "INFERRED FROM",
    type: "SCOORD3D",
    concept: S.sourceOfMeasurement,
    graphicType,
    points,
    frameOfReferenceUid,
  });
  const number = (
    concept: CodedConcept,
    value: number | undefined,
    decimals: number,
    unit: CodedConcept,
    children: readonly ContentItem[],
  ): ContentItem[] =>
    value === undefined
      ? []
      : [{ relationship: "HAS PROPERTIES", type: "NUM", concept, value, decimals, unit, children }];
  const derived = (code: CodedConcept): ContentItem => ({
    relationship: "HAS CONCEPT MOD",
    type: "CODE",
    concept: S.derivation,
    code,
  });
  const region = () => place("ELLIPSE", one.pointsMm);
  return [
    ...number(S.length, one.lengthMm, DECIMALS.lengthMm, S.mm, [place("POLYLINE", one.pointsMm)]),
    ...number(S.angle, one.angleDegrees, DECIMALS.angleDegrees, S.degree, [
      place("POLYLINE", one.pointsMm.slice(0, 2)),
      place("POLYLINE", one.pointsMm.slice(2)),
    ]),
    ...number(S.area, one.areaMm2, DECIMALS.areaMm2, S.mm2, [region()]),
    ...number(S.attenuation, one.huMean, DECIMALS.huMean, S.hu, [derived(S.mean), region()]),
    ...number(S.attenuation, one.huSd, DECIMALS.huSd, S.hu, [derived(S.sd), region()]),
    ...number(S.attenuation, one.huMin, 0, S.hu, [derived(S.minimum), region()]),
    ...number(S.attenuation, one.huMax, DECIMALS.huMax, S.hu, [derived(S.maximum), region()]),
  ];
}
