// A picture as data: written as text for files and the report, drawn as elements on the page; no markup is ever read.
import { Html } from "../exports/html.ts";

type SvgTag = "svg" | "text" | "line" | "rect" | "circle" | "ellipse" | "path" | "polyline" | "title";

/** Attributes as React names them ("strokeWidth"). */
export interface SvgNode {
  readonly tag: SvgTag;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly children: readonly (SvgNode | string)[];
}

export const node = (
  tag: SvgTag,
  attributes: SvgNode["attributes"],
  children: SvgNode["children"] = [],
): SvgNode => ({ tag, attributes, children });

/** Names that SVG itself writes with capitals. */
const AS_THEY_ARE = new Set(["viewBox"]);
const written = (name: string): string =>
  AS_THEY_ARE.has(name) ? name : name.replaceAll(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`);

/** The picture as markup, every value escaped. */
export function svgMarkup({ tag, attributes, children }: SvgNode): Html {
  const entries = Object.entries(attributes);
  const inner = Html.from(
    Array.from({ length: children.length + 1 }, () => ""),
    children.map((child) => (typeof child === "string" ? child : svgMarkup(child))),
  );
  // Fixed text and values take turns: `<tag name="`, value, `" name="`, value, `">`, children, `</tag>`.
  const before = entries.map(([name], n) => `${n === 0 ? `<${tag}` : '"'} ${written(name)}="`);
  return Html.from(
    [...before, entries.length === 0 ? `<${tag}>` : '">', `</${tag}>`],
    [...entries.map(([, value]) => value), inner],
  );
}

/** Stand-alone text of a picture, for a file. */
export const svgFile = (picture: SvgNode): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n${svgMarkup(picture).text}\n`;
