// A ball of a radius in mm on an anisotropic grid, as rows: for each neighbouring row, how far it reaches to both sides.
import type { Vec3 } from "#core/space";

export interface BallRow {
  readonly dj: number;
  readonly dk: number;
  /** Voxels to each side of the middle column. */
  readonly halfWidth: number;
}

/** Lets a centre at exactly the radius count although 3 x 0.7 is not quite 2.1 in binary. */
const tolerance = 1e-9;

/** Whether an offset of whole voxels is within the radius (centre to centre). */
export function isInBall(spacing: Vec3, radiusMm: number, di: number, dj: number, dk: number): boolean {
  const square = (di * spacing[0]) ** 2 + (dj * spacing[1]) ** 2 + (dk * spacing[2]) ** 2;
  return square <= radiusMm * radiusMm * (1 + tolerance);
}

/** Whole voxels along i, j, k that the ball reaches. */
export function ballReach(spacing: Vec3, radiusMm: number): Vec3 {
  const along = (axis: number) => Math.floor((radiusMm * (1 + tolerance)) / spacing[axis]);
  return [along(0), along(1), along(2)];
}

/** All rows of the ball, by dk, then dj. Never empty for a radius of 0 or more: the middle voxel is in it. */
export function ballRows(spacing: Vec3, radiusMm: number): BallRow[] {
  const [ri, rj, rk] = ballReach(spacing, radiusMm);
  const rows: BallRow[] = [];
  for (let z = 0; z <= 2 * rk; z++) {
    for (let y = 0; y <= 2 * rj; y++) {
      const dj = y - rj;
      const dk = z - rk;
      if (!isInBall(spacing, radiusMm, 0, dj, dk)) continue;
      let halfWidth = ri;
      while (!isInBall(spacing, radiusMm, halfWidth, dj, dk)) halfWidth--;
      rows.push({ dj, dk, halfWidth });
    }
  }
  return rows;
}
