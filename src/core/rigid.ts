// Rigid motions of patient space: how one scan of a patient is brought over another. Pure.
import type { Vec3 } from "./space.ts";
import { add } from "./space.ts";

/** q = R p + t in mm (LPS): `rotation` is R row by row. */
export interface Rigid {
  readonly rotation: readonly [number, number, number, number, number, number, number, number, number];
  readonly translationMm: Vec3;
}

export const shiftedBy = (translationMm: Vec3): Rigid => ({
  rotation: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  translationMm,
});

export const rotated = ({ rotation: r }: Pick<Rigid, "rotation">, p: Vec3): Vec3 => [
  r[0] * p[0] + r[1] * p[1] + r[2] * p[2],
  r[3] * p[0] + r[4] * p[1] + r[5] * p[2],
  r[6] * p[0] + r[7] * p[1] + r[8] * p[2],
];

export const moved = (rigid: Rigid, p: Vec3): Vec3 => add(rotated(rigid, p), rigid.translationMm);
