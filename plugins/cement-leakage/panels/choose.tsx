// Fields of the form: one of a list, several of a list, a text or a number that lands when it is left. Empty means "not said".
import { NumberInput, Select, TextInput } from "@mantine/core";
import { Choices } from "./choices.tsx";

type Words<T extends string> = Readonly<Record<T, string>>;

interface FieldProps<V> {
  readonly label: string;
  readonly value: V | undefined;
  readonly onChange: (value: V | undefined) => void;
}

const keysOf = <T extends string>(words: Words<T>): T[] =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  Object.keys(words) as T[]; // a typed record has exactly its own keys

/** One of a list; choosing it again takes it back. */
export function OneOf<T extends string>({
  label,
  value,
  onChange,
  words,
  searchable = false,
}: FieldProps<T> & { readonly words: Words<T>; readonly searchable?: boolean }) {
  return (
    <Select
      size="xs"
      label={label}
      placeholder="–"
      value={value ?? null}
      data={keysOf(words).map((key) => ({ value: key, label: words[key] }))}
      onChange={(chosen) => onChange(keysOf(words).find((key) => key === chosen))}
      clearable
      searchable={searchable}
    />
  );
}

/** Small toggles of which one is on, or none. */
export function Toggle<T extends string>({
  label,
  value,
  onChange,
  words,
}: FieldProps<T> & { readonly words: Words<T> }) {
  return (
    <Choices
      label={label}
      options={keysOf(words).map((key) => ({ value: key, label: words[key] }))}
      chosen={value === undefined ? [] : [value]}
      onChoose={(key) => onChange(key === value ? undefined : key)}
    />
  );
}

/** Small toggles of which any are on. */
export function AnyOf<T extends string>({
  label,
  value,
  onChange,
  words,
}: FieldProps<readonly T[]> & { readonly words: Words<T> }) {
  const now = value ?? [];
  return (
    <Choices
      label={label}
      options={keysOf(words).map((key) => ({ value: key, label: words[key] }))}
      chosen={now}
      onChoose={(key) => {
        const next = keysOf(words).filter((other) =>
          other === key ? !now.includes(key) : now.includes(other),
        );
        onChange(next.length > 0 ? next : undefined);
      }}
    />
  );
}

/** Lands when the field is left, so that one word is one undo step. */
export function Line({
  label,
  value,
  onChange,
  type,
  placeholder = "–",
}: FieldProps<string> & { readonly type?: "date" | "datetime-local"; readonly placeholder?: string }) {
  return (
    <TextInput
      key={value} // undo shows the former words again
      size="xs"
      label={label}
      type={type}
      placeholder={placeholder}
      defaultValue={value ?? ""}
      onBlur={({ target }) => {
        const next = target.value.trim() || undefined;
        if (next !== value) onChange(next);
      }}
    />
  );
}

export function Amount({
  label,
  value,
  onChange,
  suffix,
  max,
  step = 1,
}: FieldProps<number> & { readonly suffix: string; readonly max: number; readonly step?: number }) {
  return (
    <NumberInput
      key={value}
      size="xs"
      label={label}
      min={0}
      max={max}
      step={step}
      suffix={suffix}
      placeholder="–"
      defaultValue={value ?? ""}
      onBlur={({ target }) => {
        const digits = target.value.replace(suffix, "").trim();
        const next = digits === "" ? undefined : Number(digits);
        if (next !== value && !Number.isNaN(next ?? 0)) onChange(next);
      }}
    />
  );
}
