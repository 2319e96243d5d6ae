// Several teaching cases in one HTML file: a quiz that shuffles them. Nothing before an answer tells one case from another.
import type { Locale } from "#core/problem";
import { html } from "../exports/html.ts";
import { offlinePage, playground } from "./offline-page.ts";
import { TEACHING_WORDS as T, collectionWords } from "./page-words.ts";
import type { PlayData } from "./play-data.ts";

export interface CollectionInput {
  readonly title: string;
  readonly cases: readonly PlayData[];
  readonly locale: Locale;
  /** Texts of the modules in `offline/`: what one takes of another stands above it. */
  readonly scripts: readonly string[];
}

/** The cases stand in the file by their random ids: no name and no order gives an answer away. */
export function collectionHtml({ title, cases, locale, scripts }: CollectionInput): string {
  const words = collectionWords(locale);
  const sorted = cases.toSorted((a, b) => (a.caseId < b.caseId ? -1 : 1));
  return offlinePage({
    locale,
    title,
    body: html`<header>
        <p class="badge">${T.notForDiagnosis[locale]}</p>
        <h1>${title}</h1>
      </header>
      <section id="start">
        <p>${words.lead.replace("{count}", String(cases.length))}</p>
        <p>
          <label>${words.learner} <input type="text" id="learner" autocomplete="off" /></label>
        </p>
      </section>
      <div id="playing" hidden>
        <h2 id="heading" aria-live="polite"></h2>
        <div id="history"></div>
        ${playground(locale)}
      </div>
      <section id="result" aria-label="${words.result}" hidden></section>
      <span id="count" hidden>${cases.length}</span>
      <footer>${T.notForDiagnosis[locale]}</footer>`,
    data: [["words", words], ...sorted.map((one, n) => [`case-${n}`, one] as const)],
    scripts,
  });
}
