// The free texts of a case, and what stays of one where its author approves it word by word: nothing, unless a word was approved.
import type { Findings } from "../model/findings.ts";
import { type LocalText, siteOf, withCaseTerms } from "../model/sites.ts";

export interface FreeText {
  readonly text: string;
  /** Where it was typed; the same text typed twice is one. */
  readonly where: LocalText;
}

const PLACES = {
  indication: { en: "Indication", zh: "适应证" },
  product: { en: "Cement product", zh: "骨水泥产品" },
  manufacturer: { en: "Cement manufacturer", zh: "骨水泥厂家" },
  technicalSuccess: { en: "Technical success", zh: "技术成功" },
  complication: { en: "Complication", zh: "并发症" },
  notCement: { en: "Why it is not cement", zh: "非骨水泥的理由" },
  previous: { en: "Earlier cement", zh: "既往骨水泥" },
  adjudication: { en: "Adjudication", zh: "裁定" },
  localSite: { en: "Name of a site of the department", zh: "科室自定义部位名称" },
} as const satisfies Readonly<Record<string, LocalText>>;

/** In the order of the findings. What is left out of every teaching case (history, communication, operator) is not offered. */
export function freeTextsOf(findings: Findings): FreeText[] {
  const found = new Map<string, LocalText>();
  const add = (text: string | undefined, where: LocalText): void => {
    if (text !== undefined && text.trim() !== "" && !found.has(text)) found.set(text, where);
  };
  const { procedure } = findings;
  add(procedure.indication, PLACES.indication);
  add(procedure.cement?.product, PLACES.product);
  add(procedure.cement?.manufacturer, PLACES.manufacturer);
  add(procedure.technicalSuccess?.text, PLACES.technicalSuccess);
  for (const leak of findings.leaks) {
    add(leak.siteText, { en: `Site of ${leak.leakId}`, zh: `${leak.leakId} 的部位` });
    add(leak.comment, { en: `Comment on ${leak.leakId}`, zh: `${leak.leakId} 的备注` });
    add(leak.adjudicated?.reason, PLACES.adjudication);
  }
  withCaseTerms(findings.terms, () => {
    for (const one of findings.siteAssessments) {
      const { en, zh } = siteOf(one.site).name;
      add(one.reason, { en: `Answer for ${en}`, zh: `${zh} 的回答` });
      add(one.adjudicated?.reason, PLACES.adjudication);
    }
  });
  for (const one of findings.previousCement ?? []) add(one.reason, PLACES.previous);
  for (const one of findings.notCement ?? []) add(one.reason, PLACES.notCement);
  for (const one of findings.complications ?? []) add(one.text, PLACES.complication);
  for (const one of findings.adjudication ?? []) add(one.reason, PLACES.adjudication);
  for (const { name } of findings.terms ?? []) {
    add(name.en, PLACES.localSite);
    add(name.zh, PLACES.localSite);
  }
  return [...found].map(([text, where]) => ({ text, where }));
}

/** A piece of a text: a word with its number from 0, or what stands between words (null). */
export interface TextPiece {
  readonly text: string;
  readonly word: number | null;
}

/** Words as Unicode and, for Chinese, a dictionary divide them (UAX 29). Joined again the pieces are the text. */
export function piecesOf(text: string): TextPiece[] {
  let word = 0;
  return [...new Intl.Segmenter("zh", { granularity: "word" }).segment(text)].map(
    ({ segment, isWordLike }) => ({ text: segment, word: isWordLike ? word++ : null }),
  );
}

const LEFT_OUT = " … ";

/** The approved words (numbers of `piecesOf`) in their order, "…" where words are missing between them; "" without one. */
export function approvedWords(text: string, approved: ReadonlySet<number>): string {
  let out = "";
  let last: number | null = null;
  let between = "";
  for (const { text: piece, word } of piecesOf(text)) {
    if (word === null) {
      between += piece;
      continue;
    }
    if (approved.has(word)) {
      if (last !== null || word === 0) out += (last ?? -1) === word - 1 ? between : LEFT_OUT;
      out += piece;
      last = word;
    }
    between = "";
  }
  const isLast = last !== null && !piecesOf(text).some(({ word }) => word !== null && word > (last ?? 0));
  return isLast ? out + between.trimEnd() : out;
}
