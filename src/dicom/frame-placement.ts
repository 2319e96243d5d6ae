// Where a segmentation frame's pixels lie on the CT grid, by their position in the patient: never by frame order.
import { type Problem, problem } from "#core/problem";
import {
  type Vec3,
  type VoxelGrid,
  add,
  patientFromVoxel,
  distance,
  scale,
  voxelFromPatient,
} from "#core/space";

/** A plane of pixels in the patient: PS3.3 C.7.6.16.2.1, .3 and .4. */
export interface FramePlane {
  /** Centre of the first pixel, LPS mm. */
  readonly position: Vec3;
  /** Unit vectors along increasing column and row number. */
  readonly rowDirection: Vec3;
  readonly columnDirection: Vec3;
  readonly rowSpacingMm: number;
  readonly columnSpacingMm: number;
  readonly rows: number;
  readonly columns: number;
}

/**
 * Whole-number map from frame pixel (c, r) to CT voxel: i = i0 + ic * c + ir * r, j = j0 + jc * c + jr * r, on slice k.
 * Flipped, turned and cropped frames all have one; parts may lie outside the grid.
 */
export interface FramePlacement {
  readonly k: number;
  readonly i0: number;
  readonly ic: number;
  readonly ir: number;
  readonly j0: number;
  readonly jc: number;
  readonly jr: number;
}

/** A pixel centre may lie this far from the voxel centre that it is put on: a tenth of the smallest spacing, at least the rounding of DS. */
const toleranceMm = (grid: VoxelGrid): number =>
  Math.max(0.002, 0.1 * Math.min(grid.columnSpacingMm, grid.rowSpacingMm));

export type PlacementOutcome =
  | { readonly ok: true; readonly placement: FramePlacement }
  | { readonly ok: false; readonly problem: Problem };

/**
 * Places one frame. Problem "seg/other-grid" says which frame, how far its worst corner is off (mm) and where that is:
 * a frame between two slices, with other pixel spacing, or turned out of plane has no voxels of its own.
 */
export function placeFrame(grid: VoxelGrid, plane: FramePlane, frameNumber: number): PlacementOutcome {
  const at = (c: number, r: number): Vec3 =>
    add(
      plane.position,
      add(
        scale(plane.rowDirection, c * plane.columnSpacingMm),
        scale(plane.columnDirection, r * plane.rowSpacingMm),
      ),
    );
  const origin = voxelFromPatient(grid, at(0, 0));
  const k = Math.round(origin[2]);
  const alongColumns = voxelStep(grid, plane.rowDirection, plane.columnSpacingMm);
  const alongRows = voxelStep(grid, plane.columnDirection, plane.rowSpacingMm);
  const placement: FramePlacement = {
    k,
    i0: Math.round(origin[0]),
    j0: Math.round(origin[1]),
    ic: Math.round(alongColumns[0]),
    jc: Math.round(alongColumns[1]),
    ir: Math.round(alongRows[0]),
    jr: Math.round(alongRows[1]),
  };
  const lastC = plane.columns - 1;
  const lastR = plane.rows - 1;
  let worstMm = 0;
  let worstAt: Vec3 = at(0, 0);
  for (const [c, r] of [
    [0, 0],
    [lastC, 0],
    [0, lastR],
    [lastC, lastR],
  ]) {
    const onGrid = patientFromVoxel(
      grid,
      placement.i0 + placement.ic * c + placement.ir * r,
      placement.j0 + placement.jc * c + placement.jr * r,
      k,
    );
    const offMm = distance(onGrid, at(c, r));
    if (offMm > worstMm) {
      worstMm = offMm;
      worstAt = at(c, r);
    }
  }
  // A map that isn't one to one would paint several pixels on one voxel.
  const oneToOne = Math.abs(placement.ic * placement.jr - placement.ir * placement.jc) === 1;
  if (worstMm <= toleranceMm(grid) && (oneToOne || (lastC === 0 && lastR === 0)))
    return { ok: true, placement };
  return {
    ok: false,
    problem: problem("seg/other-grid", {
      frame: frameNumber,
      offMm: Number(worstMm.toFixed(3)),
      xMm: Number(worstAt[0].toFixed(2)),
      yMm: Number(worstAt[1].toFixed(2)),
      zMm: Number(worstAt[2].toFixed(2)),
    }),
  };
}

/** Voxel indices along i and j that one step of `stepMm` along `direction` covers. */
function voxelStep(grid: VoxelGrid, direction: Vec3, stepMm: number): readonly [number, number] {
  const along = (axis: Vec3) => axis[0] * direction[0] + axis[1] * direction[1] + axis[2] * direction[2];
  return [
    (along(grid.rowDirection) * stepMm) / grid.columnSpacingMm,
    (along(grid.columnDirection) * stepMm) / grid.rowSpacingMm,
  ];
}

/** Placement of a frame without a position of its own, pixel for pixel on the CT slice it was derived from (PS3.3 A.51.5.1). */
export const onSlice = (k: number): FramePlacement => ({ k, i0: 0, ic: 1, ir: 0, j0: 0, jc: 0, jr: 1 });
