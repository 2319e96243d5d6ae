// The page behind the start page's third door: how a teaching case comes from a finished one, and opening that one.
import { Button, Divider, Group, List, Stack, Text } from "@mantine/core";
import type { Host, PanelImplementation } from "#contract";
import { teachingEn, teachingZh } from "../text/teaching.ts";
import { CollectionSection } from "./collection-section.tsx";
import { mountThemed } from "../themed-root.tsx";
import { useReadable } from "../use-readable.ts";

export function teachingPage(host: Host): PanelImplementation {
  return (element, failed) => mountThemed(element, failed, host.appearance, <TeachingPage host={host} />);
}

function TeachingPage({ host }: { host: Host }) {
  const { page } = { en: teachingEn, zh: teachingZh }[useReadable(host.locale)];
  const open = async (what: "files" | "folder") => {
    const files = await host.page.pickFiles(what);
    if (files.length > 0) await host.page.openCase(files);
  };
  return (
    <Stack p="lg" maw={760} gap="md" data-testid="teaching-page">
      <Text>{page.lead}</Text>
      <List type="ordered" spacing="xs">
        {page.steps.map((step) => (
          <List.Item key={step}>{step}</List.Item>
        ))}
      </List>
      <Group>
        <Button size="md" onClick={() => void open("folder")} data-testid="teaching-folder">
          {page.folder}
        </Button>
        <Button size="md" variant="default" onClick={() => void open("files")} data-testid="teaching-files">
          {page.files}
        </Button>
      </Group>
      <Text size="sm" c="dimmed">
        {page.saved}
      </Text>
      <Divider />
      <CollectionSection host={host} />
    </Stack>
  );
}
