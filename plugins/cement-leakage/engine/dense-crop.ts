// A small dense window into a volume or mask, for work that looks at neighbours; runs stay the form that leaves the engine.
import type { VoxelGrid } from "#core/space";
import { spacingMm } from "#core/space";
import { boundingBox, growBoxMm } from "#voxels/box";
import type { MaskShape, RunMask, VoxelBox } from "#voxels/mask";
import { RunBuilder } from "#voxels/mask";

/** One byte per voxel of `box`, `[k][j][i]`, i fastest, relative to the box's lower corner. */
export interface DenseCrop {
  readonly box: VoxelBox;
  readonly nx: number;
  readonly ny: number;
  readonly nz: number;
  readonly bytes: Uint8Array;
}

export function emptyCrop(box: VoxelBox): DenseCrop {
  const nx = box.i1 - box.i0;
  const ny = box.j1 - box.j0;
  const nz = box.k1 - box.k0;
  return { box, nx, ny, nz, bytes: new Uint8Array(nx * ny * nz) };
}

/** The mask's bytes (0 or 1) in `box`. */
export function cropOfMask(mask: RunMask, box: VoxelBox): DenseCrop {
  const crop = emptyCrop(box);
  paintMask(crop, mask, 1);
  return crop;
}

/** Writes `value` wherever the mask is set inside the crop. */
export function paintMask(crop: DenseCrop, mask: RunMask, value: number): void {
  const { box, nx, ny, bytes } = crop;
  for (let k = box.k0; k < box.k1; k++) {
    for (let j = box.j0; j < box.j1; j++) {
      const row = k * mask.rows + j;
      const base = ((k - box.k0) * ny + (j - box.j0)) * nx;
      for (let n = mask.rowStart[row]; n < mask.rowStart[row + 1]; n++) {
        const from = Math.max(mask.start[n], box.i0);
        const to = Math.min(mask.end[n], box.i1);
        if (to > from) bytes.fill(value, base + from - box.i0, base + to - box.i0);
      }
    }
  }
}

/** The voxels of the crop that `accept` takes, as runs on the whole grid. */
export function maskOfCrop(shape: MaskShape, crop: DenseCrop, accept: (value: number) => boolean): RunMask {
  const { box, nx, ny, nz, bytes } = crop;
  const wanted = new Uint8Array(256);
  for (let value = 0; value < 256; value++) wanted[value] = accept(value) ? 1 : 0;
  const builder = new RunBuilder(shape);
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      const base = (k * ny + j) * nx;
      const row = (k + box.k0) * shape.rows + j + box.j0;
      let i = 0;
      while (i < nx) {
        if (wanted[bytes[base + i]] === 0) {
          i++;
          continue;
        }
        const first = i++;
        while (i < nx && wanted[bytes[base + i]] === 1) i++;
        builder.add(row, first + box.i0, i + box.i0);
      }
    }
  }
  return builder.finish();
}

/** The mask's box grown by `marginMm` and cut to the grid; null for an empty mask. */
export function boxAround(mask: RunMask, grid: VoxelGrid, marginMm: number): VoxelBox | null {
  const box = boundingBox(mask);
  return box ? growBoxMm(box, marginMm, grid) : null;
}

/** Offsets (in crop voxels) of a ball of `radiusMm` on the grid's spacing, with their distances in mm; the centre is left out. */
export function ballOffsets(
  grid: VoxelGrid,
  radiusMm: number,
): { di: number; dj: number; dk: number; mm: number }[] {
  const [sx, sy, sz] = spacingMm(grid);
  const reach = (s: number) => Math.max(1, Math.floor(radiusMm / s));
  const out: { di: number; dj: number; dk: number; mm: number }[] = [];
  for (let dk = -reach(sz); dk <= reach(sz); dk++)
    for (let dj = -reach(sy); dj <= reach(sy); dj++)
      for (let di = -reach(sx); di <= reach(sx); di++) {
        const mm = Math.hypot(di * sx, dj * sy, dk * sz);
        // at least the face neighbours, however thick the slices are
        const face = Math.abs(di) + Math.abs(dj) + Math.abs(dk) === 1;
        if (mm > 0 && (mm <= radiusMm || face)) out.push({ di, dj, dk, mm });
      }
  return out;
}
