// A small picture of what was marked in a case, seen from the front, for the list of saved cases: marks only, no CT.
import type { VoxelGrid } from "#core/space";
import type { OverlayLayer } from "./contract.ts";

/** Cells from the head down and from the patient's right (screen left); each "." or the digit of its colour. */
export interface CasePicture {
  readonly columns: number;
  readonly rows: number;
  /** At most nine, "#rrggbb". */
  readonly colors: readonly string[];
  readonly cells: string;
}

/** Cells across the longer side. */
const CELLS = 48;
const MARGIN_MM = 6;
const SHORTEST_SIDE_MM = 60;

/** Each run as its two ends, patient x and z in mm. */
function* runEnds(
  { mask }: OverlayLayer,
  grid: VoxelGrid,
): Generator<readonly [number, number, number, number]> {
  const alongX = grid.rowDirection[0] * grid.columnSpacingMm;
  const alongZ = grid.rowDirection[2] * grid.columnSpacingMm;
  const downX = grid.columnDirection[0] * grid.rowSpacingMm;
  const downZ = grid.columnDirection[2] * grid.rowSpacingMm;
  for (let row = 0; row < mask.rows * mask.slices; row++) {
    if (mask.rowStart[row] === mask.rowStart[row + 1]) continue;
    const origin = grid.slicePositions[Math.floor(row / mask.rows)];
    const x = origin[0] + downX * (row % mask.rows);
    const z = origin[2] + downZ * (row % mask.rows);
    for (let n = mask.rowStart[row]; n < mask.rowStart[row + 1]; n++) {
      const [from, to] = [mask.start[n], mask.end[n] - 1];
      yield [x + alongX * from, z + alongZ * from, x + alongX * to, z + alongZ * to];
    }
  }
}

/** Null when no layer that is drawn in 3D holds a voxel. Later layers lie on top. */
export function casePicture(layers: readonly OverlayLayer[], grid: VoxelGrid): CasePicture | null {
  const shown = layers.filter(({ surface }) => surface);
  let [left, right, low, high] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const layer of shown)
    for (const [x0, z0, x1, z1] of runEnds(layer, grid)) {
      left = Math.min(left, x0, x1);
      right = Math.max(right, x0, x1);
      low = Math.min(low, z0, z1);
      high = Math.max(high, z0, z1);
    }
  if (left > right) return null;
  const wide = Math.max(right - left + 2 * MARGIN_MM, SHORTEST_SIDE_MM);
  const tall = Math.max(high - low + 2 * MARGIN_MM, SHORTEST_SIDE_MM);
  const cellMm = Math.max(wide, tall) / CELLS;
  const columns = Math.ceil(wide / cellMm);
  const rows = Math.ceil(tall / cellMm);
  const firstX = (left + right - wide) / 2;
  const topZ = (low + high + tall) / 2;
  const cells = new Uint8Array(columns * rows);
  const colors: string[] = [];
  for (const layer of shown) {
    if (!colors.includes(layer.color) && colors.length < 9) colors.push(layer.color);
    const color = colors.indexOf(layer.color) + 1;
    for (const [x0, z0, x1, z1] of runEnds(layer, grid)) {
      const steps = Math.max(1, Math.ceil(Math.hypot(x1 - x0, z1 - z0) / cellMm));
      for (let n = 0; n <= steps; n++) {
        const column = Math.floor((x0 + ((x1 - x0) * n) / steps - firstX) / cellMm);
        const row = Math.floor((topZ - z0 - ((z1 - z0) * n) / steps) / cellMm);
        if (column >= 0 && row >= 0 && column < columns && row < rows) cells[row * columns + column] = color;
      }
    }
  }
  return {
    columns,
    rows,
    colors,
    cells: Array.from(cells, (cell) => (cell === 0 ? "." : String(cell))).join(""),
  };
}
