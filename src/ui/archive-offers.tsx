// What the archive leaves the reader to decide: findings of the study just opened, and a series that stopped half-way.
import { Alert, Button, Group, Modal, Stack, Text } from "@mantine/core";
import { problemText } from "#core/problem-text";
import { dateText } from "./series-dialog.tsx";
import { useApp, useAppState, useReadable, useText } from "./use-app.ts";

export function ArchiveFindings() {
  const app = useApp();
  const { archive: text, close } = useText();
  const { archive } = app;
  const locale = useAppState((state) => state.locale);
  const waiting = useAppState((state) => state.opening !== null);
  const { findings, offered, busy, problem } = useReadable(archive.state);
  const leave = () => {
    archive.cancel();
    archive.offerFindings(false);
  };
  return (
    <Modal
      opened={offered && findings !== null && !waiting}
      onClose={leave}
      title={text.findingsTitle}
      size="lg"
      centered
      closeButtonProps={{ "aria-label": close }}
      data-testid="archive-findings"
    >
      <Stack>
        <Stack gap={2}>
          {findings?.map((series) => (
            <Text size="sm" key={series.seriesInstanceUid}>
              <b>{series.kind}</b> {series.seriesDescription || `#${series.seriesNumber}`}{" "}
              {dateText(series.seriesDate)}
              {series.instanceCount !== null &&
                series.instanceCount > 1 &&
                `, ${text.images(String(series.instanceCount))}`}
            </Text>
          ))}
        </Stack>
        <Text size="sm" c="dimmed">
          {text.findingsText}
        </Text>
        {problem && (
          <Alert color="red" variant="light" p="xs" role="alert" data-testid="archive-problem">
            {problemText(problem, locale)}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={leave}>
            {text.findingsKeep}
          </Button>
          <Button
            onClick={() => void archive.openFindings()}
            loading={busy === "findings"}
            data-autofocus
            data-testid="archive-open-findings"
          >
            {text.findingsOpen}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

export function ArchiveInterrupted() {
  const app = useApp();
  const { archive: text, close } = useText();
  const { interrupted } = useReadable(app.archive.state);
  return (
    <Modal
      opened={interrupted !== null}
      onClose={app.archive.leaveLoading}
      title={text.interruptedTitle}
      centered
      closeButtonProps={{ "aria-label": close }}
      data-testid="archive-interrupted"
    >
      <Stack>
        <Text size="sm">{text.interruptedText}</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={app.archive.leaveLoading}>
            {text.leave}
          </Button>
          <Button onClick={() => void app.archive.goOnLoading()} data-autofocus data-testid="archive-go-on">
            {text.goOn}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
