// The files of a teaching case after its author's choices.
import type { Host } from "#contract";
import { ProblemError, type Problem } from "#core/problem";
import { informationOf, type TeachingInformation } from "../../teaching/additional-information.ts";
import { caseHtml, markupWords } from "../../teaching/case-html.ts";
import type { Figure } from "../../teaching/figure.ts";
import { figureSvg } from "../../teaching/figure-svg.ts";
import type { KeyImage } from "../../teaching/key-image.ts";
import { pageScripts } from "../../teaching/page-scripts.ts";
import { TEACHING_WORDS as T } from "../../teaching/page-words.ts";
import { playOf } from "../../teaching/play-of.ts";
import { teachingFiles, type TeachingFile } from "../../teaching/teaching-zip.ts";
import type { DeidentifiedCase } from "./deidentified-case.ts";
import { listingObjects } from "./listing-objects.ts";
import type { TeachingChoices } from "./teaching-state.ts";

export interface TeachingMade {
  readonly html: TeachingFile;
  readonly files: readonly TeachingFile[];
  /** What a receiver of teaching files is told. */
  readonly about: TeachingInformation;
  /** Words of markup in them. */
  readonly markup: readonly string[];
}

/** Throws a ProblemError where the page would be too large. */
export async function makeFiles(
  dicom: Host["dicom"],
  taught: DeidentifiedCase,
  choices: TeachingChoices,
  figure: (image: KeyImage) => Figure,
): Promise<TeachingMade> {
  const { deidentifying, findings, locale, objects, scene } = taught;
  const { words, difficulty, categories, basis, open, pictures } = choices;
  const data = playOf({
    ...{ findings, scene, words, difficulty, categories, basis, locale, open },
    caseId: deidentifying.pseudonyms.subject,
    pictures: pictures.map((image) => {
      const { caption, form } = image;
      return {
        caption,
        form,
        svg: figureSvg(figure(image), { marked: form !== "plain", title: caption, locale }),
      };
    }),
  });
  if (!data) throw new ProblemError(TOO_LARGE);
  const html = caseHtml(data, pageScripts);
  const page = { name: "case.html", bytes: new TextEncoder().encode(html) };
  const about = informationOf({
    ...{ findings, words, difficulty, categories, locale },
    basis: T.basis[basis][locale],
  });
  const listing = await listingObjects(dicom, taught, about);
  return {
    html: page,
    files: teachingFiles({
      findings,
      words,
      difficulty,
      categories,
      basis,
      objects: [...objects, ...listing],
      html,
    }),
    about,
    markup: pictures[0] ? markupWords(data, figure(pictures[0])) : [],
  };
}

const TOO_LARGE: Problem = {
  code: "cement/teaching-too-large",
  severity: "error",
  details: {},
  text: {
    en: "Even cropped, this case is too large for one page of 15 MB. Open a reconstruction with thicker slices.",
    zh: "即使裁剪后，本病例仍超过单页 15 MB 的限制。请打开层厚较大的重建。",
  },
};
