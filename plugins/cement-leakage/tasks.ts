// The plugin's work in the worker without an open CT: the cohort is read once and kept there, and asked again with every filter.
import { fail } from "#core/problem";
import type { ExportedFile, FileWithPath, Task, TaskContext, TaskTable } from "#contract";
import { analyse, filterChoices, type AnalysisOptions, type CohortInput } from "./cohort/analysis.ts";
import { collect, type LeftOut } from "./cohort/collect.ts";
import { readObject } from "./cohort/given-findings.ts";
import { underPseudonyms, type ReadObject } from "./cohort/pseudonyms.ts";
import { lockOf } from "./cohort/lock.ts";
import { readOutcomes } from "./cohort/outcomes.ts";
import {
  caseList,
  pageAnalysis,
  type CaseList,
  type ListAsked,
  type PageAnalysis,
} from "./cohort/page-answers.ts";
import { parquetFiles } from "./cohort/parquet.ts";
import { readProcedureList } from "./cohort/procedure-list.ts";
import { cohortReport } from "./cohort/report-html.ts";
import { analysisTables, tableCsv, type TableOptions } from "./cohort/tables.ts";
import { REPORT_SERIES } from "./exports/prepare.ts";

export interface CohortReadInput {
  readonly files: readonly FileWithPath[];
  /** CSV texts; null: none. */
  readonly procedures: string | null;
  readonly outcomes: string | null;
}

export interface CohortRead {
  readonly counted: number;
  readonly leftOut: readonly LeftOut[];
  readonly otherFiles: number;
  readonly choices: ReadonlyMap<string, readonly string[]>;
  /** Lines of the two lists that were left out, with why. */
  readonly faults: readonly string[];
  readonly listed: number | null;
  readonly withOutcomes: number | null;
  /** A line that the documents themselves say: a synthetic cohort. */
  readonly notice: string | null;
}

export interface CohortExportInput {
  readonly options: AnalysisOptions;
  readonly table: TableOptions;
  readonly what: "csv" | "json" | "parquet" | "report" | "lock";
  readonly withOperators: boolean;
  readonly madeAt: string;
  readonly software: string;
}

/** As reading files; `known` reports are not retrieved again. */
export type CohortArchiveInput = Omit<CohortReadInput, "files">;

interface Kept {
  readonly input: CohortInput;
  readonly notice: string | null;
  /** Paths of the files of each CT series in the folder. */
  readonly series: ReadonlyMap<string, readonly string[]>;
  /** SEG, SR and JSON files beside them. */
  readonly objectPaths: readonly string[];
}

/** Reports of the archive by series, read once. */
type Retrieved = Map<string, readonly ReadObject[]>;

interface CementTasks {
  readonly "cement-leakage/cohort-read": Task<CohortReadInput, CohortRead>;
  /** Our reports in the archive: what was retrieved before is kept, what is new is retrieved. */
  readonly "cement-leakage/cohort-archive": Task<CohortArchiveInput, CohortRead>;
  /** Study of a case, for the archive to open; null where it is not in the cohort. */
  readonly "cement-leakage/cohort-study": Task<{ readonly documentId: string }, string | null>;
  readonly "cement-leakage/cohort-analyse": Task<AnalysisOptions, PageAnalysis>;
  readonly "cement-leakage/cohort-list": Task<
    { readonly options: AnalysisOptions; readonly asked: ListAsked },
    CaseList
  >;
  /** Paths of the CT, segmentation and findings of one case; none where its CT is not in the folder. */
  readonly "cement-leakage/cohort-files": Task<{ readonly documentId: string }, readonly string[]>;
  readonly "cement-leakage/cohort-export": Task<CohortExportInput, readonly ExportedFile[]>;
}

const KEPT = "cohort";
const RETRIEVED = "reports of the archive";

function keptIn({ memory }: TaskContext): Kept {
  const kept = memory.get(KEPT);
  if (!kept) throw new Error("no cohort was read yet");
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what stands there is what `read` put there
  return kept as Kept;
}

const read: CementTasks["cement-leakage/cohort-read"] = async ({ files, ...lists }, context) => {
  const folder = await context.readFolder(files);
  const objects: ReadObject[] = [];
  const wanted = folder.objects.filter(({ kind }) => kind === "JSON" || kind === "SR");
  for (const [n, { path, kind, bytes }] of wanted.entries()) {
    context.signal.throwIfAborted();
    if (n % 200 === 0) context.progress(n / wanted.length);
    if (kind === "JSON" || kind === "SR")
      objects.push(readObject({ path, kind, bytes: await bytes() }, context.readReport));
  }
  return keep(
    objects,
    {
      series: new Map(folder.series.map(({ seriesInstanceUid, paths }) => [seriesInstanceUid, paths])),
      objectPaths: folder.objects.map(({ path }) => path),
    },
    files.length - objects.length,
    lists,
    context,
  );
};

const readArchive: CementTasks["cement-leakage/cohort-archive"] = async (lists, context) => {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what stands there is what was put there here
  const before = context.memory.get(RETRIEVED) as Retrieved | undefined;
  const retrieved: Retrieved = before ?? new Map<string, readonly ReadObject[]>();
  context.memory.set(RETRIEVED, retrieved);
  const { series, rejected } = await context.archiveReports({
    description: REPORT_SERIES,
    known: new Map([...retrieved].map(([uid, reports]) => [uid, reports.length])),
    take(uid, reports) {
      retrieved.set(
        uid,
        reports.map((bytes, n) => {
          const path = reports.length > 1 ? `${uid}/${n + 1}` : uid;
          return readObject({ path, kind: "SR", bytes }, context.readReport);
        }),
      );
    },
  });
  const objects: ReadObject[] = [
    ...series.flatMap((uid) => retrieved.get(uid) ?? []),
    ...rejected.map(({ path, problem }) => ({ path, findings: fail(problem), patientId: "" })),
  ];
  return keep(objects, { series: new Map(), objectPaths: [] }, 0, lists, context);
};

/** Sorts what was read, and keeps it for the questions that follow. */
function keep(
  objects: readonly ReadObject[],
  files: Pick<Kept, "series" | "objectPaths">,
  otherFiles: number,
  lists: CohortArchiveInput,
  context: TaskContext,
): CohortRead {
  const { given, procedures, outcomes } = underPseudonyms(objects, {
    procedures: lists.procedures === null ? null : readProcedureList(lists.procedures),
    outcomes: lists.outcomes === null ? null : readOutcomes(lists.outcomes),
  });
  const collected = collect(given);
  const notice = noticeOf(objects);
  const kept: Kept = {
    input: { collected, procedures, outcomes },
    notice,
    ...files,
  };
  context.memory.set(KEPT, kept);
  return {
    counted: collected.counted.length,
    leftOut: collected.leftOut.slice(0, 500),
    otherFiles,
    choices: filterChoices(collected.counted),
    faults: [
      ...(procedures?.faults ?? []).map(({ line, why }) => `procedures, line ${line}: ${why}`),
      ...(outcomes?.faults ?? []).map(({ line, why }) => `outcomes, line ${line}: ${why}`),
    ],
    listed: procedures?.procedures.length ?? null,
    withOutcomes: outcomes?.patients.size ?? null,
    notice,
  };
}

const studyOf: CementTasks["cement-leakage/cohort-study"] = ({ documentId }, context) =>
  keptIn(context).input.collected.counted.find((one) => one.documentId === documentId)?.studyInstanceUid ??
  null;

/** What a document says of itself beside what every document says: a synthetic cohort. */
function noticeOf(objects: readonly ReadObject[]): string | null {
  for (const { findings } of objects)
    if (findings.ok && /synthetic/i.test(findings.value.notForDiagnosis))
      return findings.value.notForDiagnosis;
  return null;
}

const filesOfCase: CementTasks["cement-leakage/cohort-files"] = ({ documentId }, context) => {
  const { input, series, objectPaths } = keptIn(context);
  const found = input.collected.counted.find((one) => one.documentId === documentId);
  const images = found ? series.get(found.seriesInstanceUid) : undefined;
  if (!found || !images) return [];
  // What lies in the same folder belongs to the case: its segmentation, its report. Others' findings are sorted out by their series.
  const folderOf = (path: string) => path.slice(0, path.lastIndexOf("/") + 1);
  const beside = objectPaths.filter((path) => folderOf(path) === folderOf(found.path));
  return [...new Set([...images, found.path, ...beside])];
};

const exportFiles: CementTasks["cement-leakage/cohort-export"] = (asked, context) => {
  const { input, notice } = keptIn(context);
  const { options, table, what, madeAt, software } = asked;
  const analysis = analyse(input, options);
  const text = (name: string, mediaType: string, content: string): ExportedFile => ({
    name,
    mediaType,
    bytes: new TextEncoder().encode(content),
  });
  const lock = lockOf(input.collected, options.filters, madeAt, software);
  switch (what) {
    case "csv":
      return analysisTables(analysis, table).map((one) =>
        text(`cohort-${one.name}.csv`, "text/csv;charset=utf-8", tableCsv(one)),
      );
    case "json":
      return [
        text(
          "cohort.json",
          "application/json",
          `${JSON.stringify({ madeAt, software, notice, tables: analysisTables(analysis, table) }, null, 2)}\n`,
        ),
      ];
    case "parquet":
      return parquetFiles(analysis.cases).map(({ name, bytes }) => ({
        name,
        mediaType: "application/vnd.apache.parquet",
        bytes,
      }));
    case "lock":
      return [text("cohort-lock.json", "application/json", `${JSON.stringify(lock, null, 2)}\n`)];
    case "report":
      return [
        text(
          "cohort-report.html",
          "text/html;charset=utf-8",
          cohortReport({
            analysis,
            options: table,
            madeAt,
            software,
            notice,
            lock: { lock, since: null },
            withOperators: asked.withOperators,
          }),
        ),
      ];
  }
};

export const tasks = {
  "cement-leakage/cohort-read": read,
  "cement-leakage/cohort-archive": readArchive,
  "cement-leakage/cohort-study": studyOf,
  "cement-leakage/cohort-analyse": (options, context) =>
    pageAnalysis(analyse(keptIn(context).input, options)),
  "cement-leakage/cohort-list": ({ options, asked }, context) =>
    caseList(
      analyse(keptIn(context).input, options),
      asked,
      keptIn(context).input.outcomes?.patients ?? new Map(),
    ),
  "cement-leakage/cohort-files": filesOfCase,
  "cement-leakage/cohort-export": exportFiles,
} satisfies CementTasks & TaskTable;

export type { CementTasks };
