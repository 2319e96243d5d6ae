// The study-level part of the report: leakage, technical success, and the answer to every site of every lesion (DOMAIN §4.3b).
import type { CodedConcept } from "#core/coded-concept";
import type { ContentItem } from "#core/report-document";
import { STANDARD_CODES as S } from "#core/standard-codes";
import { CONCEPT_CODES as Q, siteCode, TECHNICAL_SUCCESS_CODES } from "../model/codes.ts";
import type { Answer, Findings, FindingsLesion } from "../model/findings.ts";
import { SITE_IDS, type SiteId } from "../model/sites.ts";
import type { PreparedExport } from "./prepare.ts";
import { balanceItems, notMeasurableItems } from "./report-geometry.ts";
import { measurementItems } from "./report-measurements.ts";
import { severityCode } from "./report-groups.ts";
import { sideModifier } from "./report-items.ts";
import { boneCode } from "./segment-words.ts";
import { valueNotes } from "./sentences.ts";
import { verificationItems } from "./verification.ts";

export function qualitativeEvaluations({ findings, source }: PreparedExport): ContentItem {
  const success = findings.procedure.technicalSuccess;
  const cement = findings.procedure.cement;
  const severity = worstComplication(findings);
  return {
    relationship: "CONTAINS",
    type: "CONTAINER",
    concept: S.qualitativeEvaluations,
    children: [
      answer(Q.leakage, patientLeakage(findings)),
      ...(success && success.value !== "unknown"
        ? [answer(Q.technicalSuccess, TECHNICAL_SUCCESS_CODES[success.value])]
        : []),
      ...(severity ? [answer(S.severityOfComplication, severityCode(severity))] : []),
      ...siteAnswers(findings),
      // TID 1500 wants the codes before the texts.
      ...(cement?.product ? [text("CONTAINS", S.brandName, cement.product)] : []),
      ...findings.readers
        .slice(1)
        .map(({ readerId, role }) => text("CONTAINS", S.comment, `Further reader: ${readerId}, ${role}`)),
      ...balanceItems(findings),
      ...notMeasurableItems(findings),
      ...measurementItems(findings.measurements ?? [], source.frameOfReferenceUid),
      text(
        "CONTAINS",
        S.comment,
        `${findings.notForDiagnosis} Site definitions: ${findings.definitionsVersion}.`,
      ),
      ...valueNotes(findings, "en").map((note) => text("CONTAINS", S.comment, note)),
      ...verificationItems(findings),
    ],
  };
}

const answer = (
  concept: CodedConcept,
  code: CodedConcept,
  children: readonly ContentItem[] = [],
): ContentItem => ({ relationship: "CONTAINS", type: "CODE", concept, code, children });

const text = (
  relationship: ContentItem["relationship"],
  concept: CodedConcept,
  value: string,
): ContentItem => ({
  relationship,
  type: "TEXT",
  concept,
  text: value,
});

/** Present when any leak was found; absent only when every lesion was answered so. */
function patientLeakage(findings: Findings): CodedConcept {
  if (findings.leaks.length > 0 || findings.lesions.some((lesion) => lesion.leakage === "present"))
    return S.present;
  return findings.lesions.length > 0 && findings.lesions.every((lesion) => lesion.leakage === "absent")
    ? S.absent
    : S.undetermined;
}

function worstComplication(findings: Findings): "major" | "minor" | null {
  const classes = [
    ...(findings.complications ?? []).map((complication) => complication.tian2020),
    ...findings.leaks.flatMap((leak) => leak.complication?.tian2020 ?? []),
  ];
  if (classes.includes("major")) return "major";
  return classes.includes("minor") ? "minor" : null;
}

const ANSWER_CODES: Readonly<Record<Answer, CodedConcept>> = {
  present: S.present,
  absent: S.absent,
  not_assessable: S.undetermined,
};

/** Lesions in their order, then the sites in the order of the list, local ones last; each answer names the lesion it is about. */
function siteAnswers(findings: Findings): ContentItem[] {
  const items = findings.lesions.flatMap((lesion) =>
    [...SITE_IDS, ...(findings.terms ?? []).map(({ id }) => id)].flatMap((site) => {
      const stated = findings.siteAssessments.find(
        (entry) => entry.lesionRef === lesion.lesionId && entry.site === site,
      );
      if (!stated) return [];
      const reason = stated.reason ? [text("HAS PROPERTIES", S.comment, stated.reason)] : [];
      return [answer(siteCode(site), ANSWER_CODES[stated.answer], [...aboutLesion(lesion), ...reason])];
    }),
  );
  const elsewhere = (findings.notAssessed ?? [])
    .filter((site): site is SiteId => SITE_IDS.some((id) => id === site))
    .map((site) =>
      answer(siteCode(site), S.undetermined, [text("HAS PROPERTIES", S.comment, "Not assessed")]),
    );
  return [...items, ...elsewhere];
}

function aboutLesion(lesion: FindingsLesion): ContentItem[] {
  return [
    {
      relationship: "HAS CONCEPT MOD",
      type: "CODE",
      concept: S.findingSite,
      code: boneCode(lesion),
      children: [sideModifier(lesion.side)],
    },
    text("HAS PROPERTIES", S.trackingIdentifier, `Lesion ${lesion.lesionId}`),
  ];
}
