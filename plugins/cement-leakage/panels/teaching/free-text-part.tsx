// The free texts of a case, word by word: what is pressed leaves.
import { Button, Group, Stack, Text as Words } from "@mantine/core";
import { type FreeText, approvedWords, piecesOf } from "../../teaching/free-texts.ts";
import { useReadable, useVerbs } from "../case-view.ts";
import styles from "./privacy.module.css";
import { usePrivacyText } from "./use-privacy-text.ts";

export function FreeTextPart() {
  const { teaching } = useVerbs();
  const text = usePrivacyText();
  const { texts } = useReadable(teaching.privacy.state);
  return (
    <Stack gap="sm">
      <Words size="xs" c="dimmed">
        {texts.length > 0 ? text.freeTextHint : text.noFreeText}
      </Words>
      {texts.map((one) => (
        <OneText key={one.text} one={one} />
      ))}
    </Stack>
  );
}

function OneText({ one }: { one: FreeText }) {
  const { teaching, reading } = useVerbs();
  const text = usePrivacyText();
  const { approved } = useReadable(teaching.privacy.state);
  const words = approved.get(one.text) ?? new Set<number>();
  const pieces = piecesOf(one.text);
  const all = pieces.flatMap(({ word }) => word ?? []);
  const press = (word: number) => {
    const next = new Set(words);
    if (!next.delete(word)) next.add(word);
    teaching.privacy.approve(one.text, next);
  };
  return (
    <div role="group" aria-label={reading.say(one.where)} data-testid="free-text">
      <Group justify="space-between" gap="xs">
        <Words size="sm" fw={500}>
          {reading.say(one.where)}
        </Words>
        <Group gap={4}>
          <Button
            size="compact-xs"
            variant="default"
            onClick={() => teaching.privacy.approve(one.text, new Set(all))}
          >
            {text.allWords}
          </Button>
          <Button
            size="compact-xs"
            variant="default"
            onClick={() => teaching.privacy.approve(one.text, new Set())}
          >
            {text.noWords}
          </Button>
        </Group>
      </Group>
      <div className={styles.text}>
        {pieces.map(({ text: piece, word }, n) =>
          word === null ? (
            <span key={n}>{piece}</span>
          ) : (
            <button
              key={n}
              type="button"
              className={styles.word}
              aria-pressed={words.has(word)}
              onClick={() => press(word)}
            >
              {piece}
            </button>
          ),
        )}
      </div>
      {words.size > 0 && (
        <Words size="xs" c="dimmed">
          {text.stays}
          {approvedWords(one.text, words)}
        </Words>
      )}
    </div>
  );
}
