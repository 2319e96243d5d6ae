// The grey picture of one plane, drawn by the processor from the voxels themselves: linear interpolation, then the window. Pure.
//
// Planes along the grid are drawn row by row, from two rows of voxels at a time. A slab along the grid is projected voxel by voxel and then
// interpolated, so that it costs one look at each of its voxels. Turned planes look up eight voxels for each pixel and pass.
import type { Vec3 } from "#core/space";
import type { ImageWindow } from "#host/contract";
import { affineFromPatient, type DisplayVolume } from "./display-volume.ts";
import { patientFromScreen, type PlaneFrame } from "./planes.ts";

export interface GreyPicture {
  readonly window: ImageWindow;
  /** mm of the maximum-intensity slab; 0 for the single slice. */
  readonly slabMm: number;
}

/** Where pixel (x, y) of pass n lies in the volume: origin + x * perX + y * perY + n * perSlice, in voxels (i, j, k). */
interface Steps {
  readonly origin: Vec3;
  readonly perX: Vec3;
  readonly perY: Vec3;
  readonly perSlice: Vec3;
}

const BLACK = 0xff000000;
const TINY = 1e-7;

/**
 * Fills `image` with the plane as `frame` shows it, whose pixels are those of the image. A slab shows its maximum; outside the volume it
 * is black. Voxels end half a voxel beyond their centre.
 */
export function drawGrey(
  image: Pick<ImageData, "data" | "width" | "height">,
  display: DisplayVolume,
  frame: PlaneFrame,
  { window, slabMm }: GreyPicture,
): void {
  const steps = stepsOf(display, frame);
  const passes = Math.floor(slabMm / 2 / frame.axes.stepMm + 1e-6);
  const pixels = new Uint32Array(image.data.buffer, image.data.byteOffset, image.width * image.height);
  pixels.fill(BLACK);
  const line = new Float32Array(image.width);
  const [x, y, n] = [steps.perX, steps.perY, steps.perSlice].map(onlyAxis);
  const isAligned = x !== null && y !== null && n !== null && x !== y && y !== n && x !== n;
  const fill = isAligned
    ? alignedRows(display, steps, [x, y, n], passes, image)
    : turnedRows(display, steps, passes, image);
  const lowest = window.levelHu - window.widthHu / 2;
  const perHu = 255 / window.widthHu;
  for (let row = 0; row < image.height; row++) {
    line.fill(-Infinity);
    if (!fill(row, line)) continue;
    const out = row * image.width;
    for (let at = 0; at < line.length; at++) {
      if (line[at] === -Infinity) continue;
      const grey = (line[at] - lowest) * perHu + 0.5;
      pixels[out + at] = BLACK | ((grey < 0 ? 0 : grey > 255 ? 255 : grey | 0) * 0x010101);
    }
  }
}

/** Raises the HU of a row of pixels (-Infinity outside); whether any lies in the volume. */
type FillRow = (row: number, line: Float32Array) => boolean;

function stepsOf({ grid }: DisplayVolume, frame: PlaneFrame): Steps {
  const voxel = affineFromPatient(grid);
  const at = patientFromScreen(frame, 0.5, 0.5);
  const origin = voxel(at);
  const minus = ([i, j, k]: Vec3): Vec3 => [i - origin[0], j - origin[1], k - origin[2]];
  const { forward, stepMm } = frame.axes;
  return {
    origin,
    perX: minus(voxel(patientFromScreen(frame, 1.5, 0.5))),
    perY: minus(voxel(patientFromScreen(frame, 0.5, 1.5))),
    perSlice: minus(
      voxel([at[0] + forward[0] * stepMm, at[1] + forward[1] * stepMm, at[2] + forward[2] * stepMm]),
    ),
  };
}

function onlyAxis(step: Vec3): number | null {
  const axes = [0, 1, 2].filter((axis) => Math.abs(step[axis]) > TINY);
  return axes.length === 1 ? axes[0] : null;
}

/** For each of `count` places along one axis: the two voxels around it, as offsets into the volume, and the share of the second. */
interface Taps {
  readonly low: Int32Array;
  readonly high: Int32Array;
  readonly share: Float32Array;
  /** Places from .. to - 1 lie in the volume. */
  readonly from: number;
  readonly to: number;
}

function tapsAlong(origin: number, step: number, count: number, voxels: number, stride: number): Taps {
  const low = new Int32Array(count);
  const high = new Int32Array(count);
  const share = new Float32Array(count);
  let from = count;
  let to = 0;
  for (let n = 0; n < count; n++) {
    const at = origin + n * step;
    if (at < -0.5 || at > voxels - 0.5) continue;
    from = Math.min(from, n);
    to = n + 1;
    const inside = Math.max(0, Math.min(voxels - 1, at));
    const first = Math.floor(inside);
    low[n] = first * stride;
    high[n] = (first < voxels - 1 ? first + 1 : first) * stride;
    // What rounding leaves between two voxels is none of the second's.
    share[n] = inside - first < 1e-4 ? 0 : inside - first;
  }
  return { low, high, share, from, to };
}

function alignedRows(
  { grid, hu }: DisplayVolume,
  { origin, perX, perY, perSlice }: Steps,
  [x, y, n]: readonly number[],
  passes: number,
  { width, height }: Pick<ImageData, "width" | "height">,
): FillRow {
  const strides = [1, grid.columns, grid.columns * grid.rows];
  const voxels = [grid.columns, grid.rows, grid.slices];
  const across = tapsAlong(origin[x], perX[x], width, voxels[x], strides[x]);
  const down = tapsAlong(origin[y], perY[y], height, voxels[y], strides[y]);
  const depth = tapsAlong(
    origin[n] - passes * perSlice[n],
    perSlice[n],
    2 * passes + 1,
    voxels[n],
    strides[n],
  );
  if (across.from >= across.to) return () => false;
  // Voxels of a row that the picture shows.
  const ends = [across.from, across.to - 1].flatMap((at) => [across.low[at], across.high[at]]);
  const firstVoxel = Math.min(...ends) / strides[x];
  const lastVoxel = Math.max(...ends) / strides[x];
  const begin = firstVoxel * strides[x];
  const shown = lastVoxel - firstVoxel + 1;
  const left = across.low.map((offset) => offset / strides[x] - firstVoxel);
  const right = across.high.map((offset) => offset / strides[x] - firstVoxel);

  /** The highest of the slab at each voxel of the row at `offset`. */
  function projectInto(row: Float32Array, offset: number): void {
    row.fill(-Infinity);
    const stride = strides[x];
    for (let pass = depth.from; pass < depth.to; pass++) {
      let at = depth.low[pass] + offset + begin;
      const share = depth.share[pass];
      if (share === 0) {
        for (let m = 0; m < shown; m++, at += stride) if (hu[at] > row[m]) row[m] = hu[at];
        continue;
      }
      const further = depth.high[pass] - depth.low[pass];
      for (let m = 0; m < shown; m++, at += stride) {
        const value = hu[at] + share * (hu[at + further] - hu[at]);
        if (value > row[m]) row[m] = value;
      }
    }
  }
  /** The last two rows: several rows of the screen lie between the same two rows of voxels. */
  const kept = [0, 1].map(() => ({ offset: -1, row: new Float32Array(shown) }));
  function rowAt(offset: number, besides: number): Float32Array {
    const known = kept.find((one) => one.offset === offset);
    if (known) return known.row;
    const free = kept[0].offset === besides ? kept[1] : kept[0];
    free.offset = offset;
    projectInto(free.row, offset);
    return free.row;
  }
  return (row, line) => {
    if (row < down.from || row >= down.to || depth.from >= depth.to) return false;
    const upper = rowAt(down.low[row], down.high[row]);
    const lower = rowAt(down.high[row], down.low[row]);
    const share = down.share[row];
    for (let at = across.from; at < across.to; at++) {
      const l = left[at];
      const r = right[at];
      const first = upper[l] + share * (lower[l] - upper[l]);
      const second = upper[r] + share * (lower[r] - upper[r]);
      line[at] = first + across.share[at] * (second - first);
    }
    return true;
  };
}

function turnedRows(
  display: DisplayVolume,
  { origin, perX, perY, perSlice }: Steps,
  passes: number,
  { width }: Pick<ImageData, "width">,
): FillRow {
  return (row, line) => {
    let isInside = false;
    for (let pass = -passes; pass <= passes; pass++) {
      let i = origin[0] + row * perY[0] + pass * perSlice[0];
      let j = origin[1] + row * perY[1] + pass * perSlice[1];
      let k = origin[2] + row * perY[2] + pass * perSlice[2];
      for (let at = 0; at < width; at++, i += perX[0], j += perX[1], k += perX[2]) {
        const value = linearHu(display, i, j, k);
        if (value > line[at]) {
          line[at] = value;
          isInside = true;
        }
      }
    }
    return isInside;
  };
}

/** Trilinear between voxel centres, held constant over the outer half voxel; NaN outside the grid. */
function linearHu({ grid, hu }: DisplayVolume, i: number, j: number, k: number): number {
  const { columns, rows, slices } = grid;
  if (i < -0.5 || j < -0.5 || k < -0.5 || i > columns - 0.5 || j > rows - 0.5 || k > slices - 0.5) return NaN;
  const ci = Math.max(0, Math.min(columns - 1, i));
  const cj = Math.max(0, Math.min(rows - 1, j));
  const ck = Math.max(0, Math.min(slices - 1, k));
  const i0 = Math.floor(ci);
  const j0 = Math.floor(cj);
  const k0 = Math.floor(ck);
  const di = i0 < columns - 1 ? 1 : 0;
  const dj = j0 < rows - 1 ? columns : 0;
  const dk = k0 < slices - 1 ? columns * rows : 0;
  const wi = ci - i0;
  const wj = cj - j0;
  const wk = ck - k0;
  const base = (k0 * rows + j0) * columns + i0;
  const a = hu[base] + wi * (hu[base + di] - hu[base]);
  const b = hu[base + dj] + wi * (hu[base + dj + di] - hu[base + dj]);
  const near = a + wj * (b - a);
  if (wk === 0) return near;
  const c = hu[base + dk] + wi * (hu[base + dk + di] - hu[base + dk]);
  const d = hu[base + dk + dj] + wi * (hu[base + dk + dj + di] - hu[base + dk + dj]);
  return near + wk * (c + wj * (d - c) - near);
}
