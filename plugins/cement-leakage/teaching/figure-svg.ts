// A figure as SVG: on the teaching page, in the dialog, and as a file for slides. No style and no script in it, so that any policy lets it be.
import type { Locale } from "#core/problem";
import { type Html, html } from "../exports/html.ts";
import { type Figure, type FigureText, SIDE_PX } from "./figure.ts";
import { TEACHING_WORDS as T } from "./page-words.ts";

const FONT = "system-ui, 'Helvetica Neue', Arial, 'Noto Sans CJK SC', sans-serif";
const EDGE_PX = 14;
const ARROW_PX = 62;
const ARROW_COLOR = "#ffd43b";

export interface FigureForm {
  /** With the outlines of cement. */
  readonly marked: boolean;
  readonly title: string;
  readonly locale: Locale;
}

/** Fit for an HTML page and as a file of its own. What `marked` adds is one group, which a page can take out again. */
export const figureSvg = (figure: Figure, { marked, title, locale }: FigureForm): string =>
  html`<svg
    xmlns="http://www.w3.org/2000/svg"
    viewBox="0 0 ${SIDE_PX} ${SIDE_PX}"
    width="${SIDE_PX}"
    height="${SIDE_PX}"
    role="img"
  >
    <title>${title}</title>
    ${pixels(figure.plain)} ${marked && marks(figure)} ${figure.arrows.map(arrow)} ${frameWords(figure)}
    ${scaleBar(figure)}
    <text x="${SIDE_PX - 8}" y="${SIDE_PX - 8}" ${textStyle(10, "end")}>
      ${T.notForDiagnosisShort[locale]}
    </text>
  </svg>`.text.replace(/\s*\n\s*/g, " ");

const pixels = (png: string): Html =>
  html`<image width="${SIDE_PX}" height="${SIDE_PX}" href="data:image/png;base64,${png}" />`;

const marks = ({ marked, outlines, names }: Figure): Html =>
  html`<g class="marks">
    ${marked !== null && pixels(marked)} ${outlines.map(({ color, path }) => outline(color, path))}
    ${names.map(name)}
  </g>`;

/** Light letters with a dark border: readable on bone as on air. */
const textStyle = (size: number, anchor: "start" | "middle" | "end" = "start", fill = "#f8f9fa"): Html =>
  html`font-family="${FONT}" font-size="${size}" text-anchor="${anchor}" fill="${fill}" stroke="#000"
  stroke-width="${(size / 5).toFixed(1)}" stroke-linejoin="round" paint-order="stroke"`;

const outline = (color: string, path: string): Html =>
  html`<path d="${path}" fill="${color}" fill-opacity="0.35" stroke="${color}" stroke-width="2" />`;

const name = ({ text, x, y, color }: FigureText): Html =>
  html`<text x="${x.toFixed(0)}" y="${y.toFixed(0)}" ${textStyle(17, "start", color)} font-weight="700"
    >${text}</text
  >`;

const arrow = ({ x, y, degrees }: Figure["arrows"][number]): Html =>
  html`<g transform="translate(${x.toFixed(1)} ${y.toFixed(1)}) rotate(${degrees.toFixed(0)})">
    <path d="${ARROW_PATH}" fill="${ARROW_COLOR}" stroke="#000" stroke-width="1.5" stroke-linejoin="round" />
  </g>`;

/** Its tip at 0 0, pointing to the right. */
export const ARROW_PATH = `M0 0L-16 -7L-13 -2L-${ARROW_PX} -2L-${ARROW_PX} 2L-13 2L-16 7Z`;

function frameWords({ sides, window }: Figure): Html {
  const half = SIDE_PX / 2;
  return html`<text x="8" y="${half + 5}" ${textStyle(EDGE_PX)}>${sides.left}</text>
    <text x="${SIDE_PX - 8}" y="${half + 5}" ${textStyle(EDGE_PX, "end")}>${sides.right}</text>
    <text x="${half}" y="18" ${textStyle(EDGE_PX, "middle")}>${sides.top}</text>
    <text x="8" y="18" ${textStyle(11)}>${window}</text>`;
}

function scaleBar({ scaleBar: { px, mm } }: Figure): Html {
  const y = SIDE_PX - 12;
  return html`<path
      d="M10 ${y - 5}V${y}H${(10 + px).toFixed(1)}V${y - 5}"
      fill="none"
      stroke="#000"
      stroke-width="4"
    />
    <path
      d="M10 ${y - 5}V${y}H${(10 + px).toFixed(1)}V${y - 5}"
      fill="none"
      stroke="#f8f9fa"
      stroke-width="2"
    />
    <text x="${(10 + px / 2).toFixed(1)}" y="${y - 9}" ${textStyle(12, "middle")}>${mm} mm</text>`;
}
