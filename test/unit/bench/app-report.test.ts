// The pure parts of `npm run bench:app`: medians, ratios and verdicts from made-up runs, and the places in the READMEs.
import { describe, expect, it } from "vitest";
import type { Figures } from "../../bench/app/measure.ts";
import { longBlock, shortBlock, withBlock } from "../../bench/app/readme-tables.ts";
import { goalLines, tableOf, type SeriesResult, type Side } from "../../bench/app/report.ts";

const MB = 1e6;
const run = (firstImageMs: number, rest: Partial<Figures> = {}): Figures => ({
  firstImageMs,
  volumeMs: 2 * firstImageMs,
  planesMs: 3 * firstImageMs,
  longestTaskMs: 50,
  memory: { page: 100 * MB, gpu: 200 * MB, both: 250 * MB },
  thresholdMs: null,
  segMs: null,
  ...rest,
});
const ours: Side = {
  name: "ours",
  title: "this viewer",
  runs: [
    run(200, { thresholdMs: [40, 90] }),
    run(900, { thresholdMs: [60] }),
    run(100, { thresholdMs: [50] }),
  ],
};
const ohif: Side = { name: "ohif", title: "OHIF 1", runs: [run(2000), run(1600)] };
const volview: Side = { name: "volview", title: "VolView 1", runs: [] };

const result = (name: "large" | "jpeg-ls", sides: readonly Side[]): SeriesResult => ({
  series: { name, title: `the ${name} one`, slices: 3, voxelBytes: 50 * MB, fileBytes: 1000 },
  bareReadMs: [300, 250, 200],
  sides,
});
const cells = (table: string): string[][] =>
  table.split("\n").map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

describe("the table", () => {
  const table = cells(tableOf(result("large", [ours, ohif, volview])));
  const row = (what: string) => table.find(([first]) => first === what)?.slice(1);

  it("has a column for each app, and rows of equal length", () => {
    expect(table[0]).toEqual(["the large one", "this viewer", "OHIF 1", "VolView 1"]);
    expect(new Set(table.map(({ length }) => length))).toEqual(new Set([4]));
  });

  it("gives medians, and a peer's over ours", () => {
    expect(row("first image")).toEqual(["200 ms", "1.80 s (9.0x)", "-"]);
    expect(row("peak memory, both at once")).toEqual(["250 MB", "250 MB (1.0x)", "-"]);
    expect(row("bare read of the same bytes")).toEqual(["250 ms", "", ""]);
  });

  it("takes all steps of all runs together, and a dash where an app has no such function", () => {
    expect(row("threshold response")).toEqual(["55 ms", "-", "-"]);
  });

  it("leaves the ratio out where ours was not measured", () => {
    const alone = cells(tableOf(result("large", [ohif])));
    expect(alone[2]).toEqual(["first image", "1.80 s"]);
  });
});

describe("the goals", () => {
  const lines = goalLines([result("large", [ours, ohif, volview]), result("jpeg-ls", [ours])]);
  const line = (what: string) => lines.find((each) => each.startsWith(what)) ?? "";

  it("are met, or missed by a factor with a reason, each from its own series", () => {
    expect(line("first image over OHIF")).toBe("first image over OHIF: 9.00x (goal >= 8x) met");
    expect(line("whole volume over a bare read")).toMatch(
      /: 1\.60x \(goal <= 1\.5x\) MISSED by a factor 1\.07: \w+/,
    );
    expect(line("peak memory of the page")).toMatch(/: 2\.00x \(goal <= 2\.2x\) met$/);
    expect(line("first image of 400 slices")).toMatch(/200 ms \(goal <= 250 ms\) met$/);
    expect(line("threshold response")).toMatch(/55 ms \(goal <= 100 ms\) met$/);
  });

  it("say that a peer is missing, never that it is beaten", () => {
    expect(line("first image over VolView")).toBe(
      "first image over VolView: not measured (the other side is missing)",
    );
  });

  it("are not judged without their series", () => {
    expect(goalLines([result("jpeg-ls", [ours])])).toHaveLength(2);
  });
});

describe("the READMEs", () => {
  const whole = {
    about: "today, here",
    results: [result("large", [ours, ohif]), result("jpeg-ls", [ours, ohif])],
    goals: ["first", "second"],
  };
  const BEGIN = "<!-- bench:app begins; `npm run bench:app -- --write` writes what stands here -->";
  const text = `before\n${BEGIN}\nold\n<!-- bench:app ends -->\nafter\n`;

  it("get the new block between the markers, again and again", () => {
    const once = withBlock(text, "new", "A.md");
    expect(once).toBe(text.replace("old", "new"));
    expect(withBlock(once, "new", "A.md")).toBe(once);
  });

  it("are refused without the markers, by name", () => {
    expect(() => withBlock("no place", "new", "A.md")).toThrow(/A\.md has no lines/);
  });

  it("are given the large series alone, or everything with the goals", () => {
    expect(shortBlock(whole)).toContain("the large one");
    expect(shortBlock(whole)).not.toContain("the jpeg-ls one");
    expect(longBlock(whole)).toContain("the jpeg-ls one");
    expect(longBlock(whole)).toMatch(/- first\n- second$/);
    for (const block of [shortBlock(whole), longBlock(whole)]) expect(block).toContain("today, here.");
  });
});
