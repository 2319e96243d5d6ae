// The proposed words of a teaching case, to be changed: title, level, history, answer, findings, discussion.
import { Group, MultiSelect, Select, Text as Words, Textarea, TextInput } from "@mantine/core";
import {
  type Basis,
  CATEGORIES,
  CATEGORY_CODES,
  LEVEL_CODES,
  type TeachingWords,
} from "../../teaching/compose.ts";
import { TEACHING_WORDS as T } from "../../teaching/page-words.ts";
import { useLocale, useReadable, useVerbs } from "../case-view.ts";
import { useTeachingText } from "./use-teaching-text.ts";

const BASES: readonly Basis[] = ["one", "second", "agreeing", "adjudicated", "surgery", "followUp"];
const LONG: readonly (keyof TeachingWords)[] = ["history", "answer", "findings", "discussion"];

export function WordsSection() {
  const { teaching } = useVerbs();
  const text = useTeachingText();
  const { choices } = useReadable(teaching.state);
  const locale = useLocale();
  if (!choices) return null;
  const { words, difficulty, categories, basis } = choices;
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
      <Group align="flex-end" gap="xs">
        <Select
          flex={1}
          label={text.restsOn}
          data={BASES.map((value) => ({ value, label: T.basis[value][locale] }))}
          value={basis}
          onChange={(value) => {
            const chosen = BASES.find((one) => one === value);
            if (chosen) teaching.change({ basis: chosen });
          }}
          allowDeselect={false}
          data-testid="teaching-basis"
        />
      </Group>
      <MultiSelect
        label={text.categories}
        description={text.categoriesHint}
        data={CATEGORIES.map((value) => ({ value, label: T.category[value][locale] }))}
        value={[...categories]}
        onChange={(values) => {
          const chosen = values.flatMap((value) => CATEGORIES.find((one) => one === value) ?? []);
          if (chosen.length > 0) teaching.change({ categories: chosen });
        }}
        hidePickedOptions
        data-testid="teaching-categories"
      />
      <Words size="xs" c="dimmed">
        {text.codes([
          `${T.level[difficulty][locale]} (${LEVEL_CODES[difficulty].value})`,
          ...categories.map((one) => `${T.category[one][locale]} (${CATEGORY_CODES[one].value})`),
        ])}{" "}
        {text.leftOut}
      </Words>
    </>
  );
}
