// Reads a findings file of any version of ours: parsed, migrated, or refused with the field that is wrong.
import { fail, ok, type Problem, type Result } from "#core/problem";
import { violationsOf } from "./check-findings.ts";
import { findingsSchema, SCHEMA_VERSION, type Findings } from "./findings.ts";
import type { LocalText } from "./sites.ts";

const refused = (code: string, text: LocalText, details: Problem["details"] = {}): Problem => ({
  code,
  severity: "error",
  details,
  text,
});

/** Compares "1.2.0" with "1.10.0" by number. */
function isNewer(version: string, than: string): boolean {
  const a = version.split(".").map(Number);
  const b = than.split(".").map(Number);
  for (let n = 0; n < 3; n++) if ((a[n] ?? 0) !== (b[n] ?? 0)) return (a[n] ?? 0) > (b[n] ?? 0);
  return false;
}

type Raw = Readonly<Record<string, unknown>>;

/** What each earlier version lacked, by version; what it did not say stays unsaid. */
const MIGRATIONS: Readonly<Record<string, (record: Raw) => Raw>> = {
  // The draft schema, without site answers.
  "1.0.0": (record) => ({
    ...record,
    schemaVersion: "1.1.0",
    definitionsVersion: record.definitionsVersion ?? "project draft",
    notForDiagnosis: record.notForDiagnosis ?? "Not for diagnosis",
    siteAssessments: record.siteAssessments ?? [],
  }),
  // Without the history of values, second reads and adjudication: all of them optional.
  "1.1.0": (record) => ({ ...record, schemaVersion: "1.2.0" }),
  // Without the checks that were made of the series.
  "1.2.0": (record) => ({ ...record, schemaVersion: "1.3.0" }),
};

function migrate(value: Raw): Raw {
  const step = MIGRATIONS[String(value.schemaVersion)];
  return step ? migrate(step(value)) : value;
}

export function parseFindings(text: string): Result<Findings> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return fail(
      refused("findings/not-json", {
        en: "This file is not readable as JSON; choose a findings.json written by this program",
        zh: "该文件不是有效的 JSON；请选择本程序导出的 findings.json",
      }),
    );
  }
  if (typeof value !== "object" || value === null || !("schemaVersion" in value))
    return fail(
      refused("findings/foreign", {
        en: "This JSON file holds no cement findings (it has no schemaVersion)",
        zh: "该 JSON 文件不含骨水泥结果（缺少 schemaVersion）",
      }),
    );
  const version = String(value.schemaVersion);
  if (isNewer(version, SCHEMA_VERSION))
    return fail(
      refused(
        "findings/newer-schema",
        {
          en: `The findings were written by a newer version (schema ${version}, this program knows ${SCHEMA_VERSION}); update this program to open them. Nothing was changed`,
          zh: `该结果由更新的版本写出（格式 ${version}，本程序支持 ${SCHEMA_VERSION}）；请更新本程序后再打开。未作任何更改`,
        },
        { version },
      ),
    );
  const parsed = findingsSchema.safeParse(migrate({ ...value }));
  if (parsed.success) {
    const violation = violationsOf(parsed.data).at(0);
    return violation ? fail(invalidAt(violation.where, violation.text)) : ok(parsed.data);
  }
  const issue = parsed.error.issues[0];
  return fail(invalidAt(issue.path.join(".") || "the document", { en: issue.message, zh: issue.message }));
}

const invalidAt = (where: string, why: LocalText): Problem =>
  refused(
    "findings/invalid",
    {
      en: `The findings are not valid at ${where}: ${why.en}. Nothing was changed`,
      zh: `结果文件在 ${where} 处无效：${why.zh}。未作任何更改`,
    },
    { where },
  );
