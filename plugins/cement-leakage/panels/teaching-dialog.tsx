// Making a teaching case: its entry in the export menu, and the dialog with proposed words, pictures and the report of the search.
import {
  Alert,
  Button,
  Checkbox,
  Group,
  Loader,
  Menu,
  Modal,
  Select,
  Stack,
  Text as Words,
  Textarea,
  TextInput,
} from "@mantine/core";
import type { LeakReport } from "#contract";
import { problemText } from "#core/problem-text";
import type { TeachingWords } from "../teaching/compose.ts";
import { useCase, useLocale, useReadable, useVerbs } from "./case-view.ts";
import { teachingEn, teachingZh } from "./text/teaching.ts";
import styles from "./teaching.module.css";

const useTeachingText = () => ({ en: teachingEn, zh: teachingZh })[useLocale()];

export function TeachingItem() {
  const { teaching } = useVerbs();
  const text = useTeachingText();
  useCase();
  const why = teaching.whyNot();
  return (
    <Menu.Item disabled={why !== null} onClick={() => void teaching.begin()} data-testid="make-teaching-case">
      <div>{text.item}</div>
      <Words size="xs" c={why ? "yellow" : "dimmed"}>
        {why ?? text.itemHint}
      </Words>
    </Menu.Item>
  );
}

export function TeachingDialog() {
  const { teaching } = useVerbs();
  const text = useTeachingText();
  const { step } = useReadable(teaching.state);
  return (
    <Modal
      opened={step !== "closed"}
      onClose={teaching.close}
      title={text.title}
      size={920}
      transitionProps={{ duration: 0 }}
      closeButtonProps={{ "aria-label": text.close }}
    >
      <Stack gap="xs" data-testid="teaching" data-step={step}>
        <Proposed />
        <div className={styles.foot}>
          <Report />
          <Saving />
        </div>
      </Stack>
    </Modal>
  );
}

const LONG: readonly (keyof TeachingWords)[] = ["history", "answer", "findings", "discussion"];

function Proposed() {
  const { teaching, reading } = useVerbs();
  const text = useTeachingText();
  const { choices, basis, warnings, notes } = useReadable(teaching.state);
  const locale = useLocale();
  if (!choices) return null;
  const { words, difficulty } = choices;
  const write = (key: keyof TeachingWords, value: string) =>
    teaching.change({ words: { ...words, [key]: value } });
  const level = (value: string | null) => {
    if (value === "primary" || value === "intermediate" || value === "advanced")
      teaching.change({ difficulty: value });
  };
  return (
    <>
      <Group align="flex-end" gap="xs" wrap="nowrap">
        <TextInput
          flex={1}
          label={text.words.title}
          value={words.title}
          onChange={({ currentTarget }) => write("title", currentTarget.value)}
        />
        <Select
          w={150}
          label={text.level}
          data={Object.entries(text.levels).map(([value, label]) => ({ value, label }))}
          value={difficulty}
          onChange={level}
          allowDeselect={false}
        />
      </Group>
      {LONG.map((key) => (
        <Textarea
          key={key}
          label={text.words[key]}
          value={words[key]}
          autosize
          minRows={key === "answer" ? 1 : 2}
          maxRows={5}
          onChange={({ currentTarget }) => write(key, currentTarget.value)}
          data-testid={`teaching-${key}`}
        />
      ))}
      <Words size="sm" data-testid="teaching-basis">
        {text.restsOn}
        {basis}{" "}
        <Words span size="sm" c="dimmed">
          {text.leftOut}
        </Words>
      </Words>
      <Pictures />
      {warnings.map((warning) => (
        <Alert key={warning.en} color="yellow" p="xs">
          {reading.say(warning)}
        </Alert>
      ))}
      {notes.map((note, n) => (
        <Words key={n} size="xs" c="yellow">
          {problemText(note, locale)}
        </Words>
      ))}
    </>
  );
}

function Pictures() {
  const { teaching } = useVerbs();
  const text = useTeachingText();
  const { choices, pictures } = useReadable(teaching.state);
  if (!choices || pictures.length === 0) return null;
  const choose = (leakId: string, form: "plain" | "marked", chosen: boolean) => {
    const before = choices.pictures.get(leakId) ?? { plain: false, marked: false };
    teaching.change({ pictures: new Map([...choices.pictures, [leakId, { ...before, [form]: chosen }]]) });
  };
  return (
    <fieldset style={{ border: 0, padding: 0, margin: 0 }}>
      <Words component="legend" size="sm" fw={500}>
        {text.pictures}
      </Words>
      <Group gap="xs">
        {pictures.flatMap((picture) =>
          (["plain", "marked"] as const).map((form) => (
            <Stack key={`${picture.leakId}-${form}`} gap={2}>
              <img
                src={`data:image/png;base64,${picture[form]}`}
                alt={`${picture.leakId} ${text[form]}`}
                width={92}
                height={108}
              />
              <Checkbox
                size="xs"
                label={`${picture.leakId} ${text[form]}`}
                checked={choices.pictures.get(picture.leakId)?.[form] ?? false}
                onChange={({ currentTarget }) => choose(picture.leakId, form, currentTarget.checked)}
              />
            </Stack>
          )),
        )}
      </Group>
    </fieldset>
  );
}

function Report() {
  const { teaching } = useVerbs();
  const text = useTeachingText();
  const locale = useLocale();
  const { step, report, problem, choices } = useReadable(teaching.state);
  return (
    <div role="status" data-testid="teaching-report" data-clean={report?.clean}>
      {step === "working" && (
        <Group gap="xs">
          <Loader size="xs" />
          <Words size="sm">{text.working}</Words>
        </Group>
      )}
      {problem && (
        <Alert color="red" p="xs">
          {problemText(problem, locale)}
        </Alert>
      )}
      {step === "ready" && !problem && !report && choices && <Words size="sm">{text.notSearched}</Words>}
      {step === "ready" && report && <Searched report={report} />}
    </div>
  );
}

/** More than an author works through. */
const MOST_PLACES = 8;

function Searched({ report }: { report: LeakReport }) {
  const text = useTeachingText();
  const { clean, values, files, found, unopened, tooShort } = report;
  const short = [...new Set(tooShort.map((value) => value.text).filter((one) => /\p{L}/u.test(one)))];
  return (
    <Alert color={clean ? "teal" : "red"} p="xs">
      {clean && text.clean(values, files)}
      {found.length > 0 && (
        <>
          {text.found(found.length)}
          <ul>
            {found.slice(0, MOST_PLACES).map(({ value, where, form }, n) => (
              <li key={n}>
                {value.text} ({value.from}): {where}, {text.form(form)}
              </li>
            ))}
            {found.length > MOST_PLACES && <li>{text.more(found.length - MOST_PLACES)}</li>}
          </ul>
        </>
      )}
      {unopened.length > 0 && `${text.unopened}${unopened.join("; ")}`}
      {short.length > 0 && (
        <Words size="xs" c="dimmed">
          {text.tooShort(short.join(", "))}
        </Words>
      )}
    </Alert>
  );
}

function Saving() {
  const { teaching } = useVerbs();
  const text = useTeachingText();
  const { step, choices } = useReadable(teaching.state);
  const disabled = step !== "ready" || !choices;
  return (
    <Group justify="space-between">
      <Checkbox
        label={text.open}
        checked={choices?.open ?? false}
        disabled={disabled}
        onChange={({ currentTarget }) => teaching.change({ open: currentTarget.checked })}
      />
      <Group gap="xs">
        <Button
          size="sm"
          color="teal"
          disabled={disabled}
          onClick={() => void teaching.save("html")}
          data-testid="teaching-save-html"
        >
          {text.saveHtml}
        </Button>
        <Button
          size="sm"
          variant="default"
          disabled={disabled}
          onClick={() => void teaching.save("zip")}
          data-testid="teaching-save-zip"
        >
          {text.saveZip}
        </Button>
      </Group>
    </Group>
  );
}
