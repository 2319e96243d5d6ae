// One disc space in three dimensions: two smooth end plates, seen where no cement hides them and continued underneath, and an outline.
import type { Vec3 } from "#core/space";
import { dot, subtract } from "#core/space";
import type { BoneEnvelope } from "./bone-envelope.ts";
import type { Canal } from "./canal.ts";
import type { DiscPlane } from "./discs.ts";
import { discPlanes, edgeAlong, lumbosacralPlane, offset, seenHu } from "./discs.ts";
import type { Midline } from "./side.ts";
import type { Quadratic, Sample } from "./smooth-sheet.ts";
import { convexHull, edgeMm, fitSurface } from "./smooth-sheet.ts";
import type { AxisPoint } from "./spine-axis.ts";
import { spineAxis } from "./spine-axis.ts";
import type { WorkingVolume } from "./working-volume.ts";

export interface DiscSpace extends DiscPlane {
  /** mm from a patient point inside the gap to the nearer end plate or the gap's outer edge; null outside the gap. */
  depthMm(p: Vec3): number | null;
  /** Front and back edge of the lower end plate in the median plane. Patient mm. */
  readonly lowerPlate: { readonly frontMm: Vec3; readonly backMm: Vec3 };
  /** HU that one seen voxel in a hundred within the gap exceeds: end plates' blur, ridges, calcification. */
  readonly brightHu: number;
}

export interface Discs {
  /** The spine's axis in the canal, from above to below; empty without a canal. */
  readonly axis: readonly AxisPoint[];
  /** From above to below, down to L5/S1 where that is known: what is left of discs between sacral bodies is bone's. */
  readonly spaces: readonly DiscSpace[];
  /** L5/S1, where it is in view and told from the others. */
  readonly lumbosacral: DiscSpace | null;
}

/** All disc spaces in the working volume; none without a canal to look in front of. */
export function findDiscs(
  work: WorkingVolume,
  envelope: BoneEnvelope,
  canal: Canal | null,
  midline: Midline,
): Discs {
  if (!canal) return { axis: [], spaces: [], lumbosacral: null };
  const axis = spineAxis(canal, midline);
  const planes = discPlanes(work, axis);
  const lowest = lumbosacralPlane(envelope, axis, planes);
  const lumbar = planes.filter((plane) => !lowest || plane.lengthMm <= lowest.lengthMm);
  const found = lumbar.map((plane) => ({ plane, space: discSpace(work, plane) }));
  return {
    axis,
    spaces: found.flatMap(({ space }) => space ?? []),
    lumbosacral: found.find(({ plane }) => plane === lowest)?.space ?? null,
  };
}

const HALF_WIDTH_MM = 29;
const HALF_DEPTH_MM = 21;
/** Farther back than this from the plane's middle lies the canal. */
const BACK_MM = 12;
const STEP_MM = 1.5;
const HALF_HEIGHT_MM = 14;
const REACH_MM = 10;
/** The outermost part of a gap belongs to the rims of the end plates and their spurs. */
const RIM_MM = 2;

/** Follows the two end plates of a gap outwards from its plane; null when too little of either is seen. */
function discSpace(work: WorkingVolume, plane: DiscPlane): DiscSpace | null {
  const huAt = seenHu(work);
  const { centre, left, front, down } = plane;
  const up: Vec3 = [-down[0], -down[1], -down[2]];
  const upper: Sample[] = [];
  const lower: Sample[] = [];
  for (let w = -BACK_MM; w <= HALF_DEPTH_MM; w += STEP_MM)
    for (let u = -HALF_WIDTH_MM; u <= HALF_WIDTH_MM; u += STEP_MM) {
      const p = offset(centre, [left, u], [front, w]);
      const hu = huAt(p);
      if (!Number.isFinite(hu) || hu > plane.gapHu + plane.contrastHu / 2) continue;
      const above = edgeAlong(huAt, p, up, plane.gapHu, REACH_MM);
      const below = edgeAlong(huAt, p, down, plane.gapHu, REACH_MM);
      // a plate is believed only where the other one is not missing: outside the disc there is one or none
      if (!above || !below) continue;
      upper.push([u, w, -above.mm]);
      lower.push([u, w, below.mm]);
    }
  const top = fitSurface(upper);
  const bottom = fitSurface(lower);
  if (!top || !bottom) return null;
  const outline = convexHull(
    [...top.kept, ...bottom.kept].filter(([u, w]) => bottom.at(u, w) - top.at(u, w) > 1.5),
  );
  if (outline.length < 3) return null;
  const place = (u: number, w: number): Vec3 =>
    offset(centre, [left, u], [front, w], [down, bottom.at(u, w)]);
  const ws = outline.map(([, w]) => w);
  const ceiling = nearestPlate(top, 1);
  const floor = nearestPlate(bottom, -1);
  const depthMm = (p: Vec3): number | null => {
    const d = subtract(p, centre);
    const [u, w, h] = [dot(d, left), dot(d, front), dot(d, down)];
    if (Math.abs(u) > HALF_WIDTH_MM || Math.abs(w) > HALF_DEPTH_MM || Math.abs(h) > HALF_HEIGHT_MM)
      return null;
    const depth = Math.min(h - ceiling(u, w), floor(u, w) - h, edgeMm(outline, u, w) - RIM_MM);
    return depth > 0 ? depth : null;
  };
  return {
    ...plane,
    lowerPlate: {
      frontMm: place(0, Math.max(...ws)),
      backMm: place(0, Math.min(...ws)),
    },
    depthMm,
    brightHu: brightHu(work, plane, depthMm),
  };
}

/**
 * Height of a plate at (u, w): the smooth surface, or what was seen at one of the nine nearest samples where that lies farther into the gap
 * (`into` is 1 when greater heights do, else -1). Plates are uneven; cement that lies on one far exceeds what the surface lets pass.
 */
function nearestPlate({ at, kept }: { at: Quadratic; kept: readonly Sample[] }, into: 1 | -1): Quadratic {
  const columns = Math.round((2 * HALF_WIDTH_MM) / STEP_MM) + 1;
  const rows = Math.round((2 * HALF_DEPTH_MM) / STEP_MM) + 1;
  const heights = new Float32Array(columns * rows).fill(-Infinity);
  for (const [u, w, h] of kept) {
    const i = Math.round((u + HALF_WIDTH_MM) / STEP_MM);
    const j = Math.round((w + HALF_DEPTH_MM) / STEP_MM);
    for (let dj = -1; dj <= 1; dj++)
      for (let di = -1; di <= 1; di++) {
        const [a, b] = [i + di, j + dj];
        if (a < 0 || b < 0 || a >= columns || b >= rows) continue;
        heights[b * columns + a] = Math.max(heights[b * columns + a], into * h);
      }
  }
  return (u, w) => {
    const i = Math.round((u + HALF_WIDTH_MM) / STEP_MM);
    const j = Math.round((w + HALF_DEPTH_MM) / STEP_MM);
    return into * Math.max(into * at(u, w), heights[j * columns + i] ?? -Infinity);
  };
}

function brightHu(
  { grid, hu, hidden }: WorkingVolume,
  { centre, left, front, down }: DiscPlane,
  depthMm: (p: Vec3) => number | null,
): number {
  const first = grid.slicePositions[0];
  const step = grid.columnSpacingMm;
  const counts = [grid.columns, grid.rows, grid.slices];
  const range = ([0, 1, 2] as const).map((axis): [number, number] => {
    const half =
      HALF_WIDTH_MM * Math.abs(left[axis]) +
      HALF_DEPTH_MM * Math.abs(front[axis]) +
      HALF_HEIGHT_MM * Math.abs(down[axis]);
    return [
      Math.max(0, Math.floor((centre[axis] - half - first[axis]) / step)),
      Math.min(counts[axis], Math.ceil((centre[axis] + half - first[axis]) / step) + 1),
    ];
  });
  const values: number[] = [];
  for (let k = range[2][0]; k < range[2][1]; k++)
    for (let j = range[1][0]; j < range[1][1]; j++)
      for (let i = range[0][0]; i < range[0][1]; i++) {
        const at = (k * grid.rows + j) * grid.columns + i;
        if (
          hidden[at] === 0 &&
          (depthMm([first[0] + i * step, first[1] + j * step, first[2] + k * step]) ?? 0) > 1
        )
          values.push(hu[at]);
      }
  values.sort((a, b) => a - b);
  return values[Math.floor(values.length * 0.99)] ?? 0;
}
