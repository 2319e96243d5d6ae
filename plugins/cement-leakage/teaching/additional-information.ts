// The Additional Teaching File Information of a case as a structured report (IHE TCE, RAD TF-2 4.52): author, words, category, level.
import type { ContentItem, Evidence, ReportDocument } from "#core/report-document";
import type { DerivedInstanceIdentity, Equipment } from "#core/segmentation-document";
import type { SeriesContext } from "#core/study";
import type { CodedConcept } from "#core/coded-concept";
import type { Locale } from "#core/problem";
import { lesionPlaceText } from "../exports/sentences.ts";
import type { Findings } from "../model/findings.ts";
import { siteOf, withCaseTerms } from "../model/sites.ts";
import {
  type Category,
  CATEGORY_CODES,
  type Difficulty,
  LEVEL_CODES,
  type TeachingWords,
} from "./compose.ts";
import { TEACHING_WORDS as T } from "./page-words.ts";
import { TEACHING_CODES as C } from "./teaching-codes.ts";

/** What a teaching file's receiver lists a case by. */
export interface TeachingInformation {
  readonly words: TeachingWords;
  /** In words: what the answer rests on. */
  readonly basis: string;
  readonly difficulty: Difficulty;
  readonly categories: readonly Category[];
  /** Roles, never names: "Reader 1, radiologist". */
  readonly authors: readonly string[];
  readonly keywords: readonly string[];
  /** "Sacrum", "L3". */
  readonly anatomy: readonly string[];
}

const LEAK = { en: "Bone cement leak", zh: "骨水泥渗漏" };

/** From de-identified findings. */
export const informationOf = ({
  findings,
  words,
  difficulty,
  categories,
  basis,
  locale,
}: Pick<TeachingInformation, "words" | "difficulty" | "categories" | "basis"> & {
  readonly findings: Findings;
  readonly locale: Locale;
}): TeachingInformation =>
  withCaseTerms(findings.terms, () => ({
    ...{ words, difficulty, categories, basis },
    authors: findings.readers.map(({ readerId, role }) => `${readerId}, ${role}`),
    keywords: [
      T.title[findings.procedure.type][locale],
      LEAK[locale],
      ...new Set(findings.leaks.map(({ site }) => siteOf(site).name[locale])),
    ],
    anatomy: [...new Set(findings.lesions.map((lesion) => lesionPlaceText(lesion, locale)))],
  }));

/** Not for diagnosis; in every language the document's own words. */
const NOT_FOR_DIAGNOSIS = "Teaching case, de-identified. Not for diagnosis.";

const text = (concept: CodedConcept, value: string): ContentItem[] =>
  value.trim() === "" ? [] : [{ relationship: "CONTAINS", type: "TEXT", concept, text: value }];
const coded = (concept: CodedConcept, code: CodedConcept): ContentItem => ({
  relationship: "CONTAINS",
  type: "CODE",
  concept,
  code,
});

/** Rows in the order of the template. The abstract gives the answer away, as the document does: it is for whoever files the case. */
const informationItems = (about: TeachingInformation): ContentItem[] => {
  const { words } = about;
  return [
    ...text(C.author, about.authors.join("; ")),
    ...text(C.abstract, `${words.title}. ${words.answer}`),
    ...about.keywords.flatMap((one) => text(C.keywords, one)),
    ...text(C.history, words.history),
    ...text(C.finding, words.findings),
    ...text(C.discussion, [words.discussion, about.basis, NOT_FOR_DIAGNOSIS].filter(Boolean).join("\n")),
    ...text(C.diagnosis, words.answer),
    ...about.anatomy.flatMap((one) => text(C.anatomy, one)),
    ...text(C.organSystem, "Musculoskeletal"),
    coded(C.modality, C.ct),
    ...about.categories.slice(0, 1).map((one) => coded(C.category, CATEGORY_CODES[one])),
    coded(C.level, LEVEL_CODES[about.difficulty]),
  ];
};

/** Every word of it, for the de-identifier to let stand: it is searched all the same. */
export const informationTexts = (about: TeachingInformation): string[] =>
  informationItems(about).flatMap((item) => (item.type === "TEXT" ? [item.text] : []));

/** Every code of it. */
export const informationCodes = (about: TeachingInformation): CodedConcept[] => [
  C.title,
  ...informationItems(about).flatMap((item) => [
    ...(item.concept ? [item.concept] : []),
    ...(item.type === "CODE" ? [item.code] : []),
  ]),
];

export const informationDocument = (
  about: TeachingInformation,
  {
    identity,
    source,
    equipment,
    evidence,
  }: {
    readonly identity: DerivedInstanceIdentity;
    readonly source: SeriesContext;
    readonly equipment: Equipment;
    readonly evidence: readonly Evidence[];
  },
): ReportDocument => ({
  ...{ identity, source, equipment, evidence },
  completion: "COMPLETE",
  predecessors: [],
  title: C.title,
  codingSchemes: [],
  content: informationItems(about),
});
