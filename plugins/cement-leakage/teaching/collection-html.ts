// Several teaching cases in one HTML file: a quiz that shuffles them. Nothing before an answer tells one case from another.
import type { Locale } from "#core/problem";
import { html } from "../exports/html.ts";
import { offlinePage, playground } from "./offline-page.ts";
import { TEACHING_WORDS as T } from "./page-words.ts";
import type { PlayData } from "./play-data.ts";

export interface CollectionInput {
  readonly title: string;
  readonly cases: readonly PlayData[];
  readonly locale: Locale;
  /** Texts of the modules in `offline/`: what one takes of another stands above it. */
  readonly scripts: readonly string[];
}

export type CollectionWords = Readonly<Record<keyof typeof T.collection, string>>;

/** The cases stand in the file by their random ids: no name and no order gives an answer away. */
export function collectionHtml({ title, cases, locale, scripts }: CollectionInput): string {
  const words = Object.fromEntries(Object.entries(T.collection).map(([key, word]) => [key, word[locale]]));
  const sorted = cases.toSorted((a, b) => (a.caseId < b.caseId ? -1 : 1));
  return offlinePage({
    locale,
    title,
    body: html`<header>
        <p class="badge">${T.notForDiagnosis[locale]}</p>
        <h1>${title}</h1>
      </header>
      <section id="start">
        <p>${T.collection.lead[locale].replace("{count}", String(cases.length))}</p>
        <p>
          <label>${T.collection.learner[locale]} <input type="text" id="learner" autocomplete="off" /></label>
        </p>
      </section>
      <div id="playing" hidden>
        <h2 id="heading" aria-live="polite"></h2>
        <div id="history"></div>
        ${playground(locale)}
      </div>
      <section id="result" aria-label="${T.collection.result[locale]}" hidden></section>
      <span id="count" hidden>${cases.length}</span>
      <footer>${T.notForDiagnosis[locale]}</footer>`,
    data: [["words", words], ...sorted.map((one, n) => [`case-${n}`, one] as const)],
    scripts,
  });
}
