// Claims about the words for problems: every code that is emitted has its sentence, in both languages.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { problem } from "#core/problem";
import { hasSentence, problemText } from "#core/problem-text";

const DICOM = join(import.meta.dirname, "../../../src/dicom");

/** Codes in the sources of reading; "mixed-" codes are built from the attribute's name. */
function emittedCodes(): string[] {
  const codes = new Set<string>();
  for (const entry of readdirSync(DICOM, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const text = readFileSync(join(entry.parentPath, entry.name), "utf8");
    for (const [, code] of text.matchAll(
      /"((?:read|zip|series|stack|side|decode|load|seg|sr|kos|export|media|archive|deidentify)\/[a-z-]+)"/g,
    ))
      codes.add(code);
  }
  return [...codes].sort();
}

describe("problemText", () => {
  it("has a sentence for every code that reading emits", () => {
    const codes = emittedCodes();
    expect(codes.length).toBeGreaterThan(40);
    expect(codes.filter((code) => !hasSentence(code))).toEqual([]);
    for (const what of ["patient", "study", "frame-of-reference", "size", "orientation", "spacing"]) {
      expect(hasSentence(`stack/mixed-${what}`)).toBe(true);
    }
  });

  it("says in both languages what happened, to what and where", () => {
    const gap = problem("stack/missing-slice", {
      count: 2,
      afterSlice: 5,
      axis: "z",
      afterMm: 34.5,
      stepMm: 3,
      usualStepMm: 1,
      places: 1,
    });
    expect(problemText(gap, "en")).toMatch(
      /^2 slices are missing after slice 5 \(z = 34\.5 mm; step 3 mm instead of 1 mm\)\./,
    );
    expect(problemText(gap, "zh")).toMatch(/第 5 张切片之后缺少 2 张切片（z = 34\.5 mm/);
  });

  it("prefers a plugin's own words and shows an unknown code with its details", () => {
    const own = { ...problem("cement/none"), text: { en: "No cement.", zh: "未见骨水泥。" } };
    expect(problemText(own, "zh")).toBe("未见骨水泥。");
    expect(problemText(problem("x/y", { fileName: "a" }), "en")).toBe(
      "Something is wrong: x/y (fileName a).",
    );
  });
});
