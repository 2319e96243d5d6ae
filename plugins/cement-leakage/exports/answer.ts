// The answer before everything else: what is urgent, and whether, where and how much cement leaked, in one sentence.
import type { Locale } from "#core/problem";
import { isInCanal } from "../model/sites.ts";
import type { Findings, FindingsLeak } from "../model/findings.ts";
import { volumeText } from "../model/measures.ts";
import { urgenciesOf, type UrgentKind } from "../model/urgent.ts";
import { countedText, leakedMm3, leakSiteText, levelsText, timeText } from "./sentences.ts";
import { TEXT_WORDS as W } from "./text-words.ts";

/** Leaks that are named one by one; the rest is counted. */
const NAMED = 4;

export interface UrgentLine {
  readonly leak: FindingsLeak;
  /** "K3 Anterior epidural space, left, S1: in the spinal canal" */
  readonly what: string;
  /** To whom and when, or that nothing of it is recorded. */
  readonly communicated: string;
}

/** A line for each leak with something urgent, in the order of the leaks. */
export function urgentLines(findings: Findings, locale: Locale): UrgentLine[] {
  return findings.leaks.flatMap((leak): UrgentLine[] => {
    const found = urgenciesOf(leak);
    if (found.length === 0) return [];
    const place = [leakSiteText(leak, locale), W.side[leak.side][locale], levelsText(leak.sacralLevels)];
    const where = `${leak.leakId} ${place.filter(Boolean).join(W.comma[locale])}`;
    return [
      {
        leak,
        what: `${where}${W.colon[locale]}${found.map(({ text }) => text[locale]).join(W.semicolon[locale])}`,
        communicated: leak.communicated
          ? `${W.communicated[locale]}${W.colon[locale]}${leak.communicated.to}${W.comma[locale]}${timeText(leak.communicated.at)}`
          : W.notCommunicated[locale],
      },
    ];
  });
}

/** Leak or no leak, where, how big, touching nerve or canal or not. Ends with a full stop. */
export function answerSentence(findings: Findings, locale: Locale): string {
  const clauses =
    findings.leaks.length > 0 ? leakClauses(findings, locale) : [noLeakClause(findings, locale)];
  return `${clauses.join(W.semicolon[locale])}${W.stop[locale]}`.trimEnd();
}

function noLeakClause(findings: Findings, locale: Locale): string {
  const { lesions } = findings;
  const all = lesions.length > 0 && lesions.every((lesion) => lesion.leakage === "absent");
  return (all ? W.noLeakFound : W.noLeakSoFar)[locale];
}

function leakClauses(findings: Findings, locale: Locale): string[] {
  const { leaks } = findings;
  const urgent = (leak: FindingsLeak): number => (urgenciesOf(leak).length > 0 ? 1 : 0);
  const gravest = leaks.toSorted((a, b) => urgent(b) - urgent(a) || (b.volumeMm3 ?? 0) - (a.volumeMm3 ?? 0));
  const named = gravest.slice(0, NAMED).map((leak) => placeAndSize(leak, leaks.length > 1, locale));
  const unnamed = leaks.length - named.length;
  if (unnamed > 0) named.push(W.moreLeaks[locale].replace("#", String(unnamed)));
  const count =
    leaks.length === 1 ? W.oneLeak[locale] : W.manyLeaks[locale].replace("#", String(leaks.length));
  return [
    `${count}${leaks.length > 1 ? togetherText(findings, locale) : ""}${W.colon[locale]}${named.join(W.semicolon[locale])}`,
    ...contactClauses(leaks, locale),
  ];
}

/** "presacral space left S1 0.20 mL (K1)" */
function placeAndSize(leak: FindingsLeak, withId: boolean, locale: Locale): string {
  const facts = [
    inSentence(leakSiteText(leak, locale)),
    W.side[leak.side][locale],
    levelsText(leak.sacralLevels),
    countedText(leak, locale),
  ];
  return `${withId ? `${leak.leakId} ` : ""}${facts.filter(Boolean).join(W.comma[locale])}`;
}

/** "Presacral space" in the middle of a sentence; "L5/S1 disc" stays. */
const inSentence = (name: string): string =>
  /^[A-Z][a-z]/.test(name) ? name[0].toLowerCase() + name.slice(1) : name;

/** ", together at least 0.44 mL (without K2: not measured)" */
function togetherText(findings: Findings, locale: Locale): string {
  const { leaks } = findings;
  const without = leaks.filter((leak) => leak.volumeMm3 === undefined).map((leak) => leak.leakId);
  if (without.length === leaks.length) return "";
  const together = leaks.some((leak) => leak.incomplete) ? W.togetherAtLeast : W.together;
  const rest = without.length > 0 ? W.withoutLeaks[locale].replace("#", without.join(W.comma[locale])) : "";
  return `${W.comma[locale]}${together[locale]}${volumeText(leakedMm3(findings))}${rest}`;
}

function contactClauses(leaks: readonly FindingsLeak[], locale: Locale): string[] {
  const touching: string[] = [];
  const possible: string[] = [];
  const open: string[] = [];
  const contact: readonly UrgentKind[] = ["canal", "foramen", "nerve"];
  for (const leak of leaks) {
    const kinds = urgenciesOf(leak).map(({ kind }) => kind);
    if (isInCanal(leak.site) || kinds.some((kind) => contact.includes(kind))) touching.push(leak.leakId);
    else if (kinds.includes("l5_course")) possible.push(leak.leakId);
    else if (leak.neuralRelation === undefined) open.push(leak.leakId);
  }
  const clause = (words: Readonly<Record<Locale, string>>, ids: readonly string[]): string[] =>
    ids.length > 0 ? [`${words[locale]}${W.colon[locale]}${ids.join(W.comma[locale])}`] : [];
  const said = [
    ...clause(W.touching, touching),
    ...clause(W.contactPossible, possible),
    ...clause(W.contactOpen, open),
  ];
  return said.length > 0 ? said : [W.noContact[locale]];
}
