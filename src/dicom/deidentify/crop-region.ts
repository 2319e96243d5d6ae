// The region of interest of a case as a box to crop to: around the segmented voxels, with a margin in mm.
import { sliceSpacingMm } from "#core/space";
import type { SeriesContext } from "#core/study";
import type { RunMask } from "#voxels/mask";
import type { CropBox } from "./crop.ts";

/** Round cement: the sacrum or the vertebra with its neighbours. */
export const DEFAULT_MARGIN_MM = 40;

/** What stays of a series, in voxels of its grid. */
export interface CropRegion {
  readonly firstColumn: number;
  readonly columns: number;
  readonly firstRow: number;
  readonly rows: number;
  readonly firstSlice: number;
  readonly slices: number;
}

/** The box of a region that someone chose, within the series. */
export function cropTo(region: CropRegion, { grid, instances, seriesInstanceUid }: SeriesContext): CropBox {
  const within = (first: number, count: number, all: number) => {
    const from = Math.max(0, Math.min(all - 1, Math.round(first)));
    return { from, count: Math.max(1, Math.min(all - from, Math.round(count))) };
  };
  const columns = within(region.firstColumn, region.columns, grid.columns);
  const rows = within(region.firstRow, region.rows, grid.rows);
  const slices = within(region.firstSlice, region.slices, grid.slices);
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

/** The region of interest: what holds every voxel of `masks` and `marginMm` around them, within the series; null where no mask has a voxel. */
export function regionAround(
  masks: readonly RunMask[],
  { grid }: Pick<SeriesContext, "grid">,
  marginMm = DEFAULT_MARGIN_MM,
): CropRegion | null {
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
  return {
    firstColumn: columns.from,
    columns: columns.count,
    firstRow: rows.from,
    rows: rows.count,
    firstSlice: slices.from,
    slices: slices.count,
  };
}

/** The box of `regionAround`. */
export function cropAround(
  masks: readonly RunMask[],
  series: SeriesContext,
  marginMm = DEFAULT_MARGIN_MM,
): CropBox | null {
  const region = regionAround(masks, series, marginMm);
  return region && cropTo(region, series);
}
