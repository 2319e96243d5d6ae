// The page and its worker over an archive: what is asked at one end is answered at the other, shown while it loads, and gone on with.
import { describe, expect, it } from "vitest";
import type { Problem, Result } from "#core/problem";
import { writable } from "#core/readable";
import { parseArchiveAddress } from "#dicom/dicomweb/archive-address";
import type { ArchiveSeries, StudyQuery } from "#dicom/dicomweb/archive-types";
import { readBytes } from "#dicom/named-file";
import { writePart10 } from "#dicom/part10";
import { serveWorker } from "#host/worker-end";
import {
  connectWorker,
  type ComingSlice,
  type FromWorker,
  type Progress,
  type ToWorker,
} from "#host/worker-protocol";
import { FakeArchive, json, uidOf } from "../dicom/dicomweb/fake-archive.ts";
import { COLUMNS, ROWS, seriesFiles } from "../dicom/synthetic-ct.ts";

const EVERYTHING: StudyQuery = {
  patientName: "",
  patientId: "",
  studyDateFrom: "",
  studyDateTo: "",
  modality: "CT",
  limit: 25,
  offset: 0,
};
const SLICES = 12;
const IMAGE = /^GET .*\/instances\//;

/** Both ends in one process; messages are copied between them as between threads. */
function lineOver(archive: FakeArchive) {
  const worker: Parameters<typeof connectWorker>[0] = {
    onmessage: null,
    onerror: null,
    postMessage: (message: ToWorker) => end.receive(structuredClone(message)),
    terminate: () => undefined,
  };
  const end = serveWorker(
    {},
    (message: FromWorker, transfer = []) => {
      const data = structuredClone(message, { transfer });
      queueMicrotask(() => worker.onmessage?.(new MessageEvent("message", { data })));
    },
    archive,
  );
  return connectWorker(worker);
}

const seg = writePart10({
  SOPClassUID: "1.2.840.10008.5.1.4.1.1.66.4",
  SOPInstanceUID: "2.25.91",
  StudyInstanceUID: "2.25.1000",
  SeriesInstanceUID: "2.25.90",
  SeriesNumber: "300",
  Modality: "SEG",
  PatientID: "T1",
});

async function opened() {
  const files = await Promise.all(seriesFiles({ slices: SLICES }).map((file) => readBytes(file)));
  const archive = new FakeArchive([...files, seg]);
  const line = lineOver(archive);
  const parsed = parseArchiveAddress("https://pacs.test/dicom-web", "https://site.test/", { kind: "none" });
  if (!parsed.ok) throw new Error(parsed.problem.code);
  const address = parsed.value;
  const series = valueOf(await line.archive.series(address, "2.25.1000"));
  return { archive, line, address, series };
}

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.problem.code);
  return result.value;
}
const codeOf = (result: Result<unknown>): string => (result.ok ? "ok" : result.problem.code);
const images = (series: readonly ArchiveSeries[]) => series.filter(({ kind }) => kind === "images");

describe("an archive at the other end of the line", () => {
  it("is searched, and its study opened slice by slice", async () => {
    const { line, address, series } = await opened();
    const page = valueOf(await line.archive.search(address, EVERYTHING));
    expect(page.studies[0].study.studyInstanceUid).toBe("2.25.1000");
    expect(series.map(({ kind }) => kind)).toEqual(["images", "SEG"]);
    const steps: number[] = [];
    const progress = ({ fraction }: { fraction: number }) => void steps.push(fraction);
    const read = valueOf(await line.archive.read(address, images(series), { progress }));
    expect(steps).toEqual([1]);
    expect(read.series).toHaveLength(1);
    const shown: ComingSlice[] = [];
    const at = writable<number | null>(null);
    const came = (slice: ComingSlice): void => {
      shown.push(slice);
      at.set(slice.k);
    };
    const loaded = valueOf(
      await line.load(read.series[0].seriesInstanceUid, "main", { looking: { at, came } }),
    );
    expect(shown.map(({ k, place, slices }) => [k, place, slices])).toEqual([[5, "known", SLICES]]);
    for (const { k, hu, grid, sopInstanceUid } of shown) {
      const { slicePositions, ...inPlane } = loaded.volume.grid;
      expect(grid).toEqual({ ...inPlane, slices: 1, slicePositions: [slicePositions[k]] });
      expect(sopInstanceUid).toBe(loaded.context.instances[k].sopInstanceUid);
      expect([...new Set(hu)]).toEqual([k]);
    }
    expect(loaded.volume.hu[COLUMNS * ROWS * 7]).toBe(7);
  });

  it("is asked first for what the reader looks at, while it loads and from the beginning", async () => {
    const { archive, line, address, series } = await opened();
    const { seriesInstanceUid } = valueOf(await line.archive.read(address, images(series))).series[0];
    const places = (): number[] =>
      archive.requests.flatMap(({ method, path }) =>
        IMAGE.test(`${method} ${path}`) ? [uids.indexOf(/[\d.]+$/.exec(path.split("?")[0])?.[0] ?? "")] : [],
      );
    const uids = [...archive.instances.keys()];
    const at = writable<number | null>(null);
    const shown: number[] = [];
    const came = ({ k }: ComingSlice): void => {
      shown.push(k);
      if (k === 5) at.set(0);
    };
    archive.interfere = async ({ path }) => {
      // All but the middle one wait for what the reader does.
      if (IMAGE.test(`GET ${path}`) && places().length > 1) await new Promise((go) => setTimeout(go, 5));
      return null;
    };
    valueOf(await line.load(seriesInstanceUid, "main", { looking: { at, came } }));
    expect(shown).toEqual([5, 0]);
    // Six in flight around the middle one, and the one that takes its place, before anybody went to the end.
    expect(places().slice(0, 6)).toEqual([5, 4, 6, 3, 7, 2]);
    expect(places().indexOf(0)).toBeLessThan(8);
    expect([...places()].sort((a, b) => a - b)).toEqual(uids.slice(0, SLICES).map((_, k) => k));
    archive.requests.length = 0;
    valueOf(await line.load(seriesInstanceUid, "main", { looking: { at: writable(11), came } }));
    expect(places().slice(0, 4)).toEqual([11, 10, 9, 8]);
    expect(shown).toEqual([5, 0, 11]);
  });

  it("that fails half-way is gone on with by the same call; forgotten, it is read anew", async () => {
    const { archive, line, address, series } = await opened();
    const read = async () => valueOf(await line.archive.read(address, images(series)));
    const { seriesInstanceUid } = (await read()).series[0];
    let asked = 0;
    archive.interfere = ({ path }) => (IMAGE.test(`GET ${path}`) && ++asked > 7 ? "drop" : null);
    const waited: Progress[] = [];
    const progress = (at: Progress) => void (at.waiting && waited.push(at));
    expect(codeOf(await line.load(seriesInstanceUid, "main", { progress }))).toBe("archive/unreachable");
    expect(waited.at(-1)).toMatchObject({ waiting: { code: "archive/waiting" }, files: { done: 7 } });
    archive.interfere = () => null;
    archive.requests.length = 0;
    expect(codeOf(await line.load(seriesInstanceUid, "main"))).toBe("ok");
    expect(archive.count(IMAGE)).toBe(SLICES - 7);
    // What is whole was handed on: it is asked for again.
    archive.requests.length = 0;
    expect(codeOf(await line.load(seriesInstanceUid, "prior"))).toBe("ok");
    expect(archive.count(IMAGE)).toBe(SLICES);
    await line.forget("main");
    const problem = await line.load(seriesInstanceUid, "main").catch((thrown: unknown) => thrown);
    expect(problem).toHaveProperty("problem.code", "open/series-gone");
  });

  it("whose token ran out half-way is gone on with after signing in again", async () => {
    const { archive, line, address, series } = await opened();
    let valid = "one";
    let answered = 0;
    archive.interfere = ({ authorization, path }) => {
      if (authorization !== `Bearer ${valid}`) return new Response("", { status: 401 });
      if (IMAGE.test(`GET ${path}`) && ++answered === 3) valid = "two";
      return null;
    };
    const signedIn = (token: string) => ({ ...address, credentials: { kind: "bearer", token } as const });
    const read = valueOf(await line.archive.read(signedIn("one"), images(series)));
    const { seriesInstanceUid } = read.series[0];
    expect(codeOf(await line.load(seriesInstanceUid, "main"))).toBe("archive/wrong-credentials");
    expect(codeOf(await line.archive.search(signedIn("three"), EVERYTHING))).toBe(
      "archive/wrong-credentials",
    );
    expect(codeOf(await line.load(seriesInstanceUid, "main"))).toBe("archive/wrong-credentials");
    expect(codeOf(await line.archive.search(signedIn("two"), EVERYTHING))).toBe("ok");
    archive.requests.length = 0;
    expect(codeOf(await line.load(seriesInstanceUid, "main"))).toBe("ok");
    expect(archive.count(IMAGE)).toBeLessThan(SLICES - 2);
  });

  it("has a series that it can't list: the others open, and it says why", async () => {
    const { archive, line, address, series } = await opened();
    const [one] = images(series);
    const other: ArchiveSeries = { ...one, seriesInstanceUid: "2.25.404", seriesDescription: "Lost" };
    archive.interfere = ({ path }) => (path.includes("2.25.404") ? new Response("", { status: 500 }) : null);
    const read = valueOf(await line.archive.read(address, [other, one]));
    expect(read.series.map(({ openable }) => openable)).toEqual([true]);
    expect(read.rejected).toMatchObject([{ path: "Lost", problem: { code: "archive/server-error" } }]);
    expect(codeOf(await line.archive.read(address, [other]))).toBe("archive/server-error");
    archive.interfere = () => "drop";
    expect(codeOf(await line.archive.read(address, [other, one]))).toBe("archive/unreachable");
  });

  it("gives its findings, and takes new ones", async () => {
    const { archive, line, address, series } = await opened();
    const found = valueOf(await line.archive.objects(address, series));
    expect(found.map(({ kind }) => kind)).toEqual(["SEG"]);
    expect(Buffer.compare(found[0].bytes, seg)).toBe(0);
    const outcome = await line.archive.store(address, "2.25.1000", [{ name: "seg", bytes: seg }]);
    expect(outcome).toMatchObject({ complete: true, objects: [{ state: "already-there" }] });
    archive.instances.delete(uidOf(seg, "00080018"));
    const again = await line.archive.store(address, "2.25.1000", [{ name: "seg", bytes: seg }]);
    expect(again).toMatchObject({ complete: true, objects: [{ state: "stored" }] });
  });

  it("is left when the reader cancels", async () => {
    const { archive, line, address } = await opened();
    const control = new AbortController();
    archive.interfere = () => {
      setTimeout(() => control.abort(new DOMException("enough", "AbortError")), 1);
      return "silence";
    };
    await expect(line.archive.search(address, EVERYTHING, control)).rejects.toThrow("enough");
  });

  it("says what is wrong as data, never with the password", async () => {
    const { archive, line } = await opened();
    archive.interfere = () => json({}, 401);
    const credentials = { kind: "basic", user: "viewer", password: "s3cret" } as const;
    const address = { rootUrl: "https://pacs.test/dicom-web", credentials };
    const refused = await line.archive.search(address, EVERYTHING);
    const why: Problem | null = refused.ok ? null : refused.problem;
    expect(why?.code).toBe("archive/wrong-credentials");
    expect(JSON.stringify(refused)).not.toContain("s3cret");
  });
});
