// The filters of the cohort's page as the query of its address, and back: groups, days, question and period; no patient data.
import { COMPARED_QUESTIONS, DEFAULT_OPTIONS, type AnalysisOptions } from "./analysis.ts";
import { FACTORS } from "./compare-groups.ts";
import type { PeriodLength } from "./trend.ts";

const PERIODS: readonly PeriodLength[] = ["month", "quarter", "year"];
const isDay = (text: string | null): text is string => text !== null && /^\d{4}-\d{2}-\d{2}$/.test(text);

/** "approach=transiliac&from=2017-01-01"; what is as by default is left out, so that the address stays short. */
export function queryOf({ filters, question, period, thresholds }: AnalysisOptions): string {
  const query = new URLSearchParams();
  for (const { id } of FACTORS) if (filters.groups[id] !== undefined) query.set(id, filters.groups[id]);
  if (filters.from !== "") query.set("from", filters.from);
  if (filters.to !== "") query.set("to", filters.to);
  if (question !== DEFAULT_OPTIONS.question) query.set("question", question);
  if (period !== DEFAULT_OPTIONS.period) query.set("by", period);
  if (thresholds) {
    query.set("acceptable", String(thresholds.acceptable));
    query.set("unacceptable", String(thresholds.unacceptable));
    query.set("source", thresholds.source);
  }
  return query.toString();
}

/** What is not understood is left out: an old or typed address never breaks the page. */
export function optionsOf(text: string): AnalysisOptions {
  const query = new URLSearchParams(text);
  const groups: Record<string, string> = {};
  for (const { id } of FACTORS) {
    const group = query.get(id);
    if (group) groups[id] = group;
  }
  const [from, to] = [query.get("from"), query.get("to")];
  const question = query.get("question");
  const period = PERIODS.find((one) => one === query.get("by"));
  const [acceptable, unacceptable] = ["acceptable", "unacceptable"].map((name) => Number(query.get(name)));
  const source = query.get("source") ?? "";
  return {
    filters: { groups, from: isDay(from) ? from : "", to: isDay(to) ? to : "" },
    question: COMPARED_QUESTIONS.some(({ id }) => id === question)
      ? (question ?? DEFAULT_OPTIONS.question)
      : DEFAULT_OPTIONS.question,
    period: period ?? DEFAULT_OPTIONS.period,
    thresholds:
      acceptable > 0 && acceptable < unacceptable && unacceptable < 1 && source !== ""
        ? { acceptable, unacceptable, source }
        : null,
  };
}
