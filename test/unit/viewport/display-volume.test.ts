// What is shown of tilted and uneven stacks: the same patient point keeps its value, and nothing is stretched.
import { describe, expect, it } from "vitest";
import { isRegular, patientFromVoxel, type Vec3, type VoxelGrid, voxelFromPatient } from "#core/space";
import { affineFromPatient, displayVolume, fitsTexture } from "#viewport/display-volume";
import { makeGrid, positions } from "./grids.ts";

/** HU that change linearly with the position in the patient: linear resampling must reproduce them. */
const huOf = ([x, y, z]: Vec3): number => 3 * x - 5 * y + 4 * z;

function linearVolume(grid: VoxelGrid) {
  const hu = new Int16Array(grid.columns * grid.rows * grid.slices);
  for (let k = 0; k < grid.slices; k++)
    for (let j = 0; j < grid.rows; j++)
      for (let i = 0; i < grid.columns; i++)
        hu[(k * grid.rows + j) * grid.columns + i] = Math.round(huOf(patientFromVoxel(grid, i, j, k)));
  return { grid, hu, storableHu: [-1024, 3071] as const, clippedAtHu: null };
}

describe("display volume", () => {
  it("is the acquired array itself when the grid is regular", () => {
    const volume = linearVolume(makeGrid(positions.FFS));
    const shown = displayVolume(volume);
    expect(shown.hu).toBe(volume.hu);
    expect(shown.resampled).toBe(false);
  });

  it.each([
    ["tilted", { ...positions.HFS, shear: 0.3 }],
    ["tilted the other way, prone", { ...positions.HFP, shear: -0.2 }],
    ["uneven", { ...positions.HFS, unevenBy: 1.8 }],
    ["tilted and uneven", { ...positions.FFP, shear: 0.25, unevenBy: 1.8 }],
  ])("keeps each patient point's value: %s", (_, shape) => {
    const source = makeGrid(shape);
    const { grid, hu, resampled } = displayVolume(linearVolume(source));
    expect(resampled).toBe(true);
    expect(isRegular(grid)).toBe(true);
    let compared = 0;
    for (let k = 0; k < grid.slices; k++)
      for (let j = 0; j < grid.rows; j++)
        for (let i = 0; i < grid.columns; i++) {
          const point = patientFromVoxel(grid, i, j, k);
          const [a, b, c] = voxelFromPatient(source, point);
          const margin = 1e-3;
          const inside =
            a >= -margin &&
            b >= -margin &&
            c >= -margin &&
            a <= source.columns - 1 + margin &&
            b <= source.rows - 1 + margin &&
            c <= source.slices - 1 + margin;
          if (!inside) continue;
          compared++;
          expect(Math.abs(hu[(k * grid.rows + j) * grid.columns + i] - huOf(point))).toBeLessThan(1.6);
        }
    expect(compared).toBeGreaterThan(4000);
  });

  it.each([
    [1, undefined],
    [4, 2],
    [16, 4],
  ])(
    "leaves out pixels where memory for 1/%i of the copy is all there is: every nth is drawn, n = %s",
    (part, nth) => {
      const source = makeGrid({ ...positions.HFS, shear: 0.3 });
      const volume = linearVolume(source);
      const whole = displayVolume(volume);
      const asked: number[] = [];
      // A few voxels more than that part: sides are rounded up.
      const most = whole.hu.length / part + whole.grid.slices * (whole.grid.columns + whole.grid.rows);
      const shown = displayVolume(volume, (voxels) => {
        asked.push(voxels);
        if (voxels > most) throw new RangeError("Array buffer allocation failed");
        return new Int16Array(voxels);
      });
      expect(asked).toHaveLength([1, 4, 16].indexOf(part) + 1);
      expect(shown.everyNth).toBe(nth);
      expect(isRegular(shown.grid)).toBe(true);
      const step = nth ?? 1;
      const { grid, hu } = shown;
      for (let k = 0; k < grid.slices; k++)
        for (let j = 0; j < grid.rows; j++)
          for (let i = 0; i < grid.columns; i++) {
            // The same place, and there the same value as in the whole copy.
            expect(patientFromVoxel(grid, i, j, k)).toEqual(
              patientFromVoxel(whole.grid, i * step, j * step, k).map((mm) => expect.closeTo(mm, 6)),
            );
            const there = (k * whole.grid.rows + j * step) * whole.grid.columns + i * step;
            expect(hu[(k * grid.rows + j) * grid.columns + i]).toBe(whole.hu[there]);
          }
      // What is measured and exported has all of its voxels.
      expect(volume.grid).toBe(source);
    },
  );

  it("says in words where there is no memory for any copy, and passes on what is no lack of memory", () => {
    const volume = linearVolume(makeGrid({ ...positions.HFS, shear: 0.3 }));
    const failing = (error: Error) => () =>
      displayVolume(volume, () => {
        throw error;
      });
    expect(failing(new RangeError("no"))).toThrow(/display\/out-of-memory/);
    expect(failing(new TypeError("no array"))).toThrow("no array");
  });

  it("covers every acquired voxel", () => {
    const source = makeGrid({ ...positions.HFS, shear: 0.3, unevenBy: 1.8 });
    const { grid } = displayVolume(linearVolume(source));
    const voxel = affineFromPatient(grid);
    for (const k of [0, source.slices - 1])
      for (const j of [0, source.rows - 1])
        for (const i of [0, source.columns - 1]) {
          const [a, b, c] = voxel(patientFromVoxel(source, i, j, k));
          expect(Math.min(a, b, c)).toBeGreaterThan(-0.01);
          expect(a).toBeLessThan(grid.columns - 0.99);
          expect(b).toBeLessThan(grid.rows - 0.99);
          expect(c).toBeLessThan(grid.slices - 0.99);
        }
  });

  it("does not explode when two slices almost coincide", () => {
    const grid = makeGrid(positions.HFS);
    const slicePositions = grid.slicePositions.map((p, k): Vec3 => [p[0], p[1], k < 8 ? 0.01 * k : 2.5 * k]);
    const { grid: shown } = displayVolume(linearVolume({ ...grid, slicePositions }));
    expect(shown.slices).toBeLessThanOrEqual(4 * grid.slices + 1);
  });
});

describe("a texture", () => {
  it("holds a volume whose sides it is long enough for, up to a gibibyte", () => {
    const grid = makeGrid(positions.HFS);
    const display = { grid, hu: new Int16Array(8), resampled: false };
    expect(fitsTexture(display, 24)).toBe(true);
    expect(fitsTexture(display, 23)).toBe(false);
    // Only its length counts, so that the test takes no memory.
    const huge = Object.defineProperty(new Int16Array(0), "byteLength", { value: 2 ** 30 + 2 });
    expect(fitsTexture({ ...display, hu: huge }, 2048)).toBe(false);
  });
});
