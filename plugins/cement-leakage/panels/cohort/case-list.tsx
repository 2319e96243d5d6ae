// The cases behind a number, each of which opens in the viewer.
import { Button, Drawer, Table, Text } from "@mantine/core";
import { groupName } from "../../cohort/group-names.ts";
import { isLocalSite, siteOf, SITE_IDS } from "../../model/sites.ts";
import { useCohort } from "./cohort-view.ts";

export function CaseListDrawer() {
  const { text, locale, list, showList, openCase } = useCohort();
  const siteName = (id: string): string => {
    const own = SITE_IDS.find((site) => site === id);
    return own ? siteOf(own).name[locale] : isLocalSite(id) ? siteOf(id).name[locale] : id;
  };
  const shown = list?.cases.rows ?? [];
  return (
    <Drawer
      opened={list !== null}
      onClose={() => showList(null)}
      position="right"
      size="lg"
      title={list ? text.list(list.cases.total) : ""}
      withinPortal={false}
    >
      {list && shown.length < list.cases.total && (
        <Text size="xs" c="dimmed">
          {text.listShown(shown.length, list.cases.total)}
        </Text>
      )}
      <Table striped highlightOnHover fz="xs" data-testid="case-list">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{text.patient}</Table.Th>
            <Table.Th>{text.date}</Table.Th>
            <Table.Th>{text.approach}</Table.Th>
            <Table.Th>{text.sites}</Table.Th>
            <Table.Th>{text.volume}</Table.Th>
            <Table.Th />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {shown.map((row) => (
            <Table.Tr key={row.documentId}>
              <Table.Td>{row.patient}</Table.Td>
              <Table.Td>{row.date}</Table.Td>
              <Table.Td>{groupName(row.approach, locale)}</Table.Td>
              <Table.Td>{row.sites.map(siteName).join(", ")}</Table.Td>
              <Table.Td>{row.volumeMm3 === null ? "" : Math.round(row.volumeMm3)}</Table.Td>
              <Table.Td>
                <Button
                  size="compact-xs"
                  variant="light"
                  onClick={() => void openCase(row)}
                  data-testid="open-listed"
                >
                  {text.openCase}
                </Button>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Drawer>
  );
}
