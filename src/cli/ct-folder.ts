// A folder on the disk as a CT: files are read piece by piece, the series to propose first is loaded, the rest is said in words.
import { problemText } from "#core/problem-text";
import type { LoadedSeries } from "#dicom/load-series";
import { loadSeries } from "#dicom/load-series";
import type { ReadResult } from "#dicom/open-files";
import { readFiles } from "#dicom/open-files";
import { provideInstalledCodecs } from "./codec-files.ts";
import { filesUnder } from "./disk-files.ts";
import { Unusable } from "./unusable.ts";

/** Headers of everything below `path`. Throws Unusable where nothing in it can be opened as a CT, with the nearest reason. */
export async function readFolder(path: string): Promise<ReadResult> {
  provideInstalledCodecs();
  const files = await filesUnder(path);
  if (files.length === 0) throw new Unusable(`${path}: the folder is empty`);
  const read = await readFiles(files);
  if (read.series.some((series) => series.summary.openable)) return read;
  const refused = read.series
    .flatMap((series) => series.summary.problems)
    .find((problem) => problem.severity === "error");
  if (refused) throw new Unusable(`${path}: ${problemText(refused, "en")}`);
  const broken = read.rejected.find(({ problem }) => problem.code !== "read/not-dicom");
  const why = broken ? ` ${problemText(broken.problem, "en")}` : "";
  throw new Unusable(`${path}: no CT among ${count(files.length, "file")}.${why}`);
}

export const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? "" : "s"}`;

/** Loads the series that is to be proposed first; `say` is told which one, which others there are, and what was not used. */
export async function loadCt(path: string, say: (line: string) => void): Promise<LoadedSeries> {
  const { series, rejected } = await readFolder(path);
  const [chosen, ...others] = series;
  const { summary } = chosen;
  const spacing =
    summary.sliceSpacingMm === null ? "" : `, ${Number(summary.sliceSpacingMm.toFixed(2))} mm apart`;
  say(
    `Series ${summary.seriesNumber || "?"} "${summary.seriesDescription || "without description"}": ` +
      `${count(summary.imageCount, "slice")} of ${summary.columns} x ${summary.rows}${spacing}`,
  );
  for (const { summary: other } of others)
    say(
      `Not used: series ${other.seriesNumber || "?"} "${other.seriesDescription}", ${count(other.imageCount, "image")}`,
    );
  if (rejected.length > 0) say(`Not used: ${count(rejected.length, "file")} that can't be read as CT`);
  const loaded = await loadSeries(chosen);
  if (!loaded.ok) throw new Unusable(`${path}: ${problemText(loaded.problem, "en")}`);
  return loaded.value;
}
