// Leak candidates of one treated region: what lies beyond bone and can be cement, with its measures; the rest with a reason.
import type { Vec3 } from "#core/space";
import { dot, normalize, spacingMm } from "#core/space";
import type { CtVolume } from "#core/volume";
import type { RunMask } from "#voxels/mask";
import { forEachRun, maskHas } from "#voxels/mask";
import { longestExtentMm } from "#voxels/extent";
import { union } from "#voxels/set-operations";
import { maskVolumeMm3 } from "#voxels/statistics";
import type { BoneEnvelope } from "./bone-envelope.ts";
import type { Foramen } from "./foramina.ts";
import { inForamen } from "./foramina.ts";
import { JOINT_HALF_MM } from "./joint-space.ts";
import type { LayerExcess } from "./layer-excess.ts";
import type { Landmarks } from "./landmarks.ts";
import type { LeakPart } from "./leak-region.ts";
import { SOFT_TISSUE_HU } from "./leak-region.ts";
import type { Shape } from "./shape.ts";
import { leftOfMidlineMm } from "./side.ts";
import { gapBetween, pointsOf, shapeOf } from "./shape.ts";
import type { Evidence } from "./site-proposal.ts";
import { splitAtLumps } from "./split-leaks.ts";
import type { AgainstOtherSide } from "./suspects.ts";
import { THIN_SLICE_MM } from "./thick-traces.ts";
import { straightInLine } from "./track-axis.ts";

export interface MeasuredPart {
  readonly part: LeakPart;
  readonly mask: RunMask;
  readonly points: readonly Vec3[];
  readonly shape: Shape;
  readonly attached: boolean;
  /** Contact with the cement inside bone, mm2. */
  readonly neckAreaMm2: number;
  /** mm to the nearest cement inside bone. */
  readonly toCementMm: number;
  /** Nearest and mean distance from the surface of bone, mm. */
  readonly surfaceMm: number;
  /** How far the border of bone is a guess at its centre, mm either way. */
  readonly uncertaintyMm: number;
  /** Median HU above the brightest place nearby on the other side; null where that is unknown. */
  readonly excessHu: number | null;
  readonly evidence: Evidence;
}

/** Beads this near to each other can be one trail. */
const BEAD_GAP_MM = 7;

export const ramp = (value: number, from: number, to: number): number =>
  Math.max(0, Math.min(1, (value - from) / (to - from)));

/** What parts are measured against. */
export interface Surroundings {
  readonly volume: CtVolume;
  /** Cement inside bone, on the acquired grid. */
  readonly cement: RunMask;
  /** Plateau of this patient's cement, HU. */
  readonly cementHu: number;
  readonly landmarks: Landmarks;
  /** Those that are seen. */
  readonly foramina: readonly Foramen[];
  readonly bone: Evidence["bone"];
  /** Comparisons with the other side; null where that is outside the scan. */
  readonly against: AgainstOtherSide | null;
  readonly layer: LayerExcess | null;
}

/** Leaks that touch are parted, beads of one trail joined; then each is measured. */
export function measureParts(parts: readonly LeakPart[], around: Surroundings): MeasuredPart[] {
  const { volume, landmarks, cementHu } = around;
  const inBone = pointsOf(around.cement, volume.grid, 2500);
  const pieces = parts.flatMap((part, origin) => {
    const split = splitAtLumps(volume, part, landmarks.envelope, cementHu);
    // pieces that touch are of one cement: what the whole shows of its density holds for each
    const wholeConcentration = split.length > 1 ? concentration(volume, part.mask, cementHu) : 0;
    return split.map((piece): Piece => ({ part: piece, origins: [origin], wholeConcentration }));
  });
  return joinBeads(volume, pieces, leastOfVein(spacingMm(volume.grid)[2], cementHu)).map((piece) =>
    measure(piece, inBone, around),
  );
}

interface Piece {
  readonly part: LeakPart;
  /** Which of the parts it came from. */
  readonly origins: readonly number[];
  /** Of the part that it was split from; 0 where it is the whole part. */
  readonly wholeConcentration: number;
}

function measure(
  { part, wholeConcentration }: Piece,
  inBone: readonly Vec3[],
  { volume, cement, cementHu, landmarks, foramina, bone, against, layer }: Surroundings,
): MeasuredPart {
  const { mask } = part;
  const { envelope, canal } = landmarks;
  const shape = shapeOf(mask, volume.grid);
  const points = pointsOf(mask, volume.grid, 600);
  const neckAreaMm2 = contactMm2(mask, cement, volume);
  const toCementMm = gapBetween(points, inBone);
  const [sx, sy, sz] = spacingMm(volume.grid);
  const attached = neckAreaMm2 > 0 || toCementMm < 1.5 * Math.max(sx, sy, Math.min(sz, 2));
  let nearest = Infinity;
  const normal = [0, 0, 0];
  let root = points[0];
  let frontHalf = 0;
  let nearCanal = 0;
  for (const p of points) {
    const mm = envelope.surfaceMm(p);
    if (mm < nearest) [nearest, root] = [mm, p];
    const n = envelope.outward(p);
    for (let axis = 0; axis < 3; axis++) normal[axis] += n[axis];
    const middle = canal?.middleAt(p[2]);
    if (middle && p[1] <= middle[1] + 1) frontHalf++;
    if (middle && Math.hypot(p[0] - middle[0], p[1] - middle[1]) < 26) nearCanal++;
  }
  const outward = normalize([normal[0], normal[1], normal[2]]);
  const foraminal = ramp(
    shareOf(points, (p) => inForamen(p, foramina, landmarks)),
    0.5,
    0.8,
  );
  const inCanal = part.compartment === "canal" ? 1 - foraminal : 0;
  const inDisc = part.compartment === "disc" ? 1 : 0;
  const inJoint =
    part.compartment === "joint"
      ? 1
      : shareOf(points, (p) => inAJoint(p, landmarks)) * (1 - inCanal - inDisc);
  const enclosed = Math.max(inCanal, inDisc, inJoint, foraminal);
  const { lumbosacral } = landmarks;
  const higher =
    inDisc === 1 &&
    bone === "sacrum" &&
    lumbosacral !== null &&
    shareOf(points, (p) => lumbosacral.depthMm(p) !== null) < 0.5;
  const behindMm = landmarks.behindCanalMm(shape.centroidMm);
  // how much the way out of bone looks forwards, backwards or sideways; the canal tells where front and back meet
  const turn = behindMm === null ? 0 : ramp(behindMm, -4, 4) - 0.5;
  const back = outward[1] + 0.9 * turn;
  const sideways = Math.abs(outward[0]);
  // beside the iliac wing there is no presacral space: what lies there came along a transiliac needle
  const lateral =
    bone === "sacrum" ? ramp(Math.abs(leftOfMidlineMm(landmarks.midline, shape.centroidMm)), 64, 76) : 0;
  const inFront = (1 - enclosed) * (1 - lateral) * ramp(-back, -0.25, 0.45);
  // a vertebra's body lies in front of the canal: what is level with the canal or behind it is behind the body
  const behindBody = bone === "vertebra" && behindMm !== null ? ramp(behindMm, -6, 2) : 0;
  const behind = (1 - enclosed) * Math.max(lateral, behindBody, ramp(back, -0.25, 0.45));
  const away = Math.abs(dot(shape.axis, envelope.outward(root)));
  const column =
    straightInLine(shape, inBone) * Math.max(ramp(away, 0.35, 0.7), bone === "vertebra" ? behind : 0);
  return {
    part,
    mask,
    points,
    shape,
    attached,
    neckAreaMm2,
    toCementMm,
    surfaceMm: nearest,
    uncertaintyMm: envelope.uncertaintyMm(shape.centroidMm),
    excessHu: medianExcess(points, against),
    evidence: {
      layerHuMm: layer ? upperLayer(points, envelope, layer) : null,
      concentration: Math.max(wholeConcentration, concentration(volume, mask, cementHu)),
      bone,
      inCanal,
      canalFront: frontHalf / Math.max(1, points.length),
      inFront,
      behind,
      beside: (1 - enclosed) * (1 - behindBody) * ramp(sideways, 0.45, 0.8),
      tubular: ramp(shape.elongation, 2.3, 4.5) * (1 - 0.7 * ramp(shape.calibreMm, 4.8, 7)),
      small: 1 - ramp(shape.volumeMm3, 50, 150),
      thick: ramp(part.beyondMm, 3.8, 5.5),
      column,
      alongSurface: 1 - ramp(away, 0.35, 0.8),
      attached,
      surfaceMm: nearest,
      nearForamen: nearCanal / Math.max(1, points.length),
      inDisc: higher ? 0 : inDisc,
      inHigherDisc: higher ? 1 : 0,
      inJoint,
      inForamen: foraminal,
    },
  };
}

const shareOf = (points: readonly Vec3[], has: (p: Vec3) => boolean): number =>
  points.filter(has).length / Math.max(1, points.length);

const inAJoint = (p: Vec3, { joints }: Landmarks): boolean =>
  joints.some((joint) => Math.abs(joint.acrossMm(p) ?? Infinity) <= JOINT_HALF_MM);

/** Blur of a scanner's kernel in the slice and through it, one standard deviation in mm; the voxel's own extent comes on top. */
const KERNEL_SIGMA_MM = 0.65;

/**
 * Cement is faint only where it is thinner than the blur, and then it is no wider than the blur. From the mass (filled mm3) per
 * length comes the radius that a rod of cement would have, and from that the contrast it would reach through the blur
 * (1 - exp(-r2 / 2s2)). Bone, cartilage and calcifications are wide and faint: they reach far less than their mass asks for.
 */
function concentration(volume: CtVolume, mask: RunMask, cementHu: number): number {
  const { grid, hu } = volume;
  const longestMm = longestExtentMm(mask, grid).mm;
  const [sx, sy, sz] = spacingMm(grid);
  const contrast = Math.max(300, cementHu - SOFT_TISSUE_HU);
  const values: number[] = [];
  forEachRun(mask, (j, k, start, end) => {
    const base = (k * grid.rows + j) * grid.columns;
    for (let i = start; i < end; i++) values.push(Math.max(0, (hu[base + i] - SOFT_TISSUE_HU) / contrast));
  });
  if (values.length === 0) return 0;
  values.sort((a, b) => b - a);
  const filledMm3 =
    (values.reduce((sum, v) => sum + Math.min(1, v), 0) * maskVolumeMm3(mask, grid)) / values.length;
  const radius2 = filledMm3 / (Math.PI * Math.max(longestMm, Math.cbrt(filledMm3)));
  const sigma = (s: number) => Math.sqrt(KERNEL_SIGMA_MM ** 2 + (s * s) / 12);
  const reached = 1 - Math.exp(-radius2 / (2 * sigma(Math.max(sx, sy)) * Math.max(sigma(sz), sigma(sx))));
  // the brightest tenth, at least three voxels: one voxel alone can be noise
  const top = values.slice(0, Math.max(3, Math.ceil(values.length / 10)));
  return top.reduce((a, b) => a + b, 0) / top.length / reached;
}

/** Upper quartile of the excess across the surface: the part's middle counts, its ends thin out. */
function upperLayer(points: readonly Vec3[], envelope: BoneEnvelope, layer: LayerExcess): number | null {
  const every = Math.max(1, Math.floor(points.length / 40));
  const values = points
    .filter((_, n) => n % every === 0)
    .flatMap((p) => layer(p, envelope.outward(p)) ?? [])
    .sort((a, b) => a - b);
  return values.length < 3 ? null : values[Math.floor(values.length * 0.75)];
}

function medianExcess(points: readonly Vec3[], against: AgainstOtherSide | null): number | null {
  const values = points.flatMap((p) => against?.(p)?.excessHu ?? []).sort((a, b) => a - b);
  return values.length === 0 ? null : values[values.length >> 1];
}

/** Area of the voxel faces that two masks share, mm2: the neck of an attached leak (about 1.3 times too large on slanted cuts, scaled back). */
function contactMm2(a: RunMask, b: RunMask, volume: CtVolume): number {
  const [sx, sy, sz] = spacingMm(volume.grid);
  let area = 0;
  forEachRun(a, (j, k, start, end) => {
    if (maskHas(b, start - 1, j, k)) area += sy * sz;
    if (maskHas(b, end, j, k)) area += sy * sz;
    for (let i = start; i < end; i++) {
      if (maskHas(b, i, j - 1, k)) area += sx * sz;
      if (maskHas(b, i, j + 1, k)) area += sx * sz;
      if (maskHas(b, i, j, k - 1)) area += sx * sy;
      if (maskHas(b, i, j, k + 1)) area += sx * sy;
    }
  });
  return area / 1.3;
}

/** The share of the plateau that a vein of 0.7 mm radius keeps through the kernel's blur. */
const LEAST_OF_VEIN = 0.33;

/** HU that a bead of a vein reaches on slices that are no thicker than it; 0 where thicker ones thin it out. */
export const leastOfVein = (sliceMm: number, cementHu: number): number =>
  sliceMm <= THIN_SLICE_MM ? LEAST_OF_VEIN * cementHu : 0;

/**
 * Beads of one trail become one part: small pieces outside bone, near each other, that make something long together. What is dimmer than
 * `leastHu` is no bead: vessel walls and contrast run along with veins.
 */
function joinBeads(volume: CtVolume, pieces: readonly Piece[], leastHu: number): Piece[] {
  const groups = pieces.map((piece) => ({ piece, points: pointsOf(piece.part.mask, volume.grid, 250) }));
  for (let a = 0; a < groups.length; a++)
    for (let b = groups.length - 1; b > a; b--) {
      const { piece: one, points } = groups[a];
      const { piece: other, points: otherPoints } = groups[b];
      if (one.part.compartment !== other.part.compartment) continue;
      if (Math.min(one.part.peakHu, other.part.peakHu) < leastHu) continue;
      // parted on purpose
      if (one.origins.some((origin) => other.origins.includes(origin))) continue;
      const gap = gapBetween(points, otherPoints);
      if (gap > BEAD_GAP_MM) continue;
      const lump = [one, other].some(({ part }) => {
        const own = shapeOf(part.mask, volume.grid);
        return own.volumeMm3 > 90 && own.elongation < 2.6;
      });
      if (lump) continue;
      const mask = union(one.part.mask, other.part.mask);
      const shape = shapeOf(mask, volume.grid);
      const small = Math.min(points.length, otherPoints.length) <= 4 && gap < 5;
      if (!small && (shape.elongation < 4 || shape.calibreMm > 4.5)) continue;
      const larger = points.length >= otherPoints.length ? one : other;
      const part: LeakPart = {
        ...larger.part,
        mask,
        beyondMm: Math.max(one.part.beyondMm, other.part.beyondMm),
        peakHu: Math.max(one.part.peakHu, other.part.peakHu),
      };
      groups[a] = {
        piece: { ...larger, part, origins: [...one.origins, ...other.origins] },
        points: [...points, ...otherPoints],
      };
      groups.splice(b, 1);
      b = groups.length;
    }
  return groups.map(({ piece }) => piece);
}
