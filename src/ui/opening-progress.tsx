// How far reading or loading has come, in files and megabytes, with cancel.
import { Button, Group, Overlay, Paper, Progress, Stack, Text } from "@mantine/core";
import { problemText } from "#core/problem-text";
import { ComingSlice } from "./slice-preview.tsx";
import styles from "./shell.module.css";
import { useApp, useAppState, useText } from "./use-app.ts";

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0);

export function OpeningProgress() {
  const app = useApp();
  const text = useText();
  const locale = useAppState((state) => state.locale);
  const opening = useAppState((state) => state.opening);
  if (!opening) return null;
  const { progress, what, preview } = opening;
  const title = {
    files: text.reading,
    series: text.loading,
    prior: text.loadingPrior,
    second: text.loadingSecond,
    archive: text.archive.reading,
  }[what];
  return (
    <Overlay fixed backgroundOpacity={0.55} center zIndex={500}>
      <Paper p="lg" className={styles.progress} role="dialog" aria-label={title}>
        <Stack gap="sm">
          <Text fw={600}>{title}</Text>
          {preview && <ComingSlice slice={preview} />}
          {/* Without a transition: it would be drawn sixty times a second while the machine has better things to do. */}
          <Progress value={100 * progress.fraction} transitionDuration={0} aria-label={title} />
          {progress.waiting && (
            <Text size="sm" role="status" data-testid="waiting">
              {problemText(progress.waiting, locale)}
            </Text>
          )}
          <Group justify="space-between">
            <Text size="sm" c="dimmed">
              {progress.files ? text.progressFiles(progress.files.done, progress.files.total) : ""}
              {progress.bytes
                ? ` · ${text.progressMegabytes(megabytes(progress.bytes.done), megabytes(progress.bytes.total))}`
                : ""}
            </Text>
            <Button size="xs" variant="default" onClick={app.cancel}>
              {text.cancel}
            </Button>
          </Group>
        </Stack>
      </Paper>
    </Overlay>
  );
}
