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
import { componentBoxes, components, selectComponents } from "./components.ts";
import type { RunMask, VoxelBox } from "./mask.ts";
import { emptyMask, requireSameShape } from "./mask.ts";
import { complementInBox, union } from "./set-operations.ts";

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
  return box ? union(mask, holesInBox(mask, box)) : mask;
}

/** Background of the box that does not reach the box's border. */
function holesInBox(mask: RunMask, box: VoxelBox): RunMask {
  const background = complementInBox(mask, box);
  const labels = components(background, 6);
  if (labels.count === 0) return emptyMask(mask);
  const boxes = componentBoxes(background, labels);
  return selectComponents(background, labels, (label) => {
    const b = boxes[label];
    return b.i0 > box.i0 && b.j0 > box.j0 && b.k0 > box.k0 && b.i1 < box.i1 && b.j1 < box.j1 && b.k1 < box.k1;
  });
}
