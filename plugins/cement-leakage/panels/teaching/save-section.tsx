// Saving a teaching case.
import { Button, Checkbox, Group } from "@mantine/core";
import { useReadable, useVerbs } from "../case-view.ts";
import { useTeachingText } from "./use-teaching-text.ts";

export function SaveSection() {
  const { teaching } = useVerbs();
  const text = useTeachingText();
  const { step, choices } = useReadable(teaching.state);
  const disabled = step !== "ready" || !choices;
  return (
    <Group justify="space-between">
      <Checkbox
        label={text.open}
        checked={choices?.open ?? false}
        disabled={disabled}
        onChange={({ currentTarget }) => teaching.change({ open: currentTarget.checked })}
      />
      <Group gap="xs">
        <Button
          size="sm"
          color="teal"
          disabled={disabled}
          onClick={() => void teaching.save("html")}
          data-testid="teaching-save-html"
        >
          {text.saveHtml}
        </Button>
        <Button
          size="sm"
          variant="default"
          disabled={disabled}
          onClick={() => void teaching.save("zip")}
          data-testid="teaching-save-zip"
        >
          {text.saveZip}
        </Button>
      </Group>
    </Group>
  );
}
