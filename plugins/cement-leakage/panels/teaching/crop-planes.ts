// The region of a crop in three planes of the acquired grid: small pictures through its middle, and where the box lies in each.
import type { CropRegion } from "#contract";
import { sliceSpacingMm, type VoxelGrid } from "#core/space";
import { type CtVolume, voxelIndex } from "#core/volume";

export type CropPlane = "axial" | "coronal" | "sagittal";
export const CROP_PLANES: readonly CropPlane[] = ["axial", "coronal", "sagittal"];

export const wholeOf = ({ columns, rows, slices }: VoxelGrid): CropRegion => ({
  ...{ firstColumn: 0, columns, firstRow: 0, rows, firstSlice: 0, slices },
});

const stepsMm = (grid: VoxelGrid): readonly [number, number, number] => [
  grid.columnSpacingMm,
  grid.rowSpacingMm,
  sliceSpacingMm(grid),
];

/** "102 x 98 x 60 mm" */
export function regionSizeMm(grid: VoxelGrid, { columns, rows, slices }: CropRegion): string {
  const [i, j, k] = stepsMm(grid);
  return `${[columns * i, rows * j, slices * k].map((mm) => Math.round(mm)).join(" x ")} mm`;
}

/** Black and white, HU: bone and cement stay apart. */
const WINDOW = [-500, 1500] as const;
const LONGEST_SIDE = 220;

export interface PlanePicture {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8ClampedArray<ArrayBuffer>;
  /** Of the box, in parts of the picture. */
  readonly box: {
    readonly left: number;
    readonly top: number;
    readonly width: number;
    readonly height: number;
  };
}

/** Coronal and sagittal pictures have the head's side up. */
export function planePicture({ grid, hu }: CtVolume, region: CropRegion, plane: CropPlane): PlanePicture {
  const steps = stepsMm(grid);
  const size = [grid.columns, grid.rows, grid.slices] as const;
  const from = [region.firstColumn, region.firstRow, region.firstSlice] as const;
  const count = [region.columns, region.rows, region.slices] as const;
  const [across, down, through] = { axial: [0, 1, 2], coronal: [0, 2, 1], sagittal: [1, 2, 0] }[plane];
  const along = grid.slicePositions[grid.slices - 1][2] - grid.slicePositions[0][2];
  const turned = down === 2 && along > 0;
  const scale = LONGEST_SIDE / Math.max(size[across] * steps[across], size[down] * steps[down]);
  const width = Math.max(1, Math.round(size[across] * steps[across] * scale));
  const height = Math.max(1, Math.round(size[down] * steps[down] * scale));
  const middle = from[through] + (count[through] >> 1);
  const rgba = new Uint8ClampedArray(4 * width * height);
  const at: [number, number, number] = [0, 0, 0];
  at[through] = Math.min(size[through] - 1, middle);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      at[across] = Math.floor(((x + 0.5) / width) * size[across]);
      const row = Math.floor(((y + 0.5) / height) * size[down]);
      at[down] = turned ? size[down] - 1 - row : row;
      const value = ((hu[voxelIndex(grid, ...at)] - WINDOW[0]) / (WINDOW[1] - WINDOW[0])) * 255;
      rgba.set([value, value, value, 255], 4 * (y * width + x));
    }
  const top = from[down] / size[down];
  const tall = count[down] / size[down];
  return {
    ...{ width, height, rgba },
    box: {
      left: from[across] / size[across],
      width: count[across] / size[across],
      top: turned ? 1 - top - tall : top,
      height: tall,
    },
  };
}
