// The same rates from the command line's CSV, from the analysis, and from SQL over the Parquet files in DuckDB.
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DuckDBInstance } from "@duckdb/node-api";
import { readCsv } from "../../plugins/cement-leakage/cohort/csv.ts";
import { QUESTION_COLUMNS } from "../../plugins/cement-leakage/cohort/parquet.ts";
import { wilson } from "../../plugins/cement-leakage/cohort/proportions.ts";
import { DEFAULT_OPTIONS } from "../../plugins/cement-leakage/cohort/analysis.ts";
import type { CaseList, PageAnalysis } from "../../plugins/cement-leakage/cohort/page-answers.ts";
import { tasks } from "../../plugins/cement-leakage/tasks.ts";
import { browserNetwork } from "#host/archive-end";
import { taskRunner } from "#host/worker-tasks";
import { sampleCohort } from "../../sample-data/cohort.ts";
import { cohortCommand } from "../../src/cli/cohort-command.ts";

let scratch = "";
const at = (name: string) => join(scratch, "out", name);
const lines: string[] = [];

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "cohort-"));
  const sample = sampleCohort();
  const given = join(scratch, "given");
  await mkdir(given);
  for (const [n, findings] of sample.findings.entries())
    await writeFile(join(given, `case-${n}.json`), JSON.stringify(findings));
  await writeFile(join(scratch, "procedures.csv"), sample.proceduresCsv);
  await writeFile(join(scratch, "outcomes.csv"), sample.outcomesCsv);
  const code = await cohortCommand(
    [
      given,
      ...["--out", join(scratch, "out"), "--show-small-cells", "--exact", "--lock"],
      ...["--procedures", join(scratch, "procedures.csv"), "--outcomes", join(scratch, "outcomes.csv")],
      ...["--now", "2026-01-02T00:00:00Z"],
    ],
    { result: (line) => lines.push(line), progress: (line) => lines.push(line) },
  );
  if (code !== 0) throw new Error(lines.join("\n"));
}, 60_000);
afterAll(() => rm(scratch, { recursive: true, force: true }));

async function sql(query: string): Promise<Record<string, unknown>[]> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    const reader = await connection.runAndReadAll(query);
    return reader.getRowObjectsJson();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** A question's column, by the id of its rate. */
const columnOf = (id: string): string => id.replace("category:", "").replaceAll("-", "_");

describe("the sample cohort in numbers", () => {
  it("is the same in the CSV of the command line and in SQL over the Parquet", async () => {
    const { rows } = readCsv(await readFile(at("rates.csv"), "utf8"));
    const perPatient = rows.filter(({ cells }) => cells.unit === "patient" && !cells.id.startsWith("site:"));
    expect(perPatient.map(({ cells }) => columnOf(cells.id))).toEqual(QUESTION_COLUMNS);
    for (const { cells } of perPatient) {
      const [found] = await sql(
        `SELECT count(*) FILTER (WHERE ${columnOf(cells.id)}) AS k, count(${columnOf(cells.id)}) AS n FROM '${at("patients.parquet")}'`,
      );
      const [count, of] = [Number(found.k), Number(found.n)];
      expect([cells.count, cells.of]).toEqual([String(count), String(of)]);
      if (of === 0) continue;
      const [low, high] = wilson(count, of);
      expect(Math.abs(Number(cells.wilsonlow) - low)).toBeLessThan(1e-6);
      expect(Math.abs(Number(cells.wilsonhigh) - high)).toBeLessThan(1e-6);
    }
    expect(perPatient.slice(0, 5).map(({ cells }) => `${cells.count}/${cells.of}`)).toEqual([
      "12/35",
      "5/35",
      "2/35",
      "2/35",
      "3/35",
    ]);
  });

  it("is the same on the page, which asks the worker", async () => {
    const sample = sampleCohort();
    const runTask = taskRunner(tasks, browserNetwork);
    const call = { signal: new AbortController().signal, progress: () => undefined };
    const task = (taskId: string, input: unknown) =>
      runTask({ kind: "task", pluginId: "cement-leakage", taskId, input }, call);
    await task("cement-leakage/cohort-read", {
      files: sample.findings.map((findings, n) => {
        const name = `case-${n}.json`;
        return { path: name, file: new File([JSON.stringify(findings)], name) };
      }),
      procedures: sample.proceduresCsv,
      outcomes: sample.outcomesCsv,
    });
    const page = (await task("cement-leakage/cohort-analyse", DEFAULT_OPTIONS)) as PageAnalysis;
    const { main, perProcedure, perLesion, ofLeaks, technicalSuccess, sites } = page.rates;
    const shown = [...main, ...sites, ...perProcedure, ...perLesion, ...ofLeaks, technicalSuccess].map(
      ({ id, unit, proportion: { count, of } }) => [id, unit, String(count), String(of)],
    );
    const { rows } = readCsv(await readFile(at("rates.csv"), "utf8"));
    expect(shown).toEqual(rows.map(({ cells }) => [cells.id, cells.unit, cells.count, cells.of]));
    // Every number opens exactly its own cases.
    const listOf = async (id: string, unit: string) => {
      const asked = { of: "rate", id, unit, which: "with" };
      return (await task("cement-leakage/cohort-list", { options: DEFAULT_OPTIONS, asked })) as CaseList;
    };
    for (const { id, unit, proportion } of [...main, ...perProcedure, technicalSuccess])
      expect([id, (await listOf(id, unit)).total]).toEqual([id, proportion.count]);
  });

  it("is the same by approach, as the page of columns asks for it", async () => {
    const text = await readFile(
      join(import.meta.dirname, "../../plugins/cement-leakage/cohort/COLUMNS.md"),
      "utf8",
    );
    const queries = [...text.matchAll(/```sql\n([^`]+)```/g)].map(([, query]) =>
      query.replaceAll(/'(\w+\.parquet)'/g, (_, name: string) => `'${at(name)}'`),
    );
    expect(queries).toHaveLength(2);
    expect(await sql(queries[0])).toEqual([{ count: "12", of: "35" }]);
    const { rows } = readCsv(await readFile(at("comparisons.csv"), "utf8"));
    const approaches = rows.filter(({ cells }) => cells.factor === "approach");
    expect(await sql(queries[1])).toEqual(
      approaches.map(({ cells }) => ({ approach: cells.group, count: cells.count, of: cells.of })),
    );
  });

  it("stands in the report, with its notice; the lock has the hash of its list", async () => {
    const report = await readFile(at("report.html"), "utf8");
    expect(report).toContain("12/35 = 34 % (21–51)");
    expect(report).toContain("Synthetic cohort");
    expect(report).not.toMatch(/<script|https?:\/\/(?!www\.w3\.org)/);
    const lock = JSON.parse(await readFile(at("lock.json"), "utf8")) as { sha256: string; cases: unknown[] };
    expect(report).toContain(lock.sha256);
    expect(lock.cases).toHaveLength(35);
  });
});
