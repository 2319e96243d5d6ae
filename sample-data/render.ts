// Turns layers of signed distances into HU on the CT grid: antialiased edges, a point-spread blur, noise, the 12-bit range.
//
// Anatomy gets each voxel's share of a layer from its signed distance (exact for a flat edge); cement and mimics bring shares that
// were counted in sub-voxels (`occupancy.ts`). The blur is in plane, as a CT's; a slice is the mean of sub-slices over its thickness.
import { voxelIndex } from "#core/volume";
import type { Vec3, VoxelGrid } from "#core/space";
import type { OccupiedVoxels } from "./occupancy.ts";
import { seededRandom } from "./seeded-noise.ts";
import { clamp } from "./shapes.ts";
import type { Box, Distance } from "./shapes.ts";

/** One tissue, painted over what is there. `hu` gets the signed distance (not below -10 mm), so that a bone can have a cortex. */
export interface Layer {
  readonly distance: Distance;
  readonly hu: (x: number, y: number, z: number, distanceMm: number) => number;
  readonly box: Box;
}

/** A solid whose shares were counted in sub-voxels, with its HU. */
export interface CountedSolid {
  readonly occupied: OccupiedVoxels;
  readonly hu: Distance;
}

export interface Scanner {
  /** Standard deviation of the in-plane point-spread function. */
  readonly blurMm: number;
  readonly noiseHu: number;
  readonly lowestHu: number;
  readonly highestHu: number;
}

/** Patient coordinates of the grid, which must be axial, supine and head first: x = x0 + i dx, and so on. */
export interface AxialGrid {
  readonly grid: VoxelGrid;
  readonly origin: Vec3;
  readonly spacing: Vec3;
}

/** Deeper than this a tissue looks the same; `hu` is then told this depth. */
const DEEP_MM = 10;
/** How fast a distance may grow per mm (roughened, sheared shapes are not exact). */
const STEEPEST = 1.5;

/** HU of the whole grid, `[k][j][i]`. `addArtefacts` may change each slice before blur and noise (streaks of metal). */
export function renderVolume(
  axial: AxialGrid,
  layers: readonly Layer[],
  counted: readonly CountedSolid[],
  scanner: Scanner,
  seed: number,
  addArtefacts?: (slice: Float32Array, k: number) => void,
): Int16Array {
  const { grid, origin, spacing } = axial;
  const { columns, rows, slices } = grid;
  const pixels = columns * rows;
  const hu = new Int16Array(pixels * slices);
  const subSlices = Math.max(1, Math.round(spacing[2] / 1.1));
  const slice = new Float32Array(pixels);
  const painted = new Float32Array(pixels);
  const random = seededRandom(seed, "noise");
  const gaussian = gaussianTable(seed);
  for (let k = 0; k < slices; k++) {
    for (let n = 0; n < subSlices; n++) {
      const z = origin[2] + (k + (n + 0.5) / subSlices - 0.5) * spacing[2];
      painted.fill(-1000);
      for (const layer of layers) paint(painted, layer, axial, z);
      if (n === 0) slice.set(painted);
      else for (let p = 0; p < pixels; p++) slice[p] += (painted[p] - slice[p]) / (n + 1);
    }
    painted.set(slice);
    for (const solid of counted) addCounted(slice, painted, solid, axial, k);
    addArtefacts?.(slice, k);
    addNoise(slice, scanner, spacing, gaussian, Math.floor(random.next() * 65536));
    blur(slice, columns, rows, scanner.blurMm / spacing[0], scanner.blurMm / spacing[1]);
    const base = voxelIndex(grid, 0, 0, k);
    for (let p = 0; p < pixels; p++)
      hu[base + p] = Math.round(clamp(slice[p], scanner.lowestHu, scanner.highestHu));
  }
  return hu;
}

function paint(slice: Float32Array, layer: Layer, { grid, origin, spacing }: AxialGrid, z: number): void {
  const { min, max } = layer.box;
  if (z < min[2] - 1 || z > max[2] + 1) return;
  const [dx, dy] = spacing;
  const j0 = Math.max(0, Math.floor((min[1] - origin[1]) / dy));
  const j1 = Math.min(grid.rows - 1, Math.ceil((max[1] - origin[1]) / dy));
  const i0 = Math.max(0, Math.floor((min[0] - origin[0]) / dx));
  const i1 = Math.min(grid.columns - 1, Math.ceil((max[0] - origin[0]) / dx));
  const edge = Math.max(0.7, dx);
  for (let j = j0; j <= j1; j++) {
    const y = origin[1] + j * dy;
    const row = j * grid.columns;
    for (let i = i0; i <= i1; i++) {
      const x = origin[0] + i * dx;
      const d = layer.distance(x, y, z);
      const share = 0.5 - d / edge;
      if (share <= 0) {
        // far outside: step as far as the surface can't be
        const jump = ((d - edge) / (STEEPEST * dx)) | 0;
        if (jump > 0) i += jump;
        continue;
      }
      if (share < 1) {
        slice[row + i] += share * (layer.hu(x, y, z, d) - slice[row + i]);
        continue;
      }
      slice[row + i] = layer.hu(x, y, z, d > -DEEP_MM ? d : -DEEP_MM);
      // far inside: no need to ask again before the surface can be near
      for (let left = ((-d - DEEP_MM) / (STEEPEST * dx)) | 0; left > 0 && i < i1; left--) {
        i++;
        slice[row + i] = layer.hu(origin[0] + i * dx, y, z, -DEEP_MM);
      }
    }
  }
}

/** Solids share no space, so each replaces its share of what was there `before`. */
function addCounted(
  slice: Float32Array,
  before: Float32Array,
  { occupied, hu }: CountedSolid,
  { grid, origin, spacing }: AxialGrid,
  k: number,
): void {
  const from = occupied.sliceStart[k];
  const to = occupied.sliceStart[k + 1];
  const z = origin[2] + k * spacing[2];
  for (let n = from; n < to; n++) {
    const pixel = occupied.pixel[n];
    const j = (pixel / grid.columns) | 0;
    const i = pixel - j * grid.columns;
    const value = hu(origin[0] + i * spacing[0], origin[1] + j * spacing[1], z);
    slice[pixel] += occupied.share[n] * (value - before[pixel]);
  }
}

function gaussianTable(seed: number): Float32Array {
  const random = seededRandom(seed, "gaussian");
  const table = new Float32Array(1 << 16);
  for (let n = 0; n < table.length; n++)
    table[n] = Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
  return table;
}

/**
 * White noise before the blur, as strong as needed to be `noiseHu` after it, so that noise has the grain of the kernel.
 * A little stronger in the middle of the body, where fewer photons get through.
 */
function addNoise(
  slice: Float32Array,
  scanner: Scanner,
  spacing: Vec3,
  gaussian: Float32Array,
  start: number,
): void {
  const [a, b] = [scanner.blurMm / spacing[0], scanner.blurMm / spacing[1]];
  const lost = Math.sqrt(kernelEnergy(a) * kernelEnergy(b));
  const sd = scanner.noiseHu / lost;
  let state = (start * 2654435761) | 1;
  for (let p = 0; p < slice.length; p++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    slice[p] += (slice[p] > -600 ? sd : sd * 0.5) * gaussian[(state >>> 8) & 0xffff];
  }
}

function kernel(sigmaPixels: number): Float64Array {
  const radius = Math.max(1, Math.ceil(sigmaPixels * 3));
  const weights = new Float64Array(2 * radius + 1);
  let sum = 0;
  for (let n = -radius; n <= radius; n++)
    sum += weights[n + radius] = Math.exp(-0.5 * (n / sigmaPixels) ** 2);
  for (let n = 0; n < weights.length; n++) weights[n] /= sum;
  return weights;
}

const kernelEnergy = (sigmaPixels: number): number => kernel(sigmaPixels).reduce((sum, w) => sum + w * w, 0);

function blur(
  slice: Float32Array,
  columns: number,
  rows: number,
  sigmaColumns: number,
  sigmaRows: number,
): void {
  const across = kernel(sigmaColumns);
  const down = kernel(sigmaRows);
  const copy = new Float32Array(slice.length);
  for (let j = 0; j < rows; j++) blurRow(slice, copy, j * columns, columns, across);
  blurDown(copy, slice, columns, rows, down);
}

/** Beyond its ends a row repeats its last value. */
function blurRow(
  from: Float32Array,
  to: Float32Array,
  base: number,
  length: number,
  weights: Float64Array,
): void {
  const radius = (weights.length - 1) / 2;
  for (let n = 0; n < length; n++) {
    const at = base + n;
    let sum = weights[radius] * from[at];
    if (n >= radius && n < length - radius)
      for (let m = 1; m <= radius; m++) sum += weights[radius + m] * (from[at + m] + from[at - m]);
    else
      for (let m = 1; m <= radius; m++)
        sum +=
          weights[radius + m] * (from[base + Math.min(length - 1, n + m)] + from[base + Math.max(0, n - m)]);
    to[at] = sum;
  }
}

/** Row by row, so that memory is read in its order. */
function blurDown(
  from: Float32Array,
  to: Float32Array,
  columns: number,
  rows: number,
  weights: Float64Array,
): void {
  const radius = (weights.length - 1) / 2;
  for (let j = 0; j < rows; j++) {
    const target = to.subarray(j * columns, (j + 1) * columns);
    const own = from.subarray(j * columns, (j + 1) * columns);
    for (let i = 0; i < columns; i++) target[i] = weights[radius] * own[i];
    for (let m = 1; m <= radius; m++) {
      const above = Math.max(0, j - m) * columns;
      const below = Math.min(rows - 1, j + m) * columns;
      const weight = weights[radius + m];
      for (let i = 0; i < columns; i++) target[i] += weight * (from[above + i] + from[below + i]);
    }
  }
}
