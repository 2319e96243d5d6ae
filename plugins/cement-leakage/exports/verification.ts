// The verification log of the CT in the exports: whole in the findings and the report object, in short in text and on the page.
import type { Locale } from "#core/problem";
import type { ContentItem } from "#core/report-document";
import { STANDARD_CODES as S } from "#core/standard-codes";
import { type VerificationEntry, verificationText } from "#core/verification-log";
import type { Findings } from "../model/findings.ts";
import { TEXT_WORDS as W } from "./text-words.ts";

type FindingsCheck = NonNullable<Findings["verification"]>[number];

/** With their sentences in both languages, so that a reader of the file needs no table of this program. */
export function findingsVerification(entries: readonly VerificationEntry[]): FindingsCheck[] {
  return entries.map((entry) => {
    const [en, zh] = [verificationText(entry, "en"), verificationText(entry, "zh")];
    return {
      check: entry.check,
      outcome: entry.outcome,
      figures: { ...entry.figures },
      checked: { en: en.checked, zh: zh.checked },
      found: { en: en.found, zh: zh.found },
      ...(en.done ? { done: { en: en.done, zh: zh.done } } : {}),
    };
  });
}

const lineOf = ({ checked, found, done }: FindingsCheck, locale: Locale): string =>
  `${checked[locale]}${W.colon[locale]}${found[locale]}${done ? `${W.semicolon[locale]}${done[locale]}` : ""}`;

const counted = (checks: readonly FindingsCheck[], locale: Locale): string =>
  W.checksPassed[locale]
    .replace("##", String(checks.length))
    .replace("#", String(checks.filter(({ outcome }) => outcome === "passed").length));

/** "17 of 19 checks passed", then each of the others in full; empty where the findings have no log. */
export function verificationTexts({ verification = [] }: Findings, locale: Locale): string[] {
  if (verification.length === 0) return [];
  const others = verification.filter(({ outcome }) => outcome !== "passed");
  return [counted(verification, locale), ...others.map((check) => lineOf(check, locale))];
}

/** One phrase for the page: how many checks passed, and the names of the others. Null without a log. */
export function verificationPhrase({ verification = [] }: Findings, locale: Locale): string | null {
  if (verification.length === 0) return null;
  const others = verification.filter(({ outcome }) => outcome !== "passed");
  const names = others.map(({ checked }) => checked[locale]).join(W.comma[locale]);
  const passed = counted(verification, locale);
  return `${W.verification[locale]}${W.colon[locale]}${passed}${names && `${W.comma[locale]}${W.notPassed[locale]} ${names}`}`;
}

/** The whole log as one text, numbered: TID 1500 has no place of its own for it. */
export function verificationItems({ verification = [] }: Findings): ContentItem[] {
  if (verification.length === 0) return [];
  const lines = verification.map((check, n) => `${n + 1}. [${check.outcome}] ${lineOf(check, "en")}.`);
  return [
    {
      relationship: "CONTAINS",
      type: "TEXT",
      concept: S.comment,
      text: [`${W.verification.en}:`, ...lines].join(" "),
    },
  ];
}
