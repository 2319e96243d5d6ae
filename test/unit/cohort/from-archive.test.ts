// A cohort straight from an archive: reports found page by page, retrieved once, what is new added, failures and cancellation in words.
import { describe, expect, it } from "vitest";
import { prepareExport } from "#cement/exports/prepare";
import { reportDocument } from "#cement/exports/report";
import { NO_FILTERS, DEFAULT_OPTIONS } from "#cement/cohort/analysis";
import type { PageAnalysis } from "#cement/cohort/page-answers";
import { ProblemError } from "#core/problem";
import { writePart10 } from "#dicom/part10";
import { writeReport } from "#dicom/write-report";
import { serveWorker } from "#host/worker-end";
import { connectWorker, type CallOptions, type FromWorker, type ToWorker } from "#host/worker-protocol";
import { FINDINGS_CREATOR, type Findings } from "../../../plugins/cement-leakage/model/findings.ts";
import { tasks, type CohortRead } from "../../../plugins/cement-leakage/tasks.ts";
import { sampleCohort } from "../../../sample-data/cohort.ts";
import { smallCase } from "../cement/small-case.ts";
import { FakeArchive, json } from "../dicom/dicomweb/fake-archive.ts";

const { findings } = sampleCohort();
const prepared = prepareExport(smallCase());
if (!prepared.ok) throw new Error(prepared.problem.code);
const template = reportDocument(prepared.value);
if (!template.ok) throw new Error(template.problem.code);
const document = template.value;

/** A report of ours as a reader stores it, in a series of its own, with these findings in it. */
function reportOf(n: number, one: Findings, patientId = `ID-${n}`): Uint8Array {
  const { source } = document;
  return writeReport({
    ...document,
    identity: { ...document.identity, seriesInstanceUid: `2.25.7${n}1`, sopInstanceUid: `2.25.7${n}2` },
    source: { ...source, patient: { ...source.patient, patientId } },
    embedded: { creator: FINDINGS_CREATOR, text: JSON.stringify({ ...one, subject: undefined }) },
  });
}
const foreign = writePart10({
  SOPClassUID: "1.2.840.10008.5.1.4.1.1.88.33",
  SOPInstanceUID: "2.25.9002",
  StudyInstanceUID: "2.25.9000",
  SeriesInstanceUID: "2.25.9001",
  SeriesDescription: "Dose report",
  Modality: "SR",
  PatientID: "X",
});

/** Both ends in one process, and an archive that answers at most `page` series at a time. */
function archiveOf(files: readonly Uint8Array[], page = 4) {
  const archive = new FakeArchive(files);
  const listed = new FakeArchive(files);
  archive.interfere = async ({ path }) => {
    if (!path.startsWith("/series?")) return null;
    for (const file of archive.instances.values()) listed.add(file);
    const answer = await listed.fetch(`https://pacs.test/dicom-web${path}`, {});
    const from = Number(new URLSearchParams(path.split("?")[1]).get("offset"));
    const sets: readonly Record<string, never>[] = await answer.json();
    return json(sets.slice(from, from + page));
  };
  const worker: Parameters<typeof connectWorker>[0] = {
    onmessage: null,
    onerror: null,
    postMessage: (message: ToWorker) => end.receive(structuredClone(message)),
    terminate: () => undefined,
  };
  const end = serveWorker(
    {},
    (message: FromWorker) => {
      const data = structuredClone(message);
      queueMicrotask(() => worker.onmessage?.(new MessageEvent("message", { data })));
    },
    archive,
    tasks,
  );
  const line = connectWorker(worker);
  const { address } = archive.signedIn();
  const run = <T>(task: string, input: unknown, options: CallOptions = {}): Promise<T> =>
    line.task("cement-leakage", `cement-leakage/${task}`, input, {
      ...options,
      archive: address,
    }) as Promise<T>;
  const lists = { procedures: null, outcomes: null };
  return {
    archive,
    line,
    run,
    ask: (options?: CallOptions) => run<CohortRead>("cohort-archive", lists, options),
  };
}
const RETRIEVED = /^GET \/studies\/.*\/instances\/./;
const ten = findings.slice(0, 10).map((one, n) => reportOf(n, one));

describe("a cohort from an archive", () => {
  it("is every report of ours, page by page, and none of another program", async () => {
    const { archive, ask, run } = archiveOf([...ten, foreign]);
    const seen: number[] = [];
    const read = await ask({ progress: ({ fraction }) => seen.push(fraction) });
    expect(read).toMatchObject({ counted: 10, leftOut: [], listed: null });
    expect(archive.count(/^GET \/series\?/)).toBe(4);
    expect(archive.count(RETRIEVED)).toBe(10);
    expect(archive.requests.some(({ path }) => path.includes("2.25.9000"))).toBe(false);
    expect(seen.length).toBeGreaterThan(0);
    const answer = await run<PageAnalysis>("cohort-analyse", { ...DEFAULT_OPTIONS, filters: NO_FILTERS });
    expect(answer).toMatchObject({ cases: 10, patients: 10 });
    // Patients are numbered: their IDs stay behind.
    expect(JSON.stringify(answer)).not.toContain("ID-");
  });

  it("asks for what is new only, and forgets what the archive has no more", async () => {
    const { archive, ask } = archiveOf(ten);
    await ask();
    archive.requests.length = 0;
    expect(await ask()).toMatchObject({ counted: 10 });
    expect(archive.count(RETRIEVED)).toBe(0);
    archive.add(reportOf(11, findings[11]));
    expect(await ask()).toMatchObject({ counted: 11 });
    expect(archive.count(RETRIEVED)).toBe(1);
  });

  it("takes two reports of one patient as one patient, and a repeated one once", async () => {
    const again = reportOf(20, findings[0], "ID-0");
    const other = reportOf(21, { ...findings[1], documentId: "another" }, "ID-0");
    const { ask, run } = archiveOf([ten[0], again, other]);
    const read = await ask();
    expect(read.leftOut.map(({ because }) => because)).toEqual(["duplicate"]);
    const answer = await run<PageAnalysis>("cohort-analyse", DEFAULT_OPTIONS);
    expect(answer).toMatchObject({ cases: 2, patients: 1 });
  });

  it("ends with an archive that knows neither keys nor pages", async () => {
    const { archive, ask } = archiveOf([...ten, foreign]);
    archive.interfere = () => null;
    expect(await ask()).toMatchObject({ counted: 10 });
    expect(archive.count(/^GET \/series\?/)).toBe(2);
  });

  it("lists a report that can't be retrieved, and stops where the archive is gone", async () => {
    const { archive, ask } = archiveOf(ten);
    const { interfere } = archive;
    archive.interfere = (request) =>
      request.path.endsWith("2.25.732") ? new Response("no", { status: 404 }) : interfere(request);
    const read = await ask();
    expect(read.counted).toBe(9);
    expect(read.leftOut).toMatchObject([
      { path: "2.25.731", because: "unreadable", problem: { code: "archive/not-found" } },
    ]);
    const gone = archiveOf(ten);
    gone.archive.interfere = () => "drop";
    await expect(gone.ask()).rejects.toMatchObject({ problem: { code: "archive/unreachable" } });
  });

  it("goes on after a cancellation with what is missing", async () => {
    const { archive, ask } = archiveOf(ten);
    const { interfere } = archive;
    const stop = new AbortController();
    let retrieved = 0;
    archive.interfere = (request) => {
      if (RETRIEVED.test(`GET ${request.path}`) && ++retrieved === 6) stop.abort();
      return interfere(request);
    };
    await expect(ask({ signal: stop.signal })).rejects.toMatchObject({ name: "AbortError" });
    // What was under way when it was cancelled may land still.
    await new Promise((resolve) => setTimeout(resolve, 50));
    const before = retrieved;
    archive.interfere = interfere;
    archive.requests.length = 0;
    expect(await ask()).toMatchObject({ counted: 10 });
    expect(archive.count(RETRIEVED)).toBeGreaterThan(0);
    expect(archive.count(RETRIEVED)).toBeLessThan(10);
    expect(before).toBeLessThan(10);
  });

  it("opens the study of a case, and asks nothing without a sign-in", async () => {
    const { ask, run, line } = archiveOf(ten);
    await ask();
    const [{ documentId, imaging }] = findings;
    expect(await run("cohort-study", { documentId })).toBe(imaging.studyInstanceUid);
    expect(await run("cohort-study", { documentId: "no such" })).toBeNull();
    const lists = { procedures: null, outcomes: null };
    const refused = line.task("cement-leakage", "cement-leakage/cohort-archive", lists);
    await expect(refused).rejects.toBeInstanceOf(ProblemError);
  });
});
