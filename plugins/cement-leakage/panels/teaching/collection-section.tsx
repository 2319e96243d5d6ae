// Several saved teaching cases put together to one offline quiz.
import {
  ActionIcon,
  Alert,
  Button,
  Checkbox,
  Group,
  List,
  Stack,
  Table,
  Text,
  TextInput,
  Title,
} from "@mantine/core";
import { type DragEvent, useState } from "react";
import type { Host } from "#contract";
import { createCollecting } from "../../reading/teaching/collect.ts";
import { kindOf, lackingOf } from "../../teaching/compose-collection.ts";
import { collectionEn, collectionZh } from "../text/collection.ts";
import { useReadable } from "../use-readable.ts";
import styles from "./teaching.module.css";

export function CollectionSection({ host }: { host: Host }) {
  const locale = useReadable(host.locale);
  const text = { en: collectionEn, zh: collectionZh }[locale];
  const [collecting] = useState(() => createCollecting(host));
  const { cases, chosen, title, refused, tooLarge, report } = useReadable(collecting.state);
  const pick = async () => collecting.add(await host.page.pickFiles("files"));
  const drop = (event: DragEvent) => {
    event.preventDefault();
    event.stopPropagation();
    void collecting.add([...event.dataTransfer.files].map((file) => ({ path: file.name, file })));
  };
  const lacking = lackingOf(cases.filter(({ caseId }) => chosen.has(caseId)));
  return (
    <Stack gap="sm" data-testid="collection">
      <Title order={2} size="h4">
        {text.title}
      </Title>
      <Text>{text.lead}</Text>
      <button
        type="button"
        className={styles.drop}
        onClick={() => void pick()}
        onDragOver={(event) => event.preventDefault()}
        onDrop={drop}
        data-testid="collection-add"
      >
        {text.add}
      </button>
      {refused.length > 0 && (
        <Alert color="red" p="xs">
          {text.refused(refused.join(", "))}
        </Alert>
      )}
      {cases.length > 0 && (
        <>
          <Table withRowBorders verticalSpacing={4}>
            <Table.Tbody>
              {cases.map((one) => (
                <Table.Tr key={one.caseId}>
                  <Table.Td>
                    <Checkbox
                      label={text.named(one.caseId, one.title)}
                      checked={chosen.has(one.caseId)}
                      onChange={({ currentTarget }) => collecting.choose(one.caseId, currentTarget.checked)}
                    />
                  </Table.Td>
                  <Table.Td>
                    {one.leaks.length === 0
                      ? text.kinds[kindOf(one)]
                      : text.sites(
                          text.kinds[kindOf(one)],
                          one.leaks.map(({ site }) => one.sites[site]),
                        )}
                  </Table.Td>
                  <Table.Td>
                    <ActionIcon
                      variant="subtle"
                      color="gray"
                      aria-label={text.remove(one.caseId)}
                      onClick={() => collecting.remove(one.caseId)}
                    >
                      ✕
                    </ActionIcon>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
          <List size="sm">
            {lacking.map((one) => (
              <List.Item key={one.en}>{one[locale]}</List.Item>
            ))}
          </List>
          <Group align="flex-end">
            <TextInput
              flex={1}
              label={text.name}
              value={title}
              onChange={({ currentTarget }) => collecting.rename(currentTarget.value)}
            />
            <Button
              disabled={chosen.size === 0}
              onClick={() => collecting.save()}
              data-testid="collection-save"
            >
              {text.save(chosen.size)}
            </Button>
          </Group>
        </>
      )}
      {tooLarge && (
        <Alert color="red" p="xs">
          {text.tooLarge}
        </Alert>
      )}
      {report && (
        <Alert color={report.clean ? "teal" : "red"} p="xs" role="status" data-testid="collection-report">
          {report.clean ? text.clean : text.found(report.found.map(({ value }) => value.text).join(", "))}
        </Alert>
      )}
    </Stack>
  );
}
