// The teaching case as one zip: de-identified objects, the findings, what the case is in words and codes, and the page that plays it.
import { type Zippable, strToU8, zipSync } from "fflate";
import { findingsJson } from "../exports/bundle.ts";
import type { Findings } from "../model/findings.ts";
import {
  type Basis,
  type Category,
  CATEGORY_CODES,
  type Difficulty,
  LEVEL_CODES,
  type TeachingWords,
} from "./compose.ts";

export interface TeachingFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface TeachingParts {
  /** De-identified. */
  readonly findings: Findings;
  readonly words: TeachingWords;
  readonly difficulty: Difficulty;
  readonly categories: readonly Category[];
  readonly basis: Basis;
  /** De-identified CT, SEG, SR and key objects. */
  readonly objects: readonly TeachingFile[];
  readonly html: string;
}

/** Files by name, as they stand in the zip. */
export const teachingFiles = ({
  findings,
  words,
  difficulty,
  categories,
  basis,
  objects,
  html,
}: TeachingParts): TeachingFile[] => [
  ...objects.map(({ name, bytes }) => ({ name: `dicom/${name}`, bytes })),
  { name: "findings.json", bytes: strToU8(findingsJson(findings)) },
  {
    name: "teaching-case.json",
    bytes: strToU8(
      `${JSON.stringify({ ...words, restsOn: basis, level: LEVEL_CODES[difficulty], categories: categories.map((one) => CATEGORY_CODES[one]) }, null, 2)}\n`,
    ),
  },
  { name: "case.html", bytes: strToU8(html) },
];

/** The same bytes for the same files. */
export function teachingZip(files: readonly TeachingFile[]): Uint8Array {
  const mtime = new Date(1980, 0, 1, 12, 0, 0);
  const entries: Zippable = {};
  for (const { name, bytes } of files.toSorted((a, b) => (a.name < b.name ? -1 : 1)))
    entries[name] = [bytes, { mtime }];
  return zipSync(entries, { level: 6, os: 3 });
}
