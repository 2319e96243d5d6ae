// Claims about encoded frames that lie or are damaged: judged by their own header before a codec takes memory, and no codec is lost.
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { decodeFrameToHu } from "#dicom/decode-pixels";
import { frameDecoder } from "#dicom/frame-decoders";
import { readHeader } from "#dicom/read-header";
import { streamSizeOf } from "#dicom/stream-size";
import { provideInstalledCodecs } from "../../../src/cli/codec-files.ts";
import { bytesTaken } from "./bytes-taken.ts";
import { ascii, concat } from "./encode-elements.ts";

const sample = (name: string): Uint8Array =>
  new Uint8Array(
    readFileSync(new URL(`../../../sample-data/transfer-syntaxes/${name}.dcm`, import.meta.url)),
  );

describe("an encoded frame", () => {
  beforeAll(provideInstalledCodecs);

  const decode = async (file: Uint8Array) => {
    const header = readHeader(file, "slice");
    if (!header.ok) throw new Error(header.problem.code);
    return decodeFrameToHu(
      header.value,
      file,
      new Int16Array(header.value.format.rows * header.value.format.columns),
    );
  };

  it.each([
    ["j2k_lossless_gdcm", [0xff, 0x4f, 0xff, 0x51], 8, 4],
    ["htj2k_lossless_ojph", [0xff, 0x4f, 0xff, 0x51], 8, 4],
    ["jpegls_lossless_dcmtk", [0xff, 0xf7], 5, 2],
    ["jpeg_lossless_sv1_dcmtk", [0xff, 0xc3], 5, 2],
    ["jpeg_baseline_dcmtk", [0xff, 0xc0], 5, 2],
  ] as const)(
    "%s that states another size than its header is refused by what it states",
    async (name, marker, at, width) => {
      const file = sample(name);
      const place = file.findIndex((_, n) => n > 300 && marker.every((byte, m) => file[n + m] === byte));
      const view = new DataView(file.buffer);
      if (width === 4) view.setUint32(place + at, 60_000);
      else view.setUint16(place + at + 2, 60_000);
      const taken = await bytesTaken(() => decode(file));
      expect(taken.value).toMatchObject({ ok: false, problem: { code: "decode/damaged-pixels" } });
      expect(taken.bytes).toBeLessThan(100_000);
    },
  );

  it("states its size, one component and a bearable number of tiles, or is none", () => {
    const jpeg = [
      0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xf7, 0, 11, 16, 0, 6, 0, 8, 1, 1, 0x11, 0, 0xff, 0xda, 0, 8,
    ];
    expect(streamSizeOf(Uint8Array.from([...jpeg, ...Array<number>(8).fill(0)]))).toEqual({
      rows: 6,
      columns: 8,
      components: 1,
    });
    // Two frame headers: a codec might believe the other.
    expect(streamSizeOf(Uint8Array.from([...jpeg.slice(0, 21), ...jpeg.slice(8)]))).toBeNull();
    const siz = new DataView(new ArrayBuffer(60));
    siz.setUint32(0, 0xff4fff51);
    [4096, 4096, 0, 0, 4096, 4096].forEach((value, n) => siz.setUint32(8 + 4 * n, value));
    siz.setUint16(40, 1);
    siz.setUint16(43, 0x0101);
    const stream = new Uint8Array(siz.buffer);
    expect(streamSizeOf(stream)).toEqual({ rows: 4096, columns: 4096, components: 1 });
    const jp2 = concat([Uint8Array.of(0, 0, 0, 12), ascii("jP  "), Uint8Array.of(13, 10, 0x87, 10)]);
    const box = concat([jp2, Uint8Array.of(0, 0, 0, 0), ascii("jp2c"), stream]);
    expect(streamSizeOf(box)).toEqual({ rows: 4096, columns: 4096, components: 1 });
    expect(streamSizeOf(concat([jp2, Uint8Array.of(0, 0, 0, 0), ascii("free"), stream]))).toBeNull();
    siz.setUint32(24, 1);
    siz.setUint32(28, 1);
    expect(streamSizeOf(stream)).toBeNull();
    siz.setUint32(24, 0);
    expect(streamSizeOf(stream)).toBeNull();
  });

  it("that breaks its codec leaves a new one for the next frame", async () => {
    const good = sample("jpegls_lossless_gdcm");
    const bad = good.slice();
    bad.fill(0x5a, bad.length - 700, bad.length - 16);
    expect(await decode(bad)).toMatchObject({ ok: false, problem: { code: "decode/damaged-pixels" } });
    expect((await decode(good)).ok).toBe(true);
  });

  it("in a JP2 file, as some writers store it, opens as the bare stream does", async () => {
    const file = sample("j2k_lossless_gdcm");
    const bare = readHeader(file, "bare");
    if (!bare.ok) throw new Error(bare.problem.code);
    const { format } = bare.value;
    const start = file.findIndex((_, n) => file[n] === 0xff && file[n + 1] === 0x4f && file[n + 2] === 0xff);
    const stream = file.slice(start, file.length - 8);
    const box = (type: string, body: Uint8Array): Uint8Array => {
      const length = new DataView(new ArrayBuffer(4));
      length.setUint32(0, body.length + 8);
      return concat([new Uint8Array(length.buffer), ascii(type), body]);
    };
    const size = new DataView(new ArrayBuffer(14));
    size.setUint32(0, format.rows);
    size.setUint32(4, format.columns);
    size.setUint16(8, 1);
    // Depth less one, and whether it is signed, as the codestream has it; compression type 7.
    size.setUint8(10, stream[42]);
    size.setUint8(11, 7);
    const colour = box("colr", Uint8Array.of(1, 0, 0, 0, 0, 0, 17));
    const bytes = concat([
      box("jP  ", Uint8Array.of(13, 10, 0x87, 10)),
      box("ftyp", concat([ascii("jp2 "), new Uint8Array(4), ascii("jp2 ")])),
      box("jp2h", concat([box("ihdr", new Uint8Array(size.buffer)), colour])),
      box("jp2c", stream),
    ]);
    const decoder = await frameDecoder("1.2.840.10008.1.2.4.90");
    expect(decoder({ bytes, format })).toEqual(decoder({ bytes: stream, format }));
  });

  it("is not taken for native pixels, nor these for a stream", async () => {
    const native = sample("explicit_le");
    const text = new TextDecoder("latin1").decode(native);
    const asRle = native.slice();
    asRle.set(ascii("1.2.840.10008.1.2.5"), text.indexOf("1.2.840.10008.1.2.1\0"));
    expect(await decode(asRle)).toMatchObject({ ok: false, problem: { code: "decode/damaged-pixels" } });
    const rle = sample("rle_gdcm");
    rle.set(
      ascii("1.2.840.10008.1.2.1"),
      new TextDecoder("latin1").decode(rle).indexOf("1.2.840.10008.1.2.5"),
    );
    expect(await decode(rle)).toMatchObject({ ok: false, problem: { code: "decode/damaged-pixels" } });
  });
});
