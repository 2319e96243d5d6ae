// What leaves the page: the report, tables, Parquet and a lock; small counts are hidden unless somebody chooses otherwise.
import { Button, Checkbox, Group, Stack, Title, Tooltip } from "@mantine/core";
import type { CohortExportInput } from "../../tasks.ts";
import { useCohort } from "./cohort-view.ts";

const KINDS: readonly CohortExportInput["what"][] = ["report", "csv", "json", "parquet", "lock"];

export function HandOn() {
  const { text, host, table, setTable, withOperators, setWithOperators, exported } = useCohort();
  const save = async (what: CohortExportInput["what"]) => {
    for (const file of await exported(what)) host.files.save(file);
  };
  const print = async () => {
    const [page] = await exported("report");
    await host.files.print(new TextDecoder().decode(page.bytes));
  };
  return (
    <Stack gap={6} mt="md">
      <Title order={3} size="h6">
        {text.handOn}
      </Title>
      <Group gap={4}>
        <Button size="compact-sm" onClick={() => void print()} data-testid="cohort-print">
          {text.print}
        </Button>
        {KINDS.map((what) => (
          <Tooltip key={what} label={text.lockHint} disabled={what !== "lock"}>
            <Button
              size="compact-sm"
              variant="default"
              onClick={() => void save(what)}
              data-testid={`cohort-save-${what}`}
            >
              {text[what]}
            </Button>
          </Tooltip>
        ))}
      </Group>
      <Tooltip label={text.showSmallHint}>
        <div>
          <Checkbox
            size="xs"
            label={text.showSmall}
            checked={!table.hideSmallCells}
            onChange={(event) => setTable({ hideSmallCells: !event.currentTarget.checked })}
            data-testid="cohort-small"
          />
        </div>
      </Tooltip>
      <Checkbox
        size="xs"
        label={text.exact}
        checked={table.clopperPearson}
        onChange={(event) => setTable({ clopperPearson: event.currentTarget.checked })}
      />
      <Checkbox
        size="xs"
        label={text.withOperators}
        checked={withOperators}
        onChange={(event) => setWithOperators(event.currentTarget.checked)}
      />
    </Stack>
  );
}
