// A teaching case of a signed case: proposed whole, changed by the author, searched for what identifies, and only then saved.
import type { LeakReport } from "#contract";
import { ProblemError, problem } from "#core/problem";
import { writable } from "#core/readable";
import { freeTextsOf } from "../../teaching/free-texts.ts";
import { rareCombination } from "../../teaching/rare-combination.ts";
import type { LocalText } from "../../model/sites.ts";
import { type TeachingFile, teachingZip } from "../../teaching/teaching-zip.ts";
import type { Exporting } from "../export-case.ts";
import type { Reading } from "../reading.ts";
import { leakPictures } from "../report-pictures.ts";
import { WHY } from "../words.ts";
import { type DeidentifiedCase, deidentifiedCase } from "./deidentified-case.ts";
import { type TeachingMade, makeFiles } from "./make-files.ts";
import { approvedTexts, createPrivacy } from "./privacy.ts";
import { searchFiles } from "./search-files.ts";
import type { Teaching, TeachingState } from "./teaching-state.ts";

const CLOSED: TeachingState = {
  step: "closed",
  choices: null,
  pictures: [],
  basis: "",
  warnings: [],
  report: null,
  notes: [],
  problem: null,
};

export function createTeaching(reading: Reading, exporting: Exporting): Teaching {
  const { host } = reading;
  const state = writable<TeachingState>(CLOSED);
  let taught: DeidentifiedCase | null = null;
  let made: TeachingMade | null = null;
  /** What leaves was decided anew since `taught`. */
  let stale = false;
  const { privacy, reset } = createPrivacy(host, () => {
    stale = true;
    made = null;
    set({ report: null, warnings: warnings() });
  });
  const set = (change: Partial<TeachingState>) => state.set({ ...state.get(), ...change });

  function whyNot(): string | null {
    if (reading.document.get().status !== "final") return reading.say(WHY.notSigned);
    return exporting.whyNot("cement-leakage/export-sr");
  }

  function warnings(): LocalText[] {
    const { choices } = state.get();
    if (!taught || !choices) return [];
    const said = [
      ...Object.values<string>({ ...choices.words }),
      ...approvedTexts(privacy.state.get()).values(),
    ];
    return rareCombination(taught.findings, said);
  }

  /** The case as the author's decisions let it leave; proposed words and pictures the first time. */
  async function deidentified(): Promise<DeidentifiedCase> {
    if (taught && !stale) return taught;
    const done = await deidentifiedCase(reading, exporting, privacy.state.get(), taught);
    const { composed } = done.taught;
    taught = done.taught;
    stale = false;
    set({ notes: done.notes });
    if (state.get().choices) return taught;
    const pictures = await leakPictures(reading);
    set({
      pictures,
      basis: composed.basis,
      choices: {
        words: composed.words,
        difficulty: composed.difficulty,
        pictures: new Map(pictures.map(({ leakId }) => [leakId, { marked: true, plain: true }])),
        open: false,
      },
    });
    set({ warnings: warnings() });
    return taught;
  }

  /** What is found keeps the files from being saved. */
  async function make(): Promise<LeakReport> {
    const ready = await deidentified();
    const { choices, pictures } = state.get();
    const { volume } = host.scene.get();
    if (!choices || !volume) throw new ProblemError(problem("case/none-open"));
    const files = await makeFiles(host.dicom, ready, choices, pictures, volume);
    made = files;
    return searchFiles(ready, [...files.files, ...files.mirc]);
  }

  async function guarded(work: () => Promise<void>): Promise<void> {
    set({ step: "working", problem: null });
    // The dialog is drawn before the page is busy for a moment.
    await new Promise((done) => setTimeout(done));
    try {
      await work();
      set({ step: "ready" });
    } catch (error) {
      if (!(error instanceof ProblemError)) {
        set(CLOSED);
        throw error;
      }
      set({ step: "ready", problem: error.problem });
    }
  }

  return {
    state,
    privacy,
    whyNot,
    async begin() {
      const why = whyNot();
      if (why) return host.notify(why, "warning");
      taught = null;
      made = null;
      stale = false;
      reset(freeTextsOf(exporting.record().findings));
      set({ ...CLOSED, step: "working" });
      await guarded(async () => set({ report: await make() }));
    },
    check: () => guarded(async () => set({ report: await make() })),
    change(choices) {
      const before = state.get().choices;
      if (!before) return;
      made = null;
      set({ choices: { ...before, ...choices }, report: null });
      if (choices.words) set({ warnings: warnings() });
    },
    async save(form) {
      await guarded(async () => {
        const report = made ? state.get().report : await make();
        set({ report });
        if (!made || !taught || !report?.clean) return;
        const name = `${taught.deidentifying.pseudonyms.subject}_teaching-case`;
        const zip = (files: readonly TeachingFile[], end: string) =>
          host.files.save({
            name: `${name}${end}.zip`,
            mediaType: "application/zip",
            bytes: teachingZip(files),
          });
        if (form === "zip") zip(made.files, "");
        else if (form === "mirc") zip(made.mirc, "-mirc");
        else
          host.files.save({
            name: `${name}.html`,
            mediaType: "text/html;charset=utf-8",
            bytes: made.html.bytes,
          });
      });
    },
    close() {
      reset([]);
      taught = null;
      made = null;
      state.set(CLOSED);
    },
  };
}
