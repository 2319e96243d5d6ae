// The answers of the page, from what a board asks first to where every case went.
import { seriesName } from "../../cohort/published.ts";
import { Badge, Button, SimpleGrid, Table, Text, Tooltip } from "@mantine/core";
import { forestPlot, funnelPlot, rateText, sacrumPicture, type ForestRow } from "../../cohort/charts.ts";
import { LEFT_OUT_TEXT } from "../../cohort/collect.ts";
import type { PageAnalysis } from "../../cohort/page-answers.ts";
import type { Rate } from "../../cohort/rates.ts";
import { Agreement } from "./agreement.tsx";
import { Block } from "./block.tsx";
import { Chart } from "./chart.tsx";
import { Comparisons } from "./comparisons.tsx";
import { useCohort } from "./cohort-view.ts";
import styles from "./cohort.module.css";
import { Outcomes, Volumes } from "./outcomes.tsx";
import { OverTime } from "./over-time.tsx";

export function Answers({ analysis }: { analysis: PageAnalysis }) {
  return (
    <>
      <Severe analysis={analysis} />
      <Rates analysis={analysis} />
      <Units analysis={analysis} />
      <Comparisons analysis={analysis} />
      <OverTime analysis={analysis} />
      <Outcomes analysis={analysis} />
      <Volumes analysis={analysis} />
      <Agreement analysis={analysis} />
      <Operators analysis={analysis} />
      <Flow analysis={analysis} />
    </>
  );
}

function Severe({ analysis }: { analysis: PageAnalysis }) {
  const { text, locale, showList } = useCohort();
  return (
    <Block title={text.severe}>
      <SimpleGrid cols={5} spacing="xs">
        {analysis.severe.map(({ id, label, proportion, unknown }) => (
          <button
            key={id}
            type="button"
            className={styles.severe}
            disabled={proportion.count === 0}
            onClick={() => showList({ of: "severe", id, which: "with" })}
          >
            <span>{label[locale]}</span>
            <b>{proportion.of === 0 ? "–" : rateText(proportion, locale)}</b>
            {unknown > 0 && <small>{text.unknown(unknown)}</small>}
          </button>
        ))}
      </SimpleGrid>
    </Block>
  );
}

function forestRows({ rates, published }: PageAnalysis, locale: "en" | "zh", grey: string): ForestRow[] {
  return [
    ...rates.main.map((rate, n): ForestRow => ({
      label: rate.label[locale],
      proportion: rate.proportion,
      apart: n === 1 || n === 5,
    })),
    ...published.map(({ series, proportion, notComparable }, n): ForestRow => ({
      label: seriesName(series),
      proportion,
      apart: n === 0,
      ...(notComparable.length > 0
        ? { dimmed: `${grey}: ${notComparable.map((note) => note[locale]).join("; ")}` }
        : {}),
    })),
  ];
}

function Rates({ analysis }: { analysis: PageAnalysis }) {
  const { text, locale } = useCohort();
  const places = analysis.rates.main.slice(1, 5);
  const placeId = ({ id }: Rate) => id.replace("category:", "");
  return (
    <div className={styles.pair}>
      <Block title={text.rates}>
        <Chart
          chart={forestPlot(forestRows(analysis, locale, text.notComparable), text.rates, locale)}
          name="leaks-per-patient"
        />
        <RateTable rates={analysis.rates.main} />
        {analysis.published.map(({ series, notComparable }) => (
          <Text key={series.id} size="xs" c="dimmed">
            {series.citation}: {series.eligibility}. {series.detection}. {series.inconsistencies.join("; ")}
            {notComparable.length > 0 && (
              <>
                {" "}
                <Badge color="gray" variant="outline">
                  {text.notComparable}
                </Badge>
              </>
            )}
          </Text>
        ))}
      </Block>
      <Block title={text.picture}>
        <Chart
          chart={sacrumPicture(
            Object.fromEntries(
              places.map((rate) => [placeId(rate), { count: rate.proportion.count, hidden: false }]),
            ),
            Object.fromEntries(places.map((rate) => [placeId(rate), rate.label[locale]])),
            text.picture,
          )}
          name="leaks-by-place"
        />
        <RateTable rates={analysis.rates.sites.filter(({ proportion }) => proportion.count > 0)} />
      </Block>
    </div>
  );
}

function Units({ analysis }: { analysis: PageAnalysis }) {
  const { text } = useCohort();
  const { rates } = analysis;
  return (
    <Block title={text.units}>
      <div className={styles.pair}>
        <RateTable rates={[...rates.perProcedure, rates.technicalSuccess]} />
        <div>
          <RateTable rates={rates.perLesion} />
          <RateTable rates={rates.ofLeaks} />
        </div>
      </div>
    </Block>
  );
}

/** Every count opens its cases; what has none has nothing to open. */
export function RateTable({ rates }: { rates: readonly Rate[] }) {
  const { text, locale, showList } = useCohort();
  if (rates.length === 0) return null;
  return (
    <Table fz="xs" verticalSpacing={3} data-testid="rates">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{text.rate}</Table.Th>
          <Table.Th>{text.unit}</Table.Th>
          <Table.Th>{text.share}</Table.Th>
          <Table.Th>
            <Tooltip label={text.keptHint}>
              <span>{text.kept}</span>
            </Tooltip>
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rates.map((rate) => (
          <Table.Tr key={`${rate.id} ${rate.unit}`}>
            <Table.Td>{rate.label[locale]}</Table.Td>
            <Table.Td>{text.unitNames[rate.unit]}</Table.Td>
            <Table.Td>
              {rate.proportion.count === 0 ? (
                <span className={styles.count} data-testid={`rate-${rate.id}-${rate.unit}`}>
                  {rateText(rate.proportion, locale)}
                </span>
              ) : (
                <Button
                  size="compact-xs"
                  variant="subtle"
                  onClick={() => showList({ of: "rate", id: rate.id, unit: rate.unit, which: "with" })}
                  data-testid={`rate-${rate.id}-${rate.unit}`}
                >
                  {rateText(rate.proportion, locale)}
                </Button>
              )}
              {rate.clustered && (
                <small> ({rate.clustered.map((share) => (100 * share).toFixed(0)).join("–")})</small>
              )}
            </Table.Td>
            <Table.Td>{rate.notAssessable + rate.notAnswered || ""}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Operators({ analysis }: { analysis: PageAnalysis }) {
  const { text, locale } = useCohort();
  if (analysis.funnel.length === 0) return null;
  return (
    <Block title={text.operators}>
      <Text size="xs" c="dimmed">
        {text.operatorsHint}
      </Text>
      <Chart chart={funnelPlot(analysis.funnel, text.operators)} name="operators" />
      {analysis.funnel.map(({ operator, rate, limits95, mix }) => (
        <Text key={operator} size="sm">
          {operator}: {rateText(rate.proportion, locale)} ·{" "}
          {limits95.map((share) => (100 * share).toFixed(0)).join("–")} % ·{" "}
          {mix.map(({ name, share }) => `${name} ${(100 * share).toFixed(0)} %`).join(", ")}
        </Text>
      ))}
    </Block>
  );
}

function Flow({ analysis }: { analysis: PageAnalysis }) {
  const { text, locale } = useCohort();
  return (
    <Block title={text.flow}>
      <ol className={styles.flow} data-testid="flow">
        {analysis.flow.map(({ id, label, count, lost }) => (
          <li key={id}>
            <b>{count}</b> {label[locale]}
            {lost.map(({ why, count: many }) => (
              <small key={why.en}>
                −{many} {why[locale]}
              </small>
            ))}
          </li>
        ))}
      </ol>
      {analysis.leftOut.length > 0 && (
        <details>
          <summary>{text.leftOut(analysis.leftOut.length)}</summary>
          <ul className={styles.leftOut} data-testid="left-out">
            {analysis.leftOut.map(({ path, because, problem }) => (
              <li key={path}>
                {path}: {LEFT_OUT_TEXT[because][locale]}
                {problem?.text && ` (${problem.text[locale]})`}
              </li>
            ))}
          </ul>
        </details>
      )}
    </Block>
  );
}
