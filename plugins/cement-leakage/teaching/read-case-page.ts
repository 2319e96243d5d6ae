// A teaching case out of an HTML file that this program saved, or out of the zip that holds one.
import { strFromU8, unzipSync } from "fflate";
import { z } from "zod";
import { CASE_ELEMENT } from "./case-html.ts";
import { pageWords } from "./page-words.ts";
import type { PlayData } from "./play-data.ts";

const text = z.string();
const vec3 = z.tuple([z.number(), z.number(), z.number()]).readonly();
const base64 = z.string().regex(/^[A-Za-z0-9+/]*={0,2}$/);
/** As `figureSvg` writes it: nothing that runs, nothing that is loaded. */
const drawing = z
  .string()
  .startsWith("<svg")
  .refine(
    (svg) =>
      !/<(script|style|a|use|foreignObject|animate|set)\b|\son\w+\s*=|href="(?!data:image\/png;base64,)/i.test(
        svg,
      ),
  );

/** Only what a case is made of: anything else in the file stays behind. The words of the page are this program's own. */
const playSchema: z.ZodType<Omit<PlayData, "words">> = z.object({
  format: z.literal("cement-teaching-case"),
  formatVersion: z.literal(1),
  locale: z.enum(["en", "zh"]),
  caseId: z.string().regex(/^CASE-[0-9A-F]{6}$/),
  title: text,
  history: text,
  mimic: z.boolean(),
  open: z.boolean(),
  stack: z.object({
    columns: z.int().positive(),
    rows: z.int().positive(),
    slices: z.int().positive(),
    columnMm: z.number().positive(),
    rowMm: z.number().positive(),
    rowDirection: vec3,
    columnDirection: vec3,
    positions: z.array(vec3),
    lowestHu: z.number(),
    stepHu: z.number().positive(),
  }),
  hu: base64,
  labels: base64,
  colors: z.array(z.tuple([z.int(), z.string().regex(/^#[0-9a-f]{6}$/)]).readonly()),
  leaks: z.array(
    z.object({
      label: z.int(),
      name: text,
      site: z.int().nonnegative(),
      size: z
        .object({
          ml: z.number(),
          intervalMl: z.tuple([z.number(), z.number()]).readonly().nullable(),
          text,
        })
        .nullable(),
      at: vec3,
    }),
  ),
  sites: z.array(text),
  ranges: z.array(z.object({ ml: z.tuple([z.number(), z.number()]).readonly(), text })),
  windows: z.array(z.object({ name: text, widthHu: z.number(), levelHu: z.number() })),
  answer: z.array(z.object({ heading: text, text })),
  pictures: z.array(z.object({ caption: text, svg: drawing, form: z.enum(["plain", "marked", "both"]) })),
});

const PAGE_IN_ZIP = "case.html";
const OPENING = `<script type="application/json" id="${CASE_ELEMENT}">`;

/** Null where the file is no teaching case of this program. */
export function readCasePage(bytes: Uint8Array): PlayData | null {
  const page = pageOf(bytes);
  const start = page.indexOf(OPENING);
  const end = page.indexOf("</script>", start);
  if (start < 0 || end < 0) return null;
  const read = playSchema.safeParse(parsed(page.slice(start + OPENING.length, end)));
  return read.success ? { ...read.data, words: pageWords(read.data.locale) } : null;
}

function pageOf(bytes: Uint8Array): string {
  if (bytes[0] !== 0x50 || bytes[1] !== 0x4b) return new TextDecoder().decode(bytes);
  try {
    const page = unzipSync(bytes, { filter: ({ name }) => name === PAGE_IN_ZIP })[PAGE_IN_ZIP];
    return page ? strFromU8(page) : "";
  } catch {
    return "";
  }
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}
