// A teaching case of a signed case: proposed whole, changed by the author, searched for what identifies, and only then saved.
import type { LeakReport } from "#contract";
import { ProblemError, problem } from "#core/problem";
import { writable } from "#core/readable";
import type { LocalText } from "../../model/sites.ts";
import type { CaseScene } from "../../teaching/case-scene.ts";
import { type Drawn, type Figure, drawnKey, drawnOf, figureOf } from "../../teaching/figure.ts";
import { freeTextsOf } from "../../teaching/free-texts.ts";
import type { KeyImage } from "../../teaching/key-image.ts";
import { rareCombination } from "../../teaching/rare-combination.ts";
import { type TeachingFile, teachingZip } from "../../teaching/teaching-zip.ts";
import type { Exporting } from "../export-case.ts";
import type { Reading } from "../reading.ts";
import { WHY } from "../words.ts";
import { type DeidentifiedCase, deidentifiedCase } from "./deidentified-case.ts";
import { figureFiles, type Rasterize } from "./figure-files.ts";
import { type TeachingMade, makeFiles } from "./make-files.ts";
import { approvedTexts, createPrivacy } from "./privacy.ts";
import { searchFiles } from "./search-files.ts";
import type { Teaching, TeachingState } from "./teaching-state.ts";

const CLOSED: TeachingState = {
  step: "closed",
  choices: null,
  keyImages: [],
  warnings: [],
  report: null,
  notes: [],
  problem: null,
};

/** Pictures of a case that are kept while it is changed. */
const MOST_DRAWN = 60;

/** Draws each picture once, whatever of its words and arrows is changed. */
function figureMaker(scene: CaseScene): (image: KeyImage) => Figure {
  const known = new Map<string, Drawn>();
  return (image) => {
    const key = drawnKey(image);
    const drawn = known.get(key) ?? drawnOf(scene, image);
    known.delete(key);
    known.set(key, drawn);
    for (const oldest of known.keys()) if (known.size > MOST_DRAWN) known.delete(oldest);
    return figureOf(image, drawn);
  };
}

/** The page is drawn before it is busy again for a moment. */
const turn = (): Promise<void> => new Promise((done) => setTimeout(done));

export function createTeaching(reading: Reading, exporting: Exporting, rasterize: Rasterize): Teaching {
  const { host } = reading;
  const state = writable<TeachingState>(CLOSED);
  let taught: DeidentifiedCase | null = null;
  let figure: ((image: KeyImage) => Figure) | null = null;
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
    if (!figure || done.taught.scene !== taught?.scene) figure = figureMaker(done.taught.scene);
    taught = done.taught;
    stale = false;
    if (!privacy.state.get().region) propose(taught.deidentifying.region);
    set({ notes: done.notes });
    if (!state.get().choices) await proposed(taught, figure);
    return taught;
  }

  async function proposed(
    { composed, keyImages }: DeidentifiedCase,
    draw: (image: KeyImage) => Figure,
  ): Promise<void> {
    for (const image of keyImages) {
      draw(image);
      await turn();
    }
    set({
      keyImages,
      choices: {
        words: composed.words,
        difficulty: composed.difficulty,
        basis: composed.basis,
        pictures: keyImages,
        open: false,
      },
    });
    set({ warnings: warnings() });
  }

  /** What is found keeps the files from being saved. */
  async function make(): Promise<LeakReport> {
    const ready = await deidentified();
    const { choices } = state.get();
    if (!figure || !choices) throw new ProblemError(problem("case/none-open"));
    const files = await makeFiles(host.dicom, ready, choices, figure);
    made = files;
    return searchFiles(ready, [...files.files, ...files.mirc], files.markup);
  }

  async function saveFigures(of: DeidentifiedCase, markup: readonly string[]): Promise<void> {
    const { choices } = state.get();
    if (!choices || !figure) return;
    const files = await figureFiles(choices.pictures, figure, of.locale, rasterize);
    const report = searchFiles(of, files, markup);
    set({ report });
    if (!report.clean) return;
    const name = `${of.deidentifying.pseudonyms.subject}_figures.zip`;
    host.files.save({ name, mediaType: "application/zip", bytes: teachingZip(files) });
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
        const { subject } = taught.deidentifying.pseudonyms;
        if (form === "figures") return saveFigures(taught, made.markup);
        const name = `${subject}_teaching-case`;
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
