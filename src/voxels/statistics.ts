// What a mask holds: voxels, mm3, HU, the clipped share, and where it meets the edge of the scan.
import type { Vec3, VoxelGrid } from "#core/space";
import { patientFromVoxel, voxelVolumeMm3 } from "#core/space";
import type { CtVolume } from "#core/volume";
import type { ComponentLabels } from "./components.ts";
import type { RunMask } from "./mask.ts";
import { forEachRun, requireSameShape } from "./mask.ts";

/** Sides of the acquired grid that a mask touches: beyond them its extent is unknown ("at least x mL"). */
export interface EdgeContact {
  readonly firstSlice: boolean;
  readonly lastSlice: boolean;
  readonly firstRow: boolean;
  readonly lastRow: boolean;
  readonly firstColumn: boolean;
  readonly lastColumn: boolean;
}

/** `null` where an empty mask has no answer. */
export interface MaskStatistics {
  readonly voxels: number;
  /** Sum of each voxel's own box (`voxelVolumeMm3` of its slice), so that uneven slices add up. */
  readonly volumeMm3: number;
  readonly huMean: number | null;
  readonly huMin: number | null;
  readonly huMax: number | null;
  /** Population standard deviation (divided by n), voxels weighted equally. */
  readonly huSd: number | null;
  /** Share 0 .. 1 of voxels at or above `clippedAtHu`; 0 for a volume without clipping. Above 0, mean and max are lower bounds. */
  readonly clippedShare: number;
  readonly touchesEdge: EdgeContact;
  /** Patient point (mm, LPS): mean of voxel centres, each weighted by its volume. */
  readonly centroidPatient: Vec3 | null;
}

export const touchesAnyEdge = (contact: EdgeContact): boolean => Object.values(contact).some(Boolean);

/** Sums over voxels, all exact whole numbers except those weighted by volume. */
class Tally {
  voxels = 0;
  volumeMm3 = 0;
  #huSum = 0;
  #squareSum = 0;
  #shift = 0;
  #min = 32767;
  #max = -32768;
  #clipped = 0;
  // Moments per slice, because only the slice knows its position and thickness.
  #k = -1;
  #sliceVoxels = 0;
  #sliceSumI = 0;
  #sliceSumJ = 0;
  #weighted: [number, number, number] = [0, 0, 0];
  #edge = {
    firstSlice: false,
    lastSlice: false,
    firstRow: false,
    lastRow: false,
    firstColumn: false,
    lastColumn: false,
  };

  addRun(volume: CtVolume, j: number, k: number, start: number, end: number): void {
    const { grid, hu } = volume;
    if (k !== this.#k) {
      this.#closeSlice(grid);
      this.#k = k;
    }
    const length = end - start;
    const offset = (k * grid.rows + j) * grid.columns;
    const ceiling = volume.clippedAtHu ?? Infinity;
    // Squares about a value of the mask itself, so that a small SD at a high mean keeps its digits.
    if (this.voxels === 0) this.#shift = hu[offset + start];
    const shift = this.#shift;
    let sum = 0;
    let squares = 0;
    let min = this.#min;
    let max = this.#max;
    let clipped = 0;
    for (let at = offset + start; at < offset + end; at++) {
      const v = hu[at];
      const d = v - shift;
      sum += d;
      squares += d * d;
      if (v < min) min = v;
      if (v > max) max = v;
      if (v >= ceiling) clipped++;
    }
    this.#huSum += sum;
    this.#squareSum += squares;
    this.#min = min;
    this.#max = max;
    this.#clipped += clipped;
    this.voxels += length;
    this.#sliceVoxels += length;
    this.#sliceSumI += ((start + end - 1) * length) / 2;
    this.#sliceSumJ += j * length;
    const edge = this.#edge;
    if (k === 0) edge.firstSlice = true;
    if (k === grid.slices - 1) edge.lastSlice = true;
    if (j === 0) edge.firstRow = true;
    if (j === grid.rows - 1) edge.lastRow = true;
    if (start === 0) edge.firstColumn = true;
    if (end === grid.columns) edge.lastColumn = true;
  }

  #closeSlice(grid: VoxelGrid): void {
    if (this.#sliceVoxels === 0) return;
    const n = this.#sliceVoxels;
    const mm3 = n * voxelVolumeMm3(grid, this.#k);
    const centre = patientFromVoxel(grid, this.#sliceSumI / n, this.#sliceSumJ / n, this.#k);
    this.volumeMm3 += mm3;
    for (let axis = 0; axis < 3; axis++) this.#weighted[axis] += mm3 * centre[axis];
    this.#sliceVoxels = 0;
    this.#sliceSumI = 0;
    this.#sliceSumJ = 0;
  }

  finish(grid: VoxelGrid): MaskStatistics {
    this.#closeSlice(grid);
    const n = this.voxels;
    const empty = n === 0;
    const mean = this.#huSum / n;
    const [x, y, z] = this.#weighted;
    return {
      voxels: n,
      volumeMm3: this.volumeMm3,
      huMean: empty ? null : this.#shift + mean,
      huMin: empty ? null : this.#min,
      huMax: empty ? null : this.#max,
      huSd: empty ? null : Math.sqrt(Math.max(0, this.#squareSum / n - mean * mean)),
      clippedShare: empty ? 0 : this.#clipped / n,
      touchesEdge: { ...this.#edge },
      centroidPatient: empty ? null : [x / this.volumeMm3, y / this.volumeMm3, z / this.volumeMm3],
    };
  }
}

/** Statistics of one mask. Throws RangeError when mask and volume are on different grids. */
export function maskStatistics(mask: RunMask, volume: CtVolume): MaskStatistics {
  requireSameShape(mask, volume.grid);
  const tally = new Tally();
  forEachRun(mask, (j, k, start, end) => tally.addRun(volume, j, k, start, end));
  return tally.finish(volume.grid);
}

/** Statistics of every part in one pass, indexed by label; entry 0 is that of an empty mask. */
export function componentStatistics(
  mask: RunMask,
  labels: ComponentLabels,
  volume: CtVolume,
): MaskStatistics[] {
  requireSameShape(mask, volume.grid);
  const tallies = Array.from({ length: labels.count + 1 }, () => new Tally());
  forEachRun(mask, (j, k, start, end, run) =>
    tallies[labels.labelOfRun[run]].addRun(volume, j, k, start, end),
  );
  return tallies.map((tally) => tally.finish(volume.grid));
}

/** Volume alone, without reading HU: mm3, slice by slice. */
export function maskVolumeMm3(mask: RunMask, grid: VoxelGrid): number {
  requireSameShape(mask, grid);
  let total = 0;
  for (let k = 0; k < mask.slices; k++) {
    let voxels = 0;
    const last = mask.rowStart[(k + 1) * mask.rows];
    for (let n = mask.rowStart[k * mask.rows]; n < last; n++) voxels += mask.end[n] - mask.start[n];
    if (voxels > 0) total += voxels * voxelVolumeMm3(grid, k);
  }
  return total;
}
