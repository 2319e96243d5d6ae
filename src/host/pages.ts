// Pages of plugins: which one is shown, its address below "#/p/", and the way back to it from a case that it opened.
import { derived, type Readable } from "#core/readable";
import type { AppStore } from "./app-store.ts";
import type { Archive } from "./archive.ts";
import type { ArchiveStore } from "./archive-store.ts";
import type { ArchiveAddress } from "#dicom/dicomweb/archive-types";
import type { FileWithPath, PageDeclaration, PageHost, PluginManifest } from "./contract.ts";
import type { WorkerLine } from "./worker-protocol.ts";

/** A page and its filters; no patient data. */
export interface PageAddress {
  readonly pluginId: string;
  readonly pageId: string;
  /** What stands behind "?": as URLSearchParams writes it. */
  readonly query: string;
}

export interface Pages {
  /** `given`: files that it is opened with. */
  showPage(address: PageAddress, given?: readonly FileWithPath[]): void;
  /** To the start page. */
  closePage(): void;
  /** From the case that a page opened; the case is closed, its work is saved. */
  backToPage(): void;
  /** The hash of the state, "" for the start page and the case. */
  readonly hash: Readable<string>;
  /** Follows an address that was typed, or that the browser went back to; unknown ones change nothing. */
  goToHash(hash: string): void;
}

export interface PagesOptions {
  readonly store: AppStore;
  readonly manifests: readonly PluginManifest[];
  readonly closeCase: () => void;
}

const none: readonly FileWithPath[] = [];

export function createPages({ store, manifests, closeCase }: PagesOptions): Pages {
  const found = (pluginId: string, keep: (page: PageDeclaration) => boolean): PageDeclaration | undefined =>
    manifests.find(({ id }) => id === pluginId)?.pages.find(keep);

  function showPage(address: PageAddress, given = none): void {
    if (store.get().screen === "case") closeCase();
    store.update({ screen: "page", page: address, givenToPage: given });
  }

  return {
    showPage,
    closePage: () => store.update({ screen: "start", page: null }),
    backToPage() {
      const { page } = store.get();
      if (page) showPage(page);
    },
    hash: derived(store.state, ({ screen, page }) => {
      if (screen !== "page" || !page) return "";
      const declared = found(page.pluginId, ({ id }) => id === page.pageId);
      return declared
        ? `#/p/${page.pluginId}/${declared.path}${page.query === "" ? "" : `?${page.query}`}`
        : "";
    }),
    goToHash(hash) {
      const parts = /^#\/p\/([^/?]+)\/([^?]*)(?:\?(.*))?$/.exec(hash);
      if (!parts) {
        if (store.get().screen === "page") store.update({ screen: "start", page: null });
        return;
      }
      const [, pluginId, path, query = ""] = parts;
      const there = found(pluginId, (page) => page.path === path);
      if (there) showPage({ pluginId, pageId: there.id, query });
    },
  };
}

/** What a page of one plugin is given. */
export function pageHost(
  pluginId: string,
  options: {
    readonly store: AppStore;
    readonly worker: WorkerLine;
    readonly pickFiles: (what: "files" | "folder") => Promise<readonly FileWithPath[]>;
    readonly openFiles: (files: readonly FileWithPath[]) => Promise<void>;
    readonly archive: Pick<Archive, "openStudy"> & Pick<ArchiveStore, "signedIn">;
  },
): PageHost {
  const { store, worker } = options;
  return {
    query: derived(store.state, ({ page }) => (page?.pluginId === pluginId ? page.query : "")),
    setQuery: (query) =>
      store.update(({ page }) => (page?.pluginId === pluginId ? { page: { ...page, query } } : {})),
    given: derived(store.state, ({ page, givenToPage }) =>
      page?.pluginId === pluginId ? givenToPage : none,
    ),
    takeGiven() {
      const { page, givenToPage } = store.get();
      if (page?.pluginId !== pluginId) return none;
      store.update({ givenToPage: none });
      return givenToPage;
    },
    pickFiles: options.pickFiles,
    async runTask<Output>(
      taskId: string,
      input: unknown,
      call: Parameters<PageHost["runTask"]>[2] = {},
    ): Promise<Output> {
      const { signal, progress, withArchive } = call;
      const run = (archive?: ArchiveAddress) =>
        worker.task(pluginId, taskId, input, {
          signal,
          progress: progress && ((at) => progress(at.fraction, at.step)),
          ...(archive ? { archive } : {}),
        });
      const result = await (withArchive ? options.archive.signedIn(signal, run) : run());
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      return result as Output; // the task's own declaration is the type; both ends come from one build
    },
    async fileBeside(name) {
      const answer = await fetch(`./${name}`).catch(() => null);
      return answer?.ok ? { path: name, file: new File([await answer.blob()], name) } : null;
    },
    openCase: options.openFiles,
    openArchivedStudy: (studyInstanceUid) => options.archive.openStudy(studyInstanceUid),
    close: () => store.update({ screen: "start", page: null }),
  };
}
