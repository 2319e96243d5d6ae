// The studies that a search found: one page as a table that the arrow keys walk, Enter opens the chosen one.
import { Button, Group, ScrollArea, Stack, Table, Text } from "@mantine/core";
import { useEffect, useRef, type KeyboardEvent } from "react";
import type { ArchivePage } from "#host/archive";
import { PAGE_STUDIES } from "#host/archive";
import { dateText } from "./series-dialog.tsx";
import { useApp, useText } from "./use-app.ts";

type Study = ArchivePage["studies"][number];

/** PN "Wang^XiaoDong=王^小东" as "Wang XiaoDong · 王 小东" (PS3.5 6.2.1). */
const nameText = (name: string): string =>
  name
    .split("=")
    .map((group) => group.replaceAll("^", " ").trim())
    .filter((group) => group !== "")
    .join(" · ");

export function ArchiveResults({ page, turn }: { page: ArchivePage; turn: (offset: number) => void }) {
  const { archive: text } = useText();
  const table = useRef<HTMLTableSectionElement>(null);
  // The keyboard goes on where the answer is.
  useEffect(() => {
    if (page.studies.length > 0) table.current?.querySelector("tr")?.focus();
  }, [page]);
  if (page.studies.length === 0 && page.offset === 0)
    return (
      <Text size="sm" c="dimmed" data-testid="archive-none">
        {text.none}
      </Text>
    );
  const first = page.offset + 1;
  return (
    <Stack gap="xs">
      <ScrollArea.Autosize mah="45vh" type="auto">
        <Table
          highlightOnHover
          verticalSpacing={4}
          stickyHeader
          aria-label={text.rows}
          data-testid="archive-results"
        >
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{text.columns.patient}</Table.Th>
              <Table.Th>{text.columns.birth}</Table.Th>
              <Table.Th>{text.columns.date}</Table.Th>
              <Table.Th>{text.columns.description}</Table.Th>
              <Table.Th>{text.columns.modalities}</Table.Th>
              <Table.Th ta="right">{text.columns.series}</Table.Th>
              <Table.Th ta="right">{text.columns.images}</Table.Th>
              <Table.Th />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody ref={table}>
            {page.studies.map((study, index) => (
              <StudyRow key={study.study.studyInstanceUid} study={study} first={index === 0} />
            ))}
          </Table.Tbody>
        </Table>
      </ScrollArea.Autosize>
      {(page.offset > 0 || page.hasMore) && (
        <Group justify="flex-end" gap="xs">
          <Text size="sm" c="dimmed">
            {text.range(first, page.offset + page.studies.length)}
          </Text>
          <Button
            size="xs"
            variant="default"
            disabled={page.offset === 0}
            onClick={() => turn(Math.max(0, page.offset - PAGE_STUDIES))}
            data-testid="archive-previous"
          >
            {text.previous}
          </Button>
          <Button
            size="xs"
            variant="default"
            disabled={!page.hasMore}
            onClick={() => turn(page.offset + PAGE_STUDIES)}
            data-testid="archive-next"
          >
            {text.next}
          </Button>
        </Group>
      )}
    </Stack>
  );
}

const count = (value: number | null): string => (value === null ? "–" : String(value));

function StudyRow({
  study: { patient, study, modalities, ...counts },
  first,
}: {
  study: Study;
  first: boolean;
}) {
  const app = useApp();
  const text = useText();
  const open = () => void app.archive.openStudy(study.studyInstanceUid);
  const press = (event: KeyboardEvent<HTMLTableRowElement>) => {
    const { currentTarget: row, key } = event;
    const next =
      key === "ArrowDown" ? row.nextElementSibling : key === "ArrowUp" ? row.previousElementSibling : null;
    if (key === "Enter" && event.target === row) open();
    else if (next instanceof HTMLElement) next.focus();
    else return;
    event.preventDefault();
  };
  return (
    <Table.Tr
      tabIndex={first ? 0 : -1}
      onKeyDown={press}
      onDoubleClick={open}
      data-study={study.studyInstanceUid}
    >
      <Table.Td>
        {nameText(patient.patientName)}
        <Text size="xs" c="dimmed">
          {patient.patientId} {patient.patientSex}
        </Text>
      </Table.Td>
      <Table.Td>{dateText(patient.patientBirthDate)}</Table.Td>
      <Table.Td>{dateText(study.studyDate)}</Table.Td>
      <Table.Td>{study.studyDescription}</Table.Td>
      <Table.Td>{modalities.join(", ")}</Table.Td>
      <Table.Td ta="right">{count(counts.seriesCount)}</Table.Td>
      <Table.Td ta="right">{count(counts.instanceCount)}</Table.Td>
      <Table.Td>
        <Button
          size="compact-xs"
          variant="default"
          onClick={open}
          tabIndex={-1}
          aria-label={text.archive.openStudy(`${nameText(patient.patientName)} ${dateText(study.studyDate)}`)}
          data-testid="archive-open"
        >
          {text.open}
        </Button>
      </Table.Td>
    </Table.Tr>
  );
}
