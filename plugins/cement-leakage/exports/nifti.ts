// The segments as one NIfTI-1 label map on the acquired grid, for research software (.nii.gz; nifti.nimh.nih.gov, nifti1.h).
import { joinedBytes } from "#core/joined-bytes";
import { Gzip } from "fflate";
import { type Result, fail, ok } from "#core/problem";
import { type Vec3, type VoxelGrid, dot, distance, length, scale, sliceNormal, subtract } from "#core/space";
import type { NumberedSegment } from "./prepare.ts";
import { refusal } from "./refusals.ts";
import { segmentLabel } from "./segment-words.ts";

const HEADER_BYTES = 352;
const UINT8 = 2;
const UINT16 = 512;
/** Both forms are in the scanner's own frame (NIFTI_XFORM_SCANNER_ANAT). */
const SCANNER = 1;

/**
 * Voxel values are segment numbers, 0 where there is none. `sform` leads from voxel (i, j, k) to patient mm in NIfTI's RAS (x and y
 * are DICOM's, negated) and holds a gantry's shear; `qform` says the same where there is none, and is switched off where there is.
 * Refused: slices at uneven distances, which no matrix holds ("nifti/uneven").
 * `sliceMm` is the distance of slices where there is only one.
 */
export function niftiLabelMap(
  segments: readonly NumberedSegment[],
  grid: VoxelGrid,
  sliceMm: number,
): Result<Uint8Array> {
  const step = sliceStep(grid, sliceMm);
  if (!step) return fail(refusal("nifti/uneven"));
  const wide = segments.some(({ number }) => number > 255);
  const voxels = grid.columns * grid.rows;
  const chunks: Uint8Array[] = [];
  const gzip = new Gzip({ level: 6, mtime: 0 }, (chunk) => chunks.push(chunk));
  gzip.push(header(grid, step, wide));
  // Slice by slice: the whole volume is never in memory.
  for (let k = 0; k < grid.slices; k++) {
    const bytes = new Uint8Array(wide ? 2 * voxels : voxels);
    const labels = wide ? new Uint16Array(bytes.buffer) : bytes;
    for (const { mask, number } of segments) {
      for (let j = 0; j < grid.rows; j++) {
        const row = k * grid.rows + j;
        for (let n = mask.rowStart[row]; n < mask.rowStart[row + 1]; n++)
          labels.fill(number, j * grid.columns + mask.start[n], j * grid.columns + mask.end[n]);
      }
    }
    gzip.push(bytes, k === grid.slices - 1);
  }
  return ok(joinedBytes(chunks));
}

/** From slice to slice, patient mm (LPS); null where it differs by more than 1 % of itself. */
function sliceStep({ slicePositions, ...grid }: VoxelGrid, sliceMm: number): Vec3 | null {
  const last = slicePositions.length - 1;
  if (last < 1) return scale(sliceNormal({ slicePositions, ...grid }), sliceMm);
  const step = scale(subtract(slicePositions[last], slicePositions[0]), 1 / last);
  const tolerance = 0.01 * length(step);
  const even = slicePositions.every(
    (position, k) => k === 0 || distance(subtract(position, slicePositions[k - 1]), step) <= tolerance,
  );
  return even ? step : null;
}

const ras = ([x, y, z]: Vec3): Vec3 => [-x, -y, z];

function header(grid: VoxelGrid, step: Vec3, wide: boolean): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES);
  const view = new DataView(bytes.buffer);
  const float = (at: number, value: number) => view.setFloat32(at, value, true);
  const short = (at: number, value: number) => view.setInt16(at, value, true);
  const text = (at: number, room: number, value: string) =>
    new TextEncoder().encodeInto(value, bytes.subarray(at, at + room - 1));
  const axes: readonly Vec3[] = [
    scale(grid.rowDirection, grid.columnSpacingMm),
    scale(grid.columnDirection, grid.rowSpacingMm),
    step,
  ].map(ras);
  const origin = ras(grid.slicePositions[0]);
  const { quaternion, orthogonal } = rotation(axes);
  view.setInt32(0, 348, true);
  [3, grid.columns, grid.rows, grid.slices, 1, 1, 1, 1].forEach((value, n) => short(40 + 2 * n, value));
  short(68, 1002); // NIFTI_INTENT_LABEL
  short(70, wide ? UINT16 : UINT8);
  short(72, wide ? 16 : 8);
  // pixdim[0] is qfac, 1: slices ascend along their normal, so that the axes are right-handed.
  [1, length(axes[0]), length(axes[1]), length(axes[2])].forEach((value, n) => float(76 + 4 * n, value));
  float(108, HEADER_BYTES);
  float(112, 1); // scl_slope
  view.setUint8(123, 2); // mm
  text(148, 80, "PMMA cement segments, labels = SEG segment numbers; not for diagnosis");
  short(252, orthogonal ? SCANNER : 0);
  short(254, SCANNER);
  quaternion.forEach((value, n) => float(256 + 4 * n, value));
  origin.forEach((value, n) => float(268 + 4 * n, value));
  for (let row = 0; row < 3; row++) {
    axes.forEach((axis, column) => float(280 + 16 * row + 4 * column, axis[row]));
    float(292 + 16 * row, origin[row]);
  }
  text(328, 16, "cement labels");
  text(344, 4, "n+1");
  return bytes;
}

/**
 * The axes' directions as a unit quaternion (b, c, d; a from them is not negative). Not orthogonal: a sheared stack, whose quaternion
 * would be that of another grid.
 */
function rotation(axes: readonly Vec3[]): {
  readonly quaternion: readonly number[];
  readonly orthogonal: boolean;
} {
  const [x, y, z] = axes.map((axis) => scale(axis, 1 / length(axis)));
  const orthogonal = Math.abs(dot(x, z)) < 1e-3 && Math.abs(dot(y, z)) < 1e-3;
  const diagonal = [x[0], y[1], z[2]];
  // The largest of the four components is taken from the diagonal, the others from it (Shepperd).
  const a = Math.sqrt(Math.max(0, 1 + diagonal[0] + diagonal[1] + diagonal[2])) / 2;
  const b = Math.sqrt(Math.max(0, 1 + diagonal[0] - diagonal[1] - diagonal[2])) / 2;
  const c = Math.sqrt(Math.max(0, 1 - diagonal[0] + diagonal[1] - diagonal[2])) / 2;
  const d = Math.sqrt(Math.max(0, 1 - diagonal[0] - diagonal[1] + diagonal[2])) / 2;
  const largest = Math.max(a, b, c, d);
  const [ab, ac, ad] = [y[2] - z[1], z[0] - x[2], x[1] - y[0]].map((sum) => sum / 4);
  const [bc, bd, cd] = [x[1] + y[0], z[0] + x[2], y[2] + z[1]].map((sum) => sum / 4);
  let quaternion: [number, number, number, number];
  if (largest === a) quaternion = [a, ab / a, ac / a, ad / a];
  else if (largest === b) quaternion = [ab / b, b, bc / b, bd / b];
  else if (largest === c) quaternion = [ac / c, bc / c, c, cd / c];
  else quaternion = [ad / d, bd / d, cd / d, d];
  const sign = quaternion[0] < 0 ? -1 : 1;
  return { quaternion: quaternion.slice(1).map((value) => sign * value), orthogonal };
}

/** What the numbers of the label map are, as ITK-SNAP and 3D Slicer read it: number, colour, opacity, visibility, name. */
export function labelDescriptions(
  segments: readonly NumberedSegment[],
  colorOf: (segment: NumberedSegment) => string,
): string {
  const line = (number: number, rgb: readonly number[], shown: 0 | 1, name: string) =>
    `${number} ${rgb.join(" ")} ${shown} ${shown} ${shown} "${name.replaceAll('"', "'")}"\n`;
  const rgbOf = (hex: string) => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
  return [
    "# ITK-SnAP label description file: labels of the NIfTI file beside it. Not for diagnosis.\n",
    line(0, [0, 0, 0], 0, "Background"),
    ...segments.map((segment) => line(segment.number, rgbOf(colorOf(segment)), 1, segmentLabel(segment))),
  ].join("");
}
