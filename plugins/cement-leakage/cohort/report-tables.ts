// The tables of the report in words, with what small counts would give away left out.
import type { Locale } from "#core/problem";
import { html, type Html, type HtmlValue } from "../exports/html.ts";
import type { Analysis } from "./analysis.ts";
import { rateText } from "./charts.ts";
import { LEFT_OUT_TEXT } from "./collect.ts";
import { groupName } from "./group-names.ts";
import type { Proportion } from "./proportions.ts";
import type { Rate, Unit } from "./rates.ts";
import { REPORT_WORDS as W } from "./report-words.ts";
import { conclusionShown, hiddenGroups, isHidden, isRateHidden, type TableOptions } from "./tables.ts";

export function tableOf(headings: readonly string[], rows: readonly (readonly HtmlValue[])[]): Html {
  return html`<table>
    <thead>
      <tr>
        ${headings.map((heading) => html`<th>${heading}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        (row) =>
          html`<tr>
            ${row.map((cell) => html`<td>${cell}</td>`)}
          </tr>`,
      )}
    </tbody>
  </table>`;
}

/** "12/35 = 34 % (21–51)", "< 5", or that it is not shown because what is left over is under five. */
export const shownRate = (proportion: Proportion, options: TableOptions): string =>
  isHidden(proportion.count, options)
    ? "< 5"
    : isRateHidden(proportion, options)
      ? W.notShown[options.locale]
      : rateText(proportion, options.locale);

export const severeTable = ({ severe }: Analysis, options: TableOptions): Html => {
  const { locale } = options;
  return tableOf(
    [W.question[locale], W.share[locale], W.notKnown[locale]],
    severe.map(({ label, proportion, unknown }) => [
      label[locale],
      proportion.of === 0 ? "–" : shownRate(proportion, options),
      unknown || "",
    ]),
  );
};

/** A table for each unit: rates of different units never stand in one column unmarked. */
export const ratesByUnit = ({ rates }: Analysis, options: TableOptions): HtmlValue => {
  const groups: readonly (readonly [Unit, readonly Rate[]])[] = [
    ["patient", rates.main],
    ["procedure", [rates.technicalSuccess]],
    ["lesion", rates.perLesion],
    ["leak", rates.ofLeaks],
  ];
  return groups.map(([unit, those]) => {
    const asked = those.filter(({ proportion, notAssessable, notAnswered }) =>
      Boolean(proportion.of + notAssessable + notAnswered),
    );
    return asked.length === 0
      ? null
      : html`<h3>${W.per[unit][options.locale]}</h3>
          ${ratesOf(asked, options)}`;
  });
};

function ratesOf(rates: readonly Rate[], options: TableOptions): Html {
  const { locale } = options;
  const clustered = rates.some((rate) => rate.clustered !== undefined);
  const keptOut = rates.some(({ notAssessable, notAnswered }) => notAssessable + notAnswered > 0);
  const only = <T>(wanted: boolean, value: T): readonly T[] => (wanted ? [value] : []);
  return tableOf(
    [
      W.rate[locale],
      W.share[locale],
      ...only(clustered, W.cluster[locale]),
      ...only(keptOut, W.notAssessable[locale]),
    ],
    rates.map(({ label, proportion, clustered: cluster, notAssessable, notAnswered, note }) => {
      const hidden = isRateHidden(proportion, options);
      return [
        note ? html`${label[locale]}<br /><small>${note[locale]}</small>` : label[locale],
        shownRate(proportion, options),
        ...only(clustered, cluster && !hidden ? cluster.map((x) => (100 * x).toFixed(0)).join("–") : ""),
        ...only<HtmlValue>(keptOut, notAssessable + notAnswered || ""),
      ];
    }),
  );
}

export const comparisonTables = (analysis: Analysis, options: TableOptions): HtmlValue => {
  const { locale } = options;
  const shown = analysis.comparisons.filter(({ groups }) => groups.length > 1);
  return (
    shown.length > 0 &&
    html`<section>
      <h2>${W.compare[locale]}</h2>
      ${shown.map((comparison) => {
        const hidden = hiddenGroups(comparison.groups, options);
        return html`<div class="together">
          ${tableOf(
            [comparison.factor.label[locale], W.share[locale]],
            comparison.groups.map(({ name, rate: { proportion } }) => [
              groupName(name, locale),
              !hidden.has(name)
                ? rateText(proportion, locale)
                : isHidden(proportion.count, options)
                  ? "< 5"
                  : W.notShown[locale],
            ]),
          )}
          <p>${conclusionShown(comparison, options)[locale]}</p>
        </div>`;
      })}
      <p class="small">${W.holm[locale]}</p>
    </section>`
  );
};

export const flowTable = ({ flow }: Analysis, locale: Locale): Html =>
  tableOf(
    [W.step[locale], W.count[locale], W.lost[locale]],
    flow.map(({ label, count, lost }) => [
      label[locale],
      count,
      lost.map(({ why, count: many }) => `${why[locale]}: ${many}`).join("; "),
    ]),
  );

export const leftOutTable = ({ leftOut }: Analysis, locale: Locale): HtmlValue =>
  leftOut.length > 0 &&
  html`<h3>${W.leftOut[locale]}</h3>
    ${tableOf(
      [W.file[locale], W.reason[locale]],
      leftOut.map(({ path, because, problem }) => [
        path,
        `${LEFT_OUT_TEXT[because][locale]}${problem?.text ? ` (${problem.text[locale]})` : problem ? ` (${problem.code})` : ""}`,
      ]),
    )}`;
