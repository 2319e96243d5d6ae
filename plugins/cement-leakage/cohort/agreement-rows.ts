// Agreement of readers as rows: one for each figure, the same for the CSV, the report and the page.
import type { Locale } from "#core/problem";
import { siteOf, type LocalText, type SiteId } from "../model/sites.ts";
import type { Agreement } from "./agreement.ts";
import type { AgreementOfReads, ReadAgreement } from "./agreement-tables.ts";
import type { CsvCell } from "./csv.ts";
import type { Interval } from "./proportions.ts";
import type { Table, TableOptions } from "./tables.ts";

const text = (en: string, zh: string): LocalText => ({ en, zh });

export const AGREEMENT_WORDS = {
  all: text("all readers", "全部阅片者"),
  presence: text("A leak or none, per case", "每例有无渗漏"),
  lines: text("Present or absent, all sites and lesions", "有或无，全部部位与病灶"),
  answers: text("Answers of the checklist", "清单回答"),
  matchedSites: text("Site of leaks that both found", "双方均发现的渗漏的部位"),
  found: text("Leaks found by both, of all that either found", "双方均发现的渗漏占任一方所发现的比例"),
  dice: text("Dice of all leaked voxels, median (quartiles)", "渗漏体素 Dice，中位数（四分位）"),
  bias: text("Leak volume, second less first, mm³: bias", "渗漏体积差（后减前，mm³）：偏差"),
  limits: text(
    "Leak volume, second less first, mm³: limits of agreement",
    "渗漏体积差（后减前，mm³）：一致性界限",
  ),
  icc: text("Leak volume: ICC(2,1), absolute agreement", "渗漏体积：ICC(2,1)，绝对一致"),
  unknownReaders: text("readers not known", "阅片者未知"),
};

/** Fewer pairs than this tell nothing that a coefficient could carry. */
const FEW = 5;
const COLUMNS = ["readers", "id", "figure", "n", "observed", "kappa", "kappaLow", "kappaHigh"] as const;

/** One figure: what was judged alike, and the coefficients with their 95 % intervals. */
export interface AgreementLine {
  readonly readers: string;
  readonly id: string;
  readonly label: string;
  /** Things judged by both. */
  readonly n: number;
  /** Share judged alike, or the figure itself where it is no share (Dice, mm3, ICC). */
  readonly value: number | null;
  readonly ci95: Interval | null;
  readonly kappa: number | null;
  readonly kappaCi95: Interval | null;
  readonly ac1: number | null;
  readonly ac1Ci95: Interval | null;
  /** How the value is written. */
  readonly form: "share" | "coefficient" | "mm3";
}

export const readersName = (readers: ReadAgreement["readers"], locale: Locale): string =>
  readers ? readers.join(" – ") : AGREEMENT_WORDS.all[locale];

const siteName = (site: SiteId, locale: Locale): string => siteOf(site).name[locale];

export function agreementLines(one: ReadAgreement, locale: Locale): readonly AgreementLine[] {
  const readers = readersName(one.readers, locale);
  const judged = (id: string, label: string, found: Agreement | null): AgreementLine[] =>
    found
      ? [
          {
            readers,
            id,
            label,
            n: found.count,
            value: found.observed,
            ci95: null,
            kappa: found.kappa,
            kappaCi95: found.kappaCi95,
            ac1: found.ac1,
            ac1Ci95: found.ac1Ci95,
            form: "share",
          },
        ]
      : [];
  const plain = (
    id: string,
    label: string,
    n: number,
    value: number | null,
    ci95: Interval | null,
    form: AgreementLine["form"],
  ): AgreementLine[] =>
    n === 0
      ? []
      : [
          {
            readers,
            id,
            label,
            n,
            value,
            ci95,
            form,
            kappa: null,
            kappaCi95: null,
            ac1: null,
            ac1Ci95: null,
          },
        ];
  const { dice, volume, foundByBoth } = one;
  const W = AGREEMENT_WORDS;
  return [
    ...judged("presence", W.presence[locale], one.presence),
    ...one.sites.flatMap(({ site, agreement }) =>
      judged(site ?? "all-sites", site ? siteName(site, locale) : W.lines[locale], agreement),
    ),
    ...judged("answers", W.answers[locale], one.answers),
    ...judged("matched-sites", W.matchedSites[locale], one.matchedSites),
    ...plain(
      "found-by-both",
      W.found[locale],
      foundByBoth.of,
      foundByBoth.share,
      foundByBoth.wilson,
      "share",
    ),
    ...plain(
      "dice",
      W.dice[locale],
      dice.n,
      dice.five && dice.five[2],
      dice.five && [dice.five[1], dice.five[3]],
      "coefficient",
    ),
    ...(volume.bland
      ? [
          ...plain(
            "volume-bias",
            W.bias[locale],
            volume.bland.n,
            volume.bland.bias,
            volume.bland.biasCi95,
            "mm3",
          ),
          ...plain("volume-limits", W.limits[locale], volume.bland.n, null, volume.bland.limits, "mm3"),
          ...plain(
            "volume-icc",
            W.icc[locale],
            volume.bland.n,
            volume.icc && volume.icc.icc21,
            null,
            "coefficient",
          ),
        ]
      : []),
  ];
}

/** Lines of all readers together, then of each pair of readers. */
const allAgreementLines = (
  { overall, byReaders }: AgreementOfReads,
  locale: Locale,
): readonly AgreementLine[] =>
  [overall, ...(byReaders.length > 1 ? byReaders : [])].flatMap((one) => agreementLines(one, locale));

export const isFew = ({ n }: AgreementLine): boolean => n < FEW;

const six = (value: number | null | undefined): CsvCell =>
  value === null || value === undefined ? null : Number(value.toFixed(6));

export function agreementRows(
  agreement: AgreementOfReads,
  { locale, hideSmallCells }: TableOptions,
): Omit<Table, "name"> {
  return {
    columns: [...COLUMNS, "ac1", "ac1Low", "ac1High", "value", "valueLow", "valueHigh"],
    rows: allAgreementLines(agreement, locale).map((line): CsvCell[] => {
      const hidden = hideSmallCells && isFew(line);
      const judged = line.kappa !== null || line.ac1 !== null;
      const shown = (value: number | null | undefined): CsvCell => (hidden ? null : six(value));
      return [
        line.readers,
        line.id,
        line.label,
        hidden ? "<5" : line.n,
        shown(judged ? line.value : null),
        shown(line.kappa),
        shown(line.kappaCi95?.[0]),
        shown(line.kappaCi95?.[1]),
        shown(line.ac1),
        shown(line.ac1Ci95?.[0]),
        shown(line.ac1Ci95?.[1]),
        shown(judged ? null : line.value),
        shown(line.ci95?.[0]),
        shown(line.ci95?.[1]),
      ];
    }),
  };
}

/** Every case that was read twice, worst first. */
export const doubleReadRows = ({ cases }: AgreementOfReads): Omit<Table, "name"> => ({
  columns: [
    "patient",
    "date",
    "readers",
    "presenceAgrees",
    "leaksMissedByOne",
    "sitesDiffer",
    "answersDiffer",
    "dice",
    "volumeDifferenceMm3",
  ],
  rows: cases.map((one) => [
    one.patient,
    one.date,
    one.readers?.join(" – "),
    one.presenceAgrees ? "yes" : "no",
    one.missed,
    one.sitesDiffer,
    one.answersDiffer,
    six(one.dice),
    six(one.volumeDifferenceMm3),
  ]),
});

const two = (value: number): string => value.toFixed(2).replace("-", "−");
const range = ([low, high]: Interval, write: (value: number) => string): string =>
  `${write(low)} … ${write(high)}`;

/** A coefficient with its interval: "0.71 (0.42 … 1.00)"; "–" where it is undefined. */
export const coefficientText = (value: number | null, ci95: Interval | null): string =>
  value === null ? "–" : ci95 ? `${two(value)} (${range(ci95, two)})` : two(value);

/** The value of a line as it is written. */
export function valueText({ value, ci95, form, n }: AgreementLine): string {
  if (form === "share" && value !== null) {
    const alike = `${Math.round(value * n)}/${n}`;
    const percent = (share: number): string => (100 * share).toFixed(0);
    return n < 10
      ? alike
      : `${alike} = ${percent(value)} %${ci95 ? ` (${ci95.map(percent).join("–")})` : ""}`;
  }
  const write = form === "mm3" ? (mm3: number) => mm3.toFixed(0).replace("-", "−") : two;
  return value === null
    ? ci95
      ? range(ci95, write)
      : "–"
    : ci95
      ? `${write(value)} (${range(ci95, write)})`
      : write(value);
}
