// Claims about hostile and broken local input: refused in words before memory is taken for it.
import { deflateSync, zipSync } from "fflate";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { problemText } from "#core/problem-text";
import { pixelBytes } from "#dicom/data-set";
import { inflateUpTo } from "#dicom/inflate";
import { loadSeries } from "#dicom/load-series";
import { type NamedFile, memoryFile } from "#dicom/named-file";
import { readWholeObject } from "#dicom/nested-items";
import { readFiles } from "#dicom/open-files";
import { readHeader } from "#dicom/read-header";
import { UnpackBudget } from "#dicom/zip";
import { bytesTaken } from "./bytes-taken.ts";
import { ascii, concat, encodeSlice } from "./encode-elements.ts";
import { seriesFiles, sliceFile } from "./synthetic-ct.ts";

const sample = (name: string): Uint8Array =>
  new Uint8Array(
    readFileSync(new URL(`../../../sample-data/transfer-syntaxes/${name}.dcm`, import.meta.url)),
  );

const rejectedCodes = async (file: NamedFile): Promise<readonly string[]> => {
  const { rejected } = await readFiles([file]);
  for (const { problem } of rejected)
    for (const locale of ["en", "zh"] as const) {
      expect(problemText(problem, locale)).toContain(file.path.split("/")[0]);
      expect(problemText(problem, locale)).not.toContain("undefined");
    }
  return rejected.map(({ problem }) => problem.code);
};

/** Places of the central directory's entries. */
function entriesOf(zip: Uint8Array): readonly number[] {
  const view = new DataView(zip.buffer, zip.byteOffset);
  const places: number[] = [];
  for (let at = 0; at + 4 <= zip.length; at++) if (view.getUint32(at, true) === 0x02014b50) places.push(at);
  return places;
}

describe("a zip", () => {
  const study = (): Uint8Array =>
    zipSync({ "d/1": sliceFile({ position: [0, 0, 0] }), "d/2": new Uint8Array(5_000_000) });

  it("is judged as a whole before its first entry is unpacked", async () => {
    const zip = study();
    new DataView(zip.buffer).setUint32(entriesOf(zip)[1] + 24, 0xf0000000, true);
    const { value, bytes } = await bytesTaken(() => rejectedCodes(memoryFile("bomb.zip", zip)));
    expect(value).toEqual(["zip/too-large"]);
    // Two copies of the archive itself: the first 64 kB, and all of it.
    expect(bytes).toBeLessThan(zip.length * 3);
  });

  it("whose entries lie over each other is a bomb", async () => {
    const body = Uint8Array.from({ length: 3000 }, (_, n) => (n * 7919) % 251);
    const zip = zipSync(Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`e${n}`, body])), {
      level: 0,
    });
    const [first, ...others] = entriesOf(zip);
    const view = new DataView(zip.buffer);
    for (const at of others) view.setUint32(at + 42, view.getUint32(first + 42, true), true);
    // One local entry would be enough for all: cut the archive to it and the directory.
    const directory = zip.slice(first);
    const small = concat([zip.slice(0, 3100), directory]);
    new DataView(small.buffer).setUint32(small.length - 6, 3100, true);
    expect(await rejectedCodes(memoryFile("overlap.zip", small))).toEqual(["zip/too-large"]);
  });

  it("that unpacks to more than its directory says is damaged, and no more than that is kept", async () => {
    const zip = zipSync({ a: new Uint8Array(16_000_000) }, { level: 9 });
    new DataView(zip.buffer).setUint32(entriesOf(zip)[0] + 24, 1000, true);
    expect(await rejectedCodes(memoryFile("lies.zip", zip))).toEqual(["zip/damaged"]);
    const packed = deflateSync(new Uint8Array(16_000_000));
    const limited = inflateUpTo(packed, 1000);
    expect([limited.bytes.length, limited.whole]).toEqual([1000, false]);
  });

  it("with a blank file of any size opens, a study of nothing else does not", async () => {
    expect(await rejectedCodes(memoryFile("blank.zip", study()))).toEqual(["read/not-dicom"]);
    const random = Uint8Array.from({ length: 300_000 }, (_, n) => (Math.imul(n, 2654435761) >>> 13) & 255);
    const claims = zipSync({ blank: random });
    new DataView(claims.buffer).setUint32(entriesOf(claims)[0] + 24, 300_000_000, true);
    expect(await rejectedCodes(memoryFile("blanks.zip", claims))).toEqual(["zip/too-large"]);
  });

  it("and the zips in it share one budget of entries and bytes", () => {
    const budget = new UnpackBudget();
    expect(budget.take(60_000, 2 ** 31)).toBe(true);
    expect(budget.take(60_000, 1)).toBe(false);
    expect(budget.take(1, 2 ** 31)).toBe(false);
    expect(budget.take(40_000, 2 ** 30)).toBe(true);
    expect(budget.take(1, 0)).toBe(false);
  });

  it("claiming more entries than any study is refused by the claim", async () => {
    const zip = zipSync({ a: ascii("text") });
    // A zip64 end of directory with four thousand million entries.
    const end64 = new DataView(new ArrayBuffer(56 + 20));
    end64.setUint32(0, 0x06064b50, true);
    end64.setUint32(32, 4_000_000_000, true);
    end64.setUint32(56, 0x07064b50, true);
    end64.setUint32(56 + 8, zip.length - 22, true);
    const many = concat([zip.slice(0, -22), new Uint8Array(end64.buffer), zip.slice(-22)]);
    expect(await rejectedCodes(memoryFile("many.zip", many))).toEqual(["zip/too-large"]);
  });

  it.each(["../../etc/x", "/etc/x", "C:\\x", "a/../b", "a\\..\\b", "a\0b", "a\u001bb", "n".repeat(1100)])(
    "with the path %j is refused, and the message holds no control character",
    async (name) => {
      const { rejected } = await readFiles([
        memoryFile("trick.zip", zipSync({ [name]: ascii("x".repeat(40)) })),
      ]);
      expect(rejected.map(({ problem }) => problem.code)).toEqual(["zip/unsafe-name"]);
      const text = problemText(rejected[0].problem, "en");
      expect(Array.from(text).every((letter) => letter >= " ")).toBe(true);
      expect(text.length).toBeLessThan(300);
    },
  );

  it("keeps entries by any other name: backslashes, dots, words that objects have, the same name twice", async () => {
    const slice = (k: number): Uint8Array => sliceFile({ position: [0, 0, k], uid: `2.25.9${k}` });
    const zip = zipSync({
      "disc\\IM0": slice(0),
      "..hidden": slice(1),
      constructor: slice(2),
      x__proto__: slice(3),
    });
    const view = new DataView(zip.buffer);
    const last = entriesOf(zip)[3];
    // zipSync can't write that name: its first letter is left out here.
    view.setUint16(last + 28, 9, true);
    const bytes = concat([zip.slice(0, last + 46), zip.slice(last + 47)]);
    const { series, rejected } = await readFiles([memoryFile("names.zip", bytes)]);
    expect(rejected).toEqual([]);
    expect(series[0].instances.map(({ file }) => file.path).sort()).toEqual([
      "names.zip/..hidden",
      "names.zip/__proto__",
      "names.zip/constructor",
      "names.zip/disc/IM0",
    ]);
  });

  it("that is encrypted is refused, not read as it stands", async () => {
    const zip = zipSync({ a: sliceFile({ position: [0, 0, 0] }) }, { level: 0 });
    new DataView(zip.buffer).setUint16(entriesOf(zip)[0] + 8, 1, true);
    expect(await rejectedCodes(memoryFile("secret.zip", zip))).toEqual(["zip/damaged"]);
  });
});

describe("a header", () => {
  it.each([
    [{ Rows: 65535, Columns: 65535 }],
    [{ NumberOfFrames: "1000000" }],
    [{ NumberOfFrames: "-3" }],
    [{ NumberOfFrames: "1e300" }],
    [{ Rows: 8000, Columns: 8000, NumberOfFrames: "60000" }],
  ])("with %j is refused before memory is taken", async (change) => {
    const bytes = sliceFile({ position: [0, 0, 0], change });
    const taken = await bytesTaken(() => rejectedCodes(memoryFile("absurd.dcm", bytes)));
    expect(taken.value).toEqual(["read/absurd-size"]);
    expect(taken.bytes).toBeLessThan(bytes.length * 3);
  });

  it("whose element runs past the end of the file is refused after one read of its beginning", async () => {
    const encoding = {
      explicitVr: false,
      transferSyntaxUid: "1.2.840.10008.1.2",
      preamble: true,
      meta: true,
    };
    const bytes = encodeSlice({ ...encoding, transferSyntaxUid: "1.2.840.10008.1.2" }, [
      [0x0009, 0x1001, "UN", new Uint8Array(3_000_000)],
    ]);
    const at = bytes.findIndex(
      (_, n) => bytes[n] === 9 && bytes[n + 1] === 0 && bytes[n + 2] === 1 && bytes[n + 3] === 0x10,
    );
    new DataView(bytes.buffer).setUint32(at + 4, 0xf0000000, true);
    let read = 0;
    const counted: NamedFile = {
      ...memoryFile("long.dcm", bytes),
      slice: (start, end) => ((read += end - start), memoryFile("", bytes).slice(start, end)),
    };
    expect(await rejectedCodes(counted)).toEqual(["read/truncated-header"]);
    expect(read).toBe(16_384);
  });

  it("with thousands of sequences in each other is refused in words", async () => {
    const level = Uint8Array.of(
      0x40,
      0,
      0x30,
      0xa7,
      0x53,
      0x51,
      0,
      0,
      255,
      255,
      255,
      255,
      254,
      255,
      0,
      0xe0,
      255,
      255,
      255,
      255,
    );
    const slice = sliceFile({ position: [0, 0, 0] });
    const deep = concat([slice.slice(0, -120), ...Array.from({ length: 30_000 }, () => level)]);
    expect(await rejectedCodes(memoryFile("deep.dcm", deep))).toEqual(["read/nested-too-deep"]);
  });

  it("keeps no text longer than a header has", () => {
    const long = encodeSlice(
      { explicitVr: false, transferSyntaxUid: "1.2.840.10008.1.2", preamble: true, meta: true },
      [[0x0008, 0x103e, "LO", "A".repeat(100_000)]],
    );
    const header = readHeader(long, "long");
    expect(header.ok && header.value.seriesDescription).toBe("");
  });
});

describe("a findings file", () => {
  it("larger than any is left out unread", async () => {
    const huge: NamedFile = { ...memoryFile("huge.json", ascii('{"a": 1}')), size: 200_000_000 };
    expect(await rejectedCodes(huge)).toEqual(["read/object-too-large"]);
  });
});

describe("a volume", () => {
  it("that its files can't hold is refused before its memory is taken", async () => {
    const claims = { Rows: 8000, Columns: 8000 };
    const files = seriesFiles({ slices: 2 }).map((file, k) => {
      const bytes = sliceFile({ position: [0, 0, k], uid: `2.25.8${k}`, change: claims });
      // As if encapsulated: lengths of native pixels would be compared with the file first.
      const text = new TextDecoder("latin1").decode(bytes);
      bytes.set(ascii("1.2.840.10008.1.2.4.90".slice(0, 19)), text.indexOf("1.2.840.10008.1.2.1\0"));
      return memoryFile(file.path, bytes);
    });
    const { series } = await readFiles(files);
    let asked = 0;
    const taken = await bytesTaken(() =>
      loadSeries(series[0], { allocate: (bytes) => ((asked += bytes), new ArrayBuffer(0)) }),
    );
    expect(taken.value.ok).toBe(false);
    expect(asked).toBe(0);
    expect(taken.bytes).toBeLessThan(1_000_000);
  });
});

describe("a deflated object", () => {
  it("is inflated as far as its pixels reach, not as far as it goes on", async () => {
    const file = encodeSlice(
      {
        explicitVr: true,
        deflated: true,
        transferSyntaxUid: "1.2.840.10008.1.2.1.99",
        preamble: true,
        meta: true,
      },
      [[0x7fe0, 0x0010, "OW", new Uint8Array(8_000_000)]],
    );
    const header = readHeader(file, "blank");
    if (!header.ok) throw new Error(header.problem.code);
    const { value, bytes } = await bytesTaken(() => pixelBytes(file, header.value));
    expect(value?.length).toBe((header.value.pixelData?.offsetBytes ?? 0) + 24);
    expect(bytes).toBeLessThan(10_000);
  });

  it("is read as a whole, and refused where its stream is cut off", () => {
    const file = sample("deflated");
    const whole = readWholeObject(file);
    expect(whole.ok && whole.value.root.string("x00080060")).toBe("CT");
    expect(readWholeObject(file.slice(0, -200))).toMatchObject({
      ok: false,
      problem: { code: "read/truncated" },
    });
  });
});
