// One series of the list: its picture, what it is, why it is proposed or can't be opened, and the button that opens it.
import { Badge, Button, Text } from "@mantine/core";
import { problemText } from "#core/problem-text";
import type { SeriesSummary } from "#core/study";
import styles from "./series-dialog.module.css";
import { SeriesThumbnail } from "./series-thumbnail.tsx";
import { type SeriesText, seriesText } from "./text/series-text.ts";
import { useApp, useAppState } from "./use-app.ts";

export interface SeriesRowProps {
  readonly series: SeriesSummary;
  /** The best of its study. */
  readonly proposed: boolean;
  /** The one that Enter opens when the list appears. */
  readonly first: boolean;
  /** Why it can't be opened here and now, though it could be; null otherwise. */
  readonly barred: string | null;
}

export function SeriesRow({ series, proposed, first, barred }: SeriesRowProps) {
  const app = useApp();
  const locale = useAppState((state) => state.locale);
  const text = seriesText[locale];
  const name = series.seriesDescription || text.unnamed(series.seriesNumber);
  return (
    <li className={styles.row} data-openable={series.openable} data-testid="series-row">
      <SeriesThumbnail
        seriesInstanceUid={series.seriesInstanceUid}
        name={text.picture(name)}
        none={text.noPicture}
      />
      <div>
        <div className={styles.name}>
          <span>{name}</span>
          {proposed && (
            <Badge variant="light" tt="none" data-testid="proposed">
              {text.proposed(reasonsOf(series, text))}
            </Badge>
          )}
        </div>
        <div className={styles.facts}>
          {factsOf(series, text).map((fact) => (
            <span key={fact}>{fact}</span>
          ))}
        </div>
        {series.aside !== null && series.problems.length === 0 && (
          <Text size="xs">{text.asideWhy[series.aside]}</Text>
        )}
        {series.problems.map((problem) => (
          <Text
            key={problem.code}
            size="xs"
            c={
              problem.severity === "info" || series.aside !== null
                ? "dimmed"
                : problem.severity === "error"
                  ? "red"
                  : "yellow"
            }
          >
            {problemText(problem, locale)}
          </Text>
        ))}
      </div>
      {series.openable && barred === null && (
        <Button
          size="xs"
          variant={first ? "filled" : "default"}
          onClick={() => void app.chooseSeries(series.seriesInstanceUid)}
          aria-label={text.openNamed(name)}
          data-open-series
          data-autofocus={first || undefined}
        >
          {text.open}
        </Button>
      )}
      {barred !== null && (
        <Text size="xs" c="dimmed">
          {barred}
        </Text>
      )}
    </li>
  );
}

const mm = (value: number): string => String(Number(value.toFixed(2)));

function reasonsOf({ sliceSpacingMm, merits }: SeriesSummary, text: SeriesText): readonly string[] {
  const named = merits.filter((merit) => merit !== "thin").map((merit) => text.merits[merit]);
  return sliceSpacingMm === null ? named : [text.spacing(mm(sliceSpacingMm)), ...named];
}

function factsOf(series: SeriesSummary, text: SeriesText): readonly string[] {
  const { sliceSpacingMm: spacing, sliceThicknessMm: thickness } = series;
  const slices =
    spacing === null
      ? []
      : [
          thickness !== null && Math.abs(thickness - spacing) > 0.05
            ? text.sliceOf(mm(spacing), mm(thickness))
            : text.spacing(mm(spacing)),
        ];
  return [
    series.modality,
    text.images(series.imageCount),
    ...slices,
    ...(series.convolutionKernel === "" ? [] : [text.kernel(series.convolutionKernel)]),
    `${series.columns} × ${series.rows}`,
  ];
}
