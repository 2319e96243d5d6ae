// Slices decoded while headers are read: the same volume as in two passes, each file read once, and nothing guessed where it isn't one series.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { loadSeries } from "#dicom/load-series";
import type { NamedFile } from "#dicom/named-file";
import { readFiles } from "#dicom/open-files";
import { readSlice } from "#dicom/read-slice";
import { type EarlySlice, type SliceReader, putInOrder } from "#dicom/slices-ahead";
import { COLUMNS, ROWS, seriesFiles, type SeriesOptions } from "./synthetic-ct.ts";

/** Files that count how many bytes are asked of them. */
function counted(files: readonly NamedFile[]): { files: NamedFile[]; bytesRead: () => number } {
  let bytes = 0;
  return {
    files: files.map((file) => ({
      ...file,
      slice(start, end) {
        bytes += end - start;
        return file.slice(start, end);
      },
    })),
    bytesRead: () => bytes,
  };
}

async function loaded(files: readonly NamedFile[], isAhead: boolean) {
  const told: EarlySlice[] = [];
  const read = await readFiles(files, isAhead ? { ahead: { decoded: (slice) => told.push(slice) } } : {});
  const kept = read.ahead?.keptFor(read.series[0]) ?? undefined;
  const decoded = kept?.slices.size ?? 0;
  const result = await loadSeries(read.series[0], { kept });
  if (!result.ok) throw new Error(result.problem.code);
  return { told, decoded, ...result.value };
}

const forms: readonly (SeriesOptions & { readonly what: string })[] = [
  { what: "names along the stack" },
  { what: "oblique slices", row: [0.8, 0.6, 0], column: [-0.6, 0.8, 0] },
  { what: "rescaled values", change: { RescaleIntercept: "-1024", PixelPaddingValue: 31 } },
  { what: "a slope", change: { RescaleSlope: "1.5" } },
];

describe("slices that are decoded as headers are read", () => {
  it.each(forms)("are the volume of two passes: $what", async (form) => {
    const files = seriesFiles({ slices: 12, ...form });
    const [inTwo, inOne] = [await loaded(files, false), await loaded(files, true)];
    expect(inOne.decoded).toBe(12);
    expect([...inOne.volume.hu]).toEqual([...inTwo.volume.hu]);
    expect(inOne.context).toEqual(inTwo.context);
    expect(inOne.volume.storableHu).toEqual(inTwo.volume.storableHu);
  });

  it("end up in their places whatever the names say", async () => {
    const paths = ["d", "k", "a", "i", "l", "b", "c", "j", "e", "h", "g", "f"];
    const files = seriesFiles({ slices: 12 }).map((file, k) => ({ ...file, path: paths[k] }));
    const [inTwo, inOne] = [await loaded(files, false), await loaded(files, true)];
    expect(inOne.decoded).toBe(12);
    expect([...inOne.volume.hu]).toEqual([...inTwo.volume.hu]);
    const reversed = seriesFiles({ slices: 12 }).map((file, k) => ({ ...file, path: `r${20 - k}` }));
    expect([...(await loaded(reversed, true)).volume.hu]).toEqual([...inTwo.volume.hu]);
  });

  it("are read once: the probes alone cost more than the files hold", async () => {
    const files = seriesFiles({ slices: 40 });
    const held = files.reduce((sum, { size }) => sum + size, 0);
    const { files: watched, bytesRead } = counted(files);
    await loaded(watched, true);
    expect(bytesRead()).toBeLessThanOrEqual((held * 43) / 40);
  });

  it("cost in proportion to their number: one piece of memory, and as many reads of each file", async () => {
    const cost = async (slices: number) => {
      const allocated: number[] = [];
      let reads = 0;
      const files = seriesFiles({ slices }).map((file, k): NamedFile => ({
        ...file,
        path: `s${String(k).padStart(5, "0")}`,
        slice: (start, end) => (reads++, file.slice(start, end)),
      }));
      const allocate = (bytes: number) => (allocated.push(bytes), new ArrayBuffer(bytes));
      const read = await readFiles(files, { ahead: { allocate } });
      const kept = read.ahead?.keptFor(read.series[0]) ?? undefined;
      expect((await loadSeries(read.series[0], { kept, allocate })).ok).toBe(true);
      return { allocated, reads };
    };
    expect(await cost(200)).toEqual({ allocated: [200 * ROWS * COLUMNS * 2], reads: 203 });
    expect(await cost(2000)).toEqual({ allocated: [2000 * ROWS * COLUMNS * 2], reads: 2003 });
  });

  it("show the middle one first", async () => {
    const { told } = await loaded(seriesFiles({ slices: 21 }), true);
    expect(told[0]).toMatchObject({ n: 10, of: 21 });
    expect(told).toHaveLength(21);
  });

  it("are read around where the reader looks, each still once and whole", async () => {
    const files = seriesFiles({ slices: 41 });
    let at: number | null = null;
    const told: number[] = [];
    const decoded = ({ n }: EarlySlice): void => {
      told.push(n);
      if (told.length === 10) at = 38;
    };
    const read = await readFiles(files, { ahead: { decoded, lookedAt: () => at }, concurrency: 1 });
    expect(told.slice(0, 10)).toEqual([20, 19, 21, 18, 22, 17, 23, 16, 24, 15]);
    expect(told.slice(10, 16)).toEqual([38, 37, 39, 36, 40, 35]);
    expect([...told].sort((a, b) => a - b)).toEqual(files.map((_, n) => n));
    const kept = read.ahead?.keptFor(read.series[0]) ?? undefined;
    const result = await loadSeries(read.series[0], { kept });
    expect(result.ok && [...result.value.volume.hu]).toEqual([...(await loaded(files, false)).volume.hu]);
    // Names that go down the stack are read around the same place of it.
    const down = files.map((file, k) => ({ ...file, path: `r${String(99 - k)}` }));
    const first: number[] = [];
    await readFiles(down, {
      ahead: { decoded: ({ n }) => first.push(n), lookedAt: () => 38 },
      concurrency: 1,
    });
    expect(first.slice(0, 4)).toEqual([20, 38, 37, 39]);
  });

  it("are not guessed of two series, of few files, nor of a folder whose ends belong to others", async () => {
    const one = seriesFiles({ slices: 12 });
    const other = seriesFiles({ slices: 12, prefix: "t", change: { SeriesInstanceUID: "2.25.7" } });
    for (const files of [[...one, ...other], one.slice(0, 5)]) {
      const read = await readFiles(files, { ahead: {} });
      expect(read.series.map((series) => read.ahead?.keptFor(series) ?? null)).toEqual(
        read.series.map(() => null),
      );
    }
    // Alike at both ends and in the middle, and still not one series: found out on the way.
    const stray = { ...other[0], path: `${one[3].path}-b` };
    const mixed = await readFiles([...one, stray], { ahead: {} });
    expect(mixed.series).toHaveLength(2);
    expect(mixed.series.map((series) => mixed.ahead?.keptFor(series) ?? null)).toEqual([null, null]);
  });

  it("leave out what could not be decoded or was given back, which loading then reads again", async () => {
    const files = seriesFiles({ slices: 12 });
    const elsewhere: SliceReader = async (file, ...given) => {
      if (file === files[2]) return null;
      const read = await readSlice(file, ...given);
      return read && file === files[9] ? { ...read, slice: null } : read;
    };
    const read = await readFiles(files, { ahead: { elsewhere } });
    const kept = read.ahead?.keptFor(read.series[0]);
    expect([...(kept?.slices.keys() ?? [])]).toEqual([0, 1, 3, 4, 5, 6, 7, 8, 10, 11]);
    const result = await loadSeries(read.series[0], { kept: kept ?? undefined });
    expect(result.ok && [...result.value.volume.hu]).toEqual([...(await loaded(files, false)).volume.hu]);
  });

  it("have no place in memory that can't be had", async () => {
    const read = await readFiles(seriesFiles({ slices: 12 }), {
      ahead: {
        allocate: () => {
          throw new RangeError("Array buffer allocation failed");
        },
      },
    });
    expect(read.ahead).toBeNull();
    expect(read.series[0].summary.openable).toBe(true);
  });
});

it("puts slices in order in place, also with places that are left out", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer({ min: 0, max: 14 }), { minLength: 1, maxLength: 15 }),
      fc.array(fc.boolean(), { minLength: 15, maxLength: 15 }),
      (order, known) => {
        const hu = Int16Array.from({ length: 30 }, (_, n) => n);
        const places = order.map((place, n) => (known[n] ? place : null));
        putInOrder(hu, 2, places);
        places.forEach((place, k) => {
          if (place !== null) expect([...hu.subarray(2 * k, 2 * k + 2)]).toEqual([2 * place, 2 * place + 1]);
        });
      },
    ),
  );
});
