// The figures of an analysis as tables: the same cells for the page, the CSV files and the report.
import type { Locale } from "#core/problem";
import { agreementRows, doubleReadRows } from "./agreement-rows.ts";
import type { Analysis } from "./analysis.ts";
import { LEFT_OUT_TEXT } from "./collect.ts";
import { conclusionOf, type GroupComparison } from "./compare-groups.ts";
import { type CsvCell, writeCsv } from "./csv.ts";
import { clopperPearson, type Proportion } from "./proportions.ts";
import type { LocalText } from "../model/sites.ts";
import type { Rate } from "./rates.ts";
import type { Trend } from "./trend.ts";

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

/** Both ends of a share tell: 9 of 12 says that three have none. */
export const isRateHidden = ({ count, of }: Proportion, options: TableOptions): boolean =>
  isHidden(count, options) || isHidden(of - count, options);

/** Groups whose counts are not shown: where it would be one alone, the total gives it away, and the next smallest goes with it. */
export function hiddenGroups(groups: GroupComparison["groups"], options: TableOptions): ReadonlySet<string> {
  const hidden = groups.filter(({ rate }) => isRateHidden(rate.proportion, options));
  const rest = groups
    .filter((group) => !hidden.includes(group) && group.rate.proportion.count > 0)
    .toSorted((a, b) => a.rate.proportion.count - b.rate.proportion.count);
  return new Set([...hidden, ...(hidden.length === 1 ? rest.slice(0, 1) : [])].map(({ name }) => name));
}

/** The conclusion without the shares of groups that are not shown. */
export function conclusionShown(comparison: GroupComparison, options: TableOptions): LocalText {
  const { corrected, groups } = comparison;
  if (hiddenGroups(groups, options).size === 0 || corrected === null) return conclusionOf(comparison);
  const p = corrected < 0.001 ? "< 0.001" : `= ${corrected.toFixed(3)}`;
  return corrected < 0.05
    ? {
        en: `The rates differ by more than chance would explain (corrected P ${p}). Groups were not assigned at random: this does not say why.`,
        zh: `各组比率的差异超出偶然（校正 P ${p}）。分组并非随机，不能说明原因。`,
      }
    : {
        en: `No difference is shown (corrected P ${p}). That is not proof that the rates are alike.`,
        zh: `未显示差异（校正 P ${p}）。这并不证明比率相同。`,
      };
}

/** A trend chart shows every count. */
export const trendIsHidden = ({ chart }: Trend, options: TableOptions): boolean =>
  chart.points.some(({ rate }) => isHidden(rate.count, options));

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

function rateRow(rate: Rate, options: TableOptions, hide = false): CsvCell[] {
  const { count, of, share, wilson } = rate.proportion;
  const hidden = hide || isRateHidden(rate.proportion, options);
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
      rows: analysis.comparisons.flatMap((comparison) => {
        const hidden = hiddenGroups(comparison.groups, options);
        return comparison.groups.map(({ name, rate }, n): CsvCell[] => {
          const row = rateRow(rate, options, hidden.has(name));
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
            first ? conclusionShown(comparison, options)[locale] : null,
          ];
        });
      }),
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
