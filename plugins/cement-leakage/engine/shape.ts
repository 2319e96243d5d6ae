// The form of a candidate: tubular, sheet, blob or straight column, from its voxels alone.
import type { Vec3, VoxelGrid } from "#core/space";
import { add, dot, patientFromVoxel, scale, subtract } from "#core/space";
import { longestExtentMm } from "#voxels/extent";
import type { RunMask } from "#voxels/mask";
import { forEachRun } from "#voxels/mask";
import { maskVolumeMm3 } from "#voxels/statistics";
import { principalAxes } from "./part-features.ts";

export type ShapeKind = "tubular" | "sheet" | "blob" | "straight column";

export interface Shape {
  readonly kind: ShapeKind;
  readonly volumeMm3: number;
  /** Largest distance between voxel centres, mm. */
  readonly longestMm: number;
  /** Diameter of the round rod with the same volume and length, mm. */
  readonly calibreMm: number;
  /** Length over calibre. */
  readonly elongation: number;
  /** 0 (bent) to 1 (straight): how little the voxels stray from one line, against the calibre. */
  readonly straightness: number;
  readonly centroidMm: Vec3;
  /** Unit vector of the longest principal axis. */
  readonly axis: Vec3;
  /** Two standard deviations along the principal axes, mm, longest first. */
  readonly halfLengthsMm: Vec3;
}

/** Patient points of a mask's voxels; at most `most`, evenly thinned. */
export function pointsOf(mask: RunMask, grid: VoxelGrid, most = 4000): Vec3[] {
  let count = 0;
  for (let n = 0; n < mask.start.length; n++) count += mask.end[n] - mask.start[n];
  const every = Math.max(1, Math.ceil(count / most));
  const points: Vec3[] = [];
  let n = 0;
  forEachRun(mask, (j, k, start, end) => {
    for (let i = start; i < end; i++) if (n++ % every === 0) points.push(patientFromVoxel(grid, i, j, k));
  });
  return points;
}

export function shapeOf(mask: RunMask, grid: VoxelGrid): Shape {
  const points = pointsOf(mask, grid);
  const volumeMm3 = maskVolumeMm3(mask, grid);
  const centroidMm = scale(points.reduce<Vec3>(add, [0, 0, 0]), 1 / Math.max(1, points.length));
  const m = [0, 0, 0, 0, 0, 0];
  for (const p of points) {
    const [x, y, z] = subtract(p, centroidMm);
    m[0] += x * x;
    m[1] += y * y;
    m[2] += z * z;
    m[3] += x * y;
    m[4] += x * z;
    m[5] += y * z;
  }
  const own = Math.cbrt(volumeMm3 / Math.max(1, points.length)) ** 2 / 12;
  const { values, axes } = principalAxes(m.map((v, n) => v / Math.max(1, points.length) + (n < 3 ? own : 0)));
  const longestMm = longestExtentMm(mask, grid).mm;
  const calibreMm = Math.sqrt((4 * volumeMm3) / (Math.PI * Math.max(longestMm, 1)));
  const elongation = longestMm / Math.max(calibreMm, 0.5);
  // voxels of a straight rod of diameter d stray from its axis by d / sqrt(8) on average (root mean square)
  const stray = Math.sqrt(values[1] + values[2]);
  const straightness = Math.max(0, Math.min(1, 1.6 - stray / (calibreMm / Math.SQRT2 + 0.04 * longestMm)));
  const halfLengthsMm: Vec3 = [2 * Math.sqrt(values[0]), 2 * Math.sqrt(values[1]), 2 * Math.sqrt(values[2])];
  const flat = halfLengthsMm[1] > 2.2 * halfLengthsMm[2];
  const kind: ShapeKind =
    elongation >= 3 ? (straightness > 0.55 ? "straight column" : "tubular") : flat ? "sheet" : "blob";
  return {
    kind,
    volumeMm3,
    longestMm,
    calibreMm,
    elongation,
    straightness,
    centroidMm,
    axis: axes[0],
    halfLengthsMm,
  };
}

/** Smallest distance in mm between two sets of points; Infinity when one is empty. */
export function gapBetween(a: readonly Vec3[], b: readonly Vec3[]): number {
  let best = Infinity;
  for (const p of a)
    for (const q of b) {
      const d = (p[0] - q[0]) ** 2 + (p[1] - q[1]) ** 2 + (p[2] - q[2]) ** 2;
      if (d < best) best = d;
    }
  return Math.sqrt(best);
}

/** How near a line comes to the points, mm: the tenth percentile of their distances from it. */
export function lineToPoints(through: Vec3, axis: Vec3, points: readonly Vec3[]): number {
  if (points.length === 0) return Infinity;
  const off = points.map((p) => {
    const v = subtract(p, through);
    const t = dot(v, axis);
    return Math.sqrt(Math.max(0, dot(v, v) - t * t));
  });
  off.sort((x, y) => x - y);
  return off[Math.floor(off.length * 0.1)];
}
