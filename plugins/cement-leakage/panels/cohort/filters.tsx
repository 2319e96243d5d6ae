// Which cases are counted, what is asked of them, and how time is cut; all of it stands in the page's address.
import { Button, Select, Stack, TextInput, Title } from "@mantine/core";
import { COMPARED_QUESTIONS, DEFAULT_OPTIONS } from "../../cohort/analysis.ts";
import { FACTORS } from "../../cohort/compare-groups.ts";
import { groupName } from "../../cohort/group-names.ts";
import type { PeriodLength } from "../../cohort/trend.ts";
import { useCohort } from "./cohort-view.ts";

const PERIODS: readonly PeriodLength[] = ["month", "quarter", "year"];

export function Filters() {
  const { text, locale, given, options, setOptions } = useCohort();
  const { filters } = options;
  const changed = Object.keys(filters.groups).length > 0 || filters.from !== "" || filters.to !== "";
  return (
    <Stack gap={6}>
      <Title order={3} size="h6">
        {text.question}
      </Title>
      <Select
        size="xs"
        aria-label={text.question}
        data-testid="cohort-question"
        allowDeselect={false}
        value={options.question}
        data={COMPARED_QUESTIONS.map(({ id, label }) => ({ value: id, label: label[locale] }))}
        onChange={(question) => question && setOptions({ ...options, question })}
      />
      <Select
        size="xs"
        label={text.period}
        allowDeselect={false}
        value={options.period}
        data={PERIODS.map((value) => ({ value, label: text.periods[value] }))}
        onChange={(value) => {
          const period = PERIODS.find((one) => one === value);
          if (period) setOptions({ ...options, period });
        }}
      />
      <Title order={3} size="h6" mt="sm">
        {text.filters}
      </Title>
      {FACTORS.map(({ id, label }) => {
        const choices = given.read?.choices.get(id) ?? [];
        if (choices.length < 2 && filters.groups[id] === undefined) return null;
        return (
          <Select
            key={id}
            size="xs"
            label={label[locale]}
            data-testid={`filter-${id}`}
            placeholder={text.all}
            clearable
            value={filters.groups[id] ?? null}
            data={choices.map((value) => ({ value, label: groupName(value, locale) }))}
            onChange={(value) => {
              const { [id]: _before, ...others } = filters.groups;
              const groups = value === null ? others : { ...others, [id]: value };
              setOptions({ ...options, filters: { ...filters, groups } });
            }}
          />
        );
      })}
      {(["from", "to"] as const).map((end) => (
        <TextInput
          key={end}
          size="xs"
          type="date"
          label={text[end]}
          value={filters[end]}
          onChange={(event) =>
            setOptions({ ...options, filters: { ...filters, [end]: event.currentTarget.value } })
          }
        />
      ))}
      {changed && (
        <Button
          size="compact-sm"
          variant="light"
          onClick={() => setOptions({ ...options, filters: DEFAULT_OPTIONS.filters })}
        >
          {text.clear}
        </Button>
      )}
    </Stack>
  );
}
