// The help pages' drawings are what the phantom gives, and outlines close around what they enclose.
import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { drawingsFile, siteDrawings } from "#sample-data/draw-sites";
import { outlinePath } from "#sample-data/outlines";
import { SITE_HELP } from "../../../plugins/cement-leakage/model/site-help.ts";

describe("drawings of the leak sites", () => {
  it("are written as the phantom gives them", async () => {
    const written = await readFile(
      new URL("../../../plugins/cement-leakage/panels/site-drawings.ts", import.meta.url),
      "utf8",
    );
    expect(drawingsFile(siteDrawings())).toBe(written);
  }, 120_000);

  it("outline a square with a large hole in two loops, and leave small holes and specks out", () => {
    const columns = 40;
    const values = new Float64Array(columns * columns);
    const fill = (from: number, to: number, value: number) => {
      for (let y = from; y < to; y++) for (let x = from; x < to; x++) values[y * columns + x] = value;
    };
    fill(5, 35, 1);
    fill(12, 28, 0);
    values[6 * columns + 6] = 0;
    values[1 * columns + 1] = 1;
    const path = outlinePath({ values, columns, rows: columns, stepMm: 1 }, 0.5, 0.1);
    expect(path.match(/M[^Z]*Z/g)).toHaveLength(2);
    const [outer] = path.split("Z");
    const numbers = outer.slice(1).split(/[L ]/).map(Number);
    expect([Math.min(...numbers), Math.max(...numbers)]).toEqual([4.5, 34.5]);
  });
});

describe("help of the leak sites", () => {
  it("has words in both languages for every site", () => {
    for (const { lookAlikes, mind } of Object.values(SITE_HELP))
      for (const words of [lookAlikes, mind]) {
        expect(words.en).toMatch(/^[A-Z].*\.$/);
        expect(words.zh).toMatch(/\p{Script=Han}.*。$/u);
      }
  });
});
