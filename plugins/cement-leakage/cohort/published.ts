// Published series to stand one's own figures against, with what keeps them from being comparable (DOMAIN §0).
import { z } from "zod";
import type { LocalText } from "../model/sites.ts";
import type { CohortCase } from "./case-record.ts";
import { type Proportion, proportion } from "./proportions.ts";
import file from "./published.json" with { type: "json" };

const seriesSchema = z.strictObject({
  id: z.string(),
  citation: z.string(),
  title: z.string(),
  procedure: z.enum(["sacroplasty", "vertebroplasty", "kyphoplasty", "other"]),
  detection: z.string(),
  unit: z.enum(["patient", "procedure", "lesion", "unstated"]),
  eligibility: z.string(),
  rates: z.array(z.strictObject({ question: z.string(), count: z.int(), of: z.int().positive() })),
  outcomes: z.array(
    z.strictObject({
      scale: z.string(),
      before: z.string(),
      after: z.string(),
      at: z.string(),
      of: z.string(),
    }),
  ),
  inconsistencies: z.array(z.string()),
});
export type PublishedSeries = z.infer<typeof seriesSchema>;

export const PUBLISHED: readonly PublishedSeries[] = z
  .strictObject({ edition: z.string(), series: z.array(seriesSchema) })
  .parse(file).series;

export interface PublishedRate {
  readonly series: PublishedSeries;
  readonly proportion: Proportion;
  /** Empty: nothing known speaks against comparing; drawn grey otherwise. */
  readonly notComparable: readonly LocalText[];
}

const text = (en: string, zh: string): LocalText => ({ en, zh });

/** "Tian et al. 2020": short enough for a plot. */
export function seriesName({ citation }: PublishedSeries): string {
  const [authors] = citation.split(",");
  const year = /\b(?:19|20)\d{2}\b/.exec(citation)?.[0] ?? "";
  return authors.includes(year) ? authors : `${authors} ${year}`;
}

/** What others published for a question, each with every reason not to compare it with these cases. */
export function publishedRates(question: string, cases: readonly CohortCase[]): readonly PublishedRate[] {
  return PUBLISHED.flatMap((series) => {
    const rate = series.rates.find((one) => one.question === question);
    return rate
      ? [{ series, proportion: proportion(rate.count, rate.of), notComparable: reasons(series, cases) }]
      : [];
  });
}

function reasons(series: PublishedSeries, cases: readonly CohortCase[]): LocalText[] {
  const found: LocalText[] = [];
  const procedures = new Set<string>(cases.map(({ type }) => type));
  if (procedures.size !== 1 || !procedures.has(series.procedure))
    found.push(text(`procedure there: ${series.procedure}`, `该系列手术：${series.procedure}`));
  if (series.unit !== "patient") found.push(text(`unit there: ${series.unit}`, `该系列单位：${series.unit}`));
  if (!/CT .*in all patients/.test(series.detection))
    found.push(text(`detection there: ${series.detection}`, `该系列检出方式：${series.detection}`));
  const pathologies = new Set(cases.flatMap(({ lesions }) => lesions.map(({ pathology }) => pathology)));
  if (!(pathologies.size === 1 && pathologies.has("metastasis") && /metasta/i.test(series.eligibility)))
    found.push(text(`eligibility there: ${series.eligibility}`, `该系列入选标准：${series.eligibility}`));
  return found;
}
