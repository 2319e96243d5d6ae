// Groups beside each other, with what may and may not be concluded in plain words.
import { Button, Text } from "@mantine/core";
import { forestPlot, rateText } from "../../cohort/charts.ts";
import { conclusionOf } from "../../cohort/compare-groups.ts";
import { groupName } from "../../cohort/group-names.ts";
import type { PageAnalysis } from "../../cohort/page-answers.ts";
import { Block } from "./block.tsx";
import { Chart } from "./chart.tsx";
import { useCohort } from "./cohort-view.ts";
import styles from "./cohort.module.css";

export function Comparisons({ analysis }: { analysis: PageAnalysis }) {
  const { text, locale, options, showList } = useCohort();
  const shown = analysis.comparisons.filter(({ groups }) => groups.length > 1);
  if (shown.length === 0) return null;
  return (
    <Block title={text.compare}>
      <div className={styles.pair}>
        {shown.map((comparison) => {
          const { factor, groups, corrected } = comparison;
          return (
            <div key={factor.id} data-testid={`compare-${factor.id}`}>
              <Text fw={600} size="sm">
                {factor.label[locale]}
                {corrected !== null && (
                  <Text span size="xs" c="dimmed">
                    {" "}
                    {text.corrected(corrected < 0.001 ? "< 0.001" : corrected.toFixed(3))}
                  </Text>
                )}
              </Text>
              <Chart
                chart={forestPlot(
                  groups.map(({ name, rate }) => ({
                    label: groupName(name, locale),
                    proportion: rate.proportion,
                  })),
                  factor.label[locale],
                  locale,
                )}
                name={`by-${factor.id}`}
              />
              {groups.map(({ name, rate }) =>
                rate.proportion.count === 0 ? null : (
                  <Button
                    key={name}
                    size="compact-xs"
                    variant="subtle"
                    onClick={() =>
                      showList({
                        of: "group",
                        id: factor.id,
                        group: name,
                        question: options.question,
                        which: "with",
                      })
                    }
                  >
                    {groupName(name, locale)}: {rateText(rate.proportion, locale)}
                  </Button>
                ),
              )}
              <Text size="xs">{conclusionOf(comparison)[locale]}</Text>
            </div>
          );
        })}
      </div>
    </Block>
  );
}
