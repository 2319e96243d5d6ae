// How a value came to be: who, when, from what to what, and what the engine had proposed. Shown on demand.
import { Text as Words } from "@mantine/core";
import { historyOf } from "../model/audit.ts";
import type { AuditEntry } from "../model/audit-entry.ts";
import { useCase, useLocale, useText } from "./case-view.ts";
import styles from "./panel.module.css";

/** `about` as in the trail: "part P3", "lesion L1", "procedure"; null shows all of the case. */
export function History({ about }: { about: string | null }) {
  const { form } = useText();
  const document = useCase();
  const entries = about === null ? (document.audit ?? []) : historyOf(document, about);
  return (
    <details className={styles.folded} data-testid="history">
      <summary>{form.history(entries.length)}</summary>
      {entries.length === 0 ? (
        <Words size="xs" c="dimmed">
          {form.noHistory}
        </Words>
      ) : (
        <ol className={styles.history}>
          {entries.toReversed().map((entry, index) => (
            <Entry key={entries.length - index} entry={entry} named={about === null} />
          ))}
        </ol>
      )}
    </details>
  );
}

/** Measured values to a hundredth: the file keeps them whole. */
const shown = (value: AuditEntry["to"]): string =>
  value === undefined
    ? "–"
    : typeof value === "string"
      ? value
      : typeof value === "number"
        ? String(Math.round(100 * value) / 100)
        : JSON.stringify(value);

function Entry({ entry, named }: { entry: AuditEntry; named: boolean }) {
  const { form } = useText();
  const locale = useLocale();
  const where = [named ? entry.about : null, entry.field ?? (entry.about && form.whole)].filter(Boolean);
  return (
    <li>
      <b>{where.join(" · ")}</b>
      {entry.field !== undefined && (
        <>
          {": "}
          {entry.from === undefined ? "" : `${shown(entry.from)} → `}
          {shown(entry.to)}
        </>
      )}
      <br />
      <span>
        {new Date(entry.at).toLocaleString(locale)} · {entry.who} · {entry.what}
        {entry.origin ? ` · ${form.origins[entry.origin]}` : ""}
        {entry.engineVersion ? ` (${form.engine(entry.engineVersion, (entry.score ?? 0).toFixed(2))})` : ""}
      </span>
    </li>
  );
}
