// Proposes a teaching case from de-identified findings: title, history, findings, answer, discussion, level and categories, in plain sentences.
import type { CodedConcept } from "#core/coded-concept";
import { ageBand } from "#core/pseudonyms";
import type { Locale } from "#core/problem";
import { answerSentence } from "../exports/answer.ts";
import {
  answeredSites,
  leakSiteText,
  lesionPlaceText,
  levelsText,
  mmText,
  neuralText,
  sizeText,
} from "../exports/sentences.ts";
import { TEXT_WORDS as W } from "../exports/text-words.ts";
import type { Findings, FindingsLeak } from "../model/findings.ts";
import { siteOf, withCaseTerms } from "../model/sites.ts";
import { urgenciesOf } from "../model/urgent.ts";
import { TEACHING_WORDS as T } from "./page-words.ts";

export type Difficulty = "primary" | "intermediate" | "advanced";

/** What the author may change. Paragraphs are lines. */
export interface TeachingWords {
  readonly title: string;
  readonly history: string;
  readonly findings: string;
  readonly answer: string;
  readonly discussion: string;
}

export interface TeachingCase {
  readonly words: TeachingWords;
  /** What the answer rests on, as far as the findings tell. */
  readonly basis: Basis;
  readonly difficulty: Difficulty;
  /** At least one; the first is the one where there is room for one only. */
  readonly categories: readonly Category[];
}

/** Level of Difficulty (128724, DCM), CID 7016. */
export const LEVEL_CODES: Readonly<Record<Difficulty, CodedConcept>> = {
  primary: { value: "128725", scheme: "DCM", meaning: "Primary level" },
  intermediate: { value: "128726", scheme: "DCM", meaning: "Intermediate level" },
  advanced: { value: "128727", scheme: "DCM", meaning: "Advanced level" },
};

/** Teaching File Category (128723, DCM): of CID 7017 what a CT of cement can be about; lung and heart where cement travelled there. */
export const CATEGORY_CODES = {
  musculoskeletal: { value: "128728", scheme: "DCM", meaning: "Musculoskeletal imaging subject matter" },
  interventional: {
    value: "128734",
    scheme: "DCM",
    meaning: "Vascular and interventional imaging subject matter",
  },
  neuro: { value: "128733", scheme: "DCM", meaning: "Neuroimaging subject matter" },
  pulmonary: { value: "128729", scheme: "DCM", meaning: "Pulmonary imaging subject matter" },
  cardiovascular: { value: "128730", scheme: "DCM", meaning: "Cardiovascular imaging subject matter" },
} as const satisfies Readonly<Record<string, CodedConcept>>;
export type Category = keyof typeof CATEGORY_CODES;
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of the object above
export const CATEGORIES = Object.keys(CATEGORY_CODES) as readonly Category[];

/** From findings that `deidentifyFindings` made: nothing else is in the words. */
export const composeTeachingCase = (findings: Findings, locale: Locale): TeachingCase =>
  withCaseTerms(findings.terms, () => ({
    words: {
      title: T.title[findings.procedure.type][locale],
      history: historyOf(findings, locale),
      findings: findingsOf(findings, locale),
      answer: answerSentence(findings, locale),
      discussion: discussionOf(findings, locale),
    },
    basis: basisOf(findings),
    difficulty: difficultyOf(findings),
    // Bone, by an intervention.
    categories: ["musculoskeletal", "interventional"],
  }));

const filled = (text: string, values: Readonly<Record<string, string>>): string =>
  text.replace(/\{(\w+)\}/g, (_, key: string) => values[key] ?? "");

/** Who, what was treated and how; not one word of what came of it. */
function historyOf({ subject, procedure, lesions }: Findings, locale: Locale): string {
  const band = subject?.ageYears === undefined ? null : ageBand(subject.ageYears);
  const age =
    band === null
      ? ""
      : band >= 90
        ? T.agedOver[locale]
        : filled(T.aged[locale], { from: String(band), to: String(band + 4) });
  const who = subject?.sex ? T.sex[subject.sex][locale] : T.patient[locale];
  const person = [who[0].toUpperCase() + who.slice(1), age].filter(Boolean).join(W.comma[locale]);
  const treated = lesions.map((lesion) => {
    const kind = lesion.pathology
      ? `${lesion.lysis ? T.lysis[lesion.lysis][locale] : ""}${T.pathology[lesion.pathology][locale]}`
      : "";
    return [lesionPlaceText(lesion, locale), kind].filter(Boolean).join(W.comma[locale]);
  });
  const guidance = (procedure.guidance ?? []).map((one) => T.guidance[one][locale]).join(W.comma[locale]);
  const injected = lesions.flatMap(({ injectedVolumeMl }) => injectedVolumeMl ?? []);
  const sentences = [
    `${[person, ...treated].join(W.semicolon[locale])}${W.stop[locale].trimEnd()}`,
    guidance && filled(T.guidedBy[locale], { what: guidance }),
    injected.length > 0 &&
      filled(T.injected[locale], { ml: injected.reduce((sum, ml) => sum + ml, 0).toFixed(1) }),
    T.task[locale],
  ];
  return sentences.filter(Boolean).join("\n");
}

function findingsOf(findings: Findings, locale: Locale): string {
  const lines: string[] = [];
  for (const lesion of findings.lesions) {
    if (lesion.cement)
      lines.push(
        filled(T.cementInBone[locale], {
          what: `${lesionPlaceText(lesion, locale)}${W.comma[locale]}${sizeText(lesion.cement, locale)}`,
        }),
      );
  }
  for (const leak of findings.leaks) lines.push(leakLine(leak, locale));
  const list = (word: (typeof T)["absent" | "notAssessable"], answer: "absent" | "not_assessable") => {
    const sites = new Set(
      findings.lesions.flatMap((lesion) => answeredSites(lesion, findings, answer, locale)),
    );
    if (sites.size > 0) lines.push(filled(word[locale], { what: [...sites].join(W.comma[locale]) }));
  };
  list(T.absent, "absent");
  list(T.notAssessable, "not_assessable");
  return lines.join("\n");
}

/** "K1: presacral space, left, S1, 0.20 mL (estimate …); along the needle track; 6.0 mm beyond the cortex." */
function leakLine(leak: FindingsLeak, locale: Locale): string {
  const place = [leakSiteText(leak, locale), W.side[leak.side][locale], levelsText(leak.sacralLevels)];
  const facts = [
    [...place, sizeText(leak, locale)].filter(Boolean).join(W.comma[locale]),
    leak.route === "unknown" ? "" : W.route[leak.route][locale],
    leak.maxBeyondCortexMm === undefined
      ? ""
      : filled(T.beyond[locale], { mm: mmText(leak.maxBeyondCortexMm) }),
    neuralText(leak, locale) ?? "",
  ];
  return `${leak.leakId}${W.colon[locale]}${facts.filter(Boolean).join(W.semicolon[locale])}${W.stop[locale].trimEnd()}`;
}

/** How each site is told from its neighbours, how the cement got there, what is urgent, and what was mistaken for cement. */
function discussionOf(findings: Findings, locale: Locale): string {
  const { leaks } = findings;
  const lines = [...new Set(leaks.map(({ site }) => site))].map((id) => {
    const site = siteOf(id);
    return filled(T.siteRule[locale], {
      site: site.name[locale],
      rule: site.decideBy[locale].replace(/[.。]\s*$/, ""),
    });
  });
  for (const route of new Set(leaks.map((leak) => leak.route))) lines.push(T.route[route][locale]);
  if (leaks.some((leak) => urgenciesOf(leak).length > 0)) lines.push(T.urgent[locale]);
  if (leaks.length === 0) lines.push(T.noLeak[locale]);
  const mimics = new Set((findings.notCement ?? []).map(({ reason }) => reason));
  if (mimics.size > 0) lines.push(filled(T.notCement[locale], { what: [...mimics].join(W.comma[locale]) }));
  return lines.filter(Boolean).join("\n");
}

export type Basis = keyof typeof T.basis;

/** How many read it, and how they agreed. Surgery and follow-up are not in the findings: only the author knows of them. */
export function basisOf({ adjudicates, pair, secondReadOf }: Findings): Basis {
  if (adjudicates) {
    const agree =
      pair !== undefined &&
      pair.presenceAgrees &&
      pair.onlyFirst === 0 &&
      pair.onlySecond === 0 &&
      pair.matchedSites.every(([first, second]) => first === second);
    return agree ? "agreeing" : "adjudicated";
  }
  return secondReadOf === undefined ? "one" : "second";
}

/** mL */
const EASY_ML = 1;
const HARD_ML = 0.1;

/** One large leak is easy; small ones, many, and none at all where something looks like cement, are hard. The author may change it. */
export function difficultyOf({ leaks, notCement }: Findings): Difficulty {
  const sizesMl = leaks.flatMap(({ volumeMm3 }) => (volumeMm3 === undefined ? [] : volumeMm3 / 1000));
  if (leaks.length === 0) return (notCement ?? []).length > 0 ? "advanced" : "intermediate";
  if (leaks.length > 2 || sizesMl.some((ml) => ml < HARD_ML)) return "advanced";
  return leaks.length === 1 && sizesMl.every((ml) => ml >= EASY_ML) ? "primary" : "intermediate";
}
