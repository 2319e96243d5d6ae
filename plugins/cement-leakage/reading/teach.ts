// A teaching case of a signed case: proposed whole, changed by the author, searched for what identifies, and only then saved.
import type { Deidentifying, LeakReport } from "#contract";
import { ProblemError, type Problem, problem } from "#core/problem";
import { writable, type Readable } from "#core/readable";
import { STANDARD_CODES } from "#core/standard-codes";
import { caseFiles, findingsJson } from "../exports/bundle.ts";
import { keyObjectDocument } from "../exports/key-objects.ts";
import { type ExportInput, type PreparedExport, prepareExport } from "../exports/prepare.ts";
import { FINDINGS_CREATOR, findingsJsonSchema, type Findings } from "../model/findings.ts";
import { withCaseTerms, type LocalText } from "../model/sites.ts";
import { caseHtml } from "../teaching/case-html.ts";
import type { Region } from "../teaching/case-stack.ts";
import {
  composeTeachingCase,
  type Difficulty,
  type TeachingCase,
  type TeachingWords,
} from "../teaching/compose.ts";
import { deidentifyFindings } from "../teaching/deidentify-findings.ts";
import { pageScripts } from "../teaching/page-scripts.ts";
import { TEACHING_WORDS as T, pageWords } from "../teaching/page-words.ts";
import { playOf } from "../teaching/play-of.ts";
import { rareCombination } from "../teaching/rare-combination.ts";
import { teachingVocabulary, type TeachingVocabulary } from "../teaching/teaching-vocabulary.ts";
import { teachingFiles, teachingZip, type TeachingFile } from "../teaching/teaching-zip.ts";
import type { Exporting } from "./export-case.ts";
import { leakPictures, type LeakPictures } from "./report-pictures.ts";
import type { Reading } from "./reading.ts";
import { WHY } from "./words.ts";

export interface TeachingChoices {
  readonly words: TeachingWords;
  readonly difficulty: Difficulty;
  /** By leak id. */
  readonly pictures: ReadonlyMap<string, { readonly marked: boolean; readonly plain: boolean }>;
  /** Answers shown from the start. */
  readonly open: boolean;
}

export interface TeachingState {
  readonly step: "closed" | "working" | "ready";
  readonly choices: TeachingChoices | null;
  readonly pictures: readonly LeakPictures[];
  /** What the answer rests on. */
  readonly basis: string;
  /** Why the patient might be recognised all the same. */
  readonly warnings: readonly LocalText[];
  /** Of the search of these choices; null where they were changed since. */
  readonly report: LeakReport | null;
  /** Objects that were left out, and why. */
  readonly notes: readonly Problem[];
  /** Why there is no teaching case. */
  readonly problem: Problem | null;
}

export interface Teaching {
  readonly state: Readable<TeachingState>;
  whyNot(): string | null;
  /** Proposes the whole case in the reader's language, makes it, and searches it. */
  begin(): Promise<void>;
  change(choices: Partial<TeachingChoices>): void;
  /** Makes and searches what was changed; nothing is saved where something that identifies is found. */
  save(form: "html" | "zip"): Promise<void>;
  close(): void;
}

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

/** mm; smaller where the page would be too large for one file. */
const MARGINS_MM = [40, 25, 12] as const;
const MOST_VOXELS = 12_000_000;

interface Begun {
  readonly prepared: PreparedExport;
  readonly deidentifying: Deidentifying;
  readonly findings: Findings;
  readonly composed: TeachingCase;
  readonly vocabulary: TeachingVocabulary;
  readonly region: Region;
  /** SEG, SR and key objects as they are exported. */
  readonly originals: readonly TeachingFile[];
  readonly objects: readonly TeachingFile[];
  readonly locale: "en" | "zh";
}

interface Made {
  readonly html: TeachingFile;
  readonly files: readonly TeachingFile[];
}

export function createTeaching(reading: Reading, exporting: Exporting): Teaching {
  const { host } = reading;
  const state = writable<TeachingState>(CLOSED);
  let begun: Begun | null = null;
  let made: Made | null = null;
  const set = (change: Partial<TeachingState>) => state.set({ ...state.get(), ...change });

  function whyNot(): string | null {
    if (reading.document.get().status !== "final") return reading.say(WHY.notSigned);
    return exporting.whyNot("cement-leakage/export-sr");
  }

  async function deidentified(): Promise<{ begun: Begun; notes: readonly Problem[] }> {
    const locale = host.locale.get();
    const record = exporting.record();
    const from = prepareExport(record);
    if (!from.ok) throw new ProblemError(from.problem);
    const prepared = from.value;
    const originals = objectsOf(record, prepared);
    const masks = prepared.segments.map(({ mask }) => mask);
    const { series, volume } = host.scene.get();
    if (!series || !volume) throw new ProblemError(problem("case/none-open"));
    let deidentifying: Deidentifying | null = null;
    let region: Region | null = null;
    for (const marginMm of MARGINS_MM) {
      deidentifying = await host.dicom.deidentify({ masks, marginMm, objects: originals });
      const { crop } = deidentifying;
      const kept = series.instances.flatMap(({ sopInstanceUid }, k) =>
        crop.instances.has(sopInstanceUid) ? [k] : [],
      );
      region = { ...crop, firstSlice: kept[0] ?? 0, slices: kept.length };
      if (region.columns * region.rows * region.slices <= MOST_VOXELS) break;
    }
    if (!deidentifying || !region) throw new ProblemError(problem("case/none-open"));
    const cleaned = deidentifyFindings(prepared.findings, deidentifying.pseudonyms, new Set());
    // What the engine had proposed, and its sentence about why, is no part of the answer.
    const findings = { ...cleaned, leaks: cleaned.leaks.map((leak) => ({ ...leak, proposal: undefined })) };
    const vocabulary = teachingVocabulary({ ...record, findings: cleaned });
    if (!vocabulary.ok) throw new ProblemError(vocabulary.problem);
    const known = { ...vocabulary.value, texts: new Set([...vocabulary.value.texts, KEY_IMAGES]) };
    const objects = await deidentifying.files(originals, {
      vocabulary: known,
      findings: { creator: FINDINGS_CREATOR, text: findingsJson(findings) },
    });
    if (!objects.ok) throw new ProblemError(objects.problem);
    return {
      begun: {
        prepared,
        deidentifying,
        findings,
        composed: composeTeachingCase(findings, locale),
        vocabulary: known,
        region,
        originals,
        objects: objects.value.files,
        locale,
      },
      notes: objects.problems,
    };
  }

  /** SEG and SR as exported, and the key images under the title by which a teaching file's receiver takes them (IHE TCE). */
  function objectsOf(record: ExportInput, prepared: PreparedExport): TeachingFile[] {
    const files = caseFiles(record, host.dicom);
    if (!files.ok) throw new ProblemError(files.problem);
    const keyObjects = withCaseTerms(prepared.findings.terms, () => keyObjectDocument(prepared));
    const kept = files.value.filter(({ kind }) => kind === "SEG" || kind === "SR");
    if (!keyObjects.ok) return [...kept];
    const document = {
      ...keyObjects.value,
      title: STANDARD_CODES.kosTeachingExport,
      description: KEY_IMAGES,
    };
    return [...kept, { name: "key-images.dcm", bytes: host.dicom.encodeKeyObjects(document) }];
  }

  /** Files of the choices, and the search of them; what is found keeps them from being saved. */
  function make(): LeakReport {
    const { choices, pictures } = state.get();
    const { volume } = host.scene.get();
    if (!begun || !choices || !volume) throw new ProblemError(problem("case/none-open"));
    const { composed, deidentifying, findings, locale, objects, originals, prepared, region, vocabulary } =
      begun;
    const { words, difficulty, open } = choices;
    const data = playOf({
      ...{ findings, composed, words, difficulty, locale, volume, region, open },
      leakMasks: new Map(
        prepared.segments.flatMap((one) => (one.kind === "leak" ? [[one.leak.leakId, one.mask]] : [])),
      ),
      cementMasks: prepared.segments.flatMap((one) => (one.kind === "leak" ? [] : [one.mask])),
      pictures: pictures.flatMap((picture) => {
        const chosen = choices.pictures.get(picture.leakId);
        const caption = (what: LocalText) =>
          `${picture.leakId}, ${T.plane[picture.plane][locale]}, ${what[locale]}`;
        return [
          ...(chosen?.plain ? [{ caption: caption(T.without), png: picture.plain }] : []),
          ...(chosen?.marked ? [{ caption: caption(T.withOverlay), png: picture.marked }] : []),
        ];
      }),
    });
    if (!data) throw new ProblemError(TOO_LARGE);
    const html = caseHtml({ data, title: words.title, history: words.history, scripts: pageScripts });
    const page = { name: "case.html", bytes: new TextEncoder().encode(html) };
    const files = teachingFiles({ findings, words, difficulty, objects, html });
    made = { html: page, files };
    const original = {
      name: "findings.json",
      bytes: new TextEncoder().encode(findingsJson(prepared.findings)),
    };
    // The proposed words are this program's own; what the author wrote instead is searched in full.
    const own = [
      ...Object.values<string>({ ...composed.words }),
      composed.basis,
      ...Object.values(pageWords(locale)),
      ...schemaWords(),
    ];
    return deidentifying.search(files, [...originals, original], own, vocabulary);
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
      begun = null;
      made = null;
      set({ ...CLOSED, step: "working" });
      await guarded(async () => {
        const pictures = await leakPictures(reading);
        const started = await deidentified();
        begun = started.begun;
        const { composed, findings } = begun;
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
        if (!made || !begun || !report?.clean) return;
        const name = `${begun.deidentifying.pseudonyms.subject}_teaching-case`;
        host.files.save(
          form === "html"
            ? { name: `${name}.html`, mediaType: "text/html;charset=utf-8", bytes: made.html.bytes }
            : { name: `${name}.zip`, mediaType: "application/zip", bytes: teachingZip(made.files) },
        );
      });
    },
    close() {
      begun = null;
      made = null;
      state.set(CLOSED);
    },
  };
}

/** Answers that the schema itself lists, and the roles of readers: words that a findings file holds on purpose. */
function schemaWords(): string[] {
  const words = ["radiologist", "reader", "resident", "interventional radiologist", "adjudicator"];
  const visit = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    for (const [key, value] of Object.entries(node))
      if (key === "const" || key === "enum")
        for (const one of Array.isArray(value) ? (value as unknown[]) : [value]) {
          if (typeof one === "string") words.push(one);
        }
      else visit(value);
  };
  visit(findingsJsonSchema());
  return words;
}

const KEY_IMAGES = "Largest cross-section of each cement leak. Teaching case, not for diagnosis.";

const TOO_LARGE: Problem = {
  code: "cement/teaching-too-large",
  severity: "error",
  details: {},
  text: {
    en: "Even cropped, this case is too large for one page of 15 MB. Open a reconstruction with thicker slices.",
    zh: "即使裁剪后，本病例仍超过单页 15 MB 的限制。请打开层厚较大的重建。",
  },
};
