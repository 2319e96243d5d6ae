// What the author of a teaching case decides of what leaves: words of free texts, the crop, other studies and every frame of their pictures.
import { strFromU8, unzipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findingsSchema } from "#cement/model/findings";
import { piecesOf } from "#cement/teaching/free-texts";
import { readHeader } from "#dicom/read-header";
import { readReport } from "#dicom/read-report";
import { readWholeObject } from "#dicom/nested-items";
import { FLUOROSCOPY_FRAMES, earlierCt, fluoroscopy, screenshotOf } from "../dicom/other-study.ts";
import { taughtCase as taughtCaseOf } from "./taught-case.ts";

/** What is decided of a case hangs on no size: the smallest that the crops of these tests fit into. */
const taughtCase = (options: Parameters<typeof taughtCaseOf>[0] = {}) =>
  taughtCaseOf({ ...options, size: { columns: 128, rows: 124, slices: 64 } });
type Taught = Awaited<ReturnType<typeof taughtCase>>;

const savedZip = async ({ teaching, saved }: Taught) => {
  const before = saved.length;
  await teaching.save("zip");
  return saved.length > before ? unzipSync(saved[saved.length - 1].bytes) : null;
};
const filesOf = (files: readonly { name: string; bytes: Uint8Array }[]) =>
  files.map(({ name, bytes }) => ({ path: name, file: new File([bytes.slice()], name) }));
const stringOf = (bytes: Uint8Array, tag: string): string => {
  const object = readWholeObject(bytes);
  return object.ok ? (object.value.root.string(tag) ?? "") : "";
};

/** One case for all that its author decides, back to what was proposed after each of it. */
const words = "Told Dr Vexquazor: stable, follow up, chordoma";
let made: Taught;
let comment: string;
let named: Readonly<Record<"patientName" | "patientId", string>>;

beforeAll(async () => {
  made = await taughtCase({
    comment({ patientName, patientId }) {
      named = { patientName: patientName.split("^")[0], patientId };
      comment = `${words} ${named.patientName} ${named.patientId}`;
      return comment;
    },
  });
  await made.teaching.begin();
}, 60_000);

describe("free text", () => {
  const wordsOf = (text: string, ...wanted: string[]) =>
    new Set(
      piecesOf(text).flatMap(({ text: one, word }) => (word !== null && wanted.includes(one) ? [word] : [])),
    );

  afterAll(() => made.teaching.privacy.approve(comment, new Set()));

  it("leaves by its approved words alone, in findings and report", async () => {
    const { privacy, state } = made.teaching;
    expect(privacy.state.get().texts.map(({ text }) => text)).toContain(comment);
    privacy.approve(comment, wordsOf(comment, "stable", "follow"));
    expect(state.get().report).toBeNull();
    const zip = (await savedZip(made)) ?? {};
    const findings = findingsSchema.parse(JSON.parse(strFromU8(zip["findings.json"])));
    expect(findings.leaks[0].comment).toBe("stable, follow");
    expect(Object.values(zip).some((bytes) => strFromU8(bytes, true).includes("Vexquazor"))).toBe(false);
    // The report carries the same findings.
    expect(strFromU8(zip["dicom/SR-0001.dcm"], true)).toContain("stable, follow");
  }, 60_000);

  it.each(["patientName", "patientId"] as const)(
    "is stopped by the search where an approved word is the patient's: %s",
    async (part) => {
      const approved = wordsOf(comment, named[part]);
      expect(approved.size).toBe(1);
      made.teaching.privacy.approve(comment, approved);
      expect(await savedZip(made)).toBeNull();
      const { report } = made.teaching.state.get();
      expect(report?.clean).toBe(false);
      expect(report?.found.map(({ value }) => value.from).join()).toContain("(0010,00");
    },
    60_000,
  );

  it("warns where an approved word names a rare tumour", () => {
    const { privacy, state } = made.teaching;
    privacy.approve(comment, new Set());
    expect(state.get().warnings).toEqual([]);
    privacy.approve(comment, wordsOf(comment, "chordoma"));
    const warned = state.get().warnings.map(({ en }) => en);
    expect(warned.join()).toContain("chordoma");
  });
});

describe("the crop", () => {
  it("is the region of interest until the author draws another, and is refused where it cuts a segment", async () => {
    const { privacy } = made.teaching;
    const before = (await savedZip(made)) ?? {};
    privacy.crop({ firstColumn: 20, columns: 100, firstRow: 10, rows: 110, firstSlice: 30, slices: 30 });
    const zip = (await savedZip(made)) ?? {};
    const header = readHeader(zip["dicom/CT-0001.dcm"], "ct");
    if (!header.ok) throw new Error(header.problem.code);
    expect([header.value.format.columns, header.value.format.rows]).toEqual([100, 110]);
    expect(Object.keys(zip).filter((name) => name.includes("CT-"))).toHaveLength(30);
    // The same patient as before: one key for the whole case.
    expect(stringOf(zip["dicom/SR-0001.dcm"], "x00080018")).toBe(
      stringOf(before["dicom/SR-0001.dcm"], "x00080018"),
    );
    privacy.crop({ firstColumn: 80, columns: 20, firstRow: 60, rows: 20, firstSlice: 36, slices: 8 });
    expect(await savedZip(made)).toBeNull();
    expect(made.teaching.state.get().problem?.code).toBe("deidentify/crop-cuts-segment");
    privacy.crop(null);
    expect(Object.keys((await savedZip(made)) ?? {})).toEqual(Object.keys(before));
  }, 60_000);
});

describe("other studies", () => {
  let zip: Record<string, Uint8Array>;
  let planted: string[];

  beforeAll(async () => {
    const { patient, study } = made.reading.host.scene.get().series!;
    const more = { InstitutionName: made.invented.name(), OperatorsName: made.invented.name() };
    const of = (date: string, name: string) => ({ patient, date, name, more });
    planted = [more.InstitutionName, more.OperatorsName];
    const day = (back: number) =>
      new Date(Date.UTC(2025, 0, 2 - back)).toISOString().slice(0, 10).replaceAll("-", "");
    expect(study.studyDate).toMatch(/^\d{8}$/);
    made.choose(
      filesOf([
        fluoroscopy(of(day(1), "procedure")),
        screenshotOf(of(day(1), "procedure")),
        ...earlierCt(of(day(30), "before")),
        fluoroscopy({ ...of(day(1), "stranger"), patient: { ...patient, patientId: "SOMEBODY-ELSE" } }),
        { name: "note.pdf", bytes: new TextEncoder().encode("%PDF-1.4") },
      ]),
    );
    await made.teaching.privacy.addStudies("folder");
    zip = (await savedZip(made)) ?? {};
  }, 60_000);

  it("are offered by series, oldest first; a stranger's and what is no image are refused with the reason", () => {
    const { others, refused } = made.teaching.privacy.state.get();
    expect(others.map(({ series }) => [series.modality, series.images.length])).toEqual([
      ["CT", 5],
      ["OT", 1],
      ["XA", 1],
    ]);
    expect(others.map(({ around }) => around)).toEqual(["unknown", null, null]);
    expect(refused.map(({ code }) => code).toSorted()).toEqual([
      "deidentify/other-patient",
      "read/not-dicom",
    ]);
  });

  it("leave as far as nobody has to look at them: CT at once, pictures not", () => {
    const names = Object.keys(zip);
    expect(names.filter((name) => name.includes("XA-") || name.includes("OT-"))).toEqual([]);
    expect(names.filter((name) => /manifest/.test(name))).toEqual([
      "dicom/manifest-2.dcm",
      "dicom/manifest.dcm",
    ]);
  });

  it("let a run leave once every frame was on the screen, not before", async () => {
    const { privacy } = made.teaching;
    const run = privacy.state.get().others[2].series.images[0];
    const pictures = await privacy.framesOf(run);
    expect([pictures?.frames, pictures?.columns, pictures?.rows]).toEqual([FLUOROSCOPY_FRAMES, 24, 20]);
    const drawn = pictures?.frame(1) ?? new Uint8ClampedArray();
    expect([Math.min(...drawn.filter((_, n) => n % 4 === 0)), Math.max(...drawn)]).toEqual([0, 255]);
    privacy.saw(run, 0);
    privacy.saw(run, 1);
    privacy.saw(run, 99);
    privacy.sayNothingFound(run, true);
    expect(privacy.state.get().looked.get(run.sopInstanceUid)?.nothingFound).toBe(false);
    privacy.saw(run, 2);
    privacy.sayNothingFound(run, true);
    expect(privacy.state.get().looked.get(run.sopInstanceUid)?.nothingFound).toBe(true);
    zip = (await savedZip(made)) ?? {};
    const object = readWholeObject(zip["dicom/XA-0001.dcm"]);
    if (!object.ok) throw new Error(object.problem.code);
    expect(object.value.root.string("x00280301")).toBe("NO");
    expect(object.value.root.codes("x00120064").map(({ value }) => value)).toContain("113101");
    expect(Object.keys(zip).some((name) => name.includes("OT-"))).toBe(false);
  }, 60_000);

  it("lie under one patient, one UID map and one date shift with the case", () => {
    const dicom = Object.entries(zip).filter(([name]) => name.endsWith(".dcm"));
    const of = (tag: string) => new Set(dicom.map(([, bytes]) => stringOf(bytes, tag)));
    expect(of("x00100020").size).toBe(1);
    expect(of("x0020000d").size).toBe(3);
    const dayOf = (name: RegExp) => {
      const [, bytes] = dicom.find(([one]) => name.test(one)) ?? [];
      const text = stringOf(bytes ?? new Uint8Array(), "x00080020");
      return Date.parse(`${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`) / 86_400_000;
    };
    const case_ = made.reading.host.scene.get().series?.study.studyDate ?? "";
    const was = Date.parse(`${case_.slice(0, 4)}-${case_.slice(4, 6)}-${case_.slice(6)}`) / 86_400_000;
    const run = Date.UTC(2025, 0, 1) / 86_400_000;
    expect(dayOf(/SEG-/) - dayOf(/XA-/)).toBe(was - run);
    for (const [name, bytes] of dicom)
      for (const value of planted) expect([name, strFromU8(bytes).includes(value)]).toEqual([name, false]);
  });

  it("are listed by a manifest each, which names every object of its study once", () => {
    const listed = ["manifest", "manifest-2", "manifest-3"].flatMap((name) => {
      const report = readReport(zip[`dicom/${name}.dcm`]);
      if (!report.ok) throw new Error(report.problem.code);
      expect(report.value.title).toMatchObject({ value: "128710", scheme: "DCM" });
      return report.value.content.flatMap((item) =>
        item.type === "IMAGE" || item.type === "COMPOSITE" ? [item.reference.sopInstanceUid] : [],
      );
    });
    const objects = Object.entries(zip)
      .filter(([name]) => name.endsWith(".dcm") && !name.includes("manifest"))
      .map(([, bytes]) => stringOf(bytes, "x00080018"));
    expect(listed.toSorted()).toEqual(objects.toSorted());
  });

  it("leave only the chosen slices of a CT, or nothing of it", async () => {
    const { privacy } = made.teaching;
    const [ct] = privacy.state.get().others;
    privacy.include(ct.series.seriesInstanceUid, { first: 1, last: 2 });
    const cts = async () =>
      Object.keys((await savedZip(made)) ?? {}).filter((name) => name.includes("CT-")).length;
    const some = await cts();
    privacy.include(ct.series.seriesInstanceUid, { included: false });
    expect(some - (await cts())).toBe(2);
  }, 60_000);
});

describe("a CT whose own images may show a name", () => {
  it("is no teaching case: page and pictures would show it too", async () => {
    const marked = await taughtCase({ more: () => () => ({ BurnedInAnnotation: "YES" }) });
    await marked.teaching.begin();
    const { choices, problem } = marked.teaching.state.get();
    expect([choices, problem?.code, problem?.details.why]).toEqual([
      null,
      "deidentify/case-images",
      "burned-in",
    ]);
    expect(await savedZip(marked)).toBeNull();
  }, 60_000);
});

describe("a CT that may show a head", () => {
  it("waits for the author's word, and leaves after it", async () => {
    const headed = await taughtCase({ more: () => () => ({ BodyPartExamined: "CSPINE" }) });
    const { teaching } = headed;
    await teaching.begin();
    expect(teaching.state.get().choices).toBeNull();
    expect(teaching.state.get().problem).toMatchObject({
      code: "deidentify/may-show-head",
      details: { why: "name" },
    });
    teaching.privacy.sayNoHead(true);
    await teaching.check();
    expect(teaching.state.get()).toMatchObject({ problem: null, report: { clean: true } });
    expect(Object.keys((await savedZip(headed)) ?? {})).toContain("dicom/CT-0001.dcm");
  }, 60_000);
});
