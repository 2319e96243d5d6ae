// The cohort's report as one HTML page that prints to PDF: figures, pictures, methods, definitions, and who was left out.
import { seriesName } from "./published.ts";
import type { Locale } from "#core/problem";
import { html, type Html, type HtmlValue } from "../exports/html.ts";
import type { LocalText } from "../model/sites.ts";
import { coefficientText } from "./agreement-rows.ts";
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
import { groupName } from "./group-names.ts";
import { svgMarkup } from "./svg.ts";
import { agreementSection } from "./report-agreement.ts";
import { isHidden, isRateHidden, trendIsHidden, type TableOptions } from "./tables.ts";
import { REPORT_STYLE } from "./report-style.ts";
import {
  comparisonTables,
  flowTable,
  leftOutTable,
  ratesByUnit,
  severeTable,
  shownRate,
  tableOf,
} from "./report-tables.ts";
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
  const page = html`<!doctype html>
    <html lang="${locale}">
      <head>
        <meta charset="utf-8" />
        <title>${say(W.title)}</title>
        ${REPORT_STYLE}
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
          ${severeTable(analysis, options)}
        </section>
        <section>
          <h2>${say(W.rates)}</h2>
          ${svgMarkup(forestPlot(forestRows(analysis, options), say(W.rates), locale))}
          <p class="small">${say(W.wilson)}</p>
          ${svgMarkup(sacrumPicture(placeCounts(analysis, options), placeNames(analysis, locale), say(W.places)))}
        </section>
        <section>
          <h2>${say(W.units)}</h2>
          ${ratesByUnit(analysis, options)}
          <p class="small">${say(W.clustered)}</p>
        </section>
        ${comparisonTables(analysis, options)} ${trend(analysis, options)} ${outcomes(analysis, options)}
        ${volumes(analysis, options)} ${agreementSection(analysis, options)}
        ${
          report.withOperators &&
          analysis.funnel.length > 0 &&
          html`<section>
            <h2>${say(W.operators)}</h2>
            <p class="small">${say(W.funnelNote)}</p>
            <ul>
              ${analysis.funnel.map(({ operator, rate, mix }) => html`<li>${operator}: ${rateText(rate.proportion, locale)}; ${mix.map(({ name, share }) => `${groupName(name, locale)} ${(100 * share).toFixed(0)} %`).join(", ")}</li>`)}
            </ul>
          </section>`
        }
        <section>
          <h2>${say(W.flow)}</h2>
          ${flowTable(analysis, locale)} ${leftOutTable(analysis, locale)}
        </section>
        ${report.lock && lockSection(report.lock, say, locale)}
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
    hidden: isRateHidden(rate.proportion, options),
    apart: n === 1 || n === 5,
  }));
  return [
    ...own,
    ...published.map(({ series, proportion, notComparable }, n): ForestRow => ({
      label: seriesName(series),
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

const trend = ({ trend: found }: Analysis, options: TableOptions): HtmlValue =>
  found.chart.points.length > 1 && trendSection(found, options);

const trendSection = (found: Analysis["trend"], options: TableOptions): Html => {
  const { locale } = options;
  // A point tells its count.
  const hidden = trendIsHidden(found, options);
  return html`<section>
    <h2>${W.trend[locale]}</h2>
    ${hidden ? html`<p>${W.trendHidden[locale]}</p>` : svgMarkup(trendChart(found, W.trend[locale]))}
    ${found.power && html`<p class="small">${W.power[locale](found.power.of, found.power.limits, found.power.chance)}</p>`}
    ${found.upperOfNone !== null && html`<p>${W.none[locale](found.sequence.length, found.upperOfNone)}</p>`}
  </section>`;
};

const outcomes = (analysis: Analysis, options: TableOptions): HtmlValue => {
  const { locale } = options;
  const groups = analysis.outcomes
    .map(({ lines, ...group }) => ({
      ...group,
      lines: lines.filter(({ n }) => n > 0 && !isHidden(n, options)),
    }))
    .filter(({ lines }) => lines.length > 0);
  return (
    groups.length > 0 &&
    html`<section>
      <h2>${W.outcomes[locale]}</h2>
      ${groups.map(
        ({ scale, who, lines }) =>
          html`<div class="together">
            <h3>${scale.toUpperCase()}${locale === "zh" ? "，" : ", "}${W.who[who][locale]}</h3>
            ${svgMarkup(boxPlot(outcomeBoxes(lines), "", `${scale} ${who}`))} ${outcomeTable(lines, locale)}
          </div>`,
      )}
      ${analysis.relief.map(
        ({ timePoint, proportion }) =>
          html`<p>${W.relief[locale]} (${timePoint}): ${shownRate(proportion, options)}</p>`,
      )}
    </section>`
  );
};

const outcomeTable = (lines: Analysis["outcomes"][number]["lines"], locale: Locale): Html =>
  tableOf(
    [W.timePoint[locale], W.meanSd[locale], "n", W.missing[locale], W.change[locale], "P (t, Wilcoxon)"],
    lines.map(({ timePoint, all, n, missing, change }) => [
      timePoint,
      all ? `${all.mean.toFixed(2)} ± ${all.sd.toFixed(2)}` : "–",
      n,
      missing,
      change?.mean ? coefficientText(change.mean.mean, change.mean.ci95) : "",
      change?.mean ? `${pText(change.t?.p)}, ${pText(change.wilcoxon?.p)}` : "",
    ]),
  );

const pText = (p: number | undefined): string =>
  p === undefined ? "–" : p < 0.001 ? "< 0.001" : p.toFixed(3);

const volumes = (analysis: Analysis, options: TableOptions): HtmlValue => {
  const { locale } = options;
  const shown = (values: readonly number[]) => (isHidden(values.length, options) ? [] : values);
  const [leaksMm3, injectedMl] = [shown(analysis.volumes.leaksMm3), shown(analysis.volumes.injectedMl)];
  return (
    leaksMm3.length + injectedMl.length > 0 &&
    html`<section>
      <h2>${W.volumes[locale]}</h2>
      ${leaksMm3.length > 0 && svgMarkup(boxPlot([{ label: W.leakVolume[locale], five: fiveNumbers(leaksMm3), n: leaksMm3.length }], "mm³", W.leakVolume[locale]))}
      ${injectedMl.length > 0 && svgMarkup(boxPlot([{ label: W.injected[locale], five: fiveNumbers(injectedMl), n: injectedMl.length }], "mL", W.injected[locale]))}
    </section>`
  );
};

const lockSection = (
  { lock, since }: NonNullable<CohortReport["lock"]>,
  say: (text: LocalText) => string,
  locale: Locale,
): Html =>
  html`<section>
    <h2>${say(W.locked)}</h2>
    <p>${say(W.cutOff)}: ${lock.cutOff}. ${lock.cases.length} ${say(W.cases)}.</p>
    <p>SHA-256 <span class="hash">${lock.sha256}</span></p>
    <p>
      ${say(W.filters)}:
      ${
        Object.entries(lock.filters.groups)
          .map(([id, value]) => `${id} = ${groupName(value, locale)}`)
          .join(", ") || say(W.noFilters)
      }
    </p>
    ${since && html`<p>${say(W.since)}: ${since.changed.length} ${say(W.changed)}, ${since.added.length} ${say(W.added)}, ${since.gone.length} ${say(W.gone)}</p>`}
  </section>`;
