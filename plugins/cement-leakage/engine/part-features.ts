// What can be said of one dense part from its own voxels and the few millimetres around it.
import type { Vec3, VoxelGrid } from "#core/space";
import { patientFromVoxel, spacingMm, voxelVolumeMm3 } from "#core/space";
import type { CtVolume } from "#core/volume";
import { boxVoxels } from "#voxels/box";
import type { RunMask } from "#voxels/mask";
import { forEachRun } from "#voxels/mask";
import { ballOffsets, boxAround, cropOfMask } from "./dense-crop.ts";

export interface PartFeatures {
  readonly voxels: number;
  readonly volumeMm3: number;
  readonly huMax: number;
  readonly huMean: number;
  /** Median of the densest quarter: the cement's plateau where it is thick enough to have one. */
  readonly plateauHu: number;
  readonly centroidMm: Vec3;
  readonly touchesEdge: boolean;
  /** Half lengths (two standard deviations) along the principal axes in mm, longest first. */
  readonly halfLengthsMm: Vec3;
  /** Unit vector of the longest axis. */
  readonly axis: Vec3;
  /** RMS distance of voxels from the longest axis, mm. */
  readonly widthMm: number;
  /** Largest distance of an inner voxel from the part's surface, mm (chamfer, about 5 % off). */
  readonly thicknessMm: number;
  /** Of the shell 1.5 to 5 mm outside: median, 5th percentile, and share of voxels that look like bone (over 150 HU). */
  readonly ringHu: number;
  readonly ringLowHu: number;
  readonly ringBoneShare: number;
  /** Share of the shell darker than fat: streaks beside metal, or air. */
  readonly ringDarkShare: number;
}

const medianOf = (sorted: ArrayLike<number>, fraction = 0.5): number =>
  sorted.length === 0 ? 0 : sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * fraction))];

export function partFeatures(volume: CtVolume, part: RunMask): PartFeatures {
  const { grid, hu } = volume;
  let voxels = 0;
  let volumeMm3 = 0;
  let sum = 0;
  let edge = false;
  const values: number[] = [];
  const mean = [0, 0, 0];
  const second = [0, 0, 0, 0, 0, 0];
  let slice = -1;
  let voxelMm3 = 0;
  forEachRun(part, (j, k, start, end) => {
    if (k !== slice) {
      slice = k;
      voxelMm3 = voxelVolumeMm3(grid, k);
    }
    if (
      start === 0 ||
      end === grid.columns ||
      j === 0 ||
      j === grid.rows - 1 ||
      k === 0 ||
      k === grid.slices - 1
    )
      edge = true;
    for (let i = start; i < end; i++) {
      const value = hu[(k * grid.rows + j) * grid.columns + i];
      values.push(value);
      sum += value;
      voxels++;
      volumeMm3 += voxelMm3;
      const p = patientFromVoxel(grid, i, j, k);
      for (let axis = 0; axis < 3; axis++) mean[axis] += p[axis];
      second[0] += p[0] * p[0];
      second[1] += p[1] * p[1];
      second[2] += p[2] * p[2];
      second[3] += p[0] * p[1];
      second[4] += p[0] * p[2];
      second[5] += p[1] * p[2];
    }
  });
  const count = Math.max(1, voxels);
  const centroidMm: Vec3 = [mean[0] / count, mean[1] / count, mean[2] / count];
  const [cx, cy, cz] = centroidMm;
  const [sx, sy, sz] = spacingMm(grid);
  // a voxel has extent of its own; without it a one-voxel part would have no size
  const own = (s: number) => (s * s) / 12;
  const { values: eigen, axis } = principalAxes([
    second[0] / count - cx * cx + own(sx),
    second[1] / count - cy * cy + own(sy),
    second[2] / count - cz * cz + own(sz),
    second[3] / count - cx * cy,
    second[4] / count - cx * cz,
    second[5] / count - cy * cz,
  ]);
  const sorted = Float64Array.from(values).sort();
  return {
    voxels,
    volumeMm3,
    huMax: sorted.length > 0 ? sorted[sorted.length - 1] : 0,
    huMean: sum / count,
    plateauHu: medianOf(sorted, 0.875),
    centroidMm,
    touchesEdge: edge,
    halfLengthsMm: [2 * Math.sqrt(eigen[0]), 2 * Math.sqrt(eigen[1]), 2 * Math.sqrt(eigen[2])],
    axis,
    widthMm: Math.sqrt(eigen[1] + eigen[2]),
    ...surroundings(volume, part),
  };
}

/** Eigenvalues (descending) of a symmetric matrix [xx, yy, zz, xy, xz, yz], and the eigenvector of the first: Jacobi rotations. */
export function principalAxes(m: readonly number[]): {
  values: Vec3;
  axis: Vec3;
  axes: readonly [Vec3, Vec3, Vec3];
} {
  const a = [
    [m[0], m[3], m[4]],
    [m[3], m[1], m[5]],
    [m[4], m[5], m[2]],
  ];
  const v = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ];
  for (let sweep = 0; sweep < 30; sweep++) {
    if (Math.abs(a[0][1]) + Math.abs(a[0][2]) + Math.abs(a[1][2]) < 1e-12) break;
    for (const [p, q] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ]) {
      if (Math.abs(a[p][q]) < 1e-15) continue;
      const theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
      const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
      const c = 1 / Math.sqrt(t * t + 1);
      const s = t * c;
      for (let r = 0; r < 3; r++) {
        const x = a[r][p];
        const y = a[r][q];
        a[r][p] = c * x - s * y;
        a[r][q] = s * x + c * y;
      }
      for (let r = 0; r < 3; r++) {
        const x = a[p][r];
        const y = a[q][r];
        a[p][r] = c * x - s * y;
        a[q][r] = s * x + c * y;
        const vx = v[r][p];
        const vy = v[r][q];
        v[r][p] = c * vx - s * vy;
        v[r][q] = s * vx + c * vy;
      }
    }
  }
  const order = [0, 1, 2].sort((x, y) => a[y][y] - a[x][x]);
  const column = (n: number): Vec3 => [v[0][n], v[1][n], v[2][n]];
  const axes = [column(order[0]), column(order[1]), column(order[2])] as const;
  return {
    values: [
      Math.max(0, a[order[0]][order[0]]),
      Math.max(0, a[order[1]][order[1]]),
      Math.max(0, a[order[2]][order[2]]),
    ],
    axis: axes[0],
    axes,
  };
}

const RING_FROM_MM = 1.5;
const RING_TO_MM = 5;
/** A window larger than this would cost more than it tells. */
const LARGEST_WINDOW = 8_000_000;
const MOST_SURFACE_VOXELS = 4000;

function surroundings(volume: CtVolume, part: RunMask) {
  const { grid, hu } = volume;
  const box = boxAround(part, grid, RING_TO_MM + 1);
  const nothing = { thicknessMm: 0, ringHu: 0, ringLowHu: 0, ringBoneShare: 0, ringDarkShare: 0 };
  if (!box) return nothing;
  const crop = cropOfMask(part, box);
  const { nx, ny, nz, bytes } = crop;
  const surface: number[] = [];
  for (let k = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++) {
        const at = (k * ny + j) * nx + i;
        if (bytes[at] === 0) continue;
        const inner =
          i > 0 &&
          j > 0 &&
          k > 0 &&
          i < nx - 1 &&
          j < ny - 1 &&
          k < nz - 1 &&
          bytes[at - 1] &
            bytes[at + 1] &
            bytes[at - nx] &
            bytes[at + nx] &
            bytes[at - nx * ny] &
            bytes[at + nx * ny] &
            1;
        if (!inner) surface.push(at);
      }
  const thicknessMm = boxVoxels(box) <= LARGEST_WINDOW ? deepest(bytes, nx, ny, nz, grid) : 3;
  const offsets = ballOffsets(grid, RING_TO_MM).map((o) => ({ ...o, flat: (o.dk * ny + o.dj) * nx + o.di }));
  const stride = Math.max(1, Math.ceil(surface.length / MOST_SURFACE_VOXELS));
  // 2: too near to be clean surroundings, 4: shell; two passes, so that near wins
  for (const [from, to, mark] of [
    [RING_FROM_MM, RING_TO_MM, 4],
    [0, RING_FROM_MM, 2],
  ] as const) {
    for (let n = 0; n < surface.length; n += mark === 4 ? stride : 1) {
      const at = surface[n];
      const i = at % nx;
      const j = Math.floor(at / nx) % ny;
      const k = Math.floor(at / (nx * ny));
      for (const o of offsets) {
        if (o.mm < from || o.mm > to) continue;
        const x = i + o.di;
        const y = j + o.dj;
        const z = k + o.dk;
        if (x < 0 || y < 0 || z < 0 || x >= nx || y >= ny || z >= nz) continue;
        const there = at + o.flat;
        if (bytes[there] !== 1) bytes[there] = mark;
      }
    }
  }
  const ring: number[] = [];
  for (let k = 0; k < nz; k++)
    for (let j = 0; j < ny; j++) {
      const base = ((k + box.k0) * grid.rows + j + box.j0) * grid.columns + box.i0;
      for (let i = 0; i < nx; i++) if (bytes[(k * ny + j) * nx + i] === 4) ring.push(hu[base + i]);
    }
  if (ring.length === 0) return { ...nothing, thicknessMm };
  const sorted = Float64Array.from(ring).sort();
  return {
    thicknessMm,
    ringHu: medianOf(sorted),
    ringLowHu: medianOf(sorted, 0.05),
    ringBoneShare: ring.filter((value) => value > 150).length / ring.length,
    ringDarkShare: ring.filter((value) => value < -180).length / ring.length,
  };
}

/** Largest distance to a voxel outside, by a two-pass chamfer in mm. */
function deepest(bytes: Uint8Array, nx: number, ny: number, nz: number, grid: VoxelGrid): number {
  const [sx, sy, sz] = spacingMm(grid);
  const d = new Float32Array(bytes.length);
  const half = Math.min(sx, sy, sz) / 2;
  const back: { di: number; dj: number; dk: number; mm: number }[] = [];
  for (let dk = -1; dk <= 0; dk++)
    for (let dj = -1; dj <= 1; dj++)
      for (let di = -1; di <= 1; di++)
        if (dk < 0 || dj < 0 || (dj === 0 && di < 0))
          back.push({ di, dj, dk, mm: Math.hypot(di * sx, dj * sy, dk * sz) });
  const relax = (i: number, j: number, k: number, sign: number) => {
    const at = (k * ny + j) * nx + i;
    if (bytes[at] === 0) return 0;
    let best = d[at];
    for (const o of back) {
      const x = i + sign * o.di;
      const y = j + sign * o.dj;
      const z = k + sign * o.dk;
      const there = x < 0 || y < 0 || z < 0 || x >= nx || y >= ny || z >= nz ? 0 : d[(z * ny + y) * nx + x];
      if (there + o.mm < best) best = there + o.mm;
    }
    d[at] = best;
    return best;
  };
  for (let n = 0; n < d.length; n++) d[n] = bytes[n] === 0 ? 0 : 1e6;
  let most = 0;
  for (let k = 0; k < nz; k++) for (let j = 0; j < ny; j++) for (let i = 0; i < nx; i++) relax(i, j, k, 1);
  for (let k = nz - 1; k >= 0; k--)
    for (let j = ny - 1; j >= 0; j--)
      for (let i = nx - 1; i >= 0; i--) most = Math.max(most, relax(i, j, k, -1));
  return most > 0 ? most - half : 0;
}
