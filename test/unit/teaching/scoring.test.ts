// How a learner's answers are judged: 5 mm in space, a mark twice, points, and sizes by their interval.
import { describe, expect, it } from "vitest";
import {
  distanceMm,
  judgeMarks,
  leakVoxels,
  pointOf,
  scoreOf,
  sizeIsRight,
} from "../../../plugins/cement-leakage/offline/scoring.js";

/** 10 x 10 x 4 voxels of 1 x 2 x 4 mm; slices lean by 3 mm in y each, as under a tilted gantry. */
const place = {
  columns: 10,
  rows: 10,
  columnMm: 1,
  rowMm: 2,
  rowDirection: [1, 0, 0] as const,
  columnDirection: [0, 1, 0] as const,
  positions: [0, 1, 2, 3].map((k) => [0, 3 * k, 4 * k] as const),
};
const labels = new Uint8Array(400);
labels[2 * 100 + 5 * 10 + 3] = 2; // (3, 5, 2): 3, 16, 8 mm
labels[99] = 3; // (9, 9, 0): 9, 18, 0 mm
labels[0] = 1; // cement in bone: no leak
const leaks = leakVoxels(place, labels, [2, 3]);

describe("a mark on the images", () => {
  it("has its place in patient mm, on leaning slices too", () => {
    expect(pointOf(place, 3, 5, 2)).toEqual([3, 16, 8]);
    expect(leaks.map(({ points }) => points)).toEqual([[[3, 16, 8]], [[9, 18, 0]]]);
  });

  it("counts within 5 mm in space, and not beyond, whatever slice it is on", () => {
    const at = (i: number, j: number, k: number) => judgeMarks([pointOf(place, i, j, k)], leaks)[0];
    expect(at(3, 5, 2)).toEqual({ leak: 0, distanceMm: 0, again: false });
    // One slice below: 3 mm up along y and 4 mm along z are 5 mm.
    expect(at(3, 5, 1)).toMatchObject({ leak: 0, distanceMm: 5 });
    expect(at(2, 5, 1).leak).toBeNull();
    expect(at(2, 5, 1).distanceMm).toBeCloseTo(Math.sqrt(26), 9);
    // The same pixel two slices away is no hit.
    expect(at(3, 5, 0).leak).toBeNull();
    // On cement in bone: wrong, and the nearest leak is told.
    expect(at(0, 0, 0)).toMatchObject({ leak: null, again: false });
  });

  it("made twice on one leak counts once and costs nothing", () => {
    const judged = judgeMarks([pointOf(place, 9, 9, 0), pointOf(place, 8, 9, 0)], leaks);
    expect(judged.map(({ leak, again }) => [leak, again])).toEqual([
      [1, false],
      [1, true],
    ]);
    expect(scoreOf(2, judged, [])).toMatchObject({ points: 1, wrongMarks: 0 });
  });

  it("in a case without leaks is wrong, and has no distance", () => {
    expect(judgeMarks([[0, 0, 0]], [])).toEqual([{ leak: null, distanceMm: null, again: false }]);
    expect(distanceMm([0, 0, 0], { label: 2, points: [] })).toBe(Infinity);
  });
});

describe("the score", () => {
  const right = { leak: 0, distanceMm: 1, again: false };
  const wrong = { leak: null, distanceMm: 30, again: false };

  it("is a point for place, site and size of each leak, less one for each mark in the wrong place", () => {
    const all = { site: true, size: true };
    expect(scoreOf(1, [right], [all])).toEqual({ points: 3, most: 3, wrongMarks: 0 });
    expect(scoreOf(1, [right, wrong], [all])).toEqual({ points: 2, most: 3, wrongMarks: 1 });
    expect(scoreOf(1, [wrong, wrong], [{ site: false, size: false }]).points).toBe(0);
    expect(scoreOf(2, [right], [all, { site: false, size: null }])).toMatchObject({ points: 3, most: 5 });
  });

  it("of a case without leaks is one point for marking nothing", () => {
    expect(scoreOf(0, [], [])).toEqual({ points: 1, most: 1, wrongMarks: 0 });
    expect(scoreOf(0, [wrong], []).points).toBe(0);
  });

  it("takes a range that the measured volume or its interval touches", () => {
    const size = { ml: 0.48, intervalMl: [0.42, 0.55] as const };
    expect(sizeIsRight([0.1, 0.5], size)).toBe(true);
    expect(sizeIsRight([0.5, 2], size)).toBe(true);
    expect(sizeIsRight([2, 1000], size)).toBe(false);
    expect(sizeIsRight([0.5, 2], { ml: 0.48, intervalMl: null })).toBe(false);
    expect(sizeIsRight([0.5, 2], { ml: 0.5, intervalMl: null })).toBe(true);
  });
});
