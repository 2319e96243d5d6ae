// The generated series that every app is given: seeded phantoms of the sample data's maker, kept in .cache/ as files on the disk.
import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PROJECT_FOLDER } from "../../../src/cli/prepare.mjs";
import { sourceClosure } from "../../../src/cli/source-closure.mjs";
import { hashOfPaths, makeWhenChanged } from "../../../src/cli/stamp.mjs";
import { makePhantom } from "../../../sample-data/make-phantom.ts";
import { jpegLsFiles } from "./jpeg-ls-files.ts";

interface Recipe {
  readonly slices: number;
  /** Rows and columns. */
  readonly side: number;
  /** Thin enough that the phantom has at least that many slices; further ones are left out. */
  readonly sliceMm: number;
  readonly jpegLs: boolean;
}

const RECIPES = {
  small: { slices: 60, side: 256, sliceMm: 2.7, jpegLs: false },
  large: { slices: 300, side: 512, sliceMm: 0.54, jpegLs: false },
  "jpeg-ls": { slices: 400, side: 512, sliceMm: 0.4, jpegLs: true },
} satisfies Record<string, Recipe>;

export type SeriesName = keyof typeof RECIPES;
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
export const SERIES_NAMES = Object.keys(RECIPES) as readonly SeriesName[];

export interface BenchSeries {
  readonly name: SeriesName;
  /** "300 x 512 x 512, native" */
  readonly title: string;
  readonly slices: number;
  /** Of the voxels as 16-bit numbers. */
  readonly voxelBytes: number;
  /** Of all files. */
  readonly fileBytes: number;
  /** Absolute paths. */
  readonly files: readonly string[];
}

const CACHE = join(PROJECT_FOLDER, ".cache", "bench-app");
/** The truth of the phantom is not asked for: a coarse step makes it sooner. */
const COARSE_MM = 4;

/** The series of that name, made when its maker changed; `say` is told that it takes a while. */
export async function benchSeries(name: SeriesName, say: (line: string) => void): Promise<BenchSeries> {
  const recipe: Recipe = RECIPES[name];
  const folder = join(CACHE, name);
  await makeWhenChanged({
    stampFile: join(CACHE, `${name}.stamp`),
    hash: await hashOfPaths(PROJECT_FOLDER, await sourceClosure(PROJECT_FOLDER, "test/bench/app/series.ts")),
    outputExists: existsSync(folder),
    make: async () => {
      say(`making the series "${name}" …`);
      await make(recipe, folder);
    },
  });
  const files = (await readdir(folder)).toSorted().map((file) => join(folder, file));
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  const { slices, side, jpegLs } = recipe;
  return {
    name,
    title: `${slices} x ${side} x ${side}, ${jpegLs ? "JPEG-LS" : "native"}`,
    slices,
    voxelBytes: 2 * slices * side * side,
    fileBytes: sizes.reduce((sum, size) => sum + size, 0),
    files,
  };
}

async function make({ slices, side, sliceMm, jpegLs }: Recipe, folder: string): Promise<void> {
  // Beside its place first, so that an interrupted run leaves no half of a series.
  const part = `${folder}.part-${process.pid}`;
  await rm(part, { recursive: true, force: true });
  await mkdir(part, { recursive: true });
  try {
    const coat = jpegLs ? await jpegLsFiles() : (file: Uint8Array) => file;
    let written = 0;
    for (const { fileName, bytes } of makePhantom({ columns: side, sliceMm }, COARSE_MM).files()) {
      if (written === slices) break;
      await writeFile(join(part, fileName), coat(bytes));
      written++;
    }
    if (written < slices)
      throw new Error(`the phantom has ${written} slices of ${sliceMm} mm, not ${slices}`);
    await rm(folder, { recursive: true, force: true });
    await rename(part, folder);
  } finally {
    await rm(part, { recursive: true, force: true });
  }
}
