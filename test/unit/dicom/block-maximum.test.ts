// The table that the threshold slider reads comes with the slices: the same as the twin's, and no voxel is looked at a second time.
import { describe, expect, it } from "vitest";
import type { CtVolume } from "#core/volume";
import { loadSeries } from "#dicom/load-series";
import { memoryFile, type NamedFile } from "#dicom/named-file";
import { readFiles } from "#dicom/open-files";
import {
  type BlockMaximum,
  emptyBlockMaximum,
  fillBlockMaximumTwin,
  keptBlockMaximum,
} from "#voxels/threshold";
import { sliceFile } from "./synthetic-ct.ts";

const SLICES = 12;
/** Two blocks to a row, the second of them a short one. */
const [COLUMNS, ROWS] = [70, 5];

/** Slices whose values have no order; `path` may mislead. */
const files = (path: (k: number) => string): NamedFile[] =>
  Array.from({ length: SLICES }, (_, k) => {
    const stored = Int16Array.from(
      { length: COLUMNS * ROWS },
      (_value, n) => ((n * 7919 + k * 104_729) % 4000) - 1000,
    );
    const bytes = sliceFile({
      position: [0, 0, k],
      uid: `2.25.6${k}`,
      stored,
      change: { Rows: ROWS, Columns: COLUMNS },
    });
    return memoryFile(path(k), bytes);
  });

function twin({ hu, grid }: CtVolume): BlockMaximum {
  const table = emptyBlockMaximum(grid);
  fillBlockMaximumTwin(table, hu, 0, grid.slices);
  return table;
}

async function loaded(given: readonly NamedFile[], isAhead: boolean): Promise<CtVolume> {
  const read = await readFiles(given, isAhead ? { ahead: {} } : {});
  const kept = read.ahead?.keptFor(read.series[0]) ?? undefined;
  expect(kept?.slices.size ?? 0).toBe(isAhead ? SLICES : 0);
  const result = await loadSeries(read.series[0], { kept });
  if (!result.ok) throw new Error(result.problem.code);
  return result.value.volume;
}

const inOrder = (k: number): string => `s${String(k).padStart(2, "0")}`;
const shuffled = (k: number): string => `s${String((k * 5 + 3) % SLICES).padStart(2, "0")}`;

describe("the block maxima of a series that was loaded", () => {
  it.each([
    ["in two passes", inOrder, false],
    ["in one", inOrder, true],
    ["in one, under names that mislead", shuffled, true],
  ] as const)("are the twin's, and were made on the way: %s", async (_how, path, isAhead) => {
    const volume = await loaded(files(path), isAhead);
    const expected = twin(volume);
    // What is looked at now would be seen to be empty.
    volume.hu.fill(-1000);
    expect(keptBlockMaximum(volume.hu, volume.grid)).toEqual(expected);
  });
});
