// The series that were found, by patient and study, the best of each study first; and the files that were not used, with the reason.
import { Group, Modal, SegmentedControl, Stack, Text } from "@mantine/core";
import type { KeyboardEvent } from "react";
import type { Problem } from "#core/problem";
import { problemText } from "#core/problem-text";
import { type PatientGroup, type StudyGroup, groupByPatient } from "#core/study-groups";
import { type SeriesContext, type SeriesSummary, areOfOnePatient } from "#core/study";
import styles from "./series-dialog.module.css";
import { SeriesRow } from "./series-row.tsx";
import shell from "./shell.module.css";
import { type SeriesText, seriesText } from "./text/series-text.ts";
import { useApp, useAppState } from "./use-app.ts";

export function SeriesDialog() {
  const app = useApp();
  const locale = useAppState((state) => state.locale);
  const text = seriesText[locale];
  const read = useAppState((state) => state.read);
  const choosing = useAppState((state) => state.choosing);
  const main = useAppState((state) => state.scene.series);
  const opened = choosing !== null && read !== null;
  return (
    <Modal opened={opened} onClose={() => app.showSeries(null)} title={text.title} size="70rem">
      {read && (
        <Stack gap="sm">
          <Group justify="space-between">
            {main ? (
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
            ) : (
              <span />
            )}
            {read.series.some((series) => series.openable) && (
              <Text size="xs" c="dimmed">
                {text.hint}
              </Text>
            )}
          </Group>
          <Notes notes={read.notes ?? []} />
          <Patients
            patients={groupByPatient(read.series)}
            main={main}
            asPrior={choosing === "prior"}
            text={text}
          />
          {read.objects.length > 0 && (
            <Text size="xs" c="dimmed" data-testid="read-objects">
              {text.objects(read.objects.length)}
            </Text>
          )}
          <Rejected />
        </Stack>
      )}
    </Modal>
  );
}

/** A sentence each; what is only worth knowing is dimmed. */
function Notes({ notes }: { notes: readonly Problem[] }) {
  const locale = useAppState((state) => state.locale);
  if (notes.length === 0) return null;
  return (
    <div data-testid="read-notes">
      {notes.map((note) => (
        <Text
          key={`${note.code} ${String(note.details.index)}`}
          size="xs"
          c={note.severity === "info" ? "dimmed" : "yellow"}
        >
          {problemText(note, locale)}
        </Text>
      ))}
    </div>
  );
}

interface PatientsProps {
  readonly patients: readonly PatientGroup[];
  readonly main: SeriesContext | null;
  readonly asPrior: boolean;
  readonly text: SeriesText;
}

function Patients({ patients, main, asPrior, text }: PatientsProps) {
  const barred = (series: SeriesSummary): string | null => whyNot(series, main, asPrior, text);
  const all = patients.flatMap(({ studies }) => studies.flatMap(({ series }) => series));
  const possible = all.filter((series) => series.openable && barred(series) === null);
  // An earlier CT is of another study; a second reconstruction of this one is what remains.
  const isEarlier = ({ study }: SeriesSummary): boolean =>
    study.studyInstanceUid !== main?.study.studyInstanceUid;
  const first = (asPrior ? possible.find(isEarlier) : undefined) ?? possible.at(0);
  return (
    <div onKeyDown={moveByArrows} role="presentation" data-testid="series-list">
      {patients.length > 1 && (
        <Text size="sm" mb="sm">
          {text.severalPatients(patients.length)}
        </Text>
      )}
      {patients.map((patient) => (
        <section
          key={`${patient.patientId} ${patient.studies[0].study.studyInstanceUid}`}
          className={styles.patient}
        >
          <PatientLine patient={patient} text={text} />
          {patient.studies.map((study, n) => (
            <Study
              key={study.study.studyInstanceUid}
              study={study}
              newest={n === 0}
              first={first}
              barred={barred}
              text={text}
            />
          ))}
        </section>
      ))}
    </div>
  );
}

/** Only an earlier CT has to be of the patient that is shown; whose a study without an ID is is not guessed. */
function whyNot(
  series: SeriesSummary,
  main: SeriesContext | null,
  asPrior: boolean,
  text: SeriesText,
): string | null {
  if (!asPrior || !main || !series.openable) return null;
  if (series.seriesInstanceUid === main.seriesInstanceUid) return text.isOpen;
  return areOfOnePatient(series, main) ? null : text.otherPatient;
}

function PatientLine({ patient, text }: { patient: PatientGroup; text: SeriesText }) {
  const locale = useAppState((state) => state.locale);
  const { patientName, patientBirthDate, patientSex } = patient.patient;
  return (
    <>
      <h3 className={styles.patientLine}>
        <span>{patientName.replaceAll("^", " ").trim() || text.nobody}</span>
        <Text span size="sm" c="dimmed">
          {patient.patientId === "" ? text.noPatientId : text.patientId(patient.patientId)}
        </Text>
        {patientBirthDate !== "" && (
          <Text span size="sm" c="dimmed">
            {text.born(dateText(patientBirthDate))}
          </Text>
        )}
        {patientSex !== "" && (
          <Text span size="sm" c="dimmed">
            {patientSex}
          </Text>
        )}
      </h3>
      {patient.patientId === "" && (
        <Text size="xs" c="dimmed">
          {text.noId}
        </Text>
      )}
      {patient.problems.map((found) => (
        <Text key={found.code} size="sm" c="yellow" data-testid="contradiction">
          {problemText(found, locale)}
        </Text>
      ))}
    </>
  );
}

interface StudyProps {
  readonly study: StudyGroup;
  readonly newest: boolean;
  readonly first: SeriesSummary | undefined;
  readonly barred: (series: SeriesSummary) => string | null;
  readonly text: SeriesText;
}

function Study({ study: { study, series, aside, daysBefore }, newest, first, barred, text }: StudyProps) {
  const openable = series.filter((one) => one.openable);
  // Where there is nothing to choose from, nothing is proposed.
  const best = openable.length > 1 || openable[0] === first ? openable[0] : undefined;
  const reasons = [...new Set(aside.map((one) => one.aside))].flatMap((reason) => {
    if (reason === null) return [];
    const count = aside.filter((one) => one.aside === reason).length;
    return [`${count} ${text.aside[reason]}`];
  });
  const row = (one: SeriesSummary) => (
    <SeriesRow
      key={one.seriesInstanceUid}
      series={one}
      proposed={one === best}
      first={one === first}
      barred={barred(one)}
    />
  );
  return (
    <div data-testid="study">
      <h4 className={styles.studyLine}>
        <span>{study.studyDate === "" ? text.undated : dateText(study.studyDate)}</span>
        {daysBefore !== null && (
          <Text span size="xs" c="dimmed">
            {newest ? text.newest : text.earlier(daysBefore)}
          </Text>
        )}
        {study.studyDescription !== "" && (
          <Text span size="sm" c="dimmed">
            {study.studyDescription}
          </Text>
        )}
      </h4>
      {series.length > 0 && <ul className={styles.list}>{series.map(row)}</ul>}
      {aside.length > 0 && (
        <details className={styles.aside} open={series.length === 0} data-testid="kept-apart">
          <summary>{text.keptApart(aside.length, reasons)}</summary>
          <ul className={styles.list}>{aside.map(row)}</ul>
        </details>
      )}
    </div>
  );
}

/** Up and down go from series to series that can be opened; Home and End to the ends. Enter is the button's own. */
function moveByArrows(event: KeyboardEvent<HTMLElement>): void {
  const buttons = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-open-series]")];
  const at = buttons.findIndex((button) => button === document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
  if (to === undefined || buttons.length === 0) return;
  event.preventDefault();
  const target = buttons[Math.max(0, Math.min(buttons.length - 1, to))];
  target.focus();
  target.closest("li")?.scrollIntoView({ block: "nearest" });
}

/** DA "20250102" as 2025-01-02. */
export const dateText = (date: string): string =>
  /^\d{8}$/.test(date) ? `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}` : date;

const MOST_LISTED = 200;

/** Folded: discs are full of other files. */
export function Rejected() {
  const locale = useAppState((state) => state.locale);
  const text = seriesText[locale];
  const rejected = useAppState((state) => state.read?.rejected ?? none);
  if (rejected.length === 0) return null;
  return (
    <details className={shell.rejected} data-testid="rejected">
      <summary>{text.rejected(rejected.length)}</summary>
      <ul>
        {rejected.slice(0, MOST_LISTED).map((file) => (
          <li key={file.path}>{named(file.path, problemText(file.problem, locale))}</li>
        ))}
        {rejected.length > MOST_LISTED && <li>{text.moreFiles(rejected.length - MOST_LISTED)}</li>}
      </ul>
    </details>
  );
}

/** Most sentences name their file themselves. */
const named = (path: string, sentence: string): string =>
  sentence.includes(path) ? sentence : `${path}: ${sentence}`;

const none: readonly never[] = [];
