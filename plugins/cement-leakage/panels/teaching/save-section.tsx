// Saving a teaching case.
import { Button, Checkbox, Group } from "@mantine/core";
import { useReadable, useVerbs } from "../case-view.ts";
import { usePrivacyText } from "./use-privacy-text.ts";
import { useTeachingText } from "./use-teaching-text.ts";

export function SaveSection() {
  const { teaching } = useVerbs();
  const text = useTeachingText();
  const privacyText = usePrivacyText();
  const { step, choices, report } = useReadable(teaching.state);
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
        {step === "ready" && !report && (
          <Button
            size="sm"
            variant="subtle"
            onClick={() => void teaching.check()}
            data-testid="teaching-check"
          >
            {privacyText.check}
          </Button>
        )}
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
          disabled={disabled || choices.pictures.length === 0}
          onClick={() => void teaching.save("figures")}
          data-testid="teaching-save-figures"
        >
          {text.saveFigures}
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
        <Button
          size="sm"
          variant="default"
          disabled={disabled}
          onClick={() => void teaching.save("mirc")}
          data-testid="teaching-save-mirc"
        >
          {text.saveMirc}
        </Button>
      </Group>
    </Group>
  );
}
