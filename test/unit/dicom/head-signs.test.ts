// What a head looks like in cross-section, and what does not look like one: a pelvis, a sacrum, two legs, a trunk.
import { describe, expect, it } from "vitest";
import { cropTo } from "#dicom/deidentify/crop-region";
import { deidentify } from "#dicom/deidentify/deidentify";
import { type CrossSection, headSigns, isSeenOver } from "#dicom/deidentify/head-signs";
import { makePseudonyms } from "#dicom/deidentify/pseudonyms";
import { ctFiles, smallSeries } from "./small-series.ts";

type Shape = (x: number, y: number) => number | null;

/** mm from the middle; later shapes lie on top. */
const section = (shapes: readonly Shape[], fieldMm = 400, mm = 0.8): CrossSection => {
  const side = Math.round(fieldMm / mm);
  const at = (n: number) => (n - side / 2) * mm;
  return {
    rows: side,
    columns: side,
    rowMm: mm,
    columnMm: mm,
    hu: (n) => shapes.reduce((hu, shape) => shape(at(n % side), at(Math.floor(n / side))) ?? hu, -1000),
  };
};
const ellipse =
  (a: number, b: number, hu: number, x0 = 0, y0 = 0): Shape =>
  (x, y) =>
    ((x - x0) / a) ** 2 + ((y - y0) / b) ** 2 <= 1 ? hu : null;
/** A closed shell of bone, 6 mm thick, filled. */
const shell = (a: number, b: number, inside: number, x0 = 0, y0 = 0): Shape[] => [
  ellipse(a, b, 900, x0, y0),
  ellipse(a - 6, b - 6, inside, x0, y0),
];
const gap =
  (hu: number, from: number, to: number): Shape =>
  (x, y) =>
    y < 0 && x > from && x < to ? hu : null;

const NOTHING = { skull: false, faceOrNeck: false };

describe("a cross-section", () => {
  it("of the vault is a ring of bone around brain", () => {
    const brain = [ellipse(82, 100, 40), ...shell(78, 96, 35), ellipse(8, 20, 8)];
    expect(headSigns(section(brain)).skull).toBe(true);
    expect(headSigns(section(brain, 250, 0.49)).skull).toBe(true);
    // Cut off by the edge of the image, or opened by surgery, it is no ring.
    expect(headSigns(section(brain, 140)).skull).toBe(false);
    expect(headSigns(section([...brain, gap(40, -20, 20)])).skull).toBe(false);
  });

  it("of a face or a neck is one small outline with air in it", () => {
    const face = [ellipse(75, 95, 40), ...shell(30, 30, -950, 0, -40)];
    expect(headSigns(section(face))).toEqual({ skull: false, faceOrNeck: true });
    expect(headSigns(section([ellipse(60, 65, 50), ellipse(9, 9, -1000, 0, 10)])).faceOrNeck).toBe(true);
  });

  it.each([
    ["a pelvis, whose bones leave gaps", [ellipse(180, 120, 20), ...shell(130, 80, 30), gap(-90, -40, 40)]],
    ["a pelvis whose ring is closed, around fat and gut", [ellipse(180, 120, 20), ...shell(130, 80, -90)]],
    ["a sacrum with soft marrow", [ellipse(180, 120, 20), ...shell(58, 30, 30)]],
    ["a vertebra", [ellipse(170, 110, 30), ...shell(26, 20, 60)]],
    ["a trunk with gas", [ellipse(150, 95, 30), ellipse(30, 20, -900)]],
    ["two legs", [ellipse(70, 70, 40, -90), ellipse(70, 70, 40, 90), ellipse(9, 9, -900, -90)]],
    ["one leg", [ellipse(70, 70, 40), ...shell(14, 14, -50)]],
    ["a trunk that is cut off by the image", [ellipse(300, 300, 40), ellipse(9, 9, -1000)]],
  ])("of %s shows no head", (_, shapes) => {
    expect(headSigns(section(shapes))).toEqual(NOTHING);
  });
});

describe("a sign", () => {
  const at = (...places: number[]) => places.map((alongMm) => ({ alongMm, skull: true, faceOrNeck: false }));
  it("counts on neighbouring slices over a centimetre, not on one or on far ones", () => {
    expect(isSeenOver(at(5, 0, 10), "skull")).toBe(true);
    expect(isSeenOver(at(1, 2, 3), "skull")).toBe(false);
    expect(isSeenOver(at(0, 40, 80), "skull")).toBe(false);
    expect(isSeenOver(at(0, 5, 10), "faceOrNeck")).toBe(false);
  });
});

describe("a CT with a skull at its upper end", () => {
  const source = smallSeries({ columns: 200, rows: 200, slices: 20, spacingMm: 5 });
  const { grid } = source;
  const brain = [ellipse(60, 70, 40), ...shell(56, 66, 35)];
  const neck = [ellipse(90, 90, 40), ...shell(15, 12, 60)];
  const files = ctFiles(source, (k) =>
    Int16Array.from({ length: grid.columns * grid.rows }, (_, n) => {
      const x = ((n % grid.columns) - grid.columns / 2) * grid.columnSpacingMm;
      const y = (Math.floor(n / grid.columns) - grid.rows / 2) * grid.rowSpacingMm;
      return (k < 12 ? neck : brain).reduce((hu, shape) => shape(x, y) ?? hu, -1000);
    }),
  ).map((bytes, k) => ({ name: `${k}.dcm`, bytes }));
  const leave = (slices: number, noHead: boolean) => {
    const region = { firstColumn: 20, columns: 160, firstRow: 20, rows: 160, firstSlice: 0, slices };
    return deidentify(files, {
      pseudonyms: makePseudonyms({ key: new Uint8Array(32).fill(4), dates: [] }),
      vocabulary: { texts: new Set(), codes: [], schemeUids: new Set() },
      crops: [cropTo(region, source)],
      noHead,
    });
  };

  it("does not leave, whatever anyone says, until the skull is cropped away", async () => {
    for (const noHead of [false, true]) {
      const refused = await leave(20, noHead);
      expect(refused.ok ? "left" : [refused.problem.code, refused.problem.details]).toEqual([
        "deidentify/shows-head",
        { lengthMm: 35 },
      ]);
    }
    const cropped = await leave(12, false);
    expect(cropped.ok && cropped.value.files.length).toBe(12);
  });
});
