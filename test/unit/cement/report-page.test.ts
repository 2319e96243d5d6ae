// The report page: its numbers are the JSON's, nothing from outside becomes HTML, both languages are whole, the gravest stands first.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { answerSentence } from "#cement/exports/answer";
import { prepareExport } from "#cement/exports/prepare";
import { reportPage, type ReportPicture } from "#cement/exports/report-page";
import type { Findings, FindingsLeak } from "#cement/model/findings";
import { volumeText } from "#cement/model/measures";
import { findingsArbitrary } from "./findings-arbitrary.ts";
import { atPointer, numbersOf, partOf, tagsOf, wordsOf } from "./page-reader.ts";
import { smallCase } from "./small-case.ts";

type Locale = "en" | "zh";
const PNG = "data:image/png;base64,iVBORw0KGgo=";

function exported(change: Partial<Findings> = {}): Findings {
  const prepared = prepareExport(smallCase(change));
  if (!prepared.ok) throw new Error(prepared.problem.code);
  return prepared.value.findings;
}

const pageOf = (findings: Findings, locale: Locale = "en", pictures: readonly ReportPicture[] = []): string =>
  reportPage({ findings, pictures, locale });

/** Leaks K1 to K`count`, each of its own kind and size. */
function leaks(count: number): FindingsLeak[] {
  const [first] = smallCase().findings.leaks;
  const kinds: readonly Partial<FindingsLeak>[] = [
    { sacralLevels: ["S1", "S2"] },
    { site: "sacral_venous_plexus", route: "vein", side: "right", confidence: "possible" },
    {
      site: "anterior_epidural_space",
      route: "fracture_line",
      canalOccupancy: "25to50",
      neuralRelation: "contact",
      roots: ["S1"],
      communicated: { to: "ward 7", at: "2025-01-02T11:05:00Z" },
    },
    {
      site: "puncture_path",
      route: "needle_track",
      incomplete: true,
      neuralRelation: "none",
      symptom: "radicular",
    },
    { site: "iliac_vein", route: "vein" },
    { notMeasurable: "metal", volumeMm3: undefined, max3dDiameterMm: undefined, site: "sacroiliac_joint" },
    { site: "anterior_sacral_foramen", route: "foramen", symptom: "asymptomatic" },
    { site: "other", siteText: "beside the notch", lesionRef: null, route: "unknown" },
  ];
  return kinds.slice(0, count).map((kind, n) => ({
    ...first,
    leakId: `K${n + 1}`,
    volumeMm3: 612.3456 / (n + 1),
    volumeEstimateMm3: 640.1234 / (n + 1),
    volumeCi95Mm3: [590.4321 / (n + 1), 701.9876 / (n + 1)],
    max3dDiameterMm: 30.123 / (n + 1),
    maxBeyondCortexMm: 9.876 / (n + 1),
    ...kind,
  }));
}

const eight = (): Findings => exported({ leaks: leaks(8) });
const VOLUMES = ["volumeMm3", "volumeEstimateMm3", "volumeCi95Mm3/0", "volumeCi95Mm3/1"];
/** Pointers of every number that the page owes its readers. */
function owed(findings: Findings): string[] {
  const all = [
    ...findings.leaks.flatMap((leak, n) =>
      [...(leak.volumeMm3 === undefined ? [] : VOLUMES), "max3dDiameterMm", "maxBeyondCortexMm"].map(
        (field) => `/leaks/${n}/${field}`,
      ),
    ),
    ...findings.lesions.flatMap((_lesion, n) => [
      ...VOLUMES.map((field) => `/lesions/${n}/cement/${field}`),
      `/lesions/${n}/injectedVolumeMl`,
    ]),
  ];
  return all.filter((pointer) => atPointer(findings, pointer) !== undefined);
}

/** As a person would write the number from the JSON. */
function written(field: string, value: number): string {
  if (field.includes("/volume")) return volumeText(value);
  return field.endsWith("Ml") ? `${value.toFixed(1)} mL` : `${value.toFixed(1)} mm`;
}

function wrongNumbers(page: string, findings: Findings): string[] {
  return numbersOf(page).flatMap(({ field, value, text }) => {
    const json = atPointer(JSON.parse(JSON.stringify(findings)), field);
    const right =
      typeof json === "number" &&
      json === value &&
      text.replace(/^(at least|至少) /, "") === written(field, value);
    return right ? [] : [`${field}: ${String(json)}, page ${value} "${text}"`];
  });
}

describe("the numbers of the page", () => {
  it("are the JSON's, in the attributes and as they are read, and none that is owed is missing", () => {
    for (const locale of ["en", "zh"] as const) {
      const findings = eight();
      const page = pageOf(findings, locale);
      expect(wrongNumbers(page, findings)).toEqual([]);
      const table = `${partOf(page, "leaks")}${partOf(page, "lesions")}`;
      expect(new Set(numbersOf(table).map(({ field }) => field))).toEqual(new Set(owed(findings)));
      expect(owed(findings).length).toBeGreaterThan(45);
    }
  });

  it("are the JSON's for any findings", () => {
    fc.assert(
      fc.property(findingsArbitrary, fc.constantFrom<Locale>("en", "zh"), (findings, locale) => {
        const page = pageOf(findings, locale);
        expect(wrongNumbers(page, findings)).toEqual([]);
        expect(new Set(numbersOf(page).map(({ field }) => field))).toEqual(new Set(owed(findings)));
      }),
      { numRuns: 200, seed: 5 },
    );
  });

  it("would be found wrong if one were", () => {
    const findings = eight();
    const [first, ...rest] = findings.leaks;
    const changed = { ...findings, leaks: [{ ...first, volumeMm3: 613 }, ...rest] };
    expect(wrongNumbers(pageOf(findings), changed)).toHaveLength(2);
  });

  it("leave no other number to be read: what is not a field is a sum, a name, a date or a word of the page", () => {
    const findings = exported({ leaks: leaks(4) });
    const strings = JSON.stringify(findings);
    const bare = wordsOf(pageOf(findings).replace(/<data\b[^>]*>[^<]*<\/data>/g, " "));
    const [leaked, inBone] = [findings.leaks, findings.lesions.map((lesion) => lesion.cement ?? {})].map(
      (things) => things.reduce((sum, { volumeMm3 = 0 }) => sum + volumeMm3, 0),
    );
    const derived = [
      volumeText(leaked),
      ...findings.leaks.map((leak) => volumeText(leak.volumeMm3 ?? 0)),
      ((100 * leaked) / (leaked + inBone)).toFixed(1),
      ...findings.imaging.pixelSpacingMm.map((mm) => mm.toFixed(2)),
      ...(findings.measurements ?? []).flatMap((one) =>
        [one.lengthMm, one.angleDegrees].flatMap((value) => value?.toFixed(1) ?? []),
      ),
      ...["812", "46", "25"], // M3: mean, SD, area
      ...["4", "95", "25", "50"], // leaks, percent of intervals, share of the canal
    ].join(" ");
    const numbers = bare.match(/\d+(?:\.\d+)?/g) ?? [];
    const unknown = numbers.filter((text) => !derived.split(/[ ]/).includes(text) && !strings.includes(text));
    expect(unknown).toEqual([]);
    expect(numbers.length).toBeGreaterThan(30);
  });
});

describe("what comes from outside", () => {
  const hostile = `"><img src=x onerror=alert(1)><script>alert(2)</script>'&\u0007`;
  const page = (locale: Locale): string => {
    const [first] = leaks(1);
    const input = smallCase({
      leaks: [
        {
          ...first,
          leakId: hostile,
          site: "other",
          siteText: hostile,
          roots: [hostile],
          neuralRelation: "contact",
          communicated: { to: hostile, at: hostile },
        },
      ],
      documentId: hostile,
      supersedes: hostile,
      status: "amended",
      definitionsVersion: hostile,
      subject: { patientKey: hostile },
      verificationLog: [hostile],
      readers: [{ readerId: hostile, role: hostile, readAt: hostile }],
      software: { name: hostile, version: hostile },
      notAssessed: [hostile],
    });
    const findings = { ...input.findings, imaging: { ...input.findings.imaging, studyDate: hostile } };
    const [lesion] = findings.lesions;
    return pageOf(
      {
        ...findings,
        lesions: [{ ...lesion, lesionId: hostile, bone: "vertebra", vertebra: hostile }, lesion],
        siteAssessments: [
          { lesionRef: hostile, site: "intervertebral_disc", answer: "not_assessable", reason: hostile },
        ],
      },
      locale,
      [
        {
          leakId: hostile,
          dataUrl: `data:image/png;base64,AA"onerror="alert(1)`,
          plane: "axial",
          window: { widthHu: 2000, levelHu: 500 },
        },
      ],
    );
  };

  it("stays text: no tag, no attribute and no address of its own", () => {
    for (const locale of ["en", "zh"] as const) {
      const html = page(locale);
      const tags = tagsOf(html);
      expect(tags.filter(({ name }) => ["script", "img", "iframe", "link", "object"].includes(name))).toEqual(
        [],
      );
      expect(
        tags.filter(({ attributes }) => /\son\w+=|^on\w+=/.test(attributes.replace(/"[^"]*"/g, ""))),
      ).toEqual([]);
      expect(html).not.toContain("\u0007");
      // Shown as it was typed, in each of the places that show it.
      expect(wordsOf(html).split("<script>alert(2)</script>").length - 1).toBeGreaterThanOrEqual(15);
    }
  });

  it("loads nothing and runs nothing: the page says so to the browser", () => {
    const html = pageOf(eight(), "en", [
      { leakId: "K1", dataUrl: PNG, plane: "sagittal", window: { widthHu: 2000, levelHu: 500 } },
      {
        leakId: "K2",
        dataUrl: "https://example.test/a.png",
        plane: "axial",
        window: { widthHu: 1, levelHu: 1 },
      },
    ]);
    expect(html).toContain(
      `content="default-src &#39;none&#39;; img-src data:; style-src &#39;unsafe-inline&#39;"`,
    );
    expect(html.match(/<img /g)).toHaveLength(1);
    expect(html).toContain(`src="${PNG}"`);
    expect(html).not.toMatch(/https?:/);
    expect(wordsOf(html)).toContain("sagittal, bone window W 2000 L 500");
  });
});

describe("the order and the answers of the page", () => {
  it("puts what is urgent first, in red, with whom it was told to", () => {
    const html = pageOf(eight());
    const urgent = wordsOf(partOf(html, "urgent") ?? "");
    expect(urgent).toMatch(/^Urgent K3 Anterior epidural space, left, S1: canal compromised/);
    expect(urgent).toContain("communicated to: ward 7, 2025-01-02 11:05 UTC");
    expect(urgent).toMatch(/K5 Iliac vein.*not communicated/);
    expect(urgent).toContain("K7 Anterior sacral foramen");
    expect(urgent).not.toMatch(/K1 |K2 |K4 /);
    const order = ["urgent", "answer", "pictures", "leaks", "lesions", "negatives", "not-assessed", "limits"];
    const places = order.map((name) => html.indexOf(`data-part="${name}"`));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places[0]).toBeGreaterThan(0);
  });

  it("answers in one sentence: where, how big, touching nerve or canal or not", () => {
    expect(answerSentence(exported({ leaks: leaks(1) }), "en")).toBe(
      "One cement leak: presacral space, left, S1/S2, 0.61 mL; contact with a nerve not judged: K1.",
    );
    const two = leaks(4).slice(2);
    expect(answerSentence(exported({ leaks: two }), "en")).toBe(
      "2 cement leaks, together at least 0.36 mL: K3 anterior epidural space, left, S1, 0.20 mL; K4 puncture path, left, S1, at least 0.15 mL; touching nerve, canal or foramen: K3.",
    );
    expect(answerSentence(exported({ leaks: leaks(4).slice(3) }), "en")).toContain(
      "no contact with nerve or canal",
    );
    expect(answerSentence(eight(), "en")).toMatch(/^8 cement leaks.*without K6: not measured.*and 4 more/);
    expect(answerSentence(eight(), "zh")).toMatch(/^8 处骨水泥渗漏，共至少 .*另有 4 处.*。$/);
  });

  it("says that there is no leak only where every site was answered so", () => {
    const [lesion] = smallCase().findings.lesions;
    const absent = pageOf(exported({ leaks: [], lesions: [{ ...lesion, leakage: "absent" }] }));
    expect(wordsOf(partOf(absent, "answer") ?? "")).toBe(
      "No cement leak was found at any site of the checklist.",
    );
    for (const gone of ["urgent", "pictures", "leaks"]) expect(partOf(absent, gone)).toBeNull();
    const open = pageOf(exported({ leaks: [], lesions: [{ ...lesion, leakage: "not_assessed" }] }));
    expect(wordsOf(partOf(open, "answer") ?? "")).toContain("not every site was assessed");
    expect(wordsOf(pageOf(exported({ leaks: [], lesions: [] })))).toContain("not every site was assessed");
  });

  it("says of a leak beside metal that it can't be measured, and of one without lesion that it belongs to none", () => {
    const html = pageOf(eight());
    const row = (id: string) =>
      wordsOf(html.slice(html.lastIndexOf(`<tr data-leak="${id}"`)).split("</tr>")[0]);
    expect(row("K6")).toContain("size not measurable beside metal –");
    expect(row("K6")).not.toMatch(/mL|mm³/);
    expect(row("K8")).toContain("beside the notch no single lesion");
    expect(row("K4")).toContain("radicular pain");
  });

  it("lists what was looked for and not found, what wasn't assessed, and the limits", () => {
    const html = pageOf(eight());
    expect(wordsOf(partOf(html, "negatives") ?? "")).toContain("Puncture path, Anterior epidural space.");
    const open = wordsOf(partOf(html, "not-assessed") ?? "");
    expect(open).toContain("Not assessable: Sacroiliac joint (metal artefact).");
    expect(open).toContain("Not answered yet: Anterior sacral foramen, Posterior sacral foramen, Iliac vein");
    expect(open).toContain("Outside this CT: Pulmonary cement embolism, Cardiac cement.");
    expect(open).toContain("Symptoms: K1, K2, K3, K5, K6, K8.");
    const limits = wordsOf(partOf(html, "limits") ?? "");
    for (const said of ["slice thickness 1.25 mm", "0.80 × 0.70", "cement from 612 HU", "edge of the scan"])
      expect(limits).toContain(said);
    expect(limits).toContain("project draft, not signed by a radiologist");
  });

  it("does not call a site unseen where a leak lies", () => {
    const [leak] = leaks(1);
    const page = pageOf(exported({ leaks: [{ ...leak, site: "cardiac" }] }));
    expect(wordsOf(partOf(page, "not-assessed") ?? "")).toContain(
      "Outside this CT: Pulmonary cement embolism.",
    );
    expect(wordsOf(partOf(page, "urgent") ?? "")).toContain("K1 Cardiac cement");
  });

  it("says whose it is and how far: a draft is marked across the sheet, an amendment names what it replaces", () => {
    const final = wordsOf(pageOf(eight()));
    expect(final).toContain("Signed by: READER^ONE, 2025-01-02 10:14 UTC (radiologist)");
    expect(final).toContain("Not for diagnosis.");
    expect(final).not.toContain("DRAFT");
    const draft = wordsOf(pageOf(exported({ status: "draft" })));
    expect(draft).toContain("DRAFT");
    expect(draft).toContain("Not signed");
    expect(wordsOf(pageOf(exported({ status: "draft" }), "zh"))).toContain("草稿 DRAFT");
    expect(wordsOf(pageOf(exported({ status: "amended", supersedes: "case-7" })))).toContain(
      "replaces report: case-7",
    );
    expect(wordsOf(pageOf(exported({ secondReadOf: "case-7" })))).toContain("second reading of: case-7");
    expect(wordsOf(pageOf(exported({ adjudicates: ["a-1", "b-2"] }), "zh"))).toContain(
      "裁定以下报告：a-1，b-2",
    );
  });
});

describe("the language of the page", () => {
  const rich = (): Findings =>
    exported({
      leaks: leaks(7),
      massBalance: { injectedMl: 5.2, foundMl: 4.1, foundCi95Ml: [3.8, 4.4], missingMl: 1.1, words: "" },
      siteAssessments: smallCase().findings.siteAssessments.map(({ reason: _reason, ...entry }) => entry),
      readers: [{ readerId: "R1", role: "R" }],
    });

  it("is Chinese throughout where Chinese is asked for", () => {
    const findings = rich();
    const words = wordsOf(pageOf(findings, "zh")).replaceAll(findings.documentId, "").replace("ward 7", "");
    const latin = words.match(/[A-Za-z]{2,}/g) ?? [];
    const kept = ["CT", "PH", "mL", "mm", "HU", "UTC", "Cement", "Leakage", "Viewer"];
    expect(latin.filter((text) => !kept.includes(text))).toEqual([]);
    expect(pageOf(findings, "zh")).toContain('lang="zh-CN"');
  });

  it("is free of Chinese where English is asked for", () => {
    for (const findings of [rich(), exported({ status: "draft" })])
      expect(pageOf(findings, "en")).not.toMatch(/\p{Script=Han}/u);
  });
});
