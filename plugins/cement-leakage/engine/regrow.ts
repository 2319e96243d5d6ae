// After the floor moved: carrying the reader's decisions over to the newly found voxels.
import type { VoxelGrid } from "#core/space";
import { spacingMm } from "#core/space";
import type { RunMask } from "#voxels/mask";
import { maskHas } from "#voxels/mask";
import { earlierNeighbours, masksOfLabels, voxelGraph } from "./voxel-graph.ts";

export interface Regrown {
  /** The earlier parts on the new voxels, same keys; a part that vanished is empty. */
  readonly carried: ReadonlyMap<string, RunMask>;
  /** Connected parts of the found voxels that touch no earlier part, largest first. */
  readonly fresh: readonly RunMask[];
}

/**
 * Each earlier part keeps the found voxels it had; every other found voxel goes to the earlier part that is nearest along connected
 * found voxels (path length in mm where a grid is given, else in voxel steps; ties go to the earlier key). What no part reaches
 * comes back as new parts. Where earlier parts overlap, the first in the map wins.
 */
export function regrow(previous: ReadonlyMap<string, RunMask>, found: RunMask, grid?: VoxelGrid): Regrown {
  const keys = [...previous.keys()];
  const graph = voxelGraph(found);
  const label = new Int32Array(graph.count).fill(-1);
  const reached = new Float64Array(graph.count).fill(Infinity);
  const heap = new MinimumHeap();
  [...previous.values()].forEach((mask, index) => {
    for (let n = 0; n < graph.count; n++) {
      if (label[n] < 0 && maskHas(mask, graph.i[n], graph.j[n], graph.k[n])) {
        label[n] = index;
        reached[n] = 0;
      }
    }
  });
  const [sx, sy, sz] = grid ? spacingMm(grid) : [1, 1, 1];
  const steps = earlierNeighbours.flatMap(([di, dj, dk]) => {
    const mm = Math.hypot(di * sx, dj * sy, dk * sz);
    return [
      { di, dj, dk, mm },
      { di: -di, dj: -dj, dk: -dk, mm },
    ];
  });
  const spread = (n: number) => {
    for (const { di, dj, dk, mm } of steps) {
      const m = graph.nodeAt(graph.i[n] + di, graph.j[n] + dj, graph.k[n] + dk);
      if (m < 0 || reached[m] === 0) continue;
      const far = reached[n] + mm;
      if (far < reached[m] - 1e-9) {
        reached[m] = far;
        label[m] = label[n];
        heap.push(far, m);
      } else if (Math.abs(far - reached[m]) <= 1e-9 && label[n] < label[m]) label[m] = label[n];
    }
  };
  for (let n = 0; n < graph.count; n++) if (reached[n] === 0) spread(n);
  for (let next = heap.pop(); next; next = heap.pop()) if (next.key <= reached[next.node]) spread(next.node);

  const carriedMasks = masksOfLabels(graph, label, keys.length);
  return {
    carried: new Map(keys.map((key, index) => [key, carriedMasks[index]])),
    fresh: looseParts(graph, label),
  };
}

function looseParts(graph: ReturnType<typeof voxelGraph>, label: Int32Array): RunMask[] {
  const island = new Int32Array(graph.count).fill(-1);
  const sizes: number[] = [];
  for (let seed = 0; seed < graph.count; seed++) {
    if (label[seed] >= 0 || island[seed] >= 0) continue;
    const number = sizes.push(0) - 1;
    const stack = [seed];
    island[seed] = number;
    while (stack.length > 0) {
      const n = stack.pop() ?? 0;
      sizes[number]++;
      for (const [di, dj, dk] of earlierNeighbours) {
        for (const sign of [1, -1]) {
          const m = graph.nodeAt(graph.i[n] + sign * di, graph.j[n] + sign * dj, graph.k[n] + sign * dk);
          if (m >= 0 && label[m] < 0 && island[m] < 0) {
            island[m] = number;
            stack.push(m);
          }
        }
      }
    }
  }
  const masks = masksOfLabels(graph, island, sizes.length);
  return masks
    .map((mask, index) => ({ mask, size: sizes[index], index }))
    .sort((a, b) => b.size - a.size || a.index - b.index)
    .map(({ mask }) => mask);
}

/** A binary heap of nodes by key, smallest first. */
export class MinimumHeap {
  readonly #keys: number[] = [];
  readonly #nodes: number[] = [];

  get size(): number {
    return this.#keys.length;
  }

  push(key: number, node: number): void {
    let at = this.#keys.push(key) - 1;
    this.#nodes.push(node);
    while (at > 0) {
      const up = (at - 1) >> 1;
      if (this.#keys[up] <= key) break;
      this.#keys[at] = this.#keys[up];
      this.#nodes[at] = this.#nodes[up];
      at = up;
    }
    this.#keys[at] = key;
    this.#nodes[at] = node;
  }

  pop(): { key: number; node: number } | null {
    if (this.#keys.length === 0) return null;
    const top = { key: this.#keys[0], node: this.#nodes[0] };
    const key = this.#keys.pop() ?? 0;
    const node = this.#nodes.pop() ?? 0;
    const count = this.#keys.length;
    if (count > 0) {
      let at = 0;
      for (;;) {
        let child = 2 * at + 1;
        if (child >= count) break;
        if (child + 1 < count && this.#keys[child + 1] < this.#keys[child]) child++;
        if (this.#keys[child] >= key) break;
        this.#keys[at] = this.#keys[child];
        this.#nodes[at] = this.#nodes[child];
        at = child;
      }
      this.#keys[at] = key;
      this.#nodes[at] = node;
    }
    return top;
  }
}
