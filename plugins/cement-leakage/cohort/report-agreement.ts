// The report's section on readers: coefficients with intervals, overall and by pair of readers.
import { html, type HtmlValue } from "../exports/html.ts";
import { allAgreementLines, coefficientText, isFew, valueText } from "./agreement-rows.ts";
import type { Analysis } from "./analysis.ts";
import { blandAltmanPlot } from "./charts.ts";
import { REPORT_WORDS as W } from "./report-words.ts";
import { svgMarkup } from "./svg.ts";
import type { TableOptions } from "./tables.ts";

export function agreementSection(
  { agreement }: Analysis,
  { locale, hideSmallCells }: TableOptions,
): HtmlValue {
  if (!agreement) return false;
  const { overall, volumesMm3 } = agreement;
  const { bland } = overall.volume;
  return html`<section>
    <h2>${W.agreement[locale]}</h2>
    <p class="small">${W.agreementNote[locale]}</p>
    <table>
      <thead>
        <tr>
          <th>${W.readers[locale]}</th>
          <th>${W.judged[locale]}</th>
          <th>${W.alike[locale]}</th>
          <th>${W.kappa[locale]}</th>
          <th>AC1</th>
        </tr>
      </thead>
      <tbody>
        ${allAgreementLines(agreement, locale).map((line) => {
          const hidden = hideSmallCells && isFew(line);
          return html`<tr>
            <td>${line.readers}</td>
            <td>${line.label}</td>
            <td>${hidden ? "< 5" : valueText(line)}</td>
            <td>${hidden ? "" : coefficientText(line.kappa, line.kappaCi95)}</td>
            <td>${hidden ? "" : coefficientText(line.ac1, line.ac1Ci95)}</td>
          </tr>`;
        })}
      </tbody>
    </table>
    ${bland && !(hideSmallCells && bland.n < 5) && svgMarkup(blandAltmanPlot(volumesMm3, bland, "mm³", W.blandAltman[locale]))}
  </section>`;
}
