// Reads a findings file of any version of ours: parsed, migrated, or refused with the field that is wrong.
import { fail, ok, type Problem, type Result } from "#core/problem";
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

/** 1.0.0 was the draft schema without site answers; what it did not say stays unsaid. */
function migrate(value: object): object {
  const record: Readonly<Record<string, unknown>> = { ...value };
  if (record.schemaVersion !== "1.0.0") return value;
  return {
    ...record,
    schemaVersion: SCHEMA_VERSION,
    definitionsVersion: record.definitionsVersion ?? "project draft",
    notForDiagnosis: record.notForDiagnosis ?? "Not for diagnosis",
    siteAssessments: record.siteAssessments ?? [],
  };
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
  const parsed = findingsSchema.safeParse(migrate(value));
  if (parsed.success) return ok(parsed.data);
  const issue = parsed.error.issues[0];
  const where = issue.path.join(".") || "the document";
  return fail(
    refused(
      "findings/invalid",
      {
        en: `The findings are not valid at ${where}: ${issue.message}`,
        zh: `结果文件在 ${where} 处无效：${issue.message}`,
      },
      { where },
    ),
  );
}
