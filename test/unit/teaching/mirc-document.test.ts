// A case as RSNA MIRC takes it: well-formed, with every picture that it names, and nothing of the answer in what an unknown shows.
import { strFromU8 } from "fflate";
import { expect, it } from "vitest";
import { informationOf } from "#cement/teaching/additional-information";
import { composeTeachingCase } from "#cement/teaching/compose";
import { mircFiles } from "#cement/teaching/mirc-document";
import { voxelPicture } from "#cement/teaching/voxel-picture";
import { measuredCase } from "../cement/small-case.ts";

const { findings } = measuredCase();
const { words, basis, difficulty, categories } = composeTeachingCase(findings, "en");
const about = informationOf({
  ...{ findings, basis, difficulty, categories, locale: "en" as const },
  words: { ...words, title: "R&D <script>", history: `${words.history}\nPain & "fever"` },
});
const png = voxelPicture(new Uint8Array(12), 4, 3);
const pictures = [
  { name: "K1-axial.png", caption: "K1, axial", png, marked: { name: "K1-axial-marked.png", png } },
  { name: "K2-axial-marked.png", caption: "K2, axial", png },
];
const files = mircFiles({ about, pictures, locale: "en" });
const xml = strFromU8(files[0].bytes);

it("holds the document and every picture that it names, with its size", () => {
  const named = [...xml.matchAll(/src="([^"]+)"\s+w="4"\s+h="3"/g)].map(([, name]) => name);
  expect(named).toEqual(["K1-axial.png", "K1-axial-marked.png", "K2-axial-marked.png"]);
  expect(files.map(({ name }) => name)).toEqual(["MIRCdocument.xml", ...named]);
  expect(xml).toMatch(/<alternative-image\s+role="annotation"\s+type="image"\s+src="K1-axial-marked.png"/);
});

it("is well-formed whatever the author writes: each element ends, and no sign is taken for one", () => {
  const open: string[] = [];
  for (const [, end, name, rest] of xml.matchAll(/<(\/?)([A-Za-z-]+)([^<>]*)>/g))
    if (end) expect(open.pop()).toBe(name);
    else if (!rest.endsWith("/")) open.push(name);
  expect(open).toEqual([]);
  expect(xml).toContain("<title>R&amp;D &lt;script&gt;</title>");
  expect(xml).toContain("<p>Pain &amp; &quot;fever&quot;</p>");
});

it("has an author by role, MIRC's own words for category and level, and an unknown that gives nothing away", () => {
  expect(xml).toMatch(/<author><name>[^<]*, radiologist<\/name>/);
  expect(xml).toContain("<category>Musculoskeletal</category>");
  const [other] = mircFiles({
    about: { ...about, categories: ["neuro", "pulmonary"] },
    pictures,
    locale: "en",
  });
  expect(strFromU8(other.bytes)).toContain("<category>Neuro</category>");
  expect(xml).toMatch(/<level>(Primary|Intermediate|Advanced)<\/level>/);
  const unknown = [...xml.matchAll(/<alternative-(title|abstract)>(.*?)<\/alternative/gs)];
  expect(unknown).toHaveLength(2);
  expect(unknown.map(([, , text]) => text).join()).not.toMatch(/presacral|leak/i);
});
