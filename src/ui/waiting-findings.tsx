// Saved work and findings files of the same case: the reader says which one goes on.
import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useApp, useAppState, useText } from "./use-app.ts";

export function WaitingFindings() {
  const app = useApp();
  const text = useText();
  const waiting = useAppState((state) => state.waitingObjects);
  return (
    <Modal opened={waiting.length > 0} onClose={app.dropWaiting} title={text.waitingTitle} centered>
      <Stack>
        <Text size="sm">{text.waitingText}</Text>
        <Text size="xs" c="dimmed">
          {waiting.map((object) => object.path).join(", ")}
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={() => void app.importWaiting()}>
            {text.waitingUse}
          </Button>
          <Button onClick={app.dropWaiting} data-autofocus>
            {text.waitingKeep}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
