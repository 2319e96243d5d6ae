// The slow, plain reference that the run-based operations are tested against: dense arrays, nested loops, no cleverness.
import fc from "fast-check";
import type { Vec3, VoxelGrid } from "#core/space";
import type { MaskShape, RunMask } from "#voxels/mask";
import { RunBuilder } from "#voxels/mask";

export type Dense = Uint8Array;

export const denseIndex = (shape: MaskShape, i: number, j: number, k: number): number =>
  (k * shape.rows + j) * shape.columns + i;

export const insideGrid = (shape: MaskShape, i: number, j: number, k: number): boolean =>
  i >= 0 && j >= 0 && k >= 0 && i < shape.columns && j < shape.rows && k < shape.slices;

/** Voxel by voxel, through nothing but the builder. */
export function runsOf(dense: Dense, shape: MaskShape): RunMask {
  const builder = new RunBuilder(shape);
  everyVoxel(shape, (i, j, k, at) => {
    if (dense[at] !== 0) builder.add(k * shape.rows + j, i, i + 1);
  });
  return builder.finish();
}

/** Reads the arrays of a mask by their documented meaning; fails when runs are empty, unsorted, touching or outside. */
export function denseOf(mask: RunMask): Dense {
  const dense = new Uint8Array(mask.columns * mask.rows * mask.slices);
  if (mask.rowStart.length !== mask.rows * mask.slices + 1) throw new Error("rowStart has the wrong length");
  if (mask.rowStart[0] !== 0 || mask.rowStart[mask.rows * mask.slices] !== mask.start.length)
    throw new Error("rowStart ends");
  if (mask.start.length !== mask.end.length) throw new Error("start and end differ in length");
  for (let row = 0; row < mask.rows * mask.slices; row++) {
    let previousEnd = -1;
    for (let n = mask.rowStart[row]; n < mask.rowStart[row + 1]; n++) {
      if (mask.start[n] <= previousEnd) throw new Error("runs touch or are unsorted");
      if (mask.end[n] <= mask.start[n] || mask.end[n] > mask.columns)
        throw new Error("run is empty or outside");
      previousEnd = mask.end[n];
      dense.fill(1, row * mask.columns + mask.start[n], row * mask.columns + mask.end[n]);
    }
  }
  return dense;
}

/** The first voxel in which a mask and a dense array differ, in words; null where they hold the same voxels. */
export function firstDifference(mask: RunMask, expected: Dense): string | null {
  const found = denseOf(mask);
  if (found.length !== expected.length) return `${found.length} voxels, expected ${expected.length}`;
  const at = found.findIndex((value, n) => value !== expected[n]);
  if (at < 0) return null;
  const i = at % mask.columns;
  const j = Math.floor(at / mask.columns) % mask.rows;
  const k = Math.floor(at / (mask.columns * mask.rows));
  return `voxel ${i} ${j} ${k} is ${found[at]}, expected ${expected[at]}`;
}

export function everyVoxel(
  shape: MaskShape,
  visit: (i: number, j: number, k: number, at: number) => void,
): void {
  let at = 0;
  for (let k = 0; k < shape.slices; k++) {
    for (let j = 0; j < shape.rows; j++) for (let i = 0; i < shape.columns; i++) visit(i, j, k, at++);
  }
}

/** Dense result of a rule for each voxel. */
export function denseWhere(
  shape: MaskShape,
  rule: (i: number, j: number, k: number, at: number) => boolean,
): Dense {
  const dense = new Uint8Array(shape.columns * shape.rows * shape.slices);
  everyVoxel(shape, (i, j, k, at) => {
    dense[at] = rule(i, j, k, at) ? 1 : 0;
  });
  return dense;
}

export const shapes = (most = 14): fc.Arbitrary<MaskShape> =>
  fc.record({
    columns: fc.integer({ min: 1, max: most }),
    rows: fc.integer({ min: 1, max: most }),
    slices: fc.integer({ min: 1, max: most }),
  });

/** A pure stream of numbers in [0, 1) for filling arrays from one seed (mulberry32). */
export function numbersFrom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export interface DenseCase {
  readonly shape: MaskShape;
  readonly dense: Dense;
}

/** Random fills from empty to full, in noise and in blobs, all of which reach the edges of small grids often. */
export const denseMasks = (shape: MaskShape): fc.Arbitrary<Dense> =>
  fc
    .record({
      seed: fc.integer(),
      share: fc.constantFrom(0, 0.03, 0.2, 0.5, 0.8, 0.97, 1),
      blobs: fc.nat({ max: 3 }),
    })
    .map(({ seed, share, blobs }) => {
      const next = numbersFrom(seed);
      if (blobs === 0) return denseWhere(shape, () => next() < share);
      const balls = Array.from({ length: blobs }, () => ({
        i: next() * shape.columns,
        j: next() * shape.rows,
        k: next() * shape.slices,
        r: 0.5 + (next() * Math.max(shape.columns, shape.rows, shape.slices)) / 2,
        hollow: next() < 0.4,
      }));
      return denseWhere(shape, (i, j, k) =>
        balls.some((b) => {
          const d = Math.hypot(i - b.i, j - b.j, k - b.k);
          return d <= b.r && !(b.hollow && d < b.r - 1.8);
        }),
      );
    });

export const denseCases = (most = 14): fc.Arbitrary<DenseCase> =>
  shapes(most).chain((shape) => denseMasks(shape).map((dense) => ({ shape, dense })));

export const densePairs = (most = 14): fc.Arbitrary<{ shape: MaskShape; a: Dense; b: Dense }> =>
  shapes(most).chain((shape) =>
    fc.record({ shape: fc.constant(shape), a: denseMasks(shape), b: denseMasks(shape) }),
  );

/** Boxes that may lie partly or wholly outside the grid, and may be empty. */
export const boxesNear = (shape: MaskShape) =>
  fc
    .record({
      i: fc.tuple(
        fc.integer({ min: -3, max: shape.columns + 3 }),
        fc.integer({ min: -3, max: shape.columns + 3 }),
      ),
      j: fc.tuple(fc.integer({ min: -3, max: shape.rows + 3 }), fc.integer({ min: -3, max: shape.rows + 3 })),
      k: fc.tuple(
        fc.integer({ min: -3, max: shape.slices + 3 }),
        fc.integer({ min: -3, max: shape.slices + 3 }),
      ),
    })
    .map(({ i, j, k }) => ({
      i0: Math.min(...i),
      i1: Math.max(...i),
      j0: Math.min(...j),
      j1: Math.max(...j),
      k0: Math.min(...k),
      k1: Math.max(...k),
    }));

const spacings = fc.constantFrom(0.35, 0.5, 0.7, 1, 1.25, 2, 3);

/** Regular upright grids with unequal spacing. */
export const regularGrid = (shape: MaskShape, spacing: Vec3): VoxelGrid => ({
  ...shape,
  columnSpacingMm: spacing[0],
  rowSpacingMm: spacing[1],
  rowDirection: [1, 0, 0],
  columnDirection: [0, 1, 0],
  slicePositions: Array.from({ length: shape.slices }, (_, k) => [-40, 25, -100 + k * spacing[2]] as const),
});

export const regularGrids = (shape: MaskShape): fc.Arbitrary<VoxelGrid> =>
  fc.tuple(spacings, spacings, spacings).map((spacing) => regularGrid(shape, spacing));

/** Any acquired grid: turned about the patient, slices uneven, and sheared as by a tilted gantry. */
export const acquiredGrids = (shape: MaskShape): fc.Arbitrary<VoxelGrid> =>
  fc
    .record({
      spacing: fc.tuple(spacings, spacings, spacings),
      seed: fc.integer(),
      turn: fc.constantFrom(0, 0.2, Math.PI / 2, Math.PI, 2.5),
      tilt: fc.constantFrom(0, 0.3, -0.4),
      uneven: fc.boolean(),
    })
    .map(({ spacing, seed, turn, tilt, uneven }) => {
      const next = numbersFrom(seed);
      const row: Vec3 = [Math.cos(turn), Math.sin(turn), 0];
      const column: Vec3 = [-Math.sin(turn) * Math.cos(0.3), Math.cos(turn) * Math.cos(0.3), Math.sin(0.3)];
      const normal: Vec3 = [
        row[1] * column[2] - row[2] * column[1],
        row[2] * column[0] - row[0] * column[2],
        row[0] * column[1] - row[1] * column[0],
      ];
      let depth = -50;
      const slicePositions = Array.from({ length: shape.slices }, (): Vec3 => {
        depth += spacing[2] * (uneven ? 0.5 + next() : 1);
        const shear = tilt * depth;
        return [
          depth * normal[0] + shear * column[0] + 12,
          depth * normal[1] + shear * column[1] - 7,
          depth * normal[2] + shear * column[2],
        ];
      });
      return {
        ...shape,
        columnSpacingMm: spacing[0],
        rowSpacingMm: spacing[1],
        rowDirection: row,
        columnDirection: column,
        slicePositions,
      };
    });

/** HU of a made-up scan: noise with dense clumps, whole Int16 range when asked for. */
export function huVolume(shape: MaskShape, seed: number, fullRange: boolean): Int16Array {
  const next = numbersFrom(seed);
  return Int16Array.from({ length: shape.columns * shape.rows * shape.slices }, () =>
    fullRange ? Math.floor(next() * 65536) - 32768 : Math.floor(next() ** 4 * 4100) - 1024,
  );
}
