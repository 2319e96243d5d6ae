// The regular grid that the views show: the acquired one, or, where slices are tilted or uneven, one resampled for display.
// Masks, measurements and HU readings never use the resampled copy. Pure.
import { ProblemError, problem } from "#core/problem";
import type { Vec3, VoxelGrid } from "#core/space";
import { add, dot, isRegular, scale, sliceNormal, subtract, voxelFromPatient } from "#core/space";
import type { CtVolume } from "#core/volume";

export interface DisplayVolume {
  readonly grid: VoxelGrid;
  /** HU, `[k][j][i]`. The acquired array itself unless `resampled`. */
  readonly hu: Int16Array;
  readonly resampled: boolean;
  /** Set where memory gave out: the copy holds every nth pixel of the slices' rows and columns. */
  readonly everyNth?: number;
}

/** Pixels that a copy may leave out, the fewest first. */
const COARSER = [1, 2, 4] as const;

/** Of a texture: more than this, integrated graphics don't have to give. */
const MOST_TEXTURE_BYTES = 2 ** 30;

/** Whether a 3D texture can hold the volume; `longestSide` is that of a texture, in voxels. */
export const fitsTexture = ({ grid, hu }: DisplayVolume, longestSide: number): boolean =>
  Math.max(grid.columns, grid.rows, grid.slices) <= longestSide && hu.byteLength <= MOST_TEXTURE_BYTES;

/** Shown where the acquired stack has no voxel. */
const AIR_HU = -1024;

/** Evenly spaced slices stacked along the normal that cover the acquired ones, same pixels, median slice distance. */
function regularGridOver(grid: VoxelGrid): VoxelGrid {
  const normal = sliceNormal(grid);
  const depths = grid.slicePositions.map((p) => dot(p, normal));
  const gaps = depths
    .slice(1)
    .map((d, k) => d - depths[k])
    .sort((a, b) => a - b);
  const span = depths[depths.length - 1] - depths[0];
  const median = gaps[gaps.length >> 1];
  // Never more than four display slices per acquired one: an almost doubled slice must not explode the copy.
  const step = Math.max(median, span / (4 * grid.slices));
  const slices = Math.max(2, Math.round(span / step) + 1);
  const stepMm = span / (slices - 1);
  const range = (direction: Vec3): readonly [number, number] => {
    const at = grid.slicePositions.map((p) => dot(p, direction));
    return [at.reduce((a, b) => Math.min(a, b)), at.reduce((a, b) => Math.max(a, b))];
  };
  const [leftmost, rightmost] = range(grid.rowDirection);
  const [top, bottom] = range(grid.columnDirection);
  const first = add(
    add(scale(grid.rowDirection, leftmost), scale(grid.columnDirection, top)),
    scale(normal, depths[0]),
  );
  return {
    ...grid,
    columns: grid.columns + Math.ceil((rightmost - leftmost) / grid.columnSpacingMm - 1e-6),
    rows: grid.rows + Math.ceil((bottom - top) / grid.rowSpacingMm - 1e-6),
    slices,
    slicePositions: Array.from({ length: slices }, (_, k) => add(first, scale(normal, k * stepMm))),
  };
}

/**
 * The volume itself when its grid is regular; otherwise a copy on an even grid, linear in all directions by position. Where there is no
 * memory for all of it, of every second pixel, or every fourth. `allocate` gives memory for so many voxels or throws RangeError. Throws
 * the problem "display/out-of-memory" where even that is too much.
 */
export function displayVolume(
  volume: CtVolume,
  allocate: (voxels: number) => Int16Array = (voxels) => new Int16Array(voxels),
): DisplayVolume {
  const source = volume.grid;
  if (isRegular(source)) return { grid: source, hu: volume.hu, resampled: false };
  const even = regularGridOver(source);
  for (const everyNth of COARSER) {
    const grid = coarser(even, everyNth);
    const hu = whereThereIsRoom(() => allocate(grid.columns * grid.rows * grid.slices));
    if (!hu) continue;
    resample(volume, hu.fill(AIR_HU), grid, everyNth);
    return { grid, hu, resampled: true, ...(everyNth > 1 ? { everyNth } : {}) };
  }
  const { columns, rows, slices } = coarser(even, COARSER[COARSER.length - 1]);
  throw new ProblemError(
    problem("display/out-of-memory", { megabytes: Math.ceil((2 * columns * rows * slices) / 1e6) }),
  );
}

function whereThereIsRoom(allocate: () => Int16Array): Int16Array | null {
  try {
    return allocate();
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** Every nth pixel, the first among them. */
const coarser = (grid: VoxelGrid, everyNth: number): VoxelGrid => ({
  ...grid,
  columns: Math.ceil(grid.columns / everyNth),
  rows: Math.ceil(grid.rows / everyNth),
  columnSpacingMm: grid.columnSpacingMm * everyNth,
  rowSpacingMm: grid.rowSpacingMm * everyNth,
});

function resample(
  { grid: source, hu: from }: CtVolume,
  to: Int16Array,
  grid: VoxelGrid,
  everyNth: number,
): void {
  for (let k = 0; k < grid.slices; k++) {
    const corner = grid.slicePositions[k];
    const [di, dj, at] = voxelFromPatient(source, corner);
    const k0 = Math.max(0, Math.min(source.slices - 1, Math.floor(at + 1e-6)));
    const k1 = Math.min(source.slices - 1, k0 + 1);
    const wk = k1 === k0 ? 0 : Math.max(0, Math.min(1, at - k0));
    resampleSlice(from, source, [k0, k1, wk], [di, dj], to, grid, k, everyNth);
  }
}

/** One display slice from two neighbouring acquired ones, shifted in their plane by (shiftI, shiftJ) voxels. */
function resampleSlice(
  from: Int16Array,
  source: VoxelGrid,
  [k0, k1, wk]: readonly [number, number, number],
  [shiftI, shiftJ]: readonly [number, number],
  to: Int16Array,
  grid: VoxelGrid,
  k: number,
  everyNth: number,
): void {
  const { columns, rows } = source;
  const i0 = Math.floor(shiftI + 1e-6);
  const wi = Math.max(0, shiftI - i0);
  const j0 = Math.floor(shiftJ + 1e-6);
  const wj = Math.max(0, shiftJ - j0);
  const sliceSize = columns * rows;
  const bilinear = (slice: number, y: number, yNext: number, x: number, xNext: number): number => {
    const upper = slice + y * columns;
    const lower = slice + yNext * columns;
    const a = from[upper + x] + wi * (from[upper + xNext] - from[upper + x]);
    return a + wj * (from[lower + x] + wi * (from[lower + xNext] - from[lower + x]) - a);
  };
  for (let j = 0; j < grid.rows; j++) {
    const y = j * everyNth + j0;
    if (y < 0 || y >= rows) continue;
    const yNext = Math.min(rows - 1, y + 1);
    const out = (k * grid.rows + j) * grid.columns;
    for (let i = 0; i < grid.columns; i++) {
      const x = i * everyNth + i0;
      if (x < 0 || x >= columns) continue;
      const xNext = Math.min(columns - 1, x + 1);
      const near = bilinear(k0 * sliceSize, y, yNext, x, xNext);
      const value = wk === 0 ? near : near + wk * (bilinear(k1 * sliceSize, y, yNext, x, xNext) - near);
      to[out + i] = Math.round(value);
    }
  }
}

/** Offset of a point from the first voxel along the grid's own axes, in voxels: affine, for regular grids only. */
export function affineFromPatient(grid: VoxelGrid): (point: Vec3) => Vec3 {
  const normal = sliceNormal(grid);
  const origin = grid.slicePositions[0];
  const step =
    grid.slices > 1
      ? dot(subtract(grid.slicePositions[grid.slices - 1], origin), normal) / (grid.slices - 1)
      : 1;
  return (point) => {
    const d = subtract(point, origin);
    return [
      dot(d, grid.rowDirection) / grid.columnSpacingMm,
      dot(d, grid.columnDirection) / grid.rowSpacingMm,
      dot(d, normal) / step,
    ];
  };
}
