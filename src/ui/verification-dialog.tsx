// The verification log of the open CT: a badge in the case bar, and every check with what was found and done, to be read or copied.
import { Badge, Button, CopyButton, Group, Modal, Text } from "@mantine/core";
import { useState } from "react";
import {
  type VerificationEntry,
  type VerificationOutcome,
  verificationLine,
  verificationText,
} from "#core/verification-log";
import { useAppState, useText } from "./use-app.ts";
import styles from "./verification-dialog.module.css";

const marks: Readonly<Record<VerificationOutcome, string>> = { passed: "✓", handled: "↻", attention: "!" };

export function VerificationBadge() {
  const text = useText().verification;
  const entries = useAppState((state) => state.scene.series?.verification);
  const [opened, setOpened] = useState(false);
  if (!entries || entries.length === 0) return null;
  const passed = counted(entries, "passed");
  return (
    <>
      <Badge
        color={counted(entries, "attention") > 0 ? "yellow" : "gray"}
        variant="light"
        component="button"
        className={styles.badge}
        aria-label={text.open(passed, entries.length)}
        title={text.open(passed, entries.length)}
        data-testid="verification"
        onClick={() => setOpened(true)}
      >
        <span className={styles.word}>{text.badge} </span>
        {passed}/{entries.length}
      </Badge>
      <VerificationDialog entries={entries} opened={opened} close={() => setOpened(false)} />
    </>
  );
}

interface DialogProps {
  readonly entries: readonly VerificationEntry[];
  readonly opened: boolean;
  close(): void;
}

function VerificationDialog({ entries, opened, close }: DialogProps) {
  const { verification: text, close: closeWord } = useText();
  const locale = useAppState((state) => state.locale);
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={text.title}
      size={860}
      transitionProps={{ duration: 0 }}
      closeButtonProps={{ "aria-label": closeWord }}
    >
      <Group justify="space-between" mb="xs" wrap="nowrap">
        <Text size="sm">
          {text.summary(
            counted(entries, "passed"),
            counted(entries, "handled"),
            counted(entries, "attention"),
          )}
        </Text>
        <CopyButton value={asText(entries, locale)}>
          {({ copied, copy }) => (
            <Button size="compact-sm" variant="default" onClick={copy} data-testid="copy-verification">
              {copied ? text.copied : text.copy}
            </Button>
          )}
        </CopyButton>
      </Group>
      <ol className={styles.log} data-testid="verification-log">
        {entries.map((entry) => {
          const { checked, found, done } = verificationText(entry, locale);
          return (
            <li
              key={entry.check}
              className={styles.entry}
              data-outcome={entry.outcome}
              data-check={entry.check}
            >
              <span className={styles.mark} title={text.outcomes[entry.outcome]}>
                <span aria-hidden="true">{marks[entry.outcome]}</span>
                <span className={styles.spoken}>{text.outcomes[entry.outcome]}</span>
              </span>
              <span className={styles.checked}>{checked}</span>
              <span>
                {found}
                {done && <span className={styles.done}>{done}</span>}
              </span>
            </li>
          );
        })}
      </ol>
    </Modal>
  );
}

const counted = (entries: readonly VerificationEntry[], outcome: VerificationOutcome): number =>
  entries.filter((entry) => entry.outcome === outcome).length;

/** Numbered lines, each with its mark, as a reader pastes them into a mail. */
const asText = (
  entries: readonly VerificationEntry[],
  locale: Parameters<typeof verificationLine>[1],
): string =>
  entries
    .map((entry, n) => `${n + 1}. [${marks[entry.outcome]}] ${verificationLine(entry, locale)}\n`)
    .join("");
