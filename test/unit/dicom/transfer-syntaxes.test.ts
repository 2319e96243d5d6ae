// Every transfer syntax that a CT comes in: the same voxels as uncompressed, or refused in words.
import { readdirSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { decodeFrameToHu } from "#dicom/decode-pixels";
import { jpegPrecision } from "#dicom/frame-decoders";
import { readHeader } from "#dicom/read-header";
import { decodeRle } from "#dicom/rle";
import { provideInstalledCodecs } from "../../../src/cli/codec-files.ts";

const FOLDER = new URL("../../../sample-data/transfer-syntaxes/", import.meta.url);
const names = readdirSync(FOLDER).filter((name) => name.endsWith(".dcm"));

async function huOf(name: string) {
  const file = new Uint8Array(readFileSync(new URL(name, FOLDER)));
  const header = readHeader(file, name);
  if (!header.ok) throw new Error(header.problem.code);
  const hu = new Int16Array(header.value.format.rows * header.value.format.columns);
  const result = await decodeFrameToHu(header.value, file, hu);
  return { header: header.value, hu, result };
}

const largestDifference = (a: Int16Array, b: Int16Array): number =>
  a.reduce((most, value, n) => Math.max(most, Math.abs(value - b[n])), 0);

/** Lossy by design: how far a voxel may be off, HU. gdcm and dcmtk decode these streams to the same values within 1. */
const LOSSY: Readonly<Record<string, number>> = {
  "jpegls_near3_dcmtk.dcm": 3,
  "j2k_lossy_gdcm.dcm": 249,
};
/** No decoder for 12-bit JPEG was found; an 8-bit baseline image of a 12-bit CT is not HU any more, but it opens. */
const REFUSED: Readonly<Record<string, object>> = {
  "jpeg_extended12_dcmtk.dcm": {
    code: "decode/unsupported-transfer-syntax",
    details: { syntax: "JPEG Extended (12 bit), 12-bit JPEG" },
  },
  // Its encoder (openjph-tools 0.9) wrote negative samples past the range of the stream. Its own decoder, which does not mind, gives them
  // back; OpenJPH since then and OpenJPEG cut them off at 32767.
  "signed_htj2k_lossless_ojph.dcm": { code: "decode/damaged-pixels" },
};
const EIGHT_BIT = new Set(["jpeg_baseline_dcmtk.dcm"]);

describe("transfer syntaxes", () => {
  beforeAll(provideInstalledCodecs);

  it("are 28 files here", () => expect(names).toHaveLength(28));

  it.each(names)("%s", async (name) => {
    const reference = await huOf(name.startsWith("signed_") ? "signed_explicit_le.dcm" : "explicit_le.dcm");
    const { hu, result, header } = await huOf(name);
    if (name in REFUSED) {
      expect(result).toMatchObject({ ok: false, problem: REFUSED[name] });
      return;
    }
    expect(result.ok ? "" : result.problem.code).toBe("");
    if (EIGHT_BIT.has(name)) return;
    expect(largestDifference(hu, reference.hu)).toBe(LOSSY[name] ?? 0);
    expect(header.lossyImageCompression).toBe(name in LOSSY);
  });
});

describe("damaged streams", () => {
  beforeAll(provideInstalledCodecs);

  it.each(names.filter((name) => !/le\.dcm|be\.dcm|deflated|nometa/.test(name)))(
    "%s, cut short or with its stream overwritten, is refused or decoded, never a hang or a crash",
    async (name) => {
      const file = new Uint8Array(readFileSync(new URL(name, FOLDER)));
      for (const change of [0.5, 0.9] as const) {
        const damaged = file.slice();
        damaged.fill(0x5a, Math.floor(file.length * change), file.length - 16);
        const header = readHeader(damaged, name);
        if (!header.ok) continue;
        const hu = new Int16Array(header.value.format.rows * header.value.format.columns);
        const result = await decodeFrameToHu(header.value, damaged, hu);
        expect(result.ok ? "decode/" : result.problem.code).toMatch(/^decode\//);
      }
    },
  );
});

describe("RLE (PS3.5 annex G)", () => {
  const frame = (planes: readonly number[][]): Uint8Array => {
    const header = new DataView(new ArrayBuffer(64));
    header.setUint32(0, planes.length, true);
    let at = 64;
    planes.forEach((plane, index) => {
      header.setUint32(4 + 4 * index, at, true);
      at += plane.length;
    });
    return Uint8Array.from([...new Uint8Array(header.buffer), ...planes.flat()]);
  };

  it("takes literal runs, repeats and the unused control byte; the high plane comes first", () => {
    // High bytes: 1 repeated 3 times; low bytes: 5, 6 literally, then 7.
    const out = decodeRle(
      frame([
        [0xfe, 1],
        [0x80, 1, 5, 6, 0, 7],
      ]),
      3,
      2,
    );
    expect([...new Uint16Array(out.buffer)]).toEqual([0x105, 0x106, 0x107]);
  });

  it("refuses a header of another depth, a segment outside the frame, and one that ends too soon", () => {
    expect(() => decodeRle(frame([[0, 1]]), 1, 2)).toThrow(/1 RLE segments for 2 bytes/);
    expect(() => decodeRle(new Uint8Array(10), 1, 1)).toThrow(/64 bytes/);
    expect(() => decodeRle(frame([[0xfe, 1]]), 4, 1)).toThrow(/ends before/);
    const outside = frame([[0xfe, 1]]);
    new DataView(outside.buffer).setUint32(4, 4000, true);
    expect(() => decodeRle(outside, 3, 1)).toThrow(/outside the frame/);
  });
});

describe("the precision of a JPEG stream", () => {
  it("stands in its start of frame, whatever comes before", () => {
    expect(
      jpegPrecision(Uint8Array.from([0xff, 0xd8, 0xff, 0xdb, 0, 3, 0, 0xff, 0xc1, 0, 11, 12, 0, 1])),
    ).toBe(12);
    expect(jpegPrecision(Uint8Array.from([0xff, 0xd8, 0, 0, 0, 0]))).toBeNull();
  });
});
