// The surface of a mask as triangles that close: every edge belongs to two of them, and the enclosed volume is the one that is asked for.
//
// Marching tetrahedra: the cubes between voxel centres are cut into six tetrahedra each (Freudenthal), all alike, so that neighbouring
// cubes agree on every face and no ambiguous case exists (Payne and Toga, IEEE CG&A 10(6):33, 1990). A vertex lies between the centre of
// a voxel inside and one outside, at the same fraction of the way everywhere; the fraction is chosen so that the volume is right, which
// midpoints miss by far for a few voxels (a single one would have an eighth of four). Triangles of one tetrahedron never leave it, so
// that surfaces do not cross whatever the fraction is.
import { type Vec3, type VoxelGrid, add, cross, dot, patientFromVoxel, scale, subtract } from "#core/space";
import { type RunMask, forEachRun } from "./mask.ts";

export interface ClosedSurface {
  /** Patient mm (LPS), three numbers a vertex. */
  readonly vertices: Float64Array;
  /** Vertex numbers, three a triangle, counter-clockwise seen from outside. */
  readonly triangles: Uint32Array;
  readonly volumeMm3: number;
}

type Corner = readonly [number, number, number];

/** The six tetrahedra of a cube, each along a path from (0,0,0) to (1,1,1) that takes the three axes in another order. */
const TETRAHEDRA: readonly (readonly Corner[])[] = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
].map((axes) => {
  const corner: [number, number, number] = [0, 0, 0];
  return [
    [0, 0, 0] as const,
    ...axes.map((axis): Corner => {
      corner[axis] = 1;
      return [corner[0], corner[1], corner[2]];
    }),
  ];
});

/** A vertex: between a corner inside and a corner outside, by their places in the tetrahedron. */
type Crossing = readonly [held: number, free: number];

/** For each tetrahedron and each of its sixteen patterns (bit n: corner n is inside) the triangles, three crossings each, normal outwards. */
const CASES: readonly (readonly (readonly Crossing[])[])[] = TETRAHEDRA.map((corners) =>
  Array.from({ length: 16 }, (_, pattern) => trianglesOf(corners, pattern)),
);

function trianglesOf(corners: readonly Corner[], pattern: number): readonly Crossing[] {
  const held = [0, 1, 2, 3].filter((n) => (pattern >> n) & 1);
  const free = [0, 1, 2, 3].filter((n) => !((pattern >> n) & 1));
  const flat: Crossing[] =
    held.length === 2
      ? [
          [held[0], free[0]],
          [held[0], free[1]],
          [held[1], free[1]],
          [held[0], free[0]],
          [held[1], free[1]],
          [held[1], free[0]],
        ]
      : held.length === 0 || free.length === 0
        ? []
        : held.flatMap((h) => free.map((f): Crossing => [h, f]));
  const middle = ([h, f]: Crossing): Vec3 => add(corners[h], corners[f]);
  const mean = (of: readonly number[]): Vec3 =>
    scale(
      of.map((n): Vec3 => corners[n]).reduce((sum, corner) => add(sum, corner), [0, 0, 0]),
      1 / of.length,
    );
  const outwards = subtract(mean(free), mean(held));
  const turned: Crossing[] = [];
  for (let n = 0; n < flat.length; n += 3) {
    const [a, b, c] = flat.slice(n, n + 3);
    const normal = cross(subtract(middle(b), middle(a)), subtract(middle(c), middle(a)));
    turned.push(a, ...(dot(normal, outwards) > 0 ? [b, c] : [c, b]));
  }
  return turned;
}

/**
 * `volumeMm3` is met to rounding wherever the surface can enclose it: always, for the volume of the mask's voxels. An empty mask has an
 * empty surface. Memory and time follow the mask's bounding box.
 */
export function closedSurface(mask: RunMask, grid: VoxelGrid, volumeMm3: number): ClosedSurface {
  const { ends, triangles } = topology(mask);
  const at = (fraction: number): Float64Array => {
    const vertices = new Float64Array(ends.length / 2);
    for (let n = 0; n < ends.length / 6; n++) {
      const between = (axis: number) =>
        ends[6 * n + axis] + fraction * (ends[6 * n + 3 + axis] - ends[6 * n + axis]);
      vertices.set(patientFromVoxel(grid, between(0), between(1), between(2)), 3 * n);
    }
    return vertices;
  };
  // Every vertex moves on a straight line, so that the volume is a cubic of the fraction: four samples say all.
  const samples = [0, 1 / 3, 2 / 3, 1].map((fraction) => enclosed(at(fraction), triangles));
  const vertices = at(fractionFor(samples, volumeMm3));
  return { vertices, triangles, volumeMm3: enclosed(vertices, triangles) };
}

/** Where the cubic through the samples at 0, 1/3, 2/3 and 1 has this value; inside (0, 1), so that no triangle collapses. */
function fractionFor([v0, v1, v2, v3]: readonly number[], volumeMm3: number): number {
  const cubic = (x: number) =>
    -4.5 * (x - 1 / 3) * (x - 2 / 3) * (x - 1) * v0 +
    13.5 * x * (x - 2 / 3) * (x - 1) * v1 -
    13.5 * x * (x - 1 / 3) * (x - 1) * v2 +
    4.5 * x * (x - 1 / 3) * (x - 2 / 3) * v3;
  let [low, high] = [0.01, 0.99];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (cubic(middle) < volumeMm3) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Volume inside closed triangles: signed tetrahedra from the first vertex. */
function enclosed(vertices: Float64Array, triangles: Uint32Array): number {
  const [x, y, z] = vertices;
  let six = 0;
  for (let n = 0; n < triangles.length; n += 3) {
    const [a, b, c] = [3 * triangles[n], 3 * triangles[n + 1], 3 * triangles[n + 2]];
    const [ax, ay, az] = [vertices[a] - x, vertices[a + 1] - y, vertices[a + 2] - z];
    const [bx, by, bz] = [vertices[b] - x, vertices[b + 1] - y, vertices[b + 2] - z];
    const [cx, cy, cz] = [vertices[c] - x, vertices[c + 1] - y, vertices[c + 2] - z];
    six += ax * (by * cz - bz * cy) + ay * (bz * cx - bx * cz) + az * (bx * cy - by * cx);
  }
  return six / 6;
}

/** For each vertex the voxel inside and the voxel outside that it lies between (i, j, k each), and the triangles in index space. */
function topology(mask: RunMask): { readonly ends: Int32Array; readonly triangles: Uint32Array } {
  const box = boxOf(mask);
  const [ni, nj] = [box.high[0] - box.low[0] + 3, box.high[1] - box.low[1] + 3];
  const nk = box.high[2] - box.low[2] + 3;
  const inside = new Uint8Array(ni * nj * nk);
  forEachRun(mask, (j, k, start, end) => {
    const row = ((k - box.low[2] + 1) * nj + (j - box.low[1] + 1)) * ni - box.low[0] + 1;
    inside.fill(1, row + start, row + end);
  });
  const ends: number[] = [];
  const triangles: number[] = [];
  const known = new Map<number, number>();
  const place = (index: number) => {
    ends.push(
      (index % ni) + box.low[0] - 1,
      (Math.floor(index / ni) % nj) + box.low[1] - 1,
      Math.floor(index / (ni * nj)) + box.low[2] - 1,
    );
  };
  const slice = ni * nj;
  const offsetOf = ([i, j, k]: Corner): number => k * slice + j * ni + i;
  const offsets = TETRAHEDRA.map((corners) => corners.map(offsetOf));
  /** The edges that leave a corner upwards, by how far they lead. */
  const edges = new Map(
    [1, ni, ni + 1, slice, slice + 1, slice + ni, slice + ni + 1].map((far, n) => [far, n]),
  );
  const vertex = (held: number, free: number): number => {
    const key = 7 * Math.min(held, free) + (edges.get(Math.abs(held - free)) ?? 0);
    const old = known.get(key);
    if (old !== undefined) return old;
    place(held);
    place(free);
    known.set(key, known.size);
    return known.size - 1;
  };
  const cube = slice + ni + 1;
  for (let at = 0; at + cube < inside.length; at++) {
    if (at % ni === ni - 1 || Math.floor(at / ni) % nj === nj - 1 || uniform(inside, at, ni, nj)) continue;
    offsets.forEach((corners, n) => {
      const pattern = corners.reduce((bits, offset, corner) => bits | (inside[at + offset] << corner), 0);
      for (const [held, free] of CASES[n][pattern])
        triangles.push(vertex(at + corners[held], at + corners[free]));
    });
  }
  return { ends: Int32Array.from(ends), triangles: Uint32Array.from(triangles) };
}

/** Whether the eight corners of the cube at `at` are all inside or all outside. */
function uniform(inside: Uint8Array, at: number, ni: number, nj: number): boolean {
  const slice = ni * nj;
  const sum =
    inside[at] +
    inside[at + 1] +
    inside[at + ni] +
    inside[at + ni + 1] +
    inside[at + slice] +
    inside[at + slice + 1] +
    inside[at + slice + ni] +
    inside[at + slice + ni + 1];
  return sum === 0 || sum === 8;
}

function boxOf(mask: RunMask): { readonly low: Vec3; readonly high: Vec3 } {
  const low: [number, number, number] = [mask.columns, mask.rows, mask.slices];
  const high: [number, number, number] = [-1, -1, -1];
  forEachRun(mask, (j, k, start, end) => {
    low[0] = Math.min(low[0], start);
    low[1] = Math.min(low[1], j);
    low[2] = Math.min(low[2], k);
    high[0] = Math.max(high[0], end - 1);
    high[1] = Math.max(high[1], j);
    high[2] = Math.max(high[2], k);
  });
  return high[0] < 0 ? { low: [0, 0, 0], high: [-1, -1, -1] } : { low, high };
}
