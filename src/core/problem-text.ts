// The sentence a person reads for a problem: what happened, to what, and what to do.
import { archiveSentences } from "./archive-sentences.ts";
import { caseSentences } from "./case-sentences.ts";
import { deidentifySentences } from "./deidentify-sentences.ts";
import { deploymentSentences } from "./deployment-sentences.ts";
import { mediaSentences } from "./media-sentences.ts";
import type { Locale, Problem, ProblemDetails } from "./problem.ts";
import { readingSentences } from "./reading-sentences.ts";
import { valueSentences } from "./value-sentences.ts";

export type Sentence = (details: ProblemDetails) => string;
/** One code in every language. */
export type Sentences = Readonly<Record<string, Readonly<Record<Locale, Sentence>>>>;

const SENTENCES: Sentences = {
  ...readingSentences,
  ...caseSentences,
  ...deidentifySentences,
  ...deploymentSentences,
  ...mediaSentences,
  ...archiveSentences,
  ...valueSentences,
};

/** Text of a problem: a plugin's own `text`, else the sentence of its code; a code without a sentence shows itself and its details. */
export function problemText(problem: Problem, locale: Locale): string {
  if (problem.text) return problem.text[locale];
  const sentence = SENTENCES[problem.code];
  if (sentence) return sentence[locale](problem.details);
  const details = Object.entries(problem.details)
    .map(([name, value]) => `${name} ${value}`)
    .join(", ");
  const what = details === "" ? problem.code : `${problem.code} (${details})`;
  return locale === "zh" ? `出现问题：${what}。` : `Something is wrong: ${what}.`;
}

/** Whether a code has its sentence in every language; tests hold every emitted code to it. */
export const hasSentence = (code: string): boolean => code in SENTENCES;
