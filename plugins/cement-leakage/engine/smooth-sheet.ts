// A smooth sheet through scattered heights, and the outline of where it is known: end plates, joints.
/** Height h (mm) at (u, w). */
export type Sample = readonly [u: number, w: number, h: number];
/** Height of the sheet at (u, w), mm. */
export type Quadratic = (u: number, w: number) => number;

/** Least-squares quadratic through the samples, those farther than 2.5 mm off let go. Null with fewer than 25. */
export function fitSurface(samples: readonly Sample[]): { at: Quadratic; kept: readonly Sample[] } | null {
  let kept = samples;
  let at: Quadratic = () => 0;
  for (const limit of [5, 3.5, 2.5]) {
    if (kept.length < 25) return null;
    const solved = solve(kept);
    if (!solved) return null;
    at = solved;
    kept = samples.filter(([u, w, h]) => Math.abs(h - solved(u, w)) < limit);
  }
  return kept.length < 25 ? null : { at, kept };
}

function solve(samples: readonly Sample[]): Quadratic | null {
  const terms = (u: number, w: number) => [1, u / 20, w / 20, (u / 20) ** 2, (u * w) / 400, (w / 20) ** 2];
  const m = Array.from({ length: 6 }, () => new Float64Array(7));
  for (const [u, w, h] of samples) {
    const t = terms(u, w);
    for (let a = 0; a < 6; a++) {
      for (let b = 0; b < 6; b++) m[a][b] += t[a] * t[b];
      m[a][6] += t[a] * h;
    }
  }
  // a little weight keeps what is not determined flat
  for (let a = 3; a < 6; a++) m[a][a] += 1;
  for (let a = 0; a < 6; a++) {
    let pivot = a;
    for (let b = a + 1; b < 6; b++) if (Math.abs(m[b][a]) > Math.abs(m[pivot][a])) pivot = b;
    [m[a], m[pivot]] = [m[pivot], m[a]];
    if (Math.abs(m[a][a]) < 1e-9) return null;
    for (let b = 0; b < 6; b++) {
      if (b === a) continue;
      const f = m[b][a] / m[a][a];
      for (let c = a; c < 7; c++) m[b][c] -= f * m[a][c];
    }
  }
  const x = m.map((row, a) => row[6] / row[a]);
  return (u, w) => terms(u, w).reduce((sum, t, n) => sum + t * x[n], 0);
}

export type Corner = readonly [number, number];

export function convexHull(samples: readonly Sample[]): Corner[] {
  const points = samples.map(([u, w]): Corner => [u, w]).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const half = (list: readonly Corner[]) => {
    const hull: Corner[] = [];
    for (const p of list) {
      while (hull.length > 1 && turn(hull[hull.length - 2], hull[hull.length - 1], p) <= 0) hull.pop();
      hull.push(p);
    }
    return hull.slice(0, -1);
  };
  return [...half(points), ...half(points.slice().reverse())];
}

const turn = (a: Corner, b: Corner, c: Corner): number =>
  (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);

/** mm from a point inside a convex outline to its edge; negative outside. */
export const edgeMm = (hull: readonly Corner[], u: number, w: number): number =>
  Math.min(
    ...hull.map((a, n) => {
      const b = hull[(n + 1) % hull.length];
      return turn(a, b, [u, w]) / Math.max(1e-6, Math.hypot(b[0] - a[0], b[1] - a[1]));
    }),
  );
