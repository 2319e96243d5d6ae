// Masks at screen resolution: which pixels of a view a mask covers, sampled from its runs on the acquired grid. Pure.
//
// A pixel belongs to the voxel whose centre is nearest; a slab shows the projection of the voxels within it. Rows of the
// screen that run along mask rows are filled span by span; others look one voxel up per pixel, inside the mask's box only.
import type { Vec3, VoxelGrid } from "#core/space";
import { add, dot, isEvenlyStepped, patientFromVoxel, scale, spacingMm, voxelFromPatient } from "#core/space";
import { boundingBox } from "#voxels/box";
import type { RunMask, VoxelBox } from "#voxels/mask";
import { depthMm, patientFromScreen, type PlaneFrame, screenFromPatient } from "./planes.ts";

/** Covered device pixels inside a rectangle of the view; 1 where covered, `[y][x]`. */
export interface Coverage {
  readonly x0: number;
  readonly y0: number;
  readonly width: number;
  readonly height: number;
  readonly covered: Uint8Array;
}

/** The voxel index of each screen row's first pixel and its change per pixel: 6 numbers a row (i, j, k, di, dj, dk). */
interface ScreenRows {
  readonly lines: Float64Array;
  /** False where a screen row crosses the slices of an uneven stack: then it is no straight line in voxels. */
  readonly straight: boolean;
  readonly offset: Vec3;
}

const boxes = new WeakMap<RunMask, { readonly box: VoxelBox | null }>();

function cachedBox(mask: RunMask): VoxelBox | null {
  let entry = boxes.get(mask);
  if (!entry) boxes.set(mask, (entry = { box: boundingBox(mask) }));
  return entry.box;
}

/**
 * Samples masks of `grid` as `frame` shows them, in device pixels (`pixelRatio` per CSS pixel). `slabMm` 0 samples the
 * plane itself; otherwise every voxel within half a slab of the plane counts. The result gives null for a mask of which
 * nothing is visible.
 */
export function maskSampler(
  grid: VoxelGrid,
  frame: PlaneFrame,
  pixelRatio: number,
  slabMm: number,
): (mask: RunMask) => Coverage | null {
  const even = isEvenlyStepped(grid);
  const { axes } = frame;
  // Columns are the fastest index: a slab across them needs one look-up of a range instead of one per slice.
  const turned = axes.tiltDegrees > 0;
  const acrossColumns = !turned && Math.abs(dot(axes.forward, grid.rowDirection)) > 0.9999;
  const reachColumns = acrossColumns ? Math.floor(slabMm / 2 / grid.columnSpacingMm + 1e-6) : 0;
  // A turned plane crosses rows and slices askew: its slab is looked through in steps no longer than the voxel's shortest edge.
  const turnedPasses = Math.ceil(slabMm / 2 / Math.min(...spacingMm(grid)) - 1e-6);
  const ownPasses = acrossColumns ? 0 : Math.floor(slabMm / 2 / axes.stepMm + 1e-6);
  const passes = turned ? turnedPasses : ownPasses;
  const stepMm = turned ? slabMm / 2 / Math.max(1, passes) : axes.stepMm;
  const rows: ScreenRows[] = [];
  for (let n = -passes; n <= passes; n++) {
    rows.push(screenRows(grid, even, frame, pixelRatio, scale(axes.forward, n * stepMm)));
  }
  return (mask) => {
    const rect = visibleRect(grid, even, mask, frame, pixelRatio, slabMm);
    if (!rect) return null;
    const coverage: Coverage = { ...rect, covered: new Uint8Array(rect.width * rect.height) };
    for (const pass of rows) {
      if (pass.straight) sampleStraight(mask, pass.lines, reachColumns, rows.length === 1, coverage);
      else sampleEachPixel(grid, mask, frame, pixelRatio, pass.offset, reachColumns, coverage);
    }
    return coverage;
  };
}

function screenRows(
  grid: VoxelGrid,
  even: boolean,
  frame: PlaneFrame,
  pixelRatio: number,
  offset: Vec3,
): ScreenRows {
  const width = Math.round(frame.widthPx * pixelRatio);
  const height = Math.round(frame.heightPx * pixelRatio);
  const voxel = (x: number, y: number): Vec3 =>
    voxelFromPatient(
      grid,
      add(patientFromScreen(frame, (x + 0.5) / pixelRatio, (y + 0.5) / pixelRatio), offset),
    );
  const lines = new Float64Array(height * 6);
  const first = voxel(0, 0);
  const rightmost = voxel(width, 0);
  const lowest = voxel(0, height);
  let straight = true;
  for (let y = 0; y < height; y++) {
    const from = even ? first.map((v, n) => v + (y * (lowest[n] - v)) / height) : voxel(0, y);
    const to = even ? from.map((v, n) => v + rightmost[n] - first[n]) : voxel(width, y);
    for (let n = 0; n < 3; n++) {
      lines[6 * y + n] = from[n];
      lines[6 * y + 3 + n] = (to[n] - from[n]) / width;
    }
    if (!even && Math.abs(to[2] - from[2]) > 0.01) straight = false;
  }
  return { lines, straight, offset };
}

function sampleStraight(
  mask: RunMask,
  lines: Float64Array,
  reachColumns: number,
  alone: boolean,
  { x0, y0, width, height, covered }: Coverage,
): void {
  let previousI = NaN;
  let previousJ = NaN;
  let previousK = NaN;
  for (let y = 0; y < height; y++) {
    const line = 6 * (y0 + y);
    const di = lines[line + 3];
    const dj = lines[line + 4];
    const dk = lines[line + 5];
    const from: Vec3 = [lines[line] + x0 * di, lines[line + 1] + x0 * dj, lines[line + 2] + x0 * dk];
    const out = y * width;
    const inSlice = Math.abs(dk * width) < 0.01;
    const alongRow = inSlice && Math.abs(dj * width) < 0.01;
    // Neighbouring screen rows often cut the same voxels: copy instead of sampling again, unless the row above holds
    // other slices of a slab already.
    const cutJ = alongRow ? Math.round(from[1]) : from[1];
    const cutK = Math.round(from[2]);
    const same =
      cutK === previousK && Math.abs(cutJ - previousJ) < 1e-6 && Math.abs(from[0] - previousI) < 1e-6;
    if (alone && inSlice && same) {
      const above = out - width;
      for (let x = 0; x < width; x++) if (covered[above + x]) covered[out + x] = 1;
      continue;
    }
    previousI = from[0];
    previousJ = cutJ;
    previousK = cutK;
    if (alongRow) fillSpans(mask, from, di, reachColumns, width, covered, out);
    else fillPixels(mask, from, [di, dj, dk], reachColumns, width, covered, out);
  }
}

/** A screen row along the mask's columns: each run becomes one span of pixels. */
function fillSpans(
  mask: RunMask,
  from: Vec3,
  di: number,
  reachColumns: number,
  width: number,
  covered: Uint8Array,
  out: number,
): void {
  const j = Math.round(from[1]);
  const k = Math.round(from[2]);
  if (j < 0 || k < 0 || j >= mask.rows || k >= mask.slices || di === 0) return;
  const row = k * mask.rows + j;
  for (let n = mask.rowStart[row]; n < mask.rowStart[row + 1]; n++) {
    const a = (mask.start[n] - reachColumns - 0.5 - from[0]) / di;
    const b = (mask.end[n] + reachColumns - 0.5 - from[0]) / di;
    const first = Math.max(0, Math.ceil(Math.min(a, b)));
    const last = Math.min(width, Math.ceil(Math.max(a, b)));
    if (first < last) covered.fill(1, out + first, out + last);
  }
}

function fillPixels(
  mask: RunMask,
  from: Vec3,
  step: Vec3,
  reachColumns: number,
  width: number,
  covered: Uint8Array,
  out: number,
): void {
  let lastI = NaN;
  let lastJ = NaN;
  let lastK = NaN;
  let hit = false;
  for (let x = 0; x < width; x++) {
    const i = Math.round(from[0] + x * step[0]);
    const j = Math.round(from[1] + x * step[1]);
    const k = Math.round(from[2] + x * step[2]);
    if (i !== lastI || j !== lastJ || k !== lastK) {
      hit = meetsColumns(mask, i - reachColumns, i + reachColumns + 1, j, k);
      lastI = i;
      lastJ = j;
      lastK = k;
    }
    if (hit) covered[out + x] = 1;
  }
}

function sampleEachPixel(
  grid: VoxelGrid,
  mask: RunMask,
  frame: PlaneFrame,
  pixelRatio: number,
  offset: Vec3,
  reachColumns: number,
  { x0, y0, width, height, covered }: Coverage,
): void {
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const point = patientFromScreen(frame, (x0 + x + 0.5) / pixelRatio, (y0 + y + 0.5) / pixelRatio);
      const [i, j, k] = voxelFromPatient(grid, add(point, offset)).map(Math.round);
      if (meetsColumns(mask, i - reachColumns, i + reachColumns + 1, j, k)) covered[y * width + x] = 1;
    }
  }
}

/** Whether the mask has a voxel in columns [i0, i1) of row (j, k). */
function meetsColumns(mask: RunMask, i0: number, i1: number, j: number, k: number): boolean {
  if (j < 0 || k < 0 || j >= mask.rows || k >= mask.slices) return false;
  const row = k * mask.rows + j;
  const last = mask.rowStart[row + 1];
  let low = mask.rowStart[row];
  let high = last;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (mask.end[middle] <= i0) low = middle + 1;
    else high = middle;
  }
  return low < last && mask.start[low] < i1;
}

/** The device pixels that the mask's box can touch, or null when the box misses the slab or the screen. */
function visibleRect(
  grid: VoxelGrid,
  even: boolean,
  mask: RunMask,
  frame: PlaneFrame,
  pixelRatio: number,
  slabMm: number,
): Omit<Coverage, "covered"> | null {
  const box = cachedBox(mask);
  if (!box) return null;
  let left = Infinity;
  let right = -Infinity;
  let top = Infinity;
  let bottom = -Infinity;
  let nearest = Infinity;
  let farthest = -Infinity;
  // In an uneven stack the slices may be shifted against each other, so every slice's corners count.
  for (let k = box.k0; k <= box.k1; k += even ? Math.max(1, box.k1 - box.k0) : 1) {
    for (const i of [box.i0 - 0.5, box.i1 - 0.5]) {
      for (const j of [box.j0 - 0.5, box.j1 - 0.5]) {
        const corner = patientFromVoxel(grid, i, j, k - 0.5);
        const [x, y] = screenFromPatient(frame, corner);
        const depth = depthMm(frame, corner);
        left = Math.min(left, x);
        right = Math.max(right, x);
        top = Math.min(top, y);
        bottom = Math.max(bottom, y);
        nearest = Math.min(nearest, depth);
        farthest = Math.max(farthest, depth);
      }
    }
  }
  const reach = slabMm / 2 + 1e-3;
  if (nearest > reach || farthest < -reach) return null;
  const x0 = Math.max(0, Math.floor(left * pixelRatio) - 1);
  const y0 = Math.max(0, Math.floor(top * pixelRatio) - 1);
  const x1 = Math.min(Math.round(frame.widthPx * pixelRatio), Math.ceil(right * pixelRatio) + 2);
  const y1 = Math.min(Math.round(frame.heightPx * pixelRatio), Math.ceil(bottom * pixelRatio) + 2);
  return x1 > x0 && y1 > y0 ? { x0, y0, width: x1 - x0, height: y1 - y0 } : null;
}
