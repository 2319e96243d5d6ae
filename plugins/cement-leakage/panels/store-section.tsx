// Storing in the archive: the entry of the export menu, and what became of each object.
import { ActionIcon, Button, Group, Loader, Menu, Text as Words } from "@mantine/core";
import { useState } from "react";
import { problemText } from "#core/problem-text";
import { useCase, useLocale, useReadable, useVerbs } from "./case-view.ts";
import styles from "./panel.module.css";
import { storeEn, storeZh } from "./text/store.ts";

const useStoreText = () => ({ en: storeEn, zh: storeZh })[useLocale()];

export function StoreItem() {
  const { storing, reading } = useVerbs();
  const text = useStoreText();
  useCase();
  useReadable(reading.host.masks);
  const target = useReadable(reading.host.archive.target);
  const { busy } = useReadable(storing.state);
  const why = storing.whyNot();
  return (
    <Menu.Item
      disabled={why !== null || busy}
      onClick={() => void storing.store()}
      data-testid="store-in-archive"
    >
      <div>{text.item}</div>
      <Words size="xs" c={why ? "yellow" : "dimmed"}>
        {why ?? text.hint(target?.name ?? "")}
      </Words>
    </Menu.Item>
  );
}

export function StoreState() {
  const { storing } = useVerbs();
  const text = useStoreText();
  const locale = useLocale();
  const state = useReadable(storing.state);
  const [closed, setClosed] = useState<unknown>(null);
  const { busy, outcome, problem } = state;
  if (busy)
    return (
      <Group gap="xs" role="status" data-testid="storing">
        <Loader size="xs" />
        <Words size="xs">{text.storing}</Words>
        <Button size="compact-xs" variant="default" onClick={storing.cancel}>
          {text.cancel}
        </Button>
      </Group>
    );
  if ((!outcome && !problem) || closed === state) return null;
  const complete = outcome?.complete === true;
  const kinds: Readonly<Record<string, string>> = text.kinds;
  return (
    <div role="status" data-testid="stored" data-complete={complete} className={styles.stored}>
      <Group gap="xs" justify="space-between" wrap="nowrap">
        <Words size="xs" fw={600} c={complete ? "teal" : "red"}>
          {complete ? text.complete : text.incomplete}
        </Words>
        <ActionIcon
          size="xs"
          variant="subtle"
          color="gray"
          onClick={() => setClosed(state)}
          aria-label={text.close}
        >
          ✕
        </ActionIcon>
      </Group>
      {problem && (
        <Words size="xs" c="red">
          {problemText(problem, locale)}
        </Words>
      )}
      {outcome?.objects.map((object) => (
        <div key={object.name} data-state={object.state}>
          <Words size="xs" c="dimmed">
            {kinds[object.name] ?? object.name}: {text.states[object.state]}
          </Words>
          {object.problem && (
            <Words size="xs" c={object.problem.severity === "error" ? "red" : "yellow"}>
              {problemText(object.problem, locale)}
            </Words>
          )}
        </div>
      ))}
      {!complete && (
        <Button size="compact-xs" mt={4} onClick={() => void storing.store()} data-testid="store-again">
          {text.again}
        </Button>
      )}
    </div>
  );
}
