// The other side as a template: where bone ends on the left tells where it should end on the right.
import type { Vec3, VoxelGrid } from "#core/space";
import { sampleField } from "#voxels/resample";
import type { Midline } from "./side.ts";
import { leftOfMidlineMm } from "./side.ts";

export interface Mirror {
  /** The place on the other side that corresponds to a patient point. */
  opposite(p: Vec3): Vec3;
  /** Mean distance of the two sides' surfaces after matching, mm. */
  readonly errorMm: number;
}

/** Small shifts (mm) and turns (radians about x, y, z through `centre`) of the mirrored point. */
type Pose = readonly [number, number, number, number, number, number];

function moved(p: Vec3, pose: Pose, centre: Vec3): Vec3 {
  const [dx, dy, dz, a, b, c] = pose;
  const x = p[0] - centre[0];
  const y = p[1] - centre[1];
  const z = p[2] - centre[2];
  // small angles: one cross product is enough
  return [p[0] + dx + b * z - c * y, p[1] + dy + c * x - a * z, p[2] + dz + a * y - b * x];
}

/**
 * Matches the surface of bone near the cement with the other side's: mirror in the median plane, then a small rigid correction that
 * brings surface points onto the opposite surface (mean of distances cut at 4 mm; coordinate descent). `surface` is the signed
 * distance to bone on an even grid; `near` are points of the cement. Null when the other side is outside the scan.
 */
export function matchOtherSide(
  surface: Float32Array,
  grid: VoxelGrid,
  midline: Midline,
  near: readonly Vec3[],
): Mirror | null {
  const reflect = (p: Vec3): Vec3 => {
    const twice = 2 * leftOfMidlineMm(midline, p);
    const { leftward: n } = midline;
    return [p[0] - twice * n[0], p[1] - twice * n[1], p[2] - twice * n[2]];
  };
  const first = grid.slicePositions[0];
  const step = grid.columnSpacingMm;
  const inside = (p: Vec3) =>
    p[0] >= first[0] &&
    p[1] >= first[1] &&
    p[2] >= first[2] &&
    p[0] <= first[0] + (grid.columns - 1) * step &&
    p[1] <= first[1] + (grid.rows - 1) * step &&
    p[2] <= first[2] + (grid.slices - 1) * step;
  const centre = near.reduce<Vec3>(
    (s, p) => [s[0] + p[0] / near.length, s[1] + p[1] / near.length, s[2] + p[2] / near.length],
    [0, 0, 0],
  );
  const points: Vec3[] = [];
  let n = 0;
  for (let k = 1; k < grid.slices - 1; k++)
    for (let j = 1; j < grid.rows - 1; j++)
      for (let i = 1; i < grid.columns - 1; i++) {
        if (Math.abs(surface[(k * grid.rows + j) * grid.columns + i]) > 0.6) continue;
        const p: Vec3 = [first[0] + i * step, first[1] + j * step, first[2] + k * step];
        if (Math.hypot(p[0] - centre[0], p[1] - centre[1], p[2] - centre[2]) > 48) continue;
        if (n++ % 9 === 0 && inside(reflect(p))) points.push(p);
      }
  if (points.length < 150 || points.length < 0.5 * (n / 9)) return null;
  const cost = (pose: Pose) => {
    let sum = 0;
    for (const p of points)
      sum += Math.min(4, Math.abs(sampleField(surface, grid, moved(reflect(p), pose, reflect(centre)))));
    return sum / points.length;
  };
  let pose: Pose = [0, 0, 0, 0, 0, 0];
  let best = cost(pose);
  for (const [shift, turn] of [
    [3, 0.06],
    [1.5, 0.03],
    [0.7, 0.012],
    [0.35, 0.006],
  ]) {
    for (let round = 0; round < 4; round++) {
      const before = best;
      for (let axis = 0; axis < 6; axis++)
        for (const sign of [-1, 1]) {
          const change = sign * (axis < 3 ? shift : turn);
          const at = (m: number) => (m === axis ? pose[m] + change : pose[m]);
          const tried: Pose = [at(0), at(1), at(2), at(3), at(4), at(5)];
          const value = cost(tried);
          if (value < best - 1e-4) [best, pose] = [value, tried];
        }
      if (best === before) break;
    }
  }
  const middle = reflect(centre);
  return { opposite: (p) => moved(reflect(p), pose, middle), errorMm: best };
}
