// Unfinished work in this browser: each case with picture, time, progress and size; go on, save as a file, or remove.
import { Button, Card, Group, Stack, Text, Title } from "@mantine/core";
import { useRef } from "react";
import type { CasePicture } from "#host/case-picture";
import type { StoredCase } from "#host/journal";
import { usePickers } from "./pickers.tsx";
import { openSample } from "./sample-case.ts";
import { dateText } from "./series-dialog.tsx";
import styles from "./shell.module.css";
import { useApp, useAppState, useText } from "./use-app.ts";

const BYTES_OF_MB = 1e6;
/** Small sizes with a decimal: "0.1", "12", "4300". */
const megabytes = (bytes: number): string => {
  const amount = bytes / BYTES_OF_MB;
  return amount < 10 ? Math.max(0.1, amount).toFixed(1) : String(Math.round(amount));
};
const timeText = (iso: string, locale: string): string =>
  new Date(iso).toLocaleString(locale, { dateStyle: "medium", timeStyle: "short" });

export function SavedCases() {
  const text = useText();
  const saved = useAppState((state) => state.savedCases);
  return (
    <section aria-label={text.savedCases}>
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h3">
          {text.savedCases}
        </Title>
        <RestoreButton />
      </Group>
      {saved.length === 0 && (
        <Text size="sm" c="dimmed">
          {text.noSavedCases}
        </Text>
      )}
      <Stack gap="xs">
        {saved.map((entry) => (
          <SavedRow key={entry.caseKey} entry={entry} />
        ))}
      </Stack>
      <Room />
    </section>
  );
}

function Room() {
  const text = useText();
  const room = useAppState((state) => state.storageRoom);
  return (
    <Text size="xs" c="dimmed" mt={6} data-testid="storage-room">
      {room ? text.storageRoom(megabytes(room.usedBytes), megabytes(room.quotaBytes)) : text.storageUnknown}
    </Text>
  );
}

function RestoreButton() {
  const app = useApp();
  const text = useText();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button size="compact-sm" variant="subtle" onClick={() => input.current?.click()}>
        {text.restoreFromFile}
      </Button>
      <input
        ref={input}
        type="file"
        accept=".zip"
        hidden
        data-testid="pick-saved-case"
        onChange={({ target }) => {
          const [file] = target.files ?? [];
          if (file) void app.importSavedCase(file);
          target.value = "";
        }}
      />
    </>
  );
}

function SavedRow({ entry }: { entry: StoredCase }) {
  const app = useApp();
  const text = useText();
  const locale = useAppState((state) => state.locale);
  const { chooseFolder, inputs } = usePickers();
  const go = () => {
    const { source } = entry;
    if (source.kind === "files") return chooseFolder();
    return source.kind === "sample" ? openSample(app) : app.archive.openStudy(source.studyInstanceUid);
  };
  return (
    <Card withBorder padding="sm" data-testid="saved-case">
      <Group justify="space-between" wrap="nowrap">
        <Group gap="sm" wrap="nowrap" className={styles.savedText}>
          <Picture picture={entry.picture} />
          <div className={styles.savedText}>
            <Text size="sm" fw={600} truncate>
              {text.patient} {entry.patientId} · {dateText(entry.studyDate)} · {entry.description}
            </Text>
            <Text size="xs" c="dimmed">
              {entry.summary} · {text.savedAt(timeText(entry.savedAt, locale))} ·{" "}
              {text.megabytes(megabytes(entry.bytes))}
            </Text>
            {entry.setAside && (
              <Text size="xs" c="yellow">
                {text.setAside(timeText(entry.setAside, locale))}
              </Text>
            )}
          </div>
        </Group>
        <Group gap="xs" wrap="nowrap">
          {!entry.setAside && (
            <Button size="xs" onClick={() => void go()} data-testid="continue">
              {entry.source.kind === "files" ? text.continueWithFolder : text.continueSample}
            </Button>
          )}
          <Button
            size="xs"
            variant="default"
            onClick={() => void app.exportSavedCase(entry.caseKey)}
            data-testid="save-as-file"
          >
            {text.saveAsFile}
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

const PICTURE_PX = 56;

/** The cells as squares, on black as in the images. */
function Picture({ picture }: { picture?: CasePicture }) {
  const text = useText();
  if (!picture) return null;
  const side = Math.max(picture.columns, picture.rows);
  return (
    <svg
      role="img"
      aria-label={text.pictureOfCase}
      width={PICTURE_PX}
      height={PICTURE_PX}
      viewBox={`${(picture.columns - side) / 2} ${(picture.rows - side) / 2} ${side} ${side}`}
      className={styles.savedPicture}
      shapeRendering="crispEdges"
    >
      {picture.colors.map((color, n) => (
        <path key={color} fill={color} d={cellsOf(picture, String(n + 1))} />
      ))}
    </svg>
  );
}

function cellsOf({ cells, columns }: CasePicture, digit: string): string {
  let path = "";
  for (let at = cells.indexOf(digit); at >= 0; at = cells.indexOf(digit, at + 1))
    path += `M${at % columns} ${Math.floor(at / columns)}h1v1h-1z`;
  return path;
}
