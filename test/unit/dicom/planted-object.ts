// A made-up scan with one dense object planted off the middle, written on any stack of slices: its volume and side are known exactly.
import { type Vec3, add, cross, normalize, scale } from "#core/space";
import { type NamedFile, memoryFile } from "#dicom/named-file";
import type { DataSet } from "#dicom/part10";
import { sliceFile } from "./synthetic-ct.ts";

/** An ellipsoid to the patient's left of x = 0, leaning forward and up: none of its mirror images covers it. LPS mm. */
const CENTRE: Vec3 = [16, -6, 40];
const SEMI_AXES: Vec3 = [12, 9, 15];
const LEAN: readonly [Vec3, Vec3, Vec3] = (() => {
  const a = normalize([1, 0.3, 0.2]);
  const b = normalize(cross([0, 0.2, 1], a));
  return [a, b, cross(a, b)];
})();
const OBJECT_HU = 1800;
const TISSUE_HU = 40;
/** Beyond twice the object's size: a CT of a patient has fat. */
const FAT_HU = -100;

export const PLANTED = {
  volumeMm3: (4 / 3) * Math.PI * SEMI_AXES[0] * SEMI_AXES[1] * SEMI_AXES[2],
  centreMm: CENTRE,
  /** Half way between object and surroundings. */
  thresholdHu: (OBJECT_HU + TISSUE_HU) / 2,
};

/** How many of its own radii a point lies from the middle: below 1 it is inside. */
const radii = (x: number, y: number, z: number): number => {
  const [dx, dy, dz] = [x - CENTRE[0], y - CENTRE[1], z - CENTRE[2]];
  let sum = 0;
  for (let n = 0; n < 3; n++) {
    const along = (dx * LEAN[n][0] + dy * LEAN[n][1] + dz * LEAN[n][2]) / SEMI_AXES[n];
    sum += along * along;
  }
  return Math.sqrt(sum);
};

/** Whether a patient point (mm, LPS) lies in the object. */
export const isPlanted = ([x, y, z]: readonly [number, number, number]): boolean => radii(x, y, z) <= 1;

export interface Slice {
  /** Centre of its first pixel. */
  readonly position: Vec3;
  readonly row: Vec3;
  readonly column: Vec3;
  readonly columns: number;
  readonly rows: number;
  readonly columnSpacingMm: number;
  readonly rowSpacingMm: number;
  readonly change: DataSet;
}

export interface StackShape {
  readonly row?: Vec3;
  readonly column?: Vec3;
  readonly columnSpacingMm?: number;
  readonly rowSpacingMm?: number;
  /** Along the normal, from the middle of the object. */
  readonly depthsMm?: readonly number[];
  /** Degrees by which the slices lean against the line on which they are stacked. */
  readonly tiltDegrees?: number;
}

export const steps = (count: number, stepMm: number, fromMm = (-(count - 1) / 2) * stepMm): number[] =>
  Array.from({ length: count }, (_, k) => fromMm + k * stepMm);

/** Slices of 60 mm squares around the object (64 where x is in them, so that both sides of the patient are seen). */
export function slices(shape: StackShape = {}): Slice[] {
  const { columnSpacingMm = 0.8, rowSpacingMm = 0.8, depthsMm = steps(44, 1), tiltDegrees = 0 } = shape;
  const angle = (tiltDegrees * Math.PI) / 180;
  const row = normalize(shape.row ?? [1, 0, 0]);
  const upright = normalize(shape.column ?? [0, 1, 0]);
  const table = cross(row, upright);
  const column = add(scale(upright, Math.cos(angle)), scale(table, Math.sin(angle)));
  const columns = Math.round(60 / columnSpacingMm);
  const rows = Math.round(60 / rowSpacingMm);
  return depthsMm.map((depthMm, k) => {
    const middle = add(CENTRE, scale(table, depthMm / Math.cos(angle)));
    const corner = add(
      scale(row, (-(columns - 1) / 2) * columnSpacingMm),
      scale(column, (-(rows - 1) / 2) * rowSpacingMm),
    );
    return {
      position: add(middle, corner),
      row,
      column,
      columns,
      rows,
      columnSpacingMm,
      rowSpacingMm,
      change: { InstanceNumber: String(k + 1) },
    };
  });
}

/** Parts of a pixel's side and of a slice's thickness at which it is sampled. */
const FINE = [-1 / 3, 0, 1 / 3];
/** Boxes whose middle is farther than this from the surface, in radii, are wholly inside or outside. */
const SURELY = 0.25;

/** HU of every pixel, the mean over its box; `thicknessMm` along the normal. */
function storedOf(slice: Slice, thicknessMm: number): Int16Array {
  const normal = cross(slice.row, slice.column);
  const stored = new Int16Array(slice.columns * slice.rows);
  const [right, down] = [scale(slice.row, slice.columnSpacingMm), scale(slice.column, slice.rowSpacingMm)];
  const at = (i: number, j: number, depthMm: number): number =>
    radii(
      slice.position[0] + i * right[0] + j * down[0] + depthMm * normal[0],
      slice.position[1] + i * right[1] + j * down[1] + depthMm * normal[1],
      slice.position[2] + i * right[2] + j * down[2] + depthMm * normal[2],
    );
  const huOf = (i: number, j: number): number => {
    const middle = at(i, j, 0);
    if (Math.abs(middle - 1) > SURELY) return middle < 1 ? OBJECT_HU : middle < 2 ? TISSUE_HU : FAT_HU;
    let inside = 0;
    for (const u of FINE)
      for (const v of FINE) for (const w of FINE) if (at(i + u, j + v, w * thicknessMm) <= 1) inside++;
    return Math.round(TISSUE_HU + ((OBJECT_HU - TISSUE_HU) * inside) / 27);
  };
  for (let j = 0; j < slice.rows; j++)
    for (let i = 0; i < slice.columns; i++) stored[j * slice.columns + i] = huOf(i, j);
  return stored;
}

export interface WriteOptions {
  readonly thicknessMm?: number;
  readonly prefix?: string;
  /** Rescale Intercept of slice k: other stored values for the same HU. */
  readonly intercept?: (k: number) => number;
}

/** One file a slice: "s007" is the eighth. Each has its own UID unless `change` gives one. */
export function written(stack: readonly Slice[], options: WriteOptions = {}): NamedFile[] {
  const { thicknessMm = 1, prefix = "s", intercept = () => 0 } = options;
  return stack.map((slice, k) => {
    const name = `${prefix}${String(k).padStart(3, "0")}`;
    const offset = intercept(k);
    const bytes = sliceFile({
      position: slice.position,
      row: slice.row,
      column: slice.column,
      uid: `2.25.88${prefix.length}${k + 1}`,
      stored: storedOf(slice, thicknessMm).map((hu) => hu - offset),
      change: {
        Rows: slice.rows,
        Columns: slice.columns,
        PixelSpacing: [String(slice.rowSpacingMm), String(slice.columnSpacingMm)],
        SliceThickness: String(thicknessMm),
        RescaleIntercept: String(offset),
        ...slice.change,
      },
    });
    return memoryFile(name, bytes);
  });
}
