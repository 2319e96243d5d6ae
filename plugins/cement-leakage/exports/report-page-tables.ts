// The tables and lists of the report page: leaks, cement in bone, negatives, what wasn't assessed, limits.
import type { Locale } from "#core/problem";
import type { Findings, FindingsLeak, FindingsLesion, Measures } from "../model/findings.ts";
import { GLYPH_PATHS } from "../model/glyph-paths.ts";
import { volumeText } from "../model/measures.ts";
import { siteOf } from "../model/sites.ts";
import { urgenciesOf } from "../model/urgent.ts";
import { html, type Html, type HtmlValue } from "./html.ts";
import { PAGE_WORDS as P } from "./report-page-words.ts";
import {
  answeredSites,
  balanceSentence,
  countedText,
  injectedText,
  leakSiteText,
  lesionPlaceText,
  levelsText,
  limitsOf,
  measurementTexts,
  mmText,
  neuralText,
  notAssessedSites,
  totalText,
  unansweredSites,
} from "./sentences.ts";
import { besideLines, priorText } from "./text-measured.ts";
import { TEXT_WORDS as W, type Word } from "./text-words.ts";
import { verificationPhrase } from "./verification.ts";

/** Notes of the software that fit on the page. */
const NOTES_SHOWN = 4;

/** A number as readers see it, with what the findings have; where they have none, the words alone. */
export const measuredValue = (pointer: string, value: number | undefined, text: string): Html =>
  value === undefined ? html`${text}` : html`<data data-field="${pointer}" value="${value}">${text}</data>`;

/** The site's shape and colour, as in images and lists. */
export const glyphOf = (leak: FindingsLeak): Html => {
  const { glyph, color } = siteOf(leak.site);
  return html`<svg viewBox="0 0 12 12" aria-hidden="true">
    <path d="${GLYPH_PATHS[glyph]}" fill="${color}" stroke="#333" stroke-width=".8" />
  </svg>`;
};

export function leakTable(findings: Findings, locale: Locale): Html | null {
  const { leaks } = findings;
  if (leaks.length === 0) return null;
  const head = (words: Word): Html => html`<th scope="col">${words[locale]}</th>`;
  const total = totalText(findings, locale);
  return html`<section data-part="leaks">
    <h2>${P.leaks[locale]}</h2>
    <table>
      <thead>
        <tr>
          ${[P.number, P.site, P.place, P.route].map(head)} ${volumeHead(P.volume, locale)}
          ${[P.extent, P.beyond, P.confidence].map(head)}
        </tr>
      </thead>
      <tbody>
        ${leaks.map((leak, index) => leakRow(leak, index, findings, locale))}
      </tbody>
    </table>
    ${total && html`<p data-part="total">${W.total[locale]}${W.colon[locale]}${total}${W.stop[locale]}</p>`}
  </section>`;
}

function leakRow(leak: FindingsLeak, index: number, findings: Findings, locale: Locale): Html {
  const at = (field: string): string => `/leaks/${index}/${field}`;
  const urgent = urgenciesOf(leak);
  const lesion = findings.lesions.some((entry) => entry.lesionId === leak.lesionRef)
    ? findings.lesions.length > 1 && `${W.lesion[locale]} ${leak.lesionRef}`
    : P.noLesion[locale];
  const notes = [
    neuralText(leak, locale),
    leak.symptom === "not_assessed" ? null : P.symptom[leak.symptom][locale],
    lesion || null,
  ].filter(Boolean);
  const mm = (field: "max3dDiameterMm" | "maxBeyondCortexMm"): Html => {
    const value = leak[field];
    return measuredValue(at(field), value, value === undefined ? "–" : mmText(value));
  };
  return html`<tr data-leak="${leak.leakId}">
    <td class="nowrap">${glyphOf(leak)}<b>${leak.leakId}</b></td>
    <td>
      ${urgent.length > 0 ? html`<b class="red">! ${leakSiteText(leak, locale)}</b>` : leakSiteText(leak, locale)}${notes.length > 0 && html`<small>${notes.join(W.semicolon[locale])}</small>`}
    </td>
    <td>
      ${[W.side[leak.side][locale], levelsText(leak.sacralLevels)].filter(Boolean).join(W.comma[locale])}
    </td>
    <td>${W.route[leak.route][locale]}</td>
    <td>${volume(leak, `/leaks/${index}`, locale)}</td>
    <td>${mm("max3dDiameterMm")}</td>
    <td>${mm("maxBeyondCortexMm")}</td>
    <td>${W.confidence[leak.confidence][locale]}</td>
  </tr>`;
}

/** Whole voxels, and under it the estimate with its interval. */
function volume(
  measures: Measures & Pick<Partial<FindingsLeak>, "notMeasurable">,
  pointer: string,
  locale: Locale,
): HtmlValue {
  const { volumeMm3, volumeEstimateMm3: estimate, volumeCi95Mm3: interval } = measures;
  const number = (field: string, mm3: number): Html =>
    measuredValue(`${pointer}/${field}`, mm3, volumeText(mm3));
  const counted = measuredValue(`${pointer}/volumeMm3`, volumeMm3, countedText(measures, locale));
  if (volumeMm3 === undefined) return counted;
  const range =
    interval && html`(${number("volumeCi95Mm3/0", interval[0])}–${number("volumeCi95Mm3/1", interval[1])})`;
  const beside = [
    estimate === undefined ? null : number("volumeEstimateMm3", estimate),
    estimate !== undefined && range ? " " : null,
    range ?? null,
  ];
  return [
    counted,
    (estimate !== undefined || interval !== undefined) && html`<small class="numbers">${beside}</small>`,
  ];
}

const volumeHead = (label: Word, locale: Locale): Html =>
  html`<th scope="col">${label[locale]}<small>${P.estimate[locale]}</small></th>`;

export function lesionTable(findings: Findings, locale: Locale): Html | null {
  const { lesions } = findings;
  if (lesions.length === 0) return null;
  const head = (words: Word): Html => html`<th scope="col">${words[locale]}</th>`;
  const balance = balanceSentence(findings, locale);
  return html`<section data-part="lesions">
    <h2>${P.lesions[locale]}</h2>
    <table>
      <thead>
        <tr>
          ${[W.lesion, P.bone].map(head)} ${volumeHead(W.cementInBone, locale)}
          ${[P.injected, W.leakage].map(head)}
        </tr>
      </thead>
      <tbody>
        ${lesions.map((lesion, index) => lesionRow(lesion, index, locale))}
      </tbody>
    </table>
    ${balance && html`<p data-part="balance">${balance}${W.stop[locale]}</p>`}
    ${besideLines(findings, locale).map((line) => html`<p data-part="beside">${line}</p>`)}
  </section>`;
}

function lesionRow(lesion: FindingsLesion, index: number, locale: Locale): Html {
  const { injectedVolumeMl: injected } = lesion;
  return html`<tr data-lesion="${lesion.lesionId}">
    <td><b>${lesion.lesionId}</b></td>
    <td>${lesionPlaceText(lesion, locale)}</td>
    <td>
      ${lesion.cement ? volume(lesion.cement, `/lesions/${index}/cement`, locale) : W.noCementMeasured[locale]}
    </td>
    <td>
      ${measuredValue(`/lesions/${index}/injectedVolumeMl`, injected, injected === undefined ? P.unknown[locale] : injectedText(injected))}
    </td>
    <td>${W.answer[lesion.leakage][locale]}</td>
  </tr>`;
}

/** "L1: …" where there are several lesions. */
const ofLesion = (lesion: FindingsLesion, findings: Findings, text: string, locale: Locale): string =>
  findings.lesions.length > 1 ? `${lesion.lesionId}${W.colon[locale]}${text}` : text;

export function negatives(findings: Findings, locale: Locale): Html {
  const lines = findings.lesions.map((lesion) => {
    const names = answeredSites(lesion, findings, "absent", locale);
    const text = names.length > 0 ? names.join(W.comma[locale]) : P.none[locale];
    return html`<p>${ofLesion(lesion, findings, text, locale)}${W.stop[locale]}</p>`;
  });
  return html`<section data-part="negatives">
    <h2>${P.negatives[locale]}</h2>
    ${lines.length > 0 ? lines : html`<p>${P.none[locale]}${W.stop[locale]}</p>`}
  </section>`;
}

export function notAssessed(findings: Findings, locale: Locale): Html | null {
  const lines: string[] = [];
  const line = (label: Word, items: readonly string[]): void => {
    if (items.length > 0) lines.push(`${label[locale]}${W.colon[locale]}${items.join(W.comma[locale])}`);
  };
  const eachLesion = (items: (lesion: FindingsLesion) => readonly string[]): string[] =>
    findings.lesions.flatMap((lesion) => {
      const names = items(lesion);
      return names.length > 0 ? [ofLesion(lesion, findings, names.join(W.comma[locale]), locale)] : [];
    });
  line(
    W.notAssessableAt,
    eachLesion((lesion) => answeredSites(lesion, findings, "not_assessable", locale)),
  );
  line(
    P.notAnswered,
    eachLesion((lesion) => unansweredSites(lesion, findings, locale)),
  );
  line(P.outside, notAssessedSites(findings, locale));
  const without = (missing: (leak: FindingsLeak) => boolean): string[] =>
    findings.leaks.filter(missing).map((leak) => leak.leakId);
  line(
    P.contactOpen,
    without((leak) => leak.neuralRelation === undefined),
  );
  line(
    P.symptomsOpen,
    without((leak) => leak.symptom === "not_assessed"),
  );
  if (lines.length === 0) return null;
  return html`<section data-part="not-assessed">
    <h2>${P.notAssessed[locale]}</h2>
    ${lines.map((text) => html`<p>${text}${W.stop[locale]}</p>`)}
  </section>`;
}

export function limitsSection(findings: Findings, locale: Locale): Html {
  const measurements = measurementTexts(findings);
  const notes = findings.verificationLog ?? [];
  const shown = notes.slice(0, NOTES_SHOWN);
  const rest = notes.length - shown.length;
  const limits = [
    ...limitsOf(findings, locale),
    priorText(findings, locale),
    P.voxelCount[locale],
    ...[verificationPhrase(findings, locale)].filter((text) => text !== null),
  ];
  return html`<section class="fine" data-part="limits">
    <h2>${P.limits[locale]}</h2>
    <p>${limits.join(W.semicolon[locale])}${W.stop[locale]}</p>
    ${
      measurements.length > 0 &&
      html`<p>
        ${W.measurements[locale]}${W.colon[locale]}${measurements.join(W.semicolon[locale])}${W.stop[locale]}
      </p>`
    }
    ${
      shown.length > 0 &&
      html`<p>
        ${P.notes[locale]}${W.colon[locale]}${shown.join("; ")}${rest > 0 && `; ${P.moreNotes[locale].replace("#", String(rest))}`}${W.stop[locale]}
      </p>`
    }
  </section>`;
}
