// Findings as plain text for a dictated report, in English and Chinese: side, level, site, size, limits.
import type { Locale } from "#core/problem";
import type { Findings, FindingsLeak, FindingsLesion } from "../model/findings.ts";
import { answerSentence, urgentLines } from "./answer.ts";
import {
  answeredSites,
  balanceSentence,
  injectedText,
  leakSiteText,
  leaksOfLesion,
  lesionPlaceText,
  levelsText,
  limitsOf,
  measurementTexts,
  mmText,
  neuralText,
  notAssessedSites,
  readersText,
  sizeText,
  totalText,
  unattributedLeaks,
} from "./sentences.ts";
import { besideLines, placeTexts, priorText } from "./text-measured.ts";
import { TEXT_WORDS as W, type Word } from "./text-words.ts";
import { verificationTexts } from "./verification.ts";

/** Lines end with "\n". A draft begins and ends with the word DRAFT; every text ends with what it is not for. */
export function findingsText(findings: Findings, locale: Locale): string {
  const say = (word: Word): string => word[locale];
  const line = (label: Word, texts: readonly (string | null)[], between: Word): string[] => {
    const said = texts.filter((text) => text !== null);
    return said.length > 0 ? [`${say(label)}${say(W.colon)}${said.join(say(between))}${say(W.stop)}`] : [];
  };
  const draft = findings.status === "draft";
  const unattributed = unattributedLeaks(findings);
  const lines = [
    ...(draft ? [say(W.draft)] : []),
    ...(findings.status === "amended" ? [say(W.amended)] : []),
    say(W.title[findings.procedure.type]),
    ...urgentLines(findings, locale).flatMap(({ what, communicated }) =>
      line(W.urgent, [what, communicated], W.semicolon),
    ),
    answerSentence(findings, locale),
    ...findings.lesions.flatMap((lesion) => lesionLines(lesion, findings, locale)),
    ...(unattributed.length > 0 ? [`${say(W.unattributed)}${say(W.colon).trimEnd()}`] : []),
    ...unattributed.map((leak) => leakLine(leak, locale)),
    ...line(W.total, [totalText(findings, locale)], W.comma),
    ...line(W.balance, [balanceSentence(findings, locale)], W.comma),
    ...besideLines(findings, locale),
    ...line(W.measurements, measurementTexts(findings), W.semicolon),
    ...line(W.notAssessedLabel, notAssessedSites(findings, locale), W.comma),
    ...line(W.limits, [...limitsOf(findings, locale), priorText(findings, locale)], W.semicolon),
    ...line(W.verification, verificationTexts(findings, locale), W.stop),
    draft ? say(W.draft) : `${say(W.signedBy)}${say(W.colon)}${readersText(findings)}`,
    say(W.notForDiagnosis),
  ];
  return lines.map((each) => `${each.trimEnd()}\n`).join("");
}

function lesionLines(lesion: FindingsLesion, findings: Findings, locale: Locale): string[] {
  const say = (word: Word): string => word[locale];
  const cement = lesion.cement?.volumeMm3
    ? `${say(W.cementInBone)} ${sizeText(lesion.cement, locale)}`
    : say(W.noCementMeasured);
  const injected =
    lesion.injectedVolumeMl === undefined
      ? []
      : [`${say(W.injected)} ${injectedText(lesion.injectedVolumeMl)}`];
  const leaks = leaksOfLesion(findings, lesion);
  const head = `${say(W.lesion)} ${lesion.lesionId}${say(W.colon)}${lesionPlaceText(lesion, locale)}`;
  return [
    `${head}${say(W.stop)}${[cement, ...injected].join(say(W.semicolon))}${say(W.stop)}`,
    ...(leaks.length > 0
      ? [
          `${say(W.leaks)} (${leaks.length})${say(W.colon).trimEnd()}`,
          ...leaks.map((leak) => leakLine(leak, locale)),
        ]
      : [`${say(W.leakage)}${say(W.colon)}${say(W.answer[lesion.leakage])}${say(W.stop)}`]),
    ...answersLine(lesion, findings, "absent", locale),
    ...answersLine(lesion, findings, "not_assessable", locale),
  ];
}

function leakLine(leak: FindingsLeak, locale: Locale): string {
  const say = (word: Word): string => word[locale];
  const facts = [
    leakSiteText(leak, locale),
    say(W.side[leak.side]),
    levelsText(leak.sacralLevels),
    sizeText(leak, locale),
    leak.max3dDiameterMm === undefined ? "" : `${say(W.extent)} ${mmText(leak.max3dDiameterMm)}`,
    leak.maxBeyondCortexMm === undefined
      ? ""
      : say(W.beyondCortex).replace("#", mmText(leak.maxBeyondCortexMm)),
    leak.route === "unknown" ? "" : say(W.route[leak.route]),
    neuralText(leak, locale) ?? "",
    say(W.confidence[leak.confidence]),
  ].filter(Boolean);
  const sentences = [facts.join(say(W.comma)), placeTexts(leak, locale).join(say(W.semicolon))].filter(
    Boolean,
  );
  return `- ${leak.leakId}${say(W.colon)}${sentences.map((one) => `${one}${say(W.stop)}`).join("")}`;
}

function answersLine(
  lesion: FindingsLesion,
  findings: Findings,
  answer: "absent" | "not_assessable",
  locale: Locale,
): string[] {
  const names = answeredSites(lesion, findings, answer, locale);
  const label = answer === "absent" ? W.noLeakAt : W.notAssessableAt;
  return names.length > 0
    ? [`${label[locale]}${W.colon[locale]}${names.join(W.comma[locale])}${W.stop[locale]}`]
    : [];
}
