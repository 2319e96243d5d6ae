// One HTML file that plays from a disk: data, words and script inside, and a policy that forbids every network.
import { sha256 } from "@noble/hashes/sha2.js";
import type { Locale } from "#core/problem";
import { Html, html } from "../exports/html.ts";
import { pageStyle } from "./page-style.ts";
import { TEACHING_WORDS as T } from "./page-words.ts";
import { base64Of } from "./voxel-picture.ts";

/** One module of several. */
const joined = (scripts: readonly string[]): string =>
  scripts.map((text) => text.replace(/^import [^;]*;$/gm, "")).join("\n");

export interface OfflinePage {
  readonly locale: Locale;
  readonly title: string;
  readonly body: Html;
  /** For the script: JSON by the id of its element. */
  readonly data: readonly (readonly [id: string, value: unknown])[];
  /** Texts of the modules in `offline/`: what one takes of another stands above it. */
  readonly scripts: readonly string[];
}

/**
 * The page without its script and style, which are the same in every page and know nothing of a case: what has to be searched for what
 * identifies. In them a name like Frame would be found that nobody wrote.
 */
export const withoutProgram = (page: string, scripts: readonly string[]): string =>
  page.replace(joined(scripts), () => "").replace(pageStyle, () => "");

/** The whole document. Only this script and this style, known by their hashes, may run; nothing may be loaded, sent or framed. */
export function offlinePage({ locale, title, body, data, scripts }: OfflinePage): string {
  const script = joined(scripts);
  if (/<\/script|<!--/i.test(script)) throw new Error("the script would end its own element");
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(pageStyle)}'`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const page = html`<html lang="${locale === "zh" ? "zh-CN" : "en"}">
    <head>
      <meta charset="utf-8" />
      <meta http-equiv="Content-Security-Policy" content="${policy}" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>${title}</title>
      ${element("style", "", pageStyle)}
    </head>
    <body>
      ${body}
      ${data.map(([id, value]) => element("script", ` type="application/json" id="${id}"`, asJson(value)))}
      ${element("script", ` type="module"`, script)}
    </body>
  </html>`;
  return `<!doctype html>\n${page.text}\n`;
}

/** Where a case is played: its images, its questions, its key images. */
export const playground = (locale: Locale): Html =>
  html`<main>${images(locale)} ${questions(locale)}</main>
    <section id="pictures" aria-label="${T.keyImages[locale]}" hidden></section>
    <dialog id="large" aria-label="${T.keyImages[locale]}"></dialog>`;

const images = (locale: Locale): Html =>
  html`<section class="images" aria-label="${T.images[locale]}">
    <div class="row bar">
      <span id="windows" class="row"></span>
      <button type="button" id="overlay" hidden>${T.overlay[locale]}</button>
    </div>
    <div id="frame" tabindex="0" role="application" aria-label="${T.image[locale]}">
      <canvas id="image"></canvas><canvas id="marks" aria-hidden="true"></canvas>
    </div>
    <div class="row">
      <input id="slice" type="range" min="1" step="1" aria-label="${T.images[locale]}" />
      <span id="where"></span>
    </div>
    <p class="hint">${T.howTo[locale]}</p>
  </section>`;

const questions = (locale: Locale): Html =>
  html`<section class="questions" aria-label="${T.questions[locale]}" aria-live="polite">
    <div id="steps">
      <noscript>${T.script[locale]}</noscript>
    </div>
  </section>`;

/** An element whose text is not escaped, because browsers don't undo escapes there: only for texts of this program. */
const element = (name: "style" | "script", attributes: string, text: string): Html =>
  Html.from([`<${name}${attributes}>${text}</${name}>`], []);

/** Words of the author and of files: no sign in it can end the element. */
const asJson = (value: unknown): string =>
  JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

const hashOf = (text: string): string => `sha256-${base64Of(sha256(new TextEncoder().encode(text)))}`;
