// Distances, angles and ellipses say what a ruler and a voxel-by-voxel count say, on acquired and on oblique planes.
import { describe, expect, it } from "vitest";
import {
  ellipseInBox,
  ellipseOutline,
  measured,
  measuredText,
  type Measurement,
} from "#cement/model/measurements";
import { planesThrough } from "#cement/reading/planes";
import { cross, distance, dot, normalize, patientFromVoxel, type Vec3 } from "#core/space";
import { type CtVolume, voxelIndex } from "#core/volume";
import { smallHu, smallSeries } from "../dicom/small-series.ts";

const { grid } = smallSeries();
const volume: CtVolume = {
  grid,
  storableHu: [-1024, 3071],
  clippedAtHu: null,
  hu: Int16Array.from({ length: grid.columns * grid.rows * grid.slices }, (_, n) =>
    smallHu(
      n % grid.columns,
      Math.floor(n / grid.columns) % grid.rows,
      Math.floor(n / grid.columns / grid.rows),
    ),
  ),
};
const of = (kind: Measurement["kind"], points: Measurement["points"]): Measurement => ({
  measurementId: "M1",
  trackingUid: "2.25.1",
  kind,
  points,
});
const point = ([x, y, z]: Vec3): [number, number, number] => [x, y, z];

describe("a measurement", () => {
  it("of a distance is the ruler's, in three dimensions", () => {
    expect(
      measured(
        of("distance", [
          [1, 2, 3],
          [3, 5, 9],
        ]),
        volume,
      ),
    ).toEqual({ lengthMm: 7 });
  });

  it("of an angle is between the directions in which its lines were drawn", () => {
    const { angleDegrees } = measured(
      of("angle", [
        [0, 0, 0],
        [5, 0, 0],
        [9, 9, 9],
        [6, 9, 12],
      ]),
      volume,
    );
    expect(angleDegrees).toBeCloseTo(135);
  });

  it("of an ellipse holds just the voxels of its slice whose centres lie in it", () => {
    const k = 2;
    const [ci, cj] = [grid.columns / 2 - 0.3, grid.rows / 2 + 0.2];
    const [ri, rj] = [3.2, 2.4];
    const at = (i: number, j: number) => point(patientFromVoxel(grid, i, j, k));
    const ends = [
      [at(ci - ri, cj), at(ci + ri, cj)],
      [at(ci, cj - rj), at(ci, cj + rj)],
    ].sort((a, b) => distance(b[0], b[1]) - distance(a[0], a[1]));
    const values: number[] = [];
    for (let j = 0; j < grid.rows; j++)
      for (let i = 0; i < grid.columns; i++)
        if (((i - ci) / ri) ** 2 + ((j - cj) / rj) ** 2 <= 1)
          values.push(volume.hu[voxelIndex(grid, i, j, k)]);
    const mean = values.reduce((sum, hu) => sum + hu, 0) / values.length;
    const sd = Math.sqrt(values.reduce((sum, hu) => sum + (hu - mean) ** 2, 0) / values.length);
    const result = measured(of("ellipse", ends.flat()), volume);
    expect(values.length).toBeGreaterThan(15);
    expect(result.voxels).toBe(values.length);
    expect(result.huMean).toBeCloseTo(mean, 6);
    expect(result.huSd).toBeCloseTo(sd, 6);
    expect([result.huMin, result.huMax]).toEqual([Math.min(...values), Math.max(...values)]);
    expect(result.areaMm2).toBeCloseTo(Math.PI * ri * grid.columnSpacingMm * rj * grid.rowSpacingMm, 6);
  });

  it("of an ellipse outside the scan has its area and no HU", () => {
    const far = of("ellipse", [
      [900, 0, 0],
      [910, 0, 0],
      [905, -2, 0],
      [905, 2, 0],
    ]);
    expect(measured(far, volume)).toEqual({ areaMm2: Math.PI * 10 });
    expect(measuredText(measured(far, volume))).toBe("31 mm²");
  });
});

describe("an ellipse that is dragged", () => {
  it("touches the box's sides in the plane it was drawn on", () => {
    const normal = normalize([0, 0.6, -0.8]);
    const right: Vec3 = [1, 0, 0];
    const down = cross(normal, right);
    const from: Vec3 = [1, 2, 3];
    const to: Vec3 = [1 + 6, 2 + 4 * down[1], 3 + 4 * down[2]];
    const points = ellipseInBox(from, to, normal, right);
    if (!points) throw new Error("no ellipse");
    expect(distance(points[0], points[1])).toBeCloseTo(6);
    expect(distance(points[2], points[3])).toBeCloseTo(4);
    for (const place of ellipseOutline(points))
      expect(dot([place[0] - 1, place[1] - 2, place[2] - 3], normal)).toBeCloseTo(0);
    expect(ellipseInBox(from, [1, 2, 3.1], normal, right)).toBeNull();
  });
});

describe("planes through a leak's long axis", () => {
  it("hold the axis twice and cross it once, each nearest to its own", () => {
    for (const axis of [
      [0, 1, 0],
      [0.3, 0.8, 0.5],
      [-0.2, 0.1, 0.95],
      [0.7, 0.6, -0.4],
    ] as const) {
      const unit = normalize(axis);
      const { axial, sagittal, coronal } = planesThrough(unit).planes;
      const normals = [axial, sagittal, coronal].filter((normal) => normal !== undefined);
      expect(normals.length).toBe(3);
      const along = normals.map((normal) => Math.abs(dot(normal, unit))).sort((a, b) => a - b);
      expect(along[0]).toBeCloseTo(0);
      expect(along[1]).toBeCloseTo(0);
      expect(along[2]).toBeCloseTo(1);
      for (const normal of normals) expect(Math.hypot(...normal)).toBeCloseTo(1);
    }
  });
});
