// Claims about the small pictures of series: the middle slice, in proportion, from one file alone, and none where it can't be shown.
import { describe, expect, it } from "vitest";
import type { NamedFile } from "#dicom/named-file";
import { readFiles } from "#dicom/open-files";
import { thumbnailOf } from "#dicom/thumbnail";
import { COLUMNS, ROWS, seriesFiles } from "./synthetic-ct.ts";

/** 550 HU is the middle of the window, 1450 its white and -350 its black. */
const flat = (k: number) => ({
  PixelData: new Int16Array(ROWS * COLUMNS).fill([-350, 550, 1450][Math.min(2, k)]).buffer,
});

async function firstOf(files: readonly NamedFile[]) {
  const { series } = await readFiles(files);
  return series[0];
}

describe("thumbnailOf", () => {
  it("shows the middle slice of the stack in the window of bone, its sides in proportion to the patient", async () => {
    const picture = await thumbnailOf(await firstOf(seriesFiles({ slices: 3, change: flat })));
    // 6 rows 0.8 mm apart and 8 columns 0.5 mm apart: 4.8 by 4 mm.
    expect([picture?.width, picture?.height]).toEqual([80, 96]);
    expect(new Set(picture?.gray)).toEqual(new Set([128]));
  });

  it("keeps left and right, top and bottom", async () => {
    const values = new Int16Array(ROWS * COLUMNS).fill(-1000);
    values[COLUMNS - 1] = 3000;
    const picture = await thumbnailOf(await firstOf(seriesFiles({ change: { PixelData: values.buffer } })));
    if (!picture) throw new Error("no picture");
    const { width, height, gray } = picture;
    expect([gray[0], gray[width - 1], gray[(height - 1) * width], gray[width * height - 1]]).toEqual([
      0, 255, 0, 0,
    ]);
  });

  it("reads one file only, and that no more than twice", async () => {
    const read = new Map<string, number>();
    const files = seriesFiles({ slices: 9 }).map((file): NamedFile => ({
      ...file,
      slice: (start, end) => (read.set(file.path, (read.get(file.path) ?? 0) + 1), file.slice(start, end)),
    }));
    const series = await firstOf(files);
    read.clear();
    expect(await thumbnailOf(series)).not.toBeNull();
    expect([...read.keys()]).toEqual(["s04"]);
    expect(read.get("s04")).toBeLessThanOrEqual(2);
  });

  it("shows a scout and an MR by their own range of values", async () => {
    const ramp = Int16Array.from({ length: ROWS * COLUMNS }, (_, n) => n * 10).buffer;
    for (const change of [
      { ImageType: ["ORIGINAL", "PRIMARY", "LOCALIZER"], PixelData: ramp },
      {
        Modality: "MR",
        SOPClassUID: "1.2.840.10008.5.1.4.1.1.4",
        RescaleSlope: "",
        RescaleIntercept: "",
        PixelData: ramp,
      },
    ]) {
      const picture = await thumbnailOf(await firstOf(seriesFiles({ slices: 3, change })));
      expect(picture?.gray[0]).toBe(0);
      expect(picture?.gray.at(-1)).toBe(255);
    }
  });

  it("is null for colour, for an encoding that nothing here decodes, and for a file that is gone", async () => {
    const colour = { SamplesPerPixel: 3, PhotometricInterpretation: "RGB" };
    expect(await thumbnailOf(await firstOf(seriesFiles({ slices: 2, change: colour })))).toBeNull();
    let gone = false;
    const files = seriesFiles().map((file): NamedFile => ({
      ...file,
      slice: (start, end) =>
        gone
          ? { arrayBuffer: () => Promise.reject(new DOMException("gone", "NotFoundError")) }
          : file.slice(start, end),
    }));
    const series = await firstOf(files);
    gone = true;
    expect(await thumbnailOf(series)).toBeNull();
  });
});
