// The cohort command: reads signed findings from a folder or zip, writes tables, Parquet and a report. 0 done, 2 unusable input in one line.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { analyse, DEFAULT_OPTIONS, type CohortFilters } from "#cement/cohort/analysis";
import { rateText, trendChart } from "#cement/cohort/charts";
import { svgFile } from "#cement/cohort/svg";
import { collect, LEFT_OUT_TEXT } from "#cement/cohort/collect";
import { FACTORS } from "#cement/cohort/compare-groups";
import { readObject } from "#cement/cohort/given-findings";
import { underPseudonyms, type ReadObject } from "#cement/cohort/pseudonyms";
import { lockOf, readLock, sinceLocked } from "#cement/cohort/lock";
import { readOutcomes } from "#cement/cohort/outcomes";
import { parquetFiles } from "#cement/cohort/parquet";
import { readProcedureList } from "#cement/cohort/procedure-list";
import { cohortReport } from "#cement/cohort/report-html";
import { analysisTables, tableCsv, trendIsHidden, type TableOptions } from "#cement/cohort/tables";
import type { Locale } from "#core/problem";
import { readFiles } from "#dicom/open-files";
import { readReport } from "#dicom/read-report";
import { filesUnder } from "./disk-files.ts";
import { PROJECT_FOLDER } from "./prepare.mjs";
import { exitCodeOf, folderArguments, type Lines } from "./folder-command.ts";
import { fileTrouble, Unusable } from "./unusable.ts";

const USAGE =
  "usage: npm run cohort -- FOLDER --out DIR [--procedures CSV] [--outcomes CSV] [--filter factor=group] [--from YYYY-MM-DD] [--to YYYY-MM-DD] [--show-small-cells] [--exact] [--operators] [--lock] [--compare-lock FILE] [--lang en|zh] [--now ISO_TIME]";

export const cohortCommand = (args: readonly string[], lines: Lines): Promise<number> =>
  exitCodeOf(() => run(args, lines), lines);

const parsed = (args: readonly string[]) =>
  folderArguments(
    () =>
      parseArgs({
        args: [...args],
        allowPositionals: true,
        options: {
          out: { type: "string" },
          procedures: { type: "string" },
          outcomes: { type: "string" },
          filter: { type: "string", multiple: true },
          from: { type: "string" },
          to: { type: "string" },
          "show-small-cells": { type: "boolean" },
          exact: { type: "boolean" },
          operators: { type: "boolean" },
          lock: { type: "boolean" },
          "compare-lock": { type: "string" },
          lang: { type: "string" },
          now: { type: "string" },
        },
      }),
    USAGE,
  );

/** A list that the department keeps; null where none is given. */
async function listIn<T>(path: string | undefined, read: (csv: string) => T): Promise<T | null> {
  if (path === undefined) return null;
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    throw new Unusable(`${path}: ${fileTrouble(error)}`);
  });
  try {
    return read(text);
  } catch (error) {
    throw new Unusable(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function filtersOf(given: { filter?: string[]; from?: string; to?: string }): CohortFilters {
  const groups: Record<string, string> = {};
  for (const one of given.filter ?? []) {
    const [factor, ...group] = one.split("=");
    if (!FACTORS.some(({ id }) => id === factor) || group.length === 0)
      throw new Unusable(
        `--filter ${one}: one of ${FACTORS.map(({ id }) => id).join(", ")}, then = and a group`,
      );
    groups[factor] = group.join("=");
  }
  for (const day of [given.from, given.to])
    if (day !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(day))
      throw new Unusable(`${day} is no day (YYYY-MM-DD)`);
  return { groups, from: given.from ?? "", to: given.to ?? "" };
}

async function run(args: readonly string[], { result, progress }: Lines): Promise<void> {
  const given = parsed(args);
  const filters = filtersOf(given);
  const locale: Locale = given.lang === "zh" ? "zh" : "en";
  const lists = {
    procedures: await listIn(given.procedures, readProcedureList),
    outcomes: await listIn(given.outcomes, readOutcomes),
  };
  const before = await listIn(given["compare-lock"], readLock);
  for (const { line, why } of [...(lists.procedures?.faults ?? []), ...(lists.outcomes?.faults ?? [])])
    progress(`line ${line} left out: ${why}`);
  const objects = await objectsUnder(given.folder, progress);
  const { given: cases, procedures, outcomes } = underPseudonyms(objects, lists);
  const collected = collect(cases);
  if (collected.counted.length === 0)
    throw new Unusable(
      `${given.folder}: no signed findings in it${collected.leftOut.length > 0 ? ` (${collected.leftOut.length} left out: ${collected.leftOut[0].path}, ${LEFT_OUT_TEXT[collected.leftOut[0].because].en})` : ""}`,
    );
  const analysis = analyse({ collected, procedures, outcomes }, { ...DEFAULT_OPTIONS, filters });
  const options: TableOptions = {
    locale,
    hideSmallCells: given["show-small-cells"] !== true,
    clopperPearson: given.exact === true,
  };
  const madeAt = (given.now === undefined ? new Date() : new Date(given.now)).toISOString();
  const software = await softwareName();
  const lock = lockOf(collected, filters, madeAt, software);
  const report = cohortReport({
    analysis,
    options,
    madeAt,
    software,
    notice: noticeOf(objects),
    lock:
      given.lock || before
        ? { lock: before ?? lock, since: before ? sinceLocked(before, collected) : null }
        : null,
    withOperators: given.operators === true,
  });
  const files: (readonly [string, string | Uint8Array])[] = [
    ...analysisTables(analysis, options).map((table) => [`${table.name}.csv`, tableCsv(table)] as const),
    ...parquetFiles(analysis.cases).map(({ name, bytes }) => [name, bytes] as const),
    ["report.html", report],
    ...(trendIsHidden(analysis.trend, options)
      ? []
      : [["trend.svg", svgFile(trendChart(analysis.trend, "Trend"))] as const]),
    ...(given.lock ? [["lock.json", `${JSON.stringify(lock, null, 2)}\n`] as const] : []),
  ];
  try {
    await mkdir(given.out, { recursive: true });
    for (const [name, content] of files) await writeFile(join(given.out, name), content);
  } catch (error) {
    throw new Unusable(`${given.out}: ${fileTrouble(error)}`);
  }
  const left = new Map<string, number>();
  for (const { because } of collected.leftOut) left.set(because, (left.get(because) ?? 0) + 1);
  for (const [because, count] of left) result(`${count} left out: ${because}`);
  for (const { label, count } of analysis.flow) result(`${label[locale]}: ${count}`);
  for (const { label, proportion } of analysis.rates.main)
    result(`${label[locale]}: ${rateText(proportion, locale)}`);
  for (const text of analysis.pooled) result(text[locale]);
  result(`${files.length} files in ${given.out}`);
}

async function objectsUnder(folder: string, progress: (line: string) => void): Promise<ReadObject[]> {
  const files = await filesUnder(folder);
  if (files.length === 0) throw new Unusable(`${folder}: the folder is empty`);
  const read = await readFiles(files);
  const objects: ReadObject[] = [];
  for (const { path, kind, bytes } of read.otherObjects)
    if (kind === "JSON" || kind === "SR")
      objects.push(readObject({ path, kind, bytes: await bytes() }, readReport));
  const other = files.length - objects.length;
  if (other > 0) progress(`${other} other files (images, segmentations, lists) are not counted`);
  return objects;
}

/** A line that all of the documents say, beside what every document says. */
function noticeOf(objects: readonly ReadObject[]): string | null {
  const notices = objects.flatMap(({ findings }) => (findings.ok ? [findings.value.notForDiagnosis] : []));
  const own = [...new Set(notices)].filter((notice) => /synthetic/i.test(notice));
  return own.length > 0 ? own.join(" ") : null;
}

async function softwareName(): Promise<string> {
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(await readFile(join(PROJECT_FOLDER, "package.json"), "utf8")));
  return `Cement Leakage Viewer ${version}`;
}
