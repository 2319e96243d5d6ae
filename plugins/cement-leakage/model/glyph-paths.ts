// The shapes of the sites as SVG paths in a box of 12 by 12: the same in lists, images and print.
import type { Glyph } from "./sites.ts";

export const GLYPH_PATHS: Readonly<Record<Glyph, string>> = {
  circle: "M6 1a5 5 0 1 0 .01 0Z",
  square: "M1.500 1.500h9v9h-9Z",
  triangle: "M6 1 11 10.500H1Z",
  diamond: "M6 .5 11.500 6 6 11.500 .5 6Z",
  cross: "M4 1h4v3h3v4H8v3H4V8H1V4h3Z",
};
