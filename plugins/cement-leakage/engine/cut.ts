// Cutting a part in two: a line drawn through its neck, or a contour drawn round the piece, in any view.
import type { Vec3, VoxelGrid } from "#core/space";
import {
  add,
  cross,
  distance,
  dot,
  length,
  normalize,
  patientFromVoxel,
  scale,
  spacingMm,
  subtract,
} from "#core/space";
import type { RunMask } from "#voxels/mask";
import { RunBuilder } from "#voxels/mask";
import type { VoxelGraph } from "./voxel-graph.ts";
import { earlierNeighbours, findRoot, joinRoots, masksOfLabels, voxelGraph } from "./voxel-graph.ts";

/** Two patient points (mm, LPS) drawn in a view that looks along `normal`. */
export interface CutLine {
  readonly from: Vec3;
  readonly to: Vec3;
  readonly normal: Vec3;
}

/** A closed polygon of patient points (mm, LPS) drawn in a view that looks along `normal`. */
export interface CutContour {
  readonly polygon: readonly Vec3[];
  readonly normal: Vec3;
  /** mm to both sides of the polygon's plane that the cut goes; through everything without. */
  readonly halfDepthMm?: number;
}

/** Links between neighbours that cross the plane of the line, with where they cross it. */
interface Crossings {
  readonly a: number[];
  readonly b: number[];
  /** mm along the line, from its middle. */
  readonly along: number[];
  /** mm from the view's plane. */
  readonly depth: number[];
}

/**
 * Cuts `part` with a wall through the drawn line, standing along the view's normal: links between neighbouring voxels that pass
 * the wall are removed, so no voxel is lost and each stays on the side where its centre lies. The wall is as long as the line and
 * starts shallow; it is made deeper, and then longer (at most 6 mm at each end), until something comes free.
 * Returns the pieces, largest first; one piece when the line does not separate anything. Islands that were loose already stay
 * with the largest piece.
 */
export function cutByLine(part: RunMask, grid: VoxelGrid, line: CutLine): RunMask[] {
  const span = distance(line.from, line.to);
  const along = normalize(subtract(line.to, line.from));
  const normal = normalize(line.normal);
  const across = cross(along, normal);
  if (span === 0 || length(across) < 1e-6) return [part];
  const middle = scale(add(line.from, line.to), 0.5);
  const graph = voxelGraph(part);
  if (graph.count === 0) return [part];

  const { parent: uncut, crossings } = linksOf(graph, grid, middle, along, normal, normalize(across));
  const whole = uncut.slice();
  for (let n = 0; n < crossings.a.length; n++) joinRoots(whole, crossings.a[n], crossings.b[n]);

  const step = Math.min(...spacingMm(grid));
  let deepest = 0;
  for (const depth of crossings.depth) deepest = Math.max(deepest, Math.abs(depth));
  for (const extraMm of [step / 2, 2, 4, 6]) {
    for (let depthMm = Math.max(2, step); ; depthMm *= 1.35) {
      const parent = uncut.slice();
      for (let n = 0; n < crossings.a.length; n++) {
        const blocked =
          Math.abs(crossings.depth[n]) <= depthMm && Math.abs(crossings.along[n]) <= span / 2 + extraMm;
        if (!blocked) joinRoots(parent, crossings.a[n], crossings.b[n]);
      }
      const pieces = piecesOf(graph, parent, whole);
      if (pieces.length > 1) return pieces;
      if (depthMm > deepest) break;
    }
  }
  return [part];
}

function linksOf(graph: VoxelGraph, grid: VoxelGrid, middle: Vec3, along: Vec3, normal: Vec3, across: Vec3) {
  const { count, i, j, k } = graph;
  const side = new Float64Array(count);
  const u = new Float64Array(count);
  const w = new Float64Array(count);
  for (let n = 0; n < count; n++) {
    const p = subtract(patientFromVoxel(grid, i[n], j[n], k[n]), middle);
    side[n] = dot(p, across);
    u[n] = dot(p, along);
    w[n] = dot(p, normal);
  }
  const parent = new Int32Array(count);
  for (let n = 0; n < count; n++) parent[n] = n;
  const crossings: Crossings = { a: [], b: [], along: [], depth: [] };
  for (let n = 0; n < count; n++) {
    for (const [di, dj, dk] of earlierNeighbours) {
      const m = graph.nodeAt(i[n] + di, j[n] + dj, k[n] + dk);
      if (m < 0) continue;
      if (side[n] >= 0 === side[m] >= 0) {
        joinRoots(parent, n, m);
        continue;
      }
      const t = side[n] / (side[n] - side[m]);
      crossings.a.push(n);
      crossings.b.push(m);
      crossings.along.push(u[n] + t * (u[m] - u[n]));
      crossings.depth.push(w[n] + t * (w[m] - w[n]));
    }
  }
  return { parent, crossings };
}

/** Pieces that came free by the cut. Crumbs of one or two voxels at the wall go back to what they touch. */
function piecesOf(graph: VoxelGraph, parent: Int32Array, whole: Int32Array): RunMask[] {
  const sizes = new Map<number, number>();
  for (let n = 0; n < graph.count; n++) {
    const root = findRoot(parent, n);
    sizes.set(root, (sizes.get(root) ?? 0) + 1);
  }
  const largestFirst = (a: number, b: number) => (sizes.get(b) ?? 0) - (sizes.get(a) ?? 0) || a - b;
  // Within each part that was connected before, its largest piece leads; the pieces of the others are what came free.
  const leader = new Map<number, number>();
  for (const root of [...sizes.keys()].sort(largestFirst)) {
    const before = findRoot(whole, root);
    if (!leader.has(before)) leader.set(before, root);
  }
  const main = [...leader.values()].sort(largestFirst)[0];
  const smallest = Math.min(3, Math.ceil(graph.count / 20));
  const labels = new Map<number, number>([[main, 0]]);
  for (const root of [...sizes.keys()].sort(largestFirst)) {
    if (labels.has(root)) continue;
    const before = findRoot(whole, root);
    const lead = leader.get(before) ?? main;
    const stays = root === lead || (sizes.get(root) ?? 0) < smallest;
    labels.set(root, stays ? (labels.get(lead) ?? 0) : new Set(labels.values()).size);
  }
  const labelOfNode = new Int32Array(graph.count);
  for (let n = 0; n < graph.count; n++) labelOfNode[n] = labels.get(findRoot(parent, n)) ?? 0;
  return masksOfLabels(graph, labelOfNode, new Set(labels.values()).size);
}

/** The voxels of `part` whose centres lie inside the polygon extruded along the view's normal (as deep as asked), and the rest. Either may be empty. */
export function cutByContour(
  part: RunMask,
  grid: VoxelGrid,
  contour: CutContour,
): { readonly inside: RunMask; readonly outside: RunMask } {
  const normal = normalize(contour.normal);
  const helper: Vec3 = Math.abs(normal[2]) < 0.9 ? [0, 0, 1] : [1, 0, 0];
  const u = normalize(cross(helper, normal));
  const v = cross(normal, u);
  const flat = contour.polygon.map((p) => [dot(p, u), dot(p, v)] as const);
  const depth = contour.polygon.length > 0 ? dot(contour.polygon[0], normal) : 0;
  const reach = contour.halfDepthMm ?? Infinity;
  const inside = new RunBuilder(part);
  const outside = new RunBuilder(part);
  for (let k = 0; k < part.slices; k++) {
    for (let j = 0; j < part.rows; j++) {
      const row = k * part.rows + j;
      for (let n = part.rowStart[row]; n < part.rowStart[row + 1]; n++) {
        for (let i = part.start[n]; i < part.end[n]; i++) {
          const p = patientFromVoxel(grid, i, j, k);
          const within =
            Math.abs(dot(p, normal) - depth) <= reach && insidePolygon(flat, dot(p, u), dot(p, v));
          (within ? inside : outside).add(row, i, i + 1);
        }
      }
    }
  }
  return { inside: inside.finish(), outside: outside.finish() };
}

/** Even-odd rule. */
function insidePolygon(polygon: readonly (readonly [number, number])[], x: number, y: number): boolean {
  let within = false;
  for (let n = 0, m = polygon.length - 1; n < polygon.length; m = n++) {
    const [xn, yn] = polygon[n];
    const [xm, ym] = polygon[m];
    if (yn > y !== ym > y && x < ((xm - xn) * (y - yn)) / (ym - yn) + xn) within = !within;
  }
  return within;
}
