// Saved teaching cases put together to one offline quiz: read, chosen, searched, saved. Needs no open CT.
import type { FileWithPath, Host, LeakReport } from "#contract";
import { type Readable, writable } from "#core/readable";
import { collectionHtml } from "../../teaching/collection-html.ts";
import { proposeCollection } from "../../teaching/compose-collection.ts";
import { withoutProgram } from "../../teaching/offline-page.ts";
import { collectionScripts } from "../../teaching/page-scripts.ts";
import { TEACHING_WORDS as T } from "../../teaching/page-words.ts";
import type { PlayData } from "../../teaching/play-data.ts";
import { readCasePage } from "../../teaching/read-case-page.ts";

export interface CollectionState {
  /** In the order in which they were added; each once. */
  readonly cases: readonly PlayData[];
  /** Case ids. */
  readonly chosen: ReadonlySet<string>;
  readonly title: string;
  /** Files that hold no teaching case of this program. */
  readonly refused: readonly string[];
  readonly tooLarge: boolean;
  /** Of the last search; null where something was changed since. */
  readonly report: LeakReport | null;
}

export interface Collecting {
  readonly state: Readable<CollectionState>;
  /** Case pages and zips; the proposal is made anew. */
  add(files: readonly FileWithPath[]): Promise<void>;
  choose(caseId: string, chosen: boolean): void;
  remove(caseId: string): void;
  rename(title: string): void;
  /** Nothing is saved where a name of the files turns up in the page. */
  save(): void;
}

/** Letters of a page that browsers open without trouble. */
const MOST_LETTERS = 250_000_000;

export function createCollecting(host: Pick<Host, "dicom" | "files" | "locale">): Collecting {
  const state = writable<CollectionState>({
    cases: [],
    chosen: new Set(),
    title: T.collectionTitle[host.locale.get()],
    refused: [],
    tooLarge: false,
    report: null,
  });
  const names = new Set<string>();
  const set = (change: Partial<CollectionState>) =>
    state.set({ ...state.get(), report: null, tooLarge: false, ...change });

  return {
    state,
    async add(files) {
      const cases = new Map(state.get().cases.map((one) => [one.caseId, one]));
      const refused: string[] = [];
      for (const { path, file } of files) {
        const read = readCasePage(new Uint8Array(await file.arrayBuffer()));
        if (read) {
          cases.set(read.caseId, read);
          names.add(path);
        } else refused.push(path);
      }
      const all = [...cases.values()];
      set({ cases: all, chosen: proposeCollection(all), refused });
    },
    choose(caseId, chosen) {
      const now = new Set(state.get().chosen);
      if (chosen) now.add(caseId);
      else now.delete(caseId);
      set({ chosen: now });
    },
    remove(caseId) {
      const { cases, chosen } = state.get();
      set({
        cases: cases.filter((one) => one.caseId !== caseId),
        chosen: new Set([...chosen].filter((one) => one !== caseId)),
      });
    },
    rename: (title) => set({ title }),
    save() {
      const { cases, chosen, title } = state.get();
      const locale = host.locale.get();
      const included = cases.filter(({ caseId }) => chosen.has(caseId));
      if (included.length === 0) return;
      const letters = included.reduce(
        (sum, { hu, labels, pictures }) =>
          sum + hu.length + labels.length + pictures.reduce((all, { svg }) => all + svg.length, 0),
        0,
      );
      if (letters > MOST_LETTERS) return set({ tooLarge: true });
      const make = (of: readonly PlayData[]) =>
        collectionHtml({ title: of.length > 0 ? title : "", cases: of, locale, scripts: collectionScripts });
      const page = make(included);
      const encode = (text: string) => new TextEncoder().encode(text);
      const report = host.dicom.searchForNames(
        [{ name: FILE_NAME, bytes: encode(withoutProgram(page, collectionScripts)) }],
        [...names],
        wordsAround(withoutProgram(make([]), collectionScripts), included[0]),
      );
      set({ report });
      if (report.clean)
        host.files.save({ name: FILE_NAME, mediaType: "text/html;charset=utf-8", bytes: encode(page) });
    },
  };
}

/** Words of this program in the page: its frame, the keys of a case, the elements of its drawings. No text of a case is among them. */
function wordsAround(frame: string, one: PlayData): string[] {
  const keys = JSON.stringify(one, (key, value: unknown) =>
    typeof value === "string" && key !== "format" ? "" : value,
  );
  const elements = one.pictures.map(({ svg }) => svg.replace(/>[^<]*</g, "><").replace(/"[^"]*"/g, ""));
  return [frame, keys, ...elements].flatMap((text) => text.match(/[\p{L}\d-]{3,}/gu) ?? []);
}

/** Nothing of what is in it. */
const FILE_NAME = "quiz.html";
