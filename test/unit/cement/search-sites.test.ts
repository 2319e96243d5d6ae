// Typing finds a site by any of its names in either language; what nobody calls it finds nothing.
import { afterEach, describe, expect, it } from "vitest";
import { searchSites } from "#cement/model/search-sites";
import { setDepartmentTerms, sitesFor } from "#cement/model/sites";

afterEach(() => setDepartmentTerms(null));

const found = (query: string, bone: "sacrum" | "vertebra" = "sacrum"): string[] =>
  searchSites(sitesFor(bone), query).map((site) => site.id);

describe("a site is found by typing", () => {
  it.each([
    ["presacral", "anterior_sacral_space"],
    ["Prae-Sacral", "anterior_sacral_space"],
    ["pre sacral", "anterior_sacral_space"],
    ["骶前间", "anterior_sacral_space"],
    ["needle tra", "puncture_path"],
    ["针道", "puncture_path"],
    ["S-SIJ", "sacroiliac_joint"],
    ["ＳＩ joint", "sacroiliac_joint"],
    ["disk", "l5s1_disc"],
    ["肺栓塞", "pulmonary_cement_embolism"],
    ["plexus sacral", "sacral_venous_plexus"],
  ])("%s", (query, id) => {
    expect(found(query)[0]).toBe(id);
  });

  it("finds every vein by the word, the plexus among them, and nothing that is none", () => {
    const veins = found("静脉");
    expect(veins).toEqual(expect.arrayContaining(["sacral_venous_plexus", "iliac_vein"]));
    expect(found("vein")).toEqual(expect.arrayContaining(veins));
    expect(veins).not.toContain("puncture_path");
  });

  it("stays with the sites of the bone", () => {
    expect(found("presacral", "vertebra")).toEqual([]);
    expect(found("disc", "vertebra")).toEqual(["intervertebral_disc"]);
  });

  it("keeps the order of the keys while nothing is typed, and finds nothing by nonsense", () => {
    expect(found("  ")).toEqual(sitesFor("sacrum").map((site) => site.id));
    expect(found("zzz")).toEqual([]);
  });

  it("finds a department's own by its synonym", () => {
    setDepartmentTerms({
      sites: [
        {
          id: "local_piriformis",
          code: "PIR",
          scheme: "99XYZ",
          name: { en: "Piriformis", zh: "梨状肌" },
          synonyms: { en: ["pelvic rotator"], zh: ["盆部肌肉"] },
          bones: ["sacrum"],
          checklist: false,
        },
      ],
      exportSeenSlices: false,
    });
    expect(found("rotator")).toEqual(["local_piriformis"]);
    expect(found("梨状")).toEqual(["local_piriformis"]);
  });
});
