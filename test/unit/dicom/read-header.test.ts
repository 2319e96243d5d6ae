// Claims about reading headers: encodings, character sets, and every kind of file that is not a whole DICOM instance.
import { describe, expect, it } from "vitest";
import { decodeFrameToHu } from "#dicom/decode-pixels";
import { NEEDS_MORE_BYTES, readHeader } from "#dicom/read-header";
import { type Encoding, ascii, concat, encodeSlice } from "./encode-elements.ts";
import { sliceFile } from "./synthetic-ct.ts";

const EXPLICIT: Encoding = {
  explicitVr: true,
  transferSyntaxUid: "1.2.840.10008.1.2.1",
  preamble: true,
  meta: true,
};
const ENCODINGS: Readonly<Record<string, Encoding>> = {
  "explicit little endian": EXPLICIT,
  "implicit little endian": {
    explicitVr: false,
    transferSyntaxUid: "1.2.840.10008.1.2",
    preamble: true,
    meta: true,
  },
  "explicit big endian": { ...EXPLICIT, bigEndian: true, transferSyntaxUid: "1.2.840.10008.1.2.2" },
  deflated: { ...EXPLICIT, deflated: true, transferSyntaxUid: "1.2.840.10008.1.2.1.99" },
  "explicit without preamble": { ...EXPLICIT, preamble: false },
  "explicit without preamble and meta header": { ...EXPLICIT, preamble: false, meta: false },
  "implicit without preamble and meta header": {
    explicitVr: false,
    transferSyntaxUid: "1.2.840.10008.1.2",
    preamble: false,
    meta: false,
  },
  "big endian without preamble and meta header": {
    ...EXPLICIT,
    bigEndian: true,
    transferSyntaxUid: "1.2.840.10008.1.2.2",
    preamble: false,
    meta: false,
  },
};

const codeOf = (bytes: Uint8Array, fileSizeBytes?: number): string => {
  const result = readHeader(bytes, "file", fileSizeBytes);
  return result.ok ? "ok" : result.problem.code;
};

describe("readHeader", () => {
  it.each(Object.entries(ENCODINGS))("reads a slice in %s and decodes the same HU", async (_, encoding) => {
    const bytes = encodeSlice(encoding);
    const header = readHeader(bytes, "slice");
    if (!header.ok) throw new Error(header.problem.code);
    expect(header.value.transferSyntaxUid).toBe(encoding.transferSyntaxUid);
    expect(header.value.position).toEqual([-1, -2, 3.5]);
    expect([header.value.rowSpacingMm, header.value.columnSpacingMm]).toEqual([0.8, 0.5]);
    expect([header.value.format.rows, header.value.format.columns]).toEqual([3, 4]);
    const hu = new Int16Array(12);
    const decoded = await decodeFrameToHu(header.value, bytes, hu);
    expect(decoded.ok).toBe(true);
    expect([...hu]).toEqual(Array.from({ length: 12 }, (_unused, n) => n * 1000 - 1024));
  });

  it("asks for more bytes at every cut before the pixels, and reads the same header from any cut after", () => {
    const bytes = sliceFile({ position: [1, 2, 3] });
    const whole = readHeader(bytes, "slice");
    if (!whole.ok || !whole.value.pixelData) throw new Error("unreadable");
    const { offsetBytes } = whole.value.pixelData;
    for (let cut = 140; cut <= bytes.length; cut++) {
      const part = readHeader(bytes.subarray(0, cut), "slice", bytes.length);
      if (cut >= offsetBytes) expect(part).toEqual(whole);
      else if (!part.ok) expect(part.problem.code).toBe(NEEDS_MORE_BYTES);
      else expect(part.value.pixelData ?? "none", `cut at ${cut}`).not.toBe("none");
    }
  });

  it("says what is wrong with text, empty and cut-off files", () => {
    const bytes = sliceFile({ position: [1, 2, 3] });
    expect(codeOf(new Uint8Array(0))).toBe("read/empty-file");
    expect(codeOf(ascii("Dear radiologist, this is a letter and no image at all. ".repeat(9)))).toBe(
      "read/not-dicom",
    );
    expect(codeOf(ascii("hi"))).toBe("read/not-dicom");
    expect(codeOf(bytes.subarray(0, 132))).not.toBe("ok");
    const cut = readHeader(bytes.subarray(0, bytes.length - 10), "slice");
    expect(cut.ok && cut.problems.map((found) => found.code)).toEqual(["read/truncated-pixels"]);
  });

  it("takes no cut-off file for a whole one", () => {
    const bytes = sliceFile({ position: [1, 2, 3] });
    const codes = new Set<string>();
    for (let size = 132; size < bytes.length; size++) {
      const header = readHeader(bytes.subarray(0, size), "slice");
      if (!header.ok) codes.add(header.problem.code);
      else if (header.value.pixelData) expect(header.problems[0]?.code).toBe("read/truncated-pixels");
    }
    expect(codes).toContain("read/truncated-header");
  });

  it("never throws on damaged headers: every byte of one flipped in turn", () => {
    const bytes = encodeSlice(EXPLICIT);
    for (let at = 128; at < bytes.length; at++) {
      const damaged = bytes.slice();
      damaged[at] ^= 0xff;
      expect(() => readHeader(damaged, "slice")).not.toThrow();
    }
  });

  it("reads a padding value written as unsigned bits where pixels are signed", () => {
    const bytes = encodeSlice(EXPLICIT, [
      [0x0028, 0x0103, "US", 1],
      [0x0028, 0x0120, "US", 63536],
    ]);
    const header = readHeader(bytes, "slice");
    expect(header.ok && header.value.format.padding).toEqual([-2000, -2000]);
  });
});

describe("text in the file's character set", () => {
  const nameIn = (characterSet: string, bytes: readonly number[] | Uint8Array) => {
    const file = encodeSlice(EXPLICIT, [
      ...(characterSet === "" ? [] : ([[0x0008, 0x0005, "CS", characterSet]] as const)),
      [0x0010, 0x0010, "PN", Uint8Array.from(bytes)],
    ]);
    const header = readHeader(file, "slice");
    if (!header.ok) throw new Error(header.problem.code);
    return { name: header.value.patient.patientName, codes: header.problems.map((found) => found.code) };
  };
  const utf8 = (text: string) => new TextEncoder().encode(text);

  it.each([
    ["ISO_IR 100", [0x42, 0x75, 0x63, 0x5e, 0x4a, 0xe9, 0x72, 0xf4, 0x6d, 0x65], "Buc^Jérôme"],
    ["ISO_IR 192", utf8("Wang^XiaoDong=王^小东="), "Wang^XiaoDong=王^小东="],
    // PS3.5 annex J.3 (GB18030).
    [
      "GB18030",
      concat([ascii("Wang^XiaoDong="), Uint8Array.of(0xcd, 0xf5, 0x5e, 0xd0, 0xa1, 0xb6, 0xab)]),
      "Wang^XiaoDong=王^小东",
    ],
    ["ISO_IR 144", [0xbb, 0xee, 0xda, 0x63], "Люкc"],
    // PS3.5 annex H.3.1: romaji, kanji and hiragana.
    [
      "\\ISO 2022 IR 87",
      concat([ascii("Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B=\x1b$B$d$^$@\x1b(B^\x1b$B$?$m$&\x1b(B")]),
      "Yamada^Tarou=山田^太郎=やまだ^たろう",
    ],
    // PS3.5 annex H.3.2: half-width katakana first.
    [
      "ISO 2022 IR 13\\ISO 2022 IR 87",
      concat([
        Uint8Array.of(0xd4, 0xcf, 0xc0, 0xde, 0x5e, 0xc0, 0xdb, 0xb3, 0x3d),
        ascii("\x1b$B;3ED\x1b(J^\x1b$BB@O:\x1b(J"),
      ]),
      "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎",
    ],
    // PS3.5 annex I.2: Hangul.
    [
      "\\ISO 2022 IR 149",
      concat([
        ascii("Hong^Gildong=\x1b$)C"),
        Uint8Array.of(0xfb, 0xf3, 0x5e),
        ascii("\x1b$)C"),
        Uint8Array.of(0xd1, 0xce, 0xd4, 0xd7),
      ]),
      "Hong^Gildong=洪^吉洞",
    ],
    // PS3.5 annex K.2: ISO 2022 Chinese.
    [
      "\\ISO 2022 IR 58",
      concat([
        ascii("Zhang^XiaoDong=\x1b$)A"),
        Uint8Array.of(0xd5, 0xc5, 0x5e),
        ascii("\x1b$)A"),
        Uint8Array.of(0xd0, 0xa1, 0xb6, 0xab),
      ]),
      "Zhang^XiaoDong=张^小东",
    ],
  ])("decodes %s", (characterSet, bytes, expected) => {
    expect(nameIn(characterSet, bytes).name).toBe(expected);
  });

  it("guesses an undeclared set and says so", () => {
    expect(nameIn("", utf8("张^三"))).toEqual({ name: "张^三", codes: ["read/character-set-undeclared"] });
    expect(nameIn("", [0x4a, 0xe9])).toEqual({ name: "Jé", codes: ["read/character-set-undeclared"] });
    expect(nameIn("", ascii("Plain^Name")).codes).toEqual([]);
  });
});
