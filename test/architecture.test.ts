// The design's import table and the house rules hold in this checkout; and each rule catches the bad sample made for it.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { houseRuleViolations } from "./architecture/house-rules.ts";
import { importViolations, type ImportPrefixes } from "./architecture/import-table.ts";
import { ALLOWED_IMPORTS, BROKEN_HOUSE_RULES, FORBIDDEN_IMPORTS } from "./architecture/samples.ts";
import { isCode, readTree, type SourceTree } from "./architecture/source-tree.ts";

const PREFIXES = (
  JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { imports: ImportPrefixes }
).imports;

const FIRST_LINE = "// A file that is here for a test.\n";

function tree(files: Readonly<Record<string, string>>): SourceTree {
  return new Map(Object.entries(files));
}

describe("this checkout", () => {
  const checkout = readTree();

  it("is read at all: the layers' files are in the list", () => {
    const code = [...checkout.keys()].filter(
      (path) => /^(src|plugins|sample-data)\//.test(path) && isCode(path),
    );
    expect(code.length).toBeGreaterThan(30);
    expect(code).toContain("src/core/space.ts");
  });

  it("imports only what the table allows", () => {
    expect(importViolations(checkout, PREFIXES)).toEqual([]);
  });

  it("keeps the house rules", () => {
    expect(houseRuleViolations(checkout)).toEqual([]);
  }, 60_000);
});

describe("the import table refuses", () => {
  it.each(FORBIDDEN_IMPORTS)("%s", (_what, path, source, message) => {
    const violations = importViolations(tree({ [path]: FIRST_LINE + source }), PREFIXES);
    expect(violations).toHaveLength(1);
    expect(violations[0]).toContain(path);
    expect(violations[0]).toContain(message);
  });

  it("says the line", () => {
    const source = `${FIRST_LINE}\nimport a from "./b.ts";\nimport { z } from "zod";\n`;
    expect(importViolations(tree({ "src/core/a.ts": source }), PREFIXES)).toEqual([
      "src/core/a.ts:4: core may not import zod",
    ]);
  });
});

describe("the import table allows", () => {
  it.each(ALLOWED_IMPORTS)("%s", (_what, path, source) => {
    expect(importViolations(tree({ [path]: FIRST_LINE + source }), PREFIXES)).toEqual([]);
  });
});

describe("the house rules refuse", () => {
  it.each(BROKEN_HOUSE_RULES)("%s", (_what, path, source, message) => {
    const violations = houseRuleViolations(tree({ [path]: source }));
    expect(violations).toHaveLength(1);
    expect(violations[0]).toContain(message);
  });

  it("nothing in an ordinary file", () => {
    const source = `${FIRST_LINE}export const day = (ms: number, document: { body: string }) => new Date(ms);\n`;
    expect(
      houseRuleViolations(
        tree({
          "src/core/day.ts": source,
          "src/core/patient-commons-dose.ts": `/**\n * Doses of the commons, in mGy.\n */\n`,
          "src/index.html": `<!doctype html>\n<!-- The one page of the app. -->\n`,
          "src/cli/clock.mjs": `#!/usr/bin/env node\n// Says the time to whoever asks.\nconsole.log(Date.now());\n`,
          ".gitignore": "dist/\n",
        }),
      ),
    ).toEqual([]);
  });
});
