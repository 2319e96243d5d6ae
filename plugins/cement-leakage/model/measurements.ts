// Distances, angles and ellipses that a reader drew: where they lie is kept, what they measure is computed from that and the CT.
import { z } from "zod";
import {
  add,
  cross,
  distance,
  dot,
  length,
  normalize,
  scale,
  sliceNormal,
  spacingMm,
  subtract,
  voxelFromPatient,
  type Vec3,
} from "#core/space";
import { patientFromVoxel } from "#core/space";
import { voxelIndex, type CtVolume } from "#core/volume";

const point = z.tuple([z.number(), z.number(), z.number()]);

export const measurementSchema = z.strictObject({
  /** "M1", shown in images and lists. */
  measurementId: z.string().min(1),
  trackingUid: z.string().min(1),
  kind: z.enum(["distance", "angle", "ellipse"]),
  /**
   * Patient mm (LPS). A distance: its two ends. An angle: two lines, each from one end to the other. An ellipse: the ends of its
   * longer axis, then of its shorter one, as DICOM has it.
   */
  points: z.array(point).min(2).max(4),
});

export type Measurement = z.infer<typeof measurementSchema>;

/** What a measurement says; HU of all voxels whose centres lie in the ellipse, in the slice it was drawn on. */
export interface Measured {
  readonly lengthMm?: number;
  readonly angleDegrees?: number;
  readonly areaMm2?: number;
  readonly huMean?: number;
  /** Of the voxels themselves (divided by their number). */
  readonly huSd?: number;
  readonly huMin?: number;
  readonly huMax?: number;
  readonly voxels?: number;
}

/** Without a volume an ellipse has its area only; so has one that holds no voxel's centre. */
export function measured(measurement: Measurement, volume: CtVolume | null): Measured {
  const [a, b, c, d] = measurement.points;
  switch (measurement.kind) {
    case "distance":
      return { lengthMm: distance(a, b) };
    case "angle": {
      const between = dot(normalize(subtract(b, a)), normalize(subtract(d, c)));
      return { angleDegrees: (Math.acos(Math.max(-1, Math.min(1, between))) * 180) / Math.PI };
    }
    case "ellipse": {
      const areaMm2 = (Math.PI * distance(a, b) * distance(c, d)) / 4;
      return { areaMm2, ...(volume && !volume.relative ? huInEllipse(measurement.points, volume) : {}) };
    }
  }
}

function huInEllipse([a, b, c, d]: readonly Vec3[], { grid, hu }: CtVolume): Measured {
  const center = scale(add(a, b), 0.5);
  const longer = scale(subtract(b, a), 0.5);
  const shorter = scale(subtract(d, c), 0.5);
  const normal = normalize(cross(longer, shorter));
  const own = [grid.rowDirection, grid.columnDirection, sliceNormal(grid)];
  const spacing = spacingMm(grid);
  // Half of what lies between two slices along the normal: of an acquired slice, just that one.
  const half = Math.hypot(...own.map((axis, n) => dot(axis, normal) * spacing[n])) / 2;
  const corners = [1, -1].flatMap((u) =>
    [1, -1].map((v) => voxelFromPatient(grid, add(center, add(scale(longer, u), scale(shorter, v))))),
  );
  const range = (axis: 0 | 1 | 2, count: number): readonly [number, number] => {
    const reach = 1 + Math.ceil(half / spacing[axis]);
    const values = corners.map((corner) => corner[axis]);
    return [
      Math.max(0, Math.floor(Math.min(...values)) - reach),
      Math.min(count - 1, Math.ceil(Math.max(...values)) + reach),
    ];
  };
  const [i0, i1] = range(0, grid.columns);
  const [j0, j1] = range(1, grid.rows);
  const [k0, k1] = range(2, grid.slices);
  const uu = dot(longer, longer);
  const vv = dot(shorter, shorter);
  let voxels = 0;
  let sum = 0;
  let squares = 0;
  let huMin = Infinity;
  let huMax = -Infinity;
  for (let k = k0; k <= k1; k++)
    for (let j = j0; j <= j1; j++)
      for (let i = i0; i <= i1; i++) {
        const from = subtract(patientFromVoxel(grid, i, j, k), center);
        const depth = dot(from, normal);
        // One side only where a plane runs midway between two slices: neither both nor none.
        if (depth > half - 1e-6 || depth <= -half - 1e-6) continue;
        if ((dot(from, longer) / uu) ** 2 + (dot(from, shorter) / vv) ** 2 > 1) continue;
        const value = hu[voxelIndex(grid, i, j, k)];
        voxels++;
        sum += value;
        squares += value * value;
        huMin = Math.min(huMin, value);
        huMax = Math.max(huMax, value);
      }
  if (voxels === 0) return {};
  const huMean = sum / voxels;
  return { huMean, huSd: Math.sqrt(Math.max(0, squares / voxels - huMean * huMean)), huMin, huMax, voxels };
}

/** The ellipse that a drag from corner to corner of its box draws; null where the box has no width or height. */
export function ellipseInBox(from: Vec3, to: Vec3, normal: Vec3, right: Vec3): Measurement["points"] | null {
  const center = scale(add(from, to), 0.5);
  const down = cross(normal, right);
  const across = scale(right, dot(subtract(to, from), right) / 2);
  const along = scale(down, dot(subtract(to, from), down) / 2);
  if (length(across) < 0.25 || length(along) < 0.25) return null;
  const [longer, shorter] = length(across) >= length(along) ? [across, along] : [along, across];
  return [subtract(center, longer), add(center, longer), subtract(center, shorter), add(center, shorter)].map(
    (end) => [...end],
  );
}

/** Points on the outline of an ellipse, closed. Patient mm. */
export function ellipseOutline([a, b, c, d]: Measurement["points"], steps = 64): Vec3[] {
  const center = scale(add(a, b), 0.5);
  const longer = scale(subtract(b, a), 0.5);
  const shorter = scale(subtract(d, c), 0.5);
  return Array.from({ length: steps + 1 }, (_, n) => {
    const angle = (2 * Math.PI * n) / steps;
    return add(center, add(scale(longer, Math.cos(angle)), scale(shorter, Math.sin(angle))));
  });
}

/** "12.3 mm", "41.0°", "mean 812 SD 45 HU, 33 mm²". */
export function measuredText({ lengthMm, angleDegrees, areaMm2, huMean, huSd }: Measured): string {
  if (lengthMm !== undefined) return `${lengthMm.toFixed(1)} mm`;
  if (angleDegrees !== undefined) return `${angleDegrees.toFixed(1)}°`;
  const area = `${(areaMm2 ?? 0).toFixed(0)} mm²`;
  return huMean === undefined || huSd === undefined
    ? area
    : `${huMean.toFixed(0)} ± ${huSd.toFixed(0)} HU, ${area}`;
}
