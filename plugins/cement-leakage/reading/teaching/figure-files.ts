// Slide figures: every key image as SVG and PNG with its scale bar, without and with the overlay as its author chose.
import type { Locale } from "#core/problem";
import { barePng } from "../../teaching/bare-png.ts";
import type { Figure } from "../../teaching/figure.ts";
import { figureSvg } from "../../teaching/figure-svg.ts";
import type { KeyImage } from "../../teaching/key-image.ts";
import type { TeachingFile } from "../../teaching/teaching-zip.ts";

/** An SVG as a PNG of this many pixels a side: the page draws it. */
export type Rasterize = (svg: string, sidePx: number) => Promise<Uint8Array>;

/** Sharp on a slide of 1920 pixels. */
const PNG_SIDE_PX = 1080;

/** "01_K1-axial.svg", "01_K1-axial_overlay.png", …, and the captions. */
export async function figureFiles(
  pictures: readonly KeyImage[],
  figure: (image: KeyImage) => Figure,
  locale: Locale,
  rasterize: Rasterize,
): Promise<TeachingFile[]> {
  const files: TeachingFile[] = [];
  const captions: string[] = [];
  for (const [n, image] of pictures.entries()) {
    const name = `${String(n + 1).padStart(2, "0")}_${image.id}`;
    captions.push(`${name}: ${image.caption}`);
    for (const marked of image.form === "both" ? [false, true] : [image.form === "marked"]) {
      const svg = figureSvg(figure(image), { marked, title: image.caption, locale });
      const stem = `${name}${marked ? "_overlay" : ""}`;
      files.push(
        { name: `${stem}.svg`, bytes: new TextEncoder().encode(svg) },
        { name: `${stem}.png`, bytes: barePng(await rasterize(svg, PNG_SIDE_PX)) },
      );
    }
  }
  return [...files, { name: "captions.txt", bytes: new TextEncoder().encode(`${captions.join("\n")}\n`) }];
}
