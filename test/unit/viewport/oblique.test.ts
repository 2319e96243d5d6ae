// Turned planes stay perpendicular frames, keep the picture upright, and follow a line that is dragged around the focus.
import { describe, expect, it } from "vitest";
import {
  add,
  cross,
  distance,
  dot,
  length,
  patientFromVoxel,
  scale,
  type Vec3,
  voxelFromPatient,
} from "#core/space";
import { showsFigure } from "#viewport/figures";
import { handleAt, lineHandles, placedInGrid, turnedAxes, turnedByDrag } from "#viewport/oblique";
import { lookingFrom, nextSide, orbitAxes, standardOrbit } from "#viewport/orbit";
import { gridCenter, nearestVoxelCenter, planeAxes, type PlaneFrame } from "#viewport/planes";
import { makeGrid, positions } from "./grids.ts";

const tilt = (35 * Math.PI) / 180;
const axialTilted: Vec3 = [0, Math.sin(tilt), -Math.cos(tilt)];

const close = (a: Vec3, b: Vec3) =>
  expect(length([a[0] - b[0], a[1] - b[1], a[2] - b[2]])).toBeLessThan(1e-6);

describe("turned planes", () => {
  it.each(Object.entries(positions))(
    "keep their handedness and the patient's left on screen right for %s",
    (_, shape) => {
      const grid = makeGrid(shape);
      const own = planeAxes(grid);
      const { axial, sagittal, coronal } = turnedAxes(own, grid, {
        axial: axialTilted,
        coronal: [0, -Math.cos(tilt), -Math.sin(tilt)],
      });
      expect(axial.tiltDegrees).toBeCloseTo(35);
      close(axial.forward, axialTilted);
      close(axial.right, [1, 0, 0]);
      // given the wrong way round, it is turned to posterior
      close(coronal.forward, [0, Math.cos(tilt), Math.sin(tilt)]);
      expect(sagittal).toBe(own.sagittal);
      for (const plane of ["axial", "coronal"] as const) {
        const turned = { axial, coronal }[plane];
        expect(Math.abs(dot(turned.right, turned.down))).toBeLessThan(1e-9);
        const handed = dot(cross(own[plane].right, own[plane].down), own[plane].forward);
        expect(dot(cross(turned.right, turned.down), turned.forward)).toBeCloseTo(handed);
      }
    },
  );

  it("count slices by what lies along the normal, and a hair's breadth is no tilt", () => {
    const grid = makeGrid(positions.HFS);
    const own = planeAxes(grid);
    expect(turnedAxes(own, grid, { axial: [0, 0.001, -1] }).axial).toBe(own.axial);
    const { stepMm } = turnedAxes(own, grid, { axial: axialTilted }).axial;
    const [low, high] = [own.axial.stepMm, own.coronal.stepMm].sort((a, b) => a - b);
    expect(stepMm).toBeGreaterThanOrEqual(low - 1e-9);
    expect(stepMm).toBeLessThanOrEqual(high + 1e-9);
  });

  it("follow a line that is dragged by its handle", () => {
    const grid = makeGrid(positions.HFS);
    const focus = gridCenter(grid);
    const axes = turnedAxes(planeAxes(grid), grid, { axial: axialTilted });
    const frame: PlaneFrame = {
      axes: axes.sagittal,
      widthPx: 300,
      heightPx: 200,
      center: focus,
      mmPerPx: 0.5,
    };
    const grabbed = lineHandles(frame, axes, focus).find((handle) => handle.plane === "axial");
    if (!grabbed) throw new Error("the axial plane has no line in the sagittal view");
    expect(handleAt([grabbed], grabbed.x + 5, grabbed.y)?.plane).toBe("axial");
    expect(handleAt([grabbed], grabbed.x + 40, grabbed.y)).toBeNull();
    // dragged a quarter turn around the focus and on to a place that the plane must then pass through
    const to = [230, 130] as const;
    const normal = turnedByDrag(frame, axes.axial.forward, focus, [grabbed.x, grabbed.y], to);
    const there = add(scale(frame.axes.right, to[0] - 150), scale(frame.axes.down, to[1] - 100));
    expect(Math.abs(dot(normal, there))).toBeLessThan(1e-6);
    expect(Math.abs(dot(normal, axes.sagittal.forward))).toBeLessThan(1e-9);
  });

  it("keep the focus on acquired slices where a plane shows them, and free where it is turned", () => {
    const grid = makeGrid(positions.FFS);
    const own = planeAxes(grid);
    const between = patientFromVoxel(grid, 2.4, 3.3, 1.7);
    expect(distance(placedInGrid(grid, own, between), nearestVoxelCenter(grid, between))).toBeLessThan(1e-6);
    const turned = turnedAxes(own, grid, { coronal: [0, Math.cos(tilt), Math.sin(tilt)] });
    const placed = voxelFromPatient(grid, placedInGrid(grid, turned, between));
    const free = own.coronal.index;
    [2.4, 3.3, 1.7].forEach((value, n) =>
      expect(placed[n]).toBeCloseTo(n === free ? value : Math.round(value)),
    );
    const beyond = voxelFromPatient(grid, placedInGrid(grid, turned, patientFromVoxel(grid, -5, -7, -9)));
    for (const value of beyond) expect(value).toBeCloseTo(0);
  });
});

describe("what is drawn in them", () => {
  it("is a figure only where the plane holds all of it", () => {
    const grid = makeGrid(positions.HFS);
    const center = gridCenter(grid);
    const { axial, coronal } = planeAxes(grid);
    const figure = {
      id: "M1",
      paths: [[center, [center[0] + 9, center[1] + 4, center[2]] as const]],
      text: "9.8 mm",
      labelAt: center,
      color: "#ffffff",
      emphasized: false,
    };
    const frame = (axes: typeof axial) => ({ axes, widthPx: 300, heightPx: 200, center, mmPerPx: 0.5 });
    expect(showsFigure(frame(axial), figure, 0.5)).toBe(true);
    expect(showsFigure(frame(coronal), figure, 0.5)).toBe(false);
  });
});

describe("3D turned to a leak", () => {
  it("has the eye on the side the leak lies on", () => {
    for (const outward of [
      [3, -8, 2],
      [0, 9, -1],
      [-7, 0, 0],
      [0.2, 0.1, -6],
    ] as const) {
      const { viewer } = orbitAxes(lookingFrom(outward, [1, 2, 3], null));
      expect(dot(viewer, outward) / length(outward)).toBeGreaterThan(Math.abs(outward[2]) > 4 ? 0.7 : 0.99);
    }
  });

  it("goes back to the six standard views, one after the other, front or head up", () => {
    const eyes = {
      A: [0, -1, 0],
      L: [1, 0, 0],
      P: [0, 1, 0],
      R: [-1, 0, 0],
      H: [0, 0, 1],
      F: [0, 0, -1],
    } as const;
    let now = lookingFrom([3, -8, 2], [0, 0, 0], null);
    const seen = Array.from({ length: 6 }, () => {
      const side = nextSide(now);
      now = standardOrbit(side, [1, 2, 3]);
      const { viewer, down } = orbitAxes(now);
      close(viewer, eyes[side]);
      close(scale(down, -1), side === "H" || side === "F" ? [0, -1, 0] : [0, 0, 1]);
      return side;
    });
    expect(seen).toEqual(["A", "L", "P", "R", "H", "F"]);
    expect(nextSide(now)).toBe("A");
  });
});
