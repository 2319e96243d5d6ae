// How much cement a leak on bone holds: soft tissue on one side and cortex on the other, its border with bone drawn by the image.
import type { Vec3, VoxelGrid } from "#core/space";
import { patientFromVoxel, scale, sliceNormal, spacingMm, voxelVolumeMm3 } from "#core/space";
import type { CtVolume } from "#core/volume";
import { boundingBox, boxVoxels } from "#voxels/box";
import { distanceToMaskMm } from "#voxels/distance";
import type { RunMask, VoxelBox } from "#voxels/mask";
import { complementInBox, union } from "#voxels/set-operations";
import { maskVolumeMm3 } from "#voxels/statistics";
import { blurredPlateau } from "./blurred-plateau.ts";
import { borderShift } from "./border-shift.ts";
import { boxAround, cropOfMask, emptyCrop, maskOfCrop } from "./dense-crop.ts";
import { BLUR_MM, leakBackground, type AroundLeak } from "./leak-background.ts";
import { standardErrorAboveMm3, standardErrorMm3 } from "./leak-volume-error.ts";
import { shareAmidMetal } from "./metal-near.ts";
import { estimateVolume, volumeNotes, type VolumeEstimate } from "./volume-estimate.ts";

export interface LeakSurroundings {
  /** Other cement: the cast, other leaks. */
  readonly others: RunMask;
  /** Plateau of this patient's cement where it is thick. */
  readonly cementHu: number;
  /** Joined to the cement inside bone: then a neck leads on into bone. */
  readonly attached: boolean;
  /** How far the border with bone is a guess there, mm either way. */
  readonly borderMm: number;
  /** mm outside bone (positive) or inside it (negative) of each voxel of a box, `[k][j][i]`; of a leak in the canal: inside the canal or beyond its wall. */
  depthMm(box: VoxelBox): Float32Array;
  /** The border between free space (0) and bone (1), mm of depth: where what lies behind the cement changes from soft tissue to cortex. */
  readonly boneRampMm: readonly [number, number];
  /** Depth tells what lies behind wherever the part lies. Not so in the canal: its walls differ, and depth does not say which one is near. */
  readonly alikeAtDepth: boolean;
}

/** What lies around is sampled this far from the part. */
const AROUND_MM = 8;
/** A part and its blur, measured from the centres of its outermost voxels. */
const HALO_MM = 1.5;
/** Farther into bone than this nothing is counted as part of an attached leak: the envelope's own error. */
const INTO_BONE_MM = 1.6;
/** Cement that is followed from a detached leak under the envelope (a vein into its foramen, a leak that passes for bone). */
const FOLLOW_MM = 5;
/** Farther out than this there is no cortex, and cement is followed this far from the part down to this share of its contrast. */
const FREE_OF_CORTEX_MM = 1.7;
const FOLLOW_FREE_MM = 8;
const FAINT = 0.3;
/** More than this many times the part itself is no continuation: dense bone was followed. */
const MOST_GROWTH = 1.2;
/** An estimate below this share of the counted voxels is none. */
const LEAST_OF_COUNT = 0.4;
const LAYER_MM = 0.4;
/** What lies this near to a part has a share in how it looks blurred once more. */
const PLATEAU_MM = 3;
/** Slices thicker than this mix cement and cortex: bone under a part has no HU of its own then, nor has a thin part. */
const THIN_SLICE_MM = 1.5;
/** A leak's cement against the plateau of the cast, which is its densest part. */
const LEAK_OF_CAST = 0.88;
/** The more the blur takes from a part, the more the cast's plateau says of its cement: never more than half. */
const CAST_SAYS = 1.5;
const CAST_SAYS_MOST = 0.5;
/** What shows less of its plateau than this is a vein with soft tissue about it: its seat on bone is left where the envelope has it. */
const SEATED = 0.86;
/** Free tissue begins this far beyond the border with bone. */
const FREE_MM = 0.6;
/** Cement is uneven: its densest clumps are above its mean as its palest are below. */
const DENSEST = 1.4;
/** Blur of a scanner's kernel with the voxel's own extent, one standard deviation. */
const SIGMA_MM = 0.64;

const quantile = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.length === 0 ? NaN : sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
};

/** The grid with slices no thicker than 1.5 mm: distances on it reach the next slice, which shares a thick slice's border voxels. */
function reachGrid(grid: VoxelGrid): VoxelGrid {
  const [, , sz] = spacingMm(grid);
  if (sz <= THIN_SLICE_MM) return grid;
  const normal = sliceNormal(grid);
  return { ...grid, slicePositions: grid.slicePositions.map((_, k) => scale(normal, THIN_SLICE_MM * k)) };
}

/** `depth` at the centre of each voxel of a box, `[k][j][i]`. */
export function depthWhere(grid: VoxelGrid, box: VoxelBox, depth: (p: Vec3) => number): Float32Array {
  const out = new Float32Array(boxVoxels(box));
  forEachVoxel(emptyCrop(box), (at, i, j, k) => {
    out[at] = depth(patientFromVoxel(grid, i, j, k));
  });
  return out;
}

/**
 * Signed distance (mm) of each voxel of a box for a leak in the canal: positive inside `has`, negative beyond. Half a voxel is taken off
 * so that zero lies on the border.
 */
export function depthInside(grid: VoxelGrid, box: VoxelBox, has: (p: Vec3) => boolean): Float32Array {
  const crop = emptyCrop(box);
  forEachVoxel(crop, (at, i, j, k) => {
    if (has(patientFromVoxel(grid, i, j, k))) crop.bytes[at] = 1;
  });
  const inside = maskOfCrop(grid, crop, (value) => value === 1);
  const beyond = maskOfCrop(grid, crop, (value) => value === 0);
  const toInside = distanceToMaskMm(inside, grid, box).mm;
  const toBeyond = distanceToMaskMm(beyond, grid, box).mm;
  const half = grid.columnSpacingMm / 2;
  return toInside.map((mm, n) => (crop.bytes[n] === 1 ? toBeyond[n] - half : half - mm));
}

type Window = ReturnType<typeof emptyCrop>;

function forEachVoxel({ box }: Window, visit: (at: number, i: number, j: number, k: number) => void): void {
  let at = 0;
  for (let k = box.k0; k < box.k1; k++)
    for (let j = box.j0; j < box.j1; j++) for (let i = box.i0; i < box.i1; i++) visit(at++, i, j, k);
}

/**
 * Sum over the part, what continues it below the envelope, and their blur, of the share of each voxel that cement fills:
 * (HU - B) / (C - B). B is soft tissue outside bone and cortex at its surface, both sampled around the part where no cement is near;
 * C is the plateau of a thick part, or what the top of a thin one would be without the blur. Below the envelope only what is wider than
 * the neck is counted. The interval comes from the errors of C, of B and of the border with bone.
 */
export function estimateLeakVolume(
  volume: CtVolume,
  part: RunMask,
  around: LeakSurroundings,
): VolumeEstimate {
  const { grid } = volume;
  const box = boxAround(part, grid, AROUND_MM + 2);
  if (!box) return { mm3: 0, ci95Mm3: [0, 0], notes: [] };
  const reach = reachGrid(grid);
  const depth = around.depthMm(box).slice();
  const hu = huOf(volume, box);
  const own = cropOfMask(part, box);
  const other = cropOfMask(around.others, box);
  const toPart = distanceToMaskMm(part, reach, box).mm;
  const toCement = distanceToMaskMm(union(part, around.others), reach, box).mm;
  const coarse = spacingMm(grid)[2] > THIN_SLICE_MM;
  const nearby = { grid, box, hu, depth, toPart, toCement };
  const look = () => {
    const found = surroundings(hu, depth, toPart, toCement);
    const behind = behindLeak(nearby, around, coarse, found.softHu, found.boneHu);
    const plateau = coarse ? null : plateauThroughBlur(volume, box, hu, own, depth, toPart, around, behind);
    return { ...found, behind, plateau };
  };
  let seen = look();
  if (around.alikeAtDepth && seen.plateau && seen.plateau.kept >= SEATED) {
    const shift = borderShift(nearby, distanceToMaskMm(around.others, reach, box).mm);
    for (let n = 0; n < depth.length; n++) depth[n] -= shift[n];
    seen = look();
  }
  const { softHu, boneHu, behind, plateau } = seen;
  const thick = plateauOf(volume, part, box, hu, own, depth);
  const fromCast = coarse && !thick.thick ? LEAK_OF_CAST * around.cementHu : 0;
  const cementHu = Math.max(plateau?.hu ?? thick.hu, boneHu + 250, fromCast);

  const { bytes: grown, gained } = grow(own, hu, depth, {
    leastHu: boneHu + (around.attached ? 0.4 : 0.3) * (cementHu - boneHu),
    leastFreeHu: softHu + FAINT * (cementHu - softHu),
    deepestMm: around.attached ? -INTO_BONE_MM - LAYER_MM : -FOLLOW_MM,
    barred: (at) => coarse || (other.bytes[at] === 1 && depth[at] > LAYER_MM),
    // through a neck the cast is near: what is followed there stays under the part itself
    farthestMm: around.attached ? 2.4 : Infinity,
    toPart,
  });
  const toGrown = distanceToMaskMm(
    maskOfCrop(grid, { ...own, bytes: grown }, (value) => value === 1),
    reach,
    box,
  ).mm;
  const foreign = {
    ...own,
    bytes: other.bytes.map((value, n) => (value === 1 && grown[n] === 0 && depth[n] > LAYER_MM ? 1 : 0)),
  };
  const toForeign = distanceToMaskMm(
    maskOfCrop(grid, foreign, (value) => value === 1),
    reach,
    box,
  ).mm;

  const layers = new Map<number, number>();
  let softMm3 = 0;
  forEachVoxel(own, (at, _i, _j, k) => {
    if (toGrown[at] > HALO_MM || (grown[at] === 0 && toForeign[at] <= toGrown[at])) return;
    const here = behind.at(at);
    // what fills a voxel took the place of what was there; blur beside it comes from cement in soft tissue
    const share =
      (hu[at] - here) / (cementHu - (behind.measured && grown[at] === 0 ? behind.soft(at) : here));
    // noise below the surroundings may count against what is above; where bone is only guessed at it may not
    const least = behind.measured ? -0.3 : behind.inBone(at) > 0.5 ? 0 : -0.15;
    const filled = Math.max(least, Math.min(behind.measured ? DENSEST : 1, share));
    const mm3 = voxelVolumeMm3(grid, k);
    const layer = Math.floor(depth[at] / LAYER_MM);
    layers.set(layer, (layers.get(layer) ?? 0) + filled * mm3);
    if (share < 0.95) softMm3 += mm3;
  });
  const at = (layer: number) => layers.get(layer) ?? 0;
  let mm3 = 0;
  for (const [layer, sum] of layers) if (layer >= 0) mm3 += sum;
  const last = -Math.round(INTO_BONE_MM / LAYER_MM);
  const neck = around.attached ? (at(last) + at(last - 1)) / 2 : 0;
  const stop = around.attached ? last : -Math.round((FOLLOW_MM + HALO_MM) / LAYER_MM);
  for (let layer = -1; layer >= stop; layer--) mm3 += Math.max(0, at(layer) - neck);
  const contactMm2 = (at(0) + at(1) + at(2) + at(-1)) / (4 * LAYER_MM);
  // far below the voxels that were found: the part does not lie where `depthMm` says it can, and bone tells nothing of it
  if (mm3 < LEAST_OF_COUNT * maskVolumeMm3(part, grid))
    return estimateVolume(volume, part, { cementHu: around.cementHu, others: around.others });
  const kept = plateau?.kept ?? 1;
  const amidMetal = shareAmidMetal(volume, part, [part, around.others]);
  const { k0, k1 } = boundingBox(part) ?? box;
  const measure = {
    ...{ mm3, contactMm2, softMm3, gained, thick: thick.thick, kept, coarse, amidMetal },
    slices: k1 - k0,
  };
  const below = standardErrorMm3(measure, around);
  const above = standardErrorAboveMm3(measure, around);
  return {
    mm3,
    ci95Mm3: [Math.max(0, mm3 - 1.96 * below), mm3 + 1.96 * above],
    notes: [...volumeNotes(volume, part), ...(amidMetal > 0 ? [METAL_NOTE] : [])],
  };
}

const METAL_NOTE = {
  en: "Metal lies in the same slices: its streaks make this volume less certain",
  zh: "同层有金属：其伪影使该体积不够确定",
};

interface Behind {
  /** HU of soft tissue near a voxel of the box, and of what stands behind it without cement. */
  soft(at: number): number;
  at(at: number): number;
  /** 0 in free space to 1 in bone. */
  inBone(at: number): number;
  /** Read beside the part at the same depth; else one HU for soft tissue and one for cortex. */
  readonly measured: boolean;
}

function behindLeak(
  nearby: AroundLeak,
  { boneRampMm: [boneAt, freeAt], alikeAtDepth }: LeakSurroundings,
  coarse: boolean,
  softHu: number,
  boneHu: number,
): Behind {
  const inBone = (at: number) => Math.max(0, Math.min(1, (freeAt - nearby.depth[at]) / (freeAt - boneAt)));
  if (coarse || !alikeAtDepth)
    return {
      soft: () => softHu,
      at: (at) => softHu + (boneHu - softHu) * inBone(at),
      inBone,
      measured: false,
    };
  const { soft, behind } = leakBackground(nearby, softHu, freeAt + FREE_MM);
  return { soft, at: behind, inBone, measured: true };
}

/** HU of the part's cement as its middle shows it through the blur, drawn towards the cast's where the blur takes much; null where it has no middle. */
function plateauThroughBlur(
  { grid }: CtVolume,
  box: VoxelBox,
  hu: Int16Array,
  { bytes }: Window,
  depth: Float32Array,
  toPart: Float32Array,
  { cementHu }: LeakSurroundings,
  behind: Behind,
): { hu: number; kept: number } | null {
  const excess = new Float32Array(hu.length);
  let soft = 0;
  let count = 0;
  for (let at = 0; at < hu.length; at++) {
    if (toPart[at] > PLATEAU_MM) continue;
    excess[at] = hu[at] - behind.at(at);
    if (bytes[at] === 0) continue;
    soft += behind.soft(at);
    count++;
  }
  const found = blurredPlateau(
    grid,
    box,
    excess,
    bytes.map((own, at) => (own === 1 && depth[at] > LAYER_MM ? 1 : 0)),
    toPart,
  );
  if (!found) return null;
  const own = soft / count + found.contrastHu;
  const castSays = Math.min(CAST_SAYS_MOST, CAST_SAYS * (1 - found.kept));
  return { hu: own ** (1 - castSays) * (LEAK_OF_CAST * cementHu) ** castSays, kept: found.kept };
}

function huOf(volume: CtVolume, box: VoxelBox): Int16Array {
  const { grid } = volume;
  const out = new Int16Array(boxVoxels(box));
  let at = 0;
  for (let k = box.k0; k < box.k1; k++)
    for (let j = box.j0; j < box.j1; j++) {
      const row = (k * grid.rows + j) * grid.columns;
      out.set(volume.hu.subarray(row + box.i0, row + box.i1), at);
      at += box.i1 - box.i0;
    }
  return out;
}

/** Median of the tissue beside the part, and the cortex near it, where the blur of cement does not reach. */
function surroundings(hu: Int16Array, depth: Float32Array, toPart: Float32Array, toCement: Float32Array) {
  const soft: number[] = [];
  const cortex: number[] = [];
  for (let at = 0; at < hu.length; at++) {
    if (toPart[at] > AROUND_MM || toCement[at] < BLUR_MM) continue;
    if (depth[at] > 1.3 && toPart[at] < 4.5) soft.push(hu[at]);
    else if (depth[at] < 0 && depth[at] > -1.2) cortex.push(hu[at]);
  }
  const softHu = soft.length > 20 ? quantile(soft, 0.5) : 50;
  return { softHu, boneHu: Math.max(softHu, cortex.length > 20 ? quantile(cortex, 0.85) : 700) };
}

/**
 * HU of the part's cement without blur. Thick: the median of what lies 1.5 mm inside. Thin: its brightest tenth, raised by what the
 * blur takes from the middle of a rod of its radius (1 - exp(-r2 / 2s2)); a brightest tenth is itself above the mean of uneven cement.
 */
function plateauOf(
  volume: CtVolume,
  part: RunMask,
  box: VoxelBox,
  hu: Int16Array,
  own: Window,
  depth: Float32Array,
): { hu: number; thick: boolean } {
  const [sx, sy, sz] = spacingMm(volume.grid);
  const { nx, ny, bytes } = own;
  const fromEdge = distanceToMaskMm(complementInBox(part, box), reachGrid(volume.grid), box).mm;
  const inner: number[] = [];
  const deep: number[] = [];
  let areaMm2 = 0;
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] === 0) continue;
    inner.push(hu[at]);
    if (fromEdge[at] > 1.5 && depth[at] > 0.4) deep.push(hu[at]);
    const faces = (step: number) => 2 - (bytes[at - step] ?? 0) - (bytes[at + step] ?? 0);
    areaMm2 += faces(1) * sy * sz + faces(nx) * sx * sz + faces(nx * ny) * sx * sy;
  }
  if (deep.length >= Math.max(8, 0.1 * inner.length)) return { hu: quantile(deep, 0.5), thick: true };
  // twice volume over area is a rod's radius; faces of voxels make the area 1.3 times too large
  const radiusMm = (2.6 * inner.length * sx * sy * sz) / Math.max(1e-6, areaMm2);
  const lost = Math.exp(-(radiusMm ** 2) / (2 * SIGMA_MM ** 2));
  return { hu: quantile(inner, 0.9) * (0.97 + 0.3 * lost), thick: false };
}

/** The part with what is joined to it: below the envelope clearly brighter than cortex, and how many times the part that is; outside its faint ends. */
function grow(
  own: Window,
  hu: Int16Array,
  depth: Float32Array,
  to: {
    /** In bone, and in free space: there what is joined to cement and this bright is the thin end of it. */
    leastHu: number;
    leastFreeHu: number;
    deepestMm: number;
    barred: (at: number) => boolean;
    farthestMm: number;
    toPart: Float32Array;
  },
): { bytes: Uint8Array; gained: number } {
  const { nx, ny, nz } = own;
  const grown = own.bytes.slice();
  const stack: number[] = [];
  for (let at = 0; at < grown.length; at++) if (grown[at] === 1) stack.push(at);
  const before = stack.length;
  let more = 0;
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    const i = at % nx;
    const j = Math.floor(at / nx) % ny;
    const k = Math.floor(at / (nx * ny));
    for (let z = Math.max(0, k - 1); z <= Math.min(nz - 1, k + 1); z++)
      for (let y = Math.max(0, j - 1); y <= Math.min(ny - 1, j + 1); y++)
        for (let x = Math.max(0, i - 1); x <= Math.min(nx - 1, i + 1); x++) {
          const there = (z * ny + y) * nx + x;
          const free = depth[there] > FREE_OF_CORTEX_MM;
          if (grown[there] === 1 || hu[there] < (free ? to.leastFreeHu : to.leastHu)) continue;
          if (depth[there] < to.deepestMm || to.barred(there)) continue;
          if (to.toPart[there] > (free ? FOLLOW_FREE_MM : to.farthestMm)) continue;
          grown[there] = 1;
          if (!free) more++;
          stack.push(there);
        }
  }
  const gained = more / Math.max(1, before);
  return gained > MOST_GROWTH ? { bytes: own.bytes, gained: 0 } : { bytes: grown, gained };
}
