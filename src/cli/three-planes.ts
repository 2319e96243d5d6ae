// A picture of three planes through a point, masks outlined: what a proposal or a failure looks like without a browser.
import type { Vec3 } from "#core/space";
import { voxelFromPatient } from "#core/space";
import type { CtVolume } from "#core/volume";
import type { RunMask } from "#voxels/mask";
import { maskHas } from "#voxels/mask";
import { sampleHu } from "#voxels/resample";
import type { RgbImage } from "./png.ts";

export interface Outline {
  readonly mask: RunMask;
  readonly rgb: readonly [number, number, number];
}

const HALF_MM = 45;
const STEP_MM = 0.5;
/** Cement window (DOMAIN §1.3). */
const WINDOW = { width: 3000, level: 1000 } as const;

/** Axial, sagittal and coronal side by side, 90 mm wide: anterior up and the patient's left on the right in the axial view. */
export function threePlanes(volume: CtVolume, at: Vec3, outlines: readonly Outline[]): RgbImage {
  const size = Math.round((2 * HALF_MM) / STEP_MM);
  const rgb = new Uint8Array(size * size * 9);
  const planes: readonly (readonly [Vec3, Vec3])[] = [
    [
      [1, 0, 0],
      [0, 1, 0],
    ],
    [
      [0, 1, 0],
      [0, 0, -1],
    ],
    [
      [1, 0, 0],
      [0, 0, -1],
    ],
  ];
  planes.forEach(([right, down], plane) => {
    const point = (x: number, y: number): Vec3 => {
      const a = (x - size / 2) * STEP_MM;
      const b = (y - size / 2) * STEP_MM;
      return [
        at[0] + a * right[0] + b * down[0],
        at[1] + a * right[1] + b * down[1],
        at[2] + a * right[2] + b * down[2],
      ];
    };
    const inside = outlines.map(() => new Uint8Array(size * size));
    for (let y = 0; y < size; y++)
      for (let x = 0; x < size; x++) {
        const [i, j, k] = voxelFromPatient(volume.grid, point(x, y));
        const value = sampleHu(volume, i, j, k);
        const grey = Math.max(
          0,
          Math.min(255, ((value - WINDOW.level + WINDOW.width / 2) / WINDOW.width) * 255),
        );
        rgb.fill(grey, (y * size * 3 + plane * size + x) * 3, (y * size * 3 + plane * size + x) * 3 + 3);
        outlines.forEach(({ mask }, n) => {
          if (maskHas(mask, Math.round(i), Math.round(j), Math.round(k))) inside[n][y * size + x] = 1;
        });
      }
    outlines.forEach((outline, n) => {
      const set = (x: number, y: number) =>
        x >= 0 && y >= 0 && x < size && y < size && inside[n][y * size + x] === 1;
      for (let y = 0; y < size; y++)
        for (let x = 0; x < size; x++)
          if (set(x, y) && !(set(x - 1, y) && set(x + 1, y) && set(x, y - 1) && set(x, y + 1)))
            rgb.set(outline.rgb, (y * size * 3 + plane * size + x) * 3);
    });
  });
  return { width: size * 3, height: size, rgb };
}

/** Pictures under each other. */
export function stacked(images: readonly RgbImage[]): RgbImage {
  const width = Math.max(1, ...images.map((image) => image.width));
  const height = images.reduce((sum, image) => sum + image.height, 0);
  const rgb = new Uint8Array(width * Math.max(1, height) * 3);
  let y0 = 0;
  for (const image of images) {
    for (let y = 0; y < image.height; y++)
      rgb.set(image.rgb.subarray(y * image.width * 3, (y + 1) * image.width * 3), (y0 + y) * width * 3);
    y0 += image.height;
  }
  return { width, height: Math.max(1, height), rgb };
}
