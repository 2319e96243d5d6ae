// Puts the tables of a whole run into README.md (one series, short) and test/bench/README.md (all), between their markers.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PROJECT_FOLDER } from "../../../src/cli/prepare.mjs";
import { tableOf, type SeriesResult } from "./report.ts";

const BEGIN = "<!-- bench:app begins; `npm run bench:app -- --write` writes what stands here -->";
const END = "<!-- bench:app ends -->";
/** The series that the goals are about. */
const SHORT = "large";

export interface WholeRun {
  /** Date, machine, number of runs, load. */
  readonly about: string;
  readonly results: readonly SeriesResult[];
  readonly goals: readonly string[];
}

/** The text with what stands between its markers replaced. Throws where a text has no such place. */
export function withBlock(text: string, block: string, fileName: string): string {
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`${fileName} has no lines "${BEGIN}" and "${END}"`);
  return `${text.slice(0, begin + BEGIN.length)}\n${block}\n${text.slice(end)}`;
}

export const shortBlock = ({ about, results }: WholeRun): string =>
  [
    ...results.filter(({ series }) => series.name === SHORT).map((result) => tableOf(result)),
    `${about}.`,
  ].join("\n\n");

export const longBlock = ({ about, results, goals }: WholeRun): string =>
  [
    `${about}.`,
    ...results.map((result) => tableOf(result)),
    goals.map((goal) => `- ${goal}`).join("\n"),
  ].join("\n\n");

export async function writeReadmes(run: WholeRun): Promise<void> {
  const files = [
    { name: "README.md", block: shortBlock(run) },
    { name: "test/bench/README.md", block: longBlock(run) },
  ];
  for (const { name, block } of files) {
    const path = join(PROJECT_FOLDER, name);
    await writeFile(path, withBlock(await readFile(path, "utf8"), block, name));
  }
}
