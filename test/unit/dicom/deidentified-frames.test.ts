// De-identified pixels: multi-frame CT, label maps, segmentations of strangers, fluoroscopy, and every transfer syntax keep their values.
import { readFileSync, readdirSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { patientFromVoxel } from "#core/space";
import { decodeFrameToHu } from "#dicom/decode-pixels";
import { type DeidentifyOptions, deidentify } from "#dicom/deidentify/deidentify";
import { cropAround } from "#dicom/deidentify/crop-region";
import { makePseudonyms } from "#dicom/deidentify/pseudonyms";
import { loadSeries } from "#dicom/load-series";
import { memoryFile } from "#dicom/named-file";
import { readWholeObject } from "#dicom/nested-items";
import { readFiles } from "#dicom/open-files";
import { writePart10 } from "#dicom/part10";
import { readHeader } from "#dicom/read-header";
import { readSegmentation } from "#dicom/read-segmentation";
import { writeSegmentation } from "#dicom/write-segmentation";
import { voxelCount } from "#voxels/mask";
import { provideInstalledCodecs } from "../../../src/cli/codec-files.ts";
import { innerCase, masksOf, originalFiles } from "./deidentified-case.ts";
import { asRle, enhancedCt } from "./enhanced-ct.ts";
import { numbered, testSegmentation } from "./small-series.ts";

const pseudonyms = makePseudonyms({ key: new Uint8Array(32).fill(1), dates: [] });
const options: DeidentifyOptions = {
  pseudonyms,
  vocabulary: { texts: new Set(), codes: [], schemeUids: new Set() },
  crops: [],
};

describe("objects of many frames", () => {
  const source = innerCase().source;
  const { grid } = source;

  it("keep their HU in a cropped Enhanced CT, native and RLE, in place", async () => {
    const native = enhancedCt(source);
    const header = readHeader(native, "mf");
    if (!header.ok) throw new Error(header.problem.code);
    const { sopInstanceUid, seriesInstanceUid } = header.value;
    const box = {
      seriesInstanceUid,
      firstColumn: 7,
      firstRow: 5,
      columns: 30,
      rows: 20,
      instances: new Set([sopInstanceUid]),
    };
    const open = async (bytes: Uint8Array) => {
      const { series } = await readFiles([memoryFile("mf", bytes)]);
      const loaded = await loadSeries(series[0]);
      if (!loaded.ok) throw new Error(loaded.problem.code);
      return loaded.value;
    };
    const whole = await open(native);
    for (const bytes of [native, asRle(native, 2 * grid.rows * grid.columns)]) {
      const made = await deidentify([{ name: "mf", bytes }], { ...options, crops: [box] });
      if (!made.ok) throw new Error(JSON.stringify(made.problem));
      const { volume } = await open(made.value.files[0].bytes);
      expect([volume.grid.columns, volume.grid.rows, volume.grid.slices]).toEqual([30, 20, grid.slices]);
      const [a, b] = [patientFromVoxel(volume.grid, 3, 4, 2), patientFromVoxel(whole.volume.grid, 10, 9, 2)];
      a.forEach((value, axis) => expect(value).toBeCloseTo(b[axis], 6));
      for (const [i, j, k] of [
        [0, 0, 0],
        [29, 19, 23],
        [13, 7, 11],
      ])
        expect(volume.hu[(k * 20 + j) * 30 + i]).toBe(
          whole.volume.hu[(k * grid.rows + j + 5) * grid.columns + i + 7],
        );
    }
  });

  it("are cut as label maps too, and as segmentations that name no source images but lie on them", async () => {
    const input = innerCase();
    const ct = originalFiles(input).filter(({ name }) => name.startsWith("ct"));
    const document = testSegmentation(source);
    const labels = writeSegmentation({ ...document, form: "LABELMAP" }, numbered(masksOf(input)));
    const binary = writeSegmentation(document, numbered(masksOf(input)));
    // A stranger's segmentation: the sequence of source images under a tag that says nothing.
    const tag = [0x08, 0x00, 0x24, 0x91];
    const stranger = binary.slice();
    for (let at = 132; at + 4 < stranger.length; at++)
      if (tag.every((byte, n) => stranger[at + n] === byte)) stranger[at + 2] = 0x25;
    const box = cropAround(masksOf(input), source, 4);
    for (const seg of [labels, binary, stranger]) {
      const made = await deidentify([...ct, { name: "seg", bytes: seg }], {
        ...options,
        crops: box ? [box] : [],
      });
      if (!made.ok) throw new Error(JSON.stringify(made.problem));
      const { series } = await readFiles(made.value.files.map(({ name, bytes }) => memoryFile(name, bytes)));
      const loaded = await loadSeries(series[0]);
      if (!loaded.ok) throw new Error(loaded.problem.code);
      const read = readSegmentation(
        made.value.files.find(({ name }) => name.startsWith("SEG"))?.bytes ?? labels,
        loaded.value.context,
      );
      if (!read.ok) throw new Error(JSON.stringify(read.problem));
      expect(read.value.segments.map(({ mask }) => voxelCount(mask))).toEqual(masksOf(input).map(voxelCount));
    }
  });

  it("keep the pixels of a fluoroscopy run that someone looked at", async () => {
    const pixels = Uint8Array.from({ length: 3 * 4 * 5 }, (_, n) => n * 3);
    const bytes = writePart10({
      SOPClassUID: "1.2.840.10008.5.1.4.1.1.12.1",
      SOPInstanceUID: "2.25.880",
      Modality: "XA",
      ImageType: ["ORIGINAL", "PRIMARY", "SINGLE PLANE"],
      NumberOfFrames: 3,
      FrameTime: 66.7,
      SamplesPerPixel: 1,
      PhotometricInterpretation: "MONOCHROME2",
      Rows: 4,
      Columns: 5,
      BitsAllocated: 8,
      BitsStored: 8,
      HighBit: 7,
      PixelRepresentation: 0,
      PixelData: pixels,
    });
    expect((await deidentify([{ name: "xa", bytes }], options)).ok && "left out").toBe("left out");
    const made = await deidentify([{ name: "xa", bytes }], {
      ...options,
      lookedAt: new Set(["2.25.880"]),
    });
    if (!made.ok) throw new Error(made.problem.code);
    const object = readWholeObject(made.value.files[0].bytes);
    if (!object.ok) throw new Error(object.problem.code);
    expect(object.value.nativePixels?.slice(0, 60)).toEqual(pixels);
    expect(object.value.root.number("x00181063")).toBe(66.7);
    expect(object.value.root.string("x00280301")).toBe("NO");
    expect(object.value.root.codes("x00120064").map(({ value }) => value)).toContain("113101");
  });
});

describe("every transfer syntax", () => {
  const folder = new URL("../../../sample-data/transfer-syntaxes/", import.meta.url);
  beforeAll(provideInstalledCodecs);

  it.each(readdirSync(folder).filter((name) => name.endsWith(".dcm")))("%s keeps its HU", async (name) => {
    const file = new Uint8Array(readFileSync(new URL(name, folder)));
    const huOf = async (bytes: Uint8Array) => {
      const header = readHeader(bytes, name);
      if (!header.ok) throw new Error(header.problem.code);
      const hu = new Int16Array(header.value.format.rows * header.value.format.columns);
      return { hu, result: await decodeFrameToHu(header.value, bytes, hu) };
    };
    const before = await huOf(file);
    const made = await deidentify([{ name, bytes: file }], { ...options, noHead: true });
    if (!before.result.ok) return expect(made.ok).toBe(false);
    if (!made.ok) throw new Error(JSON.stringify(made.problem));
    expect((await huOf(made.value.files[0].bytes)).hu).toEqual(before.hu);
  });
});
