// Claims about opening whatever a user gives: series found and ranked, objects handed through, rejects named, slices never lost.
import { zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { voxelIndex } from "#core/volume";
import { problemText } from "#core/problem-text";
import { loadSeries } from "#dicom/load-series";
import { type NamedFile, memoryFile, readBytes } from "#dicom/named-file";
import { type ReadProgress, readFiles } from "#dicom/open-files";
import { writePart10 } from "#dicom/part10";
import { ascii } from "./encode-elements.ts";
import { COLUMNS, ROWS, seriesFiles, shuffled } from "./synthetic-ct.ts";

const renamed = (file: NamedFile, path: string): NamedFile => ({ ...file, path });
const cutOff = async (file: NamedFile, by: number): Promise<NamedFile> =>
  memoryFile(file.path, (await readBytes(file)).slice(0, -by));
const codesOf = (problems: readonly { code: string }[]) => problems.map((found) => found.code);
const document = (sopClassUid: string, path: string) =>
  memoryFile(
    path,
    writePart10({
      SOPClassUID: sopClassUid,
      SOPInstanceUID: `2.25.9${path.length}`,
      Modality: "SR",
      StudyInstanceUID: "2.25.1000",
    }),
  );
const mr = () =>
  seriesFiles({ slices: 3, prefix: "mr", change: { Modality: "MR", SeriesInstanceUID: "2.25.2001" } });

async function loaded(files: readonly NamedFile[], options: Parameters<typeof loadSeries>[1] = {}) {
  const { series } = await readFiles(files);
  const result = await loadSeries(series[0], options);
  if (!result.ok) throw new Error(result.problem.code);
  return result.value;
}

describe("readFiles", () => {
  it("finds the CT series among everything else and names each reject", async () => {
    const { series, rejected, otherObjects } = await readFiles(
      shuffled([
        ...seriesFiles(),
        ...mr(),
        ...seriesFiles({ slices: 1, prefix: "one", change: { SeriesInstanceUID: "2.25.2002" } }),
        memoryFile("letter.txt", ascii("Dear radiologist, ".repeat(20))),
        memoryFile("empty.dcm", new Uint8Array(0)),
        memoryFile("findings.json", ascii(' {"schema": 1}')),
        document("1.2.840.10008.5.1.4.1.1.66.4", "seg.dcm"),
        document("1.2.840.10008.5.1.4.1.1.88.34", "report.dcm"),
        document("1.2.840.10008.5.1.4.1.1.88.59", "key.dcm"),
      ]),
    );
    expect(
      series.map(({ summary }) => [
        summary.modality,
        summary.imageCount,
        summary.openable,
        codesOf(summary.problems),
      ]),
    ).toEqual([
      ["CT", 10, true, []],
      ["MR", 3, false, ["stack/not-ct"]],
      ["CT", 1, false, ["stack/single-slice"]],
    ]);
    expect(series[0].summary).toMatchObject({
      sliceSpacingMm: 1,
      rows: ROWS,
      columns: COLUMNS,
      seriesDescription: "Bone 1.0",
    });
    expect(rejected.map(({ path, problem }) => [path, problem.code])).toEqual([
      ["empty.dcm", "read/empty-file"],
      ["letter.txt", "read/not-dicom"],
    ]);
    expect(otherObjects.map(({ path, kind }) => [path, kind])).toEqual([
      ["findings.json", "JSON"],
      ["key.dcm", "KOS"],
      ["report.dcm", "SR"],
      ["seg.dcm", "SEG"],
    ]);
    expect(new TextDecoder().decode(await otherObjects[0].bytes())).toBe(' {"schema": 1}');
    for (const { problem } of rejected) {
      for (const locale of ["en", "zh"] as const)
        expect(problemText(problem, locale)).toContain(String(problem.details.fileName));
    }
  });

  it("proposes the thinnest, then the sharpest, then the longest CT series; the newest study before a prior", async () => {
    const series = (
      prefix: string,
      number: number,
      stepMm: number,
      slices: number,
      studyDate = "20250101",
      kernel = "B30f",
    ) =>
      seriesFiles({
        prefix,
        stepMm,
        slices,
        change: { SeriesInstanceUID: `2.25.300${number}`, StudyDate: studyDate, ConvolutionKernel: kernel },
      });
    const result = await readFiles([
      ...series("thick", 1, 5, 3),
      ...series("short", 2, 1, 8),
      ...series("soft", 3, 1, 9),
      ...series("prior", 4, 0.5, 9, "20240101"),
      ...series("bone", 5, 1, 9, "20250101", "B60f"),
      ...series("lung", 6, 1, 9, "20250101", "B80f"),
    ]);
    expect(result.series.map(({ summary }) => summary.seriesInstanceUid.slice(-1))).toEqual([
      "5",
      "3",
      "2",
      "6",
      "1",
      "4",
    ]);
  });

  it("opens a zip inside a zip, not deeper, and refuses a damaged one", async () => {
    const entries = async (files: readonly NamedFile[]) =>
      Object.fromEntries(
        await Promise.all(files.map(async (file) => [`disc/${file.path}`, await readBytes(file)] as const)),
      );
    const inner = zipSync(await entries(seriesFiles()));
    const outer = zipSync({ "a.zip": inner, "note.txt": ascii("A note that is longer than sixteen bytes") });
    const result = await readFiles([memoryFile("case.zip", outer)]);
    expect(result.series[0].summary).toMatchObject({ openable: true, imageCount: 10 });
    expect(result.series[0].instances[0].file.path).toBe("case.zip/a.zip/disc/s00");
    expect(result.rejected).toMatchObject([
      { path: "case.zip/note.txt", problem: { code: "read/not-dicom" } },
    ]);
    const deepest = await readFiles([memoryFile("deep.zip", zipSync({ "case.zip": outer }))]);
    expect(codesOf(deepest.rejected.map(({ problem }) => problem))).toContain("zip/too-deep");
    const damaged = await readFiles([memoryFile("bad.zip", outer.slice(0, 500))]);
    expect(damaged.rejected).toMatchObject([{ path: "bad.zip", problem: { code: "zip/damaged" } }]);
  });

  it("refuses a zip bomb before unpacking it", async () => {
    const bomb = zipSync({ zeros: new Uint8Array(40_000_000) }, { level: 9 });
    const declared = new DataView(bomb.buffer);
    // The central directory claims 3.5 GB for the entry.
    for (let at = bomb.length - 22; at > 0; at--) {
      if (declared.getUint32(at, true) === 0x02014b50) {
        declared.setUint32(at + 24, 3_500_000_000, true);
        break;
      }
    }
    const result = await readFiles([memoryFile("bomb.zip", bomb)]);
    expect(result.rejected).toMatchObject([{ problem: { code: "zip/too-large" } }]);
  });

  it("reads on where a long private header pushes the pixels beyond the first bytes, and only the header of short ones", async () => {
    const filler = new Uint8Array(200_000).buffer;
    const long = [
      ...seriesFiles({ slices: 2, change: { RedPaletteColorLookupTableData: filler } }),
      ...seriesFiles({
        slices: 2,
        prefix: "late",
        change: { SeriesInstanceUID: "2.25.31", OverlayData: filler },
      }),
    ];
    let bytesRead = 0;
    const counted = seriesFiles({
      slices: 4,
      prefix: "plain",
      change: { Rows: 512, Columns: 512, PixelData: new Uint8Array(524_288).buffer },
    }).map((file): NamedFile => ({
      ...file,
      slice: (start, end) => ((bytesRead += end - start), file.slice(start, end)),
    }));
    expect((await readFiles(long)).series.map(({ summary }) => summary.openable)).toEqual([true, true]);
    expect((await readFiles(counted)).series[0].summary.openable).toBe(true);
    expect(bytesRead).toBe(4 * 16_384);
  });

  it("counts files and bytes, keeps at most six reads open, and stops when cancelled", async () => {
    let open = 0;
    let most = 0;
    const slow = seriesFiles({ slices: 20 }).map((file): NamedFile => ({
      ...file,
      slice: (start, end) => ({
        arrayBuffer: async () => {
          most = Math.max(most, ++open);
          await new Promise((resolve) => setTimeout(resolve, 1));
          open--;
          return file.slice(start, end).arrayBuffer();
        },
      }),
    }));
    const seen: ReadProgress[] = [];
    await readFiles(slow, { progress: (progress) => seen.push(progress) });
    const bytes = slow.reduce((sum, file) => sum + file.size, 0);
    expect(seen.at(-1)).toEqual({ filesDone: 20, filesTotal: 20, bytesDone: bytes, bytesTotal: bytes });
    expect(most).toBe(6);
    const abort = new AbortController();
    let started = 0;
    const cancelling = slow.map((file): NamedFile => ({
      ...file,
      slice: (start, end) => (++started === 8 && abort.abort(), file.slice(start, end)),
    }));
    await expect(readFiles(cancelling, { signal: abort.signal })).rejects.toThrow(/abort/i);
    expect(started).toBeLessThan(20);
  });

  it("rejects a file that has become unreadable and goes on with the others", async () => {
    const lost: NamedFile = {
      path: "gone",
      size: 900,
      slice: () => ({ arrayBuffer: () => Promise.reject(new DOMException("gone", "NotFoundError")) }),
    };
    const { series, rejected } = await readFiles([lost, ...seriesFiles()]);
    expect(rejected).toMatchObject([{ path: "gone", problem: { code: "read/unreadable" } }]);
    expect(series[0].summary.openable).toBe(true);
  });

  it("refuses a series with a cut-off file and names it, unless an intact copy was given too", async () => {
    const files = seriesFiles();
    const broken = [...files.slice(0, 9), await cutOff(files[9], 20)];
    const { series, rejected } = await readFiles(broken);
    expect(series[0].summary.openable).toBe(false);
    expect(series[0].summary.problems[0]).toMatchObject({
      code: "series/broken-file",
      details: { fileName: "s09" },
    });
    expect(rejected).toMatchObject([{ path: "s09", problem: { code: "read/truncated-pixels" } }]);
    expect((await loadSeries(series[0])).ok).toBe(false);
    const healed = await readFiles([...broken, renamed(files[9], "copy/s09")]);
    expect(healed.series[0].summary).toMatchObject({ openable: true, imageCount: 10 });
  });
});

describe("loadSeries", () => {
  it("puts every slice in its place, whatever the order of files", async () => {
    for (const seed of [1, 2]) {
      const { volume, context } = await loaded(shuffled(seriesFiles(), seed));
      expect(volume.hu.length).toBe(ROWS * COLUMNS * 10);
      for (let k = 0; k < 10; k++) {
        expect(volume.hu[voxelIndex(volume.grid, 0, 0, k)]).toBe(k);
        expect(volume.hu[voxelIndex(volume.grid, COLUMNS - 1, ROWS - 1, k)]).toBe(k);
        expect(context.instances[k].sopInstanceUid).toBe(`2.25.771${k}`);
      }
      expect(volume.storableHu).toEqual([-32768, 32767]);
    }
  });

  it("writes into the memory that it is given, shared or not, and reports when there is none", async () => {
    const { volume } = await loaded(seriesFiles(), { allocate: (bytes) => new SharedArrayBuffer(bytes) });
    expect(volume.hu.buffer).toBeInstanceOf(SharedArrayBuffer);
    const { series } = await readFiles(seriesFiles());
    const none = await loadSeries(series[0], {
      allocate: () => {
        throw new RangeError("Array buffer allocation failed");
      },
    });
    expect(none).toMatchObject({
      ok: false,
      problem: { code: "load/out-of-memory", details: { megabytes: 1, slicesThatFit: 0 } },
    });
  });

  it("says how many slices would have memory where all have not", async () => {
    const { series } = await readFiles(seriesFiles({ slices: 100 }));
    const some = await loadSeries(series[0], {
      allocate(bytes) {
        if (bytes > 60 * ROWS * COLUMNS * 2) throw new RangeError("Array buffer allocation failed");
        return new ArrayBuffer(bytes);
      },
    });
    expect(some).toMatchObject({ problem: { details: { slices: 100, slicesThatFit: 50 } } });
    if (!some.ok) expect(problemText(some.problem, "en")).toContain("some 50 of its 100 slices fit");
  });

  it("refuses the series where a slice is replaced, lost or cut after its header was read, and names the file", async () => {
    const files = seriesFiles();
    for (const [change, code] of [
      [() => files[3].slice(0, files[3].size), "load/file-changed"],
      [
        () => ({ arrayBuffer: () => Promise.reject(new DOMException("gone", "NotFoundError")) }),
        "read/unreadable",
      ],
      [() => files[4].slice(0, files[4].size - 30), "decode/truncated-pixels"],
    ] as const) {
      let reads = 0;
      const tricky = files.map((file, k): NamedFile =>
        k === 4
          ? { ...file, slice: (start, end) => (reads++ === 0 ? file.slice(start, end) : change()) }
          : file,
      );
      const { series } = await readFiles(tricky);
      const result = await loadSeries(series[0]);
      expect(result).toMatchObject({ ok: false, problem: { code, details: { fileName: "s04" } } });
    }
  });

  it("marks voxels clipped at the storable ceiling and where they pile up below it, and not where a maximum is just a maximum", async () => {
    const twelveBit = { BitsStored: 12, HighBit: 11, PixelRepresentation: 0, RescaleIntercept: "-1024" };
    const pixels = (values: readonly number[]) =>
      Uint16Array.from({ length: ROWS * COLUMNS }, (_, n) => values[n] ?? 1000).buffer;
    const storable = await loaded(seriesFiles({ change: { ...twelveBit, PixelData: pixels([4095]) } }));
    expect(storable.volume).toMatchObject({ storableHu: [-1024, 3071], clippedAtHu: 3071 });
    const sixteenBit = { PixelRepresentation: 1, RescaleIntercept: "-1024" };
    const piled = await loaded(
      seriesFiles({ change: { ...sixteenBit, PixelData: pixels([4095, 4095, 4095, 4060, 4050]) } }),
    );
    expect(piled.volume).toMatchObject({ storableHu: [-32768, 31743], clippedAtHu: 3071 });
    const peak = await loaded(
      seriesFiles({ change: { ...sixteenBit, PixelData: pixels([4095, 4090, 4085, 4085, 4080]) } }),
    );
    expect(peak.volume.clippedAtHu).toBeNull();
  });

  it("says once what every slice has, and reports progress to the last byte", async () => {
    const seen: ReadProgress[] = [];
    const files = seriesFiles({ change: { RescaleSlope: "0.5" } });
    const { context } = await loaded(files, { progress: (progress) => seen.push(progress) });
    expect(codesOf(context.problems)).toEqual(["decode/fractional-slope"]);
    const bytes = files.reduce((sum, file) => sum + file.size, 0);
    expect(seen.at(-1)).toEqual({ filesDone: 10, filesTotal: 10, bytesDone: bytes, bytesTotal: bytes });
  });

  it("rejects when cancelled", async () => {
    const { series } = await readFiles(seriesFiles());
    const abort = new AbortController();
    const loading = loadSeries(series[0], { signal: abort.signal, progress: () => abort.abort() });
    await expect(loading).rejects.toThrow(/abort/i);
  });
});
