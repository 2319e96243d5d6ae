// What is proposed of another CT of the patient: its slices where the case's region lies, in the same frame of reference only.
import { expect, it } from "vitest";
import { slicesInRegion } from "../../../plugins/cement-leakage/reading/teaching/same-region.ts";
import { smallSeries } from "../dicom/small-series.ts";

const own = smallSeries({ columns: 20, rows: 20, slices: 40, spacingMm: 2 });
const region = { firstColumn: 0, columns: 20, firstRow: 0, rows: 20, firstSlice: 10, slices: 11 };
const zOf = (k: number): number => own.grid.slicePositions[k][2];
const [low, high] = [zOf(10), zOf(20)].toSorted((a, b) => a - b);

const image = (zMm: number | null, look: "capture" | null = null) => ({
  ...{ file: { name: "", bytes: new Uint8Array() }, sopClassUid: "", sopInstanceUid: "", frames: 1 },
  ...{ zMm, look },
});
/** A slice each 5 mm from 50 mm below the region to 50 mm above it. */
const images = Array.from({ length: Math.ceil((high - low + 100) / 5) }, (_, n) => image(low - 50 + 5 * n));
const other = { images, frameOfReferenceUid: own.frameOfReferenceUid };

it("takes the slices between the region's ends, half a slice more at each", () => {
  const [first, last] = slicesInRegion(other, region, own) ?? [-1, -1];
  // The region is 20 mm high, with half a slice of 2 mm at each end 22: five steps of 5 mm from its lower end.
  expect([first, last]).toEqual([10, 14]);
  expect(images[first].zMm).toBeCloseTo(low);
  expect(images[last].zMm).toBeCloseTo(high);
});

it("takes a slice that is no axial image of its own out of the reckoning", () => {
  const [first] = slicesInRegion({ ...other, images: [image(low, "capture"), ...images] }, region, own) ?? [];
  expect(first).toBe(11);
});

it("proposes nothing where it can't be told", () => {
  const leaning = smallSeries({
    columns: 20,
    rows: 20,
    slices: 40,
    columnDirection: [0, Math.cos(0.3), -Math.sin(0.3)],
  });
  const inFrame = { ...other, frameOfReferenceUid: leaning.frameOfReferenceUid };
  expect(slicesInRegion({ ...other, frameOfReferenceUid: "2.25.1" }, region, own)).toBeNull();
  expect(slicesInRegion(other, region, { ...own, frameOfReferenceUid: "" })).toBeNull();
  expect(slicesInRegion({ ...other, images: images.slice(0, 9) }, region, own)).toBeNull();
  expect(slicesInRegion({ ...other, images: images.map(() => image(null)) }, region, own)).toBeNull();
  expect(slicesInRegion(inFrame, region, leaning)).toBeNull();
});
