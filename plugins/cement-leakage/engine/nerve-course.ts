// Where the pelvic surface of the sacrum lies, and where the L5 root and the lumbosacral trunk are expected: an estimate, never an all-clear.
import type { Vec3 } from "#core/space";
import { add, distance, dot, scale, subtract } from "#core/space";
import type { Landmarks } from "./landmarks.ts";

/** The line is known to about this many mm: adult means hung on the patient's own bone. */
export const NERVE_COURSE_MM = 10;

/** From here on a note says that contact is not excluded. */
export const NEAR_NERVE_MM = 15;

export interface NerveCourse {
  readonly side: "left" | "right";
  /** Patient points from the L5/S1 foramen over the front of the ala. */
  readonly l5Root: readonly Vec3[];
  /** Patient points from the ala over the sacroiliac joint to the greater sciatic notch. */
  readonly trunk: readonly Vec3[];
}

export interface PelvicSurface {
  /** Patient points about 3 mm apart on the front of the sacrum. */
  readonly points: readonly Vec3[];
  readonly courses: readonly NerveCourse[];
}

/** mm beside the midline, mm below the upper end of S1: the root leaves the foramen, crosses the ala and joins the trunk (adult means). */
const L5_ROOT = [
  [18, -6],
  [27, 6],
  [35, 16],
] as const;
const TRUNK = [
  [31, 11],
  [41, 27],
  [48, 44],
  [52, 58],
] as const;
const NERVE_OFF_BONE_MM = 2;
const REACH_FRONT_MM = 48;
const LOWEST_MM = 100;

/** Null where canal or the upper end of S1 are not in view: then nothing is said. */
export function pelvicSurface(landmarks: Landmarks): PelvicSurface | null {
  const top = landmarks.sacrumTopZMm;
  if (!landmarks.canal || top === null) return null;
  const points: Vec3[] = [];
  for (let below = -4; below <= LOWEST_MM; below += 3)
    for (let off = -51; off <= 51; off += 3) {
      const p = frontAt(landmarks, off, top - below);
      if (p) points.push(p);
    }
  const courses = (["left", "right"] as const).flatMap((side): NerveCourse[] => {
    const sign = side === "left" ? 1 : -1;
    const line = (way: readonly (readonly [number, number])[]): Vec3[] =>
      alongBone(
        landmarks,
        way.map(([off, below]) => [sign * off, top - below] as const),
      );
    const root = foramenL5(landmarks, sign * L5_ROOT[0][0], top - L5_ROOT[0][1]);
    const l5Root = [...(root ? [root] : []), ...line(L5_ROOT.slice(1))];
    const trunk = line(TRUNK);
    return l5Root.length > 1 && trunk.length > 1 ? [{ side, l5Root, trunk }] : [];
  });
  return points.length > 0 ? { points, courses } : null;
}

const midlineX = ({ midline: { leftward, offsetMm } }: Landmarks, y: number, z: number): number =>
  (offsetMm - leftward[1] * y - leftward[2] * z) / leftward[0];

/** The foremost bone at `off` mm to the left of the midline and height z; null where there is none in the worked-on volume. */
function frontAt(landmarks: Landmarks, off: number, z: number): Vec3 | null {
  const { canal, envelope } = landmarks;
  const middle = canal?.middleAt(z);
  if (!middle) return null;
  for (let y = middle[1] - REACH_FRONT_MM; y < middle[1] + 12; y++) {
    const at = (deeper: number): Vec3 => [midlineX(landmarks, y, z) + off, y + deeper, z];
    if (within(envelope.grid, at(0)) && envelope.surfaceMm(at(0)) < 0 && envelope.surfaceMm(at(3)) < 0)
      return at(0);
  }
  return null;
}

function within(
  { slicePositions: [first], columns, rows, slices, columnSpacingMm }: Landmarks["envelope"]["grid"],
  p: Vec3,
): boolean {
  return [columns, rows, slices].every(
    (count, axis) => p[axis] >= first[axis] && p[axis] <= first[axis] + (count - 1) * columnSpacingMm,
  );
}

function foramenL5(landmarks: Landmarks, off: number, z: number): Vec3 | null {
  const middle = landmarks.canal?.middleAt(z);
  return middle ? [midlineX(landmarks, middle[1], z) + off, middle[1] - 2, z] : null;
}

/** Points just in front of bone; where bone ends (at the notch) the line goes on straight. */
function alongBone(landmarks: Landmarks, way: readonly (readonly [number, number])[]): Vec3[] {
  const line: Vec3[] = [];
  for (const [off, z] of way) {
    const front = frontAt(landmarks, off, z);
    if (front) line.push([front[0], front[1] - NERVE_OFF_BONE_MM, z]);
    else if (line.length > 1) {
      const [before, last] = line.slice(-2);
      line.push(add(last, scale(subtract(last, before), (last[2] - z) / Math.max(1, before[2] - last[2]))));
    }
  }
  return line;
}

/** Smallest distance in mm from points to a line of points; null without a line. */
export function toLineMm(points: readonly Vec3[], line: readonly Vec3[]): number | null {
  if (points.length === 0 || line.length === 0) return null;
  let best = Infinity;
  for (const p of points) {
    best = Math.min(best, distance(p, line[0]));
    for (let n = 1; n < line.length; n++) {
      const along = subtract(line[n], line[n - 1]);
      const t = dot(subtract(p, line[n - 1]), along) / Math.max(1e-9, dot(along, along));
      best = Math.min(best, distance(p, add(line[n - 1], scale(along, Math.max(0, Math.min(1, t))))));
    }
  }
  return best;
}

/** The nearest of both sides; null where neither could be estimated. */
export function toNervesMm(
  points: readonly Vec3[],
  courses: readonly NerveCourse[],
): { readonly l5RootMm: number | null; readonly trunkMm: number | null } {
  const nearest = (line: (course: NerveCourse) => readonly Vec3[]): number | null => {
    const all = courses.map((course) => toLineMm(points, line(course))).filter((mm) => mm !== null);
    return all.length > 0 ? Math.min(...all) : null;
  };
  return { l5RootMm: nearest((course) => course.l5Root), trunkMm: nearest((course) => course.trunk) };
}
