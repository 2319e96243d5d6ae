// Words of the screen: complete in both languages, and none of them written outside the text files.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { en as panelEn } from "../../../plugins/cement-leakage/panels/text/en.ts";
import { zh as panelZh } from "../../../plugins/cement-leakage/panels/text/zh.ts";
import { manifest } from "../../../plugins/cement-leakage/manifest.ts";
import { SITES } from "../../../plugins/cement-leakage/model/sites.ts";
import { en } from "../../../src/ui/text/en.ts";
import { zh } from "../../../src/ui/text/zh.ts";
import { isNode, parseSource, readTree } from "../../architecture/source-tree.ts";

type Words = { readonly [name: string]: unknown };

/** Every text by its path; a function is asked with made-up values. */
function flat(words: Words, at = ""): Map<string, string> {
  const found = new Map<string, string>();
  for (const [name, value] of Object.entries(words)) {
    const path = `${at}${name}`;
    if (typeof value === "string") found.set(path, value);
    else if (typeof value === "function")
      found.set(path, String((value as (...given: unknown[]) => unknown)(7, 8, 9, 10)));
    else if (typeof value === "object" && value !== null)
      for (const [inner, text] of flat(value as Words, `${path}.`)) found.set(inner, text);
  }
  return found;
}

/** The same in both languages on purpose: names, units, the other language's own name. */
const SAME =
  /^(language|hu|windowText|megabytes|progressMegabytes)$|^layouts\.|\.distances\.|^form\.(guidances\.ct|udi|definitions\.tian2020)$/;

describe.each([
  ["the shell", en, zh],
  ["the panel", panelEn, panelZh],
] as const)("the words of %s", (_of, english, chinese) => {
  it("are there in both languages, and Chinese where they are Chinese", () => {
    const [a, b] = [flat(english), flat(chinese)];
    expect([...b.keys()].sort()).toEqual([...a.keys()].sort());
    expect([...a, ...b].filter(([, text]) => text.trim() === "")).toEqual([]);
    const untranslated = [...b].filter(
      ([path, text]) => !SAME.test(path) && !/\p{Script=Han}/u.test(text) && /[A-Za-z]{2,}/.test(text),
    );
    expect(untranslated).toEqual([]);
    expect([...a].filter(([path, text]) => !SAME.test(path) && /\p{Script=Han}/u.test(text))).toEqual([]);
  });

  it("use every value that they are given, in both languages", () => {
    const [a, b] = [flat(english), flat(chinese)];
    const values = (text = "") => [...new Set(text.match(/(?<!\d)(7|8|9|10)(?!\d)/g) ?? [])].sort().join(" ");
    const differ = [...a.keys()].filter((path) => values(a.get(path)) !== values(b.get(path)));
    expect(differ).toEqual([]);
  });
});

describe("words with the data they belong to", () => {
  it("are translated in manifest and sites", () => {
    const texts = [
      ...[...manifest.commands, ...manifest.tools, ...manifest.exporters].map(
        ({ id, title }) => [id, title] as const,
      ),
      ...SITES.flatMap(({ id, name, decideBy }) => [[id, name] as const, [id, decideBy] as const]),
    ];
    const standards = /^(DICOM (SEG|SR)|HU)$/;
    const missing = texts.filter(
      ([, text]) => text.en === "" || (!/\p{Script=Han}/u.test(text.zh) && !standards.test(text.zh)),
    );
    expect(missing).toEqual([]);
  });
});

/** Attributes that a reader sees or hears. */
const SHOWN = new Set(["label", "title", "aria-label", "placeholder", "alt", "description"]);
const hasWord = (text: unknown): boolean => typeof text === "string" && /\p{L}{2,}/u.test(text);
/** Units, names and the writing on a key, which no language changes. */
const NO_WORDS = /&nbsp;|\b(mm|HU|mL|cm|CT|SEG|SR|Esc|Dice)\b/g;

describe("no word on the screen", () => {
  it("comes from outside the text files", () => {
    const found: string[] = [];
    for (const path of readTree().keys()) {
      if (!/^(src\/ui|plugins\/[^/]+\/panels)\/.*\.tsx$/.test(path)) continue;
      const source = parseSource(path, readFileSync(path, "utf8"));
      for (const node of source.nodes) {
        const { type, value } = node;
        const literal = (inside: unknown): unknown =>
          isNode(inside) && inside.type === "Literal" ? inside.value : undefined;
        const said =
          type === "JSXText"
            ? value
            : type === "JSXAttribute" && isNode(node.name) && SHOWN.has(String(node.name.name))
              ? literal(value)
              : undefined;
        if (typeof said === "string" && hasWord(said.replaceAll(NO_WORDS, "")))
          found.push(`${path}:${source.lineAt(node.start)}: "${said.trim()}"`);
      }
    }
    expect(found).toEqual([]);
  });
});
