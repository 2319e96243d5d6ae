// The voxels of one part as numbered nodes, for cutting and for growing along neighbours.
import { boundingBox, growBox } from "#voxels/box";
import type { MaskShape, RunMask, VoxelBox } from "#voxels/mask";
import { forEachRun, RunBuilder } from "#voxels/mask";

/** The 13 of 26 neighbours that come before a voxel in `[k][j][i]` order. */
export const earlierNeighbours: readonly (readonly [number, number, number])[] = [
  [-1, 0, 0],
  [-1, -1, 0],
  [0, -1, 0],
  [1, -1, 0],
  [-1, -1, -1],
  [0, -1, -1],
  [1, -1, -1],
  [-1, 0, -1],
  [0, 0, -1],
  [1, 0, -1],
  [-1, 1, -1],
  [0, 1, -1],
  [1, 1, -1],
];

/** Nodes 0 .. count - 1 in `[k][j][i]` order; `nodeAt` gives the node of a place in the box (grown by one voxel), or -1. */
export interface VoxelGraph {
  readonly shape: MaskShape;
  readonly count: number;
  readonly i: Int32Array;
  readonly j: Int32Array;
  readonly k: Int32Array;
  readonly box: VoxelBox;
  nodeAt(i: number, j: number, k: number): number;
}

export function voxelGraph(mask: RunMask): VoxelGraph {
  let count = 0;
  for (let n = 0; n < mask.start.length; n++) count += mask.end[n] - mask.start[n];
  const i = new Int32Array(count);
  const j = new Int32Array(count);
  const k = new Int32Array(count);
  const box = growBox(boundingBox(mask) ?? { i0: 0, j0: 0, k0: 0, i1: 0, j1: 0, k1: 0 }, 1, mask);
  const nx = box.i1 - box.i0;
  const ny = box.j1 - box.j0;
  const nodes = new Int32Array(Math.max(0, nx * ny * (box.k1 - box.k0))).fill(-1);
  let node = 0;
  forEachRun(mask, (row, slice, start, end) => {
    const base = ((slice - box.k0) * ny + (row - box.j0)) * nx - box.i0;
    for (let column = start; column < end; column++) {
      i[node] = column;
      j[node] = row;
      k[node] = slice;
      nodes[base + column] = node++;
    }
  });
  const { i0, j0, k0, i1, j1, k1 } = box;
  return {
    shape: mask,
    count,
    i,
    j,
    k,
    box,
    nodeAt: (a, b, c) =>
      a < i0 || b < j0 || c < k0 || a >= i1 || b >= j1 || c >= k1
        ? -1
        : nodes[((c - k0) * ny + (b - j0)) * nx + a - i0],
  };
}

export function findRoot(parent: Int32Array, n: number): number {
  while (parent[n] !== n) {
    parent[n] = parent[parent[n]];
    n = parent[n];
  }
  return n;
}

export function joinRoots(parent: Int32Array, a: number, b: number): void {
  const rootA = findRoot(parent, a);
  const rootB = findRoot(parent, b);
  if (rootA < rootB) parent[rootB] = rootA;
  else parent[rootA] = rootB;
}

/** One mask per label (0 .. labels - 1); a label of -1 belongs to none. */
export function masksOfLabels(graph: VoxelGraph, labelOfNode: Int32Array, labels: number): RunMask[] {
  const builders = Array.from({ length: labels }, () => new RunBuilder(graph.shape));
  for (let n = 0; n < graph.count; n++) {
    const label = labelOfNode[n];
    if (label >= 0)
      builders[label].add(graph.k[n] * graph.shape.rows + graph.j[n], graph.i[n], graph.i[n] + 1);
  }
  return builders.map((builder) => builder.finish());
}
