// A label map has a number for each voxel: every voxel comes back, its background is described, and what it can't hold is refused.
import { describe, expect, it } from "vitest";
import { problemText } from "#core/problem-text";
import { ProblemError } from "#core/problem";
import { readWholeObject } from "#dicom/nested-items";
import { packLabels } from "#dicom/label-frames";
import { readSegmentation } from "#dicom/read-segmentation";
import { writeSegmentation } from "#dicom/write-segmentation";
import { voxelCount } from "#voxels/mask";
import { union } from "#voxels/set-operations";
import {
  type SmallSeriesOptions,
  asymmetricMasks,
  maskWhere,
  numbered,
  smallSeries,
  testSegmentation,
} from "./small-series.ts";

const labelMap = (source = smallSeries()) => ({ ...testSegmentation(source), form: "LABELMAP" as const });

const grids: Readonly<Record<string, SmallSeriesOptions>> = {
  axial: {},
  prone: { rowDirection: [-1, 0, 0], columnDirection: [0, -1, 0], patientPosition: "HFP" },
  sagittal: { rowDirection: [0, 1, 0], columnDirection: [0, 0, -1] },
  oblique: { rowDirection: [1, 0, 0], columnDirection: [0, Math.cos(0.2), Math.sin(0.2)] },
  "gantry tilt": { shearMm: 0.31 },
  "uneven spacing": { spacingMm: [1.25, 2.5, 1] },
};

describe("a label map", () => {
  it.each(Object.entries(grids))("gives back every voxel and name: %s", (_, options) => {
    const source = smallSeries(options);
    const masks = asymmetricMasks(source.grid);
    const back = readSegmentation(writeSegmentation(labelMap(source), numbered(masks)), source);
    if (!back.ok) throw new Error(back.problem.code);
    expect(back.value.segments.map(({ mask }) => mask)).toEqual(masks);
    expect(labelMap(source).segments).toMatchObject(
      back.value.segments.map(({ description }) => description),
    );
  });

  it("is a Label Map Segmentation: a frame a slice, 8 bits, padding 0, the background described last", () => {
    const source = smallSeries();
    const masks = asymmetricMasks(source.grid);
    const whole = readWholeObject(writeSegmentation(labelMap(source), numbered(masks)));
    if (!whole.ok) throw new Error(whole.problem.code);
    const { root, nativePixels } = whole.value;
    expect(root.string("x00080016")).toBe("1.2.840.10008.5.1.4.1.1.66.7");
    expect(root.string("x00620001")).toBe("LABELMAP");
    expect(root.string("x00620013")).toBe("NO");
    expect([root.uint16("x00280100"), root.uint16("x00280120"), root.number("x00280008")]).toEqual([
      8, 0, 11,
    ]);
    const segments = root.items("x00620002");
    expect(segments.map((item) => item.uint16("x00620004"))).toEqual([1, 2, 3, 0]);
    expect(segments[3].first("x0062000f")?.asCode()).toMatchObject({ value: "125040", scheme: "DCM" });
    const counts = [0, 0, 0, 0];
    for (const value of nativePixels?.subarray(0, 11 * 29 * 37) ?? []) counts[value]++;
    expect(counts.slice(1)).toEqual(masks.map(voxelCount));
    for (const frame of root.items("x52009230")) {
      expect(frame.items("x0062000a")).toEqual([]);
      expect(frame.items("x00089124")).toHaveLength(1);
    }
  });

  it("refuses segments that overlap, in words; BINARY holds them and says so", () => {
    const source = smallSeries();
    const [first, second, third] = asymmetricMasks(source.grid);
    const overlapping = numbered([first, union(first, second), third]);
    let refused: unknown;
    try {
      writeSegmentation(labelMap(source), overlapping);
    } catch (error) {
      refused = error;
    }
    if (!(refused instanceof ProblemError)) throw new Error("not refused");
    expect(refused.problem.code).toBe("seg/overlap");
    expect(problemText(refused.problem, "en")).toContain("BINARY");
    expect(problemText(refused.problem, "zh")).toContain("BINARY");
    const whole = readWholeObject(writeSegmentation(testSegmentation(source), overlapping));
    expect(whole.ok && whole.value.root.string("x00620013")).toBe("YES");
  });

  it("takes two bytes a voxel, little endian, where the numbers need them", () => {
    const shape = { columns: 5, rows: 2, slices: 3 };
    const mask = maskWhere(shape, (i, j, k) => k === 2 && j === 1 && i > 2);
    const bytes = packLabels([{ segmentNumber: 300, mask }], [2], 2, 5, 16);
    expect([...bytes]).toEqual([...Array<number>(16).fill(0), 0x2c, 1, 0x2c, 1]);
  });
});
