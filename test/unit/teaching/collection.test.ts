// Several cases in one page: taken from saved files alone, in an order that says nothing, and a learner's answers as a table.
import { strToU8, zipSync } from "fflate";
import Papa from "papaparse";
import { describe, expect, it } from "vitest";
import { caseHtml } from "#cement/teaching/case-html";
import { collectionHtml } from "#cement/teaching/collection-html";
import { kindOf, lackingOf, proposeCollection } from "#cement/teaching/compose-collection";
import { readCasePage } from "#cement/teaching/read-case-page";
import type { PlayData } from "#cement/teaching/play-data";
import { answersCsv, scoresBySite, shuffled } from "../../../plugins/cement-leakage/offline/answers.js";
import { madePlay } from "./made-play.ts";

const pageOf = (data: PlayData): Uint8Array => strToU8(caseHtml(data, []));

describe("a saved teaching case", () => {
  it("is read back from its HTML file and from the zip around it, with every field", () => {
    const data = madePlay({ title: 'A "case" </script> & more' });
    expect(readCasePage(pageOf(data))).toEqual(data);
    expect(readCasePage(zipSync({ "case.html": pageOf(data), "findings.json": strToU8("{}") }))).toEqual(
      data,
    );
  });

  it("is refused where the file is something else, or its pictures could run or load anything", () => {
    expect(readCasePage(strToU8("<html>hello</html>"))).toBeNull();
    expect(readCasePage(new Uint8Array([0x50, 0x4b, 3, 4, 9]))).toBeNull();
    const [picture] = madePlay().pictures;
    for (const inside of [
      "<script>alert(1)</script>",
      '<image href="http://example.org/a.png" />',
      '<path onclick="x()" />',
    ])
      expect(
        readCasePage(pageOf(madePlay({ pictures: [{ ...picture, svg: `<svg>${inside}</svg>` }] }))),
      ).toBeNull();
  });
});

describe("the page of several cases", () => {
  const cases = ["CASE-0000C3", "CASE-0000A1", "CASE-0000B2"].map((caseId, n) =>
    madePlay({ caseId, title: `Title ${n}`, leaks: n === 1 ? [] : madePlay().leaks }),
  );
  const page = collectionHtml({ title: "Cases", cases, locale: "en", scripts: [] });

  it("keeps the cases by their random ids, whatever the order in which they were added", () => {
    const ids = [...page.matchAll(/"caseId":"(CASE-\w+)"/g)].map(([, id]) => id);
    expect(ids).toEqual(["CASE-0000A1", "CASE-0000B2", "CASE-0000C3"]);
    expect(collectionHtml({ title: "Cases", cases: cases.toReversed(), locale: "en", scripts: [] })).toBe(
      page,
    );
  });

  it("shows no title, leak or site of a case before it is played", () => {
    const shown = page.replace(/<script[^>]*>[^]*?<\/script>/g, "");
    expect(shown).not.toMatch(/Title \d|K1|presacral|CASE-/i);
    expect(shown).toContain("3 cases in random order");
    expect(shown).toContain("Not for diagnosis");
  });

  it("forbids every network, like the page of one case", () => {
    expect(page).toContain("default-src &#39;none&#39;");
    expect(page).not.toMatch(/connect-src|unsafe|http:\/\/(?!www\.w3\.org)/);
  });
});

describe("which cases are proposed", () => {
  const leak = (n: number) => madePlay({ caseId: `CASE-00000${n}` });
  const none = madePlay({ caseId: "CASE-0000F0", leaks: [] });
  const mimic = madePlay({ caseId: "CASE-0000F1", leaks: [], mimic: true });

  it("all without a leak, and at most three with one for each of them", () => {
    expect(kindOf(mimic)).toBe("mimic");
    expect(kindOf(madePlay({ mimic: true }))).toBe("leak");
    expect([...proposeCollection([leak(1), leak(2), leak(3), leak(4), none])].toSorted()).toEqual([
      "CASE-000001",
      "CASE-000002",
      "CASE-000003",
      "CASE-0000F0",
    ]);
    expect(proposeCollection([leak(1), leak(2)]).size).toBe(2);
  });

  it("and what is missing is said: a case without a leak, one that only looks like it", () => {
    expect(lackingOf([leak(1)]).map(({ en }) => en.slice(0, 22))).toEqual([
      "Every case has a leak:",
      "In no case does someth",
    ]);
    expect(lackingOf([leak(1), none, mimic])).toEqual([]);
    expect(lackingOf([])).toEqual([]);
  });
});

describe("a learner's answers", () => {
  const first = {
    data: madePlay(),
    result: {
      points: 2,
      most: 5,
      wrongMarks: 1,
      judged: [
        { leak: 0, distanceMm: 1.25, again: false },
        { leak: null, distanceMm: 20, again: false },
      ],
      answers: [
        { siteAnswered: 1, site: true, sizeAnswered: 1, size: true },
        { siteAnswered: null, site: false, sizeAnswered: null, size: null },
      ],
    },
  };
  const second = {
    data: madePlay({ caseId: "CASE-0000F0", leaks: [] }),
    result: { points: 1, most: 1, wrongMarks: 0, judged: [], answers: [] },
  };

  it("are counted by the site where the leak is", () => {
    expect(scoresBySite([first, second])).toEqual([
      { site: "Anterior epidural space", leaks: 1, marked: 1, named: 1, sized: 1, sizes: 1 },
      { site: "Presacral space", leaks: 1, marked: 0, named: 0, sized: 0, sizes: 0 },
    ]);
  });

  it("are a table with a row for each leak, and one for a case without", () => {
    const csv = answersCsv('=Reader "7", A', [first, second]);
    const { data, errors } = Papa.parse<Record<string, string>>(csv, { header: true, skipEmptyLines: true });
    expect(errors).toEqual([]);
    expect(data.length).toBe(3);
    expect(data[0]).toMatchObject({
      learner: `'=Reader "7", A`,
      position: "1",
      case: "CASE-00AAFF",
      leak: "K1",
      site: "Anterior epidural space",
      marked: "1",
      distance_mm: "1.3",
      site_right: "1",
      size_answered: "0.1 to 0.5 mL",
      wrong_marks: "1",
    });
    expect(data[1]).toMatchObject({ leak: "K2", marked: "0", site_answered: "", size_right: "" });
    expect(data[2]).toMatchObject({ case: "CASE-0000F0", leak: "", points: "1", most_points: "1" });
  });

  it("come in an order of chance in which every case stands once", () => {
    expect(shuffled([1, 2, 3, 4], () => 0)).toEqual([2, 3, 4, 1]);
    expect(shuffled([1, 2, 3, 4], () => 0.999)).toEqual([1, 2, 3, 4]);
    expect(shuffled([1, 2, 3, 4], Math.random).toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4]);
  });
});
