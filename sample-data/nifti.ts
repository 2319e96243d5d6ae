// Reads a NIfTI-1 volume (.nii or .nii.gz) onto the patient grid; only for test data, in Node.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { Vec3, VoxelGrid } from "#core/space";
import { cross, dot, length, normalize, scale } from "#core/space";

export interface NiftiVolume {
  readonly grid: VoxelGrid;
  /** Scaled values, `[k][j][i]` on `grid` (slices ascend along the normal). */
  readonly values: Float32Array;
}

/** The little-endian NIfTI-1 file at `path`, by its sform (else its qform without rotation). Throws on what it does not know. */
export function readNifti(path: string): NiftiVolume {
  const file = readFileSync(path);
  const bytes = path.endsWith(".gz") ? gunzipSync(file) : file;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getInt32(0, true) !== 348) throw new Error(`${path}: not a little-endian NIfTI-1 file`);
  const [columns, rows, slices] = [42, 44, 46].map((at) => view.getInt16(at, true));
  const type = view.getInt16(70, true);
  const offset = view.getFloat32(108, true);
  const slope = view.getFloat32(112, true) || 1;
  const intercept = view.getFloat32(116, true);
  const readers: Record<number, readonly [number, (at: number) => number]> = {
    2: [1, (at) => view.getUint8(at)],
    4: [2, (at) => view.getInt16(at, true)],
    8: [4, (at) => view.getInt32(at, true)],
    16: [4, (at) => view.getFloat32(at, true)],
    64: [8, (at) => view.getFloat64(at, true)],
    512: [2, (at) => view.getUint16(at, true)],
  };
  const reader = readers[type];
  if (!reader) throw new Error(`${path}: NIfTI data type ${type} is not read here`);
  const [size, read] = reader;
  const affine = [280, 296, 312].map((row) => [0, 4, 8, 12].map((at) => view.getFloat32(row + at, true)));
  if (view.getInt16(254, true) <= 0) {
    const spacing = [80, 84, 88].map((at) => view.getFloat32(at, true));
    affine.forEach((row, axis) => row.fill(0).splice(axis, 1, spacing[axis]));
  }
  // NIfTI is RAS, patient space LPS: x and y change sign.
  const column = (c: number): Vec3 => [-affine[0][c], -affine[1][c], affine[2][c]];
  const [alongI, alongJ, alongK, origin] = [column(0), column(1), column(2), column(3)];
  const flip = dot(cross(alongI, alongJ), alongK) < 0;
  const values = new Float32Array(columns * rows * slices);
  const plane = columns * rows;
  for (let k = 0; k < slices; k++) {
    const target = (flip ? slices - 1 - k : k) * plane;
    for (let n = 0; n < plane; n++)
      values[target + n] = read(offset + (k * plane + n) * size) * slope + intercept;
  }
  const positions = Array.from({ length: slices }, (_, k): Vec3 => {
    const at = flip ? slices - 1 - k : k;
    return [origin[0] + at * alongK[0], origin[1] + at * alongK[1], origin[2] + at * alongK[2]];
  });
  return {
    values,
    grid: {
      columns,
      rows,
      slices,
      columnSpacingMm: length(alongI),
      rowSpacingMm: length(alongJ),
      rowDirection: normalize(alongI),
      columnDirection: normalize(scale(alongJ, 1)),
      slicePositions: positions,
    },
  };
}
