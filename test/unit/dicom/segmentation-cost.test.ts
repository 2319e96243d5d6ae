// SEG of 400 slices and five segments: what it takes in memory and work follows the frames that are written, not the segments' volume.
// Time is `npm run bench`'s ("whole SEG"): counts don't depend on the machine.
import { describe, expect, it, vi } from "vitest";
import type { Vec3, VoxelGrid } from "#core/space";
import { writeSegmentation } from "#dicom/write-segmentation";
import { type RunMask, RunBuilder } from "#voxels/mask";
import { bytesTaken } from "./bytes-taken.ts";
import { numbered, smallSeries, testSegmentation } from "./small-series.ts";

const grid: VoxelGrid = {
  ...smallSeries().grid,
  columns: 512,
  rows: 512,
  slices: 400,
  slicePositions: Array.from({ length: 400 }, (_, k): Vec3 => [-180, -180, k]),
};
const base = smallSeries();
const source = {
  ...base,
  grid,
  instances: grid.slicePositions.map((_, k) => ({
    sopClassUid: base.instances[0].sopClassUid,
    sopInstanceUid: `2.25.8${k}`,
  })),
};
/** A column of cement through every slice. */
function column(n: number): RunMask {
  const builder = new RunBuilder(grid);
  for (let k = 0; k < grid.slices; k++)
    for (let j = 100; j < 150; j++) builder.add(k * grid.rows + j, 60 * n, 60 * n + 40);
  return builder.finish();
}
const masks = numbered([1, 2, 3, 4, 5].map(column));
const small = testSegmentation(source);
const document = {
  ...small,
  segments: [1, 2, 3, 4, 5].map((number) => ({
    ...small.segments[0],
    number,
    trackingUid: `2.25.9${number}`,
  })),
};
const DENSE = grid.columns * grid.rows * grid.slices;

describe("a segmentation of 400 slices and five segments", () => {
  it.each([
    ["BINARY", 2000, (5 * DENSE) / 8],
    ["LABELMAP", 400, DENSE],
  ] as const)(
    "as %s takes its frames and its file, and no dense copy of a segment",
    async (form, frames, pixelBytes) => {
      const encode = vi.spyOn(TextEncoder.prototype, "encode");
      try {
        const { value, bytes } = await bytesTaken(() => writeSegmentation({ ...document, form }, masks));
        expect(value.length).toBeGreaterThan(pixelBytes);
        // The frames once, the file once, and a little for each frame's attributes.
        expect(bytes).toBeLessThan(pixelBytes + value.length + 4e6);
        // Position, image and class of each frame; its codes are encoded once for all.
        expect(encode.mock.calls.length).toBeLessThan(5 * frames + 1500);
      } finally {
        encode.mockRestore();
      }
    },
  );
});
