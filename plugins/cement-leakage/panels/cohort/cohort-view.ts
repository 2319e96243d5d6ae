// The cohort's page as state: what was read, what is asked, what was answered; the verbs that its parts call.
import { createContext, useContext, useEffect, useMemo, useRef, useState } from "react";
import type { ExportedFile, FileWithPath, Host } from "#contract";
import { ProblemError } from "#core/problem";
import { problemText } from "#core/problem-text";
import { optionsOf, queryOf } from "../../cohort/address.ts";
import type { AnalysisOptions } from "../../cohort/analysis.ts";
import type { CaseList, CaseRow, ListAsked, PageAnalysis } from "../../cohort/page-answers.ts";
import type { TableOptions } from "../../cohort/tables.ts";
import type { CohortArchiveInput, CohortExportInput, CohortRead, CohortReadInput } from "../../tasks.ts";
import { cohortText, type CohortText } from "../text/cohort.ts";
import { useReadable } from "../use-readable.ts";

/** What was given, kept while the page is away: a case that it opened leads back to it. */
export interface GivenCohort {
  /** The reports of the archive, in place of files. */
  readonly fromArchive: boolean;
  readonly files: readonly FileWithPath[];
  readonly procedures: string | null;
  readonly outcomes: string | null;
  readonly read: CohortRead | null;
  /** The list that was open, so that it is open again on the way back. */
  readonly list: ListAsked | null;
}
export const nothingGiven: GivenCohort = {
  fromArchive: false,
  files: [],
  procedures: null,
  outcomes: null,
  read: null,
  list: null,
};

export interface CohortDesk {
  readonly host: Host;
  /** Outlives the page's element. */
  readonly given: { get(): GivenCohort; set(given: GivenCohort): void };
}

export interface CohortView {
  readonly host: Host;
  readonly text: CohortText;
  readonly locale: "en" | "zh";
  readonly given: GivenCohort;
  readonly options: AnalysisOptions;
  readonly analysis: PageAnalysis | null;
  /** 0 to 1 while reading. */
  readonly reading: number | null;
  readonly list: { readonly asked: ListAsked; readonly cases: CaseList } | null;
  readonly table: TableOptions;
  readonly withOperators: boolean;
  setTable(change: Partial<Omit<TableOptions, "locale">>): void;
  setWithOperators(with_: boolean): void;
  setOptions(options: AnalysisOptions): void;
  chooseCohort(what: "files" | "folder"): Promise<void>;
  /** Our reports of the archive; again: what is new there. */
  askArchive(): Promise<void>;
  chooseList(which: "procedures" | "outcomes"): Promise<void>;
  openSample(): Promise<void>;
  startOver(): void;
  cancel(): void;
  showList(asked: ListAsked | null): void;
  openCase(row: Pick<CaseRow, "documentId">): Promise<void>;
  exported(what: CohortExportInput["what"]): Promise<readonly ExportedFile[]>;
}

export const CohortContext = createContext<CohortView | null>(null);
export function useCohort(): CohortView {
  const view = useContext(CohortContext);
  if (!view) throw new Error("CohortContext is missing above this component");
  return view;
}

export function useCohortView({ host, given: desk }: CohortDesk): CohortView {
  const locale = useReadable(host.locale);
  const query = useReadable(host.page.query);
  const options = useMemo(() => optionsOf(query), [query]);
  const [given, setGivenHere] = useState(desk.get());
  const [analysis, setAnalysis] = useState<PageAnalysis | null>(null);
  const [reading, setReading] = useState<number | null>(null);
  const [list, setList] = useState<CohortView["list"]>(null);
  const [table, setTable] = useState({ hideSmallCells: true, clopperPearson: false });
  const [withOperators, setWithOperators] = useState(false);
  const running = useRef<AbortController | null>(null);
  const setGiven = (next: GivenCohort): void => {
    desk.set(next);
    setGivenHere(next);
  };
  const told = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") return;
      if (error instanceof ProblemError) host.notify(problemText(error.problem, locale), "error");
      else host.notify(error instanceof Error ? error.message : String(error), "error");
    }
  };

  /** Reads everything anew: a list that came later belongs to the same cohort. */
  const read = (next: Omit<GivenCohort, "read" | "list">): Promise<void> =>
    told(async () => {
      running.current?.abort(new DOMException("replaced", "AbortError"));
      const mine = new AbortController();
      running.current = mine;
      setReading(0);
      try {
        const { files, procedures, outcomes, fromArchive } = next;
        const lists: CohortArchiveInput = { procedures, outcomes };
        const call = { signal: mine.signal, progress: setReading };
        const found = fromArchive
          ? await host.page.runTask<CohortRead>("cement-leakage/cohort-archive", lists, {
              ...call,
              withArchive: true,
            })
          : await host.page.runTask<CohortRead>(
              "cement-leakage/cohort-read",
              { files, ...lists } satisfies CohortReadInput,
              call,
            );
        setGiven({ ...next, read: found, list: null });
        setList(null);
      } finally {
        if (running.current === mine) setReading(null);
      }
    });

  // Handed over with a case of another viewer: that case is the cohort.
  const handed = useReadable(host.page.given);
  useEffect(() => {
    const files = host.page.takeGiven();
    if (files.length > 0) void read({ ...nothingGiven, files });
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- each handing over once
  }, [handed]);

  const { read: wasRead } = given;
  useEffect(() => {
    if (!wasRead || wasRead.counted === 0) {
      setAnalysis(null);
      return;
    }
    let gone = false;
    void host.page
      .runTask<PageAnalysis>("cement-leakage/cohort-analyse", options)
      .then((answer) => {
        if (!gone) setAnalysis(answer);
      })
      // The worker was replaced, and what it had read with it.
      .catch((error: unknown) => host.notify(String(error), "error"));
    return () => {
      gone = true;
    };
  }, [host, wasRead, options]);

  const ask = (asked: ListAsked): Promise<void> =>
    told(async () => {
      const cases = await host.page.runTask<CaseList>("cement-leakage/cohort-list", { options, asked });
      setList({ asked, cases });
    });
  // The list that was open when a case was opened from it is open again.
  const kept = given.list;
  useEffect(() => {
    if (kept && wasRead) void ask(kept);
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- once, when the page comes back
  }, []);

  const csvText = async (): Promise<string | null> => {
    const [picked] = await host.page.pickFiles("files");
    return picked ? picked.file.text() : null;
  };

  return {
    host,
    text: cohortText[locale],
    locale,
    given,
    options,
    analysis,
    reading,
    list,
    table: { locale, ...table },
    withOperators,
    setTable: (change) => setTable((before) => ({ ...before, ...change })),
    setWithOperators,
    setOptions: (next) => host.page.setQuery(queryOf(next)),
    async chooseCohort(what) {
      const files = await host.page.pickFiles(what);
      if (files.length > 0) await read({ ...given, files, fromArchive: false });
    },
    askArchive: () => read({ ...given, files: [], fromArchive: true }),
    chooseList: (which) =>
      told(async () => {
        const text = await csvText();
        if (text === null) return;
        await read({ ...given, [which]: text });
      }),
    openSample: () =>
      told(async () => {
        const [findings, procedures, outcomes] = await Promise.all(
          ["findings.zip", "procedures.csv", "outcomes.csv"].map((name) =>
            host.page.fileBeside(`sample-cohort/${name}`),
          ),
        );
        if (!findings || !procedures || !outcomes) throw new Error("sample-cohort: not beside this page");
        await read({
          fromArchive: false,
          files: [findings],
          procedures: await procedures.file.text(),
          outcomes: await outcomes.file.text(),
        });
      }),
    startOver() {
      setGiven(nothingGiven);
      setAnalysis(null);
      setList(null);
      host.page.setQuery("");
    },
    cancel: () => running.current?.abort(new DOMException("cancelled by the reader", "AbortError")),
    showList(asked) {
      setGiven({ ...given, list: asked });
      if (asked) void ask(asked);
      else setList(null);
    },
    openCase: ({ documentId }) =>
      told(async () => {
        const paths = new Set(
          given.fromArchive
            ? []
            : await host.page.runTask<readonly string[]>("cement-leakage/cohort-files", { documentId }),
        );
        const files = given.files.filter(({ path }) => paths.has(path));
        if (files.length > 0) return host.page.openCase(files);
        // Findings without their CT: the archive may have it.
        if (!given.fromArchive && host.archive.target.get() === null)
          return host.notify(cohortText[locale].noCt, "warning");
        const study = await host.page.runTask<string | null>("cement-leakage/cohort-study", { documentId });
        if (study !== null) await host.page.openArchivedStudy(study);
      }),
    async exported(what) {
      const input: CohortExportInput = {
        options,
        table: { locale, ...table },
        what,
        withOperators,
        madeAt: host.now().toISOString(),
        software: `Cement Leakage Viewer ${host.settings.get().equipment.softwareVersions}`,
      };
      return host.page.runTask<readonly ExportedFile[]>("cement-leakage/cohort-export", input);
    },
  };
}
