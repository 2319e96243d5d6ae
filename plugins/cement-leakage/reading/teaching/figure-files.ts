// Key images as files: for slides as SVG and PNG with a scale bar, and as the pictures of a MIRC document.
import type { Locale } from "#core/problem";
import { barePng } from "../../teaching/bare-png.ts";
import { figureSvg } from "../../teaching/figure-svg.ts";
import type { KeyImage } from "../../teaching/key-image.ts";
import type { MircPicture } from "../../teaching/mirc-document.ts";
import type { TeachingFile } from "../../teaching/teaching-zip.ts";
import type { FigureMaker } from "./figure-maker.ts";

/** An SVG as a PNG of this many pixels a side: the page draws it. */
export type Rasterize = (svg: string, sidePx: number) => Promise<Uint8Array>;

export interface FigureFilesInput {
  readonly pictures: readonly KeyImage[];
  readonly figure: FigureMaker;
  readonly locale: Locale;
  readonly rasterize: Rasterize;
}

/** Sharp on a slide of 1920 pixels; and as wide as MIRC shows pictures. */
const SLIDE_PX = 1080;
const MIRC_PX = 600;

/** "01_K1-axial.svg", "01_K1-axial_overlay.png", …, and the captions. */
export async function slideFiles(input: FigureFilesInput): Promise<TeachingFile[]> {
  const files: TeachingFile[] = [];
  const captions: string[] = [];
  for (const [n, image] of input.pictures.entries()) {
    const stem = `${String(n + 1).padStart(2, "0")}_${image.id}`;
    captions.push(`${stem}: ${image.caption}`);
    for (const marked of formsOf(image)) {
      const name = `${stem}${marked ? "_overlay" : ""}`;
      files.push(
        { name: `${name}.svg`, bytes: new TextEncoder().encode(svgOf(input, image, marked)) },
        { name: `${name}.png`, bytes: await pngOf(input, image, marked, SLIDE_PX) },
      );
    }
  }
  return [...files, { name: "captions.txt", bytes: new TextEncoder().encode(`${captions.join("\n")}\n`) }];
}

/** The picture without marks, and with them on demand. */
export async function mircPictures(input: FigureFilesInput): Promise<MircPicture[]> {
  const pictures: MircPicture[] = [];
  for (const image of input.pictures) {
    const { id, caption, form } = image;
    const picture = (marked: boolean) => pngOf(input, image, marked, MIRC_PX);
    pictures.push({
      name: `${id}.png`,
      caption,
      png: await picture(form === "marked"),
      ...(form === "both" ? { marked: { name: `${id}-marked.png`, png: await picture(true) } } : {}),
    });
  }
  return pictures;
}

const formsOf = ({ form }: KeyImage): readonly boolean[] =>
  form === "both" ? [false, true] : [form === "marked"];

const svgOf = ({ figure, locale }: FigureFilesInput, image: KeyImage, marked: boolean): string =>
  figureSvg(figure(image), { marked, title: image.caption, locale });

const pngOf = async (
  input: FigureFilesInput,
  image: KeyImage,
  marked: boolean,
  sidePx: number,
): Promise<Uint8Array> => barePng(await input.rasterize(svgOf(input, image, marked), sidePx));
