// The rate over time, and how little a chart of few cases can see; the CUSUM's thresholds are the department's own.
import { Button, Group, NumberInput, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { sequenceChart, trendChart } from "../../cohort/charts.ts";
import type { PageAnalysis } from "../../cohort/page-answers.ts";
import { REPORT_WORDS } from "../../cohort/report-words.ts";
import { Block } from "./block.tsx";
import { Chart } from "./chart.tsx";
import { useCohort } from "./cohort-view.ts";
import styles from "./cohort.module.css";

export function OverTime({ analysis }: { analysis: PageAnalysis }) {
  const { text, locale } = useCohort();
  const { trend } = analysis;
  if (trend.chart.points.length < 2) return null;
  return (
    <Block title={text.trend}>
      <Chart chart={trendChart(trend, text.trend)} name="over-time" />
      {trend.power && (
        <Text size="xs">
          {REPORT_WORDS.power[locale](trend.power.of, trend.power.limits, trend.power.chance)}
        </Text>
      )}
      {trend.upperOfNone !== null && (
        <Text size="xs">{REPORT_WORDS.none[locale](trend.sequence.length, trend.upperOfNone)}</Text>
      )}
      <div className={styles.pair}>
        {trend.moving.length > 1 && (
          <div>
            <Text size="sm" fw={600}>
              {text.moving(trend.movingWindow)}
            </Text>
            <Chart
              chart={sequenceChart(
                trend.moving.map(({ share }) => share ?? 0),
                text.moving(trend.movingWindow),
              )}
              name="moving-rate"
            />
          </div>
        )}
        <div>
          <Text size="sm" fw={600}>
            {text.cusum}
          </Text>
          {trend.cusum && <Chart chart={sequenceChart(trend.cusum, text.cusum)} name="cusum" />}
          <Thresholds />
        </div>
      </div>
    </Block>
  );
}

function Thresholds() {
  const { text, options, setOptions } = useCohort();
  const { thresholds } = options;
  const [acceptable, setAcceptable] = useState<number | string>(
    thresholds ? 100 * thresholds.acceptable : "",
  );
  const [unacceptable, setUnacceptable] = useState<number | string>(
    thresholds ? 100 * thresholds.unacceptable : "",
  );
  const [source, setSource] = useState(thresholds?.source ?? "");
  const [low, high] = [Number(acceptable) / 100, Number(unacceptable) / 100];
  const right = low > 0 && low < high && high < 1 && source.trim() !== "";
  return (
    <>
      <Text size="xs" c="dimmed">
        {text.thresholds}. {text.noThresholds}
      </Text>
      <Group gap={6} align="flex-end">
        <NumberInput size="xs" w={130} label={text.acceptable} value={acceptable} onChange={setAcceptable} />
        <NumberInput
          size="xs"
          w={130}
          label={text.unacceptable}
          value={unacceptable}
          onChange={setUnacceptable}
        />
        <TextInput
          size="xs"
          w={180}
          label={text.source}
          value={source}
          onChange={(event) => setSource(event.currentTarget.value)}
        />
        <Button
          size="xs"
          variant="default"
          disabled={!right}
          onClick={() =>
            setOptions({
              ...options,
              thresholds: { acceptable: low, unacceptable: high, source: source.trim() },
            })
          }
        >
          {text.set}
        </Button>
      </Group>
    </>
  );
}
