// The report's section on readers: coefficients with intervals, overall and by pair of readers.
import { html, type HtmlValue } from "../exports/html.ts";
import { agreementLines, coefficientText, isFew, readersName, valueText } from "./agreement-rows.ts";
import type { Analysis } from "./analysis.ts";
import { blandAltmanPlot } from "./charts.ts";
import { tableOf } from "./report-tables.ts";
import { REPORT_WORDS as W } from "./report-words.ts";
import { svgMarkup } from "./svg.ts";
import type { TableOptions } from "./tables.ts";

export function agreementSection(
  { agreement }: Analysis,
  { locale, hideSmallCells }: TableOptions,
): HtmlValue {
  if (!agreement) return false;
  const { overall, byReaders, volumesMm3 } = agreement;
  const groups = [overall, ...(byReaders.length > 1 ? byReaders : [])];
  const { bland } = overall.volume;
  return html`<section>
    <h2>${W.agreement[locale]}</h2>
    <p class="small">${W.agreementNote[locale]}</p>
    ${groups.map(
      (one) =>
        html`<h3>${readersName(one.readers, locale)}</h3>
          <div class="figures">
            ${tableOf(
              [W.judged[locale], W.alike[locale], W.kappa[locale], "AC1"],
              agreementLines(one, locale).map((line) => {
                const hidden = hideSmallCells && isFew(line);
                return [
                  line.label,
                  hidden ? "< 5" : valueText(line),
                  hidden ? "" : coefficientText(line.kappa, line.kappaCi95),
                  hidden ? "" : coefficientText(line.ac1, line.ac1Ci95),
                ];
              }),
            )}
          </div>`,
    )}
    ${bland && !(hideSmallCells && bland.n < 5) && svgMarkup(blandAltmanPlot(volumesMm3, bland, "mm³", W.blandAltman[locale]))}
  </section>`;
}
