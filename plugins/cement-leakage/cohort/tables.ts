// The figures of an analysis as tables: the same cells for the page, the CSV files and the report.
import type { Locale } from "#core/problem";
import { agreementRows, doubleReadRows } from "./agreement-rows.ts";
import type { Analysis } from "./analysis.ts";
import { LEFT_OUT_TEXT } from "./collect.ts";
import { conclusionOf } from "./compare-groups.ts";
import { type CsvCell, writeCsv } from "./csv.ts";
import { clopperPearson, type Proportion } from "./proportions.ts";
import type { Rate } from "./rates.ts";

export interface TableOptions {
  readonly locale: Locale;
  /** Counts from 1 to 4 are written "<5", with what could give them away: for what leaves the department. */
  readonly hideSmallCells: boolean;
  /** The exact interval beside Wilson's. */
  readonly clopperPearson: boolean;
}

export interface Table {
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly CsvCell[])[];
}

/** Below this many a percentage says more than the data (DOMAIN §7). */
const PERCENT_FROM = 10;
const SMALL = 5;

export const isHidden = (count: number, { hideSmallCells }: TableOptions): boolean =>
  hideSmallCells && count > 0 && count < SMALL;

/** Whether the share of a proportion may be shown in percent. */
export const showsPercent = ({ of }: Proportion): boolean => of >= PERCENT_FROM;

const six = (value: number): number => Number(value.toFixed(6));

const RATE_COLUMNS = [
  "id",
  "rate",
  "unit",
  "count",
  "of",
  "percent",
  "wilsonLow",
  "wilsonHigh",
  "exactLow",
  "exactHigh",
  "clusterLow",
  "clusterHigh",
  "notAssessable",
  "notAnswered",
] as const;

function rateRow(rate: Rate, options: TableOptions): CsvCell[] {
  const { count, of, share, wilson } = rate.proportion;
  const hidden = isHidden(count, options) || isHidden(of - count, options);
  const exact = options.clopperPearson && of > 0 ? clopperPearson(count, of) : null;
  const shown = (value: number | null | undefined): CsvCell =>
    hidden || value === null || value === undefined ? null : six(value);
  return [
    rate.id,
    rate.label[options.locale],
    rate.unit,
    hidden ? (count < SMALL && count > 0 ? "<5" : null) : count,
    of,
    hidden || share === null || !showsPercent(rate.proportion) ? null : six(100 * share),
    shown(wilson?.[0]),
    shown(wilson?.[1]),
    shown(exact?.[0]),
    shown(exact?.[1]),
    shown(rate.clustered?.[0]),
    shown(rate.clustered?.[1]),
    rate.notAssessable,
    rate.notAnswered,
  ];
}

export function analysisTables(analysis: Analysis, options: TableOptions): readonly Table[] {
  const { locale } = options;
  const { rates, agreement } = analysis;
  const rows = [
    ...rates.main,
    ...rates.sites,
    ...rates.perProcedure,
    ...rates.perLesion,
    ...rates.ofLeaks,
    rates.technicalSuccess,
  ];
  return [
    { name: "rates", columns: RATE_COLUMNS, rows: rows.map((rate) => rateRow(rate, options)) },
    {
      name: "severe",
      columns: ["id", "line", "count", "of", "wilsonLow", "wilsonHigh", "unknown"],
      rows: analysis.severe.map(({ id, label, proportion: { count, of, wilson }, unknown }) => {
        const hidden = isHidden(count, options);
        return [
          id,
          label[locale],
          hidden ? "<5" : count,
          of,
          hidden || !wilson ? null : six(wilson[0]),
          hidden || !wilson ? null : six(wilson[1]),
          unknown,
        ];
      }),
    },
    {
      name: "flow",
      columns: ["step", "label", "count", "lost"],
      rows: analysis.flow.map(({ id, label, count, lost }) => [
        id,
        label[locale],
        count,
        lost.map(({ why, count: many }) => `${why[locale]}: ${many}`).join("; "),
      ]),
    },
    {
      name: "left-out",
      columns: ["path", "reason", "documentId", "problem"],
      rows: analysis.leftOut.map(({ path, because, documentId, problem }) => [
        path,
        LEFT_OUT_TEXT[because][locale],
        documentId,
        problem?.text?.[locale] ?? problem?.code,
      ]),
    },
    {
      name: "comparisons",
      columns: [
        "factor",
        "group",
        "count",
        "of",
        "percent",
        "wilsonLow",
        "wilsonHigh",
        "exactP",
        "correctedP",
        "chiSquareP",
        "conclusion",
      ],
      rows: analysis.comparisons.flatMap((comparison) =>
        comparison.groups.map(({ name, rate }, n): CsvCell[] => {
          const row = rateRow(rate, options);
          const first = n === 0;
          return [
            comparison.factor.id,
            name,
            row[3],
            row[4],
            row[5],
            row[6],
            row[7],
            first && comparison.exact ? six(comparison.exact.p) : null,
            first && comparison.corrected !== null ? six(comparison.corrected) : null,
            first && comparison.chiSquare ? six(comparison.chiSquare.p) : null,
            first ? conclusionOf(comparison)[locale] : null,
          ];
        }),
      ),
    },
    {
      name: "outcomes",
      columns: [
        "scale",
        "who",
        "timePoint",
        "n",
        "missing",
        "mean",
        "sd",
        "pairs",
        "meanChange",
        "pairedTP",
        "wilcoxonP",
      ],
      rows: analysis.outcomes.flatMap(({ scale, who, lines }) =>
        lines.map((line): CsvCell[] => {
          const hidden = isHidden(line.n, options);
          const shown = (value: number | undefined): CsvCell =>
            hidden || value === undefined ? null : six(value);
          return [
            scale,
            who,
            line.timePoint,
            hidden ? "<5" : line.n,
            line.missing,
            shown(line.all?.mean),
            shown(line.all?.sd),
            line.change?.pairs,
            shown(line.change?.mean?.mean),
            shown(line.change?.t?.p),
            shown(line.change?.wilcoxon?.p),
          ];
        }),
      ),
    },
    {
      name: "trend",
      columns: ["period", "count", "of", "lowerLimit", "upperLimit", "beyond"],
      rows: analysis.trend.chart.points.map(({ label, rate: { count, of }, limits, signal }) => [
        label,
        isHidden(count, options) ? "<5" : count,
        of,
        six(limits[0]),
        six(limits[1]),
        signal,
      ]),
    },
    ...(agreement
      ? [
          { name: "agreement", ...agreementRows(agreement, options) },
          { name: "double-reads", ...doubleReadRows(agreement) },
        ]
      : []),
  ];
}

export const tableCsv = ({ columns, rows }: Table): string => writeCsv(columns, rows);
