// Patient space and the acquired voxel grid: the only place where (i, j, k) becomes millimetres.
//
// Patient space is DICOM's LPS in mm: +x to the patient's left, +y to posterior, +z to the head (PS3.3 C.7.6.2.1.1).
// A voxel index is (i, j, k): i along a row (columns), j down the rows, k through the slices, whole numbers at voxel centres.
// Slices are sorted by their position along the normal (rowDirection x columnDirection), never by instance number.

export type Vec3 = readonly [number, number, number];

export interface VoxelGrid {
  readonly columns: number;
  readonly rows: number;
  readonly slices: number;
  /** mm between neighbouring columns (i): PixelSpacing[1]. */
  readonly columnSpacingMm: number;
  /** mm between neighbouring rows (j): PixelSpacing[0]. */
  readonly rowSpacingMm: number;
  /** Unit vector along increasing i: first triplet of ImageOrientationPatient. */
  readonly rowDirection: Vec3;
  /** Unit vector along increasing j: second triplet of ImageOrientationPatient. */
  readonly columnDirection: Vec3;
  /** ImagePositionPatient of each slice k, ascending along the normal. May be tilted or uneven; see `isRegular`. */
  readonly slicePositions: readonly Vec3[];
}

export const add = (a: Vec3, b: Vec3): Vec3 => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
export const subtract = (a: Vec3, b: Vec3): Vec3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
export const scale = (a: Vec3, s: number): Vec3 => [a[0] * s, a[1] * s, a[2] * s];
export const dot = (a: Vec3, b: Vec3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
export const cross = (a: Vec3, b: Vec3): Vec3 => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
export const length = (a: Vec3): number => Math.sqrt(dot(a, a));
export const normalize = (a: Vec3): Vec3 => scale(a, 1 / (length(a) || 1));
export const distance = (a: Vec3, b: Vec3): number => length(subtract(a, b));

/** Unit normal of the slices; k ascends along it. */
export const sliceNormal = (grid: VoxelGrid): Vec3 =>
  normalize(cross(grid.rowDirection, grid.columnDirection));

/** Mean distance in mm between neighbouring slices along the normal; 1 for a single slice. */
export function sliceSpacingMm(grid: VoxelGrid): number {
  if (grid.slices < 2) return 1;
  const normal = sliceNormal(grid);
  const span = dot(subtract(grid.slicePositions[grid.slices - 1], grid.slicePositions[0]), normal);
  return span / (grid.slices - 1);
}

/** mm along i, j, k. */
export const spacingMm = (grid: VoxelGrid): Vec3 => [
  grid.columnSpacingMm,
  grid.rowSpacingMm,
  sliceSpacingMm(grid),
];

/** Volume of the box of slice k: pixel area times half the way to each neighbour, so that uneven slices still add up. mm3. */
export function voxelVolumeMm3(grid: VoxelGrid, k = 0): number {
  const area = grid.columnSpacingMm * grid.rowSpacingMm;
  if (grid.slices < 2) return area * sliceSpacingMm(grid);
  const normal = sliceNormal(grid);
  const at = (s: number) => dot(grid.slicePositions[s], normal);
  const below = k > 0 ? at(k) - at(k - 1) : at(1) - at(0);
  const above = k < grid.slices - 1 ? at(k + 1) - at(k) : at(k) - at(k - 1);
  return (area * (below + above)) / 2;
}

/** Patient point (mm, LPS) of a voxel index; fractions interpolate, k outside the stack extrapolates. */
export function patientFromVoxel(grid: VoxelGrid, i: number, j: number, k: number): Vec3 {
  const last = grid.slices - 1;
  const base = Math.max(0, Math.min(last - 1, Math.floor(k)));
  const p0 = grid.slicePositions[Math.max(0, base)];
  const step: Vec3 = last > 0 ? subtract(grid.slicePositions[base + 1], p0) : sliceNormal(grid);
  const f = k - base;
  const x = i * grid.columnSpacingMm;
  const y = j * grid.rowSpacingMm;
  const r = grid.rowDirection;
  const c = grid.columnDirection;
  return [
    p0[0] + f * step[0] + x * r[0] + y * c[0],
    p0[1] + f * step[1] + x * r[1] + y * c[1],
    p0[2] + f * step[2] + x * r[2] + y * c[2],
  ];
}

/** Voxel index (fractional) of a patient point; the inverse of `patientFromVoxel` for regular, tilted and uneven stacks. */
export function voxelFromPatient(grid: VoxelGrid, point: Vec3): Vec3 {
  const normal = sliceNormal(grid);
  const depth = dot(point, normal);
  const at = (s: number) => dot(grid.slicePositions[s], normal);
  let base = 0;
  const last = grid.slices - 1;
  if (last > 0) {
    let low = 0;
    let high = last - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (at(middle) <= depth) low = middle;
      else high = middle - 1;
    }
    base = low;
  }
  const p0 = grid.slicePositions[base];
  const step: Vec3 = last > 0 ? subtract(grid.slicePositions[base + 1], p0) : normal;
  const f = (depth - dot(p0, normal)) / (dot(step, normal) || 1);
  const inPlane = subtract(point, add(p0, scale(step, f)));
  return [
    dot(inPlane, grid.rowDirection) / grid.columnSpacingMm,
    dot(inPlane, grid.columnDirection) / grid.rowSpacingMm,
    base + f,
  ];
}

/** True when every slice follows the one before by the same step (1 %), along the normal or tilted: an affine map describes the grid. */
export function isEvenlyStepped(grid: VoxelGrid): boolean {
  if (grid.slices < 3) return true;
  const step = meanStep(grid);
  const tolerance = 0.01 * length(step);
  return grid.slicePositions.every(
    (p, k) => distance(p, add(grid.slicePositions[0], scale(step, k))) <= tolerance,
  );
}

/** Angle in degrees between the line on which the slices are stacked and their normal: gantry tilt. 0 for one slice. */
export function tiltDegrees(grid: VoxelGrid): number {
  if (grid.slices < 2) return 0;
  const along = normalize(meanStep(grid));
  const normal = sliceNormal(grid);
  return (Math.atan2(length(cross(along, normal)), Math.abs(dot(along, normal))) * 180) / Math.PI;
}

const meanStep = (grid: VoxelGrid): Vec3 =>
  scale(subtract(grid.slicePositions[grid.slices - 1], grid.slicePositions[0]), 1 / (grid.slices - 1));

/** True when the slices are evenly spaced (1 %) and stacked along their normal (no tilt), so that a plain affine describes them. */
export function isRegular(grid: VoxelGrid): boolean {
  if (grid.slices < 3) return true;
  const sheared = length(cross(normalize(meanStep(grid)), sliceNormal(grid))) > 0.001;
  return !sheared && isEvenlyStepped(grid);
}
