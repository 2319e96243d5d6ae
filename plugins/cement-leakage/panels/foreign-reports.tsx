// Structured reports of other programs that came with the CT: what is understood of them, and what is not.
import { Text as Words } from "@mantine/core";
import type { ForeignReport, ReportedValue } from "../reading/foreign-report.ts";
import { useReadingState, useText } from "./case-view.ts";
import styles from "./panel.module.css";
import { Section } from "./section.tsx";

export function ForeignReports() {
  const { foreignReports } = useReadingState();
  const { reports } = useText();
  if (foreignReports.length === 0) return null;
  return (
    <Section title={reports.title}>
      {foreignReports.map((report) => (
        <Report key={report.path} report={report} />
      ))}
    </Section>
  );
}

function Report({ report }: { report: ForeignReport }) {
  const { reports } = useText();
  const { title, madeBy, when, signed, groups, others, notUnderstood } = report;
  return (
    <details className={styles.foreignReport} data-testid="foreign-report" open>
      <summary>
        <b>{title}</b> <small>{reports.of(madeBy, dayOf(when))}</small>
        {signed ? null : <small> · {reports.unsigned}</small>}
      </summary>
      {groups.map((group, n) => (
        // Groups of a report have no name of their own that is never used twice.
        // oxlint-disable-next-line react/no-array-index-key
        <Values key={n} name={group.name} values={group.values} />
      ))}
      {others.length > 0 && <Values name={reports.whole} values={others} />}
      {groups.length + others.length === 0 && (
        <Words size="xs" c="dimmed">
          {reports.nothing}
        </Words>
      )}
      {notUnderstood.length > 0 && (
        <Words size="xs" c="dimmed">
          {reports.notUnderstood(notUnderstood.join(", "))}
        </Words>
      )}
    </details>
  );
}

function Values({ name, values }: { name: string; values: readonly ReportedValue[] }) {
  return (
    <dl className={styles.foreignValues}>
      <dt>{name}</dt>
      {values.map((value, n) => (
        // oxlint-disable-next-line react/no-array-index-key
        <dd key={n}>
          <span>{value.name}</span> <span className={styles.numbers}>{value.value}</span>
        </dd>
      ))}
    </dl>
  );
}

/** "20261121 183400" as 2026-11-21. */
const dayOf = (when: string): string =>
  /^\d{8}/.test(when) ? `${when.slice(0, 4)}-${when.slice(4, 6)}-${when.slice(6, 8)}` : "";
