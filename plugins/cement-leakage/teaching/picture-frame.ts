// Where a picture lies in the patient: its middle, its directions and its side; and back.
import { add, cross, dot, normalize, scale, subtract, type Vec3 } from "#core/space";
import type { PlaneName } from "../exports/best-plane.ts";

/** Square. Directions are unit vectors (LPS) towards the right and the lower edge. */
export interface PictureFrame {
  readonly center: Vec3;
  readonly right: Vec3;
  readonly down: Vec3;
  readonly fieldMm: number;
}

/** As radiologists look at them: from the feet, from the patient's left, from the front. */
const PLANE_AXES: Readonly<Record<PlaneName, Pick<PictureFrame, "right" | "down">>> = {
  axial: { right: [1, 0, 0], down: [0, 1, 0] },
  sagittal: { right: [0, 1, 0], down: [0, 0, -1] },
  coronal: { right: [1, 0, 0], down: [0, 0, -1] },
};

export const planeFrame = (plane: PlaneName, center: Vec3, fieldMm: number): PictureFrame => ({
  ...PLANE_AXES[plane],
  center,
  fieldMm,
});

/** The patient upright, seen from where `toViewer` (unit, horizontal) points. */
export const viewFrame = (toViewer: Vec3, center: Vec3, fieldMm: number): PictureFrame => {
  const down: Vec3 = [0, 0, -1];
  return { right: normalize(cross(toViewer, down)), down, center, fieldMm };
};

/** From fractions of the side, counted from the upper left corner, to patient mm. */
export const patientFromPicture = (
  { center, right, down, fieldMm }: PictureFrame,
  [x, y]: readonly [number, number],
): Vec3 => add(center, add(scale(right, (x - 0.5) * fieldMm), scale(down, (y - 0.5) * fieldMm)));

/** The inverse, for points on the plane; others are projected onto it. */
export const pictureFromPatient = (
  { center, right, down, fieldMm }: PictureFrame,
  at: Vec3,
): readonly [number, number] => {
  const way = subtract(at, center);
  return [dot(way, right) / fieldMm + 0.5, dot(way, down) / fieldMm + 0.5];
};

/** The letter of the patient's side that a direction points to; two where it runs between them ("RA"). */
export function sideLetters(direction: Vec3): string {
  const letters = ["RL", "AP", "FH"] as const;
  return direction
    .map((part, axis) => ({ part, letter: letters[axis][part > 0 ? 1 : 0] }))
    .filter(({ part }) => Math.abs(part) > 0.38)
    .toSorted((a, b) => Math.abs(b.part) - Math.abs(a.part))
    .map(({ letter }) => letter)
    .join("");
}
