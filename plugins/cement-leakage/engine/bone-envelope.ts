// Where bone would end if the cement were not there: closed over thin cortex and gaps, and bridged smoothly under the cement.
import type { Vec3, VoxelGrid } from "#core/space";
import { normalize } from "#core/space";
import { wholeBox } from "#voxels/box";
import { components, selectComponents } from "#voxels/components";
import { signedDistance } from "#voxels/distance";
import type { RunMask } from "#voxels/mask";
import { dilate } from "#voxels/morphology";
import { paintDense } from "#voxels/paint";
import { sampleField } from "#voxels/resample";
import { filledByBall } from "#voxels/rolling-ball";
import { intersection } from "#voxels/set-operations";
import type { GivenEnvelope } from "./given-envelope.ts";
import { givenInside } from "./given-envelope.ts";
import type { WorkingVolume } from "./working-volume.ts";
import { maskWhere } from "./working-volume.ts";

export interface BoneEnvelope {
  readonly grid: VoxelGrid;
  /** HU from which tissue counts as bone in this scan. */
  readonly boneHu: number;
  /** Bone seen as such (cement left out), one byte per working voxel. */
  readonly bone: Uint8Array;
  /** mm outside (positive) or inside the filled bone; canal, foramina and joints count as inside here. */
  readonly surface: Float32Array;
  /** How far the border is a guess, in mm either way: where it was bridged under cement or over a gap. */
  readonly uncertaintyMm: (p: Vec3) => number;
  surfaceMm(p: Vec3): number;
  /** Outward unit direction. */
  outward(p: Vec3): Vec3;
}

/** A ball of this radius cannot enter gaps of up to 16 mm: lytic holes, thin osteoporotic cortex, fracture lines. */
const CLOSING_MM = 8;
/** Gaps of up to 10 mm. */
const TIGHT_MM = 5;
/** Soft tissue this far from any bone is surely outside. */
const OPEN_MM = 13;
const SMALLEST_BONE_MM3 = 600;
/**
 * Thin cortex is dim where it is cut, but has something this much denser nearby; muscle that is as dim for noise or contrast has not, and
 * would close the gutter behind the sacroiliac joint. In coarse voxels the walls of a fatty ala are dim throughout, and what is denser
 * lies in a voxel that touches: as far as the diagonal.
 */
const CORE_HU = 70;
const NEAR_CORE_MM = 3;
/** The low threshold that keeps thin cortex whole lies on the outer slope of its blur: about half a millimetre outside the cortex. */
const BLUR_SHIFT_MM = 0.5;

/** Tissue noise and its level in this scan, from muscle-like voxels, decide from what HU on tissue is bone. */
export function boneThresholdHu({ hu }: WorkingVolume): number {
  const counts = new Uint32Array(200);
  for (let n = 0; n < hu.length; n += 2) if (hu[n] >= -50 && hu[n] < 150) counts[hu[n] + 50]++;
  let mode = 50;
  let most = 0;
  for (let v = 50; v < 140; v++) {
    let sum = 0;
    for (let d = -6; d <= 6; d++) sum += counts[v + d];
    if (sum > most) [most, mode] = [sum, v];
  }
  let above = 0;
  let square = 0;
  for (let v = mode; v < Math.min(200, mode + 60); v++) {
    above += counts[v];
    square += counts[v] * (v - mode) ** 2;
  }
  const sigma = Math.sqrt(square / Math.max(1, above));
  return Math.max(100, Math.min(160, mode - 50 + 25 + 1.6 * sigma));
}

/** mm outside bone as the matched other side has it, null where that is unknown; `open` where the closing on this side does not fill. */
export type OtherSide = (p: Vec3, open: boolean) => number | null;

/**
 * The envelope of the working volume. `otherSide`, where given, is the signed distance (mm) to bone as the matched other side has it;
 * what is hidden starts from there as well as from the closing. `given` is an envelope drawn elsewhere, taken as it is.
 */
export function boneEnvelope(
  work: WorkingVolume,
  otherSide?: OtherSide,
  given?: GivenEnvelope | null,
): BoneEnvelope {
  const { grid, hu } = work;
  const boneHu = boneThresholdHu(work);
  const seen = seenBone(work, boneHu);
  const bare = filledByBall(seen, grid, CLOSING_MM, OPEN_MM);
  const bone = new Uint8Array(hu.length);
  paintDense(seen, bone, 1);
  let inside = new Uint8Array(hu.length);
  paintDense(bare, inside, 1);
  if (given) inside = givenInside(given, grid, inside, bone);
  else {
    const expected = otherSide ? expectedSurface(inside, work, bone, otherSide) : null;
    bridgeUnderCement(inside, work, expected);
  }
  const filled = maskWhere(grid, (at) => inside[at] === 1);
  const mm = surfaceOf(filled, grid, given ? 0 : BLUR_SHIFT_MM);
  const surfaceMm = (p: Vec3) => sampleField(mm, grid, p);
  return {
    grid,
    boneHu,
    bone,
    surface: mm,
    surfaceMm,
    outward: (p) => {
      const d = 1.5;
      return normalize([
        surfaceMm([p[0] + d, p[1], p[2]]) - surfaceMm([p[0] - d, p[1], p[2]]),
        surfaceMm([p[0], p[1] + d, p[2]]) - surfaceMm([p[0], p[1] - d, p[2]]),
        surfaceMm([p[0], p[1], p[2] + d]) - surfaceMm([p[0], p[1], p[2] - d]),
      ]);
    },
    uncertaintyMm: (p) => borderUncertaintyMm(p, grid, bone, surfaceMm(p)),
  };
}

/** Bone that is seen: what is dim counts near what is dense, specks do not, and cement is none. */
function seenBone({ grid, hu, hidden, voxelMm = 0 }: WorkingVolume, boneHu: number): RunMask {
  const core = maskWhere(grid, (at) => hu[at] >= boneHu + CORE_HU || hidden[at] === 1);
  const dim = maskWhere(grid, (at) => hu[at] >= boneHu && hidden[at] === 0);
  const bone = intersection(dim, dilate(core, grid, Math.max(NEAR_CORE_MM, voxelMm)));
  const labels = components(bone);
  const voxelMm3 = grid.columnSpacingMm ** 3;
  return selectComponents(bone, labels, (label) => labels.voxels[label] * voxelMm3 > SMALLEST_BONE_MM3);
}

/** Signed distance (mm) to the surface of what is filled, moved inwards by `shiftMm`. */
function surfaceOf(filled: RunMask, grid: VoxelGrid, shiftMm: number): Float32Array {
  const { mm } = signedDistance(filled, grid, wholeBox(filled));
  // neighbours across the surface are one step apart either way; half a step moves the zero onto the surface
  const half = grid.columnSpacingMm / 2;
  for (let n = 0; n < mm.length; n++) mm[n] += (mm[n] > 0 ? -half : half) + shiftMm;
  return mm;
}

/**
 * mm outside bone that is closed with a smaller ball: a wide gutter between two bones, which the envelope may fill, is outside here, and
 * gaps of thin cortex are still filled. For the untreated side, where no lesion has opened the cortex.
 */
export function tightSurface(work: WorkingVolume): Float32Array {
  const seen = seenBone(work, boneThresholdHu(work));
  return surfaceOf(filledByBall(seen, work.grid, TIGHT_MM, OPEN_MM), work.grid, BLUR_SHIFT_MM);
}

/** What the other side tells is used this far from cement; beyond it bone is seen. */
const OTHER_SIDE_NEAR_MM = 22;
/** A trace and its blur hide so little that the bone seen around them tells more than the other side: what is open here stays open. */
const TRACE_REACH_MM = 4;
/** Differences smaller than this are the two sides' own. */
const OTHER_SIDE_ERROR_MM = 0.8;

/**
 * Signed distance (mm) to bone as the other side has it, for the places that are open to question: hidden ones, and soft tissue near
 * cement where the two sides differ (a lytic lesion whose cortex is gone is open to the pelvis, and no closing fills it). NaN elsewhere.
 * Starts these places as the other side has them.
 */
function expectedSurface(
  inside: Uint8Array,
  work: WorkingVolume,
  bone: Uint8Array,
  otherSide: OtherSide,
): Float32Array {
  const { grid, hidden } = work;
  const first = grid.slicePositions[0];
  const step = grid.columnSpacingMm;
  const expected = new Float32Array(inside.length).fill(NaN);
  const near = nearTo(hidden, grid, OTHER_SIDE_NEAR_MM);
  const atTrace = work.traces && nearTo(work.traces, grid, TRACE_REACH_MM);
  for (let k = 0, at = 0; k < grid.slices; k++)
    for (let j = 0; j < grid.rows; j++)
      for (let i = 0; i < grid.columns; i++, at++) {
        if (hidden[at] === 0 && (inside[at] === 1 || bone[at] === 1 || near[at] === 0)) continue;
        const p: Vec3 = [first[0] + i * step, first[1] + j * step, first[2] + k * step];
        const mm = otherSide(p, inside[at] === 0);
        if (hidden[at] === 1 && atTrace?.[at] === 1 && mm !== null && mm < 0) continue;
        if (mm === null || (hidden[at] === 0 && mm > -OTHER_SIDE_ERROR_MM)) continue;
        expected[at] = mm;
        if (mm < (hidden[at] === 1 ? -0.3 : -OTHER_SIDE_ERROR_MM)) inside[at] = 1;
      }
  return expected;
}

/** 1 within about `reachMm` of a marked place (a box, three passes). */
function nearTo(marked: Uint8Array, grid: VoxelGrid, reachMm: number): Uint8Array {
  const reach = Math.round(reachMm / grid.columnSpacingMm);
  let from = marked;
  const strides = [1, grid.columns, grid.columns * grid.rows];
  const counts = [grid.columns, grid.rows, grid.slices];
  for (let axis = 0; axis < 3; axis++) {
    const out = new Uint8Array(from.length);
    const stride = strides[axis];
    const count = counts[axis];
    for (let at = 0; at < from.length; at++) {
      if (from[at] === 0) continue;
      const n = Math.floor(at / stride) % count;
      // only the ends of a run have to be spread
      if (n > 0 && n < count - 1 && from[at - stride] === 1 && from[at + stride] === 1) {
        out[at] = 1;
        continue;
      }
      for (let m = Math.max(0, n - reach); m <= Math.min(count - 1, n + reach); m++)
        out[at + (m - n) * stride] = 1;
    }
    from = out;
  }
  return from;
}

const ROUNDS = 24;
const KERNEL_MM = 3.2;

/** How much of the ball's half the other side may decide against curvature, and at what distance (mm) it is sure. */
const OTHER_SIDE_SAYS = 0.4;
const OTHER_SIDE_SURE_MM = 4;

/**
 * Under the cement the border is unseen: there it moves by its own curvature (a place is inside when most of a small ball round it is;
 * Merriman-Bence-Osher) until it is the smallest surface over the gap. A dent that the closing ball left is filled flat; a leak on the
 * surface or beyond a neck stays outside, because going round it would make the surface larger. Only hidden voxels change, and those
 * that the other side knows better (`expected`, mm outside bone there; NaN where it says nothing), which lean its way.
 */
function bridgeUnderCement(inside: Uint8Array, work: WorkingVolume, expected: Float32Array | null): void {
  const { grid, hidden } = work;
  const { columns: nx, rows: ny, slices: nz } = grid;
  const reach = Math.max(2, Math.round(KERNEL_MM / grid.columnSpacingMm));
  const offsets: number[] = [];
  for (let k = -reach; k <= reach; k++)
    for (let j = -reach; j <= reach; j++)
      for (let i = -reach; i <= reach; i++)
        if (i * i + j * j + k * k <= reach * reach + 1) offsets.push((k * ny + j) * nx + i);
  const half = offsets.length / 2;
  const free: number[] = [];
  const needed: number[] = [];
  // at the edge of the scan the nearest full ball answers for a place: its own would lie partly outside
  const centres: number[] = [];
  const within = (n: number, count: number) => Math.max(reach, Math.min(count - 1 - reach, n));
  for (let k = 0; k < nz; k++)
    for (let j = 0; j < ny; j++) {
      const base = (k * ny + j) * nx;
      for (let i = 0; i < nx; i++) {
        const other = expected?.[base + i] ?? NaN;
        const leans = Math.max(-1, Math.min(1, other / OTHER_SIDE_SURE_MM));
        if (hidden[base + i] === 1 || !Number.isNaN(other)) {
          free.push(base + i);
          needed.push(half * (1 + (Number.isNaN(other) ? 0 : OTHER_SIDE_SAYS * leans)));
          centres.push((within(k, nz) * ny + within(j, ny)) * nx + within(i, nx));
        }
      }
    }
  const next = new Uint8Array(free.length);
  for (let round = 0; round < ROUNDS; round++) {
    let changed = 0;
    for (let n = 0; n < free.length; n++) {
      let count = 0;
      for (let m = 0; m < offsets.length; m++) count += inside[centres[n] + offsets[m]];
      next[n] = count > needed[n] ? 1 : 0;
      if (next[n] !== inside[free[n]]) changed++;
    }
    for (let n = 0; n < free.length; n++) inside[free[n]] = next[n];
    if (changed === 0) break;
  }
}

/** Distance from a border point to bone that was really seen: near cortex it is known to about half a millimetre. */
function borderUncertaintyMm(p: Vec3, grid: VoxelGrid, bone: Uint8Array, surfaceMm: number): number {
  const first = grid.slicePositions[0];
  const step = grid.columnSpacingMm;
  const at = [0, 1, 2].map((axis) => Math.round((p[axis] - first[axis]) / step));
  const reach = Math.ceil((8 + Math.max(0, surfaceMm)) / step);
  let best = 8;
  for (let k = -reach; k <= reach; k++)
    for (let j = -reach; j <= reach; j++)
      for (let i = -reach; i <= reach; i++) {
        const [x, y, z] = [at[0] + i, at[1] + j, at[2] + k];
        if (x < 0 || y < 0 || z < 0 || x >= grid.columns || y >= grid.rows || z >= grid.slices) continue;
        if (bone[(z * grid.rows + y) * grid.columns + x] === 0) continue;
        const mm = Math.hypot(i, j, k) * step - Math.max(0, surfaceMm);
        if (mm < best) best = mm;
      }
  return Math.max(0.5, Math.min(5, 0.4 * best));
}
