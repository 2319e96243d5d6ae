// What studies are searched by: name, ID, dates, modality.
import { Group, NativeSelect, TextInput } from "@mantine/core";
import type { ArchiveSearch } from "#host/archive";
import { useText } from "./use-app.ts";

const MODALITIES = ["CT", "XA", "PT", "MR"];

/** DA "20260131" of an input's "2026-01-31", and back; half a date is none. */
const dicomDate = (value: string): string => value.replaceAll("-", "");
const inputDate = (date: string): string =>
  date.length === 8 ? `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}` : "";

export function SearchFields({
  search,
  onChange,
}: {
  search: ArchiveSearch;
  onChange: (change: Partial<ArchiveSearch>) => void;
}) {
  const { archive: text } = useText();
  return (
    <Group align="flex-end" gap="sm" data-testid="archive-fields">
      <TextInput
        label={text.name}
        placeholder={text.nameHint}
        value={search.patientName}
        onChange={({ target }) => onChange({ patientName: target.value })}
        flex={1}
        miw={220}
        autoComplete="off"
        spellCheck={false}
        data-testid="archive-name"
        data-autofocus
      />
      <TextInput
        label={text.id}
        value={search.patientId}
        onChange={({ target }) => onChange({ patientId: target.value })}
        w={160}
        autoComplete="off"
        spellCheck={false}
        data-testid="archive-id"
      />
      <TextInput
        type="date"
        label={text.from}
        value={inputDate(search.studyDateFrom)}
        onChange={({ target }) => onChange({ studyDateFrom: dicomDate(target.value) })}
      />
      <TextInput
        type="date"
        label={text.to}
        value={inputDate(search.studyDateTo)}
        onChange={({ target }) => onChange({ studyDateTo: dicomDate(target.value) })}
      />
      <NativeSelect
        label={text.modality}
        value={search.modality}
        onChange={({ target }) => onChange({ modality: target.value })}
        data={[
          ...MODALITIES.map((modality) => ({ value: modality, label: modality })),
          { value: "", label: text.anyModality },
        ]}
        w={100}
      />
    </Group>
  );
}
