// A tilted scan is shown straight: its slices as they are, the planes across them upright and unsheared, masks and lines in place.
import { describe, expect, it } from "vitest";
import {
  add,
  dot,
  patientFromVoxel,
  scale,
  sliceNormal,
  tiltDegrees,
  type Vec3,
  voxelFromPatient,
} from "#core/space";
import type { Plane } from "#host/contract";
import { displayVolume } from "#viewport/display-volume";
import { maskSampler } from "#viewport/mask-raster";
import { lineDirection, placedInGrid, shownAxes, turnedAxes } from "#viewport/oblique";
import {
  gridCenter,
  patientFromScreen,
  type PlaneFrame,
  screenFromPatient,
  sliceNumber,
} from "#viewport/planes";
import { maskHas, RunBuilder } from "#voxels/mask";
import { type GridShape, makeGrid, positions, seeded } from "./grids.ts";

/** Slices turned about the patient's left-right axis and stacked along the table, as a gantry does. */
function tilted(shape: GridShape, degrees: number): GridShape {
  const angle = (degrees * Math.PI) / 180;
  const [row, column] = [shape.rowDirection, shape.columnDirection];
  const turned: Vec3 = [0, column[1] * Math.cos(angle), Math.sin(angle)];
  const normalY = -row[0] * turned[2];
  // The line of the slices runs along z: normal + shear * column has no y.
  return { rowDirection: row, columnDirection: turned, shear: -normalY / turned[1] };
}

const shapes: readonly (readonly [string, GridShape, number])[] = [
  ...Object.entries(positions).flatMap(([name, shape]): [string, GridShape, number][] => [
    [`${name}, 12 degrees`, tilted(shape, 12), 12],
    [`${name}, -20 degrees`, tilted(shape, -20), 20],
  ]),
  ["HFS, 18 degrees and uneven", { ...tilted(positions.HFS, 18), unevenBy: 1.7 }, 18],
];

const shownOf = (shape: GridShape) => {
  const grid = makeGrid(shape);
  const hu = new Int16Array(grid.columns * grid.rows * grid.slices);
  const display = displayVolume({ grid, hu, storableHu: [-1024, 3071], clippedAtHu: null });
  return { grid, display, axes: shownAxes(display.grid, grid) };
};

const close = (a: Vec3, b: Vec3) => a.forEach((v, n) => expect(v).toBeCloseTo(b[n], 9));

describe("a scan with gantry tilt", () => {
  it.each(shapes)("has upright planes across its slices: %s", (_, shape, degrees) => {
    const { grid, axes } = shownOf(shape);
    expect(tiltDegrees(grid)).toBeCloseTo(degrees, 6);
    close(axes.sagittal.right, [0, 1, 0]);
    close(axes.sagittal.down, [0, 0, -1]);
    close(axes.sagittal.forward, [-1, 0, 0]);
    close(axes.coronal.right, [1, 0, 0]);
    close(axes.coronal.down, [0, 0, -1]);
    close(axes.coronal.forward, [0, 1, 0]);
    // The slices themselves stay in their own plane.
    expect(Math.abs(dot(axes.axial.forward, sliceNormal(grid)))).toBeCloseTo(1, 9);
    expect([axes.axial.tiltDegrees, axes.sagittal.tiltDegrees]).toEqual([0, 0]);
    expect(axes.coronal.tiltDegrees).toBeCloseTo(degrees, 6);
    for (const plane of [axes.axial, axes.sagittal, axes.coronal]) expect(plane.turnedDegrees).toBe(0);
  });

  it.each(shapes)(
    "is drawn with its masks where they lie and its slices' line at their angle: %s",
    (_, shape, degrees) => {
      const { grid, axes } = shownOf(shape);
      const random = seeded(3);
      const builder = new RunBuilder(grid);
      for (let row = 0; row < grid.rows * grid.slices; row++) {
        const start = Math.floor(random() * 12);
        if (random() < 0.5) builder.add(row, start, start + 1 + Math.floor(random() * 8));
      }
      const mask = builder.finish();
      const focus = patientFromVoxel(grid, 11, 9, 6);
      for (const plane of ["axial", "sagittal", "coronal"] as const satisfies readonly Plane[]) {
        const frame: PlaneFrame = {
          axes: axes[plane],
          widthPx: 90,
          heightPx: 80,
          center: focus,
          mmPerPx: 0.47,
        };
        const coverage = maskSampler(grid, frame, 1, 0)(mask);
        if (!coverage) throw new Error("nothing was drawn");
        let wrong = 0;
        for (let y = 0; y < frame.heightPx; y++)
          for (let x = 0; x < frame.widthPx; x++) {
            const [i, j, k] = voxelFromPatient(grid, patientFromScreen(frame, x + 0.5, y + 0.5)).map(
              Math.round,
            );
            const [cx, cy] = [x - coverage.x0, y - coverage.y0];
            const inRect = cx >= 0 && cy >= 0 && cx < coverage.width && cy < coverage.height;
            const drawn = inRect && coverage.covered[cy * coverage.width + cx] === 1;
            if (drawn !== maskHas(mask, i, j, k)) wrong++;
          }
        // Where two voxels are equally near, either may be drawn.
        expect(wrong).toBeLessThan(0.003 * frame.widthPx * frame.heightPx);
      }
      const sagittal: PlaneFrame = {
        axes: axes.sagittal,
        widthPx: 90,
        heightPx: 80,
        center: focus,
        mmPerPx: 0.5,
      };
      const [right, down] = lineDirection(sagittal, axes.axial) ?? [0, 0];
      expect((Math.atan(Math.abs(down / right)) * 180) / Math.PI).toBeCloseTo(degrees, 6);
      const coronalLine = lineDirection(sagittal, axes.coronal) ?? [1, 0];
      expect(Math.abs(coronalLine[0])).toBeLessThan(1e-9);
      // 10 mm to the head are 20 pixels up, 10 mm to posterior 20 to the right: nothing is sheared or stretched.
      const [x, y] = screenFromPatient(sagittal, focus);
      const [headX, headY] = screenFromPatient(sagittal, add(focus, [0, 0, 10]));
      const [backX, backY] = screenFromPatient(sagittal, add(focus, [0, 10, 0]));
      [headX - x, headY - y + 20, backX - x - 20, backY - y].forEach((off) => expect(off).toBeCloseTo(0, 9));
    },
  );

  it.each(shapes)("is paged from end to end in every plane: %s", (_, shape) => {
    const { grid, display, axes } = shownOf(shape);
    // The slices are numbered as they were acquired, from the head.
    const fromHead = sliceNormal(grid)[2] > 0;
    for (const k of [0, 5, grid.slices - 1])
      expect(sliceNumber(grid, axes.axial, patientFromVoxel(grid, 4, 7, k))).toBe(
        fromHead ? grid.slices - k : k + 1,
      );
    for (const plane of [axes.axial, axes.sagittal, axes.coronal])
      for (const sign of [1, -1]) {
        let focus = placedInGrid(display.grid, axes, gridCenter(display.grid));
        let steps = 0;
        for (; steps < 100; steps++) {
          const next = placedInGrid(
            display.grid,
            axes,
            add(focus, scale(plane.forward, sign * plane.stepMm)),
          );
          if (sign * dot(plane.forward, [next[0] - focus[0], next[1] - focus[1], next[2] - focus[2]]) < 1e-6)
            break;
          focus = next;
        }
        expect(steps).toBeGreaterThan(5);
        expect(steps).toBeLessThan(30);
      }
  });

  it("is turned by a layout from there, and back to there", () => {
    const { display, axes } = shownOf(tilted(positions.HFS, 15));
    const angle = (35 * Math.PI) / 180;
    const turned = turnedAxes(axes, display.grid, { coronal: [0, Math.cos(angle), Math.sin(angle)] });
    expect(turned.coronal.turnedDegrees).toBeCloseTo(35, 6);
    expect(turned.sagittal).toBe(axes.sagittal);
    expect(turnedAxes(axes, display.grid, {}).coronal).toBe(axes.coronal);
    expect(turnedAxes(axes, display.grid, { coronal: [0, 1, 0.001] }).coronal).toBe(axes.coronal);
  });
});

it("leaves scans without tilt, and reconstructions that are oblique as a whole, along their own axes", () => {
  const angle = 0.4;
  for (const shape of [
    positions.HFS,
    { rowDirection: [1, 0, 0], columnDirection: [0, Math.cos(angle), Math.sin(angle)] } as const,
  ]) {
    const { axes } = shownOf(shape);
    for (const plane of [axes.axial, axes.sagittal, axes.coronal]) expect(plane.tiltDegrees).toBe(0);
  }
});
