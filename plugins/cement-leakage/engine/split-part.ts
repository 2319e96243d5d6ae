// Splitting a part without drawing: where it is loose already, else at its narrowest neck.
import type { VoxelGrid } from "#core/space";
import type { RunMask } from "#voxels/mask";
import { erode } from "#voxels/morphology";
import { difference, union, unionAll } from "#voxels/set-operations";
import { maskVolumeMm3 } from "#voxels/statistics";
import { partsOf } from "./cement-mask.ts";
import { regrow } from "./regrow.ts";

/** A piece below this is noise, not a leak (DOMAIN §1.6). */
const LEAST_PIECE_MM3 = 5;
/** Radii in mm that are taken off until the part falls apart; a neck wider than twice the last is none. */
const NECK_RADII_MM = [0.5, 0.8, 1.1, 1.5, 2, 2.6, 3.3, 4.2, 5.2];

/** The pieces, largest first, which together are the part; the part alone where it has no neck. */
export function splitPart(part: RunMask, grid: VoxelGrid): RunMask[] {
  const loose = partsOf(part, grid, LEAST_PIECE_MM3);
  if (loose.length > 1) return whole(part, loose, grid);
  for (const radiusMm of NECK_RADII_MM) {
    const cores = partsOf(erode(part, grid, radiusMm), grid, 0.5);
    if (cores.length < 2) continue;
    const grown = regrow(new Map(cores.map((core, n) => [String(n), core])), part, grid).carried;
    const pieces = [...grown.values()].filter((piece) => maskVolumeMm3(piece, grid) >= LEAST_PIECE_MM3);
    if (pieces.length > 1) return whole(part, pieces, grid);
  }
  return [part];
}

/** Crumbs stay with the largest piece: no voxel is lost. */
function whole(part: RunMask, pieces: readonly RunMask[], grid: VoxelGrid): RunMask[] {
  const [largest, ...others] = pieces.toSorted((a, b) => maskVolumeMm3(b, grid) - maskVolumeMm3(a, grid));
  return [union(largest, difference(part, unionAll(grid, pieces))), ...others];
}
