// The cohort's page: what was given, the filters beside, and the answers below each other in the order that a board asks them.
import { Alert, Button, Card, Group, Progress, Stack, Text, Title } from "@mantine/core";
import { Answers } from "./answers.tsx";
import { CaseListDrawer } from "./case-list.tsx";
import { CohortContext, useCohort, useCohortView, type CohortDesk } from "./cohort-view.ts";
import styles from "./cohort.module.css";
import { Filters } from "./filters.tsx";
import { HandOn } from "./hand-on.tsx";

export function CohortPage({ desk }: { desk: CohortDesk }) {
  const view = useCohortView(desk);
  return (
    <CohortContext value={view}>
      {view.given.read && view.given.read.counted > 0 ? <Review /> : <Give />}
      <Reading />
    </CohortContext>
  );
}

function Give() {
  const { text, given, chooseCohort, askArchive, chooseList, openSample } = useCohort();
  return (
    <Stack className={styles.give} gap="md">
      <Text>{text.lead}</Text>
      {given.read && (
        <Alert color="yellow" data-testid="cohort-none">
          {given.fromArchive ? text.noneThere : text.none}{" "}
          {given.read.leftOut.length > 0 && text.leftOut(given.read.leftOut.length)}
        </Alert>
      )}
      <Group>
        <Button size="md" onClick={() => void chooseCohort("folder")} data-testid="cohort-folder">
          {text.folder}
        </Button>
        <Button
          size="md"
          variant="default"
          onClick={() => void chooseCohort("files")}
          data-testid="cohort-files"
        >
          {text.files}
        </Button>
        <Button size="md" variant="default" onClick={() => void askArchive()} data-testid="cohort-archive">
          {text.archive}
        </Button>
        <Button size="md" variant="light" onClick={() => void openSample()} data-testid="cohort-sample">
          {text.sample}
        </Button>
      </Group>
      <Text size="sm" c="dimmed">
        {text.sampleHint}
      </Text>
      <Group align="flex-start">
        {(["procedures", "outcomes"] as const).map((which) => (
          <Stack key={which} gap={2} maw={420}>
            <Button variant="default" onClick={() => void chooseList(which)} data-testid={`cohort-${which}`}>
              {text[which]}
            </Button>
            <Text size="xs" c="dimmed">
              {which === "procedures" ? text.proceduresHint : text.outcomesHint}
            </Text>
          </Stack>
        ))}
      </Group>
    </Stack>
  );
}

function Reading() {
  const { text, reading, cancel } = useCohort();
  if (reading === null) return null;
  return (
    <Card withBorder className={styles.reading} role="status">
      <Text size="sm">{text.reading}</Text>
      <Progress value={100 * reading} my={6} />
      <Button size="compact-sm" variant="default" onClick={cancel}>
        {text.cancel}
      </Button>
    </Card>
  );
}

function Review() {
  const { text, given, analysis, locale, startOver, chooseList, askArchive } = useCohort();
  const { read } = given;
  return (
    <div className={styles.review}>
      <aside className={styles.side}>
        <Filters />
        <HandOn />
        <Stack gap={4} mt="md">
          {(["procedures", "outcomes"] as const).map((which) => (
            <Button key={which} size="compact-sm" variant="default" onClick={() => void chooseList(which)}>
              {text[which]}
            </Button>
          ))}
          {read?.listed != null && <Text size="xs">{text.listed(read.listed)}</Text>}
          {read?.withOutcomes != null && <Text size="xs">{text.withOutcomes(read.withOutcomes)}</Text>}
          {read?.faults.slice(0, 5).map((fault) => (
            <Text key={fault} size="xs" c="yellow">
              {fault}
            </Text>
          ))}
          {given.fromArchive && (
            <Button
              size="compact-sm"
              variant="default"
              onClick={() => void askArchive()}
              data-testid="cohort-refresh"
            >
              {text.refresh}
            </Button>
          )}
          <Button size="compact-sm" variant="subtle" onClick={startOver} data-testid="cohort-over">
            {text.other}
          </Button>
        </Stack>
      </aside>
      <main className={styles.main} data-testid="cohort-answers">
        {analysis && (
          <>
            <Title order={2} size="h4" data-testid="cohort-counted">
              {text.counted(analysis.patients, analysis.lesions, analysis.cases)}
            </Title>
            {read?.notice && (
              <Alert color="yellow" variant="light" p="xs">
                {read.notice}
              </Alert>
            )}
            {analysis.amongSubmitted && (
              <Alert color="yellow" variant="light" p="xs">
                {text.amongSubmitted}
              </Alert>
            )}
            {analysis.pooled.map((note) => (
              <Alert key={note.en} color="yellow" variant="light" p="xs">
                {note[locale]}
              </Alert>
            ))}
            <Answers analysis={analysis} />
          </>
        )}
      </main>
      <CaseListDrawer />
    </div>
  );
}
