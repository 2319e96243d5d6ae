// A teaching case of a signed case: proposed whole, changed by the author, searched for what identifies, and only then saved.
import type { LeakReport } from "#contract";
import { ProblemError, problem } from "#core/problem";
import { writable } from "#core/readable";
import { rareCombination } from "../../teaching/rare-combination.ts";
import { teachingZip } from "../../teaching/teaching-zip.ts";
import type { Exporting } from "../export-case.ts";
import type { Reading } from "../reading.ts";
import { leakPictures } from "../report-pictures.ts";
import { WHY } from "../words.ts";
import { type DeidentifiedCase, deidentifiedCase } from "./deidentified-case.ts";
import { type TeachingMade, makeFiles } from "./make-files.ts";
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
  const set = (change: Partial<TeachingState>) => state.set({ ...state.get(), ...change });

  function whyNot(): string | null {
    if (reading.document.get().status !== "final") return reading.say(WHY.notSigned);
    return exporting.whyNot("cement-leakage/export-sr");
  }

  /** What is found keeps the files from being saved. */
  function make(): LeakReport {
    const { choices, pictures } = state.get();
    const { volume } = host.scene.get();
    if (!taught || !choices || !volume) throw new ProblemError(problem("case/none-open"));
    made = makeFiles(taught, choices, pictures, volume);
    return searchFiles(taught, made.files);
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
    whyNot,
    async begin() {
      const why = whyNot();
      if (why) return host.notify(why, "warning");
      taught = null;
      made = null;
      set({ ...CLOSED, step: "working" });
      await guarded(async () => {
        const pictures = await leakPictures(reading);
        const started = await deidentifiedCase(reading, exporting);
        taught = started.taught;
        const { composed, findings } = taught;
        set({
          pictures,
          notes: started.notes,
          basis: composed.basis,
          warnings: rareCombination(findings, ""),
          choices: {
            words: composed.words,
            difficulty: composed.difficulty,
            pictures: new Map(pictures.map(({ leakId }) => [leakId, { marked: true, plain: true }])),
            open: false,
          },
        });
        set({ report: make() });
      });
    },
    change(choices) {
      const before = state.get().choices;
      if (!before) return;
      made = null;
      set({ choices: { ...before, ...choices }, report: null });
    },
    async save(form) {
      await guarded(async () => {
        const report = made ? state.get().report : make();
        set({ report });
        if (!made || !taught || !report?.clean) return;
        const name = `${taught.deidentifying.pseudonyms.subject}_teaching-case`;
        host.files.save(
          form === "html"
            ? { name: `${name}.html`, mediaType: "text/html;charset=utf-8", bytes: made.html.bytes }
            : { name: `${name}.zip`, mediaType: "application/zip", bytes: teachingZip(made.files) },
        );
      });
    },
    close() {
      taught = null;
      made = null;
      state.set(CLOSED);
    },
  };
}
