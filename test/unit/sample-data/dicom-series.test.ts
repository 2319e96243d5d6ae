// The files of a phantom: repeatable bytes, 12 bits with the ceiling of a scanner, an order that says nothing about position.
import { createHash } from "node:crypto";
import dicomParser from "dicom-parser";
import { expect, it } from "vitest";
import { COARSE, smallPhantom } from "./small-phantom.ts";

const bytesOf = (more: Parameters<typeof smallPhantom>[0]): string => {
  const hash = createHash("sha256");
  for (const { fileName, bytes } of smallPhantom({ ...COARSE, ...more }).files())
    hash.update(fileName).update(bytes);
  return hash.digest("hex");
};

it("gives the same bytes for the same seed and others for another", () => {
  // the other seed between them, since the maker keeps what it planned last
  const [once, other, again] = [4, 5, 4].map((seed) => bytesOf({ seed }));
  expect(again).toBe(once);
  expect(other).not.toBe(once);
});

it("stores HU in 12 bits from -1024 to 3071, slice by slice", () => {
  const phantom = smallPhantom(COARSE);
  const { grid, hu } = phantom.volume;
  const files = [...phantom.files()];
  expect(files).toHaveLength(grid.slices);
  for (const [n, { bytes }] of files.entries()) {
    const header = dicomParser.parseDicom(bytes);
    expect([header.uint16("x00280101"), header.uint16("x00280103")]).toEqual([12, 0]);
    expect([header.string("x00281052"), header.string("x00281053")]).toEqual(["-1024", "1"]);
    const { dataOffset, length } = header.elements.x7fe00010;
    const stored = new Uint16Array(bytes.slice(dataOffset, dataOffset + length).buffer);
    const base = (grid.slices - 1 - n) * grid.columns * grid.rows;
    expect(stored.every((value, p) => value - 1024 === hu[base + p])).toBe(true);
  }
});

it("can number its files in an order that is not their position", () => {
  const places = [...smallPhantom({ ...COARSE, fileOrder: "shuffled" }).files()].map(({ bytes }) => {
    const header = dicomParser.parseDicom(bytes, { untilTag: "x7fe00010" });
    return Number(header.string("x00200032", 2));
  });
  const sorted = places.toSorted((a, b) => a - b);
  expect(places).not.toEqual(sorted);
  expect(places).not.toEqual(sorted.toReversed());
  expect(new Set(places).size).toBe(places.length);
});
