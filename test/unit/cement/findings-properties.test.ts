// A thousand valid findings are read without a difference; a thousand broken ones are refused by the name of the field.
import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SCHEMA_VERSION } from "#cement/model/findings";
import { parseFindings } from "#cement/model/parse-findings";
import { BREAKS, findingsArbitrary } from "./findings-arbitrary.ts";

describe("findings files", () => {
  it("are read as they were written: a thousand of them", () => {
    fc.assert(
      fc.property(findingsArbitrary, (findings) => {
        const read = parseFindings(JSON.stringify(findings));
        expect(read.ok ? "" : read.problem.text?.en).toBe("");
        if (read.ok) expect(read.value).toEqual(JSON.parse(JSON.stringify(findings)));
      }),
      { numRuns: 1000, seed: 20261121 },
    );
  });

  it("are refused where one thing is broken, by the name of its field: a thousand of them", () => {
    const used = new Set<string>();
    fc.assert(
      fc.property(findingsArbitrary, fc.nat(), (findings, nth) => {
        const possible = BREAKS.flatMap(({ name, of }) => {
          const made = of(findings);
          return made ? [{ name, ...made }] : [];
        });
        const { name, broken, where } = possible[nth % possible.length];
        used.add(name);
        const read = parseFindings(JSON.stringify(broken));
        expect(`${name}: ${read.ok ? "" : read.problem.text?.en}`).toContain(` at ${where}: `);
      }),
      { numRuns: 1000, seed: 20261121 },
    );
    expect([...used].toSorted()).toEqual(BREAKS.map(({ name }) => name).toSorted());
  });

  const golden = new URL("../../../sample-data/golden/", import.meta.url);
  it.each(readdirSync(golden))("of an earlier version open: %s", (name) => {
    const text = readFileSync(new URL(name, golden), "utf8");
    const read = parseFindings(text);
    expect(read.ok ? "" : read.problem.text?.en).toBe("");
    if (!read.ok) return;
    expect(read.value.schemaVersion).toBe(SCHEMA_VERSION);
    const before = JSON.parse(text) as { leaks: { site: string }[]; documentId: string };
    expect(read.value.leaks.map(({ site }) => site)).toEqual(before.leaks.map(({ site }) => site));
    expect(read.value.documentId).toBe(before.documentId);
  });
});
