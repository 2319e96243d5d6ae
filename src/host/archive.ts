// The archive as the page uses it: signing in, searching, opening a study, the findings that it holds. The worker does the asking.
import { fail, ProblemError, problem, type Problem, type Result } from "#core/problem";
import { derived, writable, type Readable } from "#core/readable";
import { archiveName, parseArchiveAddress } from "#dicom/dicomweb/archive-address";
import type { ArchiveAddress, ArchiveSeries, StudyPage, StudyQuery } from "#dicom/dicomweb/archive-types";
import type { AppState } from "./app-state.ts";
import type { AppStore } from "./app-store.ts";
import { credentialsOf, type ArchiveMemory, type SignIn } from "./archive-memory.ts";
import type { OpenCase } from "./open-case.ts";
import type { Progress, WorkerLine } from "./worker-protocol.ts";

/** Studies on one page of results. */
export const PAGE_STUDIES = 25;

export type ArchivePage = StudyPage;

/** What the reader searches by; empty texts ask for all. */
export type ArchiveSearch = Omit<StudyQuery, "limit" | "offset">;

export interface ArchiveState {
  /** The dialog: search, or only the sign-in that something waits for. */
  readonly shown: "search" | "sign-in" | null;
  readonly signIn: SignIn;
  readonly search: ArchiveSearch;
  /** Where the last answer came from; null until one came, and after one that refused. */
  readonly address: ArchiveAddress | null;
  readonly page: StudyPage | null;
  readonly busy: "searching" | "findings" | null;
  readonly progress: Progress | null;
  /** Why there is no answer. */
  readonly problem: Problem | null;
  /** What is worth knowing beside an answer: a password over plain http. */
  readonly notes: readonly Problem[];
  /** Segmentations and reports of the study that was opened; null where there are none, and once they were opened. */
  readonly findings: readonly ArchiveSeries[] | null;
  /** The reader is asked about them now. */
  readonly offered: boolean;
  /** A series whose loading failed half-way; asked again, it goes on from there. */
  readonly interrupted: { readonly seriesInstanceUid: string; readonly role: "main" | "prior" } | null;
}

export interface Archive {
  readonly state: Readable<ArchiveState>;
  show(shown: ArchiveState["shown"]): void;
  /** Signs in and shows the page of results that begins at `offset`; a newer search cancels this one. */
  search(signIn: SignIn, search: ArchiveSearch, offset?: number): Promise<void>;
  /** Reads the headers of the study's images; the series are then chosen from as those of files are. */
  openStudy(studyInstanceUid: string): Promise<void>;
  openFindings(): Promise<void>;
  /** Asks about them, also once more; false takes the question away. */
  offerFindings(offered: boolean): void;
  /** As the opening itself does; a series of the archive that stops half-way can be gone on with. */
  readonly chooseSeries: OpenCase["chooseSeries"];
  readonly cancelOpening: OpenCase["cancel"];
  goOnLoading(): Promise<void>;
  leaveLoading(): void;
  /** Stops what `busy` names. */
  cancel(): void;
  /** Signs in; where that was asked for, what waited for it goes on. */
  enter(signIn: SignIn): Promise<void>;
  /** Where the open case came from, signed in as of last; else the archive that is signed in to; null where that takes a reader. */
  addressForCase(): ArchiveAddress | null;
  /** Shows the sign-in; null where it was closed. */
  askToSignIn(signal?: AbortSignal): Promise<ArchiveAddress | null>;
  /** After the archive refused it. */
  forgetSignIn(): void;
}

export interface ArchiveOptions {
  readonly store: AppStore;
  readonly worker: WorkerLine;
  readonly openCase: OpenCase;
  readonly memory: ArchiveMemory;
  /** Relative addresses are meant from here. */
  readonly pageUri: string;
  /** Whether the page's policy names this address. */
  readonly mayConnect: (rootUrl: string) => boolean;
}

const everything: ArchiveSearch = {
  patientName: "",
  patientId: "",
  studyDateFrom: "",
  studyDateTo: "",
  modality: "CT",
};

export function createArchive(options: ArchiveOptions): Archive {
  const { store, worker, openCase, memory } = options;
  const state = writable<ArchiveState>({
    shown: null,
    signIn: memory.load(),
    search: everything,
    address: null,
    page: null,
    busy: null,
    progress: null,
    problem: null,
    notes: [],
    findings: null,
    offered: false,
    interrupted: null,
  });
  const update = (change: Partial<ArchiveState>) => state.set({ ...state.get(), ...change });
  let running: AbortController | null = null;
  /** The reader stopped the opening. */
  let stopped = false;
  /** The sign-in that is known was refused: it isn't tried again unasked. */
  let refused = false;
  /** The series of the study that was read last, and where from. */
  let read: { readonly address: ArchiveAddress; readonly series: readonly ArchiveSeries[] } | null = null;

  /** One question at a time: a newer one cancels it. Null where it was cancelled. */
  async function asking<T>(
    what: NonNullable<ArchiveState["busy"]>,
    work: (call: { signal: AbortSignal; progress: (progress: Progress) => void }) => Promise<Result<T>>,
  ): Promise<Result<T> | null> {
    running?.abort(new DOMException("replaced", "AbortError"));
    const mine = new AbortController();
    running = mine;
    update({ busy: what, progress: null, problem: null });
    const { signal } = mine;
    try {
      return await work({ signal, progress: (progress) => void (running === mine && update({ progress })) });
    } catch (error) {
      if (signal.aborted) return null;
      if (error instanceof ProblemError) return fail(error.problem);
      throw error;
    } finally {
      if (running === mine) {
        running = null;
        update({ busy: null, progress: null });
      }
    }
  }

  function addressOf(signIn: SignIn): Result<ArchiveAddress> {
    const parsed = parseArchiveAddress(signIn.url, options.pageUri, credentialsOf(signIn));
    if (!parsed.ok || options.mayConnect(parsed.value.rootUrl)) return parsed;
    return fail(problem("archive/forbidden-by-page", { archive: archiveName(parsed.value) }));
  }

  async function search(signIn: SignIn, wanted: ArchiveSearch, offset = 0): Promise<boolean> {
    const address = addressOf(signIn);
    update({ signIn, search: wanted });
    if (!address.ok) {
      update({ problem: address.problem, page: null, address: null });
      return false;
    }
    const query: StudyQuery = { ...wanted, limit: PAGE_STUDIES, offset };
    const found = await asking("searching", (call) => worker.archive.search(address.value, query, call));
    if (!found) return false;
    if (!found.ok) {
      update({ problem: found.problem, page: null, address: null });
      return false;
    }
    memory.save(signIn);
    refused = false;
    update({
      address: address.value,
      page: found.value,
      problem: null,
      notes: [...address.problems, ...found.problems],
    });
    return true;
  }

  /** The address that answered last; where none did, the one that is known, tried as the study is asked for. */
  function addressNow(): ArchiveAddress | null {
    const { address, signIn } = state.get();
    if (address || refused) return address;
    if (signIn.url === "" || (signIn.login !== "page" && signIn.secret === "")) return null;
    const parsed = addressOf(signIn);
    return parsed.ok ? parsed.value : null;
  }

  async function openStudy(studyInstanceUid: string): Promise<void> {
    const address = addressNow();
    if (!address) return update({ shown: "search" });
    stopped = false;
    const opened = await openCase.openRead(
      async (signal, progress) => {
        const series = valueOf(await worker.archive.series(address, studyInstanceUid, { signal }));
        const images = series.filter(({ kind }) => kind === "images");
        if (images.length === 0) throw new ProblemError(problem("archive/no-images"));
        const found = valueOf(await worker.archive.read(address, images, { signal, progress }));
        read = { address, series };
        return found;
      },
      { kind: "archive", studyInstanceUid },
    );
    if (!opened) return;
    update({ shown: null });
    // A study of one series was opened at once.
    const [only] = store.get().read?.series ?? [];
    if (only && store.get().choosing === null) noteInterrupted(only.seriesInstanceUid, "main");
  }

  /** After an opening that came to nothing, other than by the reader's wish: `load` keeps what was retrieved. */
  function noteInterrupted(seriesInstanceUid: string, role: "main" | "prior"): void {
    const { scene, prior } = store.get();
    const open = role === "main" ? scene.series : prior?.context;
    const mine = read?.series.some((series) => series.seriesInstanceUid === seriesInstanceUid);
    if (mine && !stopped && open?.seriesInstanceUid !== seriesInstanceUid)
      update({ interrupted: { seriesInstanceUid, role } });
  }

  async function chooseSeries(seriesInstanceUid: string): Promise<void> {
    stopped = false;
    const role = store.get().choosing ?? "main";
    await openCase.chooseSeries(seriesInstanceUid);
    noteInterrupted(seriesInstanceUid, role);
  }

  async function openFindings(): Promise<void> {
    const { findings } = state.get();
    if (!findings || !read) return;
    const { address } = read;
    const got = await asking("findings", (call) => worker.archive.objects(address, findings, call));
    if (!got) return;
    if (!got.ok) return update({ problem: got.problem });
    update({ findings: null, offered: false });
    for (const note of got.problems) store.report(note);
    store.update({ waitingObjects: got.value });
    await openCase.importWaiting();
  }

  // A series of this archive has become the case: what the archive holds of its study is offered.
  const scene = derived(store.state, ({ scene: { series } }: AppState) => series);
  scene.subscribe((series) => {
    const mine = read?.series.some(
      ({ seriesInstanceUid }) => seriesInstanceUid === series?.seriesInstanceUid,
    );
    const found = mine ? read?.series.filter(({ kind }) => kind === "SEG" || kind === "SR") : [];
    const any = found !== undefined && found.length > 0;
    update({ findings: any ? found : null, offered: any, problem: null });
  });

  const isCaseFrom = (address: ArchiveAddress): boolean => {
    const { series } = store.get().scene;
    return (
      read?.address.rootUrl === address.rootUrl &&
      read.series.some((one) => one.seriesInstanceUid === series?.seriesInstanceUid)
    );
  };

  let waiting: ((address: ArchiveAddress | null) => void) | null = null;
  const answerWaiting = (address: ArchiveAddress | null) => {
    waiting?.(address);
    waiting = null;
  };

  return {
    state,
    chooseSeries,
    cancelOpening() {
      stopped = true;
      openCase.cancel();
    },
    show(shown) {
      if (shown === null) answerWaiting(null);
      update({ shown, problem: null });
    },
    async search(signIn, wanted, offset) {
      await search(signIn, wanted, offset);
    },
    async enter(signIn) {
      if (!(await search(signIn, state.get().search))) return;
      update({ shown: null });
      answerWaiting(state.get().address);
    },
    addressForCase() {
      const now = addressNow();
      if (now || refused || !read) return now;
      return isCaseFrom(read.address) ? read.address : null;
    },
    askToSignIn: (signal) =>
      new Promise((resolve) => {
        answerWaiting(null);
        waiting = resolve;
        signal?.addEventListener("abort", () => update({ shown: null }), { once: true });
        signal?.addEventListener("abort", () => resolve(null), { once: true });
        update({ shown: "sign-in" });
      }),
    forgetSignIn() {
      refused = true;
      update({ address: null });
    },
    openStudy,
    openFindings,
    offerFindings: (offered) => update({ offered, problem: null }),
    async goOnLoading() {
      const { interrupted } = state.get();
      update({ interrupted: null });
      // They said why it stopped.
      for (const { id, severity } of store.get().notices) if (severity === "error") store.dismiss(id);
      if (!interrupted) return;
      openCase.showSeries(interrupted.role);
      await chooseSeries(interrupted.seriesInstanceUid);
    },
    leaveLoading: () => update({ interrupted: null }),
    cancel: () => running?.abort(new DOMException("cancelled by the reader", "AbortError")),
  };
}

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new ProblemError(result.problem);
  return result.value;
}
