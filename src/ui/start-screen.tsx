// The first page: three doors, one big button for the sample case, and unfinished work to go on with.
import { Badge, Button, Card, Group, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import type { SavedCase } from "#host/journal";
import { pickedFiles } from "./dropped-files.ts";
import { sampleFiles } from "./sample-case.ts";
import { dateText, Rejected } from "./series-dialog.tsx";
import styles from "./shell.module.css";
import { useApp, useAppState, useText } from "./use-app.ts";

export function StartScreen() {
  const app = useApp();
  const text = useText();
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
          <ComingDoor title={text.doors.cohort} hint={text.doors.cohortHint} more={text.doors.cohortComing} />
          <ComingDoor title={text.doors.teach} hint={text.doors.teachHint} more={text.doors.teachComing} />
        </SimpleGrid>
        <Rejected />
        <SavedCases />
        <Text size="sm" c="dimmed">
          {text.staysHere} {text.notADevice}
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
      <Button size="compact-sm" variant="subtle" onClick={() => app.setLocale(locale === "en" ? "zh" : "en")}>
        {text.language}
      </Button>
      <Button
        size="compact-sm"
        variant="subtle"
        onClick={() => app.setAppearance(appearance === "dark" ? "light" : "dark")}
        aria-label={text.theme}
        title={text.theme}
      >
        {appearance === "dark" ? "☀" : "☾"}
      </Button>
    </Group>
  );
}

/** Hidden inputs with the two pickers; `webkitdirectory` is set as an attribute because React has no type for it. */
export function usePickers() {
  const app = useApp();
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  useEffect(() => folder.current?.setAttribute("webkitdirectory", ""), []);
  const take = (input: HTMLInputElement) => {
    const picked = pickedFiles(input.files);
    input.value = "";
    void app.openFiles(picked);
  };
  return {
    chooseFiles: () => files.current?.click(),
    chooseFolder: () => folder.current?.click(),
    inputs: (
      <>
        <input
          ref={files}
          type="file"
          multiple
          hidden
          data-testid="pick-files"
          onChange={(event) => take(event.target)}
        />
        <input
          ref={folder}
          type="file"
          multiple
          hidden
          data-testid="pick-folder"
          onChange={(event) => take(event.target)}
        />
      </>
    ),
  };
}

function ReadDoor() {
  const app = useApp();
  const text = useText();
  const { chooseFiles, chooseFolder, inputs } = usePickers();
  const [fetching, setFetching] = useState(false);
  const openSample = async () => {
    setFetching(true);
    try {
      await app.openFiles(await sampleFiles(), { kind: "sample" });
    } catch (error) {
      app.store.reportThrown(error, "sample");
    } finally {
      setFetching(false);
    }
  };
  return (
    <Card withBorder padding="lg" className={styles.door}>
      <Stack gap="sm" h="100%">
        <Title order={2}>{text.doors.read}</Title>
        <Text size="sm" c="dimmed">
          {text.doors.readHint}
        </Text>
        <Button size="lg" onClick={() => void openSample()} loading={fetching} data-testid="open-sample">
          {text.openSample}
        </Button>
        <Text size="xs" c="dimmed" ta="center">
          {text.openSampleHint}
        </Text>
        <Group grow mt="auto">
          <Button variant="default" onClick={chooseFolder}>
            {text.chooseFolder}
          </Button>
          <Button variant="default" onClick={chooseFiles}>
            {text.chooseFiles}
          </Button>
        </Group>
        <Text size="xs" c="dimmed" ta="center">
          {text.dropHere}
        </Text>
        {inputs}
      </Stack>
    </Card>
  );
}

function ComingDoor({ title, hint, more }: { title: string; hint: string; more: string }) {
  const text = useText();
  return (
    <Card withBorder padding="lg" className={styles.door}>
      <Stack gap="sm">
        <Group justify="space-between">
          <Title order={2}>{title}</Title>
          <Badge variant="outline" color="gray" size="sm">
            {text.doors.coming}
          </Badge>
        </Group>
        <Text size="sm" c="dimmed">
          {hint}
        </Text>
        <Text size="sm">{more}</Text>
      </Stack>
    </Card>
  );
}

function SavedCases() {
  const text = useText();
  const saved = useAppState((state) => state.savedCases);
  if (saved.length === 0) return null;
  return (
    <section aria-label={text.savedCases}>
      <Title order={3} mb="xs">
        {text.savedCases}
      </Title>
      <Stack gap="xs">
        {saved.map((entry) => (
          <SavedRow key={entry.caseKey} entry={entry} />
        ))}
      </Stack>
    </section>
  );
}

function SavedRow({ entry }: { entry: SavedCase }) {
  const app = useApp();
  const text = useText();
  const { chooseFolder, inputs } = usePickers();
  const go = async () => {
    if (entry.source.kind === "files") return chooseFolder();
    try {
      await app.openFiles(await sampleFiles(), { kind: "sample" });
    } catch (error) {
      app.store.reportThrown(error, "sample");
    }
  };
  return (
    <Card withBorder padding="sm" data-testid="saved-case">
      <Group justify="space-between" wrap="nowrap">
        <div>
          <Text size="sm" fw={600}>
            {text.patient} {entry.patientId} · {dateText(entry.studyDate)} · {entry.description}
          </Text>
          <Text size="xs" c="dimmed">
            {entry.summary} · {text.savedAt(new Date(entry.savedAt).toLocaleString())}
          </Text>
        </div>
        <Group gap="xs" wrap="nowrap">
          <Button size="xs" onClick={() => void go()}>
            {entry.source.kind === "sample" ? text.continueSample : text.continueWithFolder}
          </Button>
          <Button
            size="xs"
            variant="subtle"
            color="red"
            onClick={() => {
              if (window.confirm(text.forgetConfirm)) void app.forgetSavedCase(entry.caseKey);
            }}
          >
            {text.forget}
          </Button>
        </Group>
      </Group>
      {inputs}
    </Card>
  );
}
