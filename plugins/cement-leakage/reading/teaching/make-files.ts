// The files of a teaching case after its author's choices.
import type { Host } from "#contract";
import { ProblemError, type Locale, type Problem } from "#core/problem";
import type { CtVolume } from "#core/volume";
import type { LocalText } from "../../model/sites.ts";
import { informationOf } from "../../teaching/additional-information.ts";
import { caseHtml } from "../../teaching/case-html.ts";
import { type MircPicture, mircFiles } from "../../teaching/mirc-document.ts";
import { pageScripts } from "../../teaching/page-scripts.ts";
import { TEACHING_WORDS as T } from "../../teaching/page-words.ts";
import { playOf } from "../../teaching/play-of.ts";
import { teachingFiles, type TeachingFile } from "../../teaching/teaching-zip.ts";
import type { LeakPictures } from "../report-pictures.ts";
import type { DeidentifiedCase } from "./deidentified-case.ts";
import { listingObjects } from "./listing-objects.ts";
import type { TeachingChoices } from "./teaching-state.ts";

export interface TeachingMade {
  readonly html: TeachingFile;
  readonly files: readonly TeachingFile[];
  /** For RSNA MIRC. */
  readonly mirc: readonly TeachingFile[];
}

/** Throws a ProblemError where the page would be too large. */
export async function makeFiles(
  dicom: Host["dicom"],
  taught: DeidentifiedCase,
  choices: TeachingChoices,
  pictures: readonly LeakPictures[],
  volume: CtVolume,
): Promise<TeachingMade> {
  const { composed, findings, locale, objects, prepared, region } = taught;
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
  const about = informationOf({ findings, words, difficulty, basis: composed.basis, locale });
  const listing = await listingObjects(dicom, taught, about);
  return {
    html: page,
    files: teachingFiles({ findings, words, difficulty, objects: [...objects, ...listing], html }),
    mirc: mircFiles({ about, pictures: pictures.flatMap(mircPicture(choices, locale)), locale }),
  };
}

/** The picture without marks, and with them on demand; what the author left out is left out here too. */
const mircPicture =
  ({ pictures }: TeachingChoices, locale: Locale) =>
  ({ leakId, plane, plain, marked }: LeakPictures): MircPicture[] => {
    const chosen = pictures.get(leakId);
    if (!chosen?.plain && !chosen?.marked) return [];
    const name = `${leakId}-${plane}`;
    const withMarks = { name: `${name}-marked.png`, png: bytesOf(marked) };
    const caption = `${leakId}, ${T.plane[plane][locale]}`;
    return [
      chosen.plain
        ? {
            ...{ name: `${name}.png`, caption, png: bytesOf(plain) },
            ...(chosen.marked ? { marked: withMarks } : {}),
          }
        : { ...withMarks, caption },
    ];
  };

const bytesOf = (base64: string): Uint8Array =>
  Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));

const TOO_LARGE: Problem = {
  code: "cement/teaching-too-large",
  severity: "error",
  details: {},
  text: {
    en: "Even cropped, this case is too large for one page of 15 MB. Open a reconstruction with thicker slices.",
    zh: "即使裁剪后，本病例仍超过单页 15 MB 的限制。请打开层厚较大的重建。",
  },
};
