// The processor's grey picture against plain trilinear interpolation of each pixel, along the grid and turned, single slices and slabs.
import { describe, expect, it } from "vitest";
import type { Vec3 } from "#core/space";
import { add, normalize, scale, subtract } from "#core/space";
import type { Plane } from "#host/contract";
import { drawGrey } from "../../../src/viewport/grey-picture.ts";
import { affineFromPatient, type DisplayVolume } from "../../../src/viewport/display-volume.ts";
import { turnedAxes } from "../../../src/viewport/oblique.ts";
import { gridCenter, patientFromScreen, planeAxes, type PlaneFrame } from "../../../src/viewport/planes.ts";
import { makeGrid, positions, seeded } from "./grids.ts";

const WINDOW = { widthHu: 700, levelHu: 150 };
const SIZE = { widthPx: 47, heightPx: 39 };

function volumeOf(shape: (typeof positions)["HFS"], seed: number): DisplayVolume {
  const grid = makeGrid(shape);
  const next = seeded(seed);
  const hu = Int16Array.from({ length: grid.columns * grid.rows * grid.slices }, () => next() * 2000 - 800);
  return { grid, hu, resampled: false };
}

/** Trilinear at a place in voxels: eight voxels and their weights; null outside. */
function linearAt({ grid, hu }: DisplayVolume, at: Vec3): number | null {
  const sizes = [grid.columns, grid.rows, grid.slices];
  if (at.some((p, axis) => p < -0.5 || p > sizes[axis] - 0.5)) return null;
  const inside = at.map((p, axis) => Math.max(0, Math.min(sizes[axis] - 1, p)));
  const low = inside.map(Math.floor);
  let sum = 0;
  for (let corner = 0; corner < 8; corner++) {
    const bits = [corner & 1, (corner >> 1) & 1, corner >> 2];
    const weight = bits.reduce((w, bit, axis) => {
      const share = inside[axis] - low[axis];
      return w * (bit ? share : 1 - share);
    }, 1);
    const [i, j, k] = low.map((p, axis) => Math.min(sizes[axis] - 1, p + bits[axis]));
    if (weight > 0) sum += weight * hu[(k * grid.rows + j) * grid.columns + i];
  }
  return sum;
}

/** The highest of the slab through a place in voxels. */
function highestAt(display: DisplayVolume, frame: PlaneFrame, slabMm: number, at: Vec3): number | null {
  const passes = Math.floor(slabMm / 2 / frame.axes.stepMm + 1e-6);
  const voxel = affineFromPatient(display.grid);
  const step = scale(frame.axes.forward, frame.axes.stepMm);
  const deeper = subtract(voxel(add(frame.center, step)), voxel(frame.center));
  const found = Array.from({ length: 2 * passes + 1 }, (_, n) =>
    linearAt(display, add(at, scale(deeper, n - passes))),
  ).filter((value) => value !== null);
  return found.length === 0 ? null : Math.max(...found);
}

/** Along the grid: projected at the four voxels around the pixel, then bilinear. Turned: projected at the pixel itself. */
function greyAt(display: DisplayVolume, frame: PlaneFrame, slabMm: number, x: number, y: number): number {
  const at = affineFromPatient(display.grid)(patientFromScreen(frame, x + 0.5, y + 0.5));
  let hu = highestAt(display, frame, slabMm, at);
  if (hu !== null && frame.axes.tiltDegrees === 0) {
    const sizes = [display.grid.columns, display.grid.rows, display.grid.slices];
    const [a, b] = [0, 1, 2].filter((axis) => axis !== frame.axes.index);
    const clamped = (axis: number) => Math.max(0, Math.min(sizes[axis] - 1, at[axis]));
    hu = 0;
    for (const [stepA, stepB] of [
      [0, 0],
      [1, 0],
      [0, 1],
      [1, 1],
    ]) {
      const [shareA, shareB] = [clamped(a) % 1, clamped(b) % 1];
      const weight = (stepA ? shareA : 1 - shareA) * (stepB ? shareB : 1 - shareB);
      const corner: [number, number, number] = [at[0], at[1], at[2]];
      corner[a] = Math.floor(clamped(a)) + stepA;
      corner[b] = Math.floor(clamped(b)) + stepB;
      if (weight > 0) hu += weight * (highestAt(display, frame, slabMm, corner) ?? 0);
    }
  }
  if (hu === null) return 0;
  const grey = ((hu - (WINDOW.levelHu - WINDOW.widthHu / 2)) * 255) / WINDOW.widthHu;
  return Math.max(0, Math.min(255, grey));
}

/** Largest difference of grey levels, and how many pixels are not black. */
function compared(display: DisplayVolume, frame: PlaneFrame, slabMm: number) {
  const image = {
    data: new Uint8ClampedArray(4 * SIZE.widthPx * SIZE.heightPx),
    width: SIZE.widthPx,
    height: SIZE.heightPx,
  };
  drawGrey(image, display, frame, { window: WINDOW, slabMm });
  let worst = 0;
  let bright = 0;
  for (let y = 0; y < SIZE.heightPx; y++)
    for (let x = 0; x < SIZE.widthPx; x++) {
      const [r, g, b, a] = image.data.subarray(4 * (y * SIZE.widthPx + x));
      expect([g, b, a]).toEqual([r, r, 255]);
      worst = Math.max(worst, Math.abs(r - greyAt(display, frame, slabMm, x, y)));
      if (r > 0) bright++;
    }
  return { worst, bright };
}

const planes: readonly Plane[] = ["axial", "sagittal", "coronal"];
// No pixel lies just on the edge of the volume, where rounding decides.
const off: Vec3 = [2.3137, -1.7291, 0.9113];

describe("the processor's grey picture", () => {
  it.each(Object.keys(positions) as (keyof typeof positions)[])(
    "is the interpolated one in position %s",
    (name) => {
      const display = volumeOf(positions[name], 5);
      for (const plane of planes)
        for (const [mmPerPx, slabMm] of [
          [0.9, 0],
          [0.21, 0],
          [0.9, 9],
        ]) {
          const axes = planeAxes(display.grid)[plane];
          const center = add(gridCenter(display.grid), off);
          const { worst, bright } = compared(display, { axes, ...SIZE, center, mmPerPx }, slabMm);
          expect(worst).toBeLessThanOrEqual(1);
          expect(bright).toBeGreaterThan(300);
        }
    },
  );

  it("is the same of turned planes", () => {
    const display = volumeOf(positions.HFS, 11);
    const own = planeAxes(display.grid);
    const turned = turnedAxes(own, display.grid, { axial: normalize([0.1, 0.4, -0.9]) });
    for (const slabMm of [0, 8]) {
      const frame = { axes: turned.axial, ...SIZE, center: gridCenter(display.grid), mmPerPx: 0.8 };
      const { worst, bright } = compared(display, frame, slabMm);
      expect(worst).toBeLessThanOrEqual(1);
      expect(bright).toBeGreaterThan(300);
    }
  });

  it("is black where the plane lies outside, and one voxel where it shows one", () => {
    const display = volumeOf(positions.HFS, 3);
    const axes = planeAxes(display.grid).axial;
    const away = add(gridCenter(display.grid), scale(axes.forward, 500));
    expect(compared(display, { axes, ...SIZE, center: away, mmPerPx: 1 }, 0)).toEqual({
      worst: 0,
      bright: 0,
    });
    const first = display.grid.slicePositions[0];
    const { worst } = compared(display, { axes, ...SIZE, center: first, mmPerPx: 0.02 }, 0);
    expect(worst).toBeLessThanOrEqual(1);
  });
});
