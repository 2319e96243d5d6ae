// The search after de-identification: it opens what is packed and finds a value in every form that programs and people give it.
import { deflateSync, gzipSync, strToU8, zipSync, zlibSync } from "fflate";
import { describe, expect, it } from "vitest";
import { deidentify, vocabularyWords } from "#dicom/deidentify/deidentify";
import { makePseudonyms } from "#dicom/deidentify/pseudonyms";
import { searchForLeaks } from "#dicom/leak-search/search";
import { type DataSet, writePart10 } from "#dicom/part10";
import { encodeSlice } from "./encode-elements.ts";

const NAME = "Quazorvex^Ilvara=齐雁翎";
const object = (more: DataSet): Uint8Array =>
  writePart10({
    SOPClassUID: "1.2.840.10008.5.1.4.1.1.2",
    SOPInstanceUID: "1.3.6.1.4.1.99981.71.1",
    SpecificCharacterSet: "ISO_IR 192",
    ...more,
  });
const original = {
  name: "in.dcm",
  bytes: object({ PatientName: NAME, PatientID: "71009973", PatientBirthDate: "19310408", StudyID: "Li" }),
};
const found = (bytes: Uint8Array, name = "out.bin", allowed: readonly string[] = []) =>
  searchForLeaks([{ name, bytes }], [original], { allowed }).found.map(
    ({ value, where }) => `${value.text} in ${where}`,
  );

function chunk(type: string, data: Uint8Array): Uint8Array {
  const out = new Uint8Array(12 + data.length);
  new DataView(out.buffer).setUint32(0, data.length, false);
  out.set(strToU8(type), 4);
  out.set(data, 8);
  return out;
}
const bytesOf = (...parts: readonly (Uint8Array | string)[]): Uint8Array =>
  new Uint8Array(Buffer.concat(parts.map((part) => (typeof part === "string" ? strToU8(part, true) : part))));
const PNG = "\u0089PNG\r\n\u001a\n";
const SAYS = "seen: QUAZORVEX today";

describe("a value", () => {
  it.each<readonly [string, Uint8Array]>([
    ["text, in capitals", strToU8(SAYS)],
    ["text, given name first", strToU8("by Ilvara Quazorvex")],
    ["UTF-16", new Uint8Array(Buffer.from("Quazorvex", "utf16le"))],
    ["another script", strToU8("患者齐雁翎。")],
    ["another script in UTF-16", new Uint8Array(Buffer.from("齐雁翎", "utf16le"))],
    ["JSON escapes", strToU8('{"a":"\\u9f50\\u96c1\\u7fce"}')],
    ["JSON escapes of plain letters", strToU8('{"a":"\\u0051uazorvex"}')],
    ["a URL", strToU8("data:text/html,%E9%BD%90%E9%9B%81%E7%BF%8E")],
    ["HTML numbers", strToU8("<p>&#40784;&#38593;&#32718;</p>")],
    ["a date with dashes", strToU8("born 1931-04-08.")],
    ["a date as Germans write it", strToU8("geb. 08.04.1931")],
    ["a date in Chinese", strToU8("1931年4月8日")],
    ["a number", strToU8("ID:71009973;")],
    ["a UID", strToU8('"1.3.6.1.4.1.99981.71.1"')],
    [
      "base64",
      strToU8(`<img src="data:text/plain;base64,${Buffer.from(SAYS.repeat(20)).toString("base64")}">`),
    ],
    ["short base64", strToU8(`{"a":"${Buffer.from(SAYS).toString("base64")}"}`)],
    ["gzip", gzipSync(strToU8(SAYS.repeat(9)))],
    ["a zip", zipSync({ "a.txt": strToU8(SAYS.repeat(9)) })],
    [
      "a zip in a zip in base64",
      strToU8(Buffer.from(zipSync({ "b.zip": zipSync({ "a.txt": strToU8(SAYS) }) })).toString("base64")),
    ],
    ["the name of a zip's entry", zipSync({ "Quazorvex.txt": strToU8("x") })],
    ["a zip's comment", bytesOf(zipSync({ a: strToU8("x") }), SAYS)],
    ["PNG text", bytesOf(PNG, chunk("tEXt", strToU8(`Author\0${SAYS}`)), chunk("IEND", new Uint8Array(0)))],
    [
      "packed PNG text",
      bytesOf(
        PNG,
        chunk("zTXt", bytesOf("Author\0\0", zlibSync(strToU8(SAYS)))),
        chunk("IEND", new Uint8Array(0)),
      ),
    ],
    [
      "packed international PNG text",
      bytesOf(PNG, chunk("iTXt", bytesOf("A\0\u0001\0en\0\0", zlibSync(strToU8(SAYS))))),
    ],
    ["behind a PNG", bytesOf(PNG, chunk("IEND", new Uint8Array(0)), SAYS)],
    ["a JPEG's comment", bytesOf("\u00ff\u00d8\u00ff\u00fe\u0000\u0017", SAYS, "\u00ff\u00da\u0000\u0000")],
    ["DICOM, in a sequence", object({ RequestAttributesSequence: [{ RequestedProcedureID: "Quazorvex" }] })],
    ["DICOM, private", object({ "(0029,0010) LO": "X", "(0029,1001) UN": strToU8("QUAZORVEX") })],
    ["DICOM, in pixels", object({ BitsAllocated: 8, PixelData: strToU8("..Quazorvex..") })],
    [
      "DICOM, deflated",
      encodeSlice(
        {
          explicitVr: true,
          deflated: true,
          transferSyntaxUid: "1.2.840.10008.1.2.1.99",
          preamble: true,
          meta: true,
        },
        [[0x0010, 0x0010, "PN", "QUAZORVEX"]],
      ),
    ],
  ])("is found in %s", (_, bytes) => {
    expect(found(bytes)).not.toEqual([]);
  });

  it("is found in a file's name, whole or as file names are made", () => {
    expect(found(strToU8("x"), "71009973_cement.dcm")).toEqual(["71009973 in file name"]);
    expect(found(strToU8("x"), "quazorvex-ilvara.zip").length).toBeGreaterThan(0);
  });

  it("is not found where it is not: another number, a shifted date, another UID, noise", () => {
    for (const text of [
      "710099731x7100997",
      "1931-04-09",
      "1.3.6.1.4.1.99981.71.12",
      "Quazor vex",
      "1.3.6.1.4.1.99981.71.1.5",
    ])
      expect(found(strToU8(text)).filter((one) => !one.startsWith("71009973"))).toEqual([]);
    let state = 1;
    const noise = Uint8Array.from(
      { length: 400_000 },
      () => (state = (state * 1103515245 + 12345) % 2147483648) >> 16,
    );
    expect(found(noise)).toEqual([]);
  });
});

describe("the report", () => {
  const report = (bytes: Uint8Array, allowed: readonly string[] = []) =>
    searchForLeaks([{ name: "out", bytes }], [original], { allowed });

  it("is clean where nothing is found, and says how much was looked at and what was too short", () => {
    const one = report(strToU8("Reader 1, CASE-1"));
    expect(one).toMatchObject({ clean: true, files: 1, found: [], unopened: [] });
    expect(one.values).toBeGreaterThan(3);
    expect(one.bytes).toBeGreaterThan(15);
    expect(one.tooShort.map(({ text, from }) => `${text} ${from}`)).toEqual([
      "in file name",
      "Li (0020,0010) in in.dcm",
    ]);
  });

  it("names value, form and place of what it finds", () => {
    const [one] = report(zipSync({ "a.json": strToU8('{"who":"71009973"}') })).found;
    expect(one).toMatchObject({
      value: { text: "71009973", from: "(0010,0020) in in.dcm" },
      where: "out > a.json",
      form: "UTF-8",
    });
  });

  it("is not clean where something can't be opened", () => {
    const locked = zipSync({ "a.txt": strToU8("x".repeat(90)) });
    // General purpose bit 0 of the directory's entry: encrypted.
    locked[Buffer.from(locked).indexOf("PK\u0001\u0002", 0, "latin1") + 8] |= 1;
    expect(report(locked)).toMatchObject({
      clean: false,
      found: [],
      unopened: [expect.stringMatching(/a\.txt is packed or encrypted/)],
    });
    expect(report(deflateSync(strToU8("x"))).clean).toBe(true);
  });

  it("tells the values that it can't tell from words of the fixed vocabulary", () => {
    const allowed = ["Item 71009973", "Ilvara sacrum"];
    expect(report(strToU8("Item 71009973"), allowed)).toMatchObject({ clean: true });
    expect(report(strToU8("x"), allowed).inVocabulary.map(({ text }) => text)).toEqual(["71009973"]);
    // The rest of the name is still looked for.
    expect(report(strToU8("Quazorvex"), allowed).clean).toBe(false);
  });

  it("finds a short word as a word, not as a piece of another", () => {
    const short = { name: "c.dcm", bytes: object({ PatientName: "Lang^Ott" }) };
    const of = (text: string) =>
      searchForLeaks([{ name: "out", bytes: strToU8(text) }], [short], { allowed: [] }).found.length;
    expect([of("the language"), of("Dr. Lang,"), of("LANG_1"), of("LangOtt"), of("Ott, Lang")]).toEqual([
      0, 1, 1, 1, 1,
    ]);
  });

  it("finds a date with its time and a number in a longer one, not by chance in a random UID", () => {
    const numbered = { name: "c.dcm", bytes: object({ PatientID: "47110815", StudyDate: "20250102" }) };
    const of = (text: string) =>
      searchForLeaks([{ name: "out", bytes: strToU8(text) }], [numbered], { allowed: [] }).found.length;
    expect([of("20250102093000.123"), of("id00047110815"), of("at 20250102")]).toEqual([1, 1, 1]);
    expect(of("2.25.182047110815200914733105520250102441")).toBe(0);
  });

  it("lets approved words of a typed text stand, but nothing that identifies from elsewhere", () => {
    const item = (text: string) => ({ ValueType: "TEXT", TextValue: text });
    const texts = ["Fell from a ladder", "Mrs Quazorvex fell", "4711-0815 again", "not approved"];
    const typed = {
      name: "c.dcm",
      bytes: object({ PatientID: "4711-0815", ContentSequence: texts.map(item) }),
    };
    const of = (approved: readonly (readonly [string, string])[]) =>
      searchForLeaks([{ name: "out", bytes: strToU8(texts.join(". ")) }], [original, typed], {
        allowed: [],
        approved: new Map(approved),
      }).found.map(({ value }) => value.text);
    expect(of([])).toEqual(expect.arrayContaining([...texts, NAME]));
    const whole = texts.slice(0, 3).map((text) => [text, text] as const);
    expect(of(whole).toSorted()).toEqual(["4711-0815", NAME, "not approved"].toSorted());
    // Approved words are not the whole text.
    expect(of([["Fell from a ladder", "Fell"]])).toContain("Fell from a ladder");
  });

  it.each([
    [
      "Japanese",
      "ISO 2022 IR 6\\ISO 2022 IR 87",
      "Yamada^Tarou=\u001b$B;3ED\u001b(B^\u001b$BB@O:\u001b(B",
      "山田",
    ],
    [
      "Korean",
      "\\ISO 2022 IR 149",
      "Hong^Gildong=\u001b$)C\u00fb\u00f3^\u001b$)C\u00d1\u00ce\u00d4\u00d7",
      "吉洞",
    ],
    ["Chinese", "GB18030", "Wang^XiaoDong=\u00cd\u00f5^\u00d0\u00a1\u00b6\u00ab", "小东"],
    ["Greek", "ISO_IR 126", "\u00c4\u00e9\u00ef\u00ed\u00f5\u00f3\u00e9\u00ef\u00f2", "Διονυσιος"],
  ])(
    "knows a %s name in its own character set when it stands in UTF-8, and the de-identifier takes it out",
    async (_, set, name, wanted) => {
      const bytes = encodeSlice(
        { explicitVr: true, transferSyntaxUid: "1.2.840.10008.1.2.1", preamble: true, meta: true },
        [
          [0x0008, 0x0005, "CS", set],
          [0x0010, 0x0010, "PN", name],
          [0x0008, 0x0090, "PN", name],
          [0x0010, 0x4000, "LT", name],
        ],
      );
      const one = { name: "i.dcm", bytes };
      expect(
        searchForLeaks([{ name: "o", bytes: strToU8(`of ${wanted}`) }], [one], { allowed: [] }).found,
      ).not.toEqual([]);
      const pseudonyms = makePseudonyms({ key: new Uint8Array(32), dates: [] });
      const vocabulary = { texts: new Set<string>(), codes: [], schemeUids: new Set<string>() };
      const made = await deidentify([one], { pseudonyms, vocabulary, crops: [] });
      if (!made.ok) throw new Error(made.problem.code);
      expect(searchForLeaks(made.value.files, [one], { allowed: vocabularyWords(vocabulary) }).found).toEqual(
        [],
      );
      // The same name in UTF-8, as a careless program would hand it on.
      const kept = object({ PatientName: `X=${wanted}` });
      expect(searchForLeaks([{ name: "o", bytes: kept }], [one], { allowed: [] }).clean).toBe(false);
    },
  );

  it("throws for originals of which it can't know what identifies", () => {
    expect(() => searchForLeaks([], [{ name: "a.bin", bytes: strToU8("x") }], { allowed: [] })).toThrow(
      /neither DICOM nor JSON/,
    );
    const cut = original.bytes.subarray(0, original.bytes.length - 3);
    expect(() => searchForLeaks([], [{ name: "a.dcm", bytes: cut }], { allowed: [] })).toThrow();
  });

  it.each(["explicit", "implicit", "bare"])("reads the identity of an original in %s syntax", (kind) => {
    const explicitVr = kind === "explicit";
    const bytes = encodeSlice(
      {
        explicitVr,
        transferSyntaxUid: explicitVr ? "1.2.840.10008.1.2.1" : "1.2.840.10008.1.2",
        preamble: kind !== "bare",
        meta: kind !== "bare",
      },
      [
        [0x0010, 0x0010, "PN", "Zylvug^Qirjex"],
        [0x0010, 0x0020, "LO", "88123456"],
      ],
    );
    const texts = searchForLeaks([{ name: "o", bytes }], [{ name: "i.dcm", bytes }], {
      allowed: [],
    }).found.map(({ value }) => value.text);
    expect(texts).toEqual(expect.arrayContaining(["Zylvug^Qirjex", "88123456"]));
  });
});
