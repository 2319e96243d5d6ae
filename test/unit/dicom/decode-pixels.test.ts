// Claims about stored values becoming Hounsfield units, exactly.
import { describe, expect, it } from "vitest";
import { decodeFrameToHu, storableHuOf } from "#dicom/decode-pixels";
import type { DataSet } from "#dicom/part10";
import { readHeader } from "#dicom/read-header";
import { type Encoding, ascii, concat, encodeSlice } from "./encode-elements.ts";
import { COLUMNS, ROWS, sliceFile } from "./synthetic-ct.ts";

const COUNT = ROWS * COLUMNS;

async function decode(stored: readonly number[], change: DataSet) {
  const words = Uint16Array.from({ length: COUNT }, (_, n) => stored[n] ?? stored[0]);
  const bytes = sliceFile({ position: [0, 0, 0], stored: words, change });
  const header = readHeader(bytes, "slice");
  if (!header.ok) throw new Error(header.problem.code);
  const target = new Int16Array(COUNT);
  const result = await decodeFrameToHu(header.value, bytes, target);
  if (!result.ok) return { code: result.problem.code, hu: [], problems: [], format: header.value.format };
  return {
    code: "ok",
    hu: [...target.subarray(0, stored.length)],
    problems: result.problems.map((found) => found.code),
    format: header.value.format,
  };
}
const TWELVE_BIT: DataSet = {
  BitsStored: 12,
  HighBit: 11,
  PixelRepresentation: 0,
  RescaleIntercept: "-1024",
};

describe("decodeFrameToHu", () => {
  it("reads unsigned 12 bit and ignores bits above High Bit", async () => {
    const { hu, format } = await decode([0, 1024, 4095, 0xf000 | 4095], TWELVE_BIT);
    expect(hu).toEqual([-1024, 0, 3071, 3071]);
    expect(storableHuOf(format)).toEqual([-1024, 3071]);
  });

  it("extends the sign of Bits Stored, not of Bits Allocated", async () => {
    const { hu, format } = await decode([0x0fff, 0x0800, 0x07ff], {
      BitsStored: 12,
      HighBit: 11,
      PixelRepresentation: 1,
    });
    expect(hu).toEqual([-1, -2048, 2047]);
    expect(storableHuOf(format)).toEqual([-2048, 2047]);
  });

  it("reads values that sit in the high bits", async () => {
    const { hu } = await decode([0x1230, 0xfff0], { BitsStored: 12, HighBit: 15, PixelRepresentation: 0 });
    expect(hu).toEqual([0x123, 0xfff]);
  });

  it("rounds a fractional slope to the nearest HU and says so", async () => {
    const { hu, problems } = await decode([3, 4, 5], {
      PixelRepresentation: 0,
      RescaleSlope: "0.5",
      RescaleIntercept: "-10",
    });
    expect(hu).toEqual([-8, -8, -7]);
    expect(problems).toEqual(["decode/fractional-slope"]);
  });

  it("clamps what 16 bits cannot hold and says so", async () => {
    const { hu, problems } = await decode([65535, 0], { PixelRepresentation: 0, RescaleIntercept: "-1024" });
    expect(hu).toEqual([32767, -1024]);
    expect(problems).toEqual(["decode/hu-out-of-range"]);
  });

  it("turns padding into air, a range too, and warns only where the padding looks like tissue", async () => {
    const signed: DataSet = { PixelRepresentation: 1, RescaleIntercept: "-1024" };
    const far = await decode([0x10000 - 2000, 1024], { ...signed, PixelPaddingValue: -2000 });
    expect(far).toMatchObject({ hu: [-1024, 0], problems: [] });
    const range = await decode([0x10000 - 2000, 0x10000 - 1990, 1024], {
      ...signed,
      PixelPaddingValue: -2000,
      PixelPaddingRangeLimit: -1990,
    });
    expect(range.hu).toEqual([-1024, -1024, 0]);
    const near = await decode([1064, 1024], { ...signed, PixelPaddingValue: 1064 });
    expect(near).toMatchObject({ hu: [-1024, 0], problems: ["decode/padding-in-range"] });
  });

  it("refuses formats that are no grey CT slice and values without rescale", async () => {
    expect((await decode([0], { PhotometricInterpretation: "RGB", SamplesPerPixel: 3 })).code).toBe(
      "decode/unsupported-pixel-format",
    );
    expect((await decode([0], { BitsAllocated: 32 })).code).toBe("decode/unsupported-pixel-format");
    expect((await decode([0], { HighBit: 3 })).code).toBe("decode/unsupported-pixel-format");
    expect((await decode([0], { RescaleSlope: undefined })).code).toBe("decode/no-rescale");
    expect((await decode([0], { Rows: 60 })).code).toBe("decode/unsupported-pixel-format");
  });
});

describe("an encapsulated transfer syntax", () => {
  const uid = "1.2.840.10008.1.2.4.53";
  const encoding: Encoding = { explicitVr: true, transferSyntaxUid: uid, preamble: true, meta: true };
  const item = (bytes: Uint8Array) =>
    concat([Uint8Array.of(0xfe, 0xff, 0x00, 0xe0, bytes.length, 0, 0, 0), bytes]);
  const end = Uint8Array.of(0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0);
  /** The header of `encodeSlice`, then Pixel Data of undefined length: offset table, two fragments. */
  const encapsulated = (transferSyntaxUid = uid) => {
    const native = encodeSlice({ ...encoding, transferSyntaxUid });
    const header = native.slice(0, native.length - 24);
    header.fill(0xff, header.length - 4);
    const fragments = [new Uint8Array(0), ascii("half"), ascii("rest")].map(item);
    return concat([header, ...fragments, end]);
  };
  const decodeBytes = async (bytes: Uint8Array) => {
    const header = readHeader(bytes, "slice");
    if (!header.ok) throw new Error(header.problem.code);
    const hu = new Int16Array(12);
    return { result: await decodeFrameToHu(header.value, bytes, hu), hu };
  };

  it("without a codec is refused with the syntax named in words", async () => {
    const { result } = await decodeBytes(encapsulated());
    expect(result).toMatchObject({
      ok: false,
      problem: {
        code: "decode/unsupported-transfer-syntax",
        details: { syntax: "JPEG Spectral Selection" },
      },
    });
  });

  it("is cut off where the file ends before its fragments do", async () => {
    const { result } = await decodeBytes(encapsulated("1.2.840.10008.1.2.5").slice(0, -12));
    expect(result).toMatchObject({ ok: false, problem: { code: "decode/truncated-pixels" } });
  });
});
