// The first page: three doors, one big button for the sample case, and unfinished work to go on with.
import { Button, Card, Group, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { useEffect, useState } from "react";
import { inLocale } from "#host/app-state";
import type { PageDeclaration } from "#host/contract";
import { usePickers } from "./pickers.tsx";
import { SavedCases } from "./saved-cases.tsx";
import { openSample } from "./sample-case.ts";
import { Rejected } from "./series-dialog.tsx";
import styles from "./shell.module.css";
import { useTour } from "./tour.tsx";
import { UpdateOffer } from "./update-offer.tsx";
import { useApp, useAppState, useReadable, useText } from "./use-app.ts";

export function StartScreen() {
  const app = useApp();
  const text = useText();
  const archive = useReadable(app.archive.state);
  useEffect(() => {
    void app.refreshSavedCases();
  }, [app]);
  return (
    <main className={styles.start}>
      <Stack gap="lg" className={styles.startColumn}>
        <Group justify="space-between" align="flex-start" wrap="nowrap">
          <div>
            <Title order={1}>{text.appName}</Title>
            <Text c="dimmed" mt={4}>
              {text.tagline}
            </Text>
          </div>
          <LanguageAndTheme />
        </Group>
        <SimpleGrid cols={{ base: 1, md: 3 }}>
          <ReadDoor />
          {app.manifests.flatMap(({ id, pages }) =>
            pages.map((page) => <PageDoor key={page.id} pluginId={id} page={page} />),
          )}
        </SimpleGrid>
        <UpdateOffer />
        <Rejected />
        <SavedCases />
        <Text size="sm" c="dimmed">
          {archive.signIn.url === "" ? text.staysHere : text.archive.staysHere} {text.notADevice}
        </Text>
      </Stack>
    </main>
  );
}

export function LanguageAndTheme() {
  const app = useApp();
  const text = useText();
  const locale = useAppState((state) => state.locale);
  const appearance = useAppState((state) => state.appearance);
  return (
    <Group gap={4} wrap="nowrap">
      <Button
        size="compact-sm"
        variant="subtle"
        onClick={() => app.setLocale(locale === "en" ? "zh" : "en")}
        data-testid="language"
      >
        {text.language}
      </Button>
      <Button
        size="compact-sm"
        variant="subtle"
        onClick={() => app.setAppearance(appearance === "dark" ? "light" : "dark")}
        aria-label={text.theme}
        data-testid="theme"
        title={text.theme}
      >
        {appearance === "dark" ? "☀" : "☾"}
      </Button>
    </Group>
  );
}

function ReadDoor() {
  const app = useApp();
  const text = useText();
  const { chooseFiles, chooseFolder, inputs } = usePickers();
  const [fetching, setFetching] = useState(false);
  const tour = useTour();
  const open = async () => {
    setFetching(true);
    await openSample(app);
    setFetching(false);
  };
  const openWithTour = () => {
    tour.start();
    void open();
  };
  return (
    <Card withBorder padding="lg" className={styles.door}>
      <Stack gap="sm" h="100%">
        <Title order={2}>{text.doors.read}</Title>
        <Text size="sm" c="dimmed">
          {text.doors.readHint}
        </Text>
        <Button size="lg" onClick={() => void open()} loading={fetching} data-testid="open-sample">
          {text.openSample}
        </Button>
        <Text size="xs" c="dimmed" ta="center">
          {text.openSampleHint}
        </Text>
        <Button variant="light" onClick={openWithTour} data-testid="open-tour">
          {text.tour.start}
        </Button>
        <Group grow mt="auto">
          <Button variant="default" onClick={chooseFolder}>
            {text.chooseFolder}
          </Button>
          <Button variant="default" onClick={chooseFiles}>
            {text.chooseFiles}
          </Button>
        </Group>
        <Button variant="default" onClick={() => app.archive.show("search")} data-testid="open-archive">
          {text.archive.open}
        </Button>
        <Text size="xs" c="dimmed" ta="center">
          {text.dropHere}
        </Text>
        {inputs}
      </Stack>
    </Card>
  );
}

function PageDoor({ pluginId, page }: { pluginId: string; page: PageDeclaration }) {
  const app = useApp();
  const text = useText();
  const locale = useAppState((state) => state.locale);
  return (
    <Card withBorder padding="lg" className={styles.door}>
      <Stack gap="sm" h="100%">
        <Title order={2}>{inLocale(page.title, locale)}</Title>
        <Text size="sm" c="dimmed">
          {inLocale(page.hint, locale)}
        </Text>
        <Button
          size="lg"
          variant="light"
          onClick={() => app.showPage({ pluginId, pageId: page.id, query: "" })}
          data-testid={`page-${page.path}`}
        >
          {text.doors.open}
        </Button>
      </Stack>
    </Card>
  );
}
