// A teaching case as RSNA MIRC takes it (MIRCdocument schema): one XML document and the pictures that it names, side by side in a zip.
import { strToU8 } from "fflate";
import type { Locale } from "#core/problem";
import { type Html, html } from "../exports/html.ts";
import type { TeachingInformation } from "./additional-information.ts";
import type { Category, Difficulty } from "./compose.ts";
import type { TeachingFile } from "./teaching-zip.ts";

export interface MircPicture {
  /** "K1-axial.png": file name in the zip. */
  readonly name: string;
  readonly caption: string;
  readonly png: Uint8Array;
  /** The same picture with marks: MIRC shows it on demand. */
  readonly marked?: { readonly name: string; readonly png: Uint8Array };
}

export interface MircInput {
  readonly about: TeachingInformation;
  readonly pictures: readonly MircPicture[];
  readonly locale: Locale;
}

/** MIRC's own values (its enumerated-values.xml), whatever the language of the case. */
const LEVELS: Readonly<Record<Difficulty, string>> = {
  primary: "Primary",
  intermediate: "Intermediate",
  advanced: "Advanced",
};
/** It is searched for by one word or the other of "Vascular|Interventional". */
const CATEGORIES: Readonly<Record<Category, string>> = {
  musculoskeletal: "Musculoskeletal",
  interventional: "Interventional",
  neuro: "Neuro",
  pulmonary: "Pulmonary",
  cardiovascular: "Cardiovascular",
};
const UNKNOWN_TITLE = { en: "Unknown: CT after cement augmentation", zh: "未知病例：骨水泥强化术后 CT" };
const RIGHTS = {
  en: "Teaching case, de-identified. Not for diagnosis.",
  zh: "教学病例，已去标识。不用于诊断。",
};

/** "MIRCdocument.xml" and the pictures, to be zipped as they are: MIRC's Submit Service unpacks one folder. */
export function mircFiles({ about, pictures, locale }: MircInput): TeachingFile[] {
  return [
    { name: "MIRCdocument.xml", bytes: strToU8(mircDocument({ about, pictures, locale })) },
    ...pictures.flatMap(({ name, png, marked }) => [
      { name, bytes: png },
      ...(marked ? [{ name: marked.name, bytes: marked.png }] : []),
    ]),
  ];
}

/** The alternative title and abstract are what MIRC shows of an unknown: nothing of the answer stands in them. */
function mircDocument({ about, pictures, locale }: MircInput): string {
  const { words } = about;
  const document = html`<MIRCdocument display="mstf">
    <title>${words.title}</title>
    <alternative-title>${UNKNOWN_TITLE[locale]}</alternative-title>
    ${about.authors.map(
      (author) =>
        html`<author><name>${author}</name><affiliation></affiliation><contact></contact></author> `,
    )}<abstract>${paragraphs(words.answer)}</abstract>
    <alternative-abstract>${paragraphs(words.history)}</alternative-abstract>
    <keywords>${about.keywords.join(", ")}</keywords>
    <section heading="History">${paragraphs(words.history)}</section>
    <image-section heading="Images" image-pane-width="600"> ${pictures.map(imageOf)}</image-section>
    <section heading="Findings">${paragraphs(words.findings)}</section>
    <section heading="Diagnosis">${paragraphs(words.answer)}</section>
    <section heading="Discussion">
      ${paragraphs(words.discussion)}
      <p>${about.basis}</p>
    </section>
    <document-type>Radiologic Teaching File</document-type>
    <history>${words.history}</history>
    <findings>${words.findings}</findings>
    <discussion>${words.discussion}</discussion>
    <diagnosis>${words.answer}</diagnosis>
    <anatomy>${about.anatomy.join(", ")}</anatomy>
    <organ-system>Musculoskeletal</organ-system>
    <modality>CT</modality>
    <category>${about.categories.slice(0, 1).map((one) => CATEGORIES[one])}</category>
    <level>${LEVELS[about.difficulty]}</level>
    <rights>${RIGHTS[locale]}</rights>
  </MIRCdocument>`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${document.text}\n`;
}

const paragraphs = (text: string): Html[] =>
  text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => html`<p>${line}</p>`);

const imageOf = ({ name, caption, png, marked }: MircPicture): Html =>
  html`<image src="${name}" ${sizeOf(png)}>
    <image-caption display="click">${caption}</image-caption>${
      marked
        ? html` <alternative-image
            role="annotation"
            type="image"
            src="${marked.name}"
            ${sizeOf(marked.png)}
          />`
        : null
    }
  </image> `;

/** Of a PNG, from its header (RFC 2083 4.1.1). */
function sizeOf(png: Uint8Array): Html {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  return html`w="${view.getUint32(16)}" h="${view.getUint32(20)}"`;
}
