// All verbs with their keys; each key can be changed, a key that is taken says by what.
import { Button, Group, Modal, Stack, Table, Text } from "@mantine/core";
import { useState, type KeyboardEvent } from "react";
import { inLocale } from "#host/app-state";
import { isUsableKey, keyLabel, withKey } from "#host/key-map";
import { everyShortcut, keysOf, shortcuts, type Shortcut } from "#host/shortcuts";
import styles from "./case-screen.module.css";
import { useApp, useAppState, useText } from "./use-app.ts";

export function KeysSheet() {
  const app = useApp();
  const text = useText();
  const opened = useAppState((state) => state.keysShown);
  return (
    <Modal
      opened={opened}
      onClose={() => app.showKeys(false)}
      title={text.keysTitle}
      size="lg"
      transitionProps={{ duration: 0 }}
      closeButtonProps={{ "aria-label": text.close }}
    >
      {opened && <Sheet />}
    </Modal>
  );
}

/** A key that was pressed for a verb and can't be taken without saying so. */
interface Asked {
  readonly id: string;
  readonly keys: string | null;
  readonly taken: Shortcut | null;
}

function Sheet() {
  const app = useApp();
  const text = useText();
  const locale = useAppState((state) => state.locale);
  const keyMap = useAppState((state) => state.keyMap);
  const [asked, setAsked] = useState<Asked | null>(null);
  const all = shortcuts(app);
  const groups = [...new Set(all.map((verb) => inLocale(verb.group, locale)))];

  const assign = (id: string, keys: string, from: string | null) => {
    app.setKeyMap(withKey(keyMap, id, keys, from));
    setAsked(null);
  };
  const press = (event: KeyboardEvent, id: string) => {
    if (asked?.id !== id || event.key === "Tab") return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Escape") return setAsked(null);
    if (event.key === "Backspace") return assign(id, "", null);
    const keys = keysOf(event);
    if (/^(Shift|Control|Alt|Meta)$/.test(event.key)) return;
    if (!isUsableKey(keys)) return setAsked({ id, keys, taken: null });
    const taken = everyShortcut(app).find((verb) => verb.keys === keys && verb.id !== id) ?? null;
    if (taken) setAsked({ id, keys, taken });
    else assign(id, keys, null);
  };

  const row = (verb: Shortcut) => {
    const title = inLocale(verb.title, locale);
    const mine = asked?.id === verb.id ? asked : null;
    const label = verb.keys === "" ? text.keyNone : keyLabel(verb.keys);
    return (
      <Table.Tr key={verb.id}>
        <Table.Td w={150}>
          <button
            type="button"
            className={styles.keyButton}
            // The dialog would take Escape for itself.
            data-mantine-stop-propagation={mine ? "true" : undefined}
            aria-label={text.keyChange(title, label)}
            data-verb={verb.id}
            onClick={() => setAsked({ id: verb.id, keys: null, taken: null })}
            onKeyDown={(event) => press(event, verb.id)}
            onBlur={() => mine && !mine.taken && setAsked(null)}
          >
            {mine && mine.keys === null ? text.keyPress : <kbd>{label}</kbd>}
          </button>
        </Table.Td>
        <Table.Td>
          {title}{" "}
          {keyMap[verb.id] !== undefined && (
            <Text span size="xs" c="dimmed">
              ({text.keyChanged})
            </Text>
          )}
          {mine && (
            <Group gap="xs" role="alert">
              <Text size="xs" c={mine.keys === null ? "dimmed" : "yellow"}>
                {mine.keys === null
                  ? text.keyPressHint
                  : mine.taken
                    ? text.keyTaken(keyLabel(mine.keys), inLocale(mine.taken.title, locale))
                    : text.keyReserved(keyLabel(mine.keys))}
              </Text>
              {mine.taken && mine.keys !== null && (
                <>
                  <Button
                    size="compact-xs"
                    variant="default"
                    onClick={() => assign(verb.id, mine.keys ?? "", mine.taken?.id ?? null)}
                    data-testid="take-key"
                  >
                    {text.keyTake}
                  </Button>
                  <Button size="compact-xs" variant="subtle" onClick={() => setAsked(null)}>
                    {text.cancel}
                  </Button>
                </>
              )}
            </Group>
          )}
        </Table.Td>
      </Table.Tr>
    );
  };

  return (
    <Stack gap="sm" data-testid="keys-sheet">
      <Group justify="space-between" wrap="nowrap">
        <Text size="xs" c="dimmed">
          {text.keysHint}
        </Text>
        <Button
          size="compact-sm"
          variant="default"
          style={{ flex: "none" }}
          onClick={() => app.setKeyMap({})}
          data-disabled={Object.keys(keyMap).length === 0 || undefined}
          aria-disabled={Object.keys(keyMap).length === 0}
          data-testid="reset-keys"
        >
          {text.keysReset}
        </Button>
      </Group>
      {groups.map((group) => (
        <section key={group} aria-label={group}>
          <Text fw={600} size="sm">
            {group}
          </Text>
          <Table verticalSpacing={2}>
            <Table.Tbody>{all.filter((verb) => inLocale(verb.group, locale) === group).map(row)}</Table.Tbody>
          </Table>
        </section>
      ))}
    </Stack>
  );
}
