// From a signed case to a saved teaching case by the plugin's own verbs: proposed words, no identity in any byte, nothing saved that is found.
import { strFromU8, unzipSync } from "fflate";
import { beforeAll, describe, expect, it } from "vitest";
import { findingsSchema } from "#cement/model/findings";
import { readReport } from "#dicom/read-report";
import { taughtCase } from "./taught-case.ts";

const dataOf = (page: string): Record<string, unknown> =>
  JSON.parse(/<script type="application\/json" id="case">(.*?)<\/script>/s.exec(page)?.[1] ?? "") as Record<
    string,
    unknown
  >; // made by `caseHtml` a moment ago

describe("a teaching case", () => {
  let made: Awaited<ReturnType<typeof taughtCase>>;
  let html: string;
  let zip: Record<string, Uint8Array>;

  beforeAll(async () => {
    made = await taughtCase();
    await made.teaching.begin();
    await made.teaching.save("html");
    await made.teaching.save("zip");
    const { problem } = made.teaching.state.get();
    if (problem) throw new Error(`${problem.code} ${JSON.stringify(problem.details)}`);
    html = strFromU8(made.saved[0]?.bytes ?? new Uint8Array());
    zip = unzipSync(made.saved[1]?.bytes ?? new Uint8Array());
  }, 60_000);

  it("is proposed in plain sentences: a history that gives nothing away, findings, answer, discussion, what it rests on", () => {
    const { choices } = made.teaching.state.get();
    const { words } = choices ?? {};
    expect(words?.title).toBe("After sacroplasty");
    expect(words?.history).toMatch(/^Woman, aged 65 to 69; sacrum/);
    expect(words?.history).toContain("Guidance: CT, fluoroscopy.");
    expect(words?.history).not.toMatch(/presacral|leak into|0\.\d+ mL/i);
    expect(words?.findings).toMatch(/K1: presacral/i);
    expect(words?.findings).toContain("6.0 mm beyond the cortex");
    expect(words?.findings).toContain("No leak into:");
    expect(words?.answer).toMatch(/^One cement leak: presacral space, left/);
    expect(words?.discussion).toContain("A gap in the cortex");
    expect(choices?.basis).toBe("one");
    expect(choices?.difficulty).toBe("intermediate");
  });

  it("holds none of the invented values in any byte of page or zip, and its report says so", () => {
    const { report } = made.teaching.state.get();
    expect(report?.found).toEqual([]);
    expect(report?.unopened).toEqual([]);
    expect(report?.clean).toBe(true);
    expect(report?.values).toBeGreaterThan(80);
    const texts = [
      html,
      ...Object.entries(zip).flatMap(([name, bytes]) => [name, Buffer.from(bytes).toString("utf8")]),
    ];
    for (const text of [...texts, ...made.saved.map(({ name }) => name)])
      expect(made.invented.values.filter((value) => text.includes(value))).toEqual([]);
  });

  it("is one page with a policy that forbids every network, its own script and style by their hashes", () => {
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? "";
    expect(policy).toMatch(
      /^default-src &#39;none&#39;; script-src &#39;sha256-\S+&#39;; style-src &#39;sha256-/,
    );
    expect(policy).not.toMatch(/unsafe|http|\*/);
    expect(html).not.toMatch(/\b(src|href)="(?!data:)/);
    expect(made.saved[0].bytes.length).toBeLessThan(15_000_000);
    expect(made.saved[0].name).toMatch(/^CASE-[0-9A-F]{6}_teaching-case\.html$/);
  });

  it("asks for the leak's own site among those of the checklist, and hides no slice of the region", () => {
    const data = dataOf(html);
    const [leak] = data.leaks as { site: number; size: { ml: number }; at: number[] }[];
    expect((data.sites as string[])[leak.site]).toMatch(/presacral/i);
    expect((data.sites as string[]).length).toBeGreaterThan(8);
    expect(leak.size.ml).toBeCloseTo((9 ** 3 * 0.7 * 0.8 * 1.25) / 1000, 2);
    const { columns, rows, slices } = data.stack as Record<string, number>;
    // 40 mm around the cement: 58 columns, 50 rows and 32 slices at each side, as far as there are any.
    expect([columns, rows, slices]).toEqual([145, 129, 76]);
  });

  it("lies in the zip as de-identified CT, SEG, SR and key images for a teaching file, with findings and page", () => {
    const names = Object.keys(zip);
    const kinds = [...new Set(names.map((name) => name.replace(/-?\d*\.dcm$/, "")))].toSorted();
    expect(kinds).toEqual([
      "case.html",
      "dicom/CT",
      "dicom/KO",
      "dicom/SEG",
      "dicom/SR",
      "dicom/manifest",
      "dicom/teaching-information",
      "findings.json",
      "teaching-case.json",
    ]);
    const report = readReport(zip["dicom/manifest.dcm"]);
    expect(report.ok && report.value.title.value).toBe("128710");
    const findings = findingsSchema.parse(JSON.parse(strFromU8(zip["findings.json"])));
    expect(findings.readers.map(({ readerId }) => readerId)).toEqual(["Reader 1"]);
    expect(findings.subject?.pseudonym).toMatch(/^CASE-[0-9A-F]{6}$/);
    const about = JSON.parse(strFromU8(zip["teaching-case.json"])) as Record<string, unknown>;
    expect(about).toMatchObject({ restsOn: "one", level: { value: "128726", scheme: "DCM" } });
  });

  it("leaves with the categories that its author chose, the first of them in the DICOM document", async () => {
    const { teaching, saved } = made;
    teaching.change({ categories: ["neuro", "interventional"] });
    await teaching.save("zip");
    const chosen = unzipSync(saved.at(-1)?.bytes ?? new Uint8Array());
    const about = JSON.parse(strFromU8(chosen["teaching-case.json"])) as Record<string, unknown>;
    expect(about.categories).toMatchObject([{ value: "128733" }, { value: "128734" }]);
    const codesIn = (files: Record<string, Uint8Array>) =>
      Buffer.from(files["dicom/teaching-information.dcm"])
        .toString("latin1")
        .match(/1287(28|33|34)/g);
    expect([codesIn(zip), codesIn(chosen)]).toEqual([["128728"], ["128733"]]);
    expect(teaching.state.get().report?.clean).toBe(true);
  });

  it("in which the author writes the patient's name is found, told, and not saved", async () => {
    const { teaching, saved, reading } = made;
    const name = reading.host.scene.get().series?.patient.patientName.split("^")[0] ?? "";
    const before = saved.length;
    const { choices } = teaching.state.get();
    teaching.change({ words: { ...choices!.words, discussion: `As in ${name} before.` } });
    expect(teaching.state.get().report).toBeNull();
    await teaching.save("html");
    const { report } = teaching.state.get();
    expect(report?.clean).toBe(false);
    expect(report?.found.some(({ where }) => where.startsWith("case.html"))).toBe(true);
    expect(saved.length).toBe(before);
  });
});

describe("a teaching case is not made", () => {
  it("of a case that nobody signed", async () => {
    const { teaching, saved } = await taughtCase({ sign: false });
    expect(teaching.whyNot()).toMatch(/sign/i);
    await teaching.begin();
    expect(teaching.state.get().step).toBe("closed");
    expect(saved).toEqual([]);
  });
});

describe("a case without a leak", () => {
  it("is a teaching case too: no leak to find, and the answer says so", async () => {
    const { teaching, saved } = await taughtCase({ leaks: false });
    await teaching.begin();
    await teaching.save("html");
    expect(teaching.state.get().problem).toBeNull();
    const data = dataOf(strFromU8(saved[0].bytes));
    expect(data.leaks).toEqual([]);
    expect(teaching.state.get().choices?.words.answer).toMatch(/^No cement leak/);
  });
});
