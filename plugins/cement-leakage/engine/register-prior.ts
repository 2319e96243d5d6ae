// Lays an earlier CT over this one by the bones near the cement: rigid, coarse to fine, cement left out, with the error that remains.
import type { Rigid } from "#core/rigid";
import { moved, rotated } from "#core/rigid";
import type { Vec3, VoxelGrid } from "#core/space";
import type { CtVolume } from "#core/volume";
import type { RunMask } from "#voxels/mask";
import { isEmpty } from "#voxels/mask";
import { evenGrid, patientBounds, resampleVolume } from "#voxels/resample";
import { apartMm, coarseMotions } from "./register-coarse.ts";
import type { Residual } from "./rigid.ts";
import { fitRigid } from "./rigid.ts";
import { maskOnGrid } from "./working-volume.ts";

export interface Registration {
  /** From this CT's patient space to the earlier one's. */
  readonly toPrior: Rigid;
  /** Mean distance of the two scans' bone surfaces near the cement, mm. */
  readonly errorMm: number;
  /** Share of those surfaces that lies in the earlier scan, 0 to 1. */
  readonly overlap: number;
  /** Share of the overlapping surface that was found again within 5 mm, 0 to 1. */
  readonly found: number;
}

export type RegistrationFailure = "no bone" | "no overlap" | "no match";

export type RegistrationResult =
  | ({ readonly ok: true } & Registration)
  | { readonly ok: false; readonly reason: RegistrationFailure; readonly errorMm: number | null };

/** Bone near the cement that moves with it as one: sacrum, iliac bones next to it, the vertebra. */
const NEAR_MM = 45;
const LEAST_OVERLAP = 0.5;
/** Of the surface that overlaps, this much must be found again. */
const LEAST_FOUND = 0.6;
/** A wrong place has bone surfaces as well: those nearest are 2.1 to 2.4 mm away on the average. */
const MOST_ERROR_MM = 2;
const BONE_LOW_HU = 0;
const BONE_HIGH_HU = 700;

/** A place on the surface of bone: patient mm, HU there, unit direction out of bone. */
interface Surface {
  readonly points: Float64Array;
  readonly outward: Float64Array;
  readonly hu: Float32Array;
}

/** A cut of a scan on an even grid. */
interface Field {
  readonly grid: VoxelGrid;
  readonly hu: Float32Array;
  /** Slices of the scan end here: beyond them nothing is known. */
  readonly minMm: Vec3;
  readonly maxMm: Vec3;
}

/**
 * Registers `prior` to `fixed` at each of `places` (points of cement that moves as one, patient mm) by the bones within about 45 mm: the
 * sacrum and a vertebra may have moved against each other since. `leftOut` (cement, metal and their blur, on the grid of `fixed`) is not
 * matched, so that new cement cannot pull. Shifts are searched through the whole earlier scan, then fitted by distances (5 mm; Kozinska,
 * Graph Models Image Process 1997;59:373), then by the HU at bone edges (3 and 1.5 mm; Levenberg-Marquardt, robust). Pure.
 */
export function registerPrior(
  fixed: CtVolume,
  prior: CtVolume,
  places: readonly (readonly Vec3[])[],
  leftOut: RunMask,
  signal?: AbortSignal,
): RegistrationResult[] {
  const starts = coarseMotions(fixed, prior, middleOf(places.flat()), 3);
  return places.map((near) =>
    starts.length === 0
      ? { ok: false, reason: "no bone", errorMm: null }
      : refine(fixed, prior, starts, near, leftOut, signal),
  );
}

function refine(
  fixed: CtVolume,
  prior: CtVolume,
  starts: readonly Rigid[],
  near: readonly Vec3[],
  leftOut: RunMask,
  signal?: AbortSignal,
): RegistrationResult {
  const scan = patientBounds(fixed.grid);
  const around = boundsOf(near, NEAR_MM);
  const low = (axis: 0 | 1 | 2) => Math.max(around.minMm[axis], scan.minMm[axis]);
  const high = (axis: 0 | 1 | 2) => Math.min(around.maxMm[axis], scan.maxMm[axis]);
  const minMm: Vec3 = [low(0), low(1), low(2)];
  const maxMm: Vec3 = [high(0), high(1), high(2)];
  const surfaces = [3, 1.5].map((step) => surfaceOf(fixed, { minMm, maxMm }, step, near, leftOut));
  if (surfaces.some((surface) => surface.hu.length < 150))
    return { ok: false, reason: "no bone", errorMm: null };
  const about = middleOf(near);
  const tried = starts.map((start) => {
    signal?.throwIfAborted();
    const field = fieldOf(prior, start, { minMm, maxMm }, 3, 14);
    const rough = fitRigid(start, surfaces[0].points, edgeResidual(surfaces[0], field), 250, 40);
    return { rigid: rough, ...surfaceDistance(surfaces[0], field, rough) };
  });
  const score = (one: (typeof tried)[number]) => one.overlap * one.found * (6 - one.errorMm);
  const best = tried.reduce((a, b) => (score(b) > score(a) ? b : a));
  const field = fieldOf(prior, best.rigid, { minMm, maxMm }, 1.5, 10);
  const rigid = fitRigid(best.rigid, surfaces[1].points, edgeResidual(surfaces[1], field), 180, 40);
  const { errorMm, overlap, found } = surfaceDistance(surfaces[1], field, rigid);
  if (overlap < LEAST_OVERLAP) return { ok: false, reason: "no overlap", errorMm: null };
  if (found < LEAST_FOUND || errorMm > MOST_ERROR_MM || apartMm(rigid, best.rigid, about) > 9)
    return { ok: false, reason: "no match", errorMm };
  return { ok: true, toPrior: rigid, errorMm, overlap, found };
}

function middleOf(points: readonly Vec3[]): Vec3 {
  const sum = points.reduce<Vec3>((a, p) => [a[0] + p[0], a[1] + p[1], a[2] + p[2]], [0, 0, 0]);
  const count = Math.max(1, points.length);
  return [sum[0] / count, sum[1] / count, sum[2] / count];
}

function boundsOf(points: readonly Vec3[], marginMm: number): { minMm: Vec3; maxMm: Vec3 } {
  const low: [number, number, number] = [Infinity, Infinity, Infinity];
  const high: [number, number, number] = [-Infinity, -Infinity, -Infinity];
  for (const p of points)
    for (let axis = 0; axis < 3; axis++) {
      low[axis] = Math.min(low[axis], p[axis] - marginMm);
      high[axis] = Math.max(high[axis], p[axis] + marginMm);
    }
  return { minMm: low, maxMm: high };
}

/** The scan at `stepMm`, blurred to about that step, in the box where `rigid` brings `bounds`, and `marginMm` more. */
function fieldOf(
  volume: CtVolume,
  rigid: Rigid | null,
  { minMm, maxMm }: { minMm: Vec3; maxMm: Vec3 },
  stepMm: number,
  marginMm: number,
): Field {
  const corners: Vec3[] = [minMm[0], maxMm[0]].flatMap((x) =>
    [minMm[1], maxMm[1]].flatMap((y) => [minMm[2], maxMm[2]].map((z): Vec3 => [x, y, z])),
  );
  const box = boundsOf(
    corners.map((p) => (rigid ? moved(rigid, p) : p)),
    marginMm,
  );
  const grid = evenGrid(box.minMm, box.maxMm, stepMm);
  const { hu } = resampleVolume(volume, grid);
  const scan = patientBounds(volume.grid);
  return { grid, hu: smoothed(hu, grid), ...scan };
}

/** HU cut to what tells bone from soft tissue, averaged over three steps in each direction (1 2 1). */
function smoothed(hu: Int16Array, { columns: nx, rows: ny, slices: nz }: VoxelGrid): Float32Array {
  let from = Float32Array.from(hu, (v) => Math.max(BONE_LOW_HU, Math.min(BONE_HIGH_HU, v)));
  for (const [stride, count] of [
    [1, nx],
    [nx, ny],
    [nx * ny, nz],
  ]) {
    const to = new Float32Array(from.length);
    for (let at = 0; at < from.length; at++) {
      const n = Math.floor(at / stride) % count;
      const before = n > 0 ? from[at - stride] : from[at];
      const after = n < count - 1 ? from[at + stride] : from[at];
      to[at] = 0.25 * before + 0.5 * from[at] + 0.25 * after;
    }
    from = to;
  }
  return from;
}

const MOST_POINTS = 7000;
/** HU per mm: an edge of bone, not trabeculae or noise. */
const EDGE_HU_PER_MM = 35;

/** Places where HU falls steeply from bone outwards, near the cement and away from what is left out. */
function surfaceOf(
  volume: CtVolume,
  bounds: { minMm: Vec3; maxMm: Vec3 },
  stepMm: number,
  near: readonly Vec3[],
  leftOut: RunMask,
): Surface {
  const { grid, hu, minMm, maxMm } = fieldOf(volume, null, bounds, stepMm, 0);
  const hidden = isEmpty(leftOut) ? null : maskOnGrid(leftOut, volume.grid, grid);
  const { columns: nx, rows: ny, slices: nz } = grid;
  const first = grid.slicePositions[0];
  const slice = nx * ny;
  const some = near.filter((_, n) => n % Math.ceil(near.length / 60) === 0);
  const found: number[] = [];
  const reach = Math.max(1, Math.round(3 / stepMm));
  for (let k = reach; k < nz - reach; k++)
    for (let j = reach; j < ny - reach; j++)
      for (let i = reach; i < nx - reach; i++) {
        const at = k * slice + j * nx + i;
        const value = hu[at];
        if (value < 130 || value > 480) continue;
        const gx = (hu[at + 1] - hu[at - 1]) / (2 * stepMm);
        const gy = (hu[at + nx] - hu[at - nx]) / (2 * stepMm);
        const gz = (hu[at + slice] - hu[at - slice]) / (2 * stepMm);
        const steep = Math.hypot(gx, gy, gz);
        if (steep < EDGE_HU_PER_MM) continue;
        if (hidden && nearHidden(hidden, at, reach, nx, slice)) continue;
        const p: Vec3 = [first[0] + i * stepMm, first[1] + j * stepMm, first[2] + k * stepMm];
        if (p.some((v, axis) => v < minMm[axis] || v > maxMm[axis])) continue;
        if (!some.some((q) => Math.hypot(q[0] - p[0], q[1] - p[1], q[2] - p[2]) < NEAR_MM)) continue;
        found.push(p[0], p[1], p[2], -gx / steep, -gy / steep, -gz / steep, value);
      }
  const every = Math.max(1, found.length / 7 / MOST_POINTS);
  const count = Math.floor(found.length / 7 / every);
  const points = new Float64Array(3 * count);
  const outward = new Float64Array(3 * count);
  const values = new Float32Array(count);
  for (let n = 0; n < count; n++) {
    const at = 7 * Math.floor(n * every);
    for (let axis = 0; axis < 3; axis++) {
      points[3 * n + axis] = found[at + axis];
      outward[3 * n + axis] = found[at + 3 + axis];
    }
    values[n] = found[at + 6];
  }
  return { points, outward, hu: values };
}

const nearHidden = (hidden: Uint8Array, at: number, reach: number, row: number, slice: number): boolean =>
  hidden[at] === 1 ||
  hidden[at - reach] === 1 ||
  hidden[at + reach] === 1 ||
  hidden[at - reach * row] === 1 ||
  hidden[at + reach * row] === 1 ||
  hidden[at - reach * slice] === 1 ||
  hidden[at + reach * slice] === 1;

/** Trilinear HU of a field; NaN outside it or the scan. */
function huAt({ grid, hu, minMm, maxMm }: Field, px: number, py: number, pz: number): number {
  const first = grid.slicePositions[0];
  const step = grid.columnSpacingMm;
  const { columns: nx, rows: ny, slices: nz } = grid;
  const x = (px - first[0]) / step;
  const y = (py - first[1]) / step;
  const z = (pz - first[2]) / step;
  if (!(x >= 0 && y >= 0 && z >= 0 && x < nx - 1 && y < ny - 1 && z < nz - 1)) return NaN;
  if (pz < minMm[2] || pz > maxMm[2] || px < minMm[0] || px > maxMm[0] || py < minMm[1] || py > maxMm[1])
    return NaN;
  const [i, j, k] = [x | 0, y | 0, z | 0];
  const [f, g, h] = [x - i, y - j, z - k];
  const at = (k * ny + j) * nx + i;
  const along = (n: number) => hu[n] + f * (hu[n + 1] - hu[n]);
  const low = along(at) * (1 - g) + along(at + nx) * g;
  const high = along(at + nx * ny) * (1 - g) + along(at + nx * ny + nx) * g;
  return low + h * (high - low);
}

/** HU of the earlier scan minus this one's, with its slope. */
function edgeResidual({ hu }: Surface, field: Field) {
  const d = field.grid.columnSpacingMm;
  return (n: number, x: number, y: number, z: number, out: Residual): boolean => {
    const value = huAt(field, x, y, z);
    out.gx = (huAt(field, x + d, y, z) - huAt(field, x - d, y, z)) / (2 * d);
    out.gy = (huAt(field, x, y + d, z) - huAt(field, x, y - d, z)) / (2 * d);
    out.gz = (huAt(field, x, y, z + d) - huAt(field, x, y, z - d)) / (2 * d);
    out.value = value - hu[n];
    return !Number.isNaN(out.value + out.gx + out.gy + out.gz);
  };
}

const SEARCH_MM = 5;

/** Along each surface point's normal: how far the earlier scan's HU falls to the same value. */
function surfaceDistance(
  { points, outward, hu }: Surface,
  field: Field,
  rigid: Rigid,
): { errorMm: number; overlap: number; found: number } {
  let inside = 0;
  let found = 0;
  let sum = 0;
  for (let n = 0; n < hu.length; n++) {
    const p = moved(rigid, [points[3 * n], points[3 * n + 1], points[3 * n + 2]]);
    if (Number.isNaN(huAt(field, ...p))) continue;
    inside++;
    const d = rotated(rigid, [outward[3 * n], outward[3 * n + 1], outward[3 * n + 2]]);
    const at = (mm: number) => huAt(field, p[0] + mm * d[0], p[1] + mm * d[1], p[2] + mm * d[2]) - hu[n];
    let nearest = Infinity;
    let before = at(-SEARCH_MM);
    for (let mm = -SEARCH_MM + 0.5; mm <= SEARCH_MM; mm += 0.5) {
      const now = at(mm);
      // out of bone HU falls
      if (before >= 0 && now < 0) nearest = Math.min(nearest, Math.abs(mm - (0.5 * now) / (now - before)));
      before = now;
    }
    if (nearest > SEARCH_MM) continue;
    found++;
    sum += nearest;
  }
  return {
    errorMm: found > 0 ? sum / found : SEARCH_MM,
    overlap: inside / Math.max(1, hu.length),
    found: found / Math.max(1, inside),
  };
}
