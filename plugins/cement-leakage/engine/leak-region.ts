// Dense voxels outside the bone's envelope, or inside the canal: what may be a leak, grouped and cut at the cortex.
import type { Vec3, VoxelGrid } from "#core/space";
import { patientFromVoxel, spacingMm, voxelFromPatient } from "#core/space";
import type { CtVolume } from "#core/volume";
import { sampleField } from "#voxels/resample";
import type { RunMask } from "#voxels/mask";
import { emptyMask, forEachRun, isEmpty, RunBuilder } from "#voxels/mask";
import { dilate } from "#voxels/morphology";
import { difference, intersection, overlapCount, union } from "#voxels/set-operations";
import type { BoneEnvelope } from "./bone-envelope.ts";
import type { Canal } from "./canal.ts";
import { partsOf } from "./cement-mask.ts";
import type { AgainstOtherSide } from "./suspects.ts";

/** Where a part lies beyond bone. */
export type Compartment = "outside" | "canal" | "disc" | "joint";

export interface LeakPart {
  readonly mask: RunMask;
  readonly compartment: Compartment;
  /** Largest distance of a voxel centre beyond the cortex (outside) or beyond the canal's wall (canal), mm. */
  readonly beyondMm: number;
  readonly peakHu: number;
  /** HU at which its border was drawn: half way between its own plateau and soft tissue. */
  readonly borderHu: number;
}

/** Soft tissue that a leak lies in, HU: what cement is brighter than is counted from here. */
export const SOFT_TISSUE_HU = 50;
/** A voxel counts as beyond the cortex only from here on: less is within the border's own error. */
const BEYOND_MM = 0.4;

/** In coarse pixels what lies on the cortex has its voxel centres in it: so much brighter than the other side it is no bone, HU. */
export const ON_CORTEX_EXCESS_HU = 350;
/** Finer pixels than 1 mm place a trace on the right side of the cortex. */
const FINE_PIXEL_MM = 1;

/** How far inside the cortex the voxel centres of a trace that lies on it can be, mm. */
export const centreErrorMm = (pixelMm: number): number => Math.max(0, (pixelMm - FINE_PIXEL_MM) / 2);

/**
 * Finds dense parts beyond bone within the working volume. `leastHu` is the lowest HU that can be a trace of cement, `casts` the cement
 * that is no trace.
 */
export function leakParts(
  volume: CtVolume,
  envelope: BoneEnvelope,
  canal: Canal | null,
  leastHu: number,
  against: AgainstOtherSide | null,
  casts: RunMask,
): LeakPart[] {
  const { grid, hu } = volume;
  const lattice = envelope.grid;
  const low = lattice.slicePositions[0];
  const high: Vec3 = [
    low[0] + (lattice.columns - 1) * lattice.columnSpacingMm,
    low[1] + (lattice.rows - 1) * lattice.columnSpacingMm,
    low[2] + (lattice.slices - 1) * lattice.columnSpacingMm,
  ];
  const corners = [low, high].flatMap((a) =>
    [low, high].flatMap((b) => [low, high].map((c) => voxelFromPatient(grid, [a[0], b[1], c[2]]))),
  );
  const range = (axis: 0 | 1 | 2, count: number): [number, number] => {
    const values = corners.map((p) => p[axis]);
    return [
      Math.max(0, Math.ceil(Math.min(...values))),
      Math.min(count, Math.floor(Math.max(...values)) + 1),
    ];
  };
  const [i0, i1] = range(0, grid.columns);
  const [j0, j1] = range(1, grid.rows);
  const [k0, k1] = range(2, grid.slices);
  const errorMm = centreErrorMm(Math.max(grid.columnSpacingMm, grid.rowSpacingMm));
  const outside = new RunBuilder(grid);
  const onCortex = new RunBuilder(grid);
  const inCanal = new RunBuilder(grid);
  for (let k = k0; k < k1; k++)
    for (let j = j0; j < j1; j++) {
      const row = k * grid.rows + j;
      for (let i = i0; i < i1; i++) {
        if (hu[row * grid.columns + i] < leastHu) continue;
        const p = patientFromVoxel(grid, i, j, k);
        if (canalHas(canal, envelope, p)) {
          // the canal's own wall is as bright on the other side; near the midline there is no other side
          const excess = against?.(p)?.excessHu ?? 1000;
          const middle = canal?.middleAt(p[2]);
          if (excess >= 100 || (middle && Math.abs(p[0] - middle[0]) < 4)) inCanal.add(row, i, i + 1);
          continue;
        }
        const mm = envelope.surfaceMm(p);
        if (mm > BEYOND_MM) outside.add(row, i, i + 1);
        else if (mm > BEYOND_MM - errorMm && (against?.(p)?.excessHu ?? 0) >= ON_CORTEX_EXCESS_HU)
          onCortex.add(row, i, i + 1);
      }
    }
  const beyond = withTraces(grid, outside.finish(), onCortex.finish(), casts);
  return [
    ...refine(volume, envelope, beyond, "outside", leastHu),
    ...refine(volume, envelope, inCanal.finish(), "canal", leastHu),
  ];
}

/** What lies beyond bone, with what lies on the cortex where it is a trace: what touches a cast is the cast's own border. */
function withTraces(grid: VoxelGrid, outside: RunMask, onCortex: RunMask, casts: RunMask): RunMask {
  if (isEmpty(onCortex)) return outside;
  const border = dilate(casts, grid, 1.5 * Math.max(...spacingMm(grid)));
  return partsOf(union(outside, onCortex), grid, 1)
    .map((part) => (overlapCount(part, border) > 0 ? intersection(part, outside) : part))
    .reduce(union, emptyMask(grid));
}

/** Whether a patient point lies in the canal. */
export function canalHas(canal: Canal | null, envelope: BoneEnvelope, p: Vec3): boolean {
  if (!canal) return false;
  const { grid } = envelope;
  const first = grid.slicePositions[0];
  const step = grid.columnSpacingMm;
  const i = Math.round((p[0] - first[0]) / step);
  const j = Math.round((p[1] - first[1]) / step);
  const k = Math.round((p[2] - first[2]) / step);
  if (i < 0 || j < 0 || k < 0 || i >= grid.columns || j >= grid.rows || k >= grid.slices) return false;
  return canal.inside[(k * grid.rows + j) * grid.columns + i] === 1;
}

/** Draws each part's border at its own half maximum; what falls apart by that becomes parts of their own. */
function refine(
  volume: CtVolume,
  envelope: BoneEnvelope,
  mask: RunMask,
  compartment: Compartment,
  leastHu: number,
): LeakPart[] {
  const { grid, hu } = volume;
  return partsOf(mask, grid, 2).flatMap((part) => {
    const { plateauHu, aboveBoneHu } = brightness(volume, part);
    const borderHu = Math.max(leastHu, (plateauHu + SOFT_TISSUE_HU) / 2, aboveBoneHu);
    const bright = new RunBuilder(grid);
    forEachRun(part, (j, k, start, end) => {
      const row = k * grid.rows + j;
      for (let i = start; i < end; i++) if (hu[row * grid.columns + i] >= borderHu) bright.add(row, i, i + 1);
    });
    const kept = bright.finish();
    const dim = plateauHu > 3 * leastHu ? thinTraces(volume, difference(part, kept), kept, leastHu) : [];
    return partsOf(dim.reduce(union, kept), grid, 2).map((own): LeakPart => {
      let beyondMm = 0;
      forEachRun(own, (j, k, start, end) => {
        for (let i = start; i < end; i++) {
          const p = patientFromVoxel(grid, i, j, k);
          beyondMm = Math.max(
            beyondMm,
            compartment === "canal" ? 2 : sampleField(envelope.surface, envelope.grid, p),
          );
        }
      });
      return { mask: own, compartment, beyondMm, peakHu: brightness(volume, own).peakHu, borderHu };
    });
  });
}

/** Dim pieces that are more than the halo of a bright one: half of their voxels lie over 2.5 mm from it. Drawn at their own half maximum. */
function thinTraces(volume: CtVolume, dim: RunMask, bright: RunMask, leastHu: number): RunMask[] {
  const { grid, hu } = volume;
  const near: Vec3[] = [];
  forEachRun(bright, (j, k, start, end) => {
    for (let i = start; i < end; i++) near.push(patientFromVoxel(grid, i, j, k));
  });
  return partsOf(dim, grid, 4).flatMap((piece) => {
    let far = 0;
    let count = 0;
    forEachRun(piece, (j, k, start, end) => {
      for (let i = start; i < end; i++) {
        const p = patientFromVoxel(grid, i, j, k);
        count++;
        if (near.every((q) => Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]) > 2.5)) far++;
      }
    });
    if (far < 0.5 * count) return [];
    const { plateauHu } = brightness(volume, piece);
    const borderHu = Math.max(leastHu, (plateauHu + SOFT_TISSUE_HU) / 2);
    const own = new RunBuilder(grid);
    forEachRun(piece, (j, k, start, end) => {
      const row = k * grid.rows + j;
      for (let i = start; i < end; i++) if (hu[row * grid.columns + i] >= borderHu) own.add(row, i, i + 1);
    });
    return [own.finish()];
  });
}

function brightness(
  { grid, hu }: CtVolume,
  mask: RunMask,
): { plateauHu: number; peakHu: number; aboveBoneHu: number } {
  const values: number[] = [];
  forEachRun(mask, (j, k, start, end) => {
    const base = (k * grid.rows + j) * grid.columns;
    for (let i = start; i < end; i++) values.push(hu[base + i]);
  });
  values.sort((a, b) => a - b);
  if (values.length === 0) return { plateauHu: 0, peakHu: 0, aboveBoneHu: 0 };
  const plateauHu = values[Math.floor(values.length * 0.875)];
  return {
    plateauHu,
    peakHu: values[values.length - 1],
    aboveBoneHu: valleyHu(values.filter((value) => value >= (plateauHu + SOFT_TISSUE_HU) / 2)),
  };
}

const BIN_HU = 125;
/** Cortex: the range of its mode, HU. */
const CORTEX_HU = [500, 1250] as const;

/**
 * Where cortex was taken in with cement, the HU between the two; 0 where there is no sign of it. A blurred piece of cement has about as
 * many voxels at each HU between its border and its plateau; a mode at the HU of cortex that holds two fifths of all voxels, with less
 * than half as many at some HU between it and the plateau, is bone. Takes ascending values.
 */
function valleyHu(values: readonly number[]): number {
  if (values.length < 60) return 0;
  const counts: number[] = Array.from({ length: 40 }, () => 0);
  for (const value of values) counts[Math.max(0, Math.min(39, Math.floor(value / BIN_HU)))]++;
  const near = (bin: number) => ((counts[bin - 1] ?? 0) + counts[bin] + (counts[bin + 1] ?? 0)) / 3;
  const top = Math.floor(values[Math.floor(0.97 * values.length)] / BIN_HU);
  let mode = 0;
  for (let bin = CORTEX_HU[0] / BIN_HU; bin <= CORTEX_HU[1] / BIN_HU && bin < 0.75 * top; bin++)
    if (mode === 0 || near(bin) > near(mode)) mode = bin;
  if (mode === 0 || 3 * near(mode) < 0.4 * values.length) return 0;
  let valley = mode;
  for (let bin = mode + 1; bin < top; bin++) if (near(bin) < near(valley)) valley = bin;
  if (near(valley) > 0.45 * near(mode)) return 0;
  // the first bin that has fallen that far: farther up cement itself thins out
  let cut = mode;
  while (near(cut) > 0.45 * near(mode)) cut++;
  // a thin vein has few voxels near its peak: then the mode is its own blur
  const above = counts.slice(cut).reduce((sum, count) => sum + count, 0);
  return above < 0.26 * values.length ? 0 : cut * BIN_HU;
}
