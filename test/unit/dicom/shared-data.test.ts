// Claims about real files that stand beside the project; each is skipped where they are not there.
import { existsSync, openAsBlob } from "node:fs";
import { readFile, readdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { problemText } from "#core/problem-text";
import { isRegular, sliceSpacingMm } from "#core/space";
import { decodeFrameToHu } from "#dicom/decode-pixels";
import { frameHeaders } from "#dicom/frame-groups";
import { loadSeries } from "#dicom/load-series";
import { type NamedFile, blobFile } from "#dicom/named-file";
import { readFiles } from "#dicom/open-files";
import { readHeader } from "#dicom/read-header";
import { stackSeries } from "#dicom/stack";
import { provideInstalledCodecs } from "../../../src/cli/codec-files.ts";

const DATA = join(import.meta.dirname, "../../../../shared/data");

async function filesUnder(folder: string): Promise<NamedFile[]> {
  const entries = await readdir(join(DATA, folder), { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(paths.map(async (path) => blobFile(relative(DATA, path), await openAsBlob(path))));
}

describe.skipIf(!existsSync(DATA))("the shared data", () => {
  it("opens the 99 slices of the sacrum CT, straight and whole", async () => {
    const { series, rejected } = await readFiles(await filesUnder("ct-sacrum"));
    expect(rejected).toEqual([]);
    expect(series.map(({ summary }) => [summary.openable, summary.imageCount, summary.problems])).toEqual([
      [true, 99, []],
    ]);
    const result = await loadSeries(series[0]);
    if (!result.ok) throw new Error(result.problem.code);
    const { volume, context } = result.value;
    expect([volume.grid.columns, volume.grid.rows, volume.grid.slices]).toEqual([512, 512, 99]);
    expect(sliceSpacingMm(volume.grid)).toBeCloseTo(4.25, 6);
    expect(isRegular(volume.grid)).toBe(true);
    expect(context.sideNeedsConfirmation).toBe(false);
    // Air outside, muscle-like values inside, bone somewhere: HU and not stored values.
    expect(volume.hu[0]).toBeLessThan(-900);
    expect(Math.abs(volume.hu[(50 * 512 + 300) * 512 + 256])).toBeLessThan(1500);
    expect(volume.clippedAtHu).toBeNull();
  }, 60_000);

  it("opens the tilted head CT with its tilt and the place where its spacing changes", async () => {
    const { series } = await readFiles(await filesUnder("awkward/tilt-variable-spacing"));
    const { problems, openable } = series[0].summary;
    expect(openable).toBe(true);
    expect(problems.map((found) => found.code)).toEqual(["stack/uneven-spacing", "stack/gantry-tilt"]);
    expect(problems[0].details).toMatchObject({ minMm: 1.08, maxMm: 7, afterSlice: 14, afterMm: 60.7 });
    expect(problems[1].details.tiltDegrees).toBe(18.5);
    expect((await loadSeries(series[0])).ok).toBe(true);
  });

  it("decodes the four native encodings of one CT to the same voxels", async () => {
    const names = (await readdir(join(DATA, "transfer-syntaxes"))).filter((name) =>
      /^CTImage\.dcm_(LittleEndian|BigEndian|Deflated)/.test(name),
    );
    const slices = await Promise.all(
      names.map(async (name) => {
        const bytes = new Uint8Array(await readFile(join(DATA, "transfer-syntaxes", name)));
        const header = readHeader(bytes, name);
        if (!header.ok) throw new Error(`${name}: ${header.problem.code}`);
        const hu = new Int16Array(header.value.format.rows * header.value.format.columns);
        const decoded = await decodeFrameToHu(header.value, bytes, hu);
        if (!decoded.ok) throw new Error(`${name}: ${decoded.problem.code}`);
        return hu;
      }),
    );
    expect(slices.length).toBe(4);
    expect(new Set(slices[0]).size).toBeGreaterThan(500);
    for (const slice of slices)
      expect(Buffer.compare(Buffer.from(slice.buffer), Buffer.from(slices[0].buffer))).toBe(0);
  });

  it("decodes both frames of every lossless multi-frame CT to the same voxels, and marks them as not HU", async () => {
    const names = (await readdir(join(DATA, "multiframe-ct"))).filter((name) =>
      /^CT0012\..*(explicit_little_endian|\.57|\.70|ls\.80|rle)\.dcm$/.test(name),
    );
    expect(names.length).toBe(8);
    provideInstalledCodecs();
    const volumes = await Promise.all(
      names.map(async (name) => {
        const bytes = new Uint8Array(await readFile(join(DATA, "multiframe-ct", name)));
        const header = readHeader(bytes, name);
        if (!header.ok) throw new Error(`${name}: ${header.problem.code}`);
        const stacked = stackSeries([header.value]);
        if (!stacked.ok) throw new Error(`${name}: ${stacked.problem.code}`);
        expect(stacked.problems).toContainEqual(
          expect.objectContaining({
            code: "values/uncalibrated",
            details: { because: "unit-unspecified" },
          }),
        );
        const { rows, columns } = header.value.format;
        const frames = frameHeaders(header.value);
        expect(frames.map(({ position }) => position?.[2])).toEqual([-159, -149]);
        const hu = frames.map(() => new Int16Array(rows * columns));
        for (const [n, frame] of frames.entries()) {
          const decoded = await decodeFrameToHu(frame, bytes, hu[n]);
          if (!decoded.ok) throw new Error(`${name}: ${decoded.problem.code}`);
        }
        return hu;
      }),
    );
    const [first] = volumes;
    const difference = (a: Int16Array, b: Int16Array) =>
      Buffer.compare(Buffer.from(a.buffer), Buffer.from(b.buffer));
    expect(difference(first[0], first[1])).not.toBe(0);
    for (const hu of volumes) for (const n of [0, 1]) expect(difference(hu[n], first[n])).toBe(0);
  });

  it("says something about every file and throws at none; every sentence is whole", async () => {
    const files = await filesUnder(".");
    const { series, rejected, otherObjects, notes } = await readFiles(files);
    const told = new Set([
      ...series.flatMap(({ instances }) => instances.map(({ file }) => file.path)),
      ...rejected.map(({ path }) => path),
      ...otherObjects.map(({ path }) => path),
      ...notes.map(({ details }) => details.index),
    ]);
    expect(files.filter(({ path }) => !told.has(path))).toEqual([]);
    for (const one of series) {
      if (!one.summary.openable) expect(one.summary.problems.length).toBeGreaterThan(0);
      else {
        const loaded = await loadSeries(one);
        // Values that are no HU open where air and tissue stand out in them, and are refused in words where they don't.
        if (!loaded.ok) expect(loaded.problem.code).toBe("load/no-relative-scale");
      }
    }
    const problems = [
      ...series.flatMap(({ summary }) => summary.problems),
      ...rejected.map(({ problem }) => problem),
      ...notes,
    ];
    for (const problem of problems) {
      for (const locale of ["en", "zh"] as const)
        expect(problemText(problem, locale)).not.toMatch(/undefined|NaN/);
    }
  }, 60_000);
});
