// What has to be told today, in red above everything else, with whether it was.
import { Text as Words } from "@mantine/core";
import { leaksOf } from "../model/case-document.ts";
import { urgenciesOf } from "../model/urgent.ts";
import { useCase, useLocale, useText, useVerbs } from "./case-view.ts";
import styles from "./panel.module.css";

export function UrgentLines() {
  const { reading } = useVerbs();
  const { form, parts } = useText();
  const locale = useLocale();
  const document = useCase();
  const urgent = leaksOf(document).flatMap((part) => {
    const found = urgenciesOf(part.leak);
    return found.length > 0 ? [{ part, found }] : [];
  });
  if (urgent.length === 0) return null;
  return (
    <ul className={styles.urgent} aria-label={form.urgent} data-testid="urgent">
      {urgent.map(({ part, found }) => (
        <li key={part.partId}>
          <button type="button" onClick={() => reading.select(part.partId)}>
            <b>{parts.leak(part.leak.number)}</b>: {found.map(({ text }) => text[locale]).join("; ")}
          </button>
          <Words size="xs" component="span" c="dimmed">
            {" · "}
            {part.leak.communicated
              ? `${form.communicatedTo} ${part.leak.communicated.to}, ${new Date(part.leak.communicated.at).toLocaleString(locale)}`
              : form.notCommunicated}
          </Words>
        </li>
      ))}
    </ul>
  );
}
