// How far reading or loading has come, in files and megabytes, with cancel; once slices of a case come, the screen to look through them.
import { Button, Group, Overlay, Paper, Progress, Stack, Text } from "@mantine/core";
import { problemText } from "#core/problem-text";
import { ComingScreen } from "./coming-screen.tsx";
import { OpeningFigures } from "./opening-figures.tsx";
import styles from "./shell.module.css";
import { useApp, useAppState, useText } from "./use-app.ts";

export function OpeningProgress() {
  const app = useApp();
  const text = useText();
  const locale = useAppState((state) => state.locale);
  const opening = useAppState((state) => state.opening);
  const isCaseOpen = useAppState((state) => state.screen === "case");
  if (!opening) return null;
  const { progress, what, coming } = opening;
  const title = {
    files: text.reading,
    series: text.loading,
    prior: text.loadingPrior,
    second: text.loadingSecond,
    archive: text.archive.reading,
  }[what];
  // Files that are given beside an open case may become its earlier CT: they take no place on the screen yet.
  if (coming && (what === "series" || !isCaseOpen))
    return <ComingScreen title={title} opening={opening} coming={coming} />;
  return (
    <Overlay fixed backgroundOpacity={0.55} center zIndex={500}>
      <Paper p="lg" className={styles.progress} role="dialog" aria-label={title}>
        <Stack gap="sm">
          <Text fw={600}>{title}</Text>
          {/* Without a transition: it would be drawn sixty times a second while the machine has better things to do. */}
          <Progress value={100 * progress.fraction} transitionDuration={0} aria-label={title} />
          {progress.waiting && (
            <Text size="sm" role="status" data-testid="waiting">
              {problemText(progress.waiting, locale)}
            </Text>
          )}
          <Group justify="space-between">
            <OpeningFigures progress={progress} />
            <Button size="xs" variant="default" onClick={app.cancel}>
              {text.cancel}
            </Button>
          </Group>
        </Stack>
      </Paper>
    </Overlay>
  );
}
