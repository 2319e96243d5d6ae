// The findings as one page for the clinician who treats the patient: the answer, pictures, table, negatives, limits. Pure.
import type { Locale } from "#core/problem";
import type { Findings } from "../model/findings.ts";
import { answerSentence, urgentLines } from "./answer.ts";
import type { PlaneName } from "./best-plane.ts";
import { html, type Html } from "./html.ts";
import { reportPageStyle } from "./report-page-style.ts";
import {
  glyphOf,
  leakTable,
  lesionTable,
  limitsSection,
  measuredValue,
  negatives,
  notAssessed,
} from "./report-page-tables.ts";
import { PAGE_WORDS as P } from "./report-page-words.ts";
import { countedText, leakSiteText, levelsText, readersText, timeText } from "./sentences.ts";
import { TEXT_WORDS as W } from "./text-words.ts";

/** One leak as a picture, and how it was taken. */
export interface ReportPicture {
  readonly leakId: string;
  /** "data:image/png;base64,…"; anything else is not shown. */
  readonly dataUrl: string;
  readonly plane: PlaneName;
  /** HU; the page calls it bone window. */
  readonly window: { readonly widthHu: number; readonly levelHu: number };
}

export interface ReportPageInput {
  /** As they are exported: rounded, so that the page agrees with the JSON to the digit. */
  readonly findings: Findings;
  readonly pictures: readonly ReportPicture[];
  readonly locale: Locale;
}

const CSP = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";
const PNG = /^data:image\/png;base64,[A-Za-z0-9+/]+=*$/;

/**
 * One self-contained HTML document for A4: no script, nothing loaded, pictures inside. Measured numbers stand in `data` elements
 * with their JSON pointer (`data-field`) and the value that the findings have.
 */
export function reportPage(input: ReportPageInput): string {
  const { findings, locale } = input;
  const title = W.title[findings.procedure.type][locale];
  const draft = findings.status === "draft";
  const page = html`<html lang="${locale === "zh" ? "zh-CN" : "en"}">
    <head>
      <meta charset="utf-8" />
      <meta http-equiv="Content-Security-Policy" content="${CSP}" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>${[caseName(findings), title].filter(Boolean).join(" · ")}</title>
      ${reportPageStyle(locale)}
    </head>
    <body>
      ${draft && html`<div class="watermark" aria-hidden="true">${P.draftWord[locale]}</div>`}
      <main>
        ${head(findings, title, locale)} ${urgentBox(findings, locale)}
        <p class="answer" data-part="answer">${unbroken(answerSentence(findings, locale))}</p>
        ${pictures(input)} ${leakTable(findings, locale)} ${lesionTable(findings, locale)}
        <div class="beside">${negatives(findings, locale)} ${notAssessed(findings, locale)}</div>
        ${limitsSection(findings, locale)} ${foot(findings, locale)}
      </main>
    </body>
  </html>`;
  return `<!doctype html>\n${page.text}\n`;
}

/** A number stays with its unit on one line. */
const unbroken = (text: string): string => text.replace(/(\d) (?=mm|mL|%)/g, "$1\u00a0");

/** The pseudonym that the table (CSV) has too: never a name. */
const caseName = ({ subject }: Findings): string => subject?.patientKey ?? subject?.pseudonym ?? "";

function head(findings: Findings, title: string, locale: Locale): Html {
  const labelled = (label: { readonly [L in Locale]: string }, value: string | undefined): string[] =>
    value ? [`${label[locale]}${W.colon[locale]}${value}`] : [];
  const whose = [
    ...labelled(P.case, caseName(findings)),
    ...labelled(P.ctOf, dayText(findings.imaging.studyDate)),
  ];
  const which = [
    ...labelled(P.report, findings.documentId),
    ...labelled(P.replaces, findings.supersedes),
    ...labelled(P.secondReadOf, findings.secondReadOf),
    ...labelled(P.adjudicates, findings.adjudicates?.join(W.comma[locale])),
  ];
  const { status } = findings;
  const readers = readersText(findings);
  const signed =
    status === "draft"
      ? [P.unsigned[locale], readers].filter(Boolean).join(W.colon[locale])
      : `${W.signedBy[locale]}${W.colon[locale]}${readers}`;
  return html`<header>
    <div>
      <h1>${title}</h1>
      ${[whose, which].map((facts) => html`<p>${facts.join(" · ")}</p>`)}
    </div>
    <div class="signed">
      <div class="status status-${status}" data-part="status">${P.status[status][locale]}</div>
      <p data-part="signed">${signed}</p>
    </div>
  </header>`;
}

/** "2025-01-02" of "20250102". */
const dayText = (date: string | undefined): string | undefined =>
  date?.replace(/^(\d{4})(\d{2})(\d{2})$/, "$1-$2-$3");

function urgentBox(findings: Findings, locale: Locale): Html | null {
  const lines = urgentLines(findings, locale);
  if (lines.length === 0) return null;
  return html`<section class="urgent" data-part="urgent">
    <h2>${P.urgent[locale]}</h2>
    <ul>
      ${lines.map(
        ({ leak, what, communicated }) =>
          html`<li data-leak="${leak.leakId}">
            <b>${what}</b>${W.semicolon[locale]}${communicated}${W.stop[locale].trimEnd()}
          </li>`,
      )}
    </ul>
  </section>`;
}

function pictures({ findings, pictures: taken, locale }: ReportPageInput): Html | null {
  const { leaks } = findings;
  if (leaks.length === 0) return null;
  const columns = Math.min(4, Math.max(2, leaks.length));
  return html`<section data-part="pictures">
    <h2>${P.pictures[locale]}</h2>
    <div class="pictures" style="grid-template-columns: repeat(${columns}, 1fr)">
      ${leaks.map((leak, index) => {
        const picture = taken.find((entry) => entry.leakId === leak.leakId && PNG.test(entry.dataUrl));
        const name = [leakSiteText(leak, locale), W.side[leak.side][locale], levelsText(leak.sacralLevels)];
        const label = `${leak.leakId} ${name.filter(Boolean).join(W.comma[locale])}`;
        return html`<figure data-leak="${leak.leakId}">
          ${
            picture
              ? html`<img src="${picture.dataUrl}" alt="${label}" />`
              : html`<div class="no-picture">${P.noPicture[locale]}</div>`
          }
          <figcaption>
            ${glyphOf(leak)}<b>${leak.leakId}</b>
            ${name.filter(Boolean).join(W.comma[locale])}${W.comma[locale]}${measuredValue(`/leaks/${index}/volumeMm3`, leak.volumeMm3, countedText(leak, locale))}
            ${picture ? html`<br /><small>${pictureText(picture, locale)}</small>` : null}
          </figcaption>
        </figure>`;
      })}
    </div>
  </section>`;
}

const pictureText = ({ plane, window: grey }: ReportPicture, locale: Locale): string =>
  `${P.plane[plane][locale]}${W.comma[locale]}${P.boneWindow[locale]} W ${grey.widthHu} L ${grey.levelHu}`;

const foot = ({ software, createdAt }: Findings, locale: Locale): Html =>
  html`<footer>
    <b>${W.notForDiagnosis[locale]}</b>
    ${P.madeBy[locale]}${W.colon[locale]}${software.name} ${software.version},
    ${timeText(createdAt)}${W.stop[locale].trimEnd()}
  </footer>`;
