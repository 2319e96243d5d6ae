// Pain, function and volumes: boxes over time, change from baseline, and who is missing.
import { Text } from "@mantine/core";
import { boxPlot, outcomeBoxes, rateText } from "../../cohort/charts.ts";
import { fiveNumbers } from "../../cohort/outcomes.ts";
import type { PageAnalysis } from "../../cohort/page-answers.ts";
import { REPORT_WORDS as W } from "../../cohort/report-words.ts";
import { Block } from "./block.tsx";
import { Chart } from "./chart.tsx";
import { useCohort } from "./cohort-view.ts";
import styles from "./cohort.module.css";

const pText = (p: number | undefined): string =>
  p === undefined ? "–" : p < 0.001 ? "< 0.001" : p.toFixed(3);

export function Outcomes({ analysis }: { analysis: PageAnalysis }) {
  const { text, locale } = useCohort();
  const groups = analysis.outcomes.filter(({ lines }) => lines.some(({ n }) => n > 0));
  if (groups.length === 0) return null;
  return (
    <Block title={text.outcome}>
      {analysis.relief.map(({ timePoint, proportion }) => (
        <Text key={timePoint} size="sm" data-testid="relief">
          {W.relief[locale]} ({timePoint}): {rateText(proportion, locale)}
        </Text>
      ))}
      <div className={styles.pair}>
        {groups.map(({ scale, who, lines }) => (
          <div key={`${scale} ${who}`}>
            <Text size="sm" fw={600}>
              {scale.toUpperCase()}, {W.who[who][locale]}
            </Text>
            <Chart
              chart={boxPlot(outcomeBoxes(lines), "", `${scale} ${who}`)}
              name={`${scale}-${who.replace(" ", "-")}`}
            />
            {lines.map((line) => (
              <Text key={line.timePoint} size="xs" className={styles.numbers}>
                {line.timePoint}: {line.all ? `${line.all.mean.toFixed(2)} ± ${line.all.sd.toFixed(2)}` : "–"}{" "}
                (n = {line.n}, {W.missing[locale]} {line.missing})
                {line.change?.mean &&
                  `; ${W.change[locale]} ${line.change.mean.mean.toFixed(2)} (${line.change.mean.ci95
                    .map((end) => end.toFixed(2))
                    .join(
                      " … ",
                    )}), t P ${pText(line.change.t?.p)}, Wilcoxon P ${pText(line.change.wilcoxon?.p)}`}
              </Text>
            ))}
          </div>
        ))}
      </div>
    </Block>
  );
}

export function Volumes({ analysis }: { analysis: PageAnalysis }) {
  const { text, locale } = useCohort();
  const { leaksMm3, injectedMl } = analysis.volumes;
  if (leaksMm3.length + injectedMl.length === 0) return null;
  return (
    <Block title={text.volumes}>
      <div className={styles.pair}>
        {leaksMm3.length > 0 && (
          <Chart
            chart={boxPlot(
              [{ label: W.leakVolume[locale], five: fiveNumbers(leaksMm3), n: leaksMm3.length }],
              "mm³",
              W.leakVolume[locale],
            )}
            name="leak-volumes"
          />
        )}
        {injectedMl.length > 0 && (
          <Chart
            chart={boxPlot(
              [{ label: W.injected[locale], five: fiveNumbers(injectedMl), n: injectedMl.length }],
              "mL",
              W.injected[locale],
            )}
            name="injected-volumes"
          />
        )}
      </div>
    </Block>
  );
}
