// Offers a newer version of the app on the start page: never while a case is open.
import { Alert, Button, Group, Text } from "@mantine/core";
import { useState } from "react";
import { useApp, useAppState, useReadable, useText } from "./use-app.ts";

export function UpdateOffer() {
  const app = useApp();
  const { update: text } = useText();
  const [othersOpen, setOthersOpen] = useState(false);
  const update = useReadable(app.update);
  const isWaiting = useReadable(update.waiting);
  const isOpening = useAppState((state) => state.opening !== null || state.scene.volume !== null);
  if (!isWaiting || isOpening) return null;
  return (
    <Alert variant="light" p="xs" data-testid="update-offer">
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm" role="status">
          {othersOpen ? text.closeOthers : text.ready}
        </Text>
        <Button
          size="compact-sm"
          variant="light"
          onClick={() => void update.take().then((answer) => setOthersOpen(answer === "other-windows"))}
        >
          {text.take}
        </Button>
      </Group>
    </Alert>
  );
}
