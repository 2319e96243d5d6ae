// The steps of the case by name, newest on top: a click goes back to one, or forth again.
import { ActionIcon, Popover, Text } from "@mantine/core";
import { useState } from "react";
import { inLocale } from "#host/app-state";
import styles from "./case-screen.module.css";
import { useApp, useAppState, useText } from "./use-app.ts";

export function StepList() {
  const app = useApp();
  const text = useText();
  const locale = useAppState((state) => state.locale);
  const { done, undone } = useAppState((state) => state.history);
  const [opened, setOpened] = useState(false);
  const names = [...done, ...undone.toReversed()].map((step) => inLocale(step.name, locale));
  const rows = [text.asOpened, ...names].map((name, count) => ({ name, count }));
  return (
    <Popover width={280} position="bottom-end" withArrow trapFocus opened={opened} onChange={setOpened}>
      <Popover.Target>
        <ActionIcon
          variant="default"
          onClick={() => setOpened(!opened)}
          aria-label={text.steps}
          title={text.steps}
          data-testid="steps"
        >
          ▾
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown p="xs" role="dialog" aria-label={text.steps}>
        <Text size="xs" c="dimmed" mb={4}>
          {text.stepsHint}
        </Text>
        <ol className={styles.steps} data-testid="step-list">
          {rows.toReversed().map(({ name, count }) => (
            <li key={count}>
              <button
                type="button"
                className={styles.step}
                aria-current={count === done.length ? "step" : undefined}
                data-undone={count > done.length || undefined}
                data-autofocus={count === done.length || undefined}
                onClick={() => app.goToStep(count)}
              >
                <span className={styles.stepNumber}>{count}</span>
                {name}
              </button>
            </li>
          ))}
        </ol>
      </Popover.Dropdown>
    </Popover>
  );
}
