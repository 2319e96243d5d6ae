// A department's terms file: what it may say, and which field is named when it says something else.
import { afterEach, describe, expect, it } from "vitest";
import { tian2020Category } from "#cement/model/category";
import { siteCode } from "#cement/model/codes";
import { parseDepartmentTerms, unreadableTerms } from "#cement/model/department-terms";
import {
  checklistFor,
  isInCanal,
  setDepartmentTerms,
  siteOf,
  SITE_IDS,
  SITES,
  sitesFor,
} from "#cement/model/sites";
import { urgenciesOf } from "#cement/model/urgent";
import { textBesidePage } from "#host/beside-page";

afterEach(() => setDepartmentTerms(null));

const piriformis = {
  id: "local_piriformis",
  code: "PIR",
  scheme: "99XYZ",
  name: { en: "Piriformis", zh: "梨状肌" },
  bones: ["sacrum", "ilium"],
  checklist: true,
};
const recess = {
  ...piriformis,
  id: "local_recess",
  code: "REC-1",
  name: { en: "Lateral recess", zh: "侧隐窝" },
  bones: ["vertebra"],
  checklist: false,
  inCanal: true,
  synonyms: { en: ["subarticular"], zh: [] },
  decideBy: { en: "Lateral part of the canal", zh: "椎管外侧部" },
};
const fileOf = (...sites: readonly unknown[]): string => JSON.stringify({ sites });
const complaint = (text: string): { where: unknown; en: string; zh: string } => {
  const read = parseDepartmentTerms(text, "terms.json");
  if (read.ok) throw new Error("was accepted");
  return { where: read.problem.details.where, en: "", zh: "", ...read.problem.text };
};

describe("a department's terms", () => {
  it("stand in the list and on the checklist of their bones, after the program's own", () => {
    const before = sitesFor("sacrum").length;
    const read = parseDepartmentTerms(`\uFEFF${fileOf(piriformis, recess)}`, "terms.json");
    if (!read.ok) throw new Error(read.problem.text?.en);
    expect(read.value.exportSeenSlices).toBe(false);
    setDepartmentTerms(read.value);
    expect(
      sitesFor("sacrum")
        .map(({ id }) => id)
        .slice(before),
    ).toEqual(["local_piriformis"]);
    expect(sitesFor("vertebra").at(-1)?.id).toBe("local_recess");
    expect(checklistFor("ilium").at(-1)?.id).toBe("local_piriformis");
    expect(checklistFor("vertebra").some(({ id }) => id === "local_recess")).toBe(false);
    // A signed document is asked what it was asked then.
    expect(checklistFor("sacrum", []).every(({ id }) => !id.startsWith("local_"))).toBe(true);
    expect(siteCode("local_piriformis")).toEqual({ value: "PIR", scheme: "99XYZ", meaning: "Piriformis" });
    setDepartmentTerms(null);
    expect(sitesFor("sacrum")).toHaveLength(before);
  });

  it("are none of the 2020 series, and urgent where they say that they lie in the canal", () => {
    const read = parseDepartmentTerms(fileOf(piriformis, recess), "terms.json");
    if (!read.ok) throw new Error(read.problem.text?.en);
    setDepartmentTerms(read.value);
    expect(tian2020Category("sacrum", "local_piriformis", "vein")).toBe("other");
    expect([isInCanal("local_recess"), isInCanal("local_piriformis")]).toEqual([true, false]);
    const facts = { site: "local_recess", route: "unknown", side: "left", symptom: "not_assessed" } as const;
    expect(urgenciesOf(facts).map(({ kind }) => kind)).toEqual(["canal"]);
  });

  it.each<[string, unknown, string]>([
    ["a name of the program's own", { ...piriformis, id: "puncture_path" }, "sites.0.id"],
    ["capitals in the id", { ...piriformis, id: "local_Piri" }, "sites.0.id"],
    ["a code that is too long", { ...piriformis, code: "SEVENTEEN-LETTERS" }, "sites.0.code"],
    ["SNOMED CT", { ...piriformis, scheme: "SCT" }, "sites.0.scheme"],
    ["DICOM's own", { ...piriformis, scheme: "DCM" }, "sites.0.scheme"],
    ["this project's scheme", { ...piriformis, scheme: "99BCLT" }, "sites.0.scheme"],
    ["a scheme that is too long", { ...piriformis, scheme: "99ABCDEFGHIJKLMNO" }, "sites.0.scheme"],
    ["one language", { ...piriformis, name: { en: "Piriformis" } }, "sites.0.name.zh"],
    [
      "a name with a line break",
      { ...piriformis, name: { en: "Piri\nformis", zh: "梨" } },
      "sites.0.name.en",
    ],
    ["a name with a backslash", { ...piriformis, name: { en: "Piri\\formis", zh: "梨" } }, "sites.0.name.en"],
    [
      "a name too long for a label",
      { ...piriformis, name: { en: "p".repeat(49), zh: "梨" } },
      "sites.0.name.en",
    ],
    ["an unknown bone", { ...piriformis, bones: ["femur"] }, "sites.0.bones.0"],
    ["no bone", { ...piriformis, bones: [] }, "sites.0.bones"],
    ["no word on the checklist", { ...piriformis, checklist: undefined }, "sites.0.checklist"],
    ["a colour in words", { ...piriformis, color: "red" }, "sites.0.color"],
    ["a field of another program", { ...piriformis, colour: "#ffffff" }, "sites.0.colour"],
  ])("with %s is refused, and the field named", (_, site, where) => {
    const said = complaint(fileOf(site));
    expect(said.where).toBe(where);
    expect(said.en).toContain(`terms.json, ${where}: `);
    expect(said.zh).toContain(where);
    expect(said.zh).toMatch(/\p{Script=Han}/u);
  });

  it("says why a standard scheme is refused", () => {
    expect(complaint(fileOf({ ...piriformis, scheme: "SCT" })).en).toContain("can't be checked here");
  });

  it("names what stands twice, a second field of the file, and where JSON breaks off", () => {
    expect(complaint(fileOf(piriformis, { ...piriformis, code: "P2" })).where).toBe("sites.1.id");
    expect(complaint(fileOf(piriformis, { ...piriformis, id: "local_p2" })).where).toBe("sites.1.code");
    expect(complaint(`{"sites": [], "exportSeenSlices": "yes"}`).where).toBe("exportSeenSlices");
    expect(complaint(`{"sides": []}`).where).toBe("sides");
    expect(complaint(`[]`).en).toContain("terms.json");
    expect(complaint(`{"sites": [`).en).toContain("not JSON");
    expect(unreadableTerms("terms.json", new Error("HTTP 500")).text?.en).toContain("HTTP 500");
  });

  it("shows a site that nobody defines by its id, coded as another site", () => {
    expect(siteOf("local_gone")).toMatchObject({
      name: { en: "local_gone" },
      code: "S-OTHER",
      scheme: "99BCLT",
    });
  });
});

describe("the program's own terms", () => {
  it("are all there once, with synonyms in both languages and codes that nobody else has", () => {
    expect(SITES.map(({ id }) => id).toSorted()).toEqual(SITE_IDS.toSorted());
    expect(new Set(SITES.map(({ code }) => code)).size).toBe(SITES.length);
    for (const { id, synonyms } of SITES) {
      expect([id, synonyms.en.length > 0, synonyms.zh.length > 0]).toEqual([id, true, true]);
      expect(synonyms.zh.every((word) => /\p{Script=Han}/u.test(word))).toBe(true);
    }
  });
});

describe("a file beside the page", () => {
  const answers = (status: number, body: string, type = "application/json") => {
    const asked: string[] = [];
    const get = (url: unknown) => {
      asked.push(String(url));
      return Promise.resolve(new Response(body, { status, headers: { "content-type": type } }));
    };
    return { asked, get };
  };

  it("is asked for in the page's own folder", async () => {
    const { asked, get } = answers(200, "{}");
    expect(await textBesidePage("terms.json", "https://a.test/viewer/index.html?x#y", get)).toBe("{}");
    expect(asked).toEqual(["https://a.test/viewer/terms.json"]);
  });

  it("may be missing, also where a server answers everything with its page", async () => {
    const page = "https://a.test/";
    expect(await textBesidePage("terms.json", page, answers(404, "").get)).toBeNull();
    expect(await textBesidePage("terms.json", page, answers(200, "<html>", "text/html").get)).toBeNull();
    await expect(textBesidePage("terms.json", page, answers(500, "").get)).rejects.toThrow("HTTP 500");
  });
});
