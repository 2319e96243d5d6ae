// The teaching case as its offline page takes it: leaks to be found, sites and sizes to choose from, windows, and the answer in words.
import type { CodedConcept } from "#core/coded-concept";
import { voxelFromPatient } from "#core/space";
import type { Locale } from "#core/problem";
import { crossSections } from "../exports/best-plane.ts";
import { sizeText } from "../exports/sentences.ts";
import type { Findings, FindingsLeak } from "../model/findings.ts";
import { checklistFor, siteOf, withCaseTerms } from "../model/sites.ts";
import type { CaseScene, SceneMask } from "./case-scene.ts";
import { type PackedStack, packStack } from "./case-stack.ts";
import {
  type Basis,
  type Category,
  CATEGORY_CODES,
  type Difficulty,
  LEVEL_CODES,
  type TeachingWords,
} from "./compose.ts";
import { KEY_WINDOWS } from "./key-image.ts";
import { TEACHING_WORDS as T, pageWords } from "./page-words.ts";
import type { PlayData, PlayLeak, PlayPicture } from "./play-data.ts";

export interface PlayInput {
  /** De-identified. */
  readonly findings: Findings;
  readonly scene: CaseScene;
  readonly words: TeachingWords;
  readonly difficulty: Difficulty;
  readonly categories: readonly Category[];
  readonly basis: Basis;
  readonly locale: Locale;
  readonly pictures: readonly PlayPicture[];
  readonly caseId: string;
  readonly open: boolean;
}

/** HU steps in the order in which they are tried. */
const STEPS_HU = [1, 2, 4] as const;
/** Of the file of 15 MB, what its words and script leave for stack and pictures. */
const MOST_BYTES = 14_700_000;

/** Finely where that fits, more coarsely where it doesn't; null where even that is too large: the region has to be smaller. */
export function packWithin(
  { volume, labels }: Pick<CaseScene, "volume" | "labels">,
  most: number,
): PackedStack | null {
  for (const step of STEPS_HU) {
    const packed = packStack(volume, labels, step);
    if (packed.hu.length + packed.labels.length <= most) return packed;
  }
  return null;
}

/** Null where region and pictures are too large for one file. */
export const playOf = (input: PlayInput): PlayData | null =>
  withCaseTerms(input.findings.terms, () => made(input));

function made(input: PlayInput): PlayData | null {
  const { findings, locale, scene, words, pictures } = input;
  const taken = pictures.reduce((sum, { svg }) => sum + svg.length, 0);
  const packed = packWithin(scene, MOST_BYTES - taken);
  if (!packed) return null;
  const shown = findings.leaks.flatMap((leak) => {
    const mask = scene.masks.find(({ leakId }) => leakId === leak.leakId);
    return mask ? [{ leak, mask }] : [];
  });
  const bones = new Set(findings.lesions.map(({ bone }) => bone));
  const siteIds = [
    ...new Set([
      ...[...bones].flatMap((bone) => checklistFor(bone, findings.terms ?? []).map(({ id }) => id)),
      ...shown.map(({ leak }) => leak.site),
    ]),
  ];
  return {
    format: "cement-teaching-case",
    formatVersion: 1,
    locale,
    caseId: input.caseId,
    title: words.title,
    history: words.history,
    mimic: (findings.notCement ?? []).length > 0,
    open: input.open,
    words: pageWords(locale),
    ...packed,
    colors: [...new Map(scene.masks.map(({ label, color }) => [label, color]))],
    leaks: shown.map(({ leak, mask }) => ({
      label: mask.label,
      name: leak.leakId,
      site: siteIds.indexOf(leak.site),
      size: sizeOf(leak, locale),
      at: placeOf(mask, scene),
    })),
    sites: siteIds.map((id) => siteOf(id).name[locale]),
    ranges: [
      { ml: [0, 0.1], text: T.range.least[locale] },
      { ml: [0.1, 0.5], text: T.range.small[locale] },
      { ml: [0.5, 2], text: T.range.middle[locale] },
      { ml: [2, 1000], text: T.range.large[locale] },
    ],
    windows: KEY_WINDOWS.map(({ id, widthHu, levelHu }) => ({
      name: T.windows[id][locale],
      widthHu,
      levelHu,
    })),
    answer: [
      { heading: T.heading.answer[locale], text: words.answer },
      { heading: T.heading.findings[locale], text: words.findings },
      { heading: T.heading.discussion[locale], text: words.discussion },
      { heading: T.heading.basis[locale], text: T.basis[input.basis][locale] },
      { heading: T.heading.difficulty[locale], text: codesText(input, locale) },
    ],
    pictures,
  };
}

/** "Intermediate level (DCM 128726)" and the categories. */
function codesText({ difficulty, categories }: PlayInput, locale: Locale): string {
  const coded = (word: string, { scheme, value }: CodedConcept) => `${word} (${scheme} ${value})`;
  return [
    coded(T.level[difficulty][locale], LEVEL_CODES[difficulty]),
    ...categories.map((one) => coded(T.category[one][locale], CATEGORY_CODES[one])),
  ].join("\n");
}

function sizeOf(leak: FindingsLeak, locale: Locale): PlayLeak["size"] {
  if (leak.volumeMm3 === undefined || leak.notMeasurable) return null;
  const interval = leak.volumeCi95Mm3;
  return {
    ml: leak.volumeMm3 / 1000,
    intervalMl: interval ? [interval[0] / 1000, interval[1] / 1000] : null,
    text: sizeText(leak, locale),
  };
}

/** In the cropped stack: where the largest axial cross-section has its middle. */
function placeOf({ mask }: SceneMask, { seriesGrid, volume: { grid } }: CaseScene): PlayLeak["at"] {
  const sections = crossSections(mask, seriesGrid);
  const best = sections.find(({ plane }) => plane === "axial") ?? sections[0];
  if (!best) return [0, 0, 0];
  const [i, j, k] = voxelFromPatient(grid, best.at);
  const within = (value: number, count: number) => Math.max(0, Math.min(count - 1, Math.round(value)));
  return [within(i, grid.columns), within(j, grid.rows), within(k, grid.slices)];
}
