// Masks at screen resolution: every pixel must agree with asking the mask itself, for every kind of grid.
import { describe, expect, it } from "vitest";
import { add, patientFromVoxel, scale, type VoxelGrid, voxelFromPatient } from "#core/space";
import type { Plane } from "#host/contract";
import { displayVolume } from "#viewport/display-volume";
import { paintLayer } from "#viewport/mask-paint";
import { maskSampler } from "#viewport/mask-raster";
import { turnedAxes } from "#viewport/oblique";
import {
  fittingMmPerPx,
  nearestVoxelCenter,
  patientFromScreen,
  planeAxes,
  type PlaneFrame,
} from "#viewport/planes";
import { emptyMask, maskHas, RunBuilder, type RunMask } from "#voxels/mask";
import { type GridShape, makeGrid, positions, seeded } from "./grids.ts";

const shapes: readonly (readonly [string, GridShape])[] = [
  ...Object.entries(positions),
  ["tilted", { ...positions.HFS, shear: 0.3 }],
  ["uneven", { ...positions.FFP, unevenBy: 1.7 }],
  ["sagittal", { rowDirection: [0, 1, 0], columnDirection: [0, 0, -1] }],
  ["sagittal and uneven", { rowDirection: [0, 1, 0], columnDirection: [0, 0, -1], unevenBy: 1.7 }],
  [
    "oblique",
    { rowDirection: [Math.cos(0.3), Math.sin(0.3), 0], columnDirection: [-Math.sin(0.3), Math.cos(0.3), 0] },
  ],
];
const planes: readonly Plane[] = ["axial", "sagittal", "coronal"];

/** Blobs of random runs, with gaps of one voxel among them. */
function randomMask(grid: VoxelGrid, random: () => number): RunMask {
  const builder = new RunBuilder(grid);
  for (let row = 0; row < grid.rows * grid.slices; row++) {
    if (random() < 0.4) continue;
    let i = Math.floor(random() * 8);
    while (i < grid.columns) {
      const end = Math.min(grid.columns, i + 1 + Math.floor(random() * 5));
      builder.add(row, i, end);
      i = end + 1 + Math.floor(random() * 6);
    }
  }
  return builder.finish();
}

function frameFor(grid: VoxelGrid, plane: Plane, random: () => number): PlaneFrame {
  const display = displayVolume({
    grid,
    hu: new Int16Array(grid.columns * grid.rows * grid.slices),
    storableHu: [-1024, 3071],
    clippedAtHu: null,
  });
  const axes = planeAxes(display.grid)[plane];
  const [widthPx, heightPx] = [70, 56];
  const center = nearestVoxelCenter(
    display.grid,
    patientFromVoxel(grid, 6 + random() * 12, 5 + random() * 10, 4 + random() * 6),
  );
  const panned = add(center, add(scale(axes.right, random() * 3), scale(axes.down, random() * 3)));
  const mmPerPx = (fittingMmPerPx(display.grid, axes, widthPx, heightPx) * (0.6 + random())) / 1.01;
  return { axes, widthPx, heightPx, center: panned, mmPerPx };
}

function expectedAt(grid: VoxelGrid, mask: RunMask, frame: PlaneFrame, ratio: number, slabMm: number) {
  const steps = Math.floor(slabMm / 2 / frame.axes.stepMm + 1e-6);
  return (x: number, y: number): boolean => {
    const point = patientFromScreen(frame, (x + 0.5) / ratio, (y + 0.5) / ratio);
    for (let n = -steps; n <= steps; n++) {
      const moved = add(point, scale(frame.axes.forward, n * frame.axes.stepMm));
      const [i, j, k] = voxelFromPatient(grid, moved).map(Math.round);
      if (maskHas(mask, i, j, k)) return true;
    }
    return false;
  };
}

describe("a slab of a turned plane", () => {
  it("holds what lies within half its thickness, between thick slices too", () => {
    const grid = makeGrid(positions.HFS);
    const middle = patientFromVoxel(grid, 9, 8, 5);
    const tilt = (40 * Math.PI) / 180;
    const normal = [0, Math.sin(tilt), -Math.cos(tilt)] as const;
    const { axial } = turnedAxes(planeAxes(grid), grid, { axial: normal });
    const builder = new RunBuilder(grid);
    builder.add(5 * grid.rows + 8, 9, 10);
    const mask = builder.finish();
    const coveredAt = (mm: number): boolean => {
      const center = add(middle, scale(normal, mm));
      const frame = { axes: axial, widthPx: 60, heightPx: 60, center, mmPerPx: 0.25 };
      return maskSampler(grid, frame, 1, 10)(mask)?.covered.some((pixel) => pixel === 1) ?? false;
    };
    // The voxel reaches about 2 mm to either side of its middle along this normal.
    for (const mm of [-4.9, -3.3, -1.4, 0, 2.1, 3.7, 4.9]) expect(coveredAt(mm)).toBe(true);
    for (const mm of [-8, 8]) expect(coveredAt(mm)).toBe(false);
  });
});

describe("mask sampling", () => {
  it.each(shapes)("agrees with the mask pixel by pixel: %s", (_, shape) => {
    const random = seeded(7);
    const grid = makeGrid(shape);
    const mask = randomMask(grid, random);
    for (const plane of planes) {
      for (const [ratio, slabMm] of [
        [1, 0],
        [1.5, 0],
        [1, 10],
      ]) {
        const frame = frameFor(grid, plane, random);
        const coverage = maskSampler(grid, frame, ratio, slabMm)(mask);
        const wanted = expectedAt(grid, mask, frame, ratio, slabMm);
        let wrong = 0;
        let set = 0;
        for (let y = 0; y < Math.round(frame.heightPx * ratio); y++) {
          for (let x = 0; x < Math.round(frame.widthPx * ratio); x++) {
            const inside =
              coverage !== null &&
              x >= coverage.x0 &&
              y >= coverage.y0 &&
              x < coverage.x0 + coverage.width &&
              y < coverage.y0 + coverage.height;
            const got =
              inside && coverage.covered[(y - coverage.y0) * coverage.width + x - coverage.x0] === 1;
            const want = wanted(x, y);
            if (want) set++;
            if (got !== want) wrong++;
          }
        }
        expect(set, `${plane}: something is visible`).toBeGreaterThan(100);
        expect(wrong, `${plane} ratio ${ratio} slab ${slabMm}`).toBe(0);
      }
    }
  });

  it("shows nothing of an empty mask, nor of one beyond the slab", () => {
    const grid = makeGrid(positions.HFS);
    const axes = planeAxes(grid).axial;
    const frame: PlaneFrame = {
      axes,
      widthPx: 50,
      heightPx: 50,
      center: patientFromVoxel(grid, 12, 10, 2),
      mmPerPx: 1,
    };
    const builder = new RunBuilder(grid);
    builder.add(8 * grid.rows + 10, 10, 14);
    const far = builder.finish();
    expect(maskSampler(grid, frame, 1, 0)(emptyMask(grid))).toBeNull();
    expect(maskSampler(grid, frame, 1, 10)(far)).toBeNull();
    expect(maskSampler(grid, frame, 1, 34)(far)).not.toBeNull();
  });
});

describe("mask paint", () => {
  const covered = (rows: readonly string[]) => ({
    x0: 1,
    y0: 1,
    width: rows[0].length,
    height: rows.length,
    covered: Uint8Array.from(rows.join("").replaceAll(".", "0").replaceAll("#", "1"), Number),
  });
  const pixel = (rgba: Uint8ClampedArray, x: number, y: number) => [
    ...rgba.subarray(4 * (y * 8 + x), 4 * (y * 8 + x) + 4),
  ];

  it("draws an opaque outline inside the mask and a translucent fill", () => {
    const rgba = new Uint8ClampedArray(8 * 8 * 4);
    const blob = covered(["......", ".####.", ".####.", ".####.", ".####.", "......"]);
    paintLayer(rgba, 8, blob, { color: "#ff8000", fillOpacity: 0.5, outlinePx: 1 });
    expect(pixel(rgba, 2, 2), "corner").toEqual([255, 128, 0, 255]);
    expect(pixel(rgba, 3, 3), "inside").toEqual([255, 128, 0, 128]);
    expect(pixel(rgba, 1, 1), "outside").toEqual([0, 0, 0, 0]);
  });

  it("puts later layers on top and lets the earlier show through their fill", () => {
    const rgba = new Uint8ClampedArray(8 * 8 * 4);
    const all = covered(["####", "####", "####", "####"]);
    paintLayer(rgba, 8, all, { color: "#ff0000", fillOpacity: 1, outlinePx: 0 });
    paintLayer(rgba, 8, all, { color: "#0000ff", fillOpacity: 0.25, outlinePx: 0 });
    expect(pixel(rgba, 2, 2)).toEqual([191, 0, 64, 255]);
  });

  it("does not take the edge of the screen for the mask's edge", () => {
    const rgba = new Uint8ClampedArray(8 * 8 * 4);
    paintLayer(rgba, 8, covered(["####", "####", "####"]), {
      color: "#ffffff",
      fillOpacity: 0,
      outlinePx: 2,
    });
    expect(rgba.some((v) => v > 0)).toBe(false);
  });
});
