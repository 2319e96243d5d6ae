// Planted identities: not one of some two thousand invented values is found in anything that leaves, and every row of the profile is needed.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { strToU8, zipSync } from "fflate";
import { beforeAll, describe, expect, it } from "vitest";
import { FINDINGS_CREATOR } from "#cement/model/findings";
import { findingsJson, caseFiles } from "#cement/exports/bundle";
import { deidentifyFindings } from "#cement/teaching/deidentify-findings";
import { teachingVocabulary } from "#cement/teaching/teaching-vocabulary";
import { type Deidentified, deidentify, originalDates, vocabularyWords } from "#dicom/deidentify/deidentify";
import { cropAround } from "#dicom/deidentify/crop-region";
import { TEACHING_PROFILE, actionFor } from "#dicom/deidentify/profile";
import { makePseudonyms } from "#dicom/deidentify/pseudonyms";
import { type LeakReport, searchForLeaks } from "#dicom/leak-search/search";
import { type DataSet, writePart10 } from "#dicom/part10";
import { writeKeyObjects } from "#dicom/write-key-objects";
import { writeReport } from "#dicom/write-report";
import { writeSegmentation } from "#dicom/write-segmentation";
import { Invented, type PlantedStudy, everyAttribute, plantedStudy } from "./planted-study.ts";

const KEY = new Uint8Array(32).fill(9);
/** An attribute that neither the standard's table nor the project's own rows name: what a sequence of its own would carry out. */
const NESTED = "FilterMaterial";
/** As a host makes them for an export. */
const fresh = (end: string) => ({ sopInstanceUid: `2.25.9${end}1`, seriesInstanceUid: `2.25.9${end}2` });
const NOTHING = { texts: new Set<string>(), codes: [], schemeUids: new Set<string>() };

describe("a study with planted identities", () => {
  let study: PlantedStudy;
  let result: Deidentified;
  let report: LeakReport;
  let outputs: { name: string; bytes: Uint8Array }[];

  beforeAll(async () => {
    study = plantedStudy(NESTED);
    const { input, files } = study;
    const dicom = files.filter(({ name }) => name.endsWith(".dcm"));
    const isoDates = study.invented.values.filter((value) => /^(19|20)\d{6}$/.test(value));
    const pseudonyms = makePseudonyms({ key: KEY, dates: [...originalDates(dicom), ...isoDates] });
    const findings = deidentifyFindings(input.findings, pseudonyms, new Map());
    const cleaned = { ...input, findings };
    const vocabulary = teachingVocabulary(cleaned);
    if (!vocabulary.ok) throw new Error(vocabulary.problem.code);
    const box = cropAround(
      [...input.masks.cementOfLesion.values(), ...input.masks.leaks.values()],
      input.source,
      1,
    );
    const text = findingsJson(findings);
    const made = await deidentify(dicom, {
      pseudonyms,
      vocabulary: vocabulary.value,
      crops: box ? [box] : [],
      findings: { creator: FINDINGS_CREATOR, text },
    });
    if (!made.ok) throw new Error(JSON.stringify(made.problem));
    result = made.value;
    // Every form that the viewer writes of a case, made of the de-identified findings and identity.
    const forms = caseFiles(
      {
        ...cleaned,
        createdAt: new Date(findings.createdAt),
        // The program's device UID follows from its installation: a teaching case names none.
        equipment: {
          manufacturer: "Cement Leakage Viewer project",
          manufacturerModelName: "Cement Leakage Viewer",
          deviceSerialNumber: "teaching case",
          softwareVersions: "0.1.0",
        },
        uids: { segmentation: fresh("1"), report: fresh("2"), keyObjects: fresh("3") },
        findings: {
          ...findings,
          imaging: { ...findings.imaging, seriesInstanceUid: pseudonyms.uid(input.source.seriesInstanceUid) },
        },
        source: {
          ...input.source,
          patient: {
            patientName: pseudonyms.subject,
            patientId: pseudonyms.subject,
            patientBirthDate: "",
            patientSex: "F",
            patientAge: "065Y",
          },
          study: {
            ...input.source.study,
            studyInstanceUid: pseudonyms.uid(input.source.study.studyInstanceUid),
            studyDate: pseudonyms.date(input.source.study.studyDate),
            studyId: "",
            studyDescription: "",
            accessionNumber: "",
            referringPhysicianName: "",
          },
          seriesInstanceUid: pseudonyms.uid(input.source.seriesInstanceUid),
          seriesDescription: "",
          frameOfReferenceUid: pseudonyms.uid(input.source.frameOfReferenceUid),
          instances: input.source.instances.map((one) => ({
            ...one,
            sopInstanceUid: pseudonyms.uid(one.sopInstanceUid),
          })),
        },
      },
      { encodeSegmentation: writeSegmentation, encodeReport: writeReport, encodeKeyObjects: writeKeyObjects },
    );
    if (!forms.ok) throw new Error(forms.problem.code);
    const json = { name: "findings.json", bytes: strToU8(text) };
    const packed = zipSync(
      Object.fromEntries([...result.files, json].map(({ name, bytes }) => [name, bytes])),
    );
    outputs = [...result.files, json, ...forms.value, { name: "case.zip", bytes: packed }];
    report = searchForLeaks(outputs, files, { allowed: vocabularyWords(vocabulary.value) });
  });

  it("has far more than 300 invented values, in several scripts, and the search knows them all", () => {
    expect(study.invented.values.length).toBeGreaterThan(1000);
    expect(study.invented.values.filter((value) => /[^\x20-\x7e]/.test(value)).length).toBeGreaterThan(100);
    expect(study.invented.values.every((value) => Array.from(value).length >= 4)).toBe(true);
    expect(report.values).toBeGreaterThan(1000);
    expect(report.inVocabulary.filter(({ text }) => study.invented.values.includes(text))).toEqual([]);
  });

  it("leaves none of them in any byte of any form", () => {
    expect(report.unopened).toEqual([]);
    expect(report.found.map(({ value, where, form }) => `${value.from} as ${form} in ${where}`)).toEqual([]);
    expect(report.clean).toBe(true);
    // Once more without the search's own reading of the originals: the planted values, byte by byte.
    for (const { name, bytes } of outputs) {
      const text = Buffer.from(bytes).toString("utf8") + name;
      expect(study.invented.values.filter((value) => text.includes(value))).toEqual([]);
    }
  });

  it("tells what it left out because no row names it, and leaves out everything private", () => {
    expect([...result.counts.unlisted.keys()].some((tag) => TEACHING_PROFILE.table.has(tag))).toBe(false);
    expect(result.counts.privateAttributes).toBeGreaterThan(20);
    expect(result.counts.texts).toBeGreaterThan(10);
  });

  it("writes the same bytes for the same case and key, and other UIDs for another key", async () => {
    const again = makePseudonyms({ key: KEY, dates: [] });
    const other = makePseudonyms({ key: KEY.map((byte) => byte + 1), dates: [] });
    const [uid] = study.input.source.instances.map(({ sopInstanceUid }) => sopInstanceUid);
    expect(again.uid(uid)).toBe(makePseudonyms({ key: KEY, dates: ["20250102"] }).uid(uid));
    expect(other.uid(uid)).not.toBe(again.uid(uid));
    expect(again.uid(uid)).toMatch(/^2\.25\.[1-9]\d{30,38}$/);
    expect(again.uid("1.2.840.10008.1.4.1.1")).toBe("1.2.840.10008.1.4.1.1");
  });
});

describe("the shift of a case's dates", () => {
  it("turns none into another, whether it stands in an attribute of its own or in a comment", () => {
    const comment = { PatientComments: "seen 2019-03-14, again on 20190401." };
    const bytes = writePart10({ ...comment, StudyDate: "20240517", SOPInstanceUID: "2.25.20180101" });
    expect(originalDates([{ name: "x", bytes }])).toEqual(["20240517", "20190314", "20190401"]);
    const others = Array.from({ length: 40 }, (_, n) => new Uint8Array(32).fill(n));
    const moved = others.map((key) => {
      const unaware = makePseudonyms({ key, dates: [] }).date("20240517");
      return [unaware, makePseudonyms({ key, dates: ["20240517", unaware] }).date("20240517")];
    });
    expect(moved.filter(([unaware, aware]) => unaware === aware)).toEqual([]);
  });
});

describe("the profile", () => {
  const invented = new Invented();
  const { data, planted } = everyAttribute(invented, NESTED);
  const withNeeded = (attributes: DataSet) =>
    writePart10({
      ...attributes,
      SpecificCharacterSet: "ISO_IR 192",
      SOPClassUID: "1.2.840.10008.5.1.4.1.1.88.34",
      SOPInstanceUID: "2.25.424242",
      Modality: "SR",
    });
  const original = withNeeded(data);
  const dates = planted.filter(({ vr }) => vr === "DA" || vr === "DT").map(({ value }) => value);
  const pseudonyms = makePseudonyms({ key: KEY, dates });
  const run = async (profile: typeof TEACHING_PROFILE, bytes = original) => {
    const made = await deidentify([{ name: "x", bytes }], {
      pseudonyms,
      vocabulary: NOTHING,
      crops: [],
      profile,
    });
    if (!made.ok) throw new Error(JSON.stringify(made.problem));
    return made.value;
  };

  it("takes out every value of every attribute of the dictionary, known or not", async () => {
    const { files } = await run(TEACHING_PROFILE);
    const report = searchForLeaks(files, [{ name: "x", bytes: original }], {
      allowed: vocabularyWords(NOTHING),
    });
    expect(report.found.map(({ value }) => value.from)).toEqual([]);
    expect(planted.length).toBeGreaterThan(1000);
  });

  it("needs each of its rows: without one its value leaves, or is told as an attribute without a row", async () => {
    const rows = planted.filter(
      ({ tag }) => TEACHING_PROFILE.table.has(tag) || TEACHING_PROFILE.own.has(tag),
    );
    expect(rows.length).toBeGreaterThan(400);
    const missed: string[] = [];
    for (const { tag, keyword, value } of rows) {
      const without = <T>(from: ReadonlyMap<string, T>) => new Map([...from].filter(([key]) => key !== tag));
      const less = {
        ...TEACHING_PROFILE,
        table: without(TEACHING_PROFILE.table),
        own: without(TEACHING_PROFILE.own),
      };
      const bytes = withNeeded({ [keyword]: data[keyword] });
      const [alone] = (await run({ ...less, unlisted: "keep" }, bytes)).files;
      if (!Buffer.from(alone.bytes).includes(value)) missed.push(`${keyword} does not leave without its row`);
      if (!(await run(less, bytes)).counts.unlisted.has(tag))
        missed.push(`${keyword} is not told without its row`);
    }
    expect(missed).toEqual([]);
  });

  it("is the table of PS3.15 with its edition", () => {
    expect(TEACHING_PROFILE.edition).toBe("2024b");
    expect(TEACHING_PROFILE.table.size).toBe(621);
    expect(
      [...TEACHING_PROFILE.table.values()].every(
        ([name, basic]) => name !== "" && /^([XZDU]\*?)(\/([XZDU]\*?))*$/.test(basic),
      ),
    ).toBe(true);
    expect(actionFor("00100010", TEACHING_PROFILE)).toBe("subject");
    expect(actionFor("00091010", TEACHING_PROFILE)).toBe("remove");
    expect(actionFor("60003000", TEACHING_PROFILE)).toBe("remove");
    // What stays by the project's own list must not be a row of the table.
    expect([...TEACHING_PROFILE.kept.keys()].filter((tag) => TEACHING_PROFILE.table.has(tag))).toEqual([]);
  });
});

describe("the search", () => {
  const src = join(import.meta.dirname, "../../../src/dicom");
  const importsOf = (folder: string) =>
    readdirSync(join(src, folder)).flatMap((file) =>
      [...readFileSync(join(src, folder, file), "utf8").matchAll(/from "([^"]+)"/g)].map(
        ([, specifier]) => specifier,
      ),
    );

  it("shares no code with the de-identifier", () => {
    expect(importsOf("leak-search").filter((one) => !one.startsWith("./") && one !== "fflate")).toEqual([]);
    expect(importsOf("deidentify").filter((one) => one.includes("leak-search"))).toEqual([]);
  });
});
