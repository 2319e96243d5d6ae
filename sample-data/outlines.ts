// Outlines of what lies above a level in one plane, as SVG paths: for drawings that are made from the phantom.

/** Values of one plane, row by row. */
export interface PlaneValues {
  readonly values: ArrayLike<number>;
  readonly columns: number;
  readonly rows: number;
  readonly stepMm: number;
}

type Point = readonly [number, number];

/** Loops around values at or above `level`, in mm from the middle of the first value; what reaches the edge is closed there. */
function loops({ values, columns, rows, stepMm }: PlaneValues, level: number): Point[][] {
  const at = (x: number, y: number): number =>
    x < 0 || y < 0 || x >= columns || y >= rows ? -1e4 : values[y * columns + x];
  const cross = (a: Point, b: Point): Point => {
    const share = (level - at(...a)) / (at(...b) - at(...a));
    return [(a[0] + share * (b[0] - a[0])) * stepMm, (a[1] + share * (b[1] - a[1])) * stepMm];
  };
  const name = (a: Point, b: Point): string => `${a[0]},${a[1]},${b[0]},${b[1]}`;
  /** From the edge of the grid where the line comes in, to where it leaves; the inside lies on its right. */
  const next = new Map<string, { readonly to: string; readonly from: Point }>();
  for (let y = -1; y < rows; y++)
    for (let x = -1; x < columns; x++) {
      const corners: readonly Point[] = [
        [x, y],
        [x + 1, y],
        [x + 1, y + 1],
        [x, y + 1],
      ];
      const inside = corners.map((corner) => at(...corner) >= level);
      const entries: { name: string; at: Point; enters: boolean }[] = [];
      for (let n = 0; n < 4; n++) {
        const [a, b] = [corners[n], corners[(n + 1) % 4]];
        if (inside[n] === inside[(n + 1) % 4]) continue;
        // One name for an edge, whichever cell looks at it.
        const [first, second] = n < 2 ? [a, b] : [b, a];
        entries.push({ name: name(first, second), at: cross(first, second), enters: inside[n] });
      }
      for (const entry of entries.filter(({ enters }) => enters)) {
        const place = entries.indexOf(entry);
        const leave = [...entries.slice(place + 1), ...entries.slice(0, place)].find(({ enters }) => !enters);
        if (leave) next.set(entry.name, { to: leave.name, from: entry.at });
      }
    }
  const found: Point[][] = [];
  while (next.size > 0) {
    const loop: Point[] = [];
    for (let [edge] = next.keys(); edge !== undefined && next.has(edge);) {
      const step = next.get(edge);
      next.delete(edge);
      if (!step) break;
      loop.push(step.from);
      edge = step.to;
    }
    found.push(loop);
  }
  return found;
}

/** Fewer points: none lies further than `mm` from the line that is kept (Douglas and Peucker). */
function simplified(points: readonly Point[], mm: number): readonly Point[] {
  if (points.length < 3) return points;
  const [a, b] = [points[0], points[points.length - 1]];
  const length = Math.hypot(b[0] - a[0], b[1] - a[1]);
  let [worst, off] = [0, 0];
  for (let n = 1; n < points.length - 1; n++) {
    const [x, y] = points[n];
    const away =
      length === 0
        ? Math.hypot(x - a[0], y - a[1])
        : Math.abs((b[0] - a[0]) * (a[1] - y) - (a[0] - x) * (b[1] - a[1])) / length;
    if (away > off) [worst, off] = [n, away];
  }
  return off <= mm
    ? [a, b]
    : [...simplified(points.slice(0, worst + 1), mm).slice(0, -1), ...simplified(points.slice(worst), mm)];
}

const AREA_KEPT_MM2 = 6;
/** Smaller holes are marrow between its beams, larger ones the canal or the marrow as a whole. */
const HOLE_KEPT_MM2 = 90;

/** An SVG path in mm ("M12.5 3l…" in whole tenths), for the even-odd rule; specks are left out. */
export function outlinePath(plane: PlaneValues, level: number, toleranceMm = 0.5): string {
  return loops(plane, level)
    .filter((loop) => {
      const signed = area(loop);
      return signed > 0 ? signed >= AREA_KEPT_MM2 : -signed >= HOLE_KEPT_MM2;
    })
    .map((loop) => {
      const points = simplified([...loop, loop[0]], toleranceMm).slice(0, -1);
      return `M${points.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}Z`;
    })
    .join("")
    .replaceAll(".0", "");
}

/** Positive around an inside, negative around a hole. */
function area(loop: readonly Point[]): number {
  return loop.reduce((sum, [x, y], n) => {
    const [nextX, nextY] = loop[(n + 1) % loop.length];
    return sum + (x * nextY - nextX * y) / 2;
  }, 0);
}
