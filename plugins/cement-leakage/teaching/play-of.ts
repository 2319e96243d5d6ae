// The teaching case as its offline page takes it: leaks to be found, sites and sizes to choose from, windows, and the answer in words.
import type { Locale } from "#core/problem";
import type { CtVolume } from "#core/volume";
import { voxelFromPatient } from "#core/space";
import type { RunMask } from "#voxels/mask";
import { crossSections } from "../exports/best-plane.ts";
import { sizeText } from "../exports/sentences.ts";
import type { Findings, FindingsLeak } from "../model/findings.ts";
import { checklistFor, siteOf, withCaseTerms } from "../model/sites.ts";
import { type LabelledMask, type PackedStack, type Region, packStack } from "./case-stack.ts";
import type { Difficulty, TeachingCase, TeachingWords } from "./compose.ts";
import { TEACHING_WORDS as T, pageWords } from "./page-words.ts";
import type { PlayData, PlayLeak } from "./play-data.ts";

export interface TeachingPicture {
  readonly caption: string;
  readonly png: string;
}

export interface PlayInput {
  /** De-identified. */
  readonly findings: Findings;
  readonly composed: TeachingCase;
  readonly words: TeachingWords;
  readonly difficulty: Difficulty;
  readonly locale: Locale;
  readonly volume: CtVolume;
  readonly region: Region;
  /** By leak id, and the cement in bone. */
  readonly leakMasks: ReadonlyMap<string, RunMask>;
  readonly cementMasks: readonly RunMask[];
  /** PNG, base64. */
  readonly pictures: readonly TeachingPicture[];
  readonly open: boolean;
}

const IN_BONE = 1;
const IN_BONE_COLOR = "#dee2e6";
const FIRST_LEAK = 2;

/** HU steps in the order in which they are tried. */
const STEPS_HU = [1, 2, 4] as const;
/** Of the file of 15 MB, what its pictures, words and script leave. */
const MOST_BASE64 = 13_000_000;

/** Finely where that fits, more coarsely where it doesn't; null where even that is too large: the region has to be smaller. */
export function packWithin(
  volume: CtVolume,
  region: Region,
  masks: readonly LabelledMask[],
  most = MOST_BASE64,
): PackedStack | null {
  for (const step of STEPS_HU) {
    const packed = packStack(volume, region, masks, step);
    if (packed.hu.length + packed.labels.length <= most) return packed;
  }
  return null;
}

/** Null where the region is too large for one file. */
export const playOf = (input: PlayInput): PlayData | null =>
  withCaseTerms(input.findings.terms, () => made(input));

function made(input: PlayInput): PlayData | null {
  const { findings, locale, volume, region, leakMasks, words } = input;
  const shown = findings.leaks.filter(({ leakId }) => leakMasks.has(leakId));
  const labelled = shown.map((leak, n) => ({
    leak,
    label: FIRST_LEAK + n,
    mask: leakMasks.get(leak.leakId),
  }));
  const masks: LabelledMask[] = [
    ...input.cementMasks.map((mask) => ({ label: IN_BONE, mask })),
    ...labelled.flatMap(({ label, mask }) => (mask ? [{ label, mask }] : [])),
  ];
  const packed = packWithin(volume, region, masks);
  if (!packed) return null;
  const bones = new Set(findings.lesions.map(({ bone }) => bone));
  const siteIds = [
    ...new Set([
      ...[...bones].flatMap((bone) => checklistFor(bone, findings.terms ?? []).map(({ id }) => id)),
      ...shown.map(({ site }) => site),
    ]),
  ];
  const leaks = labelled.flatMap(({ leak, label, mask }): PlayLeak[] =>
    mask
      ? [
          {
            label,
            name: leak.leakId,
            site: siteIds.indexOf(leak.site),
            size: sizeOf(leak, locale),
            at: placeOf(mask, volume, region),
          },
        ]
      : [],
  );
  return {
    locale,
    open: input.open,
    words: pageWords(locale),
    ...packed,
    colors: [
      [IN_BONE, IN_BONE_COLOR],
      ...labelled.map(({ leak, label }) => [label, siteOf(leak.site).color] as const),
    ],
    leaks,
    sites: siteIds.map((id) => siteOf(id).name[locale]),
    ranges: [
      { ml: [0, 0.1], text: T.range.least[locale] },
      { ml: [0.1, 0.5], text: T.range.small[locale] },
      { ml: [0.5, 2], text: T.range.middle[locale] },
      { ml: [2, 1000], text: T.range.large[locale] },
    ],
    windows: [
      { name: T.windows.bone[locale], widthHu: 2000, levelHu: 500 },
      { name: T.windows.soft[locale], widthHu: 400, levelHu: 40 },
      { name: T.windows.cement[locale], widthHu: 4000, levelHu: 1500 },
    ],
    answer: [
      { heading: T.heading.answer[locale], text: words.answer },
      { heading: T.heading.findings[locale], text: words.findings },
      { heading: T.heading.discussion[locale], text: words.discussion },
      { heading: T.heading.basis[locale], text: input.composed.basis },
      { heading: T.heading.difficulty[locale], text: T.level[input.difficulty][locale] },
    ],
    pictures: input.pictures.map(({ caption, png }) => ({ caption, source: `data:image/png;base64,${png}` })),
  };
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
function placeOf(mask: RunMask, { grid }: CtVolume, region: Region): PlayLeak["at"] {
  const sections = crossSections(mask, grid);
  const best = sections.find(({ plane }) => plane === "axial") ?? sections[0];
  const [i, j, k] = best ? voxelFromPatient(grid, best.at) : [0, 0, 0];
  const within = (value: number, first: number, count: number) =>
    Math.max(0, Math.min(count - 1, Math.round(value) - first));
  return [
    within(i, region.firstColumn, region.columns),
    within(j, region.firstRow, region.rows),
    within(k, region.firstSlice, region.slices),
  ];
}
