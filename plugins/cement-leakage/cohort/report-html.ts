// The cohort's report as one HTML page that prints to PDF: figures, pictures, methods, definitions, and who was left out.
import type { Locale } from "#core/problem";
import { html, type Html, type HtmlValue } from "../exports/html.ts";
import type { LocalText } from "../model/sites.ts";
import type { Analysis } from "./analysis.ts";
import {
  boxPlot,
  forestPlot,
  outcomeBoxes,
  rateText,
  sacrumPicture,
  trendChart,
  type ForestRow,
} from "./charts.ts";
import { fiveNumbers } from "./outcomes.ts";
import type { CohortLock, SinceLocked } from "./lock.ts";
import { conclusionOf } from "./compare-groups.ts";
import type { Rate } from "./rates.ts";
import { svgMarkup } from "./svg.ts";
import { agreementSection } from "./report-agreement.ts";
import { analysisTables, isHidden, type Table, type TableOptions } from "./tables.ts";
import { REPORT_WORDS as W } from "./report-words.ts";

export interface CohortReport {
  readonly analysis: Analysis;
  readonly options: TableOptions;
  /** ISO 8601. */
  readonly madeAt: string;
  readonly software: string;
  /** Said on top: "synthetic cohort", where it is one. */
  readonly notice: string | null;
  readonly lock: { readonly lock: CohortLock; readonly since: SinceLocked | null } | null;
  /** Operators are pseudonyms, and still left out unless chosen. */
  readonly withOperators: boolean;
}

export function cohortReport(report: CohortReport): string {
  const { analysis, options } = report;
  const { locale } = options;
  const say = (text: LocalText) => text[locale];
  const tables = new Map(analysisTables(analysis, options).map((table) => [table.name, table]));
  const page = html`<!doctype html>
    <html lang="${locale}">
      <head>
        <meta charset="utf-8" />
        <title>${say(W.title)}</title>
        ${STYLE}
      </head>
      <body>
        <header>
          <h1>${say(W.title)}</h1>
          <p>
            ${analysis.patients} ${say(W.patients)}, ${analysis.lesions} ${say(W.lesions)},
            ${analysis.cases.length} ${say(W.cases)}. ${report.madeAt.slice(0, 10)}. ${report.software}.
          </p>
          <p class="warn">${say(W.notForDiagnosis)}</p>
          ${report.notice && html`<p class="warn">${report.notice}</p>`}
          ${analysis.amongSubmitted && html`<p class="warn">${say(W.amongSubmitted)}</p>`}
          ${analysis.pooled.map((text) => html`<p class="warn">${say(text)}</p>`)}
        </header>
        <section>
          <h2>${say(W.severe)}</h2>
          ${tableOf(tables.get("severe"))}
        </section>
        <section>
          <h2>${say(W.rates)}</h2>
          ${svgMarkup(forestPlot(forestRows(analysis, options), say(W.rates), locale))}
          <p class="small">${say(W.wilson)}</p>
          ${svgMarkup(sacrumPicture(placeCounts(analysis, options), placeNames(analysis, locale), say(W.places)))}
        </section>
        <section>
          <h2>${say(W.units)}</h2>
          ${ratesTable([...analysis.rates.main, ...analysis.rates.perLesion, ...analysis.rates.ofLeaks, analysis.rates.technicalSuccess], options)}
          <p class="small">${say(W.clustered)}</p>
        </section>
        ${comparisons(analysis, options)} ${trend(analysis, options)} ${outcomes(analysis, options)}
        ${volumes(analysis, options)} ${agreementSection(analysis, options)}
        ${
          report.withOperators &&
          analysis.funnel.length > 0 &&
          html`<section>
            <h2>${say(W.operators)}</h2>
            <p class="small">${say(W.funnelNote)}</p>
            <ul>
              ${analysis.funnel.map(({ operator, rate, mix }) => html`<li>${operator}: ${rateText(rate.proportion, locale)}; ${mix.map(({ name, share }) => `${name} ${(100 * share).toFixed(0)} %`).join(", ")}</li>`)}
            </ul>
          </section>`
        }
        <section>
          <h2>${say(W.flow)}</h2>
          ${tableOf(tables.get("flow"))}
          ${
            analysis.leftOut.length > 0 &&
            html`<h3>${say(W.leftOut)}</h3>
              ${tableOf(tables.get("left-out"))}`
          }
        </section>
        ${report.lock && lockSection(report.lock, say)}
        <section>
          <h2>${say(W.methods)}</h2>
          ${W.methodsText.map((text) => html`<p>${say(text)}</p>`)}
          <p>
            ${say(W.definitions)}:
            ${[...new Set(analysis.cases.map((one) => one.definitionsVersion))].join(", ") || "–"}.
          </p>
        </section>
      </body>
    </html>`;
  return `${page.text}\n`;
}

function forestRows({ rates, published }: Analysis, options: TableOptions): ForestRow[] {
  const { locale } = options;
  const own = rates.main.map((rate, n): ForestRow => ({
    label: rate.label[locale],
    proportion: rate.proportion,
    hidden: isHidden(rate.proportion.count, options),
    apart: n === 1 || n === 5,
  }));
  return [
    ...own,
    ...published.map(({ series, proportion, notComparable }, n): ForestRow => ({
      label: series.citation.split(",")[0],
      proportion,
      apart: n === 0,
      ...(notComparable.length > 0
        ? { dimmed: `${W.notComparable[locale]}: ${notComparable.map((text) => text[locale]).join("; ")}` }
        : {}),
    })),
  ];
}

const placeCounts = ({ rates }: Analysis, options: TableOptions) =>
  Object.fromEntries(
    rates.main
      .slice(1, 5)
      .map(({ id, proportion: { count } }) => [
        id.replace("category:", ""),
        { count, hidden: isHidden(count, options) },
      ]),
  );
const placeNames = ({ rates }: Analysis, locale: Locale) =>
  Object.fromEntries(
    rates.main.slice(1, 5).map(({ id, label }) => [id.replace("category:", ""), label[locale]]),
  );

function ratesTable(rates: readonly Rate[], options: TableOptions): Html {
  const { locale } = options;
  return html`<table>
    <thead>
      <tr>
        <th>${W.rate[locale]}</th>
        <th>${W.unit[locale]}</th>
        <th>${W.share[locale]}</th>
        <th>${W.cluster[locale]}</th>
        <th>${W.notAssessable[locale]}</th>
      </tr>
    </thead>
    <tbody>
      ${rates.map(({ label, unit, proportion, clustered, notAssessable, notAnswered, note }) => {
        const hidden = isHidden(proportion.count, options);
        const cluster = clustered && !hidden ? clustered.map((x) => (100 * x).toFixed(0)).join("–") : "";
        return html`<tr>
          <td>${label[locale]}${note ? html`<br /><small>${note[locale]}</small>` : null}</td>
          <td>${W.unitNames[unit][locale]}</td>
          <td>${hidden ? "< 5" : rateText(proportion, locale)}</td>
          <td>${cluster}</td>
          <td>${notAssessable + notAnswered || ""}</td>
        </tr>`;
      })}
    </tbody>
  </table>`;
}

const comparisons = (analysis: Analysis, options: TableOptions): HtmlValue => {
  const { locale } = options;
  const shown = analysis.comparisons.filter(({ groups }) => groups.length > 1);
  return (
    shown.length > 0 &&
    html`<section>
      <h2>${W.compare[locale]}</h2>
      ${shown.map(
        (comparison) =>
          html`<h3>${comparison.factor.label[locale]}</h3>
            <ul>
              ${comparison.groups.map(
                ({ name, rate }) =>
                  html`<li>
                    ${name}:
                    ${isHidden(rate.proportion.count, options) ? "< 5" : rateText(rate.proportion, locale)}
                  </li>`,
              )}
            </ul>
            <p>${conclusionOf(comparison)[locale]}</p>`,
      )}
      <p class="small">${W.holm[locale]}</p>
    </section>`
  );
};

const trend = ({ trend: found }: Analysis, { locale }: TableOptions): HtmlValue =>
  found.chart.points.length > 1 &&
  html`<section>
    <h2>${W.trend[locale]}</h2>
    ${svgMarkup(trendChart(found, W.trend[locale]))}
    ${found.power && html`<p class="small">${W.power[locale](found.power.of, found.power.limits, found.power.chance)}</p>`}
    ${found.upperOfNone !== null && html`<p>${W.none[locale](found.sequence.length, found.upperOfNone)}</p>`}
  </section>`;

const outcomes = (analysis: Analysis, { locale }: TableOptions): HtmlValue => {
  const groups = analysis.outcomes.filter(({ lines }) => lines.some(({ n }) => n > 0));
  return (
    groups.length > 0 &&
    html`<section>
      <h2>${W.outcomes[locale]}</h2>
      ${groups.map(
        ({ scale, who, lines }) =>
          html`<h3>${scale.toUpperCase()}, ${W.who[who][locale]}</h3>
            ${svgMarkup(boxPlot(outcomeBoxes(lines), "", `${scale} ${who}`))}
            <ul>
              ${lines.map(
                (line) =>
                  html`<li>
                    ${line.timePoint}:
                    ${line.all ? `${line.all.mean.toFixed(2)} ± ${line.all.sd.toFixed(2)}` : "–"} (n =
                    ${line.n}, ${W.missing[locale]}
                    ${line.missing})${
                      line.change?.mean
                        ? `; ${W.change[locale]} ${line.change.mean.mean.toFixed(2)} (${line.change.mean.ci95.map((x) => x.toFixed(2)).join(" … ")}), t P ${pText(line.change.t?.p)}, Wilcoxon P ${pText(line.change.wilcoxon?.p)}`
                        : null
                    }
                  </li>`,
              )}
            </ul>`,
      )}
      ${analysis.relief.map(
        ({ timePoint, proportion }) =>
          html`<p>${W.relief[locale]} (${timePoint}): ${rateText(proportion, locale)}</p>`,
      )}
    </section>`
  );
};

const pText = (p: number | undefined): string =>
  p === undefined ? "–" : p < 0.001 ? "< 0.001" : p.toFixed(3);

const volumes = ({ volumes: { leaksMm3, injectedMl } }: Analysis, { locale }: TableOptions): HtmlValue =>
  leaksMm3.length + injectedMl.length > 0 &&
  html`<section>
    <h2>${W.volumes[locale]}</h2>
    ${leaksMm3.length > 0 && svgMarkup(boxPlot([{ label: W.leakVolume[locale], five: fiveNumbers(leaksMm3), n: leaksMm3.length }], "mm³", W.leakVolume[locale]))}
    ${injectedMl.length > 0 && svgMarkup(boxPlot([{ label: W.injected[locale], five: fiveNumbers(injectedMl), n: injectedMl.length }], "mL", W.injected[locale]))}
  </section>`;

const lockSection = (
  { lock, since }: NonNullable<CohortReport["lock"]>,
  say: (text: LocalText) => string,
): Html =>
  html`<section>
    <h2>${say(W.locked)}</h2>
    <p>${say(W.cutOff)}: ${lock.cutOff}. ${lock.cases.length} ${say(W.cases)}. SHA-256 ${lock.sha256}.</p>
    <p>
      ${say(W.filters)}:
      ${
        Object.entries(lock.filters.groups)
          .map(([id, value]) => `${id} = ${value}`)
          .join(", ") || say(W.noFilters)
      }
    </p>
    ${since && html`<p>${say(W.since)}: ${since.changed.length} ${say(W.changed)}, ${since.added.length} ${say(W.added)}, ${since.gone.length} ${say(W.gone)}</p>`}
  </section>`;

const tableOf = (table: Table | undefined): HtmlValue =>
  table !== undefined &&
  html`<table>
    <thead>
      <tr>
        ${table.columns.map((name) => html`<th>${name}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${table.rows.map(
        (row) =>
          html`<tr>
            ${row.map((cell) => html`<td>${cell === null || cell === undefined ? "" : String(cell)}</td>`)}
          </tr>`,
      )}
    </tbody>
  </table>`;

const STYLE = html`<style>
  @page {
    size: A4;
    margin: 14mm;
  }
  body {
    color: #16191d;
    background: #fff;
    font:
      10.5pt/1.45 system-ui,
      "Noto Sans CJK SC",
      sans-serif;
    max-width: 190mm;
    margin: 0 auto;
    padding: 8mm;
  }
  @media print {
    body {
      padding: 0;
    }
  }
  h1 {
    font-size: 18pt;
    margin: 0 0 2mm;
  }
  h2 {
    font-size: 13pt;
    margin: 7mm 0 2mm;
    border-bottom: 1px solid #ced4da;
  }
  h3 {
    font-size: 10.5pt;
    margin: 4mm 0 1mm;
  }
  section,
  table,
  svg {
    break-inside: avoid-page;
  }
  table {
    border-collapse: collapse;
    width: 100%;
    font-size: 9.5pt;
  }
  th,
  td {
    text-align: left;
    padding: 1mm 2mm;
    border-bottom: 1px solid #e9ecef;
    vertical-align: top;
  }
  svg {
    max-width: 100%;
    height: auto;
  }
  .warn {
    border-left: 3px solid #e8590c;
    padding-left: 3mm;
  }
  .small,
  small {
    font-size: 8.5pt;
    color: #495057;
  }
  ul {
    margin: 1mm 0;
    padding-left: 6mm;
  }
</style>`;
