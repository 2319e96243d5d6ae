// Signed distances in mm (negative inside) and the few ways to combine them; patient space unless said otherwise.
import type { Vec3 } from "#core/space";

/** Signed distance in mm of a patient point; need not be exact away from the surface, but must not grow faster than about 1.5 per mm. */
export type Distance = (x: number, y: number, z: number) => number;

export interface Box {
  readonly min: Vec3;
  readonly max: Vec3;
}

/** A solid: its distance, and a box that holds all of it. */
export interface Solid {
  readonly distance: Distance;
  readonly box: Box;
}

export const clamp = (value: number, low: number, high: number): number =>
  value < low ? low : value > high ? high : value;

export function smoothMin(a: number, b: number, k: number): number {
  const h = k - Math.abs(a - b);
  return (a < b ? a : b) - (h > 0 ? (h * h) / (4 * k) : 0);
}

export function smoothMax(a: number, b: number, k: number): number {
  const h = k - Math.abs(a - b);
  return (a > b ? a : b) + (h > 0 ? (h * h) / (4 * k) : 0);
}

/** Distance to an ellipse or ellipsoid (third axis optional) about the origin, close to exact near its surface. */
export function ellipsoid(x: number, y: number, z: number, a: number, b: number, c: number): number {
  const k0 = Math.sqrt((x * x) / (a * a) + (y * y) / (b * b) + (z * z) / (c * c));
  const k1 = Math.sqrt((x * x) / (a * a * a * a) + (y * y) / (b * b * b * b) + (z * z) / (c * c * c * c));
  return k1 < 1e-9 ? -Math.min(a, b, c) : (k0 * (k0 - 1)) / k1;
}

export function ellipse(x: number, y: number, a: number, b: number): number {
  const k0 = Math.sqrt((x * x) / (a * a) + (y * y) / (b * b));
  const k1 = Math.sqrt((x * x) / (a * a * a * a) + (y * y) / (b * b * b * b));
  return k1 < 1e-9 ? -Math.min(a, b) : (k0 * (k0 - 1)) / k1;
}

/** Distance to a capsule whose radius runs linearly from ra at a to rb at b. */
export function capsule(x: number, y: number, z: number, a: Vec3, b: Vec3, ra: number, rb: number): number {
  const dx = b[0] - a[0];
  const dy = b[1] - a[1];
  const dz = b[2] - a[2];
  const px = x - a[0];
  const py = y - a[1];
  const pz = z - a[2];
  const t = clamp((px * dx + py * dy + pz * dz) / (dx * dx + dy * dy + dz * dz + 1e-12), 0, 1);
  const ex = px - t * dx;
  const ey = py - t * dy;
  const ez = pz - t * dz;
  return Math.sqrt(ex * ex + ey * ey + ez * ez) - (ra + t * (rb - ra));
}

/** The same in a plane: a to b, with radii ra and rb. */
export function flatCapsule(
  x: number,
  y: number,
  ax: number,
  ay: number,
  bx: number,
  by: number,
  ra: number,
  rb: number,
): number {
  const dx = bx - ax;
  const dy = by - ay;
  const t = clamp(((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy + 1e-12), 0, 1);
  const ex = x - ax - t * dx;
  const ey = y - ay - t * dy;
  return Math.sqrt(ex * ex + ey * ey) - (ra + t * (rb - ra));
}

export interface TubePoint {
  readonly at: Vec3;
  readonly radiusMm: number;
}

/** A tube through points, with a radius at each. */
export function tube(points: readonly TubePoint[]): Solid {
  // start, step, 1 / squared length, radius, radius step of each piece
  const width = 9;
  const pieces = new Float64Array((points.length - 1) * width);
  for (let n = 0; n < points.length - 1; n++) {
    const { at: a, radiusMm: ra } = points[n];
    const { at: b, radiusMm: rb } = points[n + 1];
    const step = [b[0] - a[0], b[1] - a[1], b[2] - a[2]];
    const squared = step[0] ** 2 + step[1] ** 2 + step[2] ** 2 + 1e-12;
    pieces.set([...a, ...step, 1 / squared, ra, rb - ra], n * width);
  }
  return {
    distance: (x, y, z) => {
      let d = 1e9;
      for (let n = 0; n < pieces.length; n += width) {
        const dx = pieces[n + 3];
        const dy = pieces[n + 4];
        const dz = pieces[n + 5];
        const px = x - pieces[n];
        const py = y - pieces[n + 1];
        const pz = z - pieces[n + 2];
        let t = (px * dx + py * dy + pz * dz) * pieces[n + 6];
        t = t < 0 ? 0 : t > 1 ? 1 : t;
        const ex = px - t * dx;
        const ey = py - t * dy;
        const ez = pz - t * dz;
        const here = Math.sqrt(ex * ex + ey * ey + ez * ez) - pieces[n + 7] - t * pieces[n + 8];
        if (here < d) d = here;
      }
      return d;
    },
    box: boxOf(points),
  };
}

function boxOf(points: readonly TubePoint[]): Box {
  const edge = (axis: 0 | 1 | 2, sign: number) =>
    sign * Math.max(...points.map((p) => sign * p.at[axis] + p.radiusMm));
  return { min: [edge(0, -1), edge(1, -1), edge(2, -1)], max: [edge(0, 1), edge(1, 1), edge(2, 1)] };
}

export const grownBox = (box: Box, mm: number): Box => ({
  min: [box.min[0] - mm, box.min[1] - mm, box.min[2] - mm],
  max: [box.max[0] + mm, box.max[1] + mm, box.max[2] + mm],
});

export function unionBox(boxes: readonly Box[]): Box {
  const low = (axis: 0 | 1 | 2) => Math.min(...boxes.map((b) => b.min[axis]));
  const high = (axis: 0 | 1 | 2) => Math.max(...boxes.map((b) => b.max[axis]));
  return { min: [low(0), low(1), low(2)], max: [high(0), high(1), high(2)] };
}

/** Several solids as one; each is asked only near its box. */
export function union(solids: readonly Solid[]): Solid {
  const reach = solids.map((s) => grownBox(s.box, 2.5));
  return {
    distance: (x, y, z) => {
      let d = 2;
      for (let n = 0; n < solids.length; n++) {
        const { min, max } = reach[n];
        if (x < min[0] || x > max[0] || y < min[1] || y > max[1] || z < min[2] || z > max[2]) continue;
        const here = solids[n].distance(x, y, z);
        if (here < d) d = here;
      }
      return d;
    },
    box: unionBox(solids.map((s) => s.box)),
  };
}

/** A piecewise linear function through (at, value) pairs that ascend in `at`; constant beyond the ends. Tabulated, as it is asked often. */
export function profile(...knots: readonly (readonly [number, number])[]): (at: number) => number {
  const first = knots[0][0];
  const last = knots[knots.length - 1][0];
  const perMm = 8;
  const count = Math.ceil((last - first) * perMm) + 2;
  const table = new Float64Array(count);
  let segment = 0;
  for (let n = 0; n < count; n++) {
    const at = Math.min(last, first + n / perMm);
    while (segment < knots.length - 2 && at > knots[segment + 1][0]) segment++;
    const [a, va] = knots[segment];
    const [b, vb] = knots[segment + 1];
    table[n] = va + ((at - a) / (b - a)) * (vb - va);
  }
  return (at) => {
    const place = at <= first ? 0 : at >= last ? (last - first) * perMm : (at - first) * perMm;
    const n = place | 0;
    return table[n] + (place - n) * (table[n + 1] - table[n]);
  };
}
