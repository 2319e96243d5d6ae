// The region of interest of a case as a box to crop to: around the segmented voxels, with a margin in mm.
import { sliceSpacingMm } from "#core/space";
import type { SeriesContext } from "#core/study";
import type { RunMask } from "#voxels/mask";
import type { CropBox } from "./crop.ts";

/** Round cement: the sacrum or the vertebra with its neighbours. */
export const DEFAULT_MARGIN_MM = 40;

/** The box that holds every voxel of `masks` and `marginMm` around them, within the series; null where no mask has a voxel. */
export function cropAround(
  masks: readonly RunMask[],
  { grid, instances, seriesInstanceUid }: SeriesContext,
  marginMm = DEFAULT_MARGIN_MM,
): CropBox | null {
  let [i0, i1, j0, j1, k0, k1] = [Infinity, -1, Infinity, -1, Infinity, -1];
  for (const mask of masks)
    for (let row = 0; row < mask.rows * mask.slices; row++) {
      if (mask.rowStart[row] === mask.rowStart[row + 1]) continue;
      const [j, k] = [row % mask.rows, Math.floor(row / mask.rows)];
      [j0, j1, k0, k1] = [Math.min(j0, j), Math.max(j1, j), Math.min(k0, k), Math.max(k1, k)];
      i0 = Math.min(i0, mask.start[mask.rowStart[row]]);
      i1 = Math.max(i1, mask.end[mask.rowStart[row + 1] - 1] - 1);
    }
  if (k1 < 0) return null;
  const span = (first: number, last: number, count: number, stepMm: number) => {
    const margin = Math.ceil(marginMm / stepMm);
    const from = Math.max(0, first - margin);
    return { from, count: Math.min(count - 1, last + margin) - from + 1 };
  };
  const columns = span(i0, i1, grid.columns, grid.columnSpacingMm);
  const rows = span(j0, j1, grid.rows, grid.rowSpacingMm);
  const slices = span(k0, k1, grid.slices, sliceSpacingMm(grid));
  const uids = instances.map(({ sopInstanceUid }) => sopInstanceUid);
  const kept = new Set(uids.slice(slices.from, slices.from + slices.count));
  return {
    seriesInstanceUid,
    firstColumn: columns.from,
    columns: columns.count,
    firstRow: rows.from,
    rows: rows.count,
    instances: kept,
    // A multi-frame image is one instance of many slices.
    cropped: new Set(uids.filter((uid) => !kept.has(uid))),
  };
}
