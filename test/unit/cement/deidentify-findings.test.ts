// Findings of a teaching case: every measured value stays, everything that names somebody goes, and rare combinations are told.
import { describe, expect, it } from "vitest";
import { type Findings, findingsSchema } from "#cement/model/findings";
import { deidentifyFindings } from "#cement/teaching/deidentify-findings";
import { approvedWords } from "#cement/teaching/free-texts";
import { rareCombination } from "#cement/teaching/rare-combination";
import { makePseudonyms } from "#dicom/deidentify/pseudonyms";
import { TWENTY_CASES, writeCase } from "../host/twenty-cases.ts";
import { documentOf, openedCase, filesOf } from "../host/written-case.ts";
import { measuredCase } from "./small-case.ts";

const pseudonyms = makePseudonyms({
  key: new Uint8Array(32).fill(3),
  dates: ["20250102", "20260102", "20260101"],
});

/** Every number below a path, with its path. */
function numbersOf(node: unknown, path = ""): string[] {
  if (typeof node === "number") return [`${path} ${node}`];
  if (typeof node !== "object" || node === null) return [];
  return Object.entries(node)
    .flatMap(([key, value]) => numbersOf(value, `${path}.${key}`))
    .toSorted();
}

describe("de-identified findings", () => {
  const { findings } = measuredCase();
  const made = deidentifyFindings(findings, pseudonyms, new Map());

  it("keep every measured number of lesions, leaks, earlier cement, measurements and balance", () => {
    for (const part of ["lesions", "leaks", "previousCement", "measurements", "massBalance"] as const)
      expect(numbersOf(made[part])).toEqual(numbersOf(findings[part]));
    expect(made.leaks.map(({ site, side, route }) => [site, side, route])).toEqual(
      findings.leaks.map(({ site, side, route }) => [site, side, route]),
    );
    expect(made.siteAssessments.map(({ answer }) => answer)).toEqual(
      findings.siteAssessments.map(({ answer }) => answer),
    );
  });

  it("name readers by role, band the age, move dates by the same days and map UIDs as the objects do", () => {
    const subject = { ageYears: 67, sex: "F" as const, patientKey: "P-77" };
    const procedure = { ...findings.procedure, date: "2025-01-01", operatorKey: "OP-3" };
    const one = deidentifyFindings({ ...findings, subject, procedure }, pseudonyms, new Map());
    expect(one.subject).toEqual({ pseudonym: pseudonyms.subject, ageYears: 65, sex: "F" });
    expect(
      deidentifyFindings({ ...findings, subject: { ageYears: 93 } }, pseudonyms, new Map()).subject?.ageYears,
    ).toBe(90);
    expect(one.readers).toEqual([
      { readerId: "Reader 1", role: "radiologist", readAt: expect.stringMatching(/T10:14:00Z$/) },
    ]);
    const days = (from = "", to = "") => (Date.parse(to) - Date.parse(from)) / 86_400_000;
    expect(days(one.procedure.date, one.imaging.studyDate)).toBe(1);
    expect(one.imaging.studyDate).not.toBe(findings.imaging.studyDate);
    expect(one.procedure.operatorKey).toBeUndefined();
    expect(one.imaging.seriesInstanceUid).toBe(pseudonyms.uid(findings.imaging.seriesInstanceUid));
  });

  it("leave free text out unless the author approved words of it, and keep only these", () => {
    const comment = findings.leaks[1].comment ?? "";
    expect(made.leaks[1].comment).toBeUndefined();
    expect(deidentifyFindings(findings, pseudonyms, new Map([[comment, comment]])).leaks[1].comment).toBe(
      comment,
    );
    expect(
      deidentifyFindings(findings, pseudonyms, new Map([[comment.toUpperCase(), comment]])).leaks[1].comment,
    ).toBeUndefined();
    const some = new Map([[comment, approvedWords(comment, new Set([0]))]]);
    expect(deidentifyFindings(findings, pseudonyms, some).leaks[1].comment).toBe("=HYPERLINK");
    expect(made.procedure.cement?.product).toBeUndefined();
  });

  it("hide a department's own site, its name, code and scheme", () => {
    const terms = [
      {
        id: "local_st_elsewhere",
        code: "STELSE",
        scheme: "99STELSE",
        name: { en: "Elsewhere recess", zh: "某处隐窝" },
        bones: ["sacrum" as const],
        checklist: true,
      },
    ] satisfies Findings["terms"];
    const leaks = [{ ...findings.leaks[0], site: "local_st_elsewhere" as const }];
    const one = deidentifyFindings({ ...findings, terms, leaks }, pseudonyms, new Map());
    expect(one.leaks[0].site).toBe("local_site_1");
    expect(JSON.stringify(one)).not.toMatch(/elsewhere|stelse|某处/i);
  });

  it("are valid findings for every kind of case, and hold nothing of who read it", async () => {
    for (const written of Object.values(TWENTY_CASES).slice(0, 6)) {
      const one = await openedCase();
      writeCase(one, written);
      const json = (await filesOf(one)).find(({ kind }) => kind === "JSON");
      const original = findingsSchema.parse(JSON.parse(new TextDecoder().decode(json?.bytes)));
      const clean = deidentifyFindings(original, pseudonyms, new Map());
      expect(findingsSchema.safeParse(clean).success).toBe(true);
      expect(clean.history).toBeUndefined();
      expect(JSON.stringify(clean)).not.toContain(documentOf(one).documentId);
    }
  });
});

describe("a rare combination", () => {
  const base = {
    subject: { ageYears: 65, sex: "F" as const },
    lesions: [],
    procedure: { type: "sacroplasty" as const },
  };

  it("warns of a rare primary with age and sex, wherever it is said, not of a common one or without age", () => {
    const warned = (...said: string[]) => rareCombination(base, said).map(({ en }) => en);
    expect(warned("Sacrum.", "Known uveal melanoma, pain").join()).toMatch(/\(uveal melanoma\) is rare/);
    expect(warned("脊索瘤术后")).toHaveLength(1);
    expect(warned("chordoma", "Chordoma; chordoma")).toHaveLength(2);
    for (const common of [
      "breast cancer",
      "乳腺癌",
      "adenocarcinoma of the lung",
      "Small haematoma, haemangioma of L2, symptoms of a stoma",
      "转移瘤",
      "",
    ])
      expect(warned(common)).toEqual([]);
    expect(rareCombination({ ...base, subject: { sex: "F" } }, ["uveal melanoma"])).toEqual([]);
  });

  it("warns of a young patient with metastasis and of a cervical level", () => {
    const lesion = {
      lesionId: "L1",
      bone: "vertebra" as const,
      vertebra: "C4",
      side: "midline" as const,
      pathology: "metastasis" as const,
      leakage: "absent" as const,
    };
    expect(
      rareCombination({ ...base, subject: { ageYears: 25, sex: "M" }, lesions: [lesion] }, []).length,
    ).toBe(2);
  });
});
