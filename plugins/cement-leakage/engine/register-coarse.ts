// Where an earlier CT lies roughly: bones of both scans on a coarse even grid, every shift tried, the best ones turned into place.
import type { Rigid } from "#core/rigid";
import { shiftedBy } from "#core/rigid";
import type { Vec3, VoxelGrid } from "#core/space";
import { patientFromVoxel, spacingMm } from "#core/space";
import type { CtVolume } from "#core/volume";
import { wholeBox } from "#voxels/box";
import { distanceToMaskMm } from "#voxels/distance";
import { evenGrid } from "#voxels/resample";
import type { Residual } from "./rigid.ts";
import { fitRigid, thenTurned } from "./rigid.ts";
import { maskWhere } from "./working-volume.ts";

const CELL_MM = 5;
const BONE_HU = 180;
/** Farther than this from any bone is equally wrong. */
const FAR_MM = 20;
/** What lies beyond the earlier scan is neither right nor wrong. */
const BEYOND_MM = 6;
const SHIFT_MM = 10;
const STARTS = 10;

/** Bone of a scan on a coarse grid: middles of the cells that hold some, x, y, z in turn. */
interface CoarseBone {
  readonly grid: VoxelGrid;
  readonly cells: Float64Array;
  readonly filled: Uint8Array;
}

function coarseBone({ grid, hu }: CtVolume): CoarseBone | null {
  const [sx, sy, sz] = spacingMm(grid);
  const step = (mm: number) => Math.max(1, Math.floor(1.7 / mm));
  const [di, dj, dk] = [step(sx), step(sy), step(sz)];
  const found: number[] = [];
  const low: [number, number, number] = [Infinity, Infinity, Infinity];
  const high: [number, number, number] = [-Infinity, -Infinity, -Infinity];
  for (let k = 0; k < grid.slices; k += dk)
    for (let j = 0; j < grid.rows; j += dj) {
      const base = (k * grid.rows + j) * grid.columns;
      for (let i = 0; i < grid.columns; i += di) {
        if (hu[base + i] < BONE_HU) continue;
        const p = patientFromVoxel(grid, i, j, k);
        found.push(p[0], p[1], p[2]);
        for (let axis = 0; axis < 3; axis++) {
          if (p[axis] < low[axis]) low[axis] = p[axis];
          if (p[axis] > high[axis]) high[axis] = p[axis];
        }
      }
    }
  if (found.length < 3 * 200) return null;
  const coarse = evenGrid(low, [high[0] + CELL_MM, high[1] + CELL_MM, high[2] + CELL_MM], CELL_MM);
  const counts = new Uint16Array(coarse.columns * coarse.rows * coarse.slices);
  for (let n = 0; n < found.length; n += 3) {
    const i = Math.round((found[n] - low[0]) / CELL_MM);
    const j = Math.round((found[n + 1] - low[1]) / CELL_MM);
    const k = Math.round((found[n + 2] - low[2]) / CELL_MM);
    counts[(k * coarse.rows + j) * coarse.columns + i]++;
  }
  // noise and specks leave a cell nearly empty
  const least = Math.max(1, (0.12 * CELL_MM ** 3) / (di * sx * dj * sy * Math.max(dk * sz, 1e-3)));
  const filled = new Uint8Array(counts.length);
  const cells: number[] = [];
  for (let at = 0; at < counts.length; at++) {
    if (counts[at] < least) continue;
    filled[at] = 1;
    const i = at % coarse.columns;
    const j = Math.floor(at / coarse.columns) % coarse.rows;
    const k = Math.floor(at / (coarse.columns * coarse.rows));
    cells.push(low[0] + i * CELL_MM, low[1] + j * CELL_MM, low[2] + k * CELL_MM);
  }
  return cells.length < 3 * 60 ? null : { grid: coarse, cells: Float64Array.from(cells), filled };
}

/** Every n-th cell, within `reachMm` of `about`, so that about `most` are left. */
function someCells({ cells }: CoarseBone, about: Vec3, reachMm: number, most: number): Float64Array {
  const near: number[] = [];
  for (let n = 0; n < cells.length; n += 3)
    if (Math.hypot(cells[n] - about[0], cells[n + 1] - about[1], cells[n + 2] - about[2]) <= reachMm)
      near.push(n);
  const every = Math.max(1, near.length / most);
  const kept: number[] = [];
  for (let at = 0; at < near.length; at += every) {
    const n = near[Math.floor(at)];
    kept.push(cells[n], cells[n + 1], cells[n + 2]);
  }
  return Float64Array.from(kept);
}

/** The bones that decide the shift: a hand's breadth round the cement, the thighs stay out. */
const REACH_MM = 130;

/**
 * Rough motions from `fixed` to `prior`, best first, at most `most`; empty where either scan has too little bone. Tried are all shifts that
 * bring `about` (the middle of the cement) into the earlier scan; the best are then fitted to the distance from its bones, some of them
 * turned about the patient's left-right axis first (a pillow under the knees).
 */
export function coarseMotions(fixed: CtVolume, prior: CtVolume, about: Vec3, most: number): Rigid[] {
  const here = coarseBone(fixed);
  const there = coarseBone(prior);
  if (!here || !there) return [];
  const { grid, filled } = there;
  const box = maskWhere(grid, (at) => filled[at] === 1);
  const { mm } = distanceToMaskMm(box, grid, wholeBox(box));
  const first = grid.slicePositions[0];
  const { columns: nx, rows: ny, slices: nz } = grid;
  const costAt = (x: number, y: number, z: number): number => {
    const i = Math.round((x - first[0]) / CELL_MM);
    const j = Math.round((y - first[1]) / CELL_MM);
    const k = Math.round((z - first[2]) / CELL_MM);
    if (k < 0 || k >= nz) return BEYOND_MM;
    if (i < 0 || j < 0 || i >= nx || j >= ny) return FAR_MM / 2;
    return Math.min(FAR_MM, mm[(k * ny + j) * nx + i]);
  };
  const points = someCells(here, about, REACH_MM, 400);
  if (points.length < 3 * 50) return [];
  const cost = (rigid: Rigid, cells: Float64Array): number => {
    const r = rigid.rotation;
    const [tx, ty, tz] = rigid.translationMm;
    let sum = 0;
    for (let n = 0; n < cells.length; n += 3) {
      const [px, py, pz] = [cells[n], cells[n + 1], cells[n + 2]];
      sum += costAt(
        r[0] * px + r[1] * py + r[2] * pz + tx,
        r[3] * px + r[4] * py + r[5] * pz + ty,
        r[6] * px + r[7] * py + r[8] * pz + tz,
      );
    }
    return sum / (cells.length / 3);
  };
  const starts: { shift: Vec3; cost: number }[] = [];
  const steps = (axis: 0 | 1 | 2, count: number) =>
    Array.from(
      { length: Math.ceil((count * CELL_MM) / SHIFT_MM) + 1 },
      (_, n) => first[axis] + n * SHIFT_MM - about[axis],
    );
  for (const z of steps(2, nz))
    for (const y of steps(1, ny))
      for (const x of steps(0, nx)) {
        let sum = 0;
        for (let n = 0; n < points.length; n += 3)
          sum += costAt(points[n] + x, points[n + 1] + y, points[n + 2] + z);
        starts.push({ shift: [x, y, z], cost: sum });
      }
  starts.sort((a, b) => a.cost - b.cost);
  const apart: Vec3[] = [];
  for (const { shift } of starts) {
    if (apart.length >= STARTS) break;
    if (
      apart.every((other) => Math.hypot(other[0] - shift[0], other[1] - shift[1], other[2] - shift[2]) > 18)
    )
      apart.push(shift);
  }
  const cells = someCells(here, about, REACH_MM, 900);
  const residual = distanceResidual(mm, grid);
  const fitted = apart.flatMap((shift, n) =>
    (n < 4 ? [0, -0.2, 0.2] : [0]).map((turn) => {
      const start = thenTurned(
        shiftedBy(shift),
        [turn, 0, 0],
        [about[0] + shift[0], about[1] + shift[1], about[2] + shift[2]],
        [0, 0, 0],
      );
      const rigid = fitRigid(start, cells, residual, 8, 25);
      return { rigid, cost: cost(rigid, cells) };
    }),
  );
  fitted.sort((a, b) => a.cost - b.cost);
  const kept: Rigid[] = [];
  for (const { rigid } of fitted) {
    if (kept.length >= most) break;
    if (kept.every((other) => apartMm(other, rigid, about) > 4)) kept.push(rigid);
  }
  return kept;
}

/** How far two motions carry places within a hand's breadth of `about` apart, mm. */
export function apartMm(a: Rigid, b: Rigid, about: Vec3, reachMm = 50): number {
  let most = 0;
  for (const [x, y, z] of [
    [1, 0, 0],
    [-1, 0, 0],
    [0, 1, 0],
    [0, -1, 0],
    [0, 0, 1],
    [0, 0, -1],
  ]) {
    const p: Vec3 = [about[0] + x * reachMm, about[1] + y * reachMm, about[2] + z * reachMm];
    const at = (rigid: Rigid, row: 0 | 1 | 2) =>
      rigid.rotation[3 * row] * p[0] +
      rigid.rotation[3 * row + 1] * p[1] +
      rigid.rotation[3 * row + 2] * p[2] +
      rigid.translationMm[row];
    most = Math.max(most, Math.hypot(at(a, 0) - at(b, 0), at(a, 1) - at(b, 1), at(a, 2) - at(b, 2)));
  }
  return most;
}

/** Distance to the nearest bone cell, cut off far away, with its slope; nothing beyond the grid. */
function distanceResidual(
  mm: Float32Array,
  { columns: nx, rows: ny, slices: nz, slicePositions }: VoxelGrid,
) {
  const first = slicePositions[0];
  const [row, slice] = [nx, nx * ny];
  return (_n: number, px: number, py: number, pz: number, out: Residual): boolean => {
    const x = (px - first[0]) / CELL_MM;
    const y = (py - first[1]) / CELL_MM;
    const z = (pz - first[2]) / CELL_MM;
    if (!(x >= 0 && y >= 0 && z >= 0 && x < nx - 1 && y < ny - 1 && z < nz - 1)) return false;
    const [i, j, k] = [x | 0, y | 0, z | 0];
    const [f, g, h] = [x - i, y - j, z - k];
    const at = k * slice + j * row + i;
    const c = (n: number) => Math.min(FAR_MM, mm[at + n]);
    const [c0, c1, c2, c3] = [c(0), c(1), c(row), c(row + 1)];
    const [c4, c5, c6, c7] = [c(slice), c(slice + 1), c(slice + row), c(slice + row + 1)];
    const a = c0 + f * (c1 - c0);
    const b = c2 + f * (c3 - c2);
    const d = c4 + f * (c5 - c4);
    const e = c6 + f * (c7 - c6);
    const low = a + g * (b - a);
    const high = d + g * (e - d);
    out.value = low + h * (high - low);
    out.gz = (high - low) / CELL_MM;
    out.gy = ((1 - h) * (b - a) + h * (e - d)) / CELL_MM;
    out.gx =
      ((1 - h) * ((1 - g) * (c1 - c0) + g * (c3 - c2)) + h * ((1 - g) * (c5 - c4) + g * (c7 - c6))) / CELL_MM;
    return true;
  };
}
