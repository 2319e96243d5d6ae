// A plane through the region as pixels: grey values by a window, and the label under each pixel.
import {
  add,
  isRegular,
  patientFromVoxel,
  scale,
  subtract,
  type Vec3,
  type VoxelGrid,
  voxelFromPatient,
} from "#core/space";
import { resampleVolume } from "#voxels/resample";
import type { CaseScene } from "./case-scene.ts";
import type { KeyWindow } from "./key-image.ts";
import { patientFromPicture, type PictureFrame } from "./picture-frame.ts";

/** The picture's pixels as a grid of one slice: column 0 and row 0 at the upper left. */
function pictureGrid(frame: PictureFrame, side: number): VoxelGrid {
  const half = 0.5 / side;
  return {
    columns: side,
    rows: side,
    slices: 1,
    columnSpacingMm: frame.fieldMm / side,
    rowSpacingMm: frame.fieldMm / side,
    rowDirection: frame.right,
    columnDirection: frame.down,
    slicePositions: [patientFromPicture(frame, [half, half])],
  };
}

/** `[y][x]`, trilinear; black outside the region. */
export function greyPixels(
  { volume }: Pick<CaseScene, "volume">,
  frame: PictureFrame,
  { widthHu, levelHu }: KeyWindow,
  side: number,
): Uint8Array {
  const { hu } = resampleVolume(volume, pictureGrid(frame, side));
  const low = levelHu - widthHu / 2;
  return Uint8Array.from(hu, (value) =>
    Math.max(0, Math.min(255, Math.round((255 * (value - low)) / widthHu))),
  );
}

/** `[y][x]`: the label of the voxel in which the pixel's middle lies. */
export function labelPixels(
  { volume: { grid }, labels }: CaseScene,
  frame: PictureFrame,
  side: number,
): Uint8Array {
  const picture = pictureGrid(frame, side);
  const voxelOf = (x: number, y: number): Vec3 => voxelFromPatient(grid, patientFromVoxel(picture, x, y, 0));
  const out = new Uint8Array(side * side);
  for (let y = 0; y < side; y++) {
    // Along a row voxels follow each other evenly, unless slices lie unevenly.
    const first = voxelOf(0, y);
    const step = isRegular(grid) ? scale(subtract(voxelOf(side, y), first), 1 / side) : null;
    for (let x = 0; x < side; x++)
      out[y * side + x] = labelOf(grid, labels, step ? add(first, scale(step, x)) : voxelOf(x, y));
  }
  return out;
}

/** 0 outside the region. */
export const labelAt = (grid: VoxelGrid, labels: Uint8Array, at: Vec3): number =>
  labelOf(grid, labels, voxelFromPatient(grid, at));

function labelOf(grid: VoxelGrid, labels: Uint8Array, voxel: Vec3): number {
  const [i, j, k] = [Math.round(voxel[0]), Math.round(voxel[1]), Math.round(voxel[2])];
  const { columns, rows, slices } = grid;
  if (i < 0 || j < 0 || k < 0 || i >= columns || j >= rows || k >= slices) return 0;
  return labels[(k * rows + j) * columns + i];
}
