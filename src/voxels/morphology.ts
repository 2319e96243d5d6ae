// Dilation, erosion, opening, closing by a ball in mm, and filling of holes; exact on anisotropic grids.
//
// A voxel belongs to the ball when its centre is within the radius. Distances use `spacingMm(grid)`: the mean slice
// spacing, and slices taken as stacked along their normal. On tilted or uneven stacks (`isRegular` is false) the ball is
// that of the regular stack with the same mean spacing; callers who show such results say so.
import type { VoxelGrid } from "#core/space";
import { spacingMm } from "#core/space";
import { ballReach, ballRows } from "./ball.ts";
import { dilateBits } from "./bit-dilation.ts";
import { invertBits, maskFromBits, packBits } from "./bit-rows.ts";
import { boundingBox, expandBox, growBox, intersectBoxes, wholeBox } from "./box.ts";
import { type ComponentLabels, components, selectComponents } from "./components.ts";
import type { RunMask, VoxelBox } from "./mask.ts";
import { requireSameShape } from "./mask.ts";
import { complementInBox } from "./set-operations.ts";

export interface ErosionOptions {
  /**
   * What lies beyond the scan. "background" (default) erodes at the edge of the grid as anywhere else; "mask" treats a
   * part that is cut off by the scan as going on, so that the cut itself erodes nothing.
   */
  readonly beyondGrid?: "background" | "mask";
}

/** Voxels within radiusMm of a voxel of the mask, cut to the grid. */
export function dilate(mask: RunMask, grid: VoxelGrid, radiusMm: number): RunMask {
  requireSameShape(mask, grid);
  const around = boundingBox(mask);
  if (!around || !(radiusMm > 0)) return mask;
  const spacing = spacingMm(grid);
  const box = growBox(around, ballReach(spacing, radiusMm), mask);
  return maskFromBits(dilateBits(packBits(mask, box), ballRows(spacing, radiusMm), box), mask);
}

/** Voxels whose whole ball lies in the mask. */
export function erode(
  mask: RunMask,
  grid: VoxelGrid,
  radiusMm: number,
  options: ErosionOptions = {},
): RunMask {
  requireSameShape(mask, grid);
  const around = boundingBox(mask);
  if (!around || !(radiusMm > 0)) return mask;
  // One voxel of background around the box stands for all of it: from inside, none farther out is nearer.
  const grown = expandBox(around, 1);
  const box = options.beyondGrid === "mask" ? intersectBoxes(grown, wholeBox(mask)) : grown;
  const bits = packBits(mask, box);
  invertBits(bits);
  const eaten = dilateBits(bits, ballRows(spacingMm(grid), radiusMm), around);
  invertBits(eaten);
  return maskFromBits(eaten, mask, around);
}

/** Erosion, then dilation: removes what is thinner than the ball. Never adds a voxel. */
export const open = (
  mask: RunMask,
  grid: VoxelGrid,
  radiusMm: number,
  options: ErosionOptions = {},
): RunMask => dilate(erode(mask, grid, radiusMm, options), grid, radiusMm);

/**
 * Dilation, then erosion: closes gaps thinner than the ball. Never removes a voxel; the dilation may pass the edge of the
 * scan on its way, so that the edge does not eat into the mask.
 */
export function close(mask: RunMask, grid: VoxelGrid, radiusMm: number): RunMask {
  requireSameShape(mask, grid);
  const around = boundingBox(mask);
  if (!around || !(radiusMm > 0)) return mask;
  const spacing = spacingMm(grid);
  const ball = ballRows(spacing, radiusMm);
  const [ri, rj, rk] = ballReach(spacing, radiusMm);
  const box = expandBox(around, ri, rj, rk);
  const grown = dilateBits(packBits(mask, box), ball, box);
  invertBits(grown);
  // A closing stays inside the box of its mask (each half space is its own closing), and from there the ball ends inside `box`.
  const eaten = dilateBits(grown, ball, around);
  invertBits(eaten);
  return maskFromBits(eaten, mask, around);
}

/**
 * The mask with its holes filled: background that cannot reach the border of the grid through faces (6-connected).
 * A cavity that is open at the first or last slice or at the edge of the scan is not a hole.
 */
export function fillHoles3d(mask: RunMask): RunMask {
  const box = boundingBox(mask);
  if (!box) return mask;
  const background = complementInBox(mask, box);
  const labels = components(background, 6);
  const isOpen = partsAtBorder(background, labels, box);
  // What is left of the box without the open background is the mask with its holes: one pass, no union.
  return complementInBox(
    selectComponents(background, labels, (label) => isOpen[label] === 1),
    box,
  );
}

/** 1 for each label with a voxel in the outermost layer of the box, in which the whole mask lies. */
function partsAtBorder(mask: RunMask, labels: ComponentLabels, box: VoxelBox): Uint8Array {
  const atBorder = new Uint8Array(labels.count + 1);
  for (let k = box.k0; k < box.k1; k++) {
    for (let j = box.j0; j < box.j1; j++) {
      const row = k * mask.rows + j;
      const outer = k === box.k0 || k === box.k1 - 1 || j === box.j0 || j === box.j1 - 1;
      const first = mask.rowStart[row];
      const last = mask.rowStart[row + 1];
      if (first === last) continue;
      // Runs are sorted: in an inner row only the first and the last can touch a side.
      if (outer) for (let n = first; n < last; n++) atBorder[labels.labelOfRun[n]] = 1;
      if (mask.start[first] === box.i0) atBorder[labels.labelOfRun[first]] = 1;
      if (mask.end[last - 1] === box.i1) atBorder[labels.labelOfRun[last - 1]] = 1;
    }
  }
  return atBorder;
}
