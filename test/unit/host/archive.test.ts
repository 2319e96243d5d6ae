// Claims about the archive as the page uses it: signing in, what is remembered, findings offered, an interrupted loading, storing.
import { describe, expect, it } from "vitest";
import { fail, ok, problem, ProblemError, type Problem } from "#core/problem";
import type { ArchiveSeries, StoreOutcome } from "#dicom/dicomweb/archive-types";
import { createArchive } from "#host/archive";
import { archiveMemory, type SignIn } from "#host/archive-memory";
import { createArchiveStore } from "#host/archive-store";
import type { ArchiveLine } from "#host/archive-line";
import { initialState } from "#host/app-state";
import { createStore } from "#host/app-store";
import type { OpenCase } from "#host/open-case";
import { mayConnect } from "#host/page-policy";
import { loadPreferences } from "#host/preferences";
import type { WorkerLine } from "#host/worker-protocol";
import { smallSeries, smallVolume } from "./small-case.ts";

const PAGE = "https://hospital.example/viewer/index.html";
const SECRET = "k3y";
const nobody: SignIn = { url: "/dicom-web", login: "page", user: "", secret: "", keepSecret: false };
const reader: SignIn = { ...nobody, login: "password", user: "reader", secret: SECRET };
const wanted = { patientName: "A*", patientId: "", studyDateFrom: "", studyDateTo: "", modality: "CT" };
const volume = smallVolume();
const series = smallSeries(volume.grid);

const seriesOf = (kind: ArchiveSeries["kind"], seriesInstanceUid: string): ArchiveSeries => ({
  studyInstanceUid: series.study.studyInstanceUid,
  seriesInstanceUid,
  seriesNumber: "1",
  seriesDescription: "",
  modality: kind === "images" ? "CT" : kind,
  seriesDate: "",
  seriesTime: "",
  instanceCount: 1,
  kind,
});
const there = [
  seriesOf("images", series.seriesInstanceUid),
  seriesOf("SEG", "1.2.1"),
  seriesOf("SR", "1.2.2"),
];

function storage(): Pick<Storage, "getItem" | "setItem"> & { readonly kept: Map<string, string> } {
  const kept = new Map<string, string>();
  return {
    kept,
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
  };
}

/** The page's archive over a line that the test answers. */
function made(line: Partial<ArchiveLine>, kept = storage(), place?: { url: string; login: "page" }) {
  const store = createStore(initialState({ ...loadPreferences(storage(), "en"), keyMap: {}, habits: {} }));
  const refuse = () => Promise.reject(new Error("not asked for in this test"));
  const worker = {
    archive: { search: refuse, series: refuse, read: refuse, objects: refuse, store: refuse, ...line },
  } as unknown as WorkerLine; // what else a worker does is not asked for
  const opened: string[] = [];
  const openCase = {
    async openRead(read, source) {
      try {
        const found = await read(new AbortController().signal, () => undefined);
        store.update({ read: found, choosing: "main" });
        opened.push(source.kind);
        return true;
      } catch (error) {
        store.reportThrown(error, "archive");
        return false;
      }
    },
    chooseSeries: async () => store.update({ choosing: null }),
    showSeries: (choosing) => store.update({ choosing }),
    importWaiting: async () => undefined,
    cancel: () => undefined,
  } as Partial<OpenCase> as OpenCase; // the archive uses no more of it
  const archive = createArchive({
    store,
    worker,
    openCase,
    memory: archiveMemory(place, kept),
    pageUri: PAGE,
    mayConnect: (url) => !url.includes("elsewhere"),
  });
  const open = () => store.update({ scene: { series, volume } });
  return { store, archive, opened, open, archiveStore: createArchiveStore(store, worker, archive) };
}

const foundNothing: ArchiveLine["search"] = async (_address, { offset }) =>
  ok({ studies: [], offset, hasMore: false });
const readNothing: ArchiveLine["read"] = async () => ok({ series: [], rejected: [], objects: [] });
const stored: StoreOutcome = { objects: [], complete: true };
const said = (reason: Problem | null) => reason?.code;

describe("searching the archive", () => {
  it("remembers address and user, and the password only where that was asked for", async () => {
    const kept = storage();
    const { archive } = made({ search: foundNothing }, kept);
    await archive.search(reader, wanted);
    expect(archive.state.get().address?.rootUrl).toBe("https://hospital.example/dicom-web");
    expect([...kept.kept.values()].join()).not.toContain(SECRET);
    expect(archiveMemory(undefined, kept).load()).toEqual({ ...reader, secret: "" });
    await archive.search({ ...reader, keepSecret: true }, wanted);
    expect(archiveMemory(undefined, kept).load()).toEqual({ ...reader, keepSecret: true });
  });

  it("gives what was remembered for one archive to no other that is configured later", async () => {
    const kept = storage();
    archiveMemory(undefined, kept).save({ ...reader, keepSecret: true });
    const place = { url: "https://other.example/dicom-web", login: "page" } as const;
    expect(archiveMemory(place, kept).load()).toEqual({ ...nobody, ...place });
  });

  it("keeps nothing of a sign-in that was refused, and says why", async () => {
    const kept = storage();
    const refused = problem("archive/wrong-credentials", { archive: "hospital.example" });
    const { archive } = made({ search: async () => fail(refused) }, kept);
    await archive.search({ ...reader, keepSecret: true }, wanted);
    expect(said(archive.state.get().problem)).toBe("archive/wrong-credentials");
    expect(archive.state.get().page).toBeNull();
    expect(kept.kept.size).toBe(0);
  });

  it("asks no archive that the page's policy does not name", async () => {
    const { archive } = made({});
    await archive.search({ ...nobody, url: "https://elsewhere.example/dicom-web" }, wanted);
    expect(said(archive.state.get().problem)).toBe("archive/forbidden-by-page");
  });

  it("shows the answer of the newest search only", async () => {
    const answers: (() => void)[] = [];
    const { archive } = made({
      search: (_address, { offset }, options) =>
        new Promise((resolve, reject) => {
          options?.signal?.addEventListener("abort", () => reject(options.signal?.reason));
          answers.push(() => resolve(ok({ studies: [], offset, hasMore: true })));
        }),
    });
    const first = archive.search(nobody, wanted, 0);
    const second = archive.search(nobody, wanted, 25);
    answers[1]();
    answers[0]();
    await Promise.all([first, second]);
    expect(archive.state.get()).toMatchObject({ page: { offset: 25, hasMore: true }, busy: null });
    const third = archive.search(nobody, wanted, 50);
    expect(archive.state.get().busy).toBe("searching");
    archive.cancel();
    await third;
    expect(archive.state.get()).toMatchObject({ page: { offset: 25 }, busy: null, problem: null });
  });
});

describe("opening from the archive", () => {
  it("offers segmentations and reports once a series of their study has become the case", async () => {
    const asked: (readonly ArchiveSeries[])[] = [];
    const { archive, open, opened, store } = made(
      {
        series: async () => ok(there),
        read: readNothing,
        objects: async (_address, which) => {
          asked.push(which);
          return ok([{ kind: "SR", path: "a", bytes: new Uint8Array(1) }]);
        },
      },
      storage(),
      { url: "/dicom-web", login: "page" },
    );
    await archive.openStudy(series.study.studyInstanceUid);
    expect(opened).toEqual(["archive"]);
    expect(archive.state.get().findings).toBeNull();
    open();
    expect(archive.state.get().findings?.map(({ kind }) => kind)).toEqual(["SEG", "SR"]);
    archive.offerFindings(false);
    expect(archive.state.get()).toMatchObject({ offered: false, findings: [{}, {}] });
    archive.offerFindings(true);
    await archive.openFindings();
    expect(asked[0]).toHaveLength(2);
    expect(store.get().waitingObjects).toHaveLength(1);
    expect(archive.state.get().findings).toBeNull();
  });

  it("says so where the study has no images, and where it is not there", async () => {
    const place = { url: "/dicom-web", login: "page" } as const;
    const none = made({ series: async () => ok(there.slice(1)) }, storage(), place);
    await none.archive.openStudy("1.2");
    expect(none.store.get().notices.at(-1)?.text).toMatch(/no images/);
    const gone = made(
      { series: async () => fail(problem("archive/not-found", { archive: "x" })) },
      storage(),
      place,
    );
    await gone.archive.openStudy("1.2");
    expect(gone.store.get().notices.at(-1)?.text).toMatch(/404/);
  });

  it("asks for a sign-in where the archive wants one that is not known", async () => {
    const { archive } = made({});
    await archive.openStudy("1.2");
    expect(archive.state.get().shown).toBe("search");
  });

  it("lets a series that stopped half-way be gone on with, not one that the reader stopped", async () => {
    const { archive, store } = made({ series: async () => ok(there), read: readNothing }, storage(), {
      url: "/dicom-web",
      login: "page",
    });
    await archive.openStudy(series.study.studyInstanceUid);
    await archive.chooseSeries(series.seriesInstanceUid);
    expect(archive.state.get().interrupted).toEqual({
      seriesInstanceUid: series.seriesInstanceUid,
      role: "main",
    });
    archive.leaveLoading();
    store.update({ choosing: "main" });
    const choosing = archive.chooseSeries(series.seriesInstanceUid);
    archive.cancelOpening();
    await choosing;
    expect(archive.state.get().interrupted).toBeNull();
  });
});

describe("storing into the archive", () => {
  const place = { url: "/dicom-web", login: "page" } as const;

  it("names where, once an archive is configured or was searched", async () => {
    expect(made({}).archiveStore.target.get()).toBeNull();
    expect(made({}, storage(), place).archiveStore.target.get()).toEqual({ name: "/dicom-web" });
    const { archive, archiveStore } = made({ search: foundNothing });
    await archive.search(nobody, wanted);
    expect(archiveStore.target.get()).toEqual({ name: "hospital.example" });
  });

  it("goes into the study of the open case, and not where the archive does not have it", async () => {
    const studies: string[] = [];
    const { archiveStore, open } = made(
      {
        series: async () => ok([]),
        store: async (_address, study) => {
          studies.push(study);
          return stored;
        },
      },
      storage(),
      place,
    );
    await expect(archiveStore.seriesThere()).rejects.toMatchObject({ problem: { code: "case/none-open" } });
    open();
    await expect(archiveStore.seriesThere()).rejects.toMatchObject({
      problem: { code: "archive/study-not-there" },
    });
    expect(await archiveStore.store([])).toBe(stored);
    expect(studies).toEqual([series.study.studyInstanceUid]);
  });

  it("asks once more for a sign-in that was refused, and takes a closed dialog for a no", async () => {
    let asked = 0;
    const refused = problem("archive/wrong-credentials", { archive: "hospital.example" });
    const { archive, archiveStore, open } = made(
      {
        search: foundNothing,
        series: async ({ credentials }) => {
          asked++;
          return credentials.kind === "basic" ? ok(there) : fail(refused);
        },
      },
      storage(),
      place,
    );
    open();
    const first = archiveStore.seriesThere();
    await expect.poll(() => archive.state.get().shown).toBe("sign-in");
    archive.show(null);
    await expect(first).rejects.toMatchObject({ problem: { code: "archive/not-signed-in" } });
    const second = archiveStore.seriesThere();
    await expect.poll(() => archive.state.get().shown).toBe("sign-in");
    await archive.enter(reader);
    expect(await second).toHaveLength(3);
    expect(asked).toBe(2);
  });

  it("passes on why nothing could be asked", async () => {
    const down = problem("archive/unreachable", { archive: "hospital.example" });
    const { archiveStore, open } = made({ series: async () => fail(down) }, storage(), place);
    open();
    await expect(archiveStore.seriesThere()).rejects.toEqual(new ProblemError(down));
  });
});

describe("the page's own policy", () => {
  const page = (policy: string | null) => ({
    baseURI: PAGE,
    querySelector: () => (policy === null ? null : { getAttribute: () => policy }),
  });
  it.each([
    ["default-src 'self'; connect-src 'self' blob:; object-src 'none'", "/dicom-web", true],
    ["default-src 'self'; connect-src 'self' blob:", "https://pacs.example/dicom-web", false],
    ["connect-src 'self' blob: https://pacs.example", "https://pacs.example/dicom-web", true],
    ["connect-src 'self' blob: https://pacs.example", "http://pacs.example/dicom-web", false],
    ["connect-src 'self' blob: https://pacs.example", "https://pacs.example.evil.example/", false],
    [null, "https://pacs.example/dicom-web", true],
  ])("%s with %s: %s", (policy, url, allowed) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- of a document only this is asked
    expect(mayConnect(page(policy) as unknown as Document, url)).toBe(allowed);
  });
});
