// The series that were found, the proposed one first; and the files that were not used, with the reason.
import { Badge, Button, Group, Modal, SegmentedControl, Stack, Table, Text } from "@mantine/core";
import { problemText } from "#core/problem-text";
import type { SeriesSummary } from "#core/study";
import styles from "./shell.module.css";
import { useApp, useAppState, useText } from "./use-app.ts";

export function SeriesDialog() {
  const app = useApp();
  const text = useText();
  const read = useAppState((state) => state.read);
  const choosing = useAppState((state) => state.choosing);
  const caseIsOpen = useAppState((state) => state.scene.volume !== null);
  const opened = choosing !== null && read !== null;
  return (
    <Modal opened={opened} onClose={() => app.showSeries(null)} title={text.seriesTitle} size="70rem">
      {read && (
        <Stack>
          {caseIsOpen && (
            <Group>
              <Text size="sm">{text.openAs}</Text>
              <SegmentedControl
                value={choosing ?? "main"}
                onChange={(value) => app.showSeries(value === "prior" ? "prior" : "main")}
                data={[
                  { value: "main", label: text.openMain },
                  { value: "prior", label: text.openPrior },
                ]}
              />
            </Group>
          )}
          <Table highlightOnHover verticalSpacing="xs" data-testid="series-list">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{text.seriesColumns.description}</Table.Th>
                <Table.Th>{text.seriesColumns.modality}</Table.Th>
                <Table.Th>{text.seriesColumns.images}</Table.Th>
                <Table.Th>{text.seriesColumns.spacing}</Table.Th>
                <Table.Th>{text.seriesColumns.size}</Table.Th>
                <Table.Th>{text.seriesColumns.date}</Table.Th>
                <Table.Th />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {read.series.map((series, index) => (
                <SeriesRow
                  key={series.seriesInstanceUid}
                  series={series}
                  proposed={index === 0 && series.openable}
                />
              ))}
            </Table.Tbody>
          </Table>
          <Rejected />
        </Stack>
      )}
    </Modal>
  );
}

function SeriesRow({ series, proposed }: { series: SeriesSummary; proposed: boolean }) {
  const app = useApp();
  const text = useText();
  const locale = useAppState((state) => state.locale);
  return (
    <Table.Tr data-openable={series.openable}>
      <Table.Td>
        <Group gap="xs">
          <span>{series.seriesDescription || `#${series.seriesNumber}`}</span>
          {proposed && <Badge variant="light">{text.proposed}</Badge>}
        </Group>
        <Text size="xs" c="dimmed">
          {text.patient} {series.patient.patientId} {series.convolutionKernel}
        </Text>
        {series.problems.map((problem) => (
          <Text key={problem.code} size="xs" c={problem.severity === "error" ? "red" : "yellow"}>
            {problemText(problem, locale)}
          </Text>
        ))}
      </Table.Td>
      <Table.Td>{series.modality}</Table.Td>
      <Table.Td>{series.imageCount}</Table.Td>
      <Table.Td>{series.sliceSpacingMm === null ? "–" : `${series.sliceSpacingMm.toFixed(2)} mm`}</Table.Td>
      <Table.Td>
        {series.columns} × {series.rows}
      </Table.Td>
      <Table.Td>{dateText(series.study.studyDate)}</Table.Td>
      <Table.Td>
        {series.openable && (
          <Button
            size="xs"
            variant={proposed ? "filled" : "default"}
            onClick={() => void app.chooseSeries(series.seriesInstanceUid)}
            data-autofocus={proposed || undefined}
          >
            {text.open}
          </Button>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

/** DA "20250102" as 2025-01-02. */
export const dateText = (date: string): string =>
  /^\d{8}$/.test(date) ? `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}` : date;

export function Rejected() {
  const text = useText();
  const locale = useAppState((state) => state.locale);
  const rejected = useAppState((state) => state.read?.rejected ?? none);
  if (rejected.length === 0) return null;
  return (
    <details className={styles.rejected} data-testid="rejected">
      <summary>{text.rejectedTitle(rejected.length)}</summary>
      <ul>
        {rejected.slice(0, 200).map((file) => (
          <li key={file.path}>
            <code>{file.path}</code> – {problemText(file.problem, locale)}
          </li>
        ))}
      </ul>
    </details>
  );
}

const none: readonly never[] = [];
