// A teaching case of a signed case: proposed whole, changed by the author, searched for what identifies, and only then saved.
import type { LeakReport } from "#contract";
import { ProblemError, problem } from "#core/problem";
import { writable } from "#core/readable";
import type { KeyImage } from "../../teaching/key-image.ts";
import { freeTextsOf } from "../../teaching/free-texts.ts";
import { mircFiles } from "../../teaching/mirc-document.ts";
import { rareCombination } from "../../teaching/rare-combination.ts";
import type { LocalText } from "../../model/sites.ts";
import { type TeachingFile, teachingZip } from "../../teaching/teaching-zip.ts";
import type { Exporting } from "../export-case.ts";
import type { Reading } from "../reading.ts";
import { WHY } from "../words.ts";
import { type DeidentifiedCase, deidentifiedCase } from "./deidentified-case.ts";
import { mircPictures, type Rasterize, slideFiles } from "./figure-files.ts";
import { type FigureMaker, figureMaker } from "./figure-maker.ts";
import { type TeachingMade, makeFiles } from "./make-files.ts";
import { approvedTexts, createPrivacy } from "./privacy.ts";
import { searchFiles } from "./search-files.ts";
import type { SavedForm, Teaching, TeachingState } from "./teaching-state.ts";

const CLOSED: TeachingState = {
  step: "closed",
  choices: null,
  keyImages: [],
  warnings: [],
  report: null,
  notes: [],
  problem: null,
};

const ENDS: Readonly<Record<SavedForm, string>> = {
  html: "teaching-case.html",
  zip: "teaching-case.zip",
  mirc: "teaching-case-mirc.zip",
  figures: "figures.zip",
};

/** The page is drawn before it is busy again for a moment. */
const turn = (): Promise<void> => new Promise((done) => setTimeout(done));

/** One after the other, the page at hand in between. */
async function drawn(pictures: readonly KeyImage[], figure: FigureMaker): Promise<void> {
  for (const image of pictures) {
    figure(image);
    await turn();
  }
}

export function createTeaching(reading: Reading, exporting: Exporting, rasterize: Rasterize): Teaching {
  const { host } = reading;
  const state = writable<TeachingState>(CLOSED);
  let taught: DeidentifiedCase | null = null;
  let figure: FigureMaker | null = null;
  let made: TeachingMade | null = null;
  /** What leaves was decided anew since `taught`. */
  let stale = false;
  const { privacy, reset, propose } = createPrivacy(host, () => {
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
    if (!figure || done.taught.scene !== taught?.scene) figure = figureMaker(done.taught.scene);
    taught = done.taught;
    stale = false;
    if (!privacy.state.get().region) propose(taught.region);
    set({ notes: done.notes });
    const pictures = state.get().choices?.pictures ?? taught.keyImages;
    await drawn(pictures, figure);
    set({ keyImages: taught.keyImages });
    if (state.get().choices) return taught;
    set({
      choices: {
        words: composed.words,
        difficulty: composed.difficulty,
        categories: composed.categories,
        basis: composed.basis,
        pictures,
        open: false,
      },
    });
    set({ warnings: warnings() });
    return taught;
  }

  async function make(): Promise<TeachingMade> {
    const ready = await deidentified();
    const { choices } = state.get();
    if (!choices || !figure) throw new ProblemError(problem("case/none-open"));
    return makeFiles(host.dicom, ready, choices, figure);
  }

  /** Page and zip of the choices, and the search of them: what is found keeps everything from being saved. */
  async function check(): Promise<LeakReport | null> {
    if (made) return state.get().report;
    const files = await make();
    made = files;
    return taught && searchFiles(taught, files.files, files.markup);
  }

  /** The files of a form that are searched by themselves, because they are made only when they are asked for. */
  async function further(form: SavedForm, { about }: TeachingMade): Promise<TeachingFile[] | null> {
    const { choices } = state.get();
    if (!choices || !figure || !taught || form === "html" || form === "zip") return null;
    const input = { pictures: choices.pictures, figure, locale: taught.locale, rasterize };
    if (form === "figures") return slideFiles(input);
    return mircFiles({ about, pictures: await mircPictures(input), locale: taught.locale });
  }

  async function guarded(work: () => Promise<void>): Promise<void> {
    set({ step: "working", problem: null });
    await turn();
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
      figure = null;
      made = null;
      stale = false;
      reset(freeTextsOf(exporting.record().findings));
      set({ ...CLOSED, step: "working" });
      await guarded(async () => set({ report: await check() }));
    },
    check: () => guarded(async () => set({ report: await check() })),
    change(choices) {
      const before = state.get().choices;
      if (!before) return;
      made = null;
      set({ choices: { ...before, ...choices }, report: null });
      if (choices.words) set({ warnings: warnings() });
    },
    async save(form) {
      await guarded(async () => {
        const report = await check();
        set({ report });
        if (!made || !taught || !report?.clean) return;
        const files = await further(form, made);
        if (files) {
          const more = searchFiles(taught, files, made.markup);
          set({ report: more });
          if (!more.clean) return;
        }
        const name = `${taught.deidentifying.pseudonyms.subject}_${ENDS[form]}`;
        host.files.save(
          form === "html"
            ? { name, mediaType: "text/html;charset=utf-8", bytes: made.html.bytes }
            : { name, mediaType: "application/zip", bytes: teachingZip(files ?? made.files) },
        );
      });
    },
    figure: (image) => figure && figure(image),
    close() {
      reset([]);
      taught = null;
      figure = null;
      made = null;
      state.set(CLOSED);
    },
  };
}
