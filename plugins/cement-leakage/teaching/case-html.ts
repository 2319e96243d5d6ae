// The HTML file of one teaching case: an unknown with its history, its images and questions; or the same with the answers open.
import { html } from "../exports/html.ts";
import type { Figure } from "./figure.ts";
import { figureSvg } from "./figure-svg.ts";
import { offlinePage, playground, withoutProgram } from "./offline-page.ts";
import { TEACHING_WORDS as T } from "./page-words.ts";
import type { PlayData } from "./play-data.ts";

/** Words of markup and keys, which stand in every case: those of the page with every text of this case taken out. */
export function markupWords(data: PlayData, figure: Figure): string[] {
  const blank = (_: string, value: unknown) => (typeof value === "string" ? "" : value);
  // The same keys, with other texts.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const empty = JSON.parse(JSON.stringify(data), blank) as PlayData;
  const form = { marked: true, title: "", locale: data.locale };
  const drawing = figureSvg({ ...figure, plain: "", marked: "", names: [], outlines: [], arrows: [] }, form);
  const text = `${caseHtml({ ...empty, locale: data.locale }, [])} ${drawing}`;
  return [...new Set(withoutProgram(text, []).match(/\p{L}{3,}/gu))];
}

/** Where the page keeps its case, for its own script and for a collection that takes the case over. */
export const CASE_ELEMENT = "case";

/**
 * `scripts`: texts of the modules in `offline/`. The answers are in the file, packed: a page that works without a server can't keep a
 * secret from who reads its source.
 */
export function caseHtml(data: PlayData, scripts: readonly string[]): string {
  const { locale, title, history } = data;
  return offlinePage({
    locale,
    title,
    body: html`<header>
        <p class="badge">${T.notForDiagnosis[locale]}</p>
        <h1>${title}</h1>
        ${history.split("\n").map((line) => html`<p>${line}</p>`)}
      </header>
      ${playground(locale)}
      <footer>${T.notForDiagnosis[locale]}</footer>`,
    data: [[CASE_ELEMENT, data]],
    scripts,
  });
}
